"""The route of an inspector's day: computed, or as the leaders put it, with the way between the stops."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.days import queries
from joint_inspections.days.models import DayMove, RouteOrder
from joint_inspections.days.routing import Point, Stop, best_order, distance_km, length_km, place_by_hand
from joint_inspections.notices.queries import has_current_notice
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import BEFORE_VISIT, week_end
from supervision import clock
from supervision.inspectors.models import Inspector
from supervision.permissions import Actor
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import WorkCalendar


@dataclass(frozen=True, slots=True)
class RouteStop:
    """A visit with its turn: how far it is from the one before, and what its leader can do with it."""

    number: int
    visit: Visit
    exact: bool
    leg_km: float | None
    led: bool
    days: tuple[date, ...] = ()
    noticed: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """An inspector's day. ``serial`` is the change of order the page shows; ``shortest`` the computed way."""

    inspector: Inspector
    day: date
    stops: tuple[RouteStop, ...]
    km: float
    shortest: float
    by_hand: bool
    serial: int
    undoable: bool

    @property
    def rough(self) -> int:
        """How many stops are placed by their sub-district only."""
        return sum(not one.exact for one in self.stops)

    @property
    def led(self) -> list[RouteStop]:
        """The stops whose turn the inspector may change, in order."""
        return [one for one in self.stops if one.led and one.visit.state in BEFORE_VISIT]


def load_route(session: Session, viewer: Actor, inspector: Inspector, day: date) -> Route:
    """Return the route of an inspector's day as far as the viewer may see it."""
    visits = queries.list_visits(session, queries.seen_of(viewer, inspector), queries.between(day, day))
    places = queries.places_of(session, visits)
    computed = best_order([_stop(visit, places[visit.id][0]) for visit in visits])
    chosen = _by_hand(session, visits, day)
    ordered = computed
    for by_hand in chosen.values():
        ordered = place_by_hand(ordered, by_hand)
    newest = newest_order(session, inspector.id, day)
    own = viewer.inspector_id == inspector.id
    return Route(
        inspector=inspector,
        day=day,
        stops=_stops(session, ordered, {one.id: one for one in visits}, places, inspector=inspector if own else None),
        km=length_km(ordered),
        shortest=length_km(computed),
        by_hand=any(chosen.values()),
        serial=newest.serial if newest else 0,
        undoable=own and effective_serial(session, newest) > 0,
    )


def _stop(visit: Visit, point: Point | None) -> Stop:
    return Stop(visit.id, visit.entity.sub_district_code, point)


def _by_hand(session: Session, visits: Sequence[Visit], day: date) -> dict[int, list[int]]:
    """Return the order that each leader among the visits put theirs into, if any."""
    led: dict[int, set[int]] = {}
    for visit in visits:
        if visit.leader is not None:
            led.setdefault(visit.leader.inspector_id, set()).add(visit.id)
    found = {leader: newest_order(session, leader, day) for leader in sorted(led)}
    return {
        leader: [one for one in row.visit_ids if one in led[leader]] for leader, row in found.items() if row is not None
    }


def _stops(
    session: Session,
    ordered: Sequence[Stop],
    visits: dict[int, Visit],
    places: dict[int, tuple[Point | None, bool]],
    *,
    inspector: Inspector | None,
) -> tuple[RouteStop, ...]:
    legs = [None, *(_leg(one, other) for one, other in pairwise(ordered))]
    calendar = get_calendar(session) if inspector else None
    return tuple(
        _route_stop(
            session,
            visits[stop.visit_id],
            number=number,
            exact=places[stop.visit_id][1],
            leg_km=leg,
            led=inspector is not None and _led_by(visits[stop.visit_id], inspector),
            calendar=calendar,
        )
        for number, (stop, leg) in enumerate(zip(ordered, legs, strict=False), 1)
    )


def _route_stop(
    session: Session, visit: Visit, *, number: int, exact: bool, leg_km: float | None, led: bool,
    calendar: WorkCalendar | None,
) -> RouteStop:  # fmt: skip
    open_to_leader = led and calendar is not None and visit.state in BEFORE_VISIT
    return RouteStop(
        number=number,
        visit=visit,
        exact=exact,
        leg_km=leg_km,
        led=led,
        days=tuple(days_for(visit, calendar)) if open_to_leader and calendar else (),
        noticed=open_to_leader and has_current_notice(session, visit),
    )


def _led_by(visit: Visit, inspector: Inspector) -> bool:
    return visit.leader is not None and visit.leader.inspector_id == inspector.id


def _leg(one: Stop, other: Stop) -> float | None:
    return distance_km(one.point, other.point) if one.point and other.point else None


def days_for(visit: Visit, calendar: WorkCalendar) -> list[date]:
    """Return the days of this week onto which a visit can be put here: working days of its task, from today on.

    Later weeks are chosen on the visit's own page: there it leaves everybody's sight until its week (T13).
    """
    today, task = clock.today(), visit.task
    first, last = max(today, task.starts_on), min(week_end(today), task.ends_on)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if calendar.is_workday(day) and day != visit.planned_on]


def newest_order(session: Session, inspector_id: int, day: date) -> RouteOrder | None:
    """Return the order of a day that a leader chose last."""
    statement = sa.select(RouteOrder).where(RouteOrder.inspector_id == inspector_id, RouteOrder.day == day)
    return session.scalars(statement.order_by(RouteOrder.serial.desc()).limit(1)).first()


def order_at(session: Session, inspector_id: int, day: date, serial: int) -> RouteOrder | None:
    """Return one of the orders chosen so far."""
    return session.scalar(
        sa.select(RouteOrder).where(
            RouteOrder.inspector_id == inspector_id, RouteOrder.day == day, RouteOrder.serial == serial
        )
    )


def effective_serial(session: Session, order: RouteOrder | None) -> int:
    """Return the serial of the choice that holds: an undo brought an earlier one back, 0 is the computed order."""
    while order is not None and order.returns_to is not None:
        order = order_at(session, order.inspector_id, order.day, order.returns_to)
    return order.serial if order else 0


def find_last_move(session: Session, viewer: Actor) -> DayMove | None:
    """Return the viewer's newest change of a day in this week that can still be taken back."""
    if viewer.inspector_id is None:
        return None
    undone = sa.select(DayMove.undoes_id).where(DayMove.undoes_id.is_not(None))
    statement = (
        sa.select(DayMove)
        .where(DayMove.inspector_id == viewer.inspector_id, DayMove.undoes_id.is_(None), DayMove.id.not_in(undone))
        .order_by(DayMove.id.desc())
        .limit(1)
    )
    move = session.scalars(statement).first()
    return move if move is not None and _can_go_back(move, viewer) else None


def _can_go_back(move: DayMove, viewer: Actor) -> bool:
    visit, leader = move.visit, move.visit.leader
    stands = visit.planned_on == move.to_day and visit.state in BEFORE_VISIT
    leads = leader is not None and leader.inspector_id == viewer.inspector_id
    return stands and leads and clock.today() <= move.from_day <= week_end(clock.today())


def count_week(session: Session, viewer: Actor, inspector: Inspector, days: Sequence[date]) -> dict[date, int]:
    """Count an inspector's disclosed visits of each of the days."""
    found = queries.list_visits(session, queries.seen_of(viewer, inspector), queries.between(days[0], days[-1]))
    return {day: sum(one.planned_on == day for one in found) for day in days}
