"""Named witnesses: what the public may read of them, against the leaves that named them and took them off."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from sampling.canonical import canonical_bytes
from sampling.hashing import LOG_HASH, hex_digest
from supervision.audit.events import Event
from supervision.draws.checking.audit_part import AuditFacts, Noted
from supervision.draws.checking.findings import Bad, changed, missing, surplus
from supervision.draws.checking.log_part import Leaf, LogFacts
from supervision.draws.checking.rows import Row, read, table_of
from supervision.draws.rules import LogEvent
from supervision.draws.witness_models import Witness

TABLE = Witness.__tablename__

# leaves after which a witness has a link that they had not before
_LINKING = frozenset({LogEvent.WITNESS_NAMED.value, LogEvent.WITNESS_LINK.value})


def check_witnesses(session: Session, draw: Row, *, log: LogFacts, audit: AuditFacts) -> Iterator[Bad]:
    """Check the witnesses of a draw."""
    number = str(draw["number"])
    rows = {str(row["by"]): row for row in read(session, table_of(Witness), Witness.draw_id == draw["id"])}
    named = {str(leaf.said.get("by")): leaf for leaf in log.of(number) if leaf.event == LogEvent.WITNESS_NAMED.value}
    removed = {
        str(leaf.said.get("by")): leaf for leaf in log.of(number) if leaf.event == LogEvent.WITNESS_REMOVED.value
    }
    for by in sorted(rows.keys() | named.keys()):
        key = f"{number}/{by}"
        if by not in rows:
            yield missing(TABLE, key, named[by].evidence)
        elif by not in named:
            yield surplus(TABLE, key, "draw log")
        else:
            yield from _check(draw, rows[by], key, leaf=named[by], end=removed.get(by))
            yield from _check_link(rows[by], key, [leaf for leaf in log.of(number) if leaf.said.get("by") == by])
            yield from _check_people(rows[by], key, number, audit=audit)


def _check(draw: Row, row: Row, key: str, *, leaf: Leaf, end: Leaf | None) -> Iterator[Bad]:
    if row["kind"] != leaf.said.get("kind"):
        yield changed(TABLE, key, "kind", leaf.evidence)
    told = {"by": row["by"], "draw": draw["number"], "kind": leaf.said.get("kind"), "name": row["public_name"]}
    if hex_digest(LOG_HASH, canonical_bytes(told)) != leaf.said.get("digest"):
        yield changed(TABLE, key, "public_name", leaf.evidence)
    evidence = end.evidence if end else "draw log"
    if row["removal_reason"] != (end.said.get("reason") if end else ""):
        yield changed(TABLE, key, "removal_reason", evidence)
    if row["named_at"] != leaf.at:
        yield changed(TABLE, key, "named_at", leaf.evidence)
    if row["removed_at"] != (end.at if end else None):
        yield changed(TABLE, key, "removed_at", evidence)


def _check_link(row: Row, key: str, leaves: list[Leaf]) -> Iterator[Bad]:
    """Hold the present link against its leaf: when it was made, and whether something was sealed by then."""
    made = [leaf for leaf in leaves if leaf.event in _LINKING][-1]
    sealed = any(leaf.event == LogEvent.CONTRIBUTED.value and leaf.index < made.index for leaf in leaves)
    if row["link_made_at"] != made.at:
        yield changed(TABLE, key, "link_made_at", made.evidence)
    if bool(row["seal_fixed"]) != sealed:
        yield changed(TABLE, key, "seal_fixed", made.evidence)


def _check_people(row: Row, key: str, number: str, *, audit: AuditFacts) -> Iterator[Bad]:
    for column, event in (("named_by", Event.WITNESS_NAMED), ("removed_by", Event.WITNESS_REMOVED)):
        step = _step(audit.of(event, number), str(row["by"]))
        if row[column] != (step.actor_id if step else None):
            yield changed(TABLE, key, column, step.evidence if step else "audit log")


def _step(steps: list[Noted], by: str) -> Noted | None:
    return next((step for step in reversed(steps) if step.details.get("by") == by), None)
