"""Calendars: visits and days off, by inspector and by department, and where the two meet."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.days import queries
from joint_inspections.visits.models import Visit, VisitMember
from joint_inspections.visits.queries import on_team, visible_to
from joint_inspections.visits.rules import BEFORE_VISIT
from supervision import clock
from supervision.departments.models import Department
from supervision.inspectors.models import Absence, Inspector
from supervision.inspectors.rules import AbsenceKind
from supervision.permissions import Actor
from supervision.workdays.queries import get_calendar, list_exceptions
from supervision.workdays.rules import WorkCalendar


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of somebody: whether offices work, what the day is called, who is visited, why one is away."""

    day: date
    workday: bool
    name: str
    visits: tuple[Visit, ...]
    away: AbsenceKind | None

    @property
    def clash(self) -> bool:
        """Whether a visit that is still to be made lies on a day off."""
        return self.away is not None and any(one.state in BEFORE_VISIT for one in self.visits)


@dataclass(frozen=True, slots=True)
class Row:
    """The days of one inspector in a table of a department; ``weeks`` are visits by the Monday of their week."""

    inspector: Inspector
    cells: tuple[Cell, ...]
    weeks: Mapping[date, int]

    @property
    def total(self) -> int:
        """Visits in all these days."""
        return sum(self.weeks.values())


@dataclass(frozen=True, slots=True)
class Clash:
    """A visit still to be made on a day on which somebody of its team is away."""

    visit: Visit
    member: VisitMember
    absence: Absence


@dataclass(frozen=True, slots=True)
class Days:
    """What every row of a calendar shares."""

    calendar: WorkCalendar
    names: Mapping[date, str]


def day_of(visit: Visit) -> date:
    """Return the day of a visit: when the team was there, until then when it is planned."""
    return clock.local(visit.visited_at).date() if visit.visited_at else visit.planned_on


def load_own(session: Session, viewer: Actor, inspector: Inspector, days: Sequence[date]) -> Row:
    """Return an inspector's days as far as the viewer may see them."""
    visits = queries.list_visits(session, queries.seen_of(viewer, inspector), _around(days[0], days[-1]))
    return _rows(session, [inspector], visits, days)[0]


def load_department(session: Session, viewer: Actor, department: Department, days: Sequence[date]) -> list[Row]:
    """Return the days of every inspector of a department, for those who answer for its visits."""
    inspectors = queries.list_inspectors_of(session, viewer, department)
    visits = queries.list_visits(session, queries.managed(viewer), _around(days[0], days[-1]))
    return _rows(session, inspectors, visits, days)


def _around(first: date, last: date) -> sa.ColumnElement[bool]:
    visited = sa.and_(
        Visit.visited_at >= clock.begin_of(first), Visit.visited_at < clock.begin_of(last + timedelta(days=1))
    )
    return sa.or_(visited, sa.and_(Visit.visited_at.is_(None), queries.between(first, last)))


def _rows(
    session: Session, inspectors: Sequence[Inspector], visits: Iterable[Visit], days: Sequence[date]
) -> list[Row]:
    shared = Days(get_calendar(session), _names(session, days))
    taken: dict[int, dict[date, list[Visit]]] = defaultdict(lambda: defaultdict(list))
    for visit in visits:
        for member in visit.team_now:
            taken[member.inspector_id][day_of(visit)].append(visit)
    absences = list_absences(session, [one.id for one in inspectors], days[0], days[-1])
    return [_row(one, taken[one.id], absences[one.id], days=days, shared=shared) for one in inspectors]


def _names(session: Session, days: Sequence[date]) -> dict[date, str]:
    years = {day.year for day in days}
    return {one.day: one.name for year in years for one in list_exceptions(session, year)}


def _row(
    inspector: Inspector, taken: Mapping[date, Sequence[Visit]], absences: Sequence[Absence], *,
    days: Sequence[date], shared: Days,
) -> Row:  # fmt: skip
    cells = tuple(
        Cell(day, shared.calendar.is_workday(day), shared.names.get(day, ""), tuple(taken.get(day, ())),
             away_on(day, absences))
        for day in days
    )  # fmt: skip
    weeks: dict[date, int] = {}
    for cell in cells:
        monday = cell.day - timedelta(days=cell.day.weekday())
        weeks[monday] = weeks.get(monday, 0) + len(cell.visits)
    return Row(inspector, cells, weeks)


def away_on(day: date, absences: Iterable[Absence]) -> AbsenceKind | None:
    """Return why somebody is away on a day, None if they are not."""
    return next((one.kind for one in absences if one.starts_on <= day <= one.ends_on), None)


def list_absences(
    session: Session, inspector_ids: Iterable[int], first: date, last: date
) -> Mapping[int, list[Absence]]:
    """Return the absences of inspectors that touch the days from ``first`` to ``last``."""
    found: dict[int, list[Absence]] = defaultdict(list)
    statement = sa.select(Absence).where(
        Absence.inspector_id.in_(set(inspector_ids)), Absence.starts_on <= last, Absence.ends_on >= first
    )
    for one in session.scalars(statement.order_by(Absence.starts_on)):
        found[one.inspector_id].append(one)
    return found


def list_clashes(session: Session, viewer: Actor) -> list[Clash]:
    """List the visits to be made on a day off of somebody of the team, for who leads or answers for them.

    Only disclosed visits: whoever notes a day off must not learn from this page where a sealed one lies (T13).
    """
    visits = queries.list_visits(session, visible_to(viewer), *_to_be_made(viewer))
    ids = {one.inspector_id for visit in visits for one in visit.team_now}
    if not ids:
        return []
    absences = list_absences(session, ids, visits[0].planned_on, visits[-1].planned_on)
    return [
        Clash(visit, member, absence)
        for visit in visits
        for member in visit.team_now
        for absence in absences[member.inspector_id]
        if absence.starts_on <= visit.planned_on <= absence.ends_on and _concerns(viewer, visit, member)
    ]


def _to_be_made(viewer: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    own = on_team(viewer.inspector_id) if viewer.inspector_id is not None else sa.false()
    mine = sa.true() if queries.manages(viewer) else own
    return (Visit.state.in_(BEFORE_VISIT), Visit.planned_on >= clock.today(), mine)


def _concerns(viewer: Actor, visit: Visit, member: VisitMember) -> bool:
    """Say whose business it is: the leader's, the own, and of the department that sends the inspector."""
    leads = visit.leader is not None and visit.leader.inspector_id == viewer.inspector_id
    answers = queries.manages(viewer) and (viewer.sees_whole_district or viewer.department_id == member.department_id)
    return answers or (viewer.inspector_id is not None and (leads or member.inspector_id == viewer.inspector_id))


def list_visits_in(session: Session, viewer: Actor, inspector: Inspector, first: date, last: date) -> Sequence[Visit]:
    """List an inspector's disclosed visits still to be made on these days, for who decides about leave."""
    return queries.list_visits(
        session, queries.seen_of(viewer, inspector), queries.between(first, last), Visit.state.in_(BEFORE_VISIT)
    )
