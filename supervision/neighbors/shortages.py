"""Whether a department has enough inspectors for a task, counted before the freeze as the freeze itself counts."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from sampling.explanation import capacity
from sampling.rules import DepartmentRule, GroupTeams, Teams, VisitTeams
from sampling.teams import agents_of
from supervision.draws.rosters import Listed, build_roster, item_codes
from supervision.errors import NotFound
from supervision.neighbors.rules import OWN_MINIMUM, ROSTER_MINIMUM, Shortage
from supervision.parameters.queries import find_number
from supervision.plans.allocations import numbers_drawn
from supervision.plans.models import PlanVersion, Task
from supervision.plans.pools import build_pool
from supervision.plans.rules import TeamMode


def count_visits(session: Session, task: Task, *, on: date) -> int:
    """Count the visits a draw of the task would bring today."""
    pool = build_pool(session, task, on=on)
    return sum(numbers_drawn(task.plan_version.allocation, pool.strata).values())


def list_shortages(session: Session, task: Task, *, visits: int, on: date) -> list[Shortage]:
    """Say for each department what it needs and has, counted as the freeze of the pool counts."""
    version = task.plan_version
    roster = build_roster(session, task, on=on)
    rules = tuple(
        DepartmentRule(one.department.code, one.is_lead, one.per_team, item_codes(version, one.department_id))
        for one in version.participants
    )
    lines = [one.line for one in roster]
    figures = {one.department: one for one in capacity(_teams(version, rules), roster=lines, expected_units=visits)}
    minimum = find_number(session, "neighbor-roster-minimum", on=on, default=ROSTER_MINIMUM)
    own_minimum = find_number(session, "neighbor-own-minimum", on=on, default=OWN_MINIMUM)
    ids = {one.department.code: one.department_id for one in version.participants}
    found = []
    for rule in rules:
        own, lent = _own_and_lent(rule, roster)
        found.append(
            Shortage(
                department_id=ids[rule.code],
                department_code=rule.code,
                own=own,
                lent=lent,
                needed=figures[rule.code].needed,
                available=figures[rule.code].available,
                places=_places(version, visits),
                per_team=rule.per_team,
                roster_minimum=minimum if visits else 0,
                own_minimum=own_minimum,
            )
        )
    return found


def find_shortage(session: Session, task: Task, department_id: int, *, on: date) -> Shortage:
    """Return what one department of the task needs and has, or refuse: it takes no part."""
    for one in list_shortages(session, task, visits=count_visits(session, task, on=on), on=on):
        if one.department_id == department_id:
            return one
    raise NotFound


def _own_and_lent(rule: DepartmentRule, roster: Iterable[Listed]) -> tuple[int, int]:
    """Count the agents of a department: its own people, and those lent."""
    able = [one.lent for one in roster if agents_of(rule, [one.line])]
    return able.count(False), able.count(True)


def _places(version: PlanVersion, visits: int) -> int:
    """Return how many places one more inspector fills: one team of a group draw, else as many visits as allowed."""
    return min(visits, 1 if version.team_mode is TeamMode.GROUP else version.visit_cap)


def _teams(version: PlanVersion, rules: tuple[DepartmentRule, ...]) -> Teams:
    if version.team_mode is TeamMode.GROUP:
        return GroupTeams(rules, version.group_count or 1, version.group_capacity)
    return VisitTeams(rules)
