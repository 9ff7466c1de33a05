"""Adding links to the chain of a correction, and finding where one was broken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.corrections.models import CorrectionEntry, CorrectionFile
from joint_inspections.corrections.queries import Correction
from joint_inspections.corrections.rules import EntryKind, first_link
from joint_inspections.follow_ups.models import FollowUp
from supervision import clock
from supervision.audit.models import AuditEntry
from supervision.labels import N_


@dataclass(frozen=True, slots=True)
class Said:
    """What an entry says, before it has its place in the chain."""

    kind: EntryKind
    text: str
    said_by: str = ""
    day: date | None = None
    late: bool = False
    send_id: str | None = None
    made_by: int | None = None


def add_link(
    session: Session, correction: Correction, said: Said, *, files: Sequence[CorrectionFile] = ()
) -> CorrectionEntry:
    """Add an entry at the end; the caller holds the follow-up's row, and the number is unique besides."""
    follow_up = correction.follow_up
    entry = CorrectionEntry(
        follow_up_id=follow_up.id,
        number=correction.seen + 1,
        kind=said.kind,
        text=said.text,
        said_by=said.said_by,
        day=said.day,
        late=said.late,
        send_id=said.send_id,
        made_by=said.made_by,
        made_at=clock.now(),
        previous=correction.entries[-1].digest if correction.entries else _first(follow_up),
        files=list(files),
    )
    entry.digest = entry.linked.digest()
    session.add(entry)
    session.flush()
    return entry


def told(entry: CorrectionEntry) -> dict[str, str | int]:
    """Return what the audit log says of an entry: the digest stands there too, out of reach of this table."""
    return {"entry": entry.number, "entry_kind": entry.kind.value, "digest": entry.digest, "files": len(entry.files)}


def _first(follow_up: FollowUp) -> str:
    return first_link(follow_up.id, follow_up.visit_id, follow_up.item_id)


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where a chain does not hold; ``what`` is a message id."""

    follow_up_id: int
    number: int
    what: str


GAP = N_("An entry is missing before this one, or one too many is there.")
UNLINKED = N_("It does not follow the entry before it.")
ALTERED = N_("What it says is not what its digest covers.")
UNLOGGED = N_("The audit log does not know it, or knows it otherwise.")
GONE = N_("The audit log knows this entry, the chain does not.")


def check_chain(session: Session, correction: Correction) -> list[Fault]:
    """Recompute every digest of a correction and compare it with the audit log; the first fault first."""
    follow_up, logged = correction.follow_up, _logged(session, correction.follow_up)
    faults: list[tuple[int, str]] = []
    before = _first(follow_up)
    for place, entry in enumerate(correction.entries, 1):
        checks = (
            (GAP, entry.number == place),
            (UNLINKED, entry.previous == before),
            (ALTERED, entry.linked.digest() == entry.digest),
            (UNLOGGED, logged.pop(entry.number, "") == entry.digest),
        )
        faults += [(entry.number, what) for what, holds in checks if not holds]
        before = entry.digest
    faults += [(number, GONE) for number in sorted(logged)]
    return [Fault(follow_up.id, number, what) for number, what in faults]


def _logged(session: Session, follow_up: FollowUp) -> dict[int, str]:
    """Return the digests that the audit log keeps of a correction, by the number of the entry."""
    statement = sa.select(AuditEntry.details).where(
        AuditEntry.subject_kind == "follow_up", AuditEntry.subject_id == str(follow_up.id)
    )
    found = [details for details in session.scalars(statement) if "entry" in details and "digest" in details]
    return {int(details["entry"]): str(details["digest"]) for details in found}
