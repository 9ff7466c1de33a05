"""撮合: which open plans would visit the same entities, and the proposal to go together (R-1.45, R-3.06)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Conflict, Invalid, NotFound
from supervision.permissions import Actor
from supervision.plans.models import Plan, PlanMessage, PlanVersion
from supervision.plans.pools import count_shared
from supervision.plans.queries import list_open_elsewhere
from supervision.plans.rules import JoinAnswer
from supervision.plans.services import check_drafter


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another published plan of the same months whose scope names some of the same entities."""

    version: PlanVersion
    shared: int
    # the newest proposal to go together between the two plans, if there is one
    message: PlanMessage | None = None


def find_overlaps(session: Session, version: PlanVersion, *, on: date) -> list[Overlap]:
    """Return the open plans that share entities with ``version``, most shared first."""
    between = {
        next(one for one in (message.plan_id, message.from_plan_id) if one != version.plan_id): message
        for message in list_proposals(session, version.plan_id)
    }
    found = [
        Overlap(other, count_shared(session, version, other, on=on), between.get(other.plan_id))
        for other in list_open_elsewhere(session, version, on=on)
    ]
    return sorted((one for one in found if one.shared), key=lambda one: (-one.shared, one.version.id))


def list_proposals(session: Session, plan_id: int) -> Sequence[PlanMessage]:
    """List the proposals that a plan made or received, oldest first."""
    either = sa.or_(PlanMessage.plan_id == plan_id, PlanMessage.from_plan_id == plan_id)
    return session.scalars(sa.select(PlanMessage).where(either).order_by(PlanMessage.id)).all()


def list_to_answer(session: Session, viewer: Actor) -> Sequence[PlanMessage]:
    """List the proposals that wait for the answer of the viewer's department, oldest first."""
    statement = (
        sa.select(PlanMessage)
        .join(PlanMessage.plan)
        .where(Plan.lead_department_id == viewer.department_id, PlanMessage.answer.is_(None))
        .order_by(PlanMessage.id)
    )
    return session.scalars(statement).all()


def get_proposal(session: Session, plan: Plan, message_id: int) -> PlanMessage:
    """Return a proposal that ``plan`` received, or refuse."""
    found = session.get(PlanMessage, message_id)
    if found is None or found.plan_id != plan.id:
        raise NotFound
    return found


def answer_proposal(session: Session, message: PlanMessage, *, together: bool, text: str, actor: Actor) -> None:
    """Answer for the plan that received a proposal: on which days both go, or why they stay apart; once."""
    check_drafter(message.plan.newest, actor=actor)
    session.refresh(message, with_for_update={"of": PlanMessage})
    if message.answer is not None:
        raise Conflict("proposal-answered", "This proposal has been answered already. Reload the page.")
    if not text:
        raise Invalid("answer-text", "Write on which days you go together, or why not.", field="answer_text")
    message.answer = JoinAnswer.TOGETHER if together else JoinAnswer.APART
    message.answer_text, message.answered_by, message.answered_at = text, actor.user_id, clock.now()
    details = {"from": message.from_plan_id, "answer": message.answer.value}
    subject = ("plan", message.plan_id)
    record(session, Event.PLAN_MESSAGE_ANSWERED, actor=actor, subject=subject, reason=text, details=details)


def propose_joining(session: Session, version: PlanVersion, *, other: Plan, text: str, actor: Actor) -> PlanMessage:
    """Tell the lead of another plan that both visit the same entities and could go together (R-1.45)."""
    check_drafter(version, actor=actor)
    if other.id == version.plan_id or other.published is None:
        raise Invalid("other-plan", "Choose another plan that is published.", field="other")
    # both leads may propose at once: held in one order, the second sees what the first has written
    pair = sa.select(Plan.id).where(Plan.id.in_((version.plan_id, other.id)))
    session.execute(pair.order_by(Plan.id).with_for_update())
    if any(one.answer is None and other.id in {one.plan_id, one.from_plan_id}
           for one in list_proposals(session, version.plan_id)):  # fmt: skip
        raise Conflict("proposal-open", "A proposal between these two plans waits for its answer already.")
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
