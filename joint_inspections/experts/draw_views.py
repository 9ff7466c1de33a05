"""Draws of experts: the list, one draw with everything checked anew, and the file by which others compute it."""

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from joint_inspections.experts import queries
from joint_inspections.experts.checking import faults
from joint_inspections.experts.freezing import list_lines, needs_of
from joint_inspections.experts.rules import CHANGE_GROUNDS, ExpertDrawState
from joint_inspections.experts.shown import record_of_draw, shown_places, told_by_now
from sampling.canonical import canonical_bytes
from supervision.errors import NotFound
from supervision.parameters.queries import list_reasons
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.exports import disposition
from supervision.web.listing import Column, Filter, Listing, read_query

blueprint = Blueprint("expert_draws", __name__, url_prefix="/expert-draws")


@blueprint.get("/")
@requires(Permission.PLAN_VIEW)
def index() -> str:
    """List the draws of experts of the viewer's tasks."""
    filters = [Filter("state", lazy_gettext("State"), [(one.value, _(one.label)) for one in ExpertDrawState])]
    query = read_query(filters)
    columns = [
        Column("number", lazy_gettext("Number"), True),
        Column("task", lazy_gettext("Task")),
        Column("needs", lazy_gettext("Special fields")),
        Column("frozen_at", lazy_gettext("List frozen"), True),
        Column("state", lazy_gettext("State")),
    ]
    found = queries.list_expert_draws(database.session(), actor(), query)
    listing = Listing(query, found, columns, filters, lazy_gettext("Number of the draw or of the task"))
    return render_template("experts/index.html", listing=listing, needs_of=needs_of)


@blueprint.get("/<int:expert_draw_id>")
@requires(Permission.PLAN_VIEW)
def show(expert_draw_id: int) -> str:
    """Show one draw: the frozen list, what the lots decided as far as it is disclosed, and whether all of it fits."""
    session, viewer = database.session(), actor()
    found = queries.get_expert_draw(session, viewer, expert_draw_id)
    places = shown_places(session, viewer, found)
    seen = {one.team for one in places}
    return render_template(
        "experts/draw.html",
        draw=found,
        needs=needs_of(found),
        lines=list_lines(found),
        places=places,
        changes=[one for one in found.changes if one.team in seen],
        grounds={one.code: one for one in list_reasons(session, CHANGE_GROUNDS)},
        faults=list(faults(session, found)),
        open_now=told_by_now(found),
        ExpertDrawState=ExpertDrawState,
    )


@blueprint.get("/<int:expert_draw_id>/record.json")
@requires(Permission.PLAN_VIEW)
def record_json(expert_draw_id: int) -> Response:
    """Hand out everything by which a draw of experts is computed elsewhere, once its seed is no secret any more."""
    session = database.session()
    found = queries.get_expert_draw(session, actor(), expert_draw_id)
    if not told_by_now(found):
        raise NotFound
    response = Response(canonical_bytes(record_of_draw(session, found)), mimetype="application/json")
    response.headers["Content-Disposition"] = disposition(f"{found.number}.json")
    return response
