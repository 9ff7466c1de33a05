"""The piece of a draw's page that speaks of its chances."""

from flask import Flask

from supervision.demo.registry import Step
from supervision.demo.registry import register as register_demo
from supervision.draws.models import Draw
from supervision.fairness import cli, figures, measuring, pages, queries, services, views
from supervision.fairness.rules import BEFORE_THE_DRAW
from supervision.labels import N_
from supervision.permissions import Actor, Permission
from supervision.web import database, panels
from supervision.web.panels import Panel

__all__ = ["cli", "init_app"]


def init_app(app: Flask) -> None:
    """Add the room of fairness to the application."""
    app.register_blueprint(views.blueprint)
    measuring.register_handlers()
    figures.register_handlers()
    register_demo(Step(N_("figures of opened draws"), 92, figures.load_demo))
    panels.register(app, Panel("draw", "fairness/draw_panel.html", chances_of_draw, Permission.DRAW_VIEW, order=10))


def chances_of_draw(viewer: Actor, subject: Draw) -> dict[str, object] | None:
    """Return the certificate of a draw, and whether this viewer may ask for one now; nothing where neither is so."""
    session = database.session()
    certificate = queries.find_certificate(session, subject)
    may_ask = subject.state in BEFORE_THE_DRAW and services.may_measure(subject, viewer)
    if certificate is None and not may_ask:
        return None
    values = pages.certificate_values(session, subject, certificate) if certificate else {"certificate": None}
    running = queries.find_running(session, subject) if may_ask else None
    return {"draw": subject, "may_ask": may_ask, "running": running, **values}
