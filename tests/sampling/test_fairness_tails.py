"""The arithmetic of the tests of fairness, against scipy and by simulation."""

import math
import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sampling.tails import chi_square_tail, corrected_statistic, holm, hypergeometric, one_of, total

HYPER = st.integers(1, 400).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size), st.integers(0, size)))


@given(HYPER)
def test_hypergeometric_chances_are_exact(case):
    size, marked, drawn = case
    found = hypergeometric(size=size, marked=marked, drawn=drawn)
    whole = math.comb(size, drawn)
    for place, chance in enumerate(found.chances):
        count = found.start + place
        exact = Fraction(math.comb(marked, count) * math.comb(size - marked, drawn - count), whole)
        assert chance == pytest.approx(float(exact), rel=1e-9)
    assert math.fsum(found.chances) == pytest.approx(1)
    assert found.mean == pytest.approx(drawn * marked / size)


@given(HYPER)
def test_a_sum_of_two_draws_is_what_scipy_convolves(case):
    size, marked, drawn = case
    one = hypergeometric(size=size, marked=marked, drawn=drawn)
    two = one.plus(hypergeometric(size=50, marked=7, drawn=10))
    for count in range(two.start, two.start + len(two.chances), 5):
        exact = sum(
            stats.hypergeom.pmf(k, size, marked, drawn) * stats.hypergeom.pmf(count - k, 50, 7, 10)
            for k in range(count + 1)
        )
        assert two.chances[count - two.start] == pytest.approx(exact, rel=1e-6, abs=1e-25)


@pytest.mark.parametrize("degrees", [1, 2, 5, 30, 211, 5_000])
@pytest.mark.parametrize("share", [0.1, 0.7, 1.0, 1.3, 2.0, 4.0])
def test_the_tail_of_chi_square_is_that_of_scipy(degrees, share):
    exact = stats.chi2.sf(share * degrees, degrees)
    assert chi_square_tail(share * degrees, degrees) == pytest.approx(exact, rel=1e-9, abs=1e-290)


@pytest.mark.parametrize(("table", "count"), [((8, 2), 8), ((30, 5), 0), ((12, 6), 9)])
def test_the_two_sided_tail_is_fishers(table, count):
    marked, drawn = table
    size = 40
    count = min(count, marked, drawn)
    exact = stats.fisher_exact([[count, drawn - count], [marked - count, size - marked - drawn + count]]).pvalue
    assert hypergeometric(size=size, marked=marked, drawn=drawn).two_sided(count) == pytest.approx(exact)


def test_one_of_many_counts_gives_each_the_same_chance():
    found = one_of((2, 3, 3, 5))
    assert (found.start, found.chances) == (2, (0.25, 0.5, 0.0, 0.25))
    assert total([found, found]).at_least(10) == pytest.approx(1 / 16)
    assert one_of((4, 4)).certain


def test_holm_is_that_of_the_text_book_and_weights_stand_for_copies():
    chances = [0.01, 0.04, 0.03, 0.005]
    assert holm(chances) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    copied = holm([0.001, 0.01, 0.01, 0.2])
    assert holm([0.001, 0.01, 0.2], [1, 2, 1]) == pytest.approx([copied[0], copied[1], copied[3]])


def test_the_corrected_statistic_has_the_distribution_it_claims():
    """n = 30 units of a pool, N = 60 draws of 6 of them without replacement, p = 6/30."""
    chance = random.Random(7)  # noqa: S311 - a simulation, the same every time
    tails, plain = [], []
    for _ in range(1_500):
        counts = [0] * 30
        for _draw in range(60):
            for unit in chance.sample(range(30), 6):
                counts[unit] += 1
        statistic = corrected_statistic(counts, times=60, chance=0.2)
        tails.append(chi_square_tail(statistic, 29))
        plain.append(chi_square_tail(statistic * 30 / 29, 29))
    assert stats.kstest(tails, "uniform").pvalue > 0.01
    # without the factor (n-1)/n the statistic is too large: its tails are visibly too small
    assert sum(plain) / len(plain) < sum(tails) / len(tails) - 0.02
    assert sum(tail < 0.05 for tail in tails) / len(tails) == pytest.approx(0.05, abs=0.02)
