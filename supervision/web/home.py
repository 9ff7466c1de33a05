"""The first page: the public's, or a signed-in person's own work, gathered from panels that rooms register."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Flask, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from supervision.permissions import Actor, Permission
from supervision.web.access import actor, public

blueprint = Blueprint("home", __name__)


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel of the home page for people holding ``permission``: ``load`` returns values for ``template``.

    ``load`` returning None hides the panel for this person.
    """

    template: str
    load: Callable[[Actor], dict[str, object] | None]
    permission: Permission
    order: int = 50


def register_panel(app: Flask, panel: Panel) -> None:
    """Add a panel to the home page."""
    app.extensions.setdefault("home_panels", []).append(panel)


@blueprint.get("/")
@public
def index() -> str | Response:
    """Show a signed-in person what waits for them; lead everybody else to the public pages."""
    viewer = actor()
    if viewer.user_id is None:
        endpoint = current_app.extensions.get("public_home", "")
        return redirect(url_for(endpoint)) if endpoint else render_template("home/public.html")
    panels = sorted(current_app.extensions.get("home_panels", []), key=lambda panel: panel.order)
    shown = []
    for panel in panels:
        values = panel.load(viewer) if viewer.may(panel.permission) else None
        if values is not None:
            shown.append((panel.template, values))
    return render_template("home/index.html", panels=shown)
