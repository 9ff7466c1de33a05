"""The working-day calendar of a year, and correcting it."""

from calendar import Calendar
from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from supervision import clock
from supervision.audit.queries import list_history
from supervision.errors import DomainError, NotFound
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires, signed_in
from supervision.web.forms import choices, show_refusal, text
from supervision.workdays import queries, services
from supervision.workdays.forms import ConfirmForm, DayForm
from supervision.workdays.rules import FIRST_YEAR, LAST_YEAR, DayKind

blueprint = Blueprint("workdays", __name__, url_prefix="/workdays")
Page = str | BaseResponse
PLAIN = "plain"


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
    _check_year(year)
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
        DayKind=DayKind,
    )


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound


def _ordinals(year: int) -> range:
    return range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)


@blueprint.route("/<int:year>/change", methods=["GET", "POST"])
@requires(Permission.PARAMETER_EDIT)
def change(year: int) -> Page:
    """Add, change or take away an exceptional day."""
    _check_year(year)
    form, session = DayForm(), database.session()
    kinds = [(one.value, _(one.label)) for one in DayKind]
    form.kind.choices = choices([*kinds, (PLAIN, _("As in the plain week"))])
    if form.validate_on_submit():
        day = form.day.data or clock.today()
        try:
            if form.kind.data == PLAIN:
                services.clear_day(session, day, reason=text(form.reason), actor=actor())
            else:
                kind = DayKind(form.kind.data)
                services.set_day(session, day, kind, name=text(form.name), reason=text(form.reason), actor=actor())
        except DomainError as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Calendar changed."), "success")
            return redirect(url_for("workdays.show", year=day.year))
    return render_template("workdays/form.html", form=form, year=year)


@blueprint.route("/<int:year>/confirm", methods=["GET", "POST"])
@requires(Permission.PARAMETER_EDIT)
def confirm(year: int) -> Page:
    """Note that the official notice of the year is out and the calendar agrees with it."""
    _check_year(year)
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            services.confirm_year(database.session(), year, document=text(form.reason), actor=actor())
        except DomainError as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("The year is confirmed."), "success")
            return redirect(url_for("workdays.show", year=year))
    return render_template("workdays/confirm.html", form=form, year=year)
