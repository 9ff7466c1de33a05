"""What the room of orders adds to the application."""

from flask import Flask
from flask_babel import lazy_gettext as _

from joint_inspections.ordered import messages, order_views, views
from joint_inspections.ordered.panels import PANELS
from joint_inspections.ordered.team_changes import OrderOrigin
from joint_inspections.visits.origins import register_orders
from supervision.notifications import sources
from supervision.web import menu, panels
from supervision.web.menu import Entry

ORDERS = OrderOrigin()


def init_app(app: Flask) -> None:
    """Build the room into ``app``."""
    register_orders(ORDERS)
    app.register_blueprint(order_views.blueprint)
    app.register_blueprint(views.blueprint)
    panels.register(app, *PANELS)
    sources.register(*messages.KINDS)
    menu.register(app, Entry("orders.index", _("Ordered inspections"), "plans", 39, "flag"))
