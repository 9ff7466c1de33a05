"""Loading the working-day calendar: announced years from the shipped file, other years from a library's forecast."""

from datetime import date
from pathlib import Path
from typing import cast

import holidays
import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.catalogue_files import read_catalogue
from supervision.workdays.models import CalendarDay
from supervision.workdays.rules import DayKind

YEARS_BEFORE = 2
YEARS_AFTER = 1
DAY_OFF = "休息日"
MOVED_DAY_OFF = "调休放假"
MOVED_WORKDAY = "调休上班"


def load_workdays(session: Session, folder: Path) -> int:
    """Add the exceptions of every year that has none yet; return how many days.

    The State Council announces a year in the autumn before it (R-7.3). Years around the announced ones come from the
    ``holidays`` library and are provisional: a deadline that falls into one may still move.
    """
    announced = [
        CalendarDay(day=date.fromisoformat(row["date"]), kind=DayKind(row["type"]), name=row["name"], provisional=False)
        for row in read_catalogue(folder, "workday_exceptions")
    ]
    sure = {one.day.year for one in announced}
    last = max(*sure, clock.today().year) + YEARS_AFTER
    forecast = [
        day for year in range(min(sure) - YEARS_BEFORE, last + 1) if year not in sure for day in forecast_year(year)
    ]
    known = {day.year for day in session.scalars(sa.select(CalendarDay.day))}
    missing = [one for one in announced + forecast if one.day.year not in known]
    session.add_all(missing)
    session.flush()
    return len(missing)


def forecast_year(year: int) -> list[CalendarDay]:
    """Return the provisional exceptions of a year whose notice is not loaded."""
    found = holidays.country_holidays("CN", years=year, language="zh_CN")
    names = cast("dict[date, str]", dict(found.items()))
    moved = cast("set[date]", getattr(found, "weekend_workdays", set()))
    days = [
        CalendarDay(day=day, kind=DayKind.HOLIDAY, name=_short(name), provisional=True)
        for day, name in sorted(names.items())
    ]
    return days + [
        CalendarDay(day=day, kind=DayKind.WORKDAY, name=MOVED_WORKDAY, provisional=True)
        for day in sorted(moved)
        if day.year == year
    ]


def _short(name: str) -> str:
    if name.startswith(DAY_OFF):
        return MOVED_DAY_OFF
    return name.split("; ", maxsplit=1)[0].partition("（")[0]
