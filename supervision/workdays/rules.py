"""Counting working days; the day of the act is not counted (R-7.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from supervision.errors import Invalid
from supervision.labels import N_, Labeled

SATURDAY = 5
FIRST_YEAR = 2000
LAST_YEAR = 2100


class DayKind(Labeled):
    """How the State Council's yearly notice changes a day."""

    HOLIDAY = "holiday", N_("Holiday")
    WORKDAY = "workday", N_("Working day in place of another")


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Exceptions to "Monday to Friday"; ``announced`` are the years whose official notice is loaded."""

    exceptions: Mapping[date, DayKind] = field(default_factory=dict)
    announced: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Say whether offices work on ``day``."""
        kind = self.exceptions.get(day)
        return day.weekday() < SATURDAY if kind is None else kind is DayKind.WORKDAY

    def is_provisional(self, day: date) -> bool:
        """Say whether the year's notice is not out yet, so that a deadline falling on ``day`` may still move."""
        return day.year not in self.announced


def check_day(day: date, kind: DayKind) -> None:
    """Refuse an exception that is none, or that lies outside the years anybody counts in."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Invalid(
            "year-range", "Choose a year from %(first)s to %(last)s.", field="day", first=FIRST_YEAR, last=LAST_YEAR
        )
    if kind is DayKind.WORKDAY and day.weekday() < SATURDAY:
        raise Invalid("workday-already", "Monday to Friday are working days anyway. Choose a weekend day.", field="day")


def add_workdays(start: date, count: int, calendar: WorkCalendar) -> date:
    """Return the ``count``-th working day after ``start``."""
    day, left = start, count
    while left > 0:
        day += timedelta(days=1)
        left -= calendar.is_workday(day)
    return day


def count_workdays(start: date, end: date, calendar: WorkCalendar) -> int:
    """Return how many working days lie after ``start`` up to and including ``end``; negative when ``end`` is before."""
    if end < start:
        return -count_workdays(end, start, calendar)
    span = (end - start).days
    return sum(calendar.is_workday(start + timedelta(days=number)) for number in range(1, span + 1))
