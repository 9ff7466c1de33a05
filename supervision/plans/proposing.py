"""What the platform proposes to draw, before anybody has typed a number."""

from datetime import date
from typing import Any  # allocations are JSON of the draw protocol

from sqlalchemy.orm import Session

from supervision.parameters.queries import get_number
from supervision.plans.allocations import ALL, count_allocation, numbers_drawn, rate_allocation, total_allocation
from supervision.plans.models import PlanVersion
from supervision.plans.pools import build_pool
from supervision.plans.rules import AllocationKind, Stratification
from supervision.plans.shares import highest_ratio


def propose_allocation(session: Session, version: PlanVersion, *, kind: AllocationKind, on: date) -> dict[str, Any]:
    """Propose an allocation from the ratios of the items, or from the house's rates of the risk classes."""
    sizes = build_pool(session, version, on=on).strata
    if version.stratification is Stratification.NONE:
        sizes = {ALL: sizes.get(ALL, 0)}  # the one part is named even while nobody is in the pool
    rates = {part: _proposed_rate(session, version, part, on=on) for part in sizes}
    by_rate = rate_allocation(rates, otherwise=highest_ratio(version))
    if kind is AllocationKind.RATE:
        return by_rate
    counts = numbers_drawn(by_rate, sizes)
    if kind is AllocationKind.COUNT:
        return count_allocation(counts, otherwise=0)
    return total_allocation(sum(counts.values()), {})


def _proposed_rate(session: Session, version: PlanVersion, part: str, *, on: date) -> int:
    ratio = highest_ratio(version)
    if version.stratification is not Stratification.RISK or part not in "ABCD":
        return ratio
    of_class = get_number(session, f"ratio-risk-{part.lower()}", on=on)
    return of_class if version.class_rate_replaces else max(of_class, ratio)
