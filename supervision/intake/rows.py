"""Rows of a file while they are checked, and entries that stand in several rows.

Departments write one row for each check point of an item and merge, repeat or leave empty what belongs to the whole
item. Such rows become one entry: the first row with the others behind it, right or wrong together.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from supervision.intake import complaints
from supervision.intake.cells import Cell, half_width, is_blank, shown
from supervision.intake.complaints import Wrong
from supervision.intake.kinds import Parts, Values
from supervision.intake.rules import Verdict


@dataclass(slots=True)
class Row:
    """A row of the file; the first row of an entry holds the entry's further rows in ``rest``.

    ``key`` is what its key cell says; ``blank`` are the columns it leaves empty.
    """

    number: int
    cells: list[Cell]
    key: str = ""
    values: Values = field(default_factory=dict)
    blank: set[str] = field(default_factory=set)
    wrongs: list[Wrong] = field(default_factory=list)
    verdict: Verdict = Verdict.WRONG
    rest: list["Row"] = field(default_factory=list)
    # the rows that hold the parts of ``values[parts.into]``, in their order
    holders: list["Row"] = field(default_factory=list)

    @property
    def all(self) -> list["Row"]:
        """The rows of the entry."""
        return [self, *self.rest]

    @property
    def is_wrong(self) -> bool:
        """Whether anything but a warning stands against the entry."""
        return any(not wrong.warning for row in self.all for wrong in row.wrongs)

    def blame(self, wrong: Wrong) -> None:
        """Note a mistake at the row it speaks of."""
        (self if wrong.part is None else self.holders[wrong.part]).wrongs.append(wrong)

    @property
    def has_wrongs(self) -> bool:
        """Whether anything at all stands against the entry."""
        return any(row.wrongs for row in self.all)


def key_text(cell: Cell) -> str:
    """Return what a key cell says, as it is compared with the rows above."""
    return "" if is_blank(cell) else "".join(half_width(shown(cell)).split()).upper()


def join(rows: Iterator[Row], parts: Parts | None) -> Iterator[Row]:
    """Yield the entries of a sheet: a row whose key is empty, or that of the row above, goes on with that entry."""
    if parts is None:
        yield from rows
        return
    head: Row | None = None
    for row in rows:
        if head is not None and row.key in ("", head.key):
            _refuse_difference(row, head, parts)
            head.rest.append(row)
            continue
        if head is not None:
            yield _gathered(head, parts)
        head = row
    if head is not None:
        yield _gathered(head, parts)


def _refuse_difference(row: Row, head: Row, parts: Parts) -> None:
    for key, value in row.values.items():
        if key not in parts.columns and key not in row.blank and value != head.values.get(key):
            row.wrongs.append(Wrong(complaints.DIFFERS_ABOVE, key, first=head.number))


def _gathered(head: Row, parts: Parts) -> Row:
    """Put the parts of all rows into one list; a file without any column of a part says nothing of them."""
    known = [key for key in head.values if key in parts.columns]
    if known:
        head.holders = [row for row in head.all if not row.blank.issuperset(known)]
        head.values[parts.into] = [{key: row.values.get(key) for key in known} for row in head.holders]
        for key in known:
            head.values.pop(key)
    return head
