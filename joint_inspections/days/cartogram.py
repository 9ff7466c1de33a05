"""A schematic picture of the district: one tile for each sub-district, placed roughly as they lie.

Deliberately no map: no border, no coordinate and no official map data is in it, so that nothing in it needs the
approval which every published map of China needs (审图号, Map Administration Regulations). Places come from the
schematic square of 100 by 100 in the register of sub-districts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, sqrt

import networkx as nx

SQUARE = 100
TILE_WIDTH, TILE_HEIGHT, GAP = 132, 92, 8
MARGIN = 10
LABEL_HEIGHT = 26
# dots of the usual size stand in two rows of three; where there are more, all are smaller
DOT, SMALL_DOT, DOTS_IN_ROW, ROWS = 15, 9, 3, 2
SPARE = 1.6


@dataclass(frozen=True, slots=True)
class Place:
    """A sub-district with its place in the schematic square."""

    code: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Tile:
    """The tile of a sub-district in units of the picture: its upper left corner."""

    code: str
    x: float
    y: float

    @property
    def middle(self) -> float:
        """Where its name is centred."""
        return self.x + TILE_WIDTH / 2


@dataclass(frozen=True, slots=True)
class Dot:
    """A numbered stop in a tile."""

    number: int
    visit_id: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn: all tiles, the dots in the order of the route."""

    width: float
    height: float
    tiles: tuple[Tile, ...]
    dots: tuple[Dot, ...]
    radius: int = DOT

    @property
    def line(self) -> str:
        """The route as points of a polyline."""
        return " ".join(f"{dot.x:g},{dot.y:g}" for dot in self.dots)


@lru_cache(maxsize=4)
def cells(places: tuple[Place, ...]) -> dict[str, tuple[int, int]]:
    """Return column and row of every sub-district: no cell twice, all as near as possible to where they lie.

    A flow of least cost through a grid with some cells to spare; whole numbers, so always the same grid.
    """
    if not places:
        return {}
    columns = ceil(sqrt(len(places)))
    rows = ceil(len(places) * SPARE / columns)
    flow: nx.DiGraph[object] = nx.DiGraph()
    flow.add_node("all", demand=-len(places))
    flow.add_node("done", demand=len(places))
    for place in places:
        flow.add_edge("all", place.code, capacity=1, weight=0)
        for column in range(columns):
            for row in range(rows):
                across = place.x - (column + 0.5) * SQUARE / columns
                along = place.y - (row + 0.5) * SQUARE / rows
                flow.add_edge(place.code, (column, row), capacity=1, weight=round(across * across + along * along))
                flow.add_edge((column, row), "done", capacity=1, weight=0)
    found = nx.min_cost_flow(flow)
    return {place.code: next(cell for cell, amount in found[place.code].items() if amount) for place in places}


def draw(places: Sequence[Place], stops: Sequence[tuple[int, str]]) -> Picture:
    """Return the picture of a route; ``stops`` are (visit, sub-district) in their order."""
    grid = cells(tuple(sorted(places, key=lambda one: one.code)))
    top = min((row for _column, row in grid.values()), default=0)
    left = min((column for column, _row in grid.values()), default=0)
    tiles = {
        code: Tile(code, MARGIN + (column - left) * (TILE_WIDTH + GAP), MARGIN + (row - top) * (TILE_HEIGHT + GAP))
        for code, (column, row) in sorted(grid.items(), key=lambda one: (one[1][1], one[1][0]))
    }
    seen: dict[str, int] = {}
    total = {code: sum(one == code for _visit, one in stops) for code in tiles}
    dots = []
    for number, (visit_id, code) in enumerate(stops, 1):
        if code in tiles:
            place = seen[code] = seen.get(code, -1) + 1
            dots.append(Dot(number, visit_id, *_in_tile(tiles[code], place, total[code])))
    width = max((one.x for one in tiles.values()), default=0) + TILE_WIDTH + MARGIN
    height = max((one.y for one in tiles.values()), default=0) + TILE_HEIGHT + MARGIN
    crowded = max(total.values(), default=0) > DOTS_IN_ROW * ROWS
    return Picture(width, height, tuple(tiles.values()), tuple(dots), SMALL_DOT if crowded else DOT)


def _in_tile(tile: Tile, place: int, total: int) -> tuple[float, float]:
    """Return where a dot of ``total`` stands: in rows of three, or of a third of all, each row in the middle."""
    in_row = max(DOTS_IN_ROW, ceil(total / DOTS_IN_ROW))
    row, column = divmod(place, in_row)
    length = min(in_row, total - row * in_row)
    step = (TILE_WIDTH - DOT) / in_row
    x = tile.middle + (column - (length - 1) / 2) * step
    free = TILE_HEIGHT - LABEL_HEIGHT
    rows = ceil(total / in_row)
    return x, tile.y + LABEL_HEIGHT + free * (row + 0.5) / rows
