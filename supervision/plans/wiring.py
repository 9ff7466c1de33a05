"""What plans and tasks add to the application."""

from flask import Flask
from flask_babel import lazy_gettext as _

from supervision.plans import draft_views, join_views, task_views, views
from supervision.plans.home_panels import PANELS
from supervision.web import menu, panels
from supervision.web.menu import Entry


def init_app(app: Flask) -> None:
    """Register pages, menu entries and panels of the first page."""
    for module in (views, draft_views, join_views, task_views):
        app.register_blueprint(module.blueprint)
    menu.register(
        app,
        Entry("plans.index", _("Inspection plans"), "plans", 10, "calendar-check"),
        Entry("tasks.index", _("Tasks"), "plans", 20, "list-check"),
    )
    panels.register(app, *PANELS)
