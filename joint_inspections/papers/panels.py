"""The papers of a visit on its page: which are due next, and how many there are."""

from joint_inspections.papers.listing import list_shown
from joint_inspections.papers.rules import Standing
from joint_inspections.visits.models import Visit
from supervision.permissions import Actor
from supervision.web import database
from supervision.web.panels import Panel

Values = dict[str, object] | None


def papers_of_visit(viewer: Actor, subject: object) -> Values:
    """What is due now, who may issue it, and the papers that hold."""
    if not isinstance(subject, Visit):
        raise TypeError(subject)
    shown = list_shown(database.session(), subject, viewer)
    if subject.number is None and not any(one.issued for one in shown):
        return None
    held = [issued.paper for one in shown for issued in one.issued if issued.standing is Standing.HOLDS]
    return {
        "visit": subject,
        "due": [one for one in shown if one.due],
        "held": held,
        "superseded": sum(len(one.issued) for one in shown) - len(held),
    }


PANELS = (Panel("visit", "papers/visit_panel.html", papers_of_visit, None, 32),)
