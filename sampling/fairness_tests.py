"""Tests of past draws: did a group, an inspector or a pair come up more or less often than chance explains?

Two exact distributions are enough, for each of which the draw itself gives the reason:

* *A group of units.* n of N units are drawn without replacement, M of the N belong to the group: how many of them are
  drawn is hypergeometric. Strata and draws are independent, so their counts add up by convolution.
* *Inspectors and pairs.* Inspectors of one department with the same cap, load, qualifications and recusals differ by
  nothing but their tickets. Whatever numbers of visits such colleagues got together, who got which is a lot: each
  holds one of these numbers with equal chance. The same holds for pairs of such colleagues.

Many tests are made together, so the tails are corrected (Holm); an alarm is one below the alarm level after that.
"""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Generic, TypeVar

from sampling.tails import Distribution, holm, hypergeometric, one_of, total

Key = TypeVar("Key", bound=Hashable)
Name = TypeVar("Name", int, str)


@dataclass(frozen=True, slots=True, order=True)
class DrawnFrom:
    """`drawn` of `size` units were drawn, `marked` of the `size` belong to the group."""

    size: int
    marked: int
    drawn: int

    def distribution(self) -> Distribution:
        """Give the chances of every count."""
        return hypergeometric(size=self.size, marked=self.marked, drawn=self.drawn)


@dataclass(frozen=True, slots=True, order=True)
class OneOf:
    """The count is one of these, which colleagues of equal standing share by lot; sorted."""

    counts: tuple[int, ...]

    def distribution(self) -> Distribution:
        """Give the chances of every count."""
        return one_of(self.counts)


Source = DrawnFrom | OneOf


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Key]):
    """One test: what was observed and expected, the tail alone, and corrected for all tests made with it."""

    key: Key
    observed: int
    expected: float
    tail: float
    corrected: float


@dataclass
class Counts(Generic[Key]):
    """Counts of one kind over many draws."""

    observed: Counter[Key] = field(default_factory=Counter)
    sources: dict[Key, list[Source]] = field(default_factory=dict)

    def add(self, key: Key, observed: int, source: Source) -> None:
        """Add what one draw (one stratum of it) gave."""
        self.observed[key] += observed
        self.sources.setdefault(key, []).append(source)

    def add_equals(self, counts: Mapping[Key, int]) -> None:
        """Add the counts of colleagues of equal standing; one alone says nothing and is counted all the same."""
        source = OneOf(tuple(sorted(counts.values())))
        for key, count in counts.items():
            self.add(key, count, source)

    def tails(self, *, only_often: bool = False) -> "list[Tail[Key]]":
        """Test each count against its distribution, in the order of arrival.

        With `only_often` nothing but counts above the expected ones is tested, one-sided; the others take part in the
        correction all the same. There are many pairs, and most of them never meet.
        """
        sums, single = dict[tuple[Source, ...], Distribution](), dict[Source, Distribution]()
        found = []
        for key, sources in self.sources.items():
            single.update({one: one.distribution() for one in sources if one not in single})
            mean = math.fsum(single[one].mean for one in sources)
            certain = all(single[one].certain for one in sources)
            observed = self.observed[key]
            tail = 1.0
            if not certain and not (only_often and observed <= max(1.0, mean)):
                signature = tuple(sorted(sources, key=_order))
                if signature not in sums:
                    sums[signature] = total(single[one] for one in signature)
                distribution = sums[signature]
                tail = distribution.at_least(observed) if only_often else distribution.two_sided(observed)
            found.append(Tail(key, observed, mean, tail, certain))
        return found


@dataclass(frozen=True, slots=True)
class Tail(Generic[Key]):
    """A count, what was expected, and how often chance alone goes as far; `certain`: it could not be otherwise."""

    key: Key
    observed: int
    expected: float
    tail: float
    certain: bool


def _order(source: Source) -> tuple[int, ...]:
    return source.counts if isinstance(source, OneOf) else (source.size, source.marked, source.drawn)


def outcomes(counts: Counts[Key], *, only_often: bool = False) -> list[Outcome[Key]]:
    """Test every count; those that could not have been otherwise are no tests and are not corrected for."""
    tails = counts.tails(only_often=only_often)
    corrected = holm([one.tail for one in tails], [0 if one.certain else 1 for one in tails])
    return [
        Outcome(one.key, one.observed, one.expected, one.tail, value)
        for one, value in zip(tails, corrected, strict=True)
    ]


def pair_counts(
    teams: Iterable[Iterable[Name]], classes: Iterable[Iterable[Name]]
) -> list[dict[tuple[Name, Name], int]]:
    """Count how often two inspectors went together, apart for every two classes of equal standing."""
    together: Counter[tuple[Name, Name]] = Counter()
    for team in teams:
        together.update(combinations(sorted(team), 2))
    members = [sorted(one) for one in classes]
    found = []
    for place, own in enumerate(members):
        found.append({pair: together[pair] for pair in combinations(own, 2)})
        for other in members[place + 1 :]:
            crossing = [(min(a, b), max(a, b)) for a in own for b in other]
            found.append({pair: together[pair] for pair in crossing})
    return [pairs for pairs in found if pairs]
