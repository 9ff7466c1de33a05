"""What stands in the way of a plan, and what its makers should think about before they send it."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from supervision.beacons.queries import find_rule
from supervision.errors import RuleBroken
from supervision.items.rules import ListState
from supervision.labels import N_
from supervision.parameters.queries import get_number
from supervision.plans import deadlines, shares
from supervision.plans.allocations import numbers_drawn
from supervision.plans.findings import Finding
from supervision.plans.models import PlanVersion
from supervision.plans.pools import Pool
from supervision.plans.rules import DraftStep, TeamMode


def check(session: Session, version: PlanVersion, pool: Pool, *, on: date) -> None:
    """Refuse a version that may not be sent or approved, naming the first thing in the way."""
    for finding in obstacles(session, version, pool, on=on):
        raise RuleBroken(finding.code, finding.message, rule=finding.rule, **finding.parameters)


def obstacles(session: Session, version: PlanVersion, pool: Pool, *, on: date) -> list[Finding]:
    """Return what must be corrected before the version can be sent; ``pool`` is the expected one of the day."""
    found = [*_item_obstacles(version), *_team_obstacles(version)]
    if version.ends_on < on:
        found.append(
            Finding("period-over", N_("The period is over. Choose a later last day."), DraftStep.PERIOD, blocking=True)
        )
    if version.beacon_rule and find_rule(session, version.beacon_rule) is None:
        found.append(
            Finding(
                "beacon-rule-unknown",
                N_("The rule for the public value is not known here. Choose another source."),
                DraftStep.TEAMS,
                blocking=True,
            )
        )
    found += deadlines.obstacles(session, version, on=on)
    return [*found, *shares.obstacles(session, version, pool, on=on)]


def _item_obstacles(version: PlanVersion) -> list[Finding]:
    if not version.items:
        return [Finding("no-items", N_("Choose at least one item of the list."), DraftStep.ITEMS, blocking=True)]
    if version.item_list.state is not ListState.PUBLISHED:
        return [
            Finding(
                "list-superseded",
                N_("A newer item list has been published. Open “What is inspected” and save it again."),
                DraftStep.ITEMS,
                blocking=True,
                rule="R-1.01",
            )
        ]
    return [
        Finding(
            "item-suspended",
            N_("The item %(item)s is suspended and may not be inspected. Choose other items."),
            DraftStep.ITEMS,
            blocking=True,
            rule="R-1.01",
            parameters={"item": row.item.code},
        )
        for row in version.items
        if row.item.suspended
    ]


def _team_obstacles(version: PlanVersion) -> list[Finding]:
    found = []
    if version.team_mode is TeamMode.GROUP and not version.group_count:
        found.append(Finding("no-groups", N_("Say how many groups there shall be."), DraftStep.TEAMS, blocking=True))
    per_team = {row.department_id: row.per_team for row in version.participants}
    found += [
        Finding(
            "too-few-inspectors",
            N_("The item %(item)s asks for at least %(least)s inspectors of its department in each team."),
            DraftStep.TEAMS,
            blocking=True,
            rule="R-1.20",
            parameters={"item": row.item.code, "least": row.item.min_inspectors},
        )
        for row in version.items
        if per_team.get(row.item.department_id, 0) < row.item.min_inspectors
    ]
    return found


def cautions(session: Session, version: PlanVersion, pool: Pool, *, on: date) -> list[Finding]:
    """Return what is allowed but deserves a second look; house defaults are never called law."""
    drawn = numbers_drawn(version.allocation, pool.strata)
    return [
        *([] if deadlines.obstacles(session, version, on=on) else deadlines.cautions(session, version, on=on)),
        *shares.cautions(session, version, pool, on=on),
        *_pool_cautions(session, pool, drawn=drawn, on=on),
    ]


def _pool_cautions(session: Session, pool: Pool, *, drawn: Mapping[str, int], on: date) -> list[Finding]:
    if not pool.frame:
        return [
            Finding(
                "pool-empty",
                N_("Nobody is in the pool: the conditions contradict each other or are too narrow."),
                DraftStep.SCOPE,
            )
        ]
    found = []
    least = get_number(session, "pool-minimum", on=on)
    if len(pool.frame) < least:
        found.append(
            Finding(
                "pool-small",
                N_("The pool holds only %(count)s entities. Below %(least)s, chance hardly plays a part."),
                DraftStep.SCOPE,
                rule="R-1.12",
                parameters={"count": len(pool.frame), "least": least},
            )
        )
    certain = [part for part, size in pool.strata.items() if drawn[part] == size]
    if certain:
        found.append(
            Finding(
                "stratum-certain",
                N_("In %(count)s parts of the pool everybody is drawn: there is no chance left in them."),
                DraftStep.NUMBERS,
                rule="R-1.04",
                parameters={"count": len(certain)},
            )
        )
    if impossible := [part for part, number in drawn.items() if number == 0]:
        found.append(
            Finding(
                "stratum-impossible",
                N_("In %(count)s parts of the pool nobody is drawn."),
                DraftStep.NUMBERS,
                parameters={"count": len(impossible)},
            )
        )
    return found
