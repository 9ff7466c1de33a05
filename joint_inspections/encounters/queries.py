"""Reading offers to go together, and enterprises visited too often."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload

from joint_inspections.encounters.frequency import allowed_on, counted_visits, door_days, joined_with
from joint_inspections.encounters.models import EncounterOverride, JointOffer
from joint_inspections.encounters.rules import OfferState, Period, span
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import disclosed, led_by, visible_to
from joint_inspections.visits.rules import BEFORE_VISIT, FALLEN_AWAY
from supervision import clock
from supervision.departments.models import Department
from supervision.entities.models import Entity
from supervision.errors import NotFound
from supervision.permissions import Actor, Permission


def find_matches(session: Session, visit: Visit) -> Sequence[Visit]:
    """Return other visits to the same enterprise that could go together with this one.

    Both are disclosed: whoever is told of the other knows already that this enterprise is about to be visited.
    """
    if visit.state not in BEFORE_VISIT:
        return []
    open_pairs = sa.select(JointOffer.id).where(
        JointOffer.pair.is_not(None),
        sa.or_(
            sa.and_(JointOffer.visit_id == visit.id, JointOffer.other_id == Visit.id),
            sa.and_(JointOffer.other_id == visit.id, JointOffer.visit_id == Visit.id),
        ),
    )
    own = sa.select(Visit.id).where(Visit.id == visit.id, disclosed()).exists()
    statement = sa.select(Visit).where(
        own,
        Visit.entity_id == visit.entity_id,
        Visit.id != visit.id,
        Visit.id.not_in(joined_with(session, visit.id)),
        Visit.state.in_(BEFORE_VISIT),
        disclosed(),
        ~open_pairs.exists(),
    )
    return session.scalars(statement.order_by(Visit.planned_on, Visit.id)).all()


def find_partners(session: Session, visit: Visit) -> Sequence[Visit]:
    """Return the visits that go through one door with this one."""
    ids = joined_with(session, visit.id)
    if not ids:
        return []
    statement = sa.select(Visit).where(Visit.id.in_(ids), Visit.state.not_in(FALLEN_AWAY), disclosed())
    return session.scalars(statement.order_by(Visit.id)).all()


def departments_of(visit: Visit) -> list[Department]:
    """Return the departments of a visit, the lead first."""
    bodies = sorted(visit.plan_version.participants, key=lambda one: (not one.is_lead, one.position))
    return [one.department for one in bodies]


def _offers(viewer: Actor) -> sa.Select[JointOffer]:
    """Offers of visits for which the viewer's department leads, or all for who sees the whole district."""
    if not viewer.may(Permission.PLAN_VIEW):
        return sa.select(JointOffer).where(sa.false())
    led = sa.select(Visit.id).where(led_by(viewer.department_id))
    scope = (
        sa.true() if viewer.sees_whole_district else sa.or_(JointOffer.visit_id.in_(led), JointOffer.other_id.in_(led))
    )
    # a visit put off to a later week is a secret again, and its offers with it
    shown = sa.select(Visit.id).where(disclosed())
    return sa.select(JointOffer).where(scope, JointOffer.visit_id.in_(shown), JointOffer.other_id.in_(shown))


def list_offers(session: Session, viewer: Actor, *, limit: int = 100) -> Sequence[JointOffer]:
    """List the offers of the viewer's department, those that wait first, newest first."""
    waiting = sa.case((JointOffer.state == OfferState.WAITING, 0), else_=1)
    entity = joinedload(JointOffer.visit).joinedload(Visit.entity)
    statement = _offers(viewer).options(entity).order_by(waiting, JointOffer.id.desc()).limit(limit)
    return session.scalars(statement).unique().all()


def get_offer(session: Session, viewer: Actor, offer_id: int) -> JointOffer:
    """Return an offer, or refuse as if it did not exist."""
    found = session.scalar(_offers(viewer).where(JointOffer.id == offer_id))
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class OfferCounts:
    """How offers ended, and how many doors were opened once instead of twice."""

    by_state: dict[OfferState, int]
    saved: int

    @property
    def made(self) -> int:
        """Offers made."""
        return sum(self.by_state.values())


def list_open_offers(session: Session, viewer: Actor, visit: Visit) -> Sequence[JointOffer]:
    """List the offers of or for a visit that wait for an answer, where the viewer's department has a part in them."""
    either = sa.or_(JointOffer.visit_id == visit.id, JointOffer.other_id == visit.id)
    statement = _offers(viewer).where(JointOffer.state == OfferState.WAITING, either)
    return session.scalars(statement.order_by(JointOffer.id)).all()


def count_offers(session: Session, viewer: Actor) -> OfferCounts:
    """Count the offers a viewer may see; a visit is saved when both inspections that went together took place."""
    rows = session.execute(
        _offers(viewer).with_only_columns(JointOffer.state, sa.func.count()).group_by(JointOffer.state)
    )
    by_state = {row[0]: row[1] for row in rows}
    begun = sa.select(Visit.id).where(Visit.visited_at.is_not(None))
    saved = _offers(viewer).where(
        JointOffer.state == OfferState.ACCEPTED, JointOffer.visit_id.in_(begun), JointOffer.other_id.in_(begun)
    )
    return OfferCounts(by_state, session.scalar(saved.with_only_columns(sa.func.count())) or 0)


def list_waiting_offers(session: Session, viewer: Actor) -> Sequence[JointOffer]:
    """List the offers that the viewer's department has to answer."""
    if not viewer.may(Permission.PLAN_DRAFT):
        return []
    led = sa.select(Visit.id).where(led_by(viewer.department_id), Visit.state.in_(BEFORE_VISIT))
    statement = _offers(viewer).where(JointOffer.state == OfferState.WAITING, JointOffer.other_id.in_(led))
    return session.scalars(statement.order_by(JointOffer.id)).all()


@dataclass(frozen=True, slots=True)
class Crowded:
    """An enterprise with more visits in a period than are allowed."""

    entity: Entity
    period: Period
    first: date
    last: date
    counted: int
    allowed: int
    departments: tuple[Department, ...]
    overrides: int


def list_crowded(session: Session, viewer: Actor, *, period: Period, day: date) -> list[Crowded]:
    """List the enterprises visited too often in the period of ``day``, for oversight; most visited first."""
    if not viewer.may(Permission.OVERSIGHT_VIEW):
        return []
    first, last = span(period, day)
    most = allowed_on(session, day)[period]
    known = sa.select(Visit.entity_id).where(counted_visits(), Visit.planned_on.between(first, last))
    days = door_days(session, _candidates(session, known, first, last), first, last)
    counts = Counter({entity: len(found) for entity, found in days.items() if len(found) > most})
    entities = {one.id: one for one in session.scalars(sa.select(Entity).where(Entity.id.in_(counts)))}
    return [
        _crowded(session, entities[entity], period, (first, last), counted=counted, allowed=most)
        for entity, counted in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    ]


def _candidates(session: Session, known: sa.Select[int], first: date, last: date) -> list[int]:
    begun = sa.select(Visit.entity_id).where(
        Visit.visited_at >= clock.begin_of(first), Visit.visited_at < clock.begin_of(last + last.resolution)
    )
    return sorted(set(session.scalars(known)) | set(session.scalars(begun)))


def _crowded(
    session: Session, entity: Entity, period: Period, days: tuple[date, date], *, counted: int, allowed: int
) -> Crowded:
    statement = (
        sa.select(Visit)
        .where(Visit.entity_id == entity.id, counted_visits(), Visit.planned_on.between(*days))
        .options(lazyload(Visit.members))
        .order_by(Visit.id)
    )
    visits = session.scalars(statement).all()
    departments = {body.id: body for visit in visits for body in departments_of(visit)}
    overrides = sa.select(sa.func.count()).where(EncounterOverride.visit_id.in_([one.id for one in visits]))
    return Crowded(entity, period, *days, counted, allowed, tuple(departments.values()), session.scalar(overrides) or 0)


def other_visits(session: Session, viewer: Actor, visit: Visit) -> list[tuple[Visit, bool]]:
    """Return the other visits of the month that count, each with whether the viewer may open its page."""
    first, last = span(Period.MONTH, visit.planned_on)
    partners = joined_with(session, visit.id)
    statement = sa.select(Visit, visible_to(viewer)).where(
        Visit.entity_id == visit.entity_id,
        Visit.id.not_in([visit.id, *partners]),
        counted_visits(),
        Visit.planned_on.between(first, last),
        disclosed(),
    )
    return [(row[0], bool(row[1])) for row in session.execute(statement.order_by(Visit.planned_on, Visit.id))]
