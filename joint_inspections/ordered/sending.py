"""From an approved order to a visit: lots, a task of its own, and the visit that goes on like every other."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from joint_inspections.ordered.choosing import draw_team, needed_of
from joint_inspections.ordered.models import OrderedInspection
from joint_inspections.ordered.rules import TITLES, OrderState, order_after
from joint_inspections.visits.approving import give_number
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import BEFORE_VISIT, VisitKind, VisitState, VisitStep, state_after
from joint_inspections.visits.teams import seats
from supervision import clock
from supervision.errors import NotFound
from supervision.parameters.queries import get_number
from supervision.permissions import Actor
from supervision.plans.orders import OrderedWork, make_order_task
from supervision.plans.rules import TaskState
from supervision.plans.services import mark_abandoned
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import add_workdays

TEAM = "1"
DAYS_BY_DEFAULT = 10


def send(session: Session, order: OrderedInspection, *, actor: Actor) -> Visit:
    """Draw the team and make the visit; an urgent one has its number at once and may begin before its approvals."""
    order.planned_on = _day(session, order)
    places = draw_team(session, order, actor=actor)
    days = _days_allowed(session)
    title = TITLES[order.kind]
    task = make_order_task(
        session,
        OrderedWork(
            number=order.number,
            title=title,
            departments=order.departments,
            items=order.items,
            item_list=order.item_list,
            per_team=needed_of(order),
            planned_on=min(order.planned_on, clock.today()),
            ends_on=add_workdays(order.planned_on, days, get_calendar(session)),
        ),
        actor=actor,
    )
    visit = Visit(
        task_id=task.id,
        kind=VisitKind(order.kind.value),
        entity_id=order.entity_id,
        team=TEAM,
        state=VisitState.ASSIGNED,
        planned_on=order.planned_on,
        reported_at=order.oral_at,
        created_at=clock.now(),
        members=seats(places),
    )
    session.add(visit)
    session.flush()
    if order.urgent:
        give_number(session, visit)
    order.state, order.visit_id = order_after(order.state, OrderState.SENT), visit.id
    session.flush()
    session.refresh(order, ["visit"])
    return visit


def _days_allowed(session: Session) -> int:
    """Return the working days in which the visit takes place, also where the parameter is not known yet."""
    try:
        return get_number(session, "ordered-visit-working-days", on=clock.today())
    except NotFound:
        return DAYS_BY_DEFAULT


def _day(session: Session, order: OrderedInspection) -> date:
    """Return the day of the visit: the one ordered, or the next working day where heads took longer."""
    day, calendar = max(order.planned_on, clock.today()), get_calendar(session)
    while not (order.urgent or calendar.is_workday(day)):
        day += timedelta(days=1)
    return day


def end_visit(session: Session, order: OrderedInspection) -> None:
    """Let a visit that has not begun fall away with its order."""
    if order.visit is None or order.visit.state not in BEFORE_VISIT:
        return
    order.visit.state = state_after(order.visit.state, VisitStep.CANCEL)
    if order.visit.task.state is TaskState.RUNNING:
        mark_abandoned(session, order.visit.task)
