"""What this room adds to the application."""

from flask import Flask

from joint_inspections.encounters import messages, views
from joint_inspections.encounters.frequency import check_entity
from joint_inspections.encounters.fruitless import barred_inspectors
from joint_inspections.encounters.meetings import find_meetings
from joint_inspections.encounters.panels import PANELS
from joint_inspections.encounters.services import find_bars, require_apart, require_not_too_often
from joint_inspections.ordered.knowledge import know
from joint_inspections.visits import meeting
from joint_inspections.visits.guards import foretell, guard, guard_moving
from supervision.notifications import sources
from supervision.web import panels


def init_app(app: Flask) -> None:
    """Bar what is too often, tell other rooms of visits that meet, and show it."""
    guard(require_not_too_often)
    guard_moving(require_apart)
    foretell(find_bars)
    know(check_entity=check_entity, barred=barred_inspectors)
    meeting.provide(find_meetings)
    app.register_blueprint(views.blueprint)
    sources.register(*messages.KINDS)
    panels.register(app, *PANELS)
