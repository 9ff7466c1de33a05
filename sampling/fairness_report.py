"""What a measurement on dummy seeds amounts to, in the numbers of a fairness certificate."""

import math
from collections.abc import Sequence

from sampling.fairness import InspectorCount, Measurement
from sampling.fairness_chances import (
    DepartmentChances,
    EmptyPlaces,
    FairnessReport,
    InspectorChances,
    Limits,
    PairChances,
    StratumChances,
)
from sampling.rules import BASIS_POINTS, DepartmentRule, GroupTeams, NoTeams, VisitTeams
from sampling.tables import RosterLine
from sampling.tails import chi_square_tail, corrected_statistic

MILLION = 1_000_000
_HUNDRED = 100
# A difference that dummy runs alone can make is no difference: four standard errors are left for it.
_ERRORS = 4


def report(measurement: Measurement, *, asked: int, limits: Limits) -> FairnessReport:
    """Put the counts into the report that is kept; `asked` is how many runs were wanted."""
    inputs = measurement.inputs
    ordered = sorted(inputs.rules.departments, key=lambda rule: rule.code)
    return FairnessReport(
        draw=inputs.rules.draw,
        inputs_digest=inputs.digest,
        recusals_known=inputs.ties_shown,
        confidential=inputs.rules.confidential,
        asked=asked,
        runs=measurement.runs,
        mode=_mode(measurement),
        to_draw=sum(measurement.counts.values()),
        limits=limits,
        strata=_strata(measurement),
        departments=tuple(_department(measurement, rule, limits) for rule in ordered),
        homeless_runs=measurement.homeless_runs,
        homeless_units=measurement.homeless,
    )


def _mode(measurement: Measurement) -> str:
    teams = measurement.inputs.rules.teams
    if isinstance(teams, NoTeams):
        return "none"
    return "visit" if isinstance(teams, VisitTeams) else "group"


def _strata(measurement: Measurement) -> tuple[StratumChances, ...]:
    """Compare in each stratum how often its units came up with the equal chance of all of them."""
    frame = measurement.inputs.frame
    by_stratum: dict[str, list[int]] = {stratum: [] for stratum in measurement.counts}
    for unit, stratum in zip(frame.units, frame.strata, strict=True):
        by_stratum[stratum].append(measurement.units[unit])
    return tuple(
        _stratum(name, counts, drawn=measurement.counts[name], runs=measurement.runs)
        for name, counts in by_stratum.items()
    )


def _stratum(name: str, counts: Sequence[int], *, drawn: int, runs: int) -> StratumChances:
    size, tail = len(counts), MILLION
    if 0 < drawn < size:
        statistic = corrected_statistic(counts, times=runs, chance=drawn / size)
        tail = round(chi_square_tail(statistic, size - 1) * MILLION)
    return StratumChances(
        stratum=name,
        size=size,
        drawn=drawn,
        lowest_bp=_share(min(counts), runs),
        highest_bp=_share(max(counts), runs),
        tail_ppm=tail,
    )


def _share(count: int, whole: int) -> int:
    return round(count * BASIS_POINTS / whole) if whole else 0


def _hundredths(count: int, whole: int) -> int:
    return round(count * _HUNDRED / whole) if whole else 0


def _department(measurement: Measurement, rule: DepartmentRule, limits: Limits) -> DepartmentChances:
    agents = measurement.agents[rule.code]
    counts = [measurement.inspectors[line.inspector] for line in agents]
    whole = measurement.runs * len(agents)
    visits, means = sum(count.visits for count in counts), _means(measurement, agents)
    listed = [line for line in measurement.inputs.roster if line.department == rule.code]
    qualified = {line.inspector for line in listed if line.is_qualified(rule.qualifications)}
    empty, (impossible, certain) = measurement.empty[rule.code], _thin(measurement, rule)
    base = min((line.prior for line in agents), default=0)
    return DepartmentChances(
        department=rule.code,
        listed=len(listed),
        per_team=rule.per_team,
        ideal_bp=_share(sum(count.drawn for count in counts), whole),
        ideal_visits=_hundredths(visits, whole),
        inspectors=tuple(
            _inspector(measurement, line, base=base, mean=means[line.prior], limits=limits) for line in agents
        ),
        unqualified=tuple(line.inspector for line in listed if line.inspector not in qualified),
        without_cap=tuple(line.inspector for line in listed if line.inspector in qualified and line.cap == 0),
        units_impossible=impossible,
        units_certain=certain,
        empty=EmptyPlaces(empty.runs, empty.places, empty.recused),
        pairs=_pairs(measurement, rule, limits),
    )


def _means(measurement: Measurement, agents: Sequence[RosterLine]) -> dict[int, float]:
    """Give the mean of expected visits among those who carry the same load: others come earlier or later by rule."""
    found: dict[int, list[int]] = {}
    for line in agents:
        found.setdefault(line.prior, []).append(measurement.inspectors[line.inspector].visits)
    return {prior: sum(visits) / len(visits) / measurement.runs for prior, visits in found.items()}


def _inspector(
    measurement: Measurement, line: RosterLine, *, base: int, mean: float, limits: Limits
) -> InspectorChances:
    count = measurement.inspectors[line.inspector]
    return InspectorChances(
        inspector=line.inspector,
        chance_bp=_share(count.drawn, measurement.runs),
        visits=_hundredths(count.visits, measurement.runs),
        carries=line.prior > base,
        apart=_is_apart(count, runs=measurement.runs, mean=mean, limits=limits),
    )


def _is_apart(count: InspectorCount, *, runs: int, mean: float, limits: Limits) -> bool:
    """Tell whether somebody's visits are further from the mean than the limit, and than dummy runs alone explain."""
    own = count.visits / runs
    error = math.sqrt(max(0.0, count.squares / runs - own * own) / runs)
    return abs(own - mean) > limits.gap_bp / BASIS_POINTS * mean + _ERRORS * error


def _thin(measurement: Measurement, rule: DepartmentRule) -> tuple[int, int]:
    """Count the units of the pool with too few inspectors left by recusals, and with no choice among those left."""
    if isinstance(measurement.inputs.rules.teams, GroupTeams):
        return 0, 0
    frame, agents = measurement.inputs.frame, measurement.agents[rule.code]
    recused = dict.fromkeys(frame.units, 0)
    for line in agents:
        for unit in measurement.tied.get(line.inspector, ()):
            if unit in recused:
                recused[unit] += 1
    left = [len(agents) - many for many in recused.values()]
    return sum(one < rule.per_team for one in left), sum(one == rule.per_team for one in left)


def _pairs(measurement: Measurement, rule: DepartmentRule, limits: Limits) -> PairChances:
    agents = [line.inspector for line in measurement.agents[rule.code]]
    ideal = min(BASIS_POINTS, _share(rule.per_team - 1, len(agents) - 1)) if len(agents) > 1 else 0
    shares = _pair_shares(measurement, frozenset(agents))
    allowed = max(limits.pair_bp, ideal) / BASIS_POINTS
    highest = max(shares, default=(0.0, 0.0, ()))
    return PairChances(
        ideal_bp=ideal,
        highest_bp=round(highest[0] * BASIS_POINTS),
        highest=highest[2],
        often=sum(share > allowed + _ERRORS * error for share, error, _ in shares),
    )


def _pair_shares(measurement: Measurement, agents: frozenset[str]) -> list[tuple[float, float, tuple[str, ...]]]:
    """Give each pair's share with its standard error."""
    found: list[tuple[float, float, tuple[str, ...]]] = []
    for pair, together in measurement.pairs.items():
        if pair[0] in agents:
            fewest = min(measurement.teams[pair[0]], measurement.teams[pair[1]])
            share = together / fewest
            found.append((share, math.sqrt(share * (1 - share) / fewest), pair))
    return found
