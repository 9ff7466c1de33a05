"""The fairness certificate of a draw: its page, and asking for one."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from supervision.draws.views import load
from supervision.errors import NotFound
from supervision.fairness import pages, queries, services
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires

blueprint = Blueprint("fairness", __name__, url_prefix="/draws")


@blueprint.get("/<int:draw_id>/fairness")
@requires(Permission.DRAW_VIEW)
def show(draw_id: int) -> str:
    """Show the certificate of a draw with its tables and charts."""
    draw = load(draw_id)
    certificate = queries.find_certificate(database.session(), draw)
    if certificate is None:
        raise NotFound
    values = pages.certificate_values(database.session(), draw, certificate)
    return render_template("fairness/show.html", draw=draw, **values)


@blueprint.post("/<int:draw_id>/fairness")
@requires(Permission.DRAW_PREPARE, Permission.OVERSIGHT_VIEW)
def measure(draw_id: int) -> Response:
    """Ask for a certificate; the job's page shows how far it is."""
    job = services.ask(database.session(), load(draw_id), actor=actor())
    database.commit()
    if job.created_by != actor().user_id:
        flash(_("Somebody else has asked for it already; it appears here when it is done."), "info")
        return redirect(url_for("draws.show", draw_id=draw_id))
    return redirect(url_for("jobs.show", job_id=job.id))
