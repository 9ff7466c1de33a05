"""Chances before a draw, measured by running the engine on dummy seeds (fairness certificate).

A dummy seed is the hash of a label, the frozen files' digest and a running number. No secret, no public value and
no commitment goes in, and the label is none of section 3: it cannot be the seed of any draw. What comes out are
counts over all dummy seeds. Who was drawn by one of them is never told: this is a look at chances, not at a draw.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import combinations

from sampling import tables
from sampling.canonical import canonical_bytes
from sampling.errors import FileError
from sampling.hashing import PROTOCOL, hex_digest, lines_digest
from sampling.records import Team, Unfilled
from sampling.rules import RULES, DepartmentRule, GroupTeams, NoTeams, Rules, parse_rules
from sampling.seeds import ENTITIES
from sampling.selection import select
from sampling.strata import allocate
from sampling.tables import FRAME, ROSTER, TIES, Frame, RosterLine, Tie
from sampling.teams import Keys, agents_of, form_teams

LABEL = f"{PROTOCOL} fairness"
MEASURED_FILES = (FRAME, ROSTER, TIES, RULES)
USUAL_RUNS = 10_000
# runs before the pace is known; a number cut down for time is a round one
TRIAL = 20
TRIAL_SECONDS = 5.0
ROUND = 100
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Inputs:
    """The frozen files that decide about chances; a bundle shown without recusals is measured without them."""

    rules: Rules
    frame: Frame
    roster: tuple[RosterLine, ...]
    ties: tuple[Tie, ...]
    ties_shown: bool
    digest: str

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> "Inputs":
        """Read them; raises FileError where one but the recusals is missing."""
        for name in (RULES, FRAME, ROSTER):
            if name not in files:
                raise FileError("file-missing", file=name)
        rules = parse_rules(files[RULES])
        frame = tables.parse_frame(files[FRAME], salted=rules.confidential)
        rules.check_strata(frame.strata)
        shown = {name: hex_digest(rules.hash_name, files[name]) for name in MEASURED_FILES if name in files}
        return cls(
            rules=rules,
            frame=frame,
            roster=tables.parse_roster(files[ROSTER]),
            ties=tables.parse_ties(files[TIES]) if TIES in files else (),
            ties_shown=TIES in files,
            digest=hex_digest(rules.hash_name, canonical_bytes(shown)),
        )


def dummy_seed(inputs: Inputs, number: int) -> str:
    """Give the seed of one dummy run."""
    return lines_digest(inputs.rules.hash_name, LABEL, inputs.digest, str(number))


@dataclass(slots=True)
class InspectorCount:
    """What the dummy runs gave one inspector: runs with a place, visits in all, and their squares."""

    drawn: int = 0
    visits: int = 0
    squares: int = 0


@dataclass(slots=True)
class Empty:
    """Places of one department that nobody could be given: in how many runs, how many, and why."""

    runs: int = 0
    places: int = 0
    recused: int = 0


@dataclass
class Measurement:
    """Dummy runs counted so far."""

    inputs: Inputs
    runs: int = 0
    units: Counter[str] = field(default_factory=Counter)
    inspectors: dict[str, InspectorCount] = field(default_factory=dict)
    teams: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    empty: dict[str, Empty] = field(default_factory=dict)
    homeless_runs: int = 0
    homeless: int = 0

    def __post_init__(self) -> None:
        """Prepare what every run needs."""
        rules = self.inputs.rules
        self.counts = allocate(self.inputs.frame.sizes(), rules.allocation)
        self.agents = {rule.code: agents_of(rule, self.inputs.roster) for rule in rules.departments}
        self.inspectors = {line.inspector: InspectorCount() for lines in self.agents.values() for line in lines}
        self.empty = {rule.code: Empty() for rule in rules.departments}
        self.tied = tied_units(self.inputs.ties)

    def run(self, runs: int) -> None:
        """Carry out the next dummy runs."""
        for _ in range(runs):
            self.runs += 1
            self._one(Keys(self.inputs.rules.hash_name, dummy_seed(self.inputs, self.runs)))

    def _one(self, keys: Keys) -> None:
        inputs = self.inputs
        selection = select(
            inputs.frame,
            counts=self.counts,
            reserve=0,
            entity_key=keys.key(ENTITIES),
            hash_name=keys.hash_name,
        )
        units = [row.unit for row in selection.selected]
        self.units.update(units)
        if isinstance(inputs.rules.teams, NoTeams):
            return
        formed = form_teams(inputs.rules, keys=keys, roster=inputs.roster, ties=inputs.ties, units=units)
        self._count_teams(formed.teams)
        self._count_empty(formed.unfilled, {team.team: team.units for team in formed.teams})

    def _count_teams(self, teams: Sequence[Team]) -> None:
        visits: Counter[str] = Counter()
        for team in teams:
            by_department: dict[str, list[str]] = {}
            for member in team.members:
                visits[member.inspector] += len(team.units)
                self.teams[member.inspector] += 1
                by_department.setdefault(member.department, []).append(member.inspector)
            for together in by_department.values():
                self.pairs.update(combinations(sorted(together), 2))
        for inspector, number in visits.items():
            count = self.inspectors[inspector]
            count.drawn += 1
            count.visits += number
            count.squares += number * number

    def _count_empty(self, unfilled: Sequence[Unfilled], units: Mapping[str, Sequence[str]]) -> None:
        seen: set[str] = set()
        homeless = 0
        for row in unfilled:
            if not row.department:
                homeless += 1
                continue
            count = self.empty[row.department]
            count.runs += row.department not in seen
            count.places += row.missing
            count.recused += row.missing if self._barred(row, units[row.team]) else 0
            seen.add(row.department)
        self.homeless_runs += homeless > 0
        self.homeless += homeless

    def _barred(self, row: Unfilled, units: Sequence[str]) -> bool:
        """Tell whether recusals alone leave too few inspectors for a team; else those left are busy elsewhere."""
        if isinstance(self.inputs.rules.teams, GroupTeams):
            return False
        rule = next(rule for rule in self.inputs.rules.departments if rule.code == row.department)
        return self.eligible(rule, units) < rule.per_team

    def eligible(self, rule: DepartmentRule, units: Sequence[str]) -> int:
        """Count a department's agents who are tied to none of these units."""
        wanted = set(units)
        return sum(not wanted & self.tied.get(line.inspector, _NONE) for line in self.agents[rule.code])


def tied_units(ties: Sequence[Tie]) -> dict[str, Set[str]]:
    """Give the units each inspector is recused from."""
    found: dict[str, set[str]] = {}
    for inspector, unit in ties:
        found.setdefault(inspector, set()).add(unit)
    return dict(found)


def paced(
    measurement: Measurement,
    *,
    asked: int,
    seconds: float,
    now: Callable[[], float],
    progress: Callable[[int, int], None],
) -> None:
    """Carry out `asked` dummy runs, or as many as fit into `seconds` by the pace of the first.

    The seeds are numbered, so whoever repeats as many runs gets the same report on any machine.
    """
    began = now()
    while measurement.runs < min(TRIAL, asked) and now() - began < TRIAL_SECONDS:
        measurement.run(1)
    pace = (now() - began) / measurement.runs
    fitting = int(seconds / pace) // ROUND * ROUND if pace * asked > seconds else asked
    planned = min(asked, max(fitting, measurement.runs))
    while measurement.runs < planned:
        progress(measurement.runs, planned)
        measurement.run(min(max(1, int(1 / pace)), planned - measurement.runs))
    progress(planned, planned)
