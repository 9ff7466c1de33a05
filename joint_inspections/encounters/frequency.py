"""How often an enterprise is visited, over all departments and kinds of visits.

A visit counts from the week in which it is disclosed: whoever is told a sum is about a visit of this week to the same
enterprise, so the sum says nothing of who is drawn for a later week. A later visit is counted when its own notice is
issued. What departments' own systems reported counts by department and day.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.collected.models import CollectedInspection
from joint_inspections.encounters.models import EncounterOverride, JointOffer
from joint_inspections.encounters.rules import (
    PARAMETERS,
    Ground,
    OfferState,
    Period,
    PeriodSum,
    doors,
    period_sums,
    span,
)
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import VisitState, week_end
from supervision import clock
from supervision.errors import NotFound
from supervision.parameters.queries import get_number


@dataclass(frozen=True, slots=True)
class Frequency:
    """How a visit stands against what is too often."""

    sums: tuple[PeriodSum, ...]
    strict: bool
    override: EncounterOverride | None = None

    @property
    def over(self) -> tuple[PeriodSum, ...]:
        """The periods in which this visit is one too many."""
        return tuple(one for one in self.sums if one.over)

    @property
    def blocks(self) -> bool:
        """Whether the visit may not go on without oversight."""
        return self.strict and bool(self.over) and self.override is None


# what holds in an installation whose parameters are older than this room
DEFAULTS = {
    "visits-per-day": 1,
    "visits-per-week": 2,
    "visits-per-month": 3,
    "too-frequent-blocks": 0,
    "fruitless-checks-stop": 3,
}


def number_on(session: Session, code: str, day: date) -> int:
    """Return a parameter of this room as it holds on a day."""
    try:
        return get_number(session, code, on=day)
    except NotFound:
        return DEFAULTS[code]


def allowed_on(session: Session, day: date) -> dict[Period, int]:
    """Return how many visits a period may have, as parameters say for a day."""
    return {period: number_on(session, code, day) for period, code in PARAMETERS.items()}


def check_frequency(session: Session, visit: Visit) -> Frequency:
    """Return how a visit stands on the day for which it is planned."""
    return check_frequencies(session, [visit])[visit.id]


def check_frequencies(session: Session, visits: Collection[Visit]) -> dict[int, Frequency]:
    """Return how visits stand, by visit: a handful of statements however many there are."""
    if not visits:
        return {}
    groups = groups_of(session, [one.id for one in visits])
    spans = [span(period, one.planned_on) for one in visits for period in Period]
    first, last = min(one[0] for one in spans), max(one[1] for one in spans)
    found = _Doors.of(session, {one.entity_id for one in visits}, first, last)
    days = {one.planned_on for one in visits}
    allowed, strict = {day: allowed_on(session, day) for day in days}, {day: _strict(session, day) for day in days}
    overrides = _overrides(session, [one.id for one in visits])
    checked = {}
    for visit in visits:
        day = visit.planned_on
        sums = period_sums(day, found.days(visit.entity_id, without=groups[visit.id]), allowed[day])
        checked[visit.id] = Frequency(sums, strict[day], _covering(overrides.get(visit.id, ()), day, sums))
    return checked


def check_entity(session: Session, entity_id: int, on: date) -> Frequency:
    """Return how one more visit to an enterprise would stand: for inspections that are ordered."""
    spans = [span(period, on) for period in Period]
    found = _Doors.of(session, {entity_id}, min(one[0] for one in spans), max(one[1] for one in spans))
    return Frequency(period_sums(on, found.days(entity_id), allowed_on(session, on)), _strict(session, on))


def _strict(session: Session, day: date) -> bool:
    return number_on(session, "too-frequent-blocks", day) == 1


def _overrides(session: Session, visit_ids: Collection[int]) -> Mapping[int, Sequence[EncounterOverride]]:
    """Return what was let through, newest first."""
    statement = sa.select(EncounterOverride).where(
        EncounterOverride.visit_id.in_(visit_ids), EncounterOverride.ground == Ground.FREQUENCY
    )
    found: defaultdict[int, list[EncounterOverride]] = defaultdict(list)
    for one in session.scalars(statement.order_by(EncounterOverride.id.desc())):
        found[one.visit_id].append(one)
    return found


def _covering(
    overrides: Iterable[EncounterOverride], day: date, sums: tuple[PeriodSum, ...]
) -> EncounterOverride | None:
    """Return the decision that covers these sums: given for this day when no less had been counted."""
    for one in overrides:
        given = {row["period"]: row["counted"] for row in one.sums}
        covers = all(given.get(sum_.period.value, -1) >= sum_.counted for sum_ in sums if sum_.over)
        if one.planned_on == day and covers:
            return one
    return None


def counted_visits() -> sa.ColumnElement[bool]:
    """Visits that were begun, or are approved for a day that those concerned may know of."""
    ahead = sa.and_(Visit.state == VisitState.APPROVED, Visit.planned_on <= week_end(clock.today()))
    return sa.or_(Visit.visited_at.is_not(None), ahead)


@dataclass(frozen=True, slots=True)
class _Doors:
    """What is known of the visits to some enterprises in a time, read at once."""

    visits: Mapping[int, Mapping[int, date]]
    pairs: Sequence[tuple[int, int]]
    reported: Mapping[int, Sequence[date]]

    @classmethod
    def of(cls, session: Session, entity_ids: Collection[int], first: date, last: date) -> "_Doors":
        """Read what was visited, is to be visited, and was reported by departments' own systems."""
        after = last + last.resolution
        begun = sa.and_(Visit.visited_at >= clock.begin_of(first), Visit.visited_at < clock.begin_of(after))
        ahead = sa.and_(Visit.visited_at.is_(None), Visit.planned_on.between(first, last))
        statement = sa.select(Visit.id, Visit.entity_id, Visit.planned_on, Visit.visited_at).where(
            counted_visits(), sa.or_(begun, ahead), Visit.entity_id.in_(entity_ids)
        )
        visits: defaultdict[int, dict[int, date]] = defaultdict(dict)
        for visit_id, entity_id, planned_on, visited_at in session.execute(statement.order_by(Visit.id)):
            visits[entity_id][visit_id] = clock.local(visited_at).date() if visited_at else planned_on
        by_department = (
            sa.select(
                CollectedInspection.entity_id, CollectedInspection.inspected_on, CollectedInspection.department_id
            )
            .where(CollectedInspection.entity_id.in_(entity_ids), CollectedInspection.inspected_on.between(first, last))
            .distinct()
        )
        reported: defaultdict[int, list[date]] = defaultdict(list)
        for entity_id, day, _department in session.execute(by_department):
            reported[entity_id].append(day)
        return cls(visits, _pairs(session, [one for known in visits.values() for one in known]), reported)

    def days(self, entity_id: int, *, without: Collection[int] = ()) -> list[date]:
        """Return the days on which an enterprise is or was visited; visits that go together are one."""
        known = [(one, day) for one, day in self.visits.get(entity_id, {}).items() if one not in without]
        return [*doors(known, self.pairs).values(), *self.reported.get(entity_id, ())]


def door_days(session: Session, entity_ids: Collection[int], first: date, last: date) -> Mapping[int, list[date]]:
    """Return the days on which enterprises are or were visited."""
    found = _Doors.of(session, entity_ids, first, last)
    return {one: found.days(one) for one in entity_ids}


def _pairs(session: Session, visit_ids: Collection[int]) -> list[tuple[int, int]]:
    statement = sa.select(JointOffer.visit_id, JointOffer.other_id).where(
        JointOffer.state == OfferState.ACCEPTED, JointOffer.visit_id.in_(visit_ids)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def joined_with(session: Session, visit_id: int) -> list[int]:
    """Return the visits that go through one door with this one, directly or through another."""
    return sorted(groups_of(session, [visit_id])[visit_id] - {visit_id})


def groups_of(session: Session, visit_ids: Collection[int]) -> dict[int, set[int]]:
    """Return for each visit all that go through one door, itself among them."""
    groups, ahead = {one: {one} for one in visit_ids}, set(visit_ids)
    known = set(ahead)
    while ahead:
        either = sa.or_(JointOffer.visit_id.in_(ahead), JointOffer.other_id.in_(ahead))
        pairs = session.execute(
            sa.select(JointOffer.visit_id, JointOffer.other_id).where(JointOffer.state == OfferState.ACCEPTED, either)
        )
        for one, other in pairs:
            merged = groups.get(one, {one}) | groups.get(other, {other})
            groups.update(dict.fromkeys(merged, merged))
        ahead = set(groups) - known
        known |= ahead
    return groups
