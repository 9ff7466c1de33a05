"""Correcting the working-day calendar; deadlines count by it (R-7.3)."""

from datetime import date

from sqlalchemy.orm import Session

from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Forbidden, Invalid, WrongState
from supervision.permissions import Actor, Permission
from supervision.workdays.models import CalendarDay
from supervision.workdays.queries import list_exceptions
from supervision.workdays.rules import DayKind, check_day


def set_day(session: Session, day: date, kind: DayKind, *, name: str, reason: str, actor: Actor) -> CalendarDay:
    """Let ``day`` be a holiday, or a working day in place of another.

    A day added to a year whose notice is not out is provisional like the year's other days.
    """
    _check_right(actor, reason)
    check_day(day, kind)
    found = session.get(CalendarDay, day, with_for_update=True)
    before = found.kind if found else ""
    if found is None:
        found = CalendarDay(day=day, kind=kind, provisional=not is_announced(session, day.year))
        session.add(found)
    found.kind, found.name = kind, name
    session.flush()
    _record(session, day, {"before": before, "after": kind}, reason=reason, actor=actor)
    return found


def clear_day(session: Session, day: date, *, reason: str, actor: Actor) -> None:
    """Let ``day`` follow the plain week again."""
    _check_right(actor, reason)
    found = session.get(CalendarDay, day, with_for_update=True)
    if found is None:
        raise WrongState("no-exception", "This day is no exception: it follows the plain week already.")
    _record(session, day, {"before": found.kind, "after": ""}, reason=reason, actor=actor)
    session.delete(found)
    session.flush()


def confirm_year(session: Session, year: int, *, document: str, actor: Actor) -> None:
    """Note that the official notice of ``year`` is out and the calendar agrees with it."""
    _check_right(actor, document)
    days = [one for one in list_exceptions(session, year) if one.provisional]
    if not days:
        raise WrongState("year-confirmed", "The year is confirmed already, or has no exceptional days yet.")
    for one in days:
        one.provisional = False
    session.flush()
    details = {"year": year, "confirmed": len(days)}
    record(session, Event.WORKDAYS_CHANGED, actor=actor, subject=("workdays", year), reason=document, details=details)


def is_announced(session: Session, year: int) -> bool:
    """Say whether the official notice of ``year`` is loaded."""
    return any(not one.provisional for one in list_exceptions(session, year))


def _check_right(actor: Actor, reason: str) -> None:
    if not actor.may(Permission.PARAMETER_EDIT):
        raise Forbidden("calendar-only-coordinator", "Only the district coordinator changes the calendar.")
    if not reason:
        raise Invalid("no-reason", "Give a reason.", field="reason")


def _record(session: Session, day: date, details: dict[str, object], *, reason: str, actor: Actor) -> None:
    details = {"day": day.isoformat(), **details}
    subject = ("workdays", day.year)
    record(session, Event.WORKDAYS_CHANGED, actor=actor, subject=subject, reason=reason, details=details)
