"""Reading published parts: the newest version of each is what the public sees; older ones stay readable under it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, lazyload

from joint_inspections.records.models import Section
from joint_inspections.results.models import PartDelay, PartWithdrawal, Publication, PublishedPart
from joint_inspections.results.rules import Lateness, Wording, Wordings
from joint_inspections.visits.blinding import not_hidden
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import led_by
from joint_inspections.visits.rules import FALLEN_AWAY, SectionState, VisitState
from supervision import clock
from supervision.departments.models import Department
from supervision.items.models import ResultCode
from supervision.listing import ListQuery, Page, load_page
from supervision.parameters.queries import list_reasons
from supervision.permissions import Actor, Permission
from supervision.plans.models import PlanVersion, Task
from supervision.plans.progress import Counts

Condition = sa.ColumnElement[bool]


_Newer = aliased(PublishedPart)
_NEWEST = ~sa.exists().where(
    _Newer.visit_id == PublishedPart.visit_id,
    _Newer.department_id == PublishedPart.department_id,
    _Newer.version_no > PublishedPart.version_no,
)
# written down once: public pages ask it often
_NEWEST_OF_VISITS = (
    sa.select(PublishedPart)
    .join(
        Section,
        sa.and_(Section.visit_id == PublishedPart.visit_id, Section.department_id == PublishedPart.department_id),
    )
    .where(PublishedPart.visit_id.in_(sa.bindparam("visit_ids", expanding=True)), _NEWEST)
    .order_by(PublishedPart.visit_id, Section.id)
)


def newest() -> Condition:
    """Return the condition of a part that no later version has replaced."""
    return _NEWEST


def in_force() -> Condition:
    """Return the condition of a part that is neither replaced nor withdrawn."""
    return sa.and_(newest(), PublishedPart.id.not_in(sa.select(PartWithdrawal.part_id)))


def list_newest(session: Session, visit_ids: Collection[int]) -> Sequence[PublishedPart]:
    """List the newest part of every department of these visits, in the order of the departments' sections."""
    return session.scalars(_NEWEST_OF_VISITS, {"visit_ids": list(visit_ids)}).unique().all()


def list_parts_of_visit(session: Session, visit: Visit) -> Sequence[PublishedPart]:
    """List every version of every part published of a visit, newest first."""
    statement = (
        sa.select(PublishedPart)
        .where(PublishedPart.visit_id == visit.id)
        .order_by(PublishedPart.version_no.desc(), PublishedPart.id.desc())
    )
    return session.scalars(statement).unique().all()


def list_parts(session: Session, number: str) -> Sequence[PublishedPart]:
    """List every version of every part published under the number of an inspection, newest first."""
    statement = (
        sa.select(PublishedPart)
        .where(PublishedPart.number == number)
        .order_by(PublishedPart.version_no.desc(), PublishedPart.id.desc())
    )
    return session.scalars(statement).unique().all()


def list_whole(session: Session, number: str) -> Sequence[Publication]:
    """List what was published under a number when results were still published whole, newest first."""
    statement = sa.select(Publication).where(Publication.number == number).order_by(Publication.version_no.desc())
    return session.scalars(statement).all()


def list_of_entity(session: Session, viewer: Actor, entity_id: int) -> Sequence[PublishedPart]:
    """List the newest parts published about an entity, newest visit first, but for visits a viewer looks at anew."""
    statement = (
        sa.select(PublishedPart)
        .where(PublishedPart.entity_id == entity_id, newest(), not_hidden(PublishedPart.visit_id, viewer))
        .order_by(PublishedPart.visited_on.desc(), PublishedPart.visit_id.desc(), PublishedPart.id)
    )
    return session.scalars(statement).unique().all()


@dataclass(frozen=True, slots=True)
class PublicCounts:
    """How many inspections the public can read of: at least one part, and those of which a part names a problem."""

    published: int
    with_problem: int


def count_publications(session: Session) -> PublicCounts:
    """Count the inspections of the public list and those that its filter "problem found" leaves."""
    inspections = sa.func.count(sa.distinct(PublishedPart.visit_id))
    published = session.scalar(sa.select(inspections))
    problems = session.scalar(sa.select(inspections).where(in_force(), PublishedPart.has_problem))
    return PublicCounts(published or 0, problems or 0)


def count_published_parts(session: Session, plan_ids: Collection[int]) -> Counts:
    """Count per plan and department the inspections of which that department has published its part."""
    statement = (
        sa.select(PlanVersion.plan_id, Section.department_id, sa.func.count())
        .select_from(Section)
        .join(Visit, Visit.id == Section.visit_id)
        .join(Task, Task.id == Visit.task_id)
        .join(PlanVersion, PlanVersion.id == Task.plan_version_id)
        .where(PlanVersion.plan_id.in_(plan_ids), Visit.state.not_in(FALLEN_AWAY), Section.published_at.is_not(None))
        .group_by(PlanVersion.plan_id, Section.department_id)
    )
    return {(plan, department): (0, 0, found) for plan, department, found in session.execute(statement)}


def may_publish(viewer: Actor) -> bool:
    """Say whether the viewer's post releases parts: reviewer, lead or head ("who inspects, publishes", R-1.43)."""
    return any(map(viewer.may, (Permission.RECORD_REVIEW, Permission.PLAN_DRAFT, Permission.PLAN_APPROVE)))


def waits_for(department_id: int | None) -> Condition:
    """Visits whose approved record a department has yet to release its part of."""
    waiting = sa.select(Section.visit_id).where(Section.department_id == department_id, Section.to_release)
    return sa.and_(Visit.state == VisitState.ACCEPTED, Visit.id.in_(waiting))


def answered() -> Condition:
    """Approved visits past their deadline, each part of which is public or has its department's reason (R-1.44)."""
    said = sa.exists().where(PartDelay.visit_id == Section.visit_id, PartDelay.department_id == Section.department_id)
    silent = sa.exists().where(Section.visit_id == Visit.id, Section.to_release, ~said)
    return sa.and_(Visit.state == VisitState.ACCEPTED, Visit.publish_due_on < clock.today(), ~silent)


def list_to_publish(session: Session, viewer: Actor, query: ListQuery) -> Page[Visit]:
    """List the approved records whose part the viewer's department has yet to release, the one due first at the top."""
    allowed = waits_for(viewer.department_id) if may_publish(viewer) else sa.false()
    chosen = sa.and_(allowed, not_hidden(Visit.id, viewer))
    statement = sa.select(Visit).where(chosen).options(joinedload(Visit.entity), lazyload(Visit.members))
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
    """How parts stand against the publication deadline: those of a department, or of all."""

    waiting: int
    overdue: int
    published: int
    # of the overdue, those whose department said why
    explained: int = 0


def count_clock(session: Session, viewer: Actor) -> Clock:
    """Count the parts of the viewer's department not yet published, those overdue, and those published (zeros shown).

    Whoever looks across the district counts the parts of all departments.
    """
    scope = sa.true() if viewer.sees_whole_district else Section.department_id == viewer.department_id
    waiting = sa.and_(Section.published_at.is_(None), Visit.state.not_in(FALLEN_AWAY))
    overdue = sa.and_(waiting, Visit.publish_due_on < clock.today())
    explained = sa.exists().where(
        PartDelay.visit_id == Section.visit_id, PartDelay.department_id == Section.department_id
    )
    row = session.execute(
        sa.select(
            sa.func.count().filter(waiting),
            sa.func.count().filter(overdue),
            sa.func.count().filter(Section.published_at.is_not(None)),
            sa.func.count().filter(sa.and_(overdue, explained)),
        )
        .select_from(Section)
        .join(Visit, Visit.id == Section.visit_id)
        .where(scope)
    ).one()
    return Clock(*row)


def list_delays(session: Session, visit_ids: Collection[int]) -> dict[tuple[int, int], PartDelay]:
    """Return the newest reason of a late publication by (visit, department)."""
    statement = sa.select(PartDelay).where(PartDelay.visit_id.in_(visit_ids)).order_by(PartDelay.id)
    return {(one.visit_id, one.department_id): one for one in session.scalars(statement)}


@dataclass(frozen=True, slots=True)
class LatePart:
    """A department that keeps an inspection from being finished: named to the lead and to oversight (R-1.44)."""

    visit: Visit
    department: Department
    what: Lateness
    due_on: date


def _late(viewer: Actor) -> Condition:
    """Sections past their deadline that the viewer answers for or must be told of."""
    today = clock.today()
    unsigned = sa.and_(
        Section.state == SectionState.OPEN, Visit.state == VisitState.ON_SITE, Visit.record_due_on < today
    )
    unreleased = sa.and_(Section.to_release, Visit.state == VisitState.ACCEPTED, Visit.publish_due_on < today)
    if viewer.sees_whole_district:
        allowed: Condition = sa.true()
    else:
        allowed = sa.or_(Section.department_id == viewer.department_id, led_by(viewer.department_id))
    return sa.and_(sa.or_(unsigned, unreleased), allowed)


def list_late(session: Session, viewer: Actor, query: ListQuery) -> Page[LatePart]:
    """List the departments late with a signature or a release, the longest first; filter ``department`` by code."""
    statement = (
        sa.select(Section)
        .join(Visit, Visit.id == Section.visit_id)
        .join(Department, Department.id == Section.department_id)
        .where(_late(viewer))
        .options(
            lazyload(Section.item_results), joinedload(Section.visit).joinedload(Visit.entity),
            joinedload(Section.visit).lazyload(Visit.members),
        )
    )  # fmt: skip
    if code := query.filters.get("department"):
        statement = statement.where(Department.code == code)
    due_on = sa.case((Section.to_release, Visit.publish_due_on), else_=Visit.record_due_on)
    sorts = {"due": due_on, "department": Department.code}
    page = load_page(session, statement, query, sorts=sorts, default_sort="due", tie_breaker=Section.id)
    return Page([_late_part(section) for section in page.items], page.total, page.capped)


def _late_part(section: Section) -> LatePart:
    visit = section.visit
    what = Lateness.RELEASE if section.to_release else Lateness.SIGNATURE
    due_on = visit.publish_due_on if section.to_release else visit.record_due_on
    return LatePart(visit, section.department, what, due_on or visit.planned_on)


def count_late(session: Session, viewer: Actor) -> list[tuple[Department, int]]:
    """Name the departments that are late, each with how often, the most often first."""
    counted = sa.func.count()
    statement = (
        sa.select(Department, counted)
        .join(Section, Section.department_id == Department.id)
        .join(Visit, Visit.id == Section.visit_id)
        .where(_late(viewer))
        .group_by(Department.id)
        .order_by(counted.desc(), Department.code)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


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
