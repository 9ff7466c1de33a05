"""Opinions of experts on pages of others: the visit, its form, a version of its record, the expert's own page."""

from joint_inspections.evidence.rules import IMAGES
from joint_inspections.expert_opinions import queries
from joint_inspections.expert_opinions.services import may_write
from joint_inspections.experts.models import ExpertPlace
from joint_inspections.visits.models import Visit
from supervision.permissions import Actor
from supervision.web import database
from supervision.web.panels import Panel

Values = dict[str, object] | None


def of_visit(viewer: Actor, subject: object) -> Values:  # noqa: ARG001 - every panel is loaded alike
    """Show what the experts of a visit wrote, once the team has arrived."""
    if not isinstance(subject, Visit) or subject.visited_at is None:
        return None
    found = queries.list_opinions(database.session(), subject)
    return {"visit": subject, "opinions": found, "images": IMAGES} if found else None


def of_place(viewer: Actor, subject: object) -> Values:  # noqa: ARG001 - every panel is loaded alike
    """Lead the expert from the own page to the opinion."""
    if not isinstance(subject, ExpertPlace):
        raise TypeError(subject)
    return {"place": subject, "opinion": queries.load_opinion(database.session(), subject), "open": may_write(subject)}


PANELS = (
    Panel("visit", "expert_opinions/of_visit.html", of_visit, None, 23),
    Panel("record", "expert_opinions/of_visit.html", of_visit, None, 23),
    Panel("record_version", "expert_opinions/of_visit.html", of_visit, None, 23),
    Panel("expert_place", "expert_opinions/of_place.html", of_place, None, 10),
)
