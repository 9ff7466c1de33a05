"""What a plan would mean if it were drawn today: pool, parts with chances, visits, capacity, overlaps, cautions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any  # things with name_zh and name_en of several tables

import sqlalchemy as sa
from sqlalchemy.orm import Session

from sampling.explanation import DepartmentCapacity, capacity
from sampling.rules import DepartmentRule, GroupTeams, Teams, VisitTeams
from sampling.tables import RosterLine
from supervision.departments.models import Department
from supervision.entities.models import EntityType, Industry, SubDistrict
from supervision.entities.rules import RiskClass
from supervision.inspectors.queries import list_eligible
from supervision.labels import N_
from supervision.parameters.models import Reason
from supervision.parameters.queries import list_reasons
from supervision.plans import readiness
from supervision.plans.allocations import ALL, UNCLASSIFIED, numbers_drawn
from supervision.plans.findings import Finding
from supervision.plans.models import PlanVersion, Task
from supervision.plans.overlaps import Overlap, find_overlaps
from supervision.plans.pools import Pool, build_pool
from supervision.plans.rules import Stratification, TeamMode

NAMED_BY: dict[Stratification, Any] = {
    Stratification.TYPE: EntityType,
    Stratification.INDUSTRY: Industry,
    Stratification.SUB_DISTRICT: SubDistrict,
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the pool (层) with what will be drawn from it."""

    code: str
    size: int
    drawn: int
    named: Any | None = None  # with name_zh and name_en
    label: str = ""  # message id where there is no name

    @property
    def chance(self) -> str:
        """Chance of each of its entities, as percent with two decimals."""
        return f"{self.drawn * 100 / self.size:.2f}" if self.size else "—"

    @property
    def certain(self) -> bool:
        """Whether everybody is drawn."""
        return self.size > 0 and self.drawn == self.size


@dataclass(frozen=True, slots=True)
class Capacity:
    """Whether a department has enough inspectors for the visits expected."""

    department: Department
    figures: DepartmentCapacity


@dataclass(frozen=True, slots=True)
class Preview:
    """All figures of one plan or task on one day."""

    pool: Pool
    reasons: list[tuple[Reason | None, str, int]]  # wording, code, count
    parts: list[Part]
    visits: int
    capacities: list[Capacity]
    overlaps: list[Overlap]
    obstacles: list[Finding]
    cautions: list[Finding]

    @property
    def findings(self) -> list[tuple[Finding, str]]:
        """What must be corrected, then what deserves a thought, each with its tone."""
        return [*((one, "danger") for one in self.obstacles), *((one, "warning") for one in self.cautions)]

    @property
    def short(self) -> list[Capacity]:
        """Departments that have too few inspectors."""
        return [one for one in self.capacities if not one.figures.sufficient]


def preview(session: Session, of: Task | PlanVersion, *, on: date, whole: bool = True) -> Preview:
    """Return the preview of a plan version or task; without ``whole`` capacity and overlaps are left out."""
    version = of.plan_version if isinstance(of, Task) else of
    pool = build_pool(session, of, on=on)
    drawn = numbers_drawn(version.allocation, pool.strata)
    visits = sum(drawn.values())
    first = max(of.starts_on, on)
    return Preview(
        pool=pool,
        reasons=named_reasons(session, pool.excluded_counts),
        parts=parts_of(session, version, pool.strata, drawn),
        visits=visits,
        capacities=_capacities(session, of, visits, first, max(of.ends_on, first)) if whole else [],
        overlaps=find_overlaps(session, version, on=on) if whole else [],
        obstacles=readiness.obstacles(session, version, pool, on=on),
        cautions=readiness.cautions(session, version, pool, on=on),
    )


def named_reasons(session: Session, counts: Mapping[str, int]) -> list[tuple[Reason | None, str, int]]:
    """Return every reason of the list that occurs, in the list's order, with its count."""
    known = {reason.code: reason for reason in list_reasons(session, "exclusion_reasons")}
    order = [*(code for code in known if code in counts), *sorted(counts.keys() - known.keys())]
    return [(known.get(code), code, counts[code]) for code in order]


def parts_of(session: Session, version: PlanVersion, sizes: Mapping[str, int], drawn: Mapping[str, int]) -> list[Part]:
    """Return the parts of a pool with their names, by code."""
    names = _names(session, version.stratification, sizes.keys())
    return [
        Part(code, size, drawn.get(code, 0), names.get(code), _label(version.stratification, code))
        for code, size in sorted(sizes.items())
    ]


def _names(session: Session, by: Stratification, codes: Collection[str]) -> dict[str, Any]:
    table = NAMED_BY.get(by)
    if table is None:
        return {}
    return {row.code: row for row in session.scalars(sa.select(table).where(table.code.in_(list(codes))))}


def _label(by: Stratification, code: str) -> str:
    if by is Stratification.RISK:
        return RiskClass(code).label if code in {one.value for one in RiskClass} else N_("Without a risk class")
    return N_("The whole pool") if code == ALL else (N_("Not stated") if code == UNCLASSIFIED else code)


def _capacities(session: Session, of: Task | PlanVersion, visits: int, first: date, last: date) -> list[Capacity]:
    version, number = (of.plan_version, of.number) if isinstance(of, Task) else (of, "")
    roster: list[RosterLine] = []
    rules: list[DepartmentRule] = []
    for row in version.participants:
        codes = [one.item.code for one in version.items if one.item.department_id == row.department_id]
        rules.append(DepartmentRule(row.department.code, row.is_lead, row.per_team))
        # certified and at work on the first day, and the certificate still valid on the last
        able = list_eligible(session, row.department_id, codes, on=first, task_number=number)
        roster += [
            RosterLine(one.certificate_number, row.department.code, cap=version.visit_cap, prior=0)
            for one in able
            if one.certificate_valid_until >= last
        ]
    departments = {row.department.code: row.department for row in version.participants}
    figures = capacity(_teams(version, tuple(rules)), roster=roster, expected_units=visits)
    return [Capacity(departments[one.department], one) for one in figures]


def _teams(version: PlanVersion, departments: tuple[DepartmentRule, ...]) -> Teams:
    if version.team_mode is TeamMode.GROUP:
        return GroupTeams(departments, version.group_count or 1, version.group_capacity)
    return VisitTeams(departments)
