"""Reading publications: the newest version of each is what the public sees; older ones stay readable under it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, lazyload

from joint_inspections.results.models import Publication, Withdrawal
from joint_inspections.results.rules import Wording, Wordings
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import of_department
from joint_inspections.visits.rules import FALLEN_AWAY, VisitState
from supervision import clock
from supervision.departments.models import Department
from supervision.draws.models import Draw
from supervision.errors import NotFound
from supervision.items.models import ResultCode
from supervision.listing import ListQuery, Page, load_page
from supervision.parameters.queries import list_reasons
from supervision.permissions import Actor, Permission
from supervision.plans.models import PlanParticipant, Task


def _newest() -> sa.ColumnElement[bool]:
    newer = aliased(Publication)
    return ~sa.exists().where(newer.visit_id == Publication.visit_id, newer.version_no > Publication.version_no)


def list_publications(session: Session, query: ListQuery) -> Page[Publication]:
    """List what is published, newest first; a withdrawn one carries its ``withdrawal``.

    Search by name, credit code or number; filters department (code), problem (yes, no), since and until (ISO days).
    """
    statement = sa.select(Publication).where(_newest())
    if query.q:
        # a credit code stands in the snapshot itself: the register may have changed since
        statement = statement.where(
            sa.or_(
                Publication.entity_name.contains(query.q, autoescape=True),
                Publication.number == query.q,
                Publication.content.contains(f'"unit_id":"{query.q.upper()}"', autoescape=True),
            )
        )
    for condition in _filters(query):
        statement = statement.where(condition)
    return load_page(
        session,
        statement,
        query,
        sorts={
            "published_at": Publication.published_at,
            "visited_on": Publication.visited_on,
            "entity": Publication.entity_name,
        },
        default_sort="-published_at",
        tie_breaker=Publication.id,
    )


def _filters(query: ListQuery) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if code := query.filters.get("department"):
        drawn = (
            sa.select(Draw.id)
            .join(Task, Task.id == Draw.task_id)
            .join(PlanParticipant, PlanParticipant.plan_version_id == Task.plan_version_id)
            .join(Department, Department.id == PlanParticipant.department_id)
            .where(Department.code == code)
        )
        found.append(Publication.draw_id.in_(drawn))
    if problem := query.filters.get("problem"):
        found.append(Publication.has_problem.is_(problem == "yes"))
    if since := _day(query.filters.get("since")):
        found.append(Publication.visited_on >= since)
    if until := _day(query.filters.get("until")):
        found.append(Publication.visited_on <= until)
    return found


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def get_publication(session: Session, number: str) -> Publication:
    """Return the newest version published under a number, or refuse."""
    found = session.scalar(sa.select(Publication).where(Publication.number == number, _newest()))
    if found is None:
        raise NotFound
    return found


def list_versions(session: Session, number: str) -> Sequence[Publication]:
    """List every version published under a number, newest first."""
    statement = sa.select(Publication).where(Publication.number == number).order_by(Publication.version_no.desc())
    return session.scalars(statement).unique().all()


def list_of_entity(session: Session, entity_id: int, *, limit: int = 100) -> Sequence[Publication]:
    """List what is published about an entity, newest visit first."""
    statement = (
        sa.select(Publication)
        .where(Publication.entity_id == entity_id, _newest())
        .order_by(Publication.visited_on.desc(), Publication.id.desc())
        .limit(limit)
    )
    return session.scalars(statement).unique().all()


def list_of_visit(session: Session, visit: Visit) -> Sequence[Publication]:
    """List every version published of a visit, newest first."""
    statement = sa.select(Publication).where(Publication.visit_id == visit.id).order_by(Publication.version_no.desc())
    return session.scalars(statement).unique().all()


@dataclass(frozen=True, slots=True)
class PublicCounts:
    """How many results are public now."""

    published: int
    with_problem: int
    withdrawn: int


def count_publications(session: Session) -> PublicCounts:
    """Count the newest versions: in force, those naming a problem, and those withdrawn."""
    withdrawn = sa.select(Withdrawal.publication_id)
    in_force = sa.select(Publication.id, Publication.has_problem).where(_newest(), Publication.id.not_in(withdrawn))
    found = in_force.subquery()
    published, problems = session.execute(
        sa.select(
            sa.func.count(), sa.func.coalesce(sa.func.sum(sa.cast(found.c.has_problem, sa.Integer)), 0)
        ).select_from(found)
    ).one()
    gone = session.scalar(
        sa.select(sa.func.count()).select_from(Publication).where(_newest(), Publication.id.in_(withdrawn))
    )
    return PublicCounts(published, problems, gone or 0)


def may_publish(viewer: Actor) -> bool:
    """Say whether the viewer's role publishes results: reviewers and leads ("who inspects, publishes", R-1.43)."""
    return viewer.may(Permission.RECORD_REVIEW) or viewer.may(Permission.PLAN_DRAFT)


def list_to_publish(session: Session, viewer: Actor, query: ListQuery) -> Page[Visit]:
    """List the approved records of the viewer's department that wait for publication, the one due first at the top."""
    allowed = of_department(viewer.department_id) if may_publish(viewer) else sa.false()
    statement = (
        sa.select(Visit)
        .where(Visit.state == VisitState.ACCEPTED, allowed)
        .options(joinedload(Visit.entity), lazyload(Visit.members))
    )
    return load_page(
        session,
        statement,
        query,
        sorts={"due": Visit.publish_due_on, "planned_on": Visit.planned_on},
        default_sort="due",
        tie_breaker=Visit.id,
    )


@dataclass(frozen=True, slots=True)
class Clock:
    """How a department stands against the publication deadline."""

    waiting: int
    overdue: int
    published: int


def count_clock(session: Session, viewer: Actor) -> Clock:
    """Count visits of the viewer's department not yet published, those overdue, and those published (zeros shown)."""
    scope = sa.true() if viewer.sees_whole_district else of_department(viewer.department_id)
    waiting = sa.and_(Visit.published_at.is_(None), Visit.visited_at.is_not(None), Visit.state.not_in(FALLEN_AWAY))
    row = session.execute(
        sa.select(
            sa.func.count().filter(waiting),
            sa.func.count().filter(sa.and_(waiting, Visit.publish_due_on < clock.today())),
            sa.func.count().filter(Visit.published_at.is_not(None)),
        ).where(scope)
    ).one()
    return Clock(*row)


def load_wordings(session: Session) -> Wordings:
    """Load the official words that publications quote."""
    return Wordings(
        results={
            one.code: Wording(one.code, one.name_zh, one.name_en) for one in session.scalars(sa.select(ResultCode))
        },
        outcomes=_words(session, "visit_outcomes"),
        corrections=_words(session, "correction_reasons"),
    )


def _words(session: Session, list_code: str) -> dict[str, Wording]:
    return {one.code: Wording(one.code, one.name_zh, one.name_en) for one in list_reasons(session, list_code)}
