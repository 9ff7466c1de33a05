"""The first page: the public's, or a signed-in person's own work, gathered from panels that rooms register."""

from flask import Blueprint, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from supervision.web.access import actor, public
from supervision.web.panels import shown_panels

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public
def index() -> str | Response:
    """Show a signed-in person what waits for them; lead everybody else to the public pages."""
    viewer = actor()
    if viewer.user_id is None:
        endpoint = current_app.extensions.get("public_home", "")
        return redirect(url_for(endpoint)) if endpoint else render_template("home/public.html")
    return render_template("home/index.html", panels=shown_panels("home", viewer))
