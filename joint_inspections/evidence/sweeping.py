"""Taking away what was begun and never finished: pieces on their way, never anything sealed."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from joint_inspections.evidence.store import store_of
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.jobs.handlers import Work
from supervision.parameters.queries import get_number
from supervision.permissions import Actor, system_actor

DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Swept:
    """How many unfinished files were taken away, and how many bytes they had."""

    files: int
    size: int


def sweep(session: Session, *, actor: Actor | None = None) -> Swept:
    """Remove pieces to which nothing was added for longer than the parameter says; their senders begin anew."""
    days = get_number(session, "evidence-incoming-days", on=clock.today())
    removed = store_of(session).sweep(before=clock.now().timestamp() - days * DAY)
    swept = Swept(len(removed), sum(removed))
    if removed:
        details = {"files": swept.files, "bytes": swept.size, "days": days}
        by = actor or system_actor()
        record(session, Event.EVIDENCE_SWEPT, actor=by, subject=("file", "incoming"), details=details)
    return swept


def sweep_daily(work: Work) -> None:
    """Do so once a day."""
    sweep(work.session)
