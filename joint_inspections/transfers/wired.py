"""What this room adds to the application."""

from flask import Flask
from flask_babel import lazy_gettext as _

from joint_inspections.papers.subjects import also
from joint_inspections.transfers import demo, messages, step_views, views
from joint_inspections.transfers.panels import PANELS
from joint_inspections.transfers.paper import letters_of_visit
from joint_inspections.transfers.recounted import KINDS as DEADLINES
from supervision.demo.registry import Step, register
from supervision.labels import N_
from supervision.notifications import sources
from supervision.web import menu, panels
from supervision.web.menu import Entry
from supervision.workdays import recounting


def init_app(app: Flask) -> None:
    """Build the room into ``app``."""
    also(letters_of_visit)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(step_views.blueprint)
    panels.register(app, *PANELS)
    register(Step(N_("clues handed over"), 86, demo.load, 1))
    sources.register(*messages.KINDS)
    recounting.register(*DEADLINES)
    menu.register(app, Entry("transfers.index", _("Transferred clues"), "work", 56, "send"))
