"""The second check of the yearly caps, when an inspection is approved (R-1.18, R-1.19); the first is at the freeze.

Counted are the random inspections of the calendar year over all departments: visits of the platform that have begun or
are approved, and what departments' own systems reported as drawn. Two draws may have met the same enterprise: of their
inspections the one approved second is barred. The freeze cannot do that, because draws are sealed (docs/adr/0007).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, lazyload, selectinload

from joint_inspections.collected.facts import collected_of
from joint_inspections.visits.models import CapOverride, Visit
from joint_inspections.visits.queries import disclosed
from joint_inspections.visits.rules import CapSum, VisitKind, VisitState, cap_sums
from supervision import clock
from supervision.entities.models import Entity
from supervision.items.models import Item
from supervision.listing import ListQuery, Page
from supervision.parameters.queries import get_number
from supervision.permissions import Actor, Permission
from supervision.plans.models import PlanItem, Task


@dataclass(frozen=True, slots=True)
class CapCheck:
    """How an inspection stands against the yearly caps. The first sum is over all departments."""

    year: int
    sums: tuple[CapSum, ...]
    overrides: tuple[CapOverride, ...]

    @property
    def counted(self) -> int:
        """Random inspections of the entity this year, without this one."""
        return self.sums[0].counted if self.sums else 0

    @property
    def over(self) -> tuple[CapSum, ...]:
        """The sums that this inspection would exceed."""
        return tuple(one for one in self.sums if one.over)

    @property
    def override(self) -> CapOverride | None:
        """The decision of oversight that lets it through: one made when no less had been counted."""
        held = (one for one in self.overrides if one.year == self.year and one.counted >= self.counted)
        return next(held, None)

    @property
    def blocks(self) -> bool:
        """Whether the inspection may not be approved now."""
        return bool(self.over) and self.override is None


def hold_entities(session: Session, visits: Iterable[Visit]) -> None:
    """Let visits of two draws to one enterprise be approved one after the other: each counts for the other's cap.

    Held in the order of their ids, all at once where several are approved; what only refers to them goes on.
    """
    held = sa.select(Entity.id).where(Entity.id.in_({one.entity_id for one in visits}))
    session.execute(held.order_by(Entity.id).with_for_update(key_share=True))


def check_cap(session: Session, visit: Visit) -> CapCheck:
    """Return how one inspection stands against the caps of the year for which it is planned."""
    return check_caps(session, [visit])[visit.id]


def check_caps(session: Session, visits: Collection[Visit]) -> dict[int, CapCheck]:
    """Return how inspections stand against the caps, by visit: a handful of queries however many there are."""
    found: dict[int, CapCheck] = {}
    for year in sorted({one.planned_on.year for one in visits}):
        of_year = [one for one in visits if one.planned_on.year == year]
        counted = _Counted.of(session, {one.entity_id for one in of_year}, year=year)
        cap = get_number(session, "entity-yearly-cap", on=max(one.planned_on for one in of_year))
        overrides = _overrides(session, [one.id for one in of_year])
        for visit in of_year:
            if visit.kind is not VisitKind.RANDOM:
                # complaints, referrals, leads and emergencies are not bound by the caps
                found[visit.id] = CapCheck(year, (), ())
                continue
            item_caps = {one.item.code: one.item.max_per_year for one in visit.plan_version.items}
            # an approved visit is among those counted; against the cap it stands beside the others
            own = int(visit.state is VisitState.APPROVED)
            by_item = {
                code: number - own for code, number in counted.items[visit.entity_id].items() if code in item_caps
            }
            sums = cap_sums(counted.visits[visit.entity_id] - own, by_item, cap=cap, item_caps=item_caps)
            found[visit.id] = CapCheck(year, sums, tuple(overrides[visit.id]))
    return found


@dataclass(frozen=True, slots=True)
class _Counted:
    visits: Mapping[int, int]
    items: Mapping[int, Mapping[str, int]]

    @classmethod
    def of(cls, session: Session, entity_ids: Collection[int], *, year: int) -> "_Counted":
        visits: Counter[int] = Counter()
        items: defaultdict[int, Counter[str]] = defaultdict(Counter)
        used = _used_in(year), Visit.entity_id.in_(entity_ids)
        for entity, number in session.execute(
            sa.select(Visit.entity_id, sa.func.count()).where(*used).group_by(Visit.entity_id)
        ):
            visits[entity] += number
        for entity, code, number in session.execute(
            sa.select(Visit.entity_id, Item.code, sa.func.count())
            .join(Task, Task.id == Visit.task_id)
            .join(PlanItem, PlanItem.plan_version_id == Task.plan_version_id)
            .join(Item, Item.id == PlanItem.item_id)
            .where(*used)
            .group_by(Visit.entity_id, Item.code)
        ):
            items[entity][code] += number
        for fact in collected_of(session, entity_ids, year=year):
            visits[fact.entity_id] += 1
            items[fact.entity_id].update(fact.item_codes)
        return cls(visits, items)


def _used_in(year: int) -> sa.ColumnElement[bool]:
    """Random visits begun in the year, or approved for a day of it: two approved in one week count for each other."""
    first, after = clock.begin_of(date(year, 1, 1)), clock.begin_of(date(year + 1, 1, 1))
    begun = sa.and_(Visit.visited_at >= first, Visit.visited_at < after)
    approved = sa.and_(
        Visit.state == VisitState.APPROVED, Visit.planned_on.between(date(year, 1, 1), date(year, 12, 31))
    )
    return sa.and_(Visit.kind == VisitKind.RANDOM, sa.or_(begun, approved))


def _overrides(session: Session, visit_ids: Iterable[int]) -> Mapping[int, Sequence[CapOverride]]:
    statement = sa.select(CapOverride).where(CapOverride.visit_id.in_(visit_ids)).order_by(CapOverride.id.desc())
    found: defaultdict[int, list[CapOverride]] = defaultdict(list)
    for one in session.scalars(statement):
        found[one.visit_id].append(one)
    return found


def count_over_cap(session: Session, viewer: Actor) -> int:
    """Count the inspections of :func:`list_over_cap`, without their teams."""
    return len(_barred(session, viewer))


def list_over_cap(session: Session, viewer: Actor, query: ListQuery) -> Page[tuple[Visit, CapCheck]]:
    """List the disclosed inspections that the cap bars from approval, for oversight to decide on; earliest first."""
    barred = _barred(session, viewer)
    return Page(barred[query.offset : query.offset + query.size], len(barred))


def _barred(session: Session, viewer: Actor) -> list[tuple[Visit, CapCheck]]:
    """Compare every disclosed inspection that waits for approval; what is barred is known only from the sums."""
    if not viewer.may(Permission.CAP_OVERRIDE):
        return []
    waiting = session.scalars(
        sa.select(Visit)
        .where(disclosed(), Visit.state == VisitState.ASSIGNED)
        .order_by(Visit.planned_on, Visit.id)
        .options(lazyload(Visit.members), selectinload(Visit.entity).lazyload("*"))
    ).all()
    checks = check_caps(session, waiting)
    return [(one, checks[one.id]) for one in waiting if checks[one.id].blocks]
