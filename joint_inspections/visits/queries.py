"""Reading visits. Nobody learns of a visit before its week, and then only those concerned (security sheet, T13)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload, selectinload

from joint_inspections.visits.blinding import not_hidden
from joint_inspections.visits.models import Recusal, Visit, VisitMember
from joint_inspections.visits.rules import (
    BEGUN,
    FALLEN_AWAY,
    RECORDED,
    MemberState,
    RecusalDecision,
    VisitKind,
    VisitState,
    week_end,
)
from supervision import clock
from supervision.departments.models import Department
from supervision.draws.models import Draw
from supervision.entities.models import Entity
from supervision.errors import NotFound
from supervision.listing import ListQuery, Page, load_page
from supervision.permissions import Actor, Permission
from supervision.plans.models import Plan, PlanParticipant, PlanVersion, Task

Condition = sa.ColumnElement[bool]
# what lists name as a visit's source, without all that comes along with it
SOURCES = (joinedload(Visit.draw).lazyload("*"), joinedload(Visit.task).lazyload("*"))


def disclosed() -> Condition:
    """Visits up to the end of this week; later ones are only counted, and not for inspectors."""
    return Visit.planned_on <= week_end(clock.today())


def of_department(department_id: int | None) -> Condition:
    """Visits under plans in which a department takes part."""
    tasks = (
        sa.select(Task.id)
        .join(PlanParticipant, PlanParticipant.plan_version_id == Task.plan_version_id)
        .where(PlanParticipant.department_id == department_id)
    )
    return Visit.task_id.in_(tasks)


def led_by(department_id: int | None) -> Condition:
    """Visits under plans that a department leads."""
    tasks = (
        sa.select(Task.id)
        .join(PlanVersion, PlanVersion.id == Task.plan_version_id)
        .join(Plan, Plan.id == PlanVersion.plan_id)
        .where(Plan.lead_department_id == department_id)
    )
    return Visit.task_id.in_(tasks)


def on_team(inspector_id: int | None) -> Condition:
    """Visits on whose team an inspector is now."""
    member = sa.select(VisitMember.visit_id).where(
        VisitMember.inspector_id == inspector_id, VisitMember.state != MemberState.REPLACED
    )
    return Visit.id.in_(member)


def managed_by(viewer: Actor) -> Condition:
    """Visits that a lead, a head, the coordinator or oversight answers for, disclosed or not."""
    if not (viewer.may(Permission.PLAN_VIEW) and viewer.may(Permission.VISIT_VIEW)):
        return sa.false()
    answered_for = sa.true() if viewer.sees_whole_district else of_department(viewer.department_id)
    return sa.and_(answered_for, not_hidden(Visit.id, viewer))


def visible_to(viewer: Actor) -> Condition:
    """Disclosed visits that concern the viewer: own team, own department's plans, records to review."""
    ways: list[Condition] = [managed_by(viewer)]
    if viewer.may(Permission.VISIT_INSPECT) and viewer.inspector_id is not None:
        ways.append(on_team(viewer.inspector_id))
    if viewer.may(Permission.RECORD_REVIEW):
        ways.append(sa.and_(Visit.state.in_(RECORDED), of_department(viewer.department_id)))
    return sa.and_(disclosed(), not_hidden(Visit.id, viewer), sa.or_(*ways))


def get_visit(session: Session, viewer: Actor, visit_id: int) -> Visit:
    """Return the visit, or refuse as if it did not exist."""
    found = session.scalar(sa.select(Visit).where(Visit.id == visit_id, visible_to(viewer)))
    if found is None:
        raise NotFound
    return found


def may_see(session: Session, viewer: Actor, visit_id: int) -> bool:
    """Say whether the viewer may know of a visit, for pages that name one only to those."""
    return session.scalar(sa.select(Visit.id).where(Visit.id == visit_id, visible_to(viewer))) is not None


def get_visit_for_change(session: Session, viewer: Actor, visit_id: int) -> Visit:
    """Return the visit as :func:`get_visit` does and hold its row, so that two people cannot take one step twice."""
    found = list_visits_for_change(session, viewer, [visit_id])
    if not found:
        raise NotFound
    return found[0]


def list_visits_for_change(session: Session, viewer: Actor, visit_ids: Collection[int]) -> Sequence[Visit]:
    """Return those of the visits that the viewer may see, their rows held.

    Their draws are held first, in the order of their ids: a replacement holds its draw before it changes visits.
    """
    chosen = Visit.id.in_(visit_ids)
    draws = sa.select(Draw.id).where(Draw.id.in_(sa.select(Visit.draw_id).where(chosen)))
    session.execute(draws.order_by(Draw.id).with_for_update())
    session.execute(sa.select(Visit.id).where(chosen).order_by(Visit.id).with_for_update())
    return session.scalars(
        sa.select(Visit)
        .where(chosen, visible_to(viewer))
        .order_by(Visit.planned_on, Visit.id)
        .execution_options(populate_existing=True)
    ).all()


def list_visits(session: Session, viewer: Actor, query: ListQuery) -> Page[Visit]:
    """List the disclosed visits a viewer answers for, newest day first."""
    statement = (
        sa.select(Visit)
        .join(Visit.entity)
        .where(disclosed(), managed_by(viewer))
        .options(joinedload(Visit.entity), *SOURCES, lazyload(Visit.members))
    )
    for condition in _filters(query):
        statement = statement.where(condition)
    return load_page(
        session,
        statement,
        query,
        sorts={
            "planned_on": Visit.planned_on,
            "number": Visit.number,
            "entity": Entity.sort_key,
            "state": Visit.state,
            "record_due": Visit.record_due_on,
        },
        default_sort="-planned_on",
        tie_breaker=Visit.id,
    )


def _filters(query: ListQuery) -> list[Condition]:
    found: list[Condition] = []
    if query.q:
        found.append(
            sa.or_(
                Entity.name.contains(query.q, autoescape=True),
                Entity.unit_id == query.q.upper(),
                Visit.number.contains(query.q, autoescape=True),
            )
        )
    if state := query.filters.get("state"):
        found.append(Visit.state == VisitState(state))
    if kind := query.filters.get("kind"):
        found.append(Visit.kind == VisitKind(kind))
    if code := query.filters.get("department"):
        department = sa.select(Department.id).where(Department.code == code).scalar_subquery()
        found.append(
            Visit.task_id.in_(
                sa.select(Task.id)
                .join(PlanParticipant, PlanParticipant.plan_version_id == Task.plan_version_id)
                .where(PlanParticipant.department_id == department)
            )
        )
    if query.filters.get("late"):
        today = clock.today()
        found.append(
            sa.or_(
                sa.and_(Visit.submitted_at.is_(None), Visit.record_due_on < today, Visit.state.not_in(FALLEN_AWAY)),
                sa.and_(Visit.published_at.is_(None), Visit.publish_due_on < today, Visit.state.not_in(FALLEN_AWAY)),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Counts:
    """How many visits there are: by state for those disclosed, one number for those still sealed."""

    by_state: dict[VisitState, int]
    later: int

    @property
    def disclosed(self) -> int:
        """Visits disclosed so far."""
        return sum(self.by_state.values())


def count_visits(session: Session, viewer: Actor) -> Counts:
    """Count the visits a viewer answers for; those of later weeks as one number, because more would tell."""
    rows = session.execute(
        sa.select(Visit.state, sa.func.count()).where(managed_by(viewer), disclosed()).group_by(Visit.state)
    )
    later = session.scalar(
        sa.select(sa.func.count()).select_from(Visit).where(managed_by(viewer), sa.not_(disclosed()))
    )
    return Counts({row[0]: row[1] for row in rows}, later or 0)


def awaiting_approval() -> Condition:
    """Visits that heads approve: before they begin, or in writing after an urgent one has begun (R-3.11)."""
    late = sa.and_(Visit.reported_at.is_not(None), Visit.approved_at.is_(None), Visit.state.in_(BEGUN))
    return sa.or_(Visit.state == VisitState.ASSIGNED, late)


def list_waiting_approvals(session: Session, viewer: Actor, *, limit: int = 500) -> Sequence[Visit]:
    """List the disclosed visits that wait for approvals and in which the head's department takes part, earliest first.

    Those that the own department has approved already are among them: others have yet to.
    """
    if not viewer.may(Permission.PLAN_APPROVE):
        return []
    statement = (
        sa.select(Visit)
        .where(disclosed(), of_department(viewer.department_id), awaiting_approval())
        .order_by(Visit.planned_on, Visit.id)
        .options(joinedload(Visit.entity), *SOURCES, selectinload(Visit.approvals))
        .limit(limit)
    )
    return session.scalars(statement).all()


def _recusals(viewer: Actor) -> sa.Select[Recusal]:
    department = sa.true() if viewer.sees_whole_district else VisitMember.department_id == viewer.department_id
    allowed = department if viewer.may(Permission.RECUSAL_DECIDE) else sa.false()
    return (
        sa.select(Recusal)
        .join(VisitMember, VisitMember.id == Recusal.member_id)
        .join(Visit, Visit.id == VisitMember.visit_id)
        .where(disclosed(), allowed)
        .options(joinedload(Recusal.member).joinedload(VisitMember.visit).joinedload(Visit.entity))
    )


def list_recusals(session: Session, viewer: Actor, *, waiting: bool, limit: int = 100) -> Sequence[Recusal]:
    """List the recusals that the head of a department decides or has decided."""
    # what was asked about a visit that has fallen away needs no answer any more
    state = sa.and_(Recusal.decision == RecusalDecision.WAITING, Visit.state.not_in(FALLEN_AWAY))
    order = (Recusal.due_on, Recusal.id) if waiting else (Recusal.decided_at.desc(), Recusal.id)
    statement = (
        _recusals(viewer)
        .where(state if waiting else Recusal.decision != RecusalDecision.WAITING)
        .order_by(*order)
        .limit(limit)
    )
    return session.scalars(statement).all()


def get_recusal(session: Session, viewer: Actor, recusal_id: int) -> Recusal:
    """Return the recusal for the head of the inspector's department, or refuse as if it did not exist."""
    found = session.scalar(_recusals(viewer).where(Recusal.id == recusal_id))
    if found is None:
        raise NotFound
    return found


def list_recusals_of_visit(session: Session, visit: Visit) -> Sequence[Recusal]:
    """List every recusal declared for a visit, oldest first."""
    statement = (
        sa.select(Recusal)
        .join(VisitMember, VisitMember.id == Recusal.member_id)
        .where(VisitMember.visit_id == visit.id)
        .order_by(Recusal.id)
    )
    return session.scalars(statement).all()


def list_visits_of_entity(session: Session, viewer: Actor, entity_id: int, *, limit: int = 50) -> Sequence[Visit]:
    """List the visits to an entity that a viewer may know of, newest first."""
    statement = (
        sa.select(Visit)
        .where(Visit.entity_id == entity_id, visible_to(viewer))
        .order_by(Visit.planned_on.desc(), Visit.id.desc())
        .options(lazyload(Visit.members), *SOURCES)
        .limit(limit)
    )
    return session.scalars(statement).all()


def count_visited(session: Session, entity_id: int, *, year: int, before_visit: int | None = None) -> tuple[int, int]:
    """Count the visits at an entity in a year so far, and the random ones, as the notice must state (R-3.04)."""
    statement = (
        sa.select(sa.func.count(), sa.func.count().filter(Visit.kind == VisitKind.RANDOM))
        .select_from(Visit)
        .where(
            Visit.entity_id == entity_id,
            Visit.visited_at >= clock.begin_of(date(year, 1, 1)),
            Visit.visited_at < min(clock.begin_of(date(year + 1, 1, 1)), clock.now()),
            Visit.id != (before_visit or 0),
        )
    )
    visited, drawn = session.execute(statement).one()
    return visited, drawn
