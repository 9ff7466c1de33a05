"""What this room adds to the application."""

from flask import Flask

from joint_inspections.expert_opinions import messages, views
from joint_inspections.expert_opinions.companion import ExpertsOfRecord
from joint_inspections.expert_opinions.panels import PANELS
from joint_inspections.records import companions
from supervision.notifications import sources
from supervision.web import panels

EXPERTS_OF_RECORD = ExpertsOfRecord()


def init_app(app: Flask) -> None:
    """Build the room into ``app``."""
    companions.accompany(EXPERTS_OF_RECORD)
    app.register_blueprint(views.blueprint)
    sources.register(*messages.KINDS)
    panels.register(app, *PANELS)
