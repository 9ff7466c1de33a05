"""Would the tests notice? Honest and rigged years of draws, carried out by the engine and put to the tests of fairness.

An invented district: every draw takes 20 of 200 enterprises and sends two of twelve inspectors to each. Rigged in one
of three ways: a friend's enterprise is left out of the pool each time; a draw in which it comes up is thrown away and
repeated; an inspector is put onto one team by hand instead of another. All numbers follow from one seed.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from sampling.fairness_tests import Counts, outcomes, pair_counts
from sampling.hashing import PROTOCOL, lines_digest
from sampling.rules import DepartmentRule, Rules, TotalAllocation, VisitTeams
from sampling.seeds import ENTITIES
from sampling.selection import select
from sampling.tables import Frame, RosterLine
from sampling.tails import Distribution, chi_square_tail, corrected_statistic, holm, hypergeometric
from sampling.teams import Keys, form_teams

LABEL = f"{PROTOCOL} simulation"
HASH = "sha256"
STRATUM = "all"
DRAWN = 20
UNITS = tuple(f"U{number:04d}" for number in range(200))
GROUP_SIZES = (8, 12, 15, 15, 20, 20, 25, 25, 30, 30)
GROUPS = tuple(group for group, size in enumerate(GROUP_SIZES) for _ in range(size))
PEOPLE = tuple(f"I{number:02d}" for number in range(1, 13))
FRIEND = UNITS[0]
HELPER = PEOPLE[0]
ROSTER = tuple(RosterLine(name, "D", 20, 0) for name in PEOPLE)
RULES = Rules(
    hash_name=HASH,
    draw="simulation",
    strata="public",
    allocation=TotalAllocation(DRAWN, {}),
    reserve=0,
    teams=VisitTeams((DepartmentRule("D", lead=True, per_team=2),)),
)
# the kinds of tests; `one` is about an enterprise that was named before anybody looked, the others about all there are
KINDS = ("one", "spread", "units", "groups", "inspectors", "pairs")
TOGETHER = ("units", "groups", "inspectors", "pairs")
ALL = "all"
_PLACES = dict(zip(UNITS, GROUPS, strict=True))
HONEST = "honest"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one draw gave: the units drawn, and the inspectors who went to each."""

    units: tuple[str, ...]
    teams: tuple[tuple[str, ...], ...]
    thrown_away: int = 0


Draw = Callable[[str], Outcome]


def honest(seed: str) -> Outcome:
    """Draw as the protocol has it."""
    return _drawn(seed, UNITS)


def friend_removed(seed: str) -> Outcome:
    """Leave the friend out of the pool, then draw as the protocol has it."""
    return _drawn(seed, [unit for unit in UNITS if unit != FRIEND])


def redrawn(seed: str) -> Outcome:
    """Draw again and again until the friend is spared."""
    for attempt in range(1_000):
        outcome = _drawn(lines_digest(HASH, seed, str(attempt)), UNITS)
        if FRIEND not in outcome.units:
            return Outcome(outcome.units, outcome.teams, attempt)
    raise AssertionError


def swapped(seed: str) -> Outcome:
    """Put one inspector by hand onto the first team that does not have them, in place of another."""
    outcome = _drawn(seed, UNITS)
    teams = list(outcome.teams)
    place = next((number for number, team in enumerate(teams) if HELPER not in team), None)
    if place is not None:
        teams[place] = (HELPER, *teams[place][1:])
    return Outcome(outcome.units, tuple(teams))


SCENARIOS: dict[str, Draw] = {
    HONEST: honest,
    "friend-removed": friend_removed,
    "redrawn": redrawn,
    "swapped": swapped,
}


def _drawn(seed: str, units: Sequence[str]) -> Outcome:
    keys = Keys(HASH, seed)
    frame = Frame(units=tuple(units), strata=(STRATUM,) * len(units))
    found = select(frame, counts={STRATUM: DRAWN}, reserve=0, entity_key=keys.key(ENTITIES), hash_name=HASH)
    names = [row.unit for row in found.selected]
    formed = form_teams(RULES, keys=keys, roster=ROSTER, ties=(), units=names)
    teams = tuple(tuple(member.inspector for member in team.members) for team in formed.teams)
    return Outcome(tuple(names), teams)


@dataclass
class Year:
    """What a reader of the published figures has counted so far."""

    draws: int = 0
    thrown_away: int = 0
    units: Counter[str] = field(default_factory=Counter)
    groups: Counter[int] = field(default_factory=Counter)
    inspectors: Counts[str] = field(default_factory=Counts)
    pairs: Counts[tuple[str, str]] = field(default_factory=Counts)

    def add(self, outcome: Outcome) -> None:
        """Count one draw."""
        self.draws += 1
        self.thrown_away += outcome.thrown_away
        self.units.update(outcome.units)
        self.groups.update(_PLACES[unit] for unit in outcome.units)
        visits = Counter(member for team in outcome.teams for member in team)
        self.inspectors.add_equals({name: visits[name] for name in PEOPLE})
        for pairs in pair_counts(outcome.teams, [PEOPLE]):
            self.pairs.add_equals(pairs)

    def tails(self) -> dict[str, list[float]]:
        """Give the tails of every kind of test; units left out by decision count as if they were in the pool."""
        spread = corrected_statistic([self.units[unit] for unit in UNITS], times=self.draws, chance=DRAWN / len(UNITS))
        return {
            "one": [_times(self.draws, 1).two_sided(self.units[FRIEND])],
            "spread": [chi_square_tail(spread, len(UNITS) - 1)],
            "units": [_times(self.draws, 1).two_sided(self.units[unit]) for unit in UNITS],
            "groups": [
                _times(self.draws, size).two_sided(self.groups[group]) for group, size in enumerate(GROUP_SIZES)
            ],
            "inspectors": [one.tail for one in outcomes(self.inspectors)],
            "pairs": [one.tail for one in outcomes(self.pairs, only_often=True)],
        }

    def alarms(self, level: float) -> dict[str, bool]:
        """Say which kinds of tests give an alarm, each corrected for its number, and whether all together do."""
        tails = self.tails()
        together = [tail for kind in TOGETHER for tail in tails[kind]]
        return {kind: _least(own) < level for kind, own in tails.items()} | {ALL: _least(together) < level}


def _least(tails: Sequence[float]) -> float:
    return min(holm(tails))


@cache
def _times(draws: int, marked: int) -> Distribution:
    """Give the number of draws' hits on `marked` units; every draw of this district is alike."""
    one = hypergeometric(size=len(UNITS), marked=marked, drawn=DRAWN)
    return one if draws == 1 else _times(draws - 1, marked).plus(one)


@dataclass(frozen=True, slots=True)
class Power:
    """In how many of the simulated years each kind of test gave an alarm after a number of draws."""

    scenario: str
    draws: int
    years: int
    thrown_away: int
    alarms: Mapping[str, int]

    def share(self, kind: str) -> float:
        """Give the share of years with an alarm."""
        return self.alarms[kind] / self.years


def simulate(
    scenario: str,
    *,
    seed: str,
    years: int,
    looks: Sequence[int],
    level: float,
    progress: Callable[[int], None] | None = None,
) -> list[Power]:
    """Simulate years of draws and look at each after `looks` draws."""
    alarms = {look: Counter[str]() for look in looks}
    thrown_away = Counter[int]()
    for number in range(years):
        year = Year()
        for place in range(1, max(looks) + 1):
            year.add(SCENARIOS[scenario](lines_digest(HASH, LABEL, seed, scenario, str(number), str(place))))
            if place in alarms:
                alarms[place].update(kind for kind, found in year.alarms(level).items() if found)
                thrown_away[place] += year.thrown_away
        if progress is not None:
            progress(number + 1)
    return [
        Power(scenario, look, years, thrown_away[look], {kind: alarms[look][kind] for kind in (*KINDS, ALL)})
        for look in looks
    ]
