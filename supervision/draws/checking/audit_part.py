"""The ground of everything: the audit chain, keyed outside the database, and what it tells of draws."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any  # details are JSON

from sqlalchemy.orm import Session

from supervision.audit.events import Event
from supervision.audit.models import AuditEntry, AuditHead
from supervision.audit.queries import chain_key
from supervision.audit.rules import GENESIS, entry_hash
from supervision.audit.seals import SEAL
from supervision.draws.checking.findings import Bad, changed, missing, surplus
from supervision.draws.checking.rows import Row, from_json, moment, read, table_of

ENTRIES, HEAD = AuditEntry.__tablename__, AuditHead.__tablename__
CHAIN = "audit chain"
_KEPT = ("draw", "plan")


@dataclass(frozen=True, slots=True)
class Noted:
    """What the audit log tells of one step."""

    seq: int
    at: object
    event: str
    actor_id: int | None
    department_code: str
    subject_kind: str
    subject_id: str
    reason: str
    details: Any

    @property
    def evidence(self) -> str:
        """How a finding names it."""
        return f"audit entry {self.seq}"


@dataclass(slots=True)
class AuditFacts:
    """The steps about draws and plans, in order, and how many entries there are in all."""

    steps: list[Noted] = field(default_factory=list)
    count: int = 0
    bad: list[Bad] = field(default_factory=list)

    def of(self, event: Event, number: str) -> list[Noted]:
        """Return the steps of one kind about the draw with this number."""
        return [one for one in self.steps if one.event == event.value and one.details.get("number") == number]

    def last_seals(self) -> dict[int, Noted]:
        """Return the newest sealed entry of each proposal."""
        return {one.details["proposal"]: one for one in self.steps if SEAL in one.details and "proposal" in one.details}


def read_audit(session: Session) -> AuditFacts:
    """Recompute the chain and keep what it tells of draws."""
    facts, key = AuditFacts(), chain_key(session)
    previous, expected, pending = GENESIS, 1, None
    for row in read(session, table_of(AuditEntry)):
        if pending is not None:
            facts.bad.append(changed(ENTRIES, pending[0], "hash" if row["previous"] == pending[1] else "", CHAIN))
            pending = None
        if row["seq"] != expected:
            facts.bad += _misplaced(row, expected)
        elif row["previous"] != previous:
            facts.bad.append(changed(ENTRIES, row["seq"], "previous", CHAIN))
        right = _right_hash(row, key)
        if right != row["hash"]:
            pending = (row["seq"], right)
        facts.count += 1
        previous, expected = row["hash"], row["seq"] + 1
        _keep(facts, row)
    facts.bad += _check_head(session, newest=(expected - 1, previous), pending=pending)
    return facts


def _misplaced(row: Row, expected: int) -> list[Bad]:
    if row["seq"] > expected:
        return [missing(ENTRIES, expected, CHAIN)]
    return [surplus(ENTRIES, row["seq"], CHAIN)]


def _right_hash(row: Row, key: bytes) -> str:
    """Return the hash an entry must have; empty for one that the application could not have written."""
    details = from_json(row["details"])
    at = row["at"]
    if details is None or not isinstance(at, datetime):
        return ""
    names = [
        "seq",
        "event",
        "actor_id",
        "actor_name",
        "department_code",
        "request_id",
        "subject_kind",
        "subject_id",
        "reason",
        "details",
    ]
    fields = {**{name: row[name] for name in names}, "at": at.isoformat(timespec="microseconds")}
    try:
        return entry_hash(fields, previous=row["previous"], key=key)
    except (TypeError, ValueError):
        return ""


def _keep(facts: AuditFacts, row: Row) -> None:
    details = from_json(row["details"])
    if not isinstance(details, dict) or not (row["subject_kind"] in _KEPT or SEAL in details):
        return
    names = ["seq", "event", "actor_id", "department_code", "subject_kind", "subject_id", "reason"]
    facts.steps.append(Noted(**{name: row[name] for name in names}, at=moment(row["at"]), details=details))


def _check_head(session: Session, *, newest: tuple[int, str], pending: tuple[int, str] | None) -> Iterable[Bad]:
    heads = {row["id"]: row for row in read(session, table_of(AuditHead))}
    yield from (surplus(HEAD, one, CHAIN) for one in heads if one != 1)
    head = heads.get(1)
    if head is None:
        yield missing(HEAD, 1, CHAIN)
        return
    if pending is not None:
        yield changed(ENTRIES, pending[0], "hash" if head["hash"] == pending[1] else "", HEAD)
        return
    seq, last = newest
    if head["hash"] == last and head["seq"] != seq:
        yield changed(HEAD, 1, "seq", CHAIN)
    elif head["hash"] != last and head["seq"] == seq:
        yield changed(HEAD, 1, "hash", CHAIN)
    elif head["hash"] != last:
        yield missing(ENTRIES, seq + 1, HEAD)
