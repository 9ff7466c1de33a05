"""The draw log: each leaf against its hash, its columns, its place and its time, and against the step behind it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any  # leaves are JSON

from sqlalchemy.orm import Session

from sampling.canonical import parse_canonical
from sampling.errors import SamplingError
from sampling.hashing import LOG_HASH
from sampling.merkle import leaf_hash
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.draws.checking.audit_part import AuditFacts, Noted
from supervision.draws.checking.findings import Bad, changed, missing, surplus
from supervision.draws.checking.rows import Row, read, table_of
from supervision.draws.log import NO_DRAW
from supervision.draws.models import LogHead, LogLeaf
from supervision.draws.rules import LogEvent, log_name, moment_text

LEAVES, HEAD = LogLeaf.__tablename__, LogHead.__tablename__
LOG = "draw log"
# the step in the audit log behind each leaf, and which of its details is the leaf's digest
STEPS = {
    Event.DRAW_FROZEN: (LogEvent.FROZEN, "digest"),
    Event.WITNESS_NAMED: (LogEvent.WITNESS_NAMED, ""),
    Event.WITNESS_REMOVED: (LogEvent.WITNESS_REMOVED, ""),
    Event.WITNESS_LINK_MADE: (LogEvent.WITNESS_LINK, ""),
    Event.WITNESS_LINK_MADE: (LogEvent.WITNESS_LINK, ""),
    Event.DRAW_CONTRIBUTED: (LogEvent.CONTRIBUTED, "digest"),
    Event.DRAW_COMMITTED: (LogEvent.COMMITTED, "digest"),
    Event.BEACON_ENTERED: (LogEvent.BEACON, "digest"),
    Event.BEACON_LAPSED: (LogEvent.BEACON, ""),
    Event.DRAW_DRAWN: (LogEvent.DRAWN, "digest"),
    Event.DRAW_OPENED: (LogEvent.OPENED, "digest"),
    Event.DRAW_VOIDED: (LogEvent.VOID, ""),
    Event.DRAW_ABANDONED: (LogEvent.ABANDONED, "digest"),
    Event.UNIT_STRUCK: (LogEvent.STRUCK, "evidence"),
    Event.INSPECTOR_REPLACED: (LogEvent.REPLACED, "evidence"),
}
OF_DRAWS = frozenset(event.value for event, _ in STEPS.values())
_SEALING = {"contributed", "witness_named", "witness_removed", "committed", "void"}
_CHANGING = {"struck", "replaced", "opened", "abandoned"}
# where a draw may go after each kind of leaf
ORDER = {
    "": {"frozen"},
    "frozen": _SEALING,
    "contributed": _SEALING,
    "witness_named": _SEALING,
    "witness_removed": _SEALING,
    "committed": {"beacon", "drawn", "void"},
    "beacon": {"beacon", "drawn", "void"},
    "drawn": _CHANGING,
    "struck": _CHANGING,
    "replaced": _CHANGING,
    "opened": {"struck", "replaced"},
    "void": set[str](),
    "abandoned": set[str](),
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf that can be read, with what it says."""

    index: int
    at: object
    said: Mapping[str, Any]

    @property
    def event(self) -> str:
        """What kind of step it tells of."""
        return str(self.said.get("event", ""))

    @property
    def evidence(self) -> str:
        """How a finding names it."""
        return f"log leaf {self.index}"


@dataclass(slots=True)
class LogFacts:
    """The leaves of each draw by its number, in order."""

    by_draw: dict[str, list[Leaf]] = field(default_factory=dict)
    count: int = 0
    bad: list[Bad] = field(default_factory=list)

    def of(self, number: str) -> list[Leaf]:
        """Return the leaves of one draw."""
        return self.by_draw.get(number, [])

    def last(self, number: str, *events: LogEvent) -> Leaf | None:
        """Return the newest leaf of these kinds about a draw."""
        wanted = {event.value for event in events}
        return next((leaf for leaf in reversed(self.of(number)) if leaf.event in wanted), None)


def read_log(session: Session, audit: AuditFacts, numbers: Mapping[int, str]) -> LogFacts:
    """Check every leaf; ``numbers`` are the draws' numbers by id, 0 the region's."""
    facts, leaves, newest = LogFacts(), list[Leaf | None](), None
    for row in read(session, table_of(LogLeaf)):
        while isinstance(row["index"], int) and len(leaves) < row["index"]:
            facts.bad.append(missing(LEAVES, len(leaves), LOG))
            leaves.append(None)
        if row["index"] < len(leaves):
            facts.bad.append(surplus(LEAVES, row["index"], LOG))
            continue
        leaf, found = _check_leaf(row, numbers)
        facts.bad += found
        if leaf is not None and isinstance(leaf.at, datetime):
            if newest is not None and leaf.at < newest:
                facts.bad.append(changed(LEAVES, leaf.index, "at", f"log leaf {leaf.index - 1}"))
            newest = leaf.at
        leaves.append(leaf)
    facts.count = len(leaves)
    whole = [leaf for leaf in leaves if leaf is not None]
    for leaf in whole:
        facts.by_draw.setdefault(str(leaf.said.get("draw", "")), []).append(leaf)
    if len(whole) == len(leaves):
        facts.bad += _check_steps(whole, audit)
    facts.bad += _check_order(facts)
    facts.bad += _check_anchors(session, whole)
    facts.bad += _check_head(session, len(leaves), newest)
    return facts


def _check_leaf(row: Row, numbers: Mapping[int, str]) -> tuple[Leaf | None, list[Bad]]:
    """Return what a leaf says, and what in its row does not fit that; the text that fits its hash is right."""
    text, index = row["leaf"], row["index"]
    whole = isinstance(text, str) and leaf_hash(LOG_HASH, text.encode()).hex() == row["leaf_hash"]
    try:
        said = parse_canonical(str(text).encode(), name="leaf")
    except SamplingError:
        said = None
    if not isinstance(said, dict):
        return None, [changed(LEAVES, index, "leaf", "its hash")]
    number = NO_DRAW if row["draw_id"] is None else numbers.get(row["draw_id"], "")
    told = {
        "event": said.get("event") == row["event"],
        "digest": said.get("digest") == row["digest"],
        "at": isinstance(row["at"], datetime)
        and said.get("at") == moment_text(row["at"])
        and not row["at"].microsecond,
        "draw_id": said.get("draw") == number
        and said.get("log") == log_name(numbers[0] if number == NO_DRAW else number),
    }
    wrong = [name for name, fits in told.items() if not fits]
    if whole:
        return Leaf(index, row["at"], said), [changed(LEAVES, index, name, "the leaf's text") for name in wrong]
    column = "leaf" if wrong else "leaf_hash"
    return Leaf(index, row["at"], said), [changed(LEAVES, index, column, "its text or hash")]


def _check_steps(leaves: list[Leaf], audit: AuditFacts) -> Iterator[Bad]:
    """Lay the leaves beside the steps of the audit log: one each, in the same order."""
    kinds = {event.value: told for event, told in STEPS.items()}
    steps = [one for one in audit.steps if one.event in kinds and one.subject_kind == "draw" and _logged(one)]
    leaves = [leaf for leaf in leaves if leaf.event in OF_DRAWS]
    for leaf, step in zip(leaves, steps, strict=False):
        if not _agree(leaf, step, *kinds[step.event]):
            yield changed(LEAVES, leaf.index, "leaf", step.evidence)
            return
    if len(leaves) > len(steps):
        yield surplus(LEAVES, leaves[len(steps)].index, "audit log")
    elif len(steps) > len(leaves):
        yield missing(LEAVES, leaves[-1].index + 1 if leaves else 0, steps[len(leaves)].evidence)


def _logged(step: Noted) -> bool:
    """Say whether a step stands behind a leaf: an entry of a public value that settles nothing does not."""
    return step.event != Event.BEACON_ENTERED.value or "digest" in step.details


def _agree(leaf: Leaf, step: Noted, event: LogEvent, digest: str) -> bool:
    same = leaf.event == event.value and leaf.said.get("draw") == step.details.get("number")
    told = (leaf.said.keys() & step.details.keys()) - {"digest"}
    alike = all(leaf.said[name] == step.details[name] for name in told)
    return same and alike and (not digest or leaf.said.get("digest") == step.details.get(digest))


def _check_order(facts: LogFacts) -> Iterator[Bad]:
    """Check that the leaves of each draw follow each other as the protocol has it."""
    for leaves in facts.by_draw.values():
        before = ""
        for leaf in leaves:
            # a lost link is replaced at any step and moves the draw no further; who was never named has none
            if leaf.event == LogEvent.WITNESS_LINK.value and before:
                continue
            # a lost link is replaced at any time and moves nothing
            if leaf.event in OF_DRAWS and leaf.event != LogEvent.WITNESS_LINK.value:
                if leaf.event not in ORDER[before]:
                    yield changed(LEAVES, leaf.index, "event", "the protocol")
                    break
                before = leaf.event


def _check_anchors(session: Session, leaves: list[Leaf]) -> Iterator[Bad]:
    """Look for the audit entries whose hashes stand in the log: whoever cut them off cannot cut the log as well."""
    for leaf in leaves:
        if leaf.event == LogEvent.AUDIT.value:
            number, table = leaf.said.get("entries"), table_of(AuditEntry)
            found = list(read(session, table, AuditEntry.seq == number)) if isinstance(number, int) else []
            if not found:
                yield missing(table.name, number, leaf.evidence)
            elif found[0]["hash"] != leaf.said.get("digest"):
                yield changed(table.name, number, "hash", leaf.evidence)


def _check_head(session: Session, count: int, newest: datetime | None) -> Iterator[Bad]:
    heads = {row["id"]: row for row in read(session, table_of(LogHead))}
    yield from (surplus(HEAD, one, LOG) for one in heads if one != 1)
    head = heads.get(1)
    if head is None:
        if count:
            yield missing(HEAD, 1, LOG)
        return
    if head["size"] != count:
        if isinstance(head["size"], int) and head["size"] > count and _second(head["newest_at"]) != newest:
            yield missing(LEAVES, count, HEAD)
            return
        yield changed(HEAD, 1, "size", LOG)
    if newest is not None and _second(head["newest_at"]) != newest:
        yield changed(HEAD, 1, "newest_at", LOG)


def _second(value: object) -> object:
    return value.replace(microsecond=0) if isinstance(value, datetime) else value
