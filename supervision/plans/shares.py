"""Whether a plan draws what the published list asks, and no more than general items allow (R-1.02, R-1.04, R-1.13).

However the number is fixed, by share, by number or in all, what counts is the share of the expected pool that would be
drawn. Rounding up (R-1.14) never makes a plan too large: every limit is rounded up part by part, as the draw rounds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from supervision.entities.rules import RiskClass
from supervision.items.rules import ItemCategory
from supervision.labels import N_
from supervision.parameters.queries import get_number
from supervision.plans.allocations import numbers_drawn, percent, rates_of
from supervision.plans.findings import Finding
from supervision.plans.models import PlanVersion
from supervision.plans.pools import Pool
from supervision.plans.rules import AllocationKind, DraftStep, Stratification

WHOLE = 10_000  # basis points


@dataclass(frozen=True, slots=True)
class Share:
    """What would be drawn of the expected pool, part by part."""

    drawn: Mapping[str, int]
    sizes: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many are drawn in all."""
        return sum(self.drawn.values())

    @property
    def pool(self) -> int:
        """How many are in the pool."""
        return sum(self.sizes.values())

    @property
    def basis_points(self) -> int:
        """The share in basis points, to the nearest."""
        return round(self.total * WHOLE / self.pool) if self.pool else 0

    def words(self) -> dict[str, object]:
        """Return the numbers a finding shows."""
        return {"drawn": self.total, "pool": self.pool, "share": percent(self.basis_points)}


def rounded_up(size: int, ratio: int) -> int:
    """Return how many a ratio in basis points means, rounded up as the draw does (R-1.14)."""
    return -(-size * ratio // WHOLE)


def highest_ratio(version: PlanVersion) -> int:
    """Return the highest ratio the published list asks for, in basis points."""
    ratios = [row.item.ratio_bp for row in version.items]
    return max([*ratios, version.joint_item.ratio_bp] if version.joint_item else ratios, default=0)


def obstacles(session: Session, version: PlanVersion, pool: Pool, *, on: date) -> list[Finding]:
    """Return a share that may not be sent: a class below the list, or general items above their ceiling."""
    share = _share(version, pool)
    return [*_class_obstacles(version, share), *_general_obstacles(session, version, share, on=on)]


def cautions(session: Session, version: PlanVersion, pool: Pool, *, on: date) -> list[Finding]:
    """Return what is unusual in the share; house defaults are never called law."""
    share = _share(version, pool)
    if not share.pool:
        return []
    if rates_of(version.allocation) and not _by_risk(version):
        return _rate_cautions(session, version, on=on)
    return _share_cautions(session, version, share, on=on)


def _share(version: PlanVersion, pool: Pool) -> Share:
    return Share(numbers_drawn(version.allocation, pool.strata), pool.strata)


def _by_risk(version: PlanVersion) -> bool:
    return version.stratification is Stratification.RISK


def _general(version: PlanVersion) -> bool:
    return not any(row.item.category is ItemCategory.KEY for row in version.items)


def _class_obstacles(version: PlanVersion, share: Share) -> list[Finding]:
    """A class may lie below the list only where the plan says that class rates replace the ratio (R-1.13)."""
    if not _by_risk(version) or version.class_rate_replaces:
        return []
    ratio = highest_ratio(version)
    rates = rates_of(version.allocation)
    if rates and min(rates) < ratio:
        message = N_(
            "The item list asks for %(ratio)s %%. Raise the lower class rates to it, or say under “How the "
            "pool is divided” that class rates replace the ratio of the items."
        )
        return [_found("class-rate-below-ratio", message, {"ratio": percent(ratio)}, rule="R-1.13", blocking=True)]
    message = N_(
        "Of class %(part)s %(drawn)s of %(size)s are drawn; the item list asks for %(ratio)s %%, which is %(needed)s. "
        "Raise the number, or say under “How the pool is divided” that class rates replace the ratio of the items."
    )
    found = []
    for part, size in share.sizes.items():
        needed, drawn = rounded_up(size, ratio), share.drawn[part]
        if drawn < needed:
            words = {"part": part, "drawn": drawn, "size": size, "needed": needed, "ratio": percent(ratio)}
            found.append(_found("class-number-below-ratio", message, words, rule="R-1.13", blocking=True))
    return found


def _general_obstacles(session: Session, version: PlanVersion, share: Share, *, on: date) -> list[Finding]:
    """The ratio of general items is strictly limited (R-1.04); where the limit lies is a default of the house."""
    if not _general(version) or not version.items:
        return []
    ceilings = {part: _ceiling(session, version, part, on=on) for part in share.sizes}
    most = sum(rounded_up(size, ceilings[part]) for part, size in share.sizes.items())
    if share.total <= most:
        return []
    message = N_(
        "The plan draws %(drawn)s of %(pool)s entities, %(share)s %%. The ratio of general items is strictly limited: "
        "at most %(most)s may be drawn here, by the ratio of the item list or the district's ceiling of %(ceiling)s "
        "%%, whichever is higher. That ceiling is a house default, not law; the coordinator can change it."
    )
    ceiling = percent(get_number(session, "ratio-general-high", on=on))
    words = {**share.words(), "most": most, "ceiling": ceiling}
    return [_found("general-share-above", message, words, rule="R-1.04", blocking=True)]


def _ceiling(session: Session, version: PlanVersion, part: str, *, on: date) -> int:
    """Return how much of a part of general items may be drawn; riskier classes are meant to be drawn more often."""
    classes = (part,) if _by_risk(version) else version.scope_of.risk_classes
    known = [one for one in classes if one in {risk.value for risk in RiskClass}]
    of_class = [get_number(session, f"ratio-risk-{one.lower()}", on=on) for one in known]
    return max(highest_ratio(version), get_number(session, "ratio-general-high", on=on), *of_class)


def _rate_cautions(session: Session, version: PlanVersion, *, on: date) -> list[Finding]:
    found, rates, ratio = [], rates_of(version.allocation), highest_ratio(version)
    if min(rates) < ratio:
        message = N_("Some rates lie below the %(ratio)s %% of the item list.")
        found.append(_found("rate-below-list", message, {"ratio": percent(ratio)}, rule="R-1.02"))
    low, high = _usual(session, version, on=on)
    if min(rates) < low or max(rates) > high:
        message = (
            N_("General items usually have %(low)s to %(high)s %%. This is a house default, not law.")
            if _general(version)
            else N_("Key items usually have %(low)s to %(high)s %%. This is a house default, not law.")
        )
        words = {"low": percent(low), "high": percent(high)}
        found.append(_found("rate-unusual", message, words, rule="R-1.18"))
    return found


def _share_cautions(session: Session, version: PlanVersion, share: Share, *, on: date) -> list[Finding]:
    found, ratio = [], highest_ratio(version)
    needed = rounded_up(share.pool, ratio)
    if share.total < needed:
        message = N_(
            "The plan draws %(drawn)s of %(pool)s entities, %(share)s %%. The item list asks for %(ratio)s %%, which "
            "is %(needed)s."
        )
        words = {**share.words(), "ratio": percent(ratio), "needed": needed}
        found.append(_found("share-below-list", message, words, rule="R-1.02"))
    if version.allocation["kind"] == AllocationKind.COUNT and not _by_risk(version):
        found += _part_cautions(share, ratio)
    low, high = _usual(session, version, on=on)
    most = sum(rounded_up(size, high) for size in share.sizes.values())
    # the list's own ratio decides; what is usual is only worth a word where the list has none
    if share.total >= needed and not rounded_up(share.pool, low) <= share.total <= most:
        message = (
            N_(
                "The plan draws %(drawn)s of %(pool)s entities, %(share)s %%. General items usually have %(low)s to "
                "%(high)s %%. This is a house default, not law."
            )
            if _general(version)
            else N_(
                "The plan draws %(drawn)s of %(pool)s entities, %(share)s %%. Key items usually have %(low)s to "
                "%(high)s %%. This is a house default, not law."
            )
        )
        words = {**share.words(), "low": percent(low), "high": percent(high)}
        found.append(_found("share-unusual", message, words, rule="R-1.18"))
    return found


def _part_cautions(share: Share, ratio: int) -> list[Finding]:
    below = [part for part, size in share.sizes.items() if share.drawn[part] < rounded_up(size, ratio)]
    if not below or len(share.sizes) == 1:
        return []
    message = N_("In %(count)s of %(parts)s parts fewer are drawn than the %(ratio)s %% of the item list.")
    words = {"count": len(below), "parts": len(share.sizes), "ratio": percent(ratio)}
    return [_found("part-below-list", message, words, rule="R-1.02")]


def _usual(session: Session, version: PlanVersion, *, on: date) -> tuple[int, int]:
    kind = "general" if _general(version) else "key"
    low, high = (get_number(session, f"ratio-{kind}-{end}", on=on) for end in ("low", "high"))
    return low, high


def _found(code: str, message: str, words: Mapping[str, object], *, rule: str, blocking: bool = False) -> Finding:
    return Finding(code, message, DraftStep.NUMBERS, blocking=blocking, rule=rule, parameters=words)
