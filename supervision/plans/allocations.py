"""Parts of a pool and the numbers to be drawn from them (draw protocol, section 4).

An allocation is kept as the protocol wants it, plus ``otherwise``: the rule for parts that appear in the register only
after the plan was approved. It is fixed and published with the plan, so nobody chooses it later.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any  # allocations are JSON of the draw protocol

from sampling.rules import CountAllocation, Rate, RateAllocation, TotalAllocation
from sampling.strata import allocate
from supervision.plans.rules import AllocationKind

ALL = "all"  # the one stratum of a pool that is not divided
UNCLASSIFIED = "U"  # stratum of entities without a risk class
DIVISION_LENGTH = 3  # section letter and two digits: 大类 of GB/T 4754


def stratum_of_industry(code: str, prefixes: Sequence[str]) -> str:
    """Return the part an industry belongs to: the longest limit of the scope it lies under, else its division."""
    fitting = [prefix for prefix in prefixes if code.startswith(prefix)]
    return max(fitting, key=len) if fitting else code[:DIVISION_LENGTH]


def allocation_for(allocation: Mapping[str, Any], strata: Iterable[str]) -> dict[str, Any]:
    """Return ``allocation`` as ``rules.json`` wants it for the strata a frozen pool really has."""
    if allocation["kind"] == AllocationKind.TOTAL:
        weights = {s: w for s, w in allocation.get("weights", {}).items() if s in set(strata)}
        return {"kind": "total", "total": allocation["total"], "weights": weights}
    ruled, otherwise = allocation["strata"], allocation["otherwise"]
    return {"kind": allocation["kind"], "strata": {s: dict(ruled.get(s, otherwise)) for s in sorted(set(strata))}}


def rate_allocation(rates: Mapping[str, int], *, otherwise: int) -> dict[str, Any]:
    """Return an allocation by share, in basis points."""
    return {
        "kind": "rate",
        "strata": {stratum: {"rate_bp": rate} for stratum, rate in sorted(rates.items())},
        "otherwise": {"rate_bp": otherwise},
    }


def count_allocation(counts: Mapping[str, int], *, otherwise: int) -> dict[str, Any]:
    """Return an allocation by number."""
    return {
        "kind": "count",
        "strata": {stratum: {"count": count} for stratum, count in sorted(counts.items())},
        "otherwise": {"count": otherwise},
    }


def total_allocation(total: int, weights: Mapping[str, int]) -> dict[str, Any]:
    """Return an allocation of one number in all, spread by size and weight."""
    return {"kind": "total", "total": total, "weights": dict(sorted(weights.items()))}


def rates_of(allocation: Mapping[str, Any]) -> list[int]:
    """Return every rate an allocation names, in basis points; none when it is not by share."""
    if allocation["kind"] != AllocationKind.RATE:
        return []
    return [rule["rate_bp"] for rule in (*allocation["strata"].values(), allocation["otherwise"])]


def percent(basis_points: int) -> str:
    """Write basis points as percent without needless zeros: 300 is 3, 50 is 0.5."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


def numbers_drawn(allocation: Mapping[str, Any], sizes: Mapping[str, int]) -> dict[str, int]:
    """Return how many the engine will draw from each part of a pool of these sizes."""
    fitted = allocation_for(allocation, sizes)
    if fitted["kind"] == AllocationKind.RATE:
        rates = {part: Rate(rule["rate_bp"], rule.get("min", 0)) for part, rule in fitted["strata"].items()}
        return allocate(sizes, RateAllocation(rates))
    if fitted["kind"] == AllocationKind.COUNT:
        return allocate(sizes, CountAllocation({part: rule["count"] for part, rule in fitted["strata"].items()}))
    return allocate(sizes, TotalAllocation(fitted["total"], fitted["weights"]))
