"""The working-day calendar of a year, and correcting it."""

from calendar import Calendar
from datetime import date

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import format_date
from werkzeug.wrappers import Response as BaseResponse

from supervision import clock
from supervision.audit.queries import list_history
from supervision.errors import NotFound
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, signed_in
from supervision.workdays import queries
from supervision.workdays.rules import FIRST_YEAR, LAST_YEAR, DayKind

blueprint = Blueprint("workdays", __name__, url_prefix="/workdays")


@blueprint.app_template_filter("month_name")
def month_name(day: date) -> str:
    """Show the month of a day by its name."""
    return str(format_date(day, "LLLL"))


@blueprint.app_template_filter("weekday_name")
def weekday_name(day: date) -> str:
    """Show the day of the week, short."""
    return str(format_date(day, "EEE"))


@blueprint.get("/")
@signed_in
def index() -> BaseResponse:
    """Lead to this year's calendar."""
    return redirect(url_for("workdays.show", year=clock.today().year))


@blueprint.get("/<int:year>")
@signed_in
def show(year: int) -> str:
    """Show a year day by day with its holidays and moved working days."""
    check_year(year)
    session = database.session()
    calendar, exceptions = queries.get_calendar(session), queries.list_exceptions(session, year)
    return render_template(
        "workdays/show.html",
        year=year,
        months=[(date(year, month, 1), Calendar().monthdatescalendar(year, month)) for month in range(1, 13)],
        weekdays=[date(2024, 1, number) for number in range(1, 8)],
        calendar=calendar,
        named={one.day: one for one in exceptions},
        exceptions=exceptions,
        provisional=year not in calendar.announced,
        years=[one for one in (year - 1, year + 1) if FIRST_YEAR <= one <= LAST_YEAR],
        workdays=sum(calendar.is_workday(date.fromordinal(day)) for day in _ordinals(year)),
        editable=actor().may(Permission.PARAMETER_EDIT),
        history=list_history(session, "workdays", year),
        editions=queries.list_editions(session, year),
        DayKind=DayKind,
    )


def check_year(year: int) -> None:
    """Refuse years nobody counts in as if they did not exist."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound


def _ordinals(year: int) -> range:
    return range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
