"""Giving an order, and taking it back before anybody stands at the door."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from joint_inspections.ordered import queries
from joint_inspections.ordered.choosing import REGION_DIGITS, require_candidates
from joint_inspections.ordered.models import OrderedInspection, OrderedItem, OrderedParticipant
from joint_inspections.ordered.rules import (
    GROUND_AGAIN,
    GROUNDS,
    OrderedKind,
    OrderState,
    grounds_of,
    order_after,
)
from joint_inspections.ordered.sending import end_visit, send
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import BEFORE_VISIT, FALLEN_AWAY
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.entities.queries import get_entity
from supervision.entities.rules import EntityStatus
from supervision.errors import Forbidden, Invalid, WrongState
from supervision.items.models import Item
from supervision.items.queries import get_published_list
from supervision.parameters.queries import check_reason, get_number
from supervision.permissions import Actor, Permission
from supervision.plans.orders import next_order_number
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import add_workdays

MOST_DAYS_AHEAD = 180


@dataclass(frozen=True, slots=True)
class Oral:
    """Which head approved an urgent inspection orally, and when."""

    head_id: int
    at: datetime


def order_inspection(
    session: Session,
    *,
    kind: OrderedKind,
    entity_id: int,
    item_ids: Collection[int],
    participants: Sequence[int],
    ground_code: str,
    facts: str,
    planned_on: date,
    region: str,
    actor: Actor,
    origin_visit_id: int | None = None,
    urgent: bool = False,
    oral: Oral | None = None,
) -> OrderedInspection:
    """Order an inspection of one enterprise; the heads of ``participants`` (the lead first) approve it (R-3.08).

    An urgent one goes at once on the oral approval of the lead department's head, and everything stands in writing
    within the working days of the parameter (R-3.11).
    """
    _require_right(kind, participants, actor)
    _require_ground(session, kind, ground_code)
    _require_entity(session, entity_id)
    items = _items(session, item_ids, participants)
    _require_day(session, planned_on, urgent=urgent)
    if len(facts.strip()) == 0:
        raise Invalid("facts-missing", "Say what must be looked at, without naming who told it.", field="facts")
    if (kind is OrderedKind.TRIGGERED) != (origin_visit_id is None):
        raise Invalid("origin-missing", "Say which inspection is looked at again.", field="origin")
    order = OrderedInspection(
        number=next_order_number(session, region=region, day=clock.today()),
        kind=kind,
        state=OrderState.WAITING,
        entity_id=entity_id,
        item_list_id=get_published_list(session).id,
        origin_visit_id=origin_visit_id,
        ground_code=ground_code,
        facts=facts.strip(),
        planned_on=planned_on,
        urgent=urgent,
        ordered_by=actor.user_id,
        ordered_at=clock.now(),
        participants=[OrderedParticipant(department_id=one, position=place) for place, one in enumerate(participants)],
        listed_items=[OrderedItem(item_id=one.id, position=place) for place, one in enumerate(items)],
    )
    _note_oral(session, order, oral, actor=actor)
    session.add(order)
    session.flush()
    session.refresh(order, ["participants", "listed_items", "entity", "approvals"])
    require_candidates(session, order)
    details = {
        "number": order.number,
        "kind": kind.value,
        "entity": order.entity.unit_id,
        "ground": ground_code,
        "departments": [one.code for one in order.departments],
        "items": [one.code for one in items],
        "urgent": urgent,
        "oral_by": order.oral_by,
    }
    record(session, Event.INSPECTION_ORDERED, actor=actor, subject=("order", order.id), details=details)
    if urgent:
        send(session, order, actor=actor)
    return order


def order_again(
    session: Session,
    origin: Visit,
    *,
    department_ids: Sequence[int],
    item_codes: Collection[str],
    facts: str,
    planned_on: date,
    actor: Actor,
    kind: OrderedKind = OrderedKind.REINSPECTION,
) -> OrderedInspection:
    """Order that a visited enterprise is inspected again for some of its items: after a correction, as a second look.

    For rooms above: the items are taken from the list in force by their codes; the first department leads.
    """
    items = [one for one in queries.items_again(session, origin) if one.code in set(item_codes)]
    return order_inspection(
        session,
        kind=kind,
        entity_id=origin.entity_id,
        item_ids=[one.id for one in items if one.department_id in set(department_ids)],
        participants=department_ids,
        ground_code=GROUND_AGAIN[kind],
        facts=facts,
        planned_on=planned_on,
        region=origin.task.number[:REGION_DIGITS],
        origin_visit_id=origin.id,
        actor=actor,
    )


def lead_first(items: Collection[Item], lead_id: int) -> list[int]:
    """Return the departments of the chosen items, the one that leads first."""
    bodies = {one.department_id for one in items}
    if lead_id not in bodies:
        raise Invalid("lead-without-item", "Choose an item of the department that leads.", field="items")
    return [lead_id, *sorted(bodies - {lead_id})]


def may_order(actor: Actor) -> bool:
    """Say whether the actor gives orders."""
    return actor.may(Permission.INSPECTION_ORDER)


def _require_right(kind: OrderedKind, participants: Sequence[int], actor: Actor) -> None:
    """Leads order for a department that is theirs, the coordinator for every one; second looks are oversight's."""
    if kind is OrderedKind.SECOND_LOOK:
        if not actor.may(Permission.SECOND_LOOK_RUN):
            raise Forbidden("may-not-run", "Enforcement oversight has second looks made.")
        return
    own = actor.sees_whole_district or participants[:1] == [actor.department_id]
    if not (may_order(actor) and own):
        raise Forbidden("may-not-order", "A lead orders inspections led by the own department, the coordinator any.")


def _require_ground(session: Session, kind: OrderedKind, code: str) -> None:
    reason = check_reason(session, GROUNDS, code, field="ground")
    if not grounds_of(kind, [reason.code]):
        raise Invalid("ground-of-other-kind", "This ground belongs to another kind of inspection.", field="ground")


def _require_entity(session: Session, entity_id: int) -> None:
    gone = {EntityStatus.DEREGISTERED, EntityStatus.MOVED_OUT, EntityStatus.RESCINDED}
    if get_entity(session, entity_id).status in gone:
        raise Invalid(
            "entity-gone",
            "This enterprise is deregistered or has moved out; there is nobody to inspect.",
            field="entity",
        )


def _items(session: Session, item_ids: Collection[int], participants: Sequence[int]) -> list[Item]:
    """Return the items, which must be on the list in force, and belong to the departments that go, each to one."""
    chosen = [one for one in queries.list_orderable_items(session) if one.id in set(item_ids)]
    if not chosen or len(chosen) != len(set(item_ids)):
        raise Invalid("items-off-list", "Choose items of the list in force that are not suspended.", field="items")
    if not participants or {one.department_id for one in chosen} != set(participants):
        raise Invalid(
            "items-of-departments", "Each department that goes needs an item of its own, and no other.", field="items"
        )
    return sorted(chosen, key=lambda one: (list(participants).index(one.department_id), one.code))


def _require_day(session: Session, planned_on: date, *, urgent: bool) -> None:
    today = clock.today()
    if urgent:
        if planned_on != today:
            raise Invalid(
                "urgent-today", "An urgent inspection goes today. Plan another one as usual.", field="planned_on"
            )
        return
    if not today <= planned_on <= today + timedelta(days=MOST_DAYS_AHEAD):
        raise Invalid(
            "day-out-of-reach", "Choose a day from today to %(last)s.", field="planned_on",
            last=today + timedelta(days=MOST_DAYS_AHEAD),
        )  # fmt: skip
    if not get_calendar(session).is_workday(planned_on):
        raise Invalid("not-a-workday", "Choose a working day.", field="planned_on")


def _note_oral(session: Session, order: OrderedInspection, oral: Oral | None, *, actor: Actor) -> None:
    """Note who approved orally: a head of the lead department, never whoever gives the order."""
    if not order.urgent:
        return
    if order.kind is not OrderedKind.TRIGGERED:
        raise Invalid("urgent-again", "Only a triggered inspection can be urgent.", field="urgent")
    lead = order.participants[0].department_id
    heads = {one.user_id for one in queries.list_heads(session, lead)} - {actor.user_id}
    if oral is None or oral.head_id not in heads:
        raise Invalid("oral-head", "Say which head of the lead department approved it orally.", field="oral_by")
    if oral.at > clock.now() or oral.at < clock.now() - timedelta(days=1):
        raise Invalid("oral-moment", "Enter when the head approved it: today, and not in the future.", field="oral_at")
    today = clock.today()
    days = get_number(session, "emergency-completion-working-days", on=today)
    order.oral_by, order.oral_at = oral.head_id, oral.at
    order.complete_by = add_workdays(today, days, get_calendar(session))


def may_cancel(order: OrderedInspection, actor: Actor) -> bool:
    """Say whether the actor can take the order back now: a lead of its lead department, or the coordinator."""
    answers = actor.sees_whole_district or actor.department_id == order.lead_department_id
    ahead = order.visit is None or order.visit.state in BEFORE_VISIT
    return may_order(actor) and answers and ahead and order.state in {OrderState.WAITING, OrderState.SENT}


def cancel_order(session: Session, order: OrderedInspection, *, reason: str, actor: Actor) -> None:
    """Take an order back with a reason; its visit, which has not begun, does not take place."""
    if order.visit is not None and order.visit.state not in BEFORE_VISIT | FALLEN_AWAY:
        raise WrongState("order-begun", "The team is or was at the door, so the order can no longer be cancelled.")
    target = order_after(order.state, OrderState.CANCELLED)
    if not may_cancel(order, actor):
        raise Forbidden("may-not-cancel", "A lead of the department that leads, or the coordinator, cancels an order.")
    if not reason.strip():
        raise Invalid("reason-needed", "Give a reason; it is kept in the audit log.", field="reason")
    end_visit(session, order)
    order.state, order.ended_by, order.ended_at = target, actor.user_id, clock.now()
    order.ending_note = reason.strip()
    session.flush()
    details = {"number": order.number}
    record(session, Event.ORDER_CANCELLED, actor=actor, subject=("order", order.id), reason=reason, details=details)
