"""What this room adds to the application."""

from flask import Flask
from flask_babel import lazy_gettext as _

from joint_inspections.days import (
    board_views,
    calendar_views,
    demo,
    feed_views,
    imports,
    leave_views,
    messages,
    route_views,
    workload_views,
)
from supervision.demo.registry import Step, register
from supervision.intake import kinds
from supervision.notifications import sources
from supervision.web import menu
from supervision.web.menu import Entry

VIEWS = (route_views, calendar_views, leave_views, board_views, workload_views, feed_views)


def init_app(app: Flask) -> None:
    """Build the room into ``app``."""
    for module in VIEWS:
        app.register_blueprint(module.blueprint)
    sources.register(*messages.KINDS)
    kinds.register(imports.KIND)
    register(Step("places of entities", 86, demo.load_places, 1))
    register(Step("leave of inspectors", 87, demo.load_leave, 1))
    menu.register(
        app,
        Entry("day_routes.index", _("My day and route"), "work", 11, "map"),
        Entry("day_calendars.month", _("Calendar and leave"), "work", 12, "calendar3"),
        Entry("leave.requests", _("Leave to decide"), "work", 35, "person-check"),
        Entry("day_board.index", _("Where the teams stand"), "plans", 41, "kanban"),
        Entry("workload.index", _("Workload"), "figures", 65, "bar-chart"),
    )
