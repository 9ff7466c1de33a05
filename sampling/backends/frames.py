"""What every backend does: say what a frame holds, then name its smallest tickets.

A backend may lose time but never a unit. Each first keeps those units of a stratum whose ticket is at most a cut-off
that lets a few more through than are wanted, then hands them to `ranked`, which orders them as section 5 says. If by
a chance of about one in 10**15 the cut-off let too few through, all are kept and it begins anew.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isqrt
from typing import Protocol

from sampling.records import DrawnUnit
from sampling.selection import Selection

TOP = (1 << 64) - 1
Candidate = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """What a commitment says of a frame: N of each stratum, and the Merkle root in hex where it was computed."""

    sizes: Mapping[str, int]
    root: str | None

    @property
    def size(self) -> int:
        """Count the units."""
        return sum(self.sizes.values())


class Frames(Protocol):
    """A frame where it lies."""

    def survey(self, hash_name: str, *, rooted: bool) -> FrameFacts:
        """Check the frame's form and say what it holds; the root costs most and may be left out."""

    def select(
        self, facts: FrameFacts, *, counts: Mapping[str, int], reserve: int, entity_key: str, hash_name: str
    ) -> Selection:
        """Name the first `counts[s]` units of each stratum and the `reserve` next ones."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many of each stratum are to be named, and the sizes the cut-offs follow from."""

    counts: Mapping[str, int]
    reserve: int
    sizes: Mapping[str, int]

    def of(self, stratum: str) -> int:
        """Count the units to be named of one stratum."""
        return min(self.counts[stratum] + self.reserve, self.sizes[stratum])

    def cut_offs(self) -> dict[str, int]:
        """Give for each stratum the largest first 64 bits of a ticket to keep."""
        return {stratum: cut_off(self.of(stratum), size) for stratum, size in self.sizes.items()}

    def without_cut_offs(self) -> dict[str, int]:
        """Keep everything."""
        return dict.fromkeys(self.sizes, TOP)

    def suffices(self, kept: Iterable[Candidate]) -> bool:
        """Tell whether enough units of every stratum were kept."""
        found = Counter(stratum for stratum, _, _ in kept)
        return all(found[stratum] >= self.of(stratum) for stratum in self.sizes)


def cut_off(wanted: int, size: int) -> int:
    """Give a bound on the first 64 bits of a ticket below which at least `wanted` of `size` tickets surely are.

    The number of tickets below it has about the variance of its mean: eight standard deviations are let through.
    """
    if wanted == 0:
        return 0
    let_through = wanted + 8 * isqrt(wanted) + 64
    return TOP if let_through >= size else TOP * let_through // size


def ranked(kept: Iterable[Candidate], wanted: Wanted) -> Selection:
    """Put (stratum, ticket, unit) in order and divide each stratum into the selected and the reserve."""
    by_stratum: dict[str, list[tuple[str, str]]] = {stratum: [] for stratum in sorted(wanted.counts)}
    for stratum, ticket, unit in kept:
        by_stratum[stratum].append((ticket, unit))
    selected: list[DrawnUnit] = []
    reserve: list[DrawnUnit] = []
    for stratum, found in by_stratum.items():
        drawn = [DrawnUnit(unit=unit, stratum=stratum, ticket=ticket) for ticket, unit in sorted(found)]
        count = wanted.counts[stratum]
        selected += drawn[:count]
        reserve += drawn[count : wanted.of(stratum)]
    return Selection(selected=tuple(selected), reserve=tuple(reserve))
