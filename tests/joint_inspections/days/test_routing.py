"""Routes: a permutation of what was given, never longer, the same for the same stops."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joint_inspections.days.routing import (
    EXACT_STOPS,
    Point,
    Stop,
    best_order,
    distance_km,
    length_km,
    place_by_hand,
)

points = st.builds(Point, st.floats(121.40, 121.50), st.floats(31.20, 31.35))
stops = st.lists(st.tuples(st.none() | points, st.sampled_from("abc")), max_size=14).map(
    lambda rows: [Stop(number, near, point) for number, (point, near) in enumerate(rows)]
)


def _ids(found: list[Stop]) -> list[int]:
    return [one.visit_id for one in found]


@given(stops)
def test_a_route_is_a_permutation_and_never_longer_than_the_given_order(given_stops: list[Stop]) -> None:
    found = best_order(given_stops)
    assert sorted(_ids(found)) == sorted(_ids(given_stops))
    assert length_km(found) <= length_km(given_stops) + 1e-5


@given(stops, st.randoms(use_true_random=False))
def test_the_same_stops_give_an_equally_long_route_however_they_come(given_stops: list[Stop], source: object) -> None:
    mixed = list(given_stops)
    source.shuffle(mixed)  # type: ignore[attr-defined]
    if sum(one.point is not None for one in mixed) <= EXACT_STOPS:
        assert length_km(best_order(mixed)) == pytest.approx(length_km(best_order(given_stops)), abs=1e-4)


@given(st.lists(points, min_size=2, max_size=6))
def test_few_stops_are_ordered_exactly(places: list[Point]) -> None:
    given_stops = [Stop(number, "", place) for number, place in enumerate(places)]
    shortest = min(length_km(order) for order in permutations(given_stops))
    assert length_km(best_order(given_stops)) == pytest.approx(shortest, abs=1e-4)


def test_distances_are_those_of_the_earth() -> None:
    people_square, railway_station = Point(121.4737, 31.2304), Point(121.4558, 31.2497)
    assert distance_km(people_square, railway_station) == pytest.approx(2.74, abs=0.03)


def test_stops_in_a_line_are_visited_along_the_line_even_when_there_are_many() -> None:
    line = [Stop(number, f"{number:02}", Point(121.4 + number / 1000, 31.2)) for number in range(20)]
    jumbled = line[::2] + line[1::2]
    assert _ids(best_order(jumbled)) == list(range(20))


def test_entities_without_a_place_come_last() -> None:
    found = best_order([Stop(1, "b", None), Stop(2, "a", Point(121.4, 31.2)), Stop(3, "a", None)])
    assert _ids(found) == [2, 3, 1]


@given(stops, st.lists(st.integers(0, 20), max_size=10))
def test_an_order_by_hand_moves_only_what_it_names(given_stops: list[Stop], by_hand: list[int]) -> None:
    found = _ids(place_by_hand(given_stops, by_hand))
    named = [number for number in dict.fromkeys(by_hand) if number < len(given_stops)]
    assert sorted(found) == sorted(_ids(given_stops))
    assert [number for number in found if number in named] == named
    kept = [place for place, one in enumerate(given_stops) if one.visit_id not in named]
    assert all(found[place] == given_stops[place].visit_id for place in kept)
