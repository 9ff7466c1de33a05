"""Reading the calendar."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.workdays.models import CalendarDay, CalendarEdition
from supervision.workdays.rules import WorkCalendar


def get_calendar(session: Session) -> WorkCalendar:
    """Return the whole calendar as a value for the rules."""
    days = session.execute(sa.select(CalendarDay.day, CalendarDay.kind, CalendarDay.provisional)).all()
    announced = frozenset(row.day.year for row in days if not row.provisional)
    return WorkCalendar({row.day: row.kind for row in days}, announced)


def list_exceptions(session: Session, year: int) -> Sequence[CalendarDay]:
    """List the days of a year that differ from the plain week."""
    statement = sa.select(CalendarDay).where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
    return session.scalars(statement.order_by(CalendarDay.day)).all()


def list_years(session: Session) -> list[int]:
    """List the years the calendar knows, in order."""
    return sorted({day.year for day in session.scalars(sa.select(CalendarDay.day))})


def newest_edition(session: Session, year: int) -> CalendarEdition | None:
    """Return the newest kept edition of a year; None before its first change."""
    statement = sa.select(CalendarEdition).where(CalendarEdition.year == year)
    return session.scalar(statement.order_by(CalendarEdition.edition_no.desc()).limit(1))


def list_editions(session: Session, year: int) -> Sequence[CalendarEdition]:
    """List the kept editions of a year, newest first."""
    statement = sa.select(CalendarEdition).where(CalendarEdition.year == year)
    return session.scalars(statement.order_by(CalendarEdition.edition_no.desc())).all()
