"""The row of a draw, column by column, from its files, its leaves and the entries of the audit log."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any  # values of any column

from sampling.bundle import Bundle
from sampling.records import Record
from sampling.rules import Rules
from sampling.strata import allocate
from sampling.tables import Excluded, Frame, RosterLine
from sampling.teams import agents_of
from supervision.audit.events import Event
from supervision.draws.checking.audit_part import AuditFacts, Noted
from supervision.draws.checking.findings import Bad, changed
from supervision.draws.checking.log_part import Leaf, LogFacts
from supervision.draws.checking.rows import Row, compare, table_of
from supervision.draws.models import Draw
from supervision.draws.rules import DrawState, LogEvent

TABLE = table_of(Draw)
STATES = {
    LogEvent.FROZEN: DrawState.FROZEN,
    LogEvent.COMMITTED: DrawState.COMMITTED,
    LogEvent.DRAWN: DrawState.DRAWN,
    LogEvent.OPENED: DrawState.OPENED,
    LogEvent.VOID: DrawState.VOID,
    LogEvent.ABANDONED: DrawState.ABANDONED,
}
MOMENTS = {
    "frozen_at": LogEvent.FROZEN,
    "drawn_at": LogEvent.DRAWN,
    "opened_at": LogEvent.OPENED,
}


@dataclass(frozen=True, slots=True)
class Tables:
    """What the frozen files of a draw say."""

    frame: Frame
    excluded: Excluded
    roster: tuple[RosterLine, ...]
    rules: Rules


def check_draw(
    row: Row,
    *,
    log: LogFacts,
    audit: AuditFacts,
    tables: Tables | None,
    bundle: Bundle | None,
    record: Record | None,
    names: Mapping[str, Mapping[int, str]],
) -> Iterator[Bad]:
    """Yield every column of the draw's row that its evidence contradicts. ``names``: numbers of draws and tasks."""
    number = str(row["number"])
    yield from _check_identity(row, number, log=log, audit=audit, names=names)
    yield from _check_course(row, number, log=log)
    if tables is not None:
        evidence = "the frozen files"
        yield from compare(TABLE, number, row, _from_files(tables), evidence=evidence)
    if bundle is not None:
        committed = datetime.fromisoformat(bundle.commitment.committed_at)
        yield from compare(TABLE, number, row, {"committed_at": committed}, evidence="commitment.json")
    elif row["committed_at"] is not None and log.last(number, LogEvent.COMMITTED) is None:
        yield changed(TABLE.name, number, "committed_at", "draw log")
    drawn: dict[str, Any] = {"team_count": None, "unfilled_counts": {}}
    if record is not None:
        drawn = {"team_count": len(record.teams), "unfilled_counts": _unfilled(record)}
    if record is not None or log.last(number, LogEvent.DRAWN) is None:
        yield from compare(TABLE, number, row, drawn, evidence="record.json")
    yield from _check_end(row, number, log=log, audit=audit)


def _check_identity(
    row: Row, number: str, *, log: LogFacts, audit: AuditFacts, names: Mapping[str, Mapping[int, str]]
) -> Iterator[Bad]:
    frozen = log.last(number, LogEvent.FROZEN)
    if frozen is None:
        yield changed(TABLE.name, number, "number", "draw log")
        return
    parent = str(frozen.said.get("parent", "")) or None
    yield from compare(TABLE, number, row, {"beacon_rule": frozen.said.get("rule", "")}, evidence=frozen.evidence)
    if names["draws"].get(row["parent_id"]) != parent:
        yield changed(TABLE.name, number, "parent_id", frozen.evidence)
    for step in audit.of(Event.DRAW_FROZEN, number):
        if names["tasks"].get(row["task_id"]) != step.details.get("task"):
            yield changed(TABLE.name, number, "task_id", step.evidence)
        if row["frozen_by"] != step.actor_id:
            yield changed(TABLE.name, number, "frozen_by", step.evidence)


def _check_course(row: Row, number: str, *, log: LogFacts) -> Iterator[Bad]:
    """Check state, digests and moments against the leaves."""
    newest = log.last(number, *STATES)
    if newest is not None:
        state = STATES[LogEvent(newest.event)].value
        yield from compare(TABLE, number, row, {"state": state}, evidence=newest.evidence)
    digests = (
        ("frozen_digest", LogEvent.FROZEN),
        ("commitment_digest", LogEvent.COMMITTED),
        ("record_digest", LogEvent.DRAWN),
    )
    for column, event in digests:
        leaf = log.last(number, event)
        said = leaf.said.get("digest") if leaf else None
        yield from compare(TABLE, number, row, {column: said}, evidence=leaf.evidence if leaf else "draw log")
    for column, event in MOMENTS.items():
        yield from _check_moment(row, number, column, log.last(number, event))
    yield from _check_moment(row, number, "ended_at", log.last(number, LogEvent.VOID, LogEvent.ABANDONED))


def _check_moment(row: Row, number: str, column: str, leaf: Leaf | None) -> Iterator[Bad]:
    """A moment is that of its leaf; the log counts whole seconds."""
    found = row[column]
    cut = found.replace(microsecond=0) if isinstance(found, datetime) else found
    if cut != (leaf.at if leaf else None):
        yield changed(TABLE.name, number, column, leaf.evidence if leaf else "draw log")


def _check_end(row: Row, number: str, *, log: LogFacts, audit: AuditFacts) -> Iterator[Bad]:
    leaf = log.last(number, LogEvent.VOID, LogEvent.ABANDONED)
    reason = "" if leaf is None else str(leaf.said.get("reason"))
    yield from compare(TABLE, number, row, {"end_reason": reason}, evidence=leaf.evidence if leaf else "draw log")
    ends: list[Noted] = [*audit.of(Event.DRAW_VOIDED, number), *audit.of(Event.DRAW_ABANDONED, number)]
    note, evidence = (ends[-1].reason, ends[-1].evidence) if ends else ("", "audit log")
    yield from compare(TABLE, number, row, {"end_note": note}, evidence=evidence)


def _from_files(tables: Tables) -> dict[str, Any]:
    """Return the columns that repeat what the frozen files say."""
    sizes = tables.frame.sizes()
    counts = allocate(sizes, tables.rules.allocation)
    return {
        "hash_name": tables.rules.hash_name,
        "confidential": tables.rules.confidential,
        "registered": len(tables.frame) + len(tables.excluded),
        "frame_size": len(tables.frame),
        "excluded_counts": dict(sorted(Counter(tables.excluded.reasons).items())),
        "strata": {stratum: [sizes[stratum], n] for stratum, n in counts.items()},
        "roster_sizes": {
            rule.code: [
                sum(line.department == rule.code for line in tables.roster),
                len(agents_of(rule, tables.roster)),
            ]
            for rule in tables.rules.departments
        },
    }


def _unfilled(record: Record) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for row in record.unfilled:
        counts[row.department] += row.missing
    return dict(counts)
