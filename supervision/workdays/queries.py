"""Reading the calendar."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.workdays.models import CalendarDay
from supervision.workdays.rules import WorkCalendar


def get_calendar(session: Session) -> WorkCalendar:
    """Return the whole calendar as a value for the rules."""
    days = session.execute(sa.select(CalendarDay.day, CalendarDay.kind, CalendarDay.provisional)).all()
    announced = frozenset(row.day.year for row in days if not row.provisional)
    return WorkCalendar({row.day: row.kind for row in days}, announced)
