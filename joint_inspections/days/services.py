"""Changing routes and days by hand, and taking it back: the leader's, on the day and for the teams that go."""

from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from joint_inspections.days.day_routes import (
    Route,
    effective_serial,
    find_last_move,
    newest_order,
    order_at,
)
from joint_inspections.days.models import DayMove, RouteOrder
from joint_inspections.notices.queries import has_current_notice
from joint_inspections.visits.models import Visit
from joint_inspections.visits.services import reschedule_visit
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from supervision.permissions import Actor

MEANWHILE = "Somebody changed this meanwhile. Open the page again, look at the change, and enter yours once more."


def move_stop(session: Session, route: Route, *, visit_id: int, step: int, serial: int, actor: Actor) -> None:
    """Let a leader put a visit one place earlier (-1) or later (1) among those they lead that day."""
    _require_own(route, actor)
    order = [one.visit.id for one in route.led]
    if visit_id not in order:
        raise NotFound
    place = order.index(visit_id)
    other = place + (1 if step > 0 else -1)
    if not 0 <= other < len(order):
        raise WrongState("no-further", "This visit is first or last already.")
    order[place], order[other] = order[other], order[place]
    _keep(session, route, order, serial=serial, returns_to=None, actor=actor)


def compute_again(session: Session, route: Route, *, serial: int, actor: Actor) -> None:
    """Go back to the computed order."""
    _require_own(route, actor)
    _keep(session, route, [], serial=serial, returns_to=None, actor=actor)


def undo_order(session: Session, route: Route, *, serial: int, actor: Actor) -> None:
    """Take the last change of the order back; again, the one before it."""
    _require_own(route, actor)
    newest = newest_order(session, route.inspector.id, route.day)
    holds = effective_serial(session, newest)
    if holds == 0:
        raise WrongState("nothing-to-undo", "There is nothing to take back.")
    before = order_at(session, route.inspector.id, route.day, holds - 1)
    back_to = effective_serial(session, before)
    _keep(session, route, before.visit_ids if before else [], serial=serial, returns_to=back_to, actor=actor)


def _require_own(route: Route, actor: Actor) -> None:
    if actor.inspector_id != route.inspector.id:
        raise Forbidden("leader-only", "The leader of the team does this.")


def _keep(
    session: Session, route: Route, order: list[int], *, serial: int, returns_to: int | None, actor: Actor
) -> None:
    """Add the change after the one the person saw; two at once meet at its number."""
    if serial != route.serial:
        raise Conflict("changed-meanwhile", MEANWHILE)
    row = RouteOrder(
        inspector_id=route.inspector.id,
        day=route.day,
        serial=serial + 1,
        visit_ids=order,
        returns_to=returns_to,
        made_by=actor.user_id,
        made_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Conflict("changed-meanwhile", MEANWHILE) from error
    details = {"day": route.day.isoformat(), "visits": order, "undo": returns_to is not None}
    record(session, Event.ROUTE_ORDERED, actor=actor, subject=("inspector", route.inspector.id), details=details)


def move_day(session: Session, visit: Visit, *, day: date, reason: str, actor: Actor) -> DayMove:
    """Put a visit on another day of this week; a reason is asked for only where its notice is issued already."""
    if visit.planned_on == day:
        raise Invalid("same-day", "The visit is planned for this day already.", field="day")
    if not reason and has_current_notice(session, visit):
        raise Invalid(
            "reason-after-notice",
            "The notice for this visit is issued. Give a reason for the other day; a new notice is then needed.",
            field="reason",
        )
    return _move(session, visit, day=day, reason=reason, undoes=None, actor=actor)


def undo_move(session: Session, visit: Visit, *, actor: Actor) -> DayMove:
    """Put a visit back on the day from which its leader moved it last."""
    move = find_last_move(session, actor)
    if move is None or move.visit_id != visit.id:
        raise WrongState("nothing-to-undo", "There is nothing to take back.")
    return _move(session, visit, day=move.from_day, reason="", undoes=move.id, actor=actor)


def _move(session: Session, visit: Visit, *, day: date, reason: str, undoes: int | None, actor: Actor) -> DayMove:
    before = visit.planned_on
    # checks leader, state, task, working day, yearly cap and what rooms above forbid; writes the audit entry
    reschedule_visit(session, visit, planned_on=day, reason=reason, actor=actor)
    move = DayMove(
        visit_id=visit.id,
        inspector_id=actor.inspector_id,
        from_day=before,
        to_day=day,
        undoes_id=undoes,
        made_at=clock.now(),
    )
    session.add(move)
    session.flush()
    return move
