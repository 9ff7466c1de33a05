"""Counting: results by code over what is published, and how plans have come along."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.records.models import Section
from joint_inspections.results.models import PublishedPart
from joint_inspections.results.queries import in_force
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import FALLEN_AWAY, VisitState
from reports.portal.facts import Named, named
from supervision import clock
from supervision.departments.models import Department
from supervision.items.models import ResultCode
from supervision.plans.models import PlanVersion, Task
from supervision.plans.queries import Progress


@dataclass(frozen=True, slots=True)
class ResultCount:
    """How often a result was published, by any department."""

    result: Named
    is_problem: bool
    count: int


def count_results(session: Session, *, year: int, department: str = "") -> list[ResultCount]:
    """Count department results of drawn visits of a year that are in force, in the official order; zeros too.

    Inspections ordered for a cause are no part of it: problems are found there more often. A department may name
    several results for one visit; each counts once.
    """
    statement = sa.select(PublishedPart.content).where(
        in_force(),
        PublishedPart.draw_id.is_not(None),
        PublishedPart.visited_on >= date(year, 1, 1),
        PublishedPart.visited_on <= date(year, 12, 31),
    )
    if department:
        statement = statement.where(
            PublishedPart.department_id.in_(sa.select(Department.id).where(Department.code == department))
        )
    counted: Counter[str] = Counter()
    for content in session.scalars(statement.execution_options(yield_per=500)):
        counted.update(word["code"] for word in json.loads(content)["department"]["results"])
    rows = session.scalars(sa.select(ResultCode).order_by(ResultCode.position, ResultCode.code))
    return [ResultCount(named(row), row.is_problem, counted[row.code]) for row in rows]


@dataclass(frozen=True, slots=True)
class DepartmentTotal:
    """What one department planned, drew, visited and published in all its plans."""

    department: Named
    planned: int
    drawn: int
    visited: int
    published: int


def total_by_department(rows: Iterable[Progress]) -> list[DepartmentTotal]:
    """Add the rows of plans up by department, in the order of their codes."""
    sums: dict[str, tuple[Named, Counter[str]]] = {}
    for row in rows:
        _, counted = sums.setdefault(row.department.code, (named(row.department), Counter()))
        for name in ("planned", "drawn", "visited", "published"):
            counted[name] += getattr(row, name)
    return [
        DepartmentTotal(department, counted["planned"], counted["drawn"], counted["visited"], counted["published"])
        for _, (department, counted) in sorted(sums.items())
    ]


def count_overdue(session: Session, rows: Iterable[Progress]) -> int:
    """Count the parts of these plans and departments that are not published although their deadline has passed."""
    asked = {(row.plan.id, row.department.id) for row in rows}
    statement = (
        sa.select(PlanVersion.plan_id, Section.department_id, sa.func.count())
        .select_from(Section)
        .join(Visit, Visit.id == Section.visit_id)
        .join(Task, Task.id == Visit.task_id)
        .join(PlanVersion, PlanVersion.id == Task.plan_version_id)
        .where(
            PlanVersion.plan_id.in_({plan_id for plan_id, _ in asked}),
            Section.published_at.is_(None),
            Visit.publish_due_on < clock.today(),
            Visit.state.not_in(FALLEN_AWAY),
        )
        .group_by(PlanVersion.plan_id, Section.department_id)
    )
    return sum(
        count for plan_id, department_id, count in session.execute(statement) if (plan_id, department_id) in asked
    )


def count_not_carried_out(session: Session, rows: Iterable[Progress]) -> int:
    """Count the inspections of these plans that were drawn and ended without being carried out (R-1.19, R-1.44)."""
    statement = (
        sa.select(sa.func.count())
        .select_from(Visit)
        .join(Task, Task.id == Visit.task_id)
        .join(PlanVersion, PlanVersion.id == Task.plan_version_id)
        .where(PlanVersion.plan_id.in_({row.plan.id for row in rows}), Visit.state == VisitState.NOT_CARRIED_OUT)
    )
    return session.scalar(statement) or 0
