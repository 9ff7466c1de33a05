"""Finding the header of a sheet: below titles, over several rows, in other orders and other words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from supervision.intake.cells import Cell, half_width, is_blank, shown
from supervision.intake.columns import Column
from supervision.intake.complaints import FileRefused
from supervision.intake.rules import HEADER_WITHIN
from supervision.labels import N_

ROWS_OF_A_HEADER = 3
FEWEST_MATCHES = 2
IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
SIGNS = re.compile(r"[\s*:：_\-—·./、()\[\]【】《》\"'“”]+")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns of a register stand in a sheet.

    ``places`` maps the position in a row to the column; ``names`` are all names as written; ``last_row`` is the index
    of the header's lowest row among the rows looked at.
    """

    places: dict[int, Column]
    names: dict[int, str]
    last_row: int

    @property
    def unknown(self) -> list[str]:
        """Names nobody knows; their values stay out."""
        return [name for place, name in sorted(self.names.items()) if place not in self.places and name]

    @property
    def width(self) -> int:
        """How many cells a row has by its header."""
        return max(self.names, default=-1) + 1

    @property
    def found(self) -> set[str]:
        """Keys of the columns that are there."""
        return {column.key for column in self.places.values()}


def plain(name: str) -> str:
    """Return a header name as it is compared: half-width, lower case, without signs and spaces."""
    return SIGNS.sub("", half_width(name)).casefold()


def _spellings(name: str) -> Iterator[str]:
    yield plain(name)
    yield plain(IN_BRACKETS.sub("", half_width(name)))


def known_names(columns: Sequence[Column]) -> dict[str, Column]:
    """Return every comparable name with its column."""
    known: dict[str, Column] = {}
    for column in columns:
        for name in (*column.names, column.label, column.key):
            for spelling in _spellings(name):
                known.setdefault(spelling, column)
    return known


def find_header(rows: Sequence[Sequence[Cell]], columns: Sequence[Column]) -> Header | None:
    """Return the header among the first rows of a sheet: the row that names most columns."""
    known = known_names(columns)
    best: Header | None = None
    for index in range(min(len(rows), HEADER_WITHIN)):
        candidate = _header_ending_at(index, rows, known)
        if best is None or len(candidate.found) > len(best.found):
            best = candidate
    return best if best is not None and len(best.found) >= FEWEST_MATCHES else None


def _header_ending_at(index: int, rows: Sequence[Sequence[Cell]], known: dict[str, Column]) -> Header:
    lowest = [_text(cell) for cell in rows[index]]
    upper = [_filled(rows[above]) for above in range(max(0, index - ROWS_OF_A_HEADER + 1), index)]
    width = max([len(lowest), *(len(row) for row in upper if _is_header_like(row, lowest))])
    places: dict[int, Column] = {}
    names: dict[int, str] = {}
    for place in range(width):
        text = lowest[place] if place < len(lowest) else ""
        over = [row[place] for row in upper if place < len(row) and row[place]]
        name, column = _match(text, over, known)
        names[place] = name
        if column is not None:
            places[place] = column
    return Header(places, names, index)


def _match(text: str, over: list[str], known: dict[str, Column]) -> tuple[str, Column | None]:
    """Return what a column is called: with its upper heading, by itself, or by the heading it is merged with."""
    joined = [above + text for above in reversed(over)] if text else []
    for name in (*joined, text) if text else reversed(over):
        for spelling in _spellings(name):
            if spelling in known:
                return name, known[spelling]
    return text, None


def _text(cell: Cell) -> str:
    return "" if is_blank(cell) else " ".join(shown(cell).split())


def _filled(row: Sequence[Cell]) -> list[str]:
    """Return an upper row with each heading spread over the cells it is merged with."""
    filled, last = [], ""
    for cell in row:
        last = _text(cell) or last
        filled.append(last)
    return filled


def _is_header_like(row: Sequence[str], lowest: Sequence[str]) -> bool:
    return len(row) <= len(lowest) + 1


def check_header(header: Header, columns: Sequence[Column], any_of: Sequence[Sequence[str]]) -> None:
    """Refuse a header that lacks a needed column or names one twice."""
    _keep_one_each(header)
    found = header.found
    by_key = {column.key: column for column in columns}
    missing = [named(column) for column in columns if column.required and column.key not in found]
    missing += ["/".join(named(by_key[key]) for key in keys) for keys in any_of if not found & set(keys)]
    if missing:
        raise FileRefused(
            "column-missing",
            N_("The file has no column %(names)s. Add it, or start from the template; found were: %(found)s."),
            names="、".join(missing),
            found="、".join(name for _, name in sorted(header.names.items()) if name)[:300],
        )


def _keep_one_each(header: Header) -> None:
    """Of two columns with different names for one thing keep the better known name; refuse two of the same name."""
    chosen: dict[str, int] = {}
    for place, column in sorted(header.places.items()):
        other = chosen.setdefault(column.key, place)
        if other == place:
            continue
        if plain(header.names[other]) == plain(header.names[place]):
            raise FileRefused(
                "column-twice",
                N_("The column “%(name)s” appears twice (columns %(first)s and %(second)s). Remove one of them."),
                name=header.names[place],
                first=letters(other),
                second=letters(place),
            )
        better = min((place, other), key=lambda one: _rank(header.names[one], column))
        chosen[column.key] = better
        header.places.pop(place if better == other else other)


def _rank(name: str, column: Column) -> int:
    """Return how far down the list of a column's names this one stands."""
    names = [plain(known) for known in (*column.names, column.label, column.key)]
    return min((names.index(spelling) for spelling in _spellings(name) if spelling in names), default=len(names))


def named(column: Column) -> str:
    """Return a column's name as shown in refusals, the same in both languages."""
    return f"{column.names[0]} ({column.label})"


def letters(place: int) -> str:
    """Return the letters a spreadsheet gives to a column (0 is A)."""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(65 + rest) + text
    return text


def repeats_header(row: Sequence[Cell], header: Header) -> bool:
    """Say whether a row is the header again, as printed lists have it on every page."""
    first = min(header.places)
    if first >= len(row) or _text(row[first]) != header.names[first]:
        return False
    return all(place < len(row) and _text(row[place]) == header.names[place] for place in header.places)
