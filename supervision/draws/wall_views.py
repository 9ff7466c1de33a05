"""The wall: a draw before an audience, and its moving part."""

from flask import render_template, request

from supervision.draws.views import blueprint, load
from supervision.draws.wall_pages import wall_values
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires

__all__ = ["blueprint"]


@blueprint.get("/<int:draw_id>/ceremony")
@requires(Permission.DRAW_VIEW)
def ceremony(draw_id: int) -> str:
    """Show the draw on a wall, large and short."""
    return render_template("draws/ceremony.html", **wall_values(database.session(), load(draw_id), actor()))


@blueprint.get("/<int:draw_id>/ceremony/now")
@requires(Permission.DRAW_VIEW)
def ceremony_now(draw_id: int) -> tuple[str, int]:
    """Return the moving part of the ceremony, or nothing (204) while it stands as the asking page has it."""
    draw = load(draw_id)
    values = wall_values(database.session(), draw, actor())
    if request.args.get("seen") == values["mark"]:
        return "", 204
    return render_template("draws/ceremony_now.html", **values), 200
