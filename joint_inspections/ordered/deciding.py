"""What heads say of orders: before the visit, or in writing after an oral approval (R-3.08, R-3.11)."""

from sqlalchemy.orm import Session

from joint_inspections.ordered.models import OrderedApproval, OrderedInspection
from joint_inspections.ordered.rules import OrderState, order_after
from joint_inspections.ordered.sending import end_visit, send
from joint_inspections.visits.approving import approve_visit
from joint_inspections.visits.rules import BEFORE_VISIT, FALLEN_AWAY
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Forbidden, Invalid, RuleBroken, WrongState
from supervision.permissions import Actor, Permission


def may_decide(order: OrderedInspection, actor: Actor) -> bool:
    """Say whether the actor can now speak for a participating body that has yet to say something."""
    open_for_heads = order.state is OrderState.WAITING or (order.urgent and order.state is OrderState.SENT)
    bodies = {one.id for one in order.to_decide}
    return open_for_heads and actor.may(Permission.PLAN_APPROVE) and actor.department_id in bodies


def decide_order(session: Session, order: OrderedInspection, *, agreed: bool, note: str, actor: Actor) -> None:
    """Approve or refuse an order for the own department; the last approval sends the team by lots."""
    _require_head(order, actor)
    if not agreed and not note.strip():
        raise Invalid("note-needed", "Say why the order is refused.", field="note")
    session.add(
        OrderedApproval(
            order_id=order.id,
            department_id=actor.department_id,
            agreed=agreed,
            note=note.strip(),
            decided_by=actor.user_id,
            decided_at=clock.now(),
        )
    )
    session.flush()
    session.refresh(order, ["approvals"])
    details = {
        "number": order.number,
        "department": actor.department_code,
        "waiting": [x.code for x in order.to_decide],
    }
    event = Event.ORDER_APPROVED if agreed else Event.ORDER_REFUSED
    record(session, event, actor=actor, subject=("order", order.id), reason=note, details=details)
    if not agreed:
        _refuse(session, order, note=note, actor=actor)
    elif order.state is OrderState.WAITING and not order.to_decide:
        send(session, order, actor=actor)
    elif order.visit is not None:
        _approve_team(session, order, actor=actor)
    session.flush()


def _require_head(order: OrderedInspection, actor: Actor) -> None:
    if not actor.may(Permission.PLAN_APPROVE) or actor.department_id not in {one.id for one in order.departments}:
        raise Forbidden("not-own-head", "The head of each participating department approves the inspection.")
    if order.ordered_by is not None and order.ordered_by == actor.user_id:
        raise RuleBroken("self-approval", "You gave this order yourself; another head approves it.")
    if actor.department_id in order.decided:
        raise WrongState("already-decided", "Your department has decided on this order already.")
    if not may_decide(order, actor):
        raise WrongState("order-moved-on", "This order has moved on meanwhile. Reload the page to see where it stands.")


def _refuse(session: Session, order: OrderedInspection, *, note: str, actor: Actor) -> None:
    """End the order; where the team stood at the door already, the refusal stays beside the record."""
    if order.visit is not None and order.visit.state not in BEFORE_VISIT:
        return
    end_visit(session, order)
    order.state = order_after(order.state, OrderState.REFUSED)
    order.ended_by, order.ended_at, order.ending_note = actor.user_id, clock.now(), note.strip()


def _approve_team(session: Session, order: OrderedInspection, *, actor: Actor) -> None:
    """Approve in the same step the people who went or are about to go, where they have all answered."""
    visit = order.visit
    if visit is None or visit.state in FALLEN_AWAY or actor.department_id in visit.approved_departments:
        return
    on_team = {one.inspector_id for one in visit.members}
    if visit.team_ready and actor.inspector_id not in on_team:
        approve_visit(session, visit, actor=actor)
