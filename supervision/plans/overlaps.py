"""撮合: which open plans would visit the same entities, and the proposal to go together (R-1.45, R-3.06)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Invalid
from supervision.permissions import Actor
from supervision.plans.models import Plan, PlanMessage, PlanVersion
from supervision.plans.pools import count_shared
from supervision.plans.queries import list_open_elsewhere
from supervision.plans.services import check_drafter


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another published plan of the same months whose scope names some of the same entities."""

    version: PlanVersion
    shared: int


def find_overlaps(session: Session, version: PlanVersion, *, on: date) -> list[Overlap]:
    """Return the open plans that share entities with ``version``, most shared first."""
    found = [
        Overlap(other, count_shared(session, version, other, on=on))
        for other in list_open_elsewhere(session, version, on=on)
    ]
    return sorted((one for one in found if one.shared), key=lambda one: (-one.shared, one.version.id))


def propose_joining(session: Session, version: PlanVersion, *, other: Plan, text: str, actor: Actor) -> PlanMessage:
    """Tell the lead of another plan that both visit the same entities and could go together (R-1.45)."""
    check_drafter(version, actor=actor)
    if other.id == version.plan_id or other.published is None:
        raise Invalid("other-plan", "Choose another plan that is published.", field="other")
    shared = count_shared(session, version, other.published, on=clock.today())
    message = PlanMessage(
        plan_id=other.id,
        from_plan_id=version.plan_id,
        from_department_id=version.plan.lead_department_id,
        shared=shared,
        text=text,
        sent_by=actor.user_id,
        sent_at=clock.now(),
    )
    session.add(message)
    details = {"to": other.number, "shared": shared}
    subject = ("plan", version.plan_id)
    record(session, Event.PLAN_MESSAGE_SENT, actor=actor, subject=subject, reason=text, details=details)
    return message
