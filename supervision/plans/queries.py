"""Reading plans. A department sees its own and joint work; what is published, everybody may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any  # select statements over any row type

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, lazyload, selectinload

from supervision import clock
from supervision.departments.models import Department
from supervision.errors import NotFound, WrongState
from supervision.listing import ListQuery, Page, load_page
from supervision.permissions import Actor
from supervision.plans import progress as progress_counts
from supervision.plans.models import Plan, PlanMessage, PlanParticipant, PlanVersion
from supervision.plans.rules import MOVED_ON, OPEN_STATES, PUBLIC_STATES, Agreement, PlanKind, PlanState

SORTS = {"number": Plan.number, "year": Plan.year, "title": PlanVersion.title, "starts_on": PlanVersion.starts_on}


# Which versions a person may know of


def sees_version(viewer: Actor, version: PlanVersion) -> bool:
    """Published versions are public; others are for the lead, for those asked to agree, coordinators and oversight."""
    if version.state is PlanState.ORDERED:
        return False
    if version.state in PUBLIC_STATES or viewer.sees_whole_district:
        return True
    if viewer.department_id is None:
        return False
    if version.plan.lead_department_id == viewer.department_id:
        return True
    return version.submitted_at is not None and takes_part(viewer, version)


def takes_part(viewer: Actor, version: PlanVersion) -> bool:
    """Say whether the viewer's department is in this version."""
    return any(one.department_id == viewer.department_id for one in version.participants)


def inside(viewer: Actor, version: PlanVersion) -> bool:
    """Say whether the viewer sees more of a version than the public does: risk classes, messages, history."""
    return viewer.sees_whole_district or takes_part(viewer, version)


def visible_versions(viewer: Actor, plan: Plan) -> list[PlanVersion]:
    """Return the versions this viewer may know of, oldest first."""
    return [version for version in plan.versions if sees_version(viewer, version)]


def get_plan(session: Session, viewer: Actor, plan_id: int) -> Plan:
    """Return the plan, or refuse when the viewer may not know of any version."""
    plan = session.get(Plan, plan_id)
    if plan is None or not visible_versions(viewer, plan):
        raise NotFound
    return plan


def get_version(session: Session, viewer: Actor, plan_id: int, *, version_no: int | None = None) -> PlanVersion:
    """Return one version, by default the newest the viewer may know of, or refuse."""
    versions = visible_versions(viewer, get_plan(session, viewer, plan_id))
    for version in reversed(versions):
        if version_no in (None, version.version_no):
            return version
    raise NotFound


def get_draft(session: Session, viewer: Actor, plan_id: int) -> PlanVersion:
    """Return the draft of a plan of the viewer's own department, or refuse: one sent meanwhile is no draft any more."""
    plan = session.get(Plan, plan_id)
    if plan is None or plan.lead_department_id != viewer.department_id:
        raise NotFound
    if plan.newest.state is not PlanState.DRAFT:
        raise WrongState("plan-state", MOVED_ON)
    return plan.newest


# Lists


_Other = sa.orm.aliased(PlanVersion)
_HIGHEST = sa.select(sa.func.max(_Other.version_no)).where(_Other.plan_id == Plan.id).correlate(Plan).scalar_subquery()
_NEWEST = sa.and_(PlanVersion.plan_id == Plan.id, PlanVersion.version_no == _HIGHEST)
# what stands behind an ordered inspection is no plan
_PLANNED = PlanVersion.state != PlanState.ORDERED
# lists show who takes part in a plan, not what is inspected
_WITHOUT_ITEMS = (
    selectinload(Plan.versions).options(
        lazyload(PlanVersion.items), lazyload(PlanVersion.item_list), lazyload(PlanVersion.plan)
    ),
)


def _own_or_joint(viewer: Actor) -> sa.ColumnElement[bool]:
    asked = (
        sa.select(PlanVersion.plan_id)
        .join(PlanParticipant)
        .where(
            PlanParticipant.department_id == viewer.department_id,
            sa.or_(PlanVersion.submitted_at.is_not(None), PlanVersion.state.in_(PUBLIC_STATES)),
        )
    )
    return sa.or_(Plan.lead_department_id == viewer.department_id, Plan.id.in_(asked))


def list_plans(session: Session, viewer: Actor, query: ListQuery) -> Page[Plan]:
    """List own and joint plans (all for coordinators and oversight) with search, filters and sorting."""
    statement = sa.select(Plan).join(PlanVersion, _NEWEST).where(_PLANNED).options(*_WITHOUT_ITEMS)
    if not viewer.sees_whole_district:
        statement = statement.where(_own_or_joint(viewer))
    return load_page(
        session,
        _filtered(statement, query),
        query,
        sorts={**SORTS, "open": _open_first()},
        default_sort="open",
        tie_breaker=-Plan.id,
    )


def _open_first() -> sa.Case[int]:
    """What somebody still has to do something about comes first, what is over last; within each the newest first."""
    return sa.case(
        (PlanVersion.state.in_(OPEN_STATES), 0),
        (sa.and_(PlanVersion.state == PlanState.PUBLISHED, PlanVersion.ends_on >= clock.today()), 1),
        else_=2,
    )


def _filtered(statement: sa.Select[Any], query: ListQuery) -> sa.Select[Any]:
    if query.q:
        text = query.q
        statement = statement.where(
            sa.or_(PlanVersion.title.icontains(text, autoescape=True), Plan.number.startswith(text, autoescape=True))
        )
    if (year := query.filters.get("year", "")).isdigit():
        statement = statement.where(Plan.year == int(year))
    if code := query.filters.get("department"):
        taking_part = sa.select(PlanParticipant.plan_version_id).join(Department).where(Department.code == code)
        statement = statement.where(PlanVersion.id.in_(taking_part))
    if kind := query.filters.get("kind"):
        statement = statement.where(Plan.kind == PlanKind(kind))
    if state := query.filters.get("state"):
        statement = statement.where(PlanVersion.state == PlanState(state))
    return statement


def list_years(session: Session) -> Sequence[int]:
    """List the years for which there are plans, newest first."""
    statement = sa.select(Plan.year).join(PlanVersion).where(_PLANNED).distinct().order_by(Plan.year.desc())
    return session.scalars(statement).all()


def list_to_answer(session: Session, viewer: Actor) -> Sequence[PlanVersion]:
    """List the joint plans that wait for the answer of the viewer's department."""
    statement = (
        sa.select(PlanVersion)
        .join(PlanParticipant)
        .where(
            PlanVersion.state == PlanState.AGREEING,
            PlanParticipant.department_id == viewer.department_id,
            PlanParticipant.agreement == Agreement.WAITING,
            ~PlanParticipant.is_lead,
        )
        .order_by(PlanVersion.submitted_at, PlanVersion.id)
    )
    return session.scalars(statement).all()


def list_to_approve(session: Session, viewer: Actor) -> Sequence[PlanVersion]:
    """List the plans that wait for the approval of the viewer's department's head."""
    return _own_versions(session, viewer, PlanState.SUBMITTED)


def list_drafts(session: Session, viewer: Actor) -> Sequence[PlanVersion]:
    """List the drafts of the viewer's department."""
    return _own_versions(session, viewer, PlanState.DRAFT)


def _own_versions(session: Session, viewer: Actor, state: PlanState) -> Sequence[PlanVersion]:
    statement = (
        sa.select(PlanVersion)
        .join(PlanVersion.plan)
        .options(contains_eager(PlanVersion.plan))
        .where(PlanVersion.state == state, Plan.lead_department_id == viewer.department_id)
        .order_by(PlanVersion.id)
    )
    return session.scalars(statement).all()


def list_messages(session: Session, viewer: Actor, plan: Plan) -> Sequence[PlanMessage]:
    """List the proposals to go together that a plan received or made, newest first; only for those inside."""
    if not inside(viewer, plan.newest):
        return []
    statement = (
        sa.select(PlanMessage)
        .where(sa.or_(PlanMessage.plan_id == plan.id, PlanMessage.from_plan_id == plan.id))
        .order_by(PlanMessage.id.desc())
    )
    return session.scalars(statement).all()


def list_open_elsewhere(session: Session, version: PlanVersion, *, on: date) -> Sequence[PlanVersion]:
    """List the published versions of other plans whose period overlaps this one and is not over on ``on``."""
    statement = (
        sa.select(PlanVersion)
        .where(
            PlanVersion.state == PlanState.PUBLISHED,
            PlanVersion.plan_id != version.plan_id,
            PlanVersion.starts_on <= version.ends_on,
            PlanVersion.ends_on >= max(version.starts_on, on),
        )
        .order_by(PlanVersion.id)
    )
    return session.scalars(statement).all()


# For the public


@dataclass(frozen=True, slots=True)
class PublishedPlan:
    """A plan as the public sees it: the version in force and all that were ever published, newest first.

    A version's ``published_json`` is safe to show: it holds no risk class.
    """

    plan: Plan
    current: PlanVersion
    versions: list[PlanVersion]


def list_published_plans(session: Session, query: ListQuery) -> Page[PlanVersion]:
    """List the versions in force, for the public: search, filters ``year``, ``department`` and ``kind``, sorting."""
    statement = (
        sa.select(PlanVersion)
        .join(PlanVersion.plan)
        .options(contains_eager(PlanVersion.plan), lazyload(PlanVersion.items), lazyload(PlanVersion.item_list))
        .where(PlanVersion.state == PlanState.PUBLISHED)
    )
    sorts = {**SORTS, "published_at": PlanVersion.published_at}
    return load_page(
        session,
        _filtered(statement, query),
        query,
        sorts=sorts,
        default_sort="-published_at",
        tie_breaker=PlanVersion.id,
    )


def get_published_plan(session: Session, number: str) -> PublishedPlan:
    """Return the plan with this number and its published versions, or refuse."""
    plan = session.scalar(sa.select(Plan).where(Plan.number == number))
    versions = [one for one in reversed(plan.versions) if one.state in PUBLIC_STATES] if plan else []
    if plan is None or not versions:
        raise NotFound
    return PublishedPlan(plan, plan.published or versions[0], versions)


# Counted by itself


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one department has come with one plan; zeros are shown."""

    plan: Plan
    version: PlanVersion
    department: Department
    planned: int
    drawn: int
    visited: int
    published: int


def progress(session: Session, viewer: Actor, *, year: int | None = None, plan_id: int | None = None) -> list[Progress]:
    """Return planned, drawn, visited and published per published plan and department the viewer may know of."""
    statement = sa.select(Plan).join(PlanVersion).where(PlanVersion.state == PlanState.PUBLISHED)
    if not viewer.sees_whole_district:
        statement = statement.where(_own_or_joint(viewer))
    if year is not None:
        statement = statement.where(Plan.year == year)
    if plan_id is not None:
        statement = statement.where(Plan.id == plan_id)
    plans = session.scalars(statement.order_by(Plan.number)).all()
    counted = progress_counts.counts(session, [plan.id for plan in plans])
    return [
        Progress(
            plan,
            version,
            row.department,
            version.planned_visits or 0,
            *counted.get((plan.id, row.department_id), (0, 0, 0)),
        )
        for plan in plans
        if (version := plan.published)
        for row in version.participants
    ]
