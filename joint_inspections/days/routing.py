"""The order in which a team goes to its entities: shortest way by great-circle distance, nothing random in it.

Nine stops and fewer are ordered exactly (Held and Karp); more by Christofides' tour, opened at its longest leg and
shortened by turning parts round (2-opt). A computed way is never longer than the one that was given.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
from networkx.algorithms.approximation import christofides

EXACT_STOPS = 9
EARTH_KM = 6371.0088
# differences below a millimetre are rounding
LEAST_GAIN = 1e-6


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the earth in degrees."""

    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit to be put in order; without a place it keeps its turn at the end. ``near`` groups what lies together."""

    visit_id: int
    near: str
    point: Point | None


def distance_km(one: Point, other: Point) -> float:
    """Return the great-circle distance in kilometres (haversine)."""
    first, second = math.radians(one.latitude), math.radians(other.latitude)
    across = math.radians(other.longitude - one.longitude)
    chord = math.sin((second - first) / 2) ** 2 + math.cos(first) * math.cos(second) * math.sin(across / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))


def length_km(stops: Sequence[Stop]) -> float:
    """Return how long the way is through ``stops`` in their order, those without a place left out."""
    points = [one.point for one in stops if one.point is not None]
    return sum(distance_km(one, other) for one, other in pairwise(points))


def best_order(stops: Sequence[Stop]) -> list[Stop]:
    """Return ``stops`` in the best order found: a permutation of them, never a longer way than as given."""
    given = sorted(stops, key=lambda one: one.point is None)
    placed = [one for one in given if one.point is not None]
    lost = sorted(given[len(placed) :], key=lambda one: (one.near, one.visit_id))
    if len(placed) < 2:
        return placed + lost
    # the same stops in another order have the same best way
    settled = sorted(placed, key=lambda one: (one.near, one.visit_id))
    legs = _legs(settled)
    way = _exact(legs) if len(settled) <= EXACT_STOPS else _near_best(legs)
    found = _from_the_smaller_end([settled[number] for number in way])
    return (found if length_km(found) <= length_km(placed) + LEAST_GAIN else placed) + lost


def place_by_hand(computed: Sequence[Stop], by_hand: Sequence[int]) -> list[Stop]:
    """Put the visits named ``by_hand`` into their turns among themselves; all others keep their computed places."""
    known = {one.visit_id: one for one in computed}
    wanted = iter([known[number] for number in dict.fromkeys(by_hand) if number in known])
    moved = set(by_hand)
    return [next(wanted) if one.visit_id in moved else one for one in computed]


def _legs(stops: Sequence[Stop]) -> list[list[float]]:
    points = [one.point for one in stops if one.point is not None]
    return [[distance_km(one, other) for other in points] for one in points]


def _exact(legs: Sequence[Sequence[float]]) -> list[int]:
    """Return the shortest open way through all places by dynamic programming over sets of places."""
    count = len(legs)
    best: dict[tuple[int, int], tuple[float, int]] = {(1 << end, end): (0.0, -1) for end in range(count)}
    for visited in range(1, 1 << count):
        for end in range(count):
            if (visited, end) in best and visited & (1 << end):
                _extend(best, legs, visited, end)
    whole = (1 << count) - 1
    end = min(range(count), key=lambda one: (round(best[whole, one][0], 9), one))
    way = [end]
    while (before := best[whole, way[-1]][1]) >= 0:
        whole ^= 1 << way[-1]
        way.append(before)
    return way


def _extend(
    best: dict[tuple[int, int], tuple[float, int]], legs: Sequence[Sequence[float]], visited: int, end: int
) -> None:
    so_far = best[visited, end][0]
    for following in range(len(legs)):
        key = (visited | 1 << following, following)
        if visited & (1 << following):
            continue
        way = so_far + legs[end][following]
        if key not in best or way < best[key][0] - LEAST_GAIN:
            best[key] = (way, end)


def _near_best(legs: Sequence[Sequence[float]]) -> list[int]:
    count = len(legs)
    graph: nx.Graph[int] = nx.Graph()
    # whole millimetres: sums of floats would depend on their order
    graph.add_weighted_edges_from(
        (one, other, round(legs[one][other] * 1e6)) for one in range(count) for other in range(one + 1, count)
    )
    tour = list(christofides(graph))[:-1]
    longest = max(range(count), key=lambda place: legs[tour[place - 1]][tour[place]])
    return _two_opt(tour[longest:] + tour[:longest], legs)


def _two_opt(way: list[int], legs: Sequence[Sequence[float]]) -> list[int]:
    """Turn parts of the way round as long as that shortens it."""
    better = True
    while better:
        better = False
        for start in range(len(way) - 1):
            for end in range(start + 1, len(way)):
                if _gain(way, legs, start, end) > LEAST_GAIN:
                    way[start : end + 1] = way[start : end + 1][::-1]
                    better = True
    return way


def _gain(way: Sequence[int], legs: Sequence[Sequence[float]], start: int, end: int) -> float:
    before = after = 0.0
    if start > 0:
        before += legs[way[start - 1]][way[start]]
        after += legs[way[start - 1]][way[end]]
    if end < len(way) - 1:
        before += legs[way[end]][way[end + 1]]
        after += legs[way[start]][way[end + 1]]
    return before - after


def _from_the_smaller_end(way: list[Stop]) -> list[Stop]:
    """Both directions are equally long: begin in the sub-district whose code comes first."""
    ends = [(one.near, one.visit_id) for one in (way[0], way[-1])]
    return way if ends[0] <= ends[1] else way[::-1]
