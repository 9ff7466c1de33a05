"""On the page of a visit: who can no longer come, and the way to a replacement or a strike, for those who decide it."""

from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import BEFORE_VISIT
from supervision.draws import services as draws
from supervision.draws.queries import list_replaceable
from supervision.permissions import Actor
from supervision.web import database
from supervision.web.panels import Panel


def changes_of_visit(viewer: Actor, subject: object) -> dict[str, object] | None:
    """Return the inspectors of this team whom the viewer can have replaced; those who cannot come are marked."""
    if not isinstance(subject, Visit) or subject.draw is None or subject.state not in BEFORE_VISIT:
        return None
    if not draws.decides(subject.draw, viewer):
        return None
    people = [one for one in list_replaceable(database.session(), viewer, subject.draw) if subject.team in one.teams]
    unable = [one for one in people if any(subject.team in caution.teams for caution in one.cautions)]
    return {"visit": subject, "people": people, "unable": unable}


PANEL = Panel("visit", "visits/change_panel.html", changes_of_visit, None, 44)
