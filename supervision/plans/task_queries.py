"""Reading tasks and the exclusions asked for in them. A department sees the tasks of own and joint plans."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.departments.models import Department
from supervision.errors import NotFound
from supervision.listing import ListQuery, Page, load_page
from supervision.permissions import Actor
from supervision.plans.models import Exclusion, ExclusionDecision, Plan, PlanParticipant, PlanVersion, Task
from supervision.plans.rules import PlanState, TaskSource, TaskState


def _task_scope(viewer: Actor) -> sa.ColumnElement[bool]:
    taking_part = sa.select(PlanParticipant.plan_version_id).where(
        PlanParticipant.department_id == viewer.department_id
    )
    concerned = sa.true() if viewer.sees_whole_district else Task.plan_version_id.in_(taking_part)
    return sa.and_(Task.source != TaskSource.ORDERED, concerned)


def find_overlapping(session: Session, plan_id: int, period: tuple[date, date]) -> Task | None:
    """Return a task of the plan that runs in some of the same days, whatever became of it."""
    statement = (
        sa.select(Task)
        .join(PlanVersion, PlanVersion.id == Task.plan_version_id)
        .where(PlanVersion.plan_id == plan_id, Task.starts_on <= period[1], Task.ends_on >= period[0])
        .order_by(Task.id)
        .limit(1)
    )
    return session.scalar(statement)


def get_task(session: Session, viewer: Actor, task_id: int) -> Task:
    """Return the task, or refuse when the viewer's department has no part in it."""
    task = session.scalar(sa.select(Task).where(Task.id == task_id, _task_scope(viewer)))
    if task is None:
        raise NotFound
    return task


def list_tasks(session: Session, viewer: Actor, query: ListQuery) -> Page[Task]:
    """List the tasks of own and joint plans with search, filters and sorting."""
    statement = sa.select(Task).join(Task.plan_version).join(PlanVersion.plan).where(_task_scope(viewer))
    if query.q:
        text = query.q
        statement = statement.where(
            sa.or_(Task.title.icontains(text, autoescape=True), Task.number.startswith(text, autoescape=True))
        )
    if state := query.filters.get("state"):
        statement = statement.where(Task.state == TaskState(state))
    if code := query.filters.get("department"):
        taking_part = sa.select(PlanParticipant.plan_version_id).join(Department).where(Department.code == code)
        statement = statement.where(Task.plan_version_id.in_(taking_part))
    if (year := query.filters.get("year", "")).isdigit():
        statement = statement.where(Plan.year == int(year))
    return load_page(
        session,
        statement,
        query,
        sorts={"number": Task.number, "title": Task.title, "starts_on": Task.starts_on, "ends_on": Task.ends_on},
        default_sort="-number",
        tie_breaker=Task.id,
    )


def list_tasks_of(session: Session, viewer: Actor, plan: Plan) -> Sequence[Task]:
    """List the tasks of one plan, newest first."""
    statement = sa.select(Task).join(Task.plan_version).where(PlanVersion.plan_id == plan.id, _task_scope(viewer))
    return session.scalars(statement.order_by(Task.number.desc())).all()


def list_tasks_to_prepare(session: Session, viewer: Actor) -> Sequence[Task]:
    """List the tasks of plans that the viewer's department leads and whose pool is not frozen yet."""
    statement = (
        sa.select(Task)
        .join(Task.plan_version)
        .join(PlanVersion.plan)
        .where(Task.state == TaskState.PREPARING, Plan.lead_department_id == viewer.department_id)
        .order_by(Task.starts_on, Task.id)
    )
    return session.scalars(statement).all()


def list_plans_without_task(session: Session, viewer: Actor, *, on: date) -> Sequence[PlanVersion]:
    """List the plans of the viewer's department that are in force, not over on a day, and have no task yet."""
    version = sa.orm.aliased(PlanVersion)
    begun = sa.select(version.plan_id).join(Task, Task.plan_version_id == version.id)
    statement = (
        sa.select(PlanVersion)
        .join(PlanVersion.plan)
        .where(
            PlanVersion.state == PlanState.PUBLISHED,
            Plan.lead_department_id == viewer.department_id,
            PlanVersion.ends_on >= on,
            PlanVersion.plan_id.not_in(begun),
        )
        .order_by(PlanVersion.starts_on, PlanVersion.id)
    )
    return session.scalars(statement).all()


def list_exclusions(session: Session, task: Task) -> Sequence[Exclusion]:
    """List the exclusions asked for in one task, in the order they were recorded."""
    return session.scalars(sa.select(Exclusion).where(Exclusion.task_id == task.id).order_by(Exclusion.id)).all()


def count_undecided(session: Session, task: Task) -> int:
    """Count the exclusions of a task that still wait for the head."""
    statement = (
        sa.select(sa.func.count())
        .select_from(Exclusion)
        .outerjoin(ExclusionDecision)
        .where(Exclusion.task_id == task.id, ExclusionDecision.exclusion_id.is_(None))
    )
    return session.scalar(statement) or 0


def get_exclusion(session: Session, task: Task, exclusion_id: int) -> Exclusion:
    """Return an exclusion of this task or refuse."""
    found = session.get(Exclusion, exclusion_id)
    if found is None or found.task_id != task.id:
        raise NotFound
    return found


def lock_state(session: Session, task: Task) -> TaskState:
    """Return the state of a task as it is now, held until the transaction ends."""
    session.flush()
    return session.scalars(sa.select(Task.state).where(Task.id == task.id).with_for_update()).one()
