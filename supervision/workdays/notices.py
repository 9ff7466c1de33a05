"""Reading the holidays of a year: the State Council's notice as it is published, or a table of days."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from supervision.errors import DomainError, Invalid
from supervision.labels import N_
from supervision.workdays.rules import DayKind, check_day

WEEKDAYS = "一二三四五六日"
LONGEST = 40
MOVED = "调休上班"
KINDS = {
    "holiday": DayKind.HOLIDAY, "放假": DayKind.HOLIDAY, "节假日": DayKind.HOLIDAY, "休": DayKind.HOLIDAY,
    "workday": DayKind.WORKDAY, "上班": DayKind.WORKDAY, "调休上班": DayKind.WORKDAY, "班": DayKind.WORKDAY,
}  # fmt: skip
HEADS = {"date": "date", "日期": "date", "type": "type", "类型": "type", "name": "name", "名称": "name"}
# 元旦：…, also numbered 一、元旦：…
PARAGRAPH = re.compile(r"^\s*(?:[一二三四五六七八九十]+、)?\s*(?P<name>[^：:，。\s]{2,20})[：:](?P<text>.+)$")
NOTE = r"(?:[（(](?P<{0}>[^（）()]*)[）)])?"
RANGE = re.compile(
    r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日"
    + NOTE.format("first")
    + r"(?:至(?:(?P<last_month>\d{1,2})月)?(?P<last_day>\d{1,2})日"
    + NOTE.format("last")
    + ")?"
)
COUNT = re.compile(r"共(\d+)天")
WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
TITLE = re.compile(r"(20\d\d)年部分节假日安排")


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a year that differs from the plain week."""

    day: date
    kind: DayKind
    name: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that cannot be taken, and why."""

    line: int
    message: str
    parameters: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: days in order, or faults."""

    days: tuple[Day, ...]
    faults: tuple[Fault, ...]


class _Wrong(Exception):
    """A place of a line is wrong."""

    def __init__(self, message: str, **parameters: object) -> None:
        super().__init__(message)
        self.message, self.parameters = message, tuple(parameters.items())


def decode(data: bytes) -> str:
    """Return the text of a file in the encodings that offices use."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("calendar-encoding", "The file is no text. Save it as UTF-8.", field="file")


def read(text: str, year: int) -> Reading:
    """Read a table (date, type, name) or the text of the notice for ``year``."""
    lines = list(enumerate(text.splitlines(), 1))
    filled = next((line for _number, line in lines if line.strip()), "")
    heads = [HEADS.get(one.strip().lower(), "") for one in filled.split(",")]
    rows = _table(lines, year) if {"date", "type"} <= set(heads) else _notice(lines, year)
    return _checked(list(rows))


def _checked(rows: "list[tuple[int, Day] | Fault]") -> Reading:
    days: dict[date, Day] = {}
    faults = [one for one in rows if isinstance(one, Fault)]
    for one in rows:
        if isinstance(one, Fault):
            continue
        number, day = one
        if day.day in days:
            faults.append(Fault(number, N_("%(day)s stands twice."), (("day", day.day.isoformat()),)))
            continue
        try:
            check_day(day.day, day.kind)
        except DomainError as error:
            faults.append(Fault(number, error.message, tuple(error.parameters.items())))
        days[day.day] = day
    if not days and not faults:
        faults = [Fault(1, N_("No day was found. Paste the notice as published, or a table with date, type, name."))]
    return Reading(tuple(days[one] for one in sorted(days)), tuple(sorted(faults, key=lambda one: one.line)))


def _table(lines: list[tuple[int, str]], year: int) -> "Iterator[tuple[int, Day] | Fault]":
    head: list[str] | None = None
    for number, line in lines:
        if not line.strip():
            continue
        cells = [one.strip() for one in next(csv.reader([line]))]
        if head is None:
            head = [HEADS.get(one.lower(), "") for one in cells]
            continue
        row = dict(zip(head, cells, strict=False))
        try:
            yield number, _row(row, year)
        except _Wrong as wrong:
            yield Fault(number, wrong.message, wrong.parameters)


def _row(row: dict[str, str], year: int) -> Day:
    try:
        day = date.fromisoformat(row.get("date", "").replace("/", "-"))
    except ValueError:
        raise _Wrong(N_("“%(text)s” is no day; write it as 2027-01-01."), text=row.get("date", "")[:LONGEST]) from None
    if day.year != year:
        raise _Wrong(N_("%(day)s does not lie in %(year)s."), day=day.isoformat(), year=year)
    kind = KINDS.get(row.get("type", "").lower())
    if kind is None:
        text = row.get("type", "")[:LONGEST]
        raise _Wrong(N_("“%(text)s” is no type; write holiday or workday, 放假 or 上班."), text=text)
    return Day(day, kind, row.get("name", "")[:LONGEST])


def _notice(lines: list[tuple[int, str]], year: int) -> "Iterator[tuple[int, Day] | Fault]":
    for number, line in lines:
        if (title := TITLE.search(line)) and int(title.group(1)) != year:
            yield Fault(number, N_("This is the notice for %(text)s."), (("text", title.group(1)),))
        paragraph = PARAGRAPH.match(line)
        if paragraph is None or not RANGE.search(paragraph["text"]):
            continue
        try:
            for day in list(_paragraph(paragraph["name"].strip(), paragraph["text"], year)):
                yield number, day
        except _Wrong as wrong:
            yield Fault(number, wrong.message, wrong.parameters)


def _paragraph(name: str, text: str, year: int) -> Iterator[Day]:
    """Read 「1月1日（周五）至3日（周日）放假调休，共3天。1月4日（周日）上班。」."""
    for sentence in re.split("[。；;]", text):
        working = "上班" in sentence
        if not working and "放假" not in sentence and "休息" not in sentence:
            continue
        days = [day for found in RANGE.finditer(sentence) for day in _range(found, year)]
        if (count := COUNT.search(sentence)) and int(count.group(1)) != len(days):
            raise _Wrong(
                N_("%(name)s: the notice says %(count)s days, its dates give %(found)s."),
                name=name, count=int(count.group(1)), found=len(days),
            )  # fmt: skip
        for day in days:
            yield Day(day, DayKind.WORKDAY if working else DayKind.HOLIDAY, MOVED if working else name)


def _range(found: "re.Match[str]", year: int) -> list[date]:
    first = _day(year, int(found["month"]), int(found["day"]), found["first"] or "")
    if found["last_day"] is None:
        return [first]
    last = _day(year, int(found["last_month"] or found["month"]), int(found["last_day"]), found["last"] or "")
    if last < first:
        raise _Wrong(N_("“%(text)s” ends before it begins."), text=found.group(0)[:LONGEST])
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _day(year: int, month: int, number: int, note: str) -> date:
    try:
        day = date(year, month, number)
    except ValueError:
        raise _Wrong(
            N_("There is no %(month)s-%(number)s in %(year)s."), month=month, number=number, year=year
        ) from None
    said = WEEKDAY.search(note)
    if said and said.group(1).replace("天", "日") != WEEKDAYS[day.weekday()]:
        raise _Wrong(
            N_("%(day)s is a 周%(real)s, the notice says 周%(said)s."),
            day=day.isoformat(), real=WEEKDAYS[day.weekday()], said=said.group(1),
        )  # fmt: skip
    return day
