"""Who carries how much: visits, items, days and ways of the inspectors of a department, and how evenly."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.days import queries
from joint_inspections.days.calendars import day_of
from joint_inspections.days.routing import Stop, best_order, length_km
from joint_inspections.days.rules import gini
from joint_inspections.visits.models import Visit
from supervision.departments.models import Department
from supervision.draws.models import Draw
from supervision.inspectors.models import Inspector
from supervision.items.models import Item
from supervision.permissions import Actor
from supervision.plans.models import PlanItem, PlanVersion, Task


@dataclass(frozen=True, slots=True)
class Load:
    """What one inspector carried."""

    inspector: Inspector
    visits: int
    led: int
    items: int
    days: int
    km: float
    rough: bool


@dataclass(frozen=True, slots=True)
class DrawLoad:
    """What one draw gave to the department: places in teams, what each may expect of them, who has most, the cap."""

    number: str
    places: int
    roster: int
    most: int
    cap: int

    @property
    def expected(self) -> float:
        """Visits each inspector of the roster may expect: the lot treats all alike, up to the cap."""
        return min(self.places / self.roster, self.cap) if self.roster else 0.0


@dataclass(frozen=True, slots=True)
class Workload:
    """A department's workload in a period; those lent by a neighboring area are counted apart."""

    rows: tuple[Load, ...]
    draws: tuple[DrawLoad, ...]
    lent: tuple[Load, ...] = ()

    @property
    def mean(self) -> float:
        """Visits of one inspector on average."""
        return sum(one.visits for one in self.rows) / len(self.rows) if self.rows else 0.0

    @property
    def gini(self) -> float:
        """How unequally visits are spread."""
        return gini([one.visits for one in self.rows])

    @property
    def spread(self) -> tuple[int, int]:
        """Fewest and most visits of one inspector."""
        counts = [one.visits for one in self.rows] or [0]
        return min(counts), max(counts)


def load_workload(session: Session, viewer: Actor, department: Department, *, first: date, last: date) -> Workload:
    """Return what the inspectors on duty of a department carried from ``first`` to ``last``.

    Only disclosed visits count, so that no sum tells of a list still sealed (T13).
    """
    inspectors = queries.list_inspectors_of(session, viewer, department)
    visits = queries.list_visits(session, queries.managed(viewer), queries.between(first, last))
    own: dict[int, list[Visit]] = defaultdict(list)
    for visit in visits:
        for member in visit.team_now:
            own[member.inspector_id].append(visit)
    items = _items(session, visits, department)
    stops = _stops(session, visits)
    rows = tuple(_load(one, own[one.id], items=items, stops=stops) for one in inspectors)
    belonging = tuple(one for one in rows if one.inspector.lent_from_code is None)
    lent = tuple(one for one in rows if one.inspector.lent_from_code is not None)
    return Workload(belonging, tuple(_draws(session, visits, department)), lent)


def _items(session: Session, visits: Sequence[Visit], department: Department) -> Mapping[int, int]:
    """Count the department's items of each visit."""
    statement = (
        sa.select(Task.id, sa.func.count())
        .join(PlanItem, PlanItem.plan_version_id == Task.plan_version_id)
        .join(Item, Item.id == PlanItem.item_id)
        .where(Task.id.in_({one.task_id for one in visits}), Item.department_id == department.id)
        .group_by(Task.id)
    )
    by_task = {row[0]: row[1] for row in session.execute(statement)}
    return {one.id: by_task.get(one.task_id, 0) for one in visits}


def _stops(session: Session, visits: Sequence[Visit]) -> Mapping[int, tuple[Stop, bool]]:
    places = queries.places_of(session, visits)
    return {
        one.id: (Stop(one.id, one.entity.sub_district_code, places[one.id][0]), places[one.id][1]) for one in visits
    }


def _load(
    inspector: Inspector, visits: Sequence[Visit], *, items: Mapping[int, int], stops: Mapping[int, tuple[Stop, bool]]
) -> Load:
    days: dict[date, list[Stop]] = defaultdict(list)
    for visit in visits:
        days[day_of(visit)].append(stops[visit.id][0])
    return Load(
        inspector=inspector,
        visits=len(visits),
        led=sum(one.leader is not None and one.leader.inspector_id == inspector.id for one in visits),
        items=sum(items[one.id] for one in visits),
        days=len(days),
        km=sum(length_km(best_order(one)) for one in days.values()),
        rough=any(not stops[one.id][1] for one in visits),
    )


def _draws(session: Session, visits: Sequence[Visit], department: Department) -> list[DrawLoad]:
    places: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for visit in visits:
        for member in visit.team_now:
            if visit.draw_id is not None and member.department_id == department.id:
                places[visit.draw_id][member.inspector_id] += 1
    statement = (
        sa.select(Draw.id, Draw.number, Draw.roster_sizes, PlanVersion.visit_cap)
        .join(Task, Task.id == Draw.task_id)
        .join(PlanVersion, PlanVersion.id == Task.plan_version_id)
        .where(Draw.id.in_(places))
        .order_by(Draw.id.desc())
    )
    return [
        DrawLoad(
            number=row.number,
            places=sum(places[row.id].values()),
            roster=(row.roster_sizes.get(department.code) or [0])[-1],
            most=max(places[row.id].values()),
            cap=row.visit_cap,
        )
        for row in session.execute(statement)
    ]
