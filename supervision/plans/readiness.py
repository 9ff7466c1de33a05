"""What stands in the way of a plan, and what its makers should think about before they send it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from supervision.errors import RuleBroken
from supervision.items.rules import ItemCategory, ListState
from supervision.labels import N_
from supervision.parameters.queries import get_number
from supervision.plans.allocations import numbers_drawn, percent, rates_of
from supervision.plans.models import PlanVersion
from supervision.plans.pools import Pool
from supervision.plans.rules import DraftStep, Stratification, TeamMode


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to correct (``blocking``) or to think about, with the step where it is changed."""

    code: str
    message: str
    step: DraftStep
    blocking: bool = False
    rule: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)


def check(version: PlanVersion, *, on: date) -> None:
    """Refuse a version that may not be sent or approved, naming the first thing in the way."""
    for finding in obstacles(version, on=on):
        raise RuleBroken(finding.code, finding.message, rule=finding.rule, **finding.parameters)


def obstacles(version: PlanVersion, *, on: date) -> list[Finding]:
    """Return what must be corrected before the version can be sent."""
    found = [*_item_obstacles(version), *_team_obstacles(version)]
    if version.ends_on < on:
        found.append(
            Finding("period-over", N_("The period is over. Choose a later last day."), DraftStep.PERIOD, blocking=True)
        )
    ratio = highest_ratio(version)
    rates = rates_of(version.allocation)
    if _divided_by_risk(version) and not version.class_rate_replaces and rates and min(rates) < ratio:
        found.append(
            Finding(
                "class-rate-below-ratio",
                N_(
                    "The item list asks for %(ratio)s %%. Raise the lower class rates to it, or say under “How the "
                    "pool is divided” that class rates replace the ratio of the items."
                ),
                DraftStep.NUMBERS,
                blocking=True,
                rule="R-1.13",
                parameters={"ratio": percent(ratio)},
            )
        )
    return found


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
    return [*_rate_cautions(session, version, on=on), *_pool_cautions(session, pool, drawn=drawn, on=on)]


def _rate_cautions(session: Session, version: PlanVersion, *, on: date) -> list[Finding]:
    found: list[Finding] = []
    rates, ratio = rates_of(version.allocation), highest_ratio(version)
    if not rates or _divided_by_risk(version):
        return found
    if min(rates) < ratio:
        found.append(
            Finding(
                "rate-below-list",
                N_("Some rates lie below the %(ratio)s %% of the item list."),
                DraftStep.NUMBERS,
                rule="R-1.02",
                parameters={"ratio": percent(ratio)},
            )
        )
    key = any(row.item.category is ItemCategory.KEY for row in version.items)
    kind = "key" if key else "general"
    low, high = (get_number(session, f"ratio-{kind}-{end}", on=on) for end in ("low", "high"))
    if min(rates) < low or max(rates) > high:
        message = (
            N_("Key items usually have %(low)s to %(high)s %%. This is a house default, not law.")
            if key
            else N_("General items usually have %(low)s to %(high)s %%. This is a house default, not law.")
        )
        parameters = {"low": percent(low), "high": percent(high)}
        found.append(Finding("rate-unusual", message, DraftStep.NUMBERS, rule="R-1.18", parameters=parameters))
    return found


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


def highest_ratio(version: PlanVersion) -> int:
    """Return the highest ratio the published list asks for, in basis points."""
    ratios = [row.item.ratio_bp for row in version.items]
    return max([*ratios, version.joint_item.ratio_bp] if version.joint_item else ratios, default=0)


def _divided_by_risk(version: PlanVersion) -> bool:
    return version.stratification is Stratification.RISK
