"""The route of a day on the screen and on paper, its order and its days changed by hand."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.days import queries, services
from joint_inspections.days.day_routes import Route, count_week, find_last_move, load_route
from joint_inspections.days.rules import week_of
from joint_inspections.days.shown import chosen_day, note_names, picture_of, short_place
from joint_inspections.visits.queries import get_visit_for_change
from supervision import clock
from supervision.errors import DomainError, NotFound
from supervision.inspectors.models import Inspector
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import small_number
from supervision.web.languages import name_of
from supervision.web.refusals import told

blueprint = Blueprint("day_routes", __name__, url_prefix="/days")
Page = str | BaseResponse
LONGEST_REASON = 300


@blueprint.app_template_filter("km")
def km(length: float) -> str:
    """Show a distance in kilometres with one digit after the point, as short legs have."""
    return f"{length:.1f}"


def _inspector() -> Inspector:
    """Load the inspector asked for, the signed-in one unless told otherwise."""
    typed = request.values.get("inspector", "")
    wanted = small_number(typed) if typed else actor().inspector_id
    return queries.get_inspector_of(database.session(), actor(), wanted)


@blueprint.get("/")
@requires(Permission.VISIT_INSPECT, Permission.PLAN_VIEW)
def index() -> Page:
    """Show the route of a day; who has no days of their own is led to where the teams stand."""
    if actor().inspector_id is None and not request.args.get("inspector"):
        return redirect(url_for("day_board.index"))
    session, inspector, day = database.session(), _inspector(), chosen_day()
    route = load_route(session, actor(), inspector, day)
    own = actor().inspector_id == inspector.id
    if not own:
        note_names([one.visit for one in route.stops])
    week = week_of(day)
    places = queries.list_places(session)
    return render_template(
        "days/route.html",
        route=route,
        own=own,
        picture=picture_of(route, places),
        names={one.code: short_place(name_of(one)) for one in places},
        week=week,
        earlier=week[0] - timedelta(days=7),
        later=week[0] + timedelta(days=7),
        shown_inspector=None if own else inspector.id,
        counts=count_week(session, actor(), inspector, week),
        last_move=find_last_move(session, actor()) if own else None,
        today=clock.today(),
    )


@blueprint.get("/sheet")
@requires(Permission.VISIT_INSPECT, Permission.PLAN_VIEW)
def sheet() -> Page:
    """Show the same on paper: addresses, teams, room for notes."""
    if actor().inspector_id is None and not request.args.get("inspector"):
        return redirect(url_for("day_board.index"))
    session, inspector = database.session(), _inspector()
    route = load_route(session, actor(), inspector, chosen_day())
    if actor().inspector_id != inspector.id:
        note_names([one.visit for one in route.stops])
    back = url_for("day_routes.index", day=route.day.isoformat(), inspector=inspector.id)
    return render_template("days/sheet.html", route=route, back_url=back, printed_at=clock.now())


@blueprint.post("/order")
@requires(Permission.VISIT_INSPECT)
def order() -> BaseResponse:
    """Put a visit earlier or later, go back to the computed order, or take the last change back."""
    session, route = database.session(), _own_route()
    serial, wanted = small_number(request.form.get("serial", "")), request.form.get("wanted", "")
    seen = -1 if serial is None else serial
    try:
        if wanted == "undo":
            services.undo_order(session, route, serial=seen, actor=actor())
        elif wanted == "compute":
            services.compute_again(session, route, serial=seen, actor=actor())
        else:
            visit_id = small_number(request.form.get("visit", "")) or 0
            step = -1 if wanted == "earlier" else 1
            services.move_stop(session, route, visit_id=visit_id, step=step, serial=seen, actor=actor())
    except NotFound:
        raise
    except DomainError as error:
        return _refused(error, route)
    database.commit()
    return _back(route)


def _own_route() -> Route:
    inspector = queries.get_inspector_of(database.session(), actor(), actor().inspector_id)
    return load_route(database.session(), actor(), inspector, chosen_day())


def _back(route: Route) -> BaseResponse:
    return redirect(url_for("day_routes.index", day=route.day.isoformat(), _anchor="stops"))


def _refused(error: DomainError, route: Route) -> BaseResponse:
    database.session().rollback()
    flash(told(error), "danger")
    return _back(route)


@blueprint.post("/visits/<int:visit_id>/day")
@requires(Permission.VISIT_INSPECT)
def move(visit_id: int) -> BaseResponse:
    """Put a visit on another day of this week, or back on the day from which it was moved."""
    session = database.session()
    visit = get_visit_for_change(session, actor(), visit_id)
    before = visit.planned_on
    try:
        if request.form.get("wanted") == "undo":
            services.undo_move(session, visit, actor=actor())
        else:
            reason = request.form.get("reason", "")[:LONGEST_REASON].strip()
            services.move_day(session, visit, day=chosen_day(default=before), reason=reason, actor=actor())
    except DomainError as error:
        session.rollback()
        flash(told(error), "danger")
        return redirect(url_for("day_routes.index", day=before.isoformat()))
    day = visit.planned_on
    database.commit()
    flash(_("Day changed. Where a notice was issued for the other day, issue a new one."), "success")
    return redirect(url_for("day_routes.index", day=day.isoformat(), _anchor="stops"))
