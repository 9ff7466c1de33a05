"""Section 4: how many units of each stratum, in exact integers."""

from collections.abc import Mapping

from sampling.errors import RulesError
from sampling.rules import BASIS_POINTS, Allocation, CountAllocation, RateAllocation, TotalAllocation


def allocate(sizes: Mapping[str, int], allocation: Allocation) -> dict[str, int]:
    """Give n for every stratum of the frame, sorted; `sizes` holds N. Rules for absent strata are ignored."""
    if isinstance(allocation, TotalAllocation):
        return _by_total(sizes, allocation)
    return {stratum: _alone(stratum, sizes[stratum], allocation) for stratum in sorted(sizes)}


def _alone(stratum: str, size: int, allocation: RateAllocation | CountAllocation) -> int:
    """Give n of one stratum: min(N, max(ceil(N·r/10000), m)), or min(N, c)."""
    ruled = allocation.rates if isinstance(allocation, RateAllocation) else allocation.counts
    if stratum not in ruled:
        raise RulesError("stratum-without-rule", stratum=stratum)
    if isinstance(allocation, CountAllocation):
        return min(size, allocation.counts[stratum])
    rate = allocation.rates[stratum]
    rounded_up = -(-size * rate.rate_bp // BASIS_POINTS)
    return min(size, max(rounded_up, rate.minimum))


def _by_total(sizes: Mapping[str, int], allocation: TotalAllocation) -> dict[str, int]:
    """Spread the total by largest remainder, closing strata that would have to give more than they hold."""
    given = dict.fromkeys(sorted(sizes), 0)
    weighted = {stratum: size * allocation.weights.get(stratum, 1) for stratum, size in sizes.items() if size}
    left = allocation.total
    while weighted:
        shares = _largest_remainder(weighted, left)
        full = [stratum for stratum in weighted if shares[stratum] > sizes[stratum]]
        # All that overflow close at once; the other shares of this round are discarded.
        closing = {stratum: sizes[stratum] for stratum in full} or shares
        given.update(closing)
        if not full:
            break
        left -= sum(closing.values())
        for stratum in full:
            del weighted[stratum]
    return given


def _largest_remainder(weighted: Mapping[str, int], left: int) -> dict[str, int]:
    """Share `left` in proportion to N·w; the rest to the largest remainders, ties to the smaller name."""
    whole = sum(weighted.values())
    shares = {stratum: left * part // whole for stratum, part in weighted.items()}
    by_remainder = sorted(weighted, key=lambda stratum: (-(left * weighted[stratum] % whole), stratum))
    for stratum in by_remainder[: left - sum(shares.values())]:
        shares[stratum] += 1
    return shares
