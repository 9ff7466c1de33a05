"""What this room adds to the application."""

from flask import Flask

from joint_inspections.corrections import cli, file_views, messages, party_views, views
from joint_inspections.corrections.panels import PANELS
from supervision.notifications import sources
from supervision.web import panels


def init_app(app: Flask) -> None:
    """Build the room in."""
    for module in (views, party_views, file_views, cli):
        app.register_blueprint(module.blueprint)
    sources.register(*messages.KINDS)
    panels.register(app, *PANELS)
