"""Calendars of an inspector and of a department, by month and by week."""

from calendar import Calendar
from datetime import date, timedelta

from babel.dates import format_skeleton
from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import get_locale
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.days import calendars, queries
from joint_inspections.days.rules import month_after, week_of
from joint_inspections.days.shown import chosen_day, note_names, shown_clashes
from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.departments.models import Department
from supervision.departments.queries import get_department, list_departments
from supervision.errors import NotFound
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import small_number

blueprint = Blueprint("day_calendars", __name__, url_prefix="/days/calendar")
Page = str | BaseResponse
SPANS = ("week", "month")


@blueprint.app_template_filter("month_of_year")
def month_of_year(day: date) -> str:
    """Show a month with its year as the language does."""
    return str(format_skeleton("yMMMM", day, locale=get_locale()))


@blueprint.get("/")
@requires(Permission.VISIT_INSPECT, Permission.PLAN_VIEW)
def month() -> Page:
    """Show an inspector's month; who has none of their own is led to the department's."""
    viewer, session, typed = actor(), database.session(), request.args.get("inspector", "")
    if viewer.inspector_id is None and not typed:
        return redirect(url_for("day_calendars.department", day=chosen_day().isoformat()))
    wanted = small_number(typed) if typed else viewer.inspector_id
    inspector = queries.get_inspector_of(session, viewer, wanted)
    first = chosen_day().replace(day=1)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    row = calendars.load_own(session, viewer, inspector, [day for week in weeks for day in week])
    cells = {one.day: one for one in row.cells}
    own = viewer.inspector_id == inspector.id
    if not own:
        note_names([visit for cell in row.cells for visit in cell.visits])
    return render_template(
        "days/month.html",
        inspector=inspector,
        own=own,
        first=first,
        weeks=[[cells[day] for day in week] for week in weeks],
        load=row.weeks,
        before=month_after(first, -1),
        after=month_after(first, 1),
        today=clock.today(),
        clashes=shown_clashes(),
        viewer=viewer,
    )


@blueprint.get("/department")
@requires(Permission.PLAN_VIEW)
def department() -> str:
    """Show the week or month of a department, a row for each inspector."""
    session, viewer = database.session(), actor()
    bodies = bodies_of()
    body = chosen_department(bodies)
    span = request.args.get("span", "")
    span = span if span in SPANS else "week"
    days = _days(chosen_day(), span)
    rows = calendars.load_department(session, viewer, body, days)
    shown: dict[int, Visit] = {one.id: one for row in rows for cell in row.cells for one in cell.visits}
    if span == "week":
        note_names(list(shown.values()))
    return render_template(
        "days/department.html",
        body=body,
        bodies=bodies,
        span=span,
        days=days,
        rows=rows,
        mondays=sorted({day - timedelta(days=day.weekday()) for day in days}),
        before=days[0] - timedelta(days=7) if span == "week" else month_after(days[0], -1),
        after=days[-1] + timedelta(days=1),
        today=clock.today(),
        clashes=shown_clashes(),
        viewer=viewer,
    )


def _days(day: date, span: str) -> list[date]:
    if span == "week":
        return week_of(day)
    first = day.replace(day=1)
    return [first + timedelta(days=number) for number in range((month_after(first, 1) - first).days)]


def bodies_of() -> list[Department]:
    """Return the departments whose days the viewer may look at: the own one, or all."""
    viewer = actor()
    found = list_departments(database.session())
    return [one for one in found if viewer.sees_whole_district or one.id == viewer.department_id]


def chosen_department(bodies: list[Department]) -> Department:
    """Return the department asked for, the own or first one unless told otherwise."""
    code = request.args.get("department", "")
    if code:
        wanted = get_department(database.session(), code)
        if wanted.id not in {one.id for one in bodies}:
            raise NotFound
        return wanted
    own = [one for one in bodies if one.id == actor().department_id]
    if not bodies:
        raise NotFound
    return (own or bodies)[0]
