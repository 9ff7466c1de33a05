"""Adding up the figures of opened draws and testing them: values in, values out.

Units, groups, inspectors and pairs of a year and department are tested together; the correction (Holm) counts all of
these tests, so that one honest department gives a false alarm in one of so many years as the alarm level says.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any  # counted figures are JSON

from sampling.fairness_tests import Counts, DrawnFrom, pair_counts
from sampling.tails import holm, total
from supervision.fairness.counting import DIMENSIONS, unpacked

# the groups too small to be shown by themselves, put together
SMALLER = ""
HIDDEN = "-"
Group = tuple[str, str]
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One number: observed, expected of fair draws, and how often chance alone goes as far (alone, and corrected)."""

    observed: int
    expected: float
    tail: float
    corrected: float


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group of enterprises: places in all pools, and how many were drawn."""

    dimension: str
    group: str
    pool: int
    test: Comparison


@dataclass(frozen=True, slots=True)
class PersonRow:
    """An inspector: on how many rosters, drawn in how many draws, and the visits."""

    inspector_id: int
    rosters: int
    drawn: int
    test: Comparison


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two inspectors of one department and how often they went together."""

    pair: Pair
    test: Comparison


@dataclass(frozen=True, slots=True)
class UnitRow:
    """Enterprises of equal standing that were drawn equally often: how many they are, and the test of each."""

    bits: int
    count: int
    test: Comparison


@dataclass(frozen=True, slots=True)
class YearFigures:
    """Everything that was tested for one department and year."""

    draws: int
    groups: tuple[GroupRow, ...]
    units: tuple[UnitRow, ...]
    people: tuple[PersonRow, ...]
    pairs: tuple[PairRow, ...]
    tests: int

    @property
    def tested(self) -> list[Comparison]:
        """Every test, those of enterprises once for each class of equal ones."""
        rows: Sequence[Any] = (*self.groups, *self.units, *self.people, *self.pairs)
        return [row.test for row in rows]

    def alarms(self, level: float) -> int:
        """Count the alarms."""
        return sum(one.corrected < level for one in self.tested)


def year_figures(
    figures: Sequence[Mapping[str, Any]], *, department: str = "", hidden: Sequence[bool] = (), smallest: int = 1
) -> YearFigures:
    """Add up and test the figures of draws.

    ``hidden`` marks draws whose enterprises are not to be spoken of: their inspectors still count. Groups that never
    had ``smallest`` enterprises in a pool are put together. ``department`` limits inspectors to one department.
    """
    shown = [one for one, dark in zip(figures, hidden or [False] * len(figures), strict=True) if not dark]
    groups, pools = _groups(shown, smallest)
    people, rosters, drawn = _people(figures, department)
    pairs = _pairs(figures, department)
    units = _units(shown)
    return _tested(len(figures), (groups, pools), units, (people, rosters, drawn), pairs)


def _strata(figures: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [stratum for one in figures for stratum in one["strata"].values()]


def _groups(figures: Sequence[Mapping[str, Any]], smallest: int) -> tuple[Counts[Group], Counter[Group]]:
    counts, pools, called = Counts[Group](), Counter[Group](), _called(figures, smallest)
    for stratum in _strata(figures):
        size = unpacked(stratum["pool"]).bit_count()
        merged: dict[Group, list[int]] = defaultdict(lambda: [0, 0])
        for dimension in DIMENSIONS:
            for group, (pool, drawn) in stratum["groups"][dimension].items():
                if called[dimension, group] == HIDDEN:
                    continue
                cell = merged[dimension, called[dimension, group]]
                cell[0] += pool
                cell[1] += drawn
        for key, (pool, drawn) in sorted(merged.items()):
            pools[key] += pool
            counts.add(key, drawn, DrawnFrom(size=size, marked=pool, drawn=stratum["drawn"]))
    return counts, pools


def _called(figures: Sequence[Mapping[str, Any]], smallest: int) -> dict[Group, str]:
    """Name the groups by themselves where they are large enough; with the smaller ones goes at least one more.

    Were only one group too small, its number would be the difference of the others from the whole.
    """
    largest: Counter[Group] = Counter()
    for one in figures:
        whole: Counter[Group] = Counter()
        for stratum in one["strata"].values():
            for dimension in DIMENSIONS:
                whole.update({(dimension, group): cell[0] for group, cell in stratum["groups"][dimension].items()})
        for key, count in whole.items():
            largest[key] = max(largest[key], count)
    called: dict[Group, str] = {}
    for dimension in DIMENSIONS:
        together = 0
        for key in sorted((key for key in largest if key[0] == dimension), key=lambda key: (largest[key], key)):
            small = largest[key] < smallest or 0 < together < smallest
            together += largest[key] if small else 0
            called[key] = SMALLER if small else key[1]
        if 0 < together < smallest:
            # all groups together are too few: nothing of this dimension is shown
            called.update(dict.fromkeys((key for key in called if key[0] == dimension), HIDDEN))
    return called


Cell = tuple[tuple[DrawnFrom, ...], int]


def _units(figures: Sequence[Mapping[str, Any]]) -> dict[Cell, int]:
    """Put enterprises that stood in the same pools and were drawn equally often together, as rows of bits."""
    cells: dict[Cell, int] = {}
    known = 0
    for stratum in _strata(figures):
        pool, hits = unpacked(stratum["pool"]), unpacked(stratum["hits"])
        source = DrawnFrom(size=pool.bit_count(), marked=1, drawn=stratum["drawn"])
        following: dict[Cell, int] = defaultdict(int)
        for (sources, observed), bits in [*cells.items(), (((), 0), pool & ~known)]:
            through = tuple(sorted((*sources, source)))
            following[sources, observed] |= bits & ~pool
            following[through, observed + 1] |= bits & pool & hits
            following[through, observed] |= bits & pool & ~hits
        known |= pool
        cells = {cell: bits for cell, bits in following.items() if bits}
    return cells


def _of(one: Mapping[str, Any], department: str) -> Iterable[Mapping[str, Any]]:
    return (found for code, found in sorted(one["departments"].items()) if department in ("", code))


def _people(figures: Sequence[Mapping[str, Any]], department: str) -> tuple[Counts[int], Counter[int], Counter[int]]:
    counts, rosters, drawn = Counts[int](), Counter[int](), Counter[int]()
    for one in figures:
        for found in _of(one, department):
            for equals in found["classes"]:
                visits = dict(equals)
                counts.add_equals(visits)
                rosters.update(visits.keys())
                drawn.update(number for number, count in visits.items() if count)
    return counts, rosters, drawn


def _pairs(figures: Sequence[Mapping[str, Any]], department: str) -> Counts[Pair]:
    counts = Counts[Pair]()
    for one in figures:
        for found in _of(one, department):
            classes = [[number for number, _ in equals] for equals in found["classes"]]
            for equals in pair_counts(found["teams"], classes):
                counts.add_equals(equals)
    return counts


@dataclass
class _Collection:
    """All tests of a department and year, corrected together; what could not have been otherwise is no test."""

    found: list[tuple[int, float, float, int]] = field(default_factory=list)

    def add(self, observed: int, expected: float, tail: float, *, weight: int = 1) -> None:
        self.found.append((observed, expected, tail, weight))

    def corrected(self) -> list[Comparison]:
        values = holm([tail for _, _, tail, _ in self.found], [weight for _, _, _, weight in self.found])
        return [
            Comparison(observed, expected, tail, value)
            for (observed, expected, tail, _), value in zip(self.found, values, strict=True)
        ]


def _tested(
    draws: int,
    groups: tuple[Counts[Group], Counter[Group]],
    units: Mapping[Cell, int],
    people: tuple[Counts[int], Counter[int], Counter[int]],
    pairs: Counts[Pair],
) -> YearFigures:
    """Test everything at once."""
    collection = _Collection()
    keyed: list[tuple[Any, ...]] = []
    for name, tails in (
        ("group", groups[0].tails()),
        ("person", people[0].tails()),
        ("pair", pairs.tails(only_often=True)),
    ):
        for one in tails:
            keyed.append((name, one.key))
            collection.add(one.observed, one.expected, one.tail, weight=0 if one.certain else 1)
    distributions = {sources: total(one.distribution() for one in sources) for sources, _ in units}
    for (sources, observed), bits in sorted(units.items()):
        found = distributions[sources]
        count = bits.bit_count()
        keyed.append(("unit", bits))
        collection.add(observed, found.mean, found.two_sided(observed), weight=0 if found.certain else count)
    tested = list(zip(keyed, collection.corrected(), strict=True))
    return YearFigures(
        draws=draws,
        groups=tuple(GroupRow(key[0], key[1], groups[1][key], one) for (name, key), one in tested if name == "group"),
        units=tuple(UnitRow(bits, bits.bit_count(), one) for (name, bits), one in tested if name == "unit"),
        people=tuple(
            PersonRow(key, people[1][key], people[2][key], one) for (name, key), one in tested if name == "person"
        ),
        pairs=tuple(PairRow(key, one) for (name, key), one in tested if name == "pair"),
        tests=sum(weight for _, _, _, weight in collection.found),
    )
