"""Typed columns: how a cell becomes a value, or is refused with a reason.

Values are JSON (text, whole numbers, true and false, lists of text, dates as ISO text; the parts of an entry as a list
of such values by name), so that checked rows can be kept in a file between the preview and the decision.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any  # a part of an entry holds any of the values

from supervision.intake import complaints
from supervision.intake.cells import Cell, as_text, half_width
from supervision.intake.complaints import Wrong

Value = str | int | bool | list[str] | list[dict[str, Any]] | None
Parser = Callable[[Cell], Value]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a register's file.

    ``label`` is its English name and message id, ``names`` the Chinese name and whatever else departments write above
    it. ``required`` means every row must fill it in. ``parser`` may be replaced per import (lists from the database).
    """

    key: str
    label: str
    names: tuple[str, ...]
    parser: Parser
    required: bool = False
    sample: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text of at most ``most`` characters."""

    most: int
    lines: bool = False

    def __call__(self, cell: Cell) -> str:
        """Return the cleaned text."""
        text = as_text(cell)
        if not self.lines and "\n" in text:
            text = " ".join(text.split())
        if len(text) > self.most:
            raise Wrong(complaints.TOO_LONG, length=len(text), most=self.most)
        return text


@dataclass(frozen=True, slots=True)
class Code:
    """A code of letters and digits: full-width becomes half-width, lower case upper case, spaces go.

    Cells that are numbers are refused: what a spreadsheet made of 18 digits cannot be trusted.
    """

    length: int = 0
    most: int = 40
    pattern: re.Pattern[str] = field(default=re.compile(r"[0-9A-Z]+"))

    def __call__(self, cell: Cell) -> str:
        """Return the code in its one spelling."""
        if isinstance(cell, int | float | bool | date | datetime):
            raise Wrong(complaints.NUMBER_CODE)
        text = "".join(half_width(as_text(cell)).split()).upper()
        if re.fullmatch(r"[0-9]([.][0-9]+)?E[+]?[0-9]+", text):
            raise Wrong(complaints.NUMBER_CODE)
        if self.length and len(text) != self.length:
            raise Wrong(complaints.CODE_LENGTH, length=len(text), expected=self.length)
        if len(text) > self.most:
            raise Wrong(complaints.TOO_LONG, length=len(text), most=self.most)
        if not self.pattern.fullmatch(text):
            raise Wrong(complaints.BAD_CODE)
        return text


EXCEL_EPOCH = date(1899, 12, 30)
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
# serial numbers of 1950 to 2100: other numbers are not taken for dates
SERIALS = range(18264, 73051)
STYLES = (
    re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})"),
    re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})[日号]?"),
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
)
PLAIN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CLOCK = re.compile(r"[ T]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?$")
UNCERTAIN = re.compile(r"[0-9]{1,4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,4}日?")
NO_END = frozenset({"长期", "长期有效", "永久", "无限期", "long-term", "permanent", "none", "9999-12-31", "2099-12-31"})


@dataclass(frozen=True, slots=True)
class Day:
    """A date in any of the styles departments write; ``open_end`` lets 长期 (and 2099-12-31) mean "no end"."""

    open_end: bool = False

    def __call__(self, cell: Cell) -> str | None:
        """Return the day as ISO text."""
        if self.open_end and isinstance(cell, str) and half_width(cell.strip()).casefold() in NO_END:
            return None
        day = read_day(cell)
        return None if self.open_end and day.isoformat() in NO_END else day.isoformat()


def read_day(cell: Cell) -> date:
    """Return the date a cell means."""
    if isinstance(cell, datetime):
        return _plausible(cell.date())
    if isinstance(cell, date):
        return _plausible(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _from_number(cell)
    if isinstance(cell, str) and PLAIN_DAY.fullmatch(cell):
        return _day(int(cell[:4]), int(cell[5:7]), int(cell[8:]))
    text = CLOCK.sub("", "".join(half_width(as_text(cell)).split("\u00a0")).strip())
    text = re.sub(r"\s*([-/.年月日])\s*", r"\1", text)
    if re.fullmatch(r"[0-9]{5}", text):
        return _from_number(int(text))
    for style in STYLES:
        if found := style.fullmatch(text):
            return _day(*(int(part) for part in found.groups()))
    raise Wrong(complaints.SHORT_YEAR if UNCERTAIN.fullmatch(text) else complaints.BAD_DATE)


def _day(year: int, month: int, day: int) -> date:
    try:
        return _plausible(date(year, month, day))
    except ValueError as error:
        raise Wrong(complaints.BAD_DATE) from error


def _plausible(day: date) -> date:
    if not (EARLIEST <= day <= LATEST or day.year == 9999):
        raise Wrong(complaints.BAD_DATE)
    return day


def _from_number(number: float) -> date:
    if math.isnan(number) or abs(number) > 99_999_999:
        raise Wrong(complaints.BAD_DATE)
    whole = int(number)
    if whole in SERIALS:
        return EXCEL_EPOCH + timedelta(days=whole)
    if 19_000_101 <= whole <= 99_991_231 and whole == number:
        return _day(whole // 10_000, whole // 100 % 100, whole % 100)
    raise Wrong(complaints.BAD_DATE)


def word(text: str) -> str:
    """Return a name as it is compared: half-width, without spaces, in one case."""
    return "".join(half_width(text).split()).casefold()


MOST_READ = 1000


class Choice:
    """One of a list of values, written as Chinese or English label or as code; numbers stand for codes of digits."""

    def __init__(self, options: Mapping[str, Iterable[str]]) -> None:
        self.options = {word(name): code for code, names in options.items() for name in (*names, code)}
        # how a code is said on the preview: its first name
        self.words = {code: next(iter(names), code) for code, names in options.items()}
        first = [*self.words.values()]
        self.shown = "、".join(first[:12]) + ("…" if len(first) > 12 else "")
        # a column of a hundred thousand rows holds a handful of values
        self.read: dict[Cell, str] = {}

    def __call__(self, cell: Cell) -> str:
        """Return the code of the value."""
        if isinstance(cell, str) and cell in self.read:
            return self.read[cell]
        found = self.options.get(word(as_text(cell)))
        if found is None:
            raise Wrong(complaints.NOT_LISTED, choices=self.shown)
        if isinstance(cell, str) and len(self.read) < MOST_READ:
            self.read[cell] = found
        return found


class Several:
    """A list of values separated by 、 ; ； , ，; each is read by ``one``.

    A name may hold such a sign itself (电力、热力): a whole line is tried before it is cut.
    """

    def __init__(self, one: Parser) -> None:
        self.one = one

    @property
    def words(self) -> Mapping[str, str]:
        """How the codes are said on the preview."""
        return self.one.words if isinstance(self.one, Choice) else {}

    def __call__(self, cell: Cell) -> list[str]:
        """Return the values sorted, each once."""
        return sorted({value for line in re.split(r"[;；\n]", as_text(cell)) for value in self._line(line.strip())})

    def _line(self, line: str) -> list[str]:
        parts = [part.strip() for part in re.split(r"[、,，]", line)]
        if len(parts) > 1:
            try:
                return [str(self.one(line))]
            except Wrong:
                pass
        return [str(self.one(part)) for part in parts if part]


YES = frozenset({"是", "有", "y", "yes", "true", "1", "√", "✓"})
NO = frozenset({"否", "无", "n", "no", "false", "0", "×", "✗"})


def yes_no(cell: Cell) -> bool:
    """Read 是 or 否."""
    text = word(as_text(cell))
    if text not in YES | NO:
        raise Wrong(complaints.BAD_YES_NO)
    return text in YES
