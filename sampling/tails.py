"""Exact distributions and tails for the tests of fairness: plain arithmetic, nothing but the standard library.

A `Distribution` holds the chance of every count a fair draw could give. Counts of several draws are added by
convolution. Products of thousands of such numbers stay accurate to about twelve digits, since no term is negative.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# chances below this change no answer anybody reads: they are left out at both ends
_NOTHING = 1e-30
# two counts are equally likely when their chances differ only by rounding (as R and scipy have it)
_AS_LIKELY = 1 + 1e-7
_STEPS = 10_000
_EXACT = 1e-15
_TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Distribution:
    """The chances of the counts `start`, `start + 1`, … ."""

    start: int
    chances: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Give the count to be expected."""
        return math.fsum((self.start + place) * chance for place, chance in enumerate(self.chances))

    @property
    def certain(self) -> bool:
        """Tell whether only one count is possible: then nothing can be learnt from it."""
        return len(self.chances) == 1

    def plus(self, other: "Distribution") -> "Distribution":
        """Give the distribution of the sum of two independent counts."""
        short, long = sorted((self.chances, other.chances), key=len)
        found = [0.0] * (len(short) + len(long) - 1)
        for place, chance in enumerate(short):
            for following, another in enumerate(long, place):
                found[following] += chance * another
        return _trimmed(self.start + other.start, found)

    def at_most(self, count: int) -> float:
        """Give the chance of this count or fewer."""
        return min(1.0, math.fsum(self.chances[: max(0, count - self.start + 1)]))

    def at_least(self, count: int) -> float:
        """Give the chance of this count or more."""
        return min(1.0, math.fsum(self.chances[max(0, count - self.start) :]))

    def two_sided(self, count: int) -> float:
        """Give the chance of a count that is no likelier than this one (Fisher's two-sided test)."""
        place = count - self.start
        found = self.chances[place] if 0 <= place < len(self.chances) else 0.0
        return min(1.0, math.fsum(chance for chance in self.chances if chance <= found * _AS_LIKELY))


ZERO = Distribution(0, (1.0,))


def total(distributions: Iterable[Distribution]) -> Distribution:
    """Give the distribution of the sum of independent counts."""
    found = ZERO
    for one in distributions:
        found = found.plus(one)
    return found


def hypergeometric(*, size: int, marked: int, drawn: int) -> Distribution:
    """Give the count of marked units among `drawn` out of `size`, drawn without replacement.

    Begun at the likeliest count and carried outwards by the exact ratio of neighbours, then divided by the sum.
    """
    lowest, highest = max(0, drawn + marked - size), min(marked, drawn)
    middle = min(highest, max(lowest, (drawn + 1) * (marked + 1) // (size + 2)))
    up = [1.0]
    for count in range(middle, highest):
        ratio = (marked - count) * (drawn - count) / ((count + 1) * (size - marked - drawn + count + 1))
        up.append(up[-1] * ratio)
    down = [1.0]
    for count in range(middle, lowest, -1):
        ratio = count * (size - marked - drawn + count) / ((marked - count + 1) * (drawn - count + 1))
        down.append(down[-1] * ratio)
    weights = [*down[:0:-1], *up]
    whole = math.fsum(weights)
    return _trimmed(lowest, [weight / whole for weight in weights])


def one_of(counts: Sequence[int]) -> Distribution:
    """Give the distribution of one of these counts, each of them as likely as the next."""
    found = Counter(counts)
    lowest, highest = min(found), max(found)
    return Distribution(lowest, tuple(found[count] / len(counts) for count in range(lowest, highest + 1)))


def _trimmed(start: int, chances: Sequence[float]) -> Distribution:
    first, last = 0, len(chances)
    while last - first > 1 and chances[first] < _NOTHING:
        first += 1
    while last - first > 1 and chances[last - 1] < _NOTHING:
        last -= 1
    return Distribution(start + first, tuple(chances[first:last]))


def chi_square_tail(value: float, degrees: int) -> float:
    """Give the chance that chi-square with these degrees of freedom is at least `value`.

    The regularized incomplete gamma function Q(degrees/2, value/2): a series below the mean, a continued fraction
    above it (Abramowitz and Stegun 6.5.29 and 6.5.31).
    """
    if value <= 0 or degrees <= 0:
        return 1.0
    shape, at = degrees / 2, value / 2
    factor = math.exp(shape * math.log(at) - at - math.lgamma(shape))
    if at < shape + 1:
        return max(0.0, 1 - factor * _series(shape, at))
    return factor * _fraction(shape, at)


def _series(shape: float, at: float) -> float:
    term = whole = 1 / shape
    for step in range(1, _STEPS):
        term *= at / (shape + step)
        whole += term
        if term < whole * _EXACT:
            break
    return whole


def _fraction(shape: float, at: float) -> float:
    """Evaluate the continued fraction from the front (Lentz)."""
    b = at + 1 - shape
    c, d = 1 / _TINY, 1 / b
    found = d
    for step in range(1, _STEPS):
        a = -step * (step - shape)
        b += 2
        d = 1 / _apart_from_zero(a * d + b)
        c = _apart_from_zero(b + a / c)
        found *= d * c
        if abs(d * c - 1) < _EXACT:
            break
    return found


def _apart_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def corrected_statistic(counts: Sequence[int], *, times: int, chance: float) -> float:
    """Give (n−1)/n · Σ(O−Np)²/(Np(1−p)), which for fair draws is about chi-square with n−1 degrees of freedom.

    n = `len(counts)` units of one pool; O = in how many of N = `times` draws each of them was drawn; p = `chance`,
    the same for all: in every draw exactly np of them are drawn, without replacement. Since the counts are bound to
    add up to Nnp, the plain sum is too large by n/(n−1): hence the factor.
    """
    n, expected = len(counts), times * chance
    squares = math.fsum((count - expected) ** 2 for count in counts)
    return (n - 1) / n * squares / (expected * (1 - chance))


def holm(chances: Sequence[float], weights: Sequence[int] | None = None) -> list[float]:
    """Correct the chances of many tests made together (Holm 1979), in the order given.

    Where everything is fair, an alarm level of 1 in 1,000 then means: one false alarm in 1,000 such *collections*.
    `weights` says how many tests each of the chances stands for, where many have the same.
    """
    times = weights or [1] * len(chances)
    left, highest = sum(times), 0.0
    corrected = [0.0] * len(chances)
    for place in sorted(range(len(chances)), key=chances.__getitem__):
        highest = max(highest, min(1.0, left * chances[place]))
        corrected[place] = highest
        left -= times[place]
    return corrected
