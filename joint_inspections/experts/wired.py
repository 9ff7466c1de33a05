"""What this room adds to the application."""

from flask import Flask
from flask_babel import lazy_gettext as _

from joint_inspections.experts import demo, draw_views, messages, own_views, views
from joint_inspections.experts.drawing import ExpertsOfDraw
from joint_inspections.experts.freezing import freeze_with_pool
from joint_inspections.experts.panels import PANELS
from supervision.demo.registry import Step, register
from supervision.draws import hooks
from supervision.notifications import sources
from supervision.web import menu, panels
from supervision.web.menu import Entry

EXPERTS_OF_DRAW = ExpertsOfDraw()


def init_app(app: Flask) -> None:
    """Build the room into ``app``; after the visits follow draws, for their experts go where these go."""
    hooks.follow(EXPERTS_OF_DRAW)
    hooks.follow_freeze(freeze_with_pool)
    for module in (views, draw_views, own_views):
        app.register_blueprint(module.blueprint)
    sources.register(*messages.KINDS)
    panels.register(app, *PANELS)
    register(Step("an expert for a visit of today", 89, demo.load, 1))
    menu.register(
        app,
        Entry("expert_work.index", _("My visits as an expert"), "work", 13, "award"),
        Entry("expert_draws.index", _("Draws of experts"), "plans", 39, "shuffle"),
    )
