"""Corrections on pages of others: cards at home, the page of a follow-up, the page of the enterprise's code."""

from joint_inspections.corrections.queries import count_corrections, list_of_visit, read_correction
from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.follow_ups.rules import Card
from joint_inspections.notices.models import Notice
from joint_inspections.records.rules import Disposal
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.panels import Panel

Values = dict[str, object] | None


def at_home(viewer: Actor, subject: object) -> Values:  # noqa: ARG001 - every panel is loaded alike
    """Cards of the viewer's department, or of the district, and what waits for a decision."""
    if viewer.department_id is None and not viewer.sees_whole_district:
        return None
    counts = count_corrections(database.session(), viewer)
    if not counts.open:
        return None
    return {"counts": counts, "own": {} if viewer.sees_whole_district else {"department": viewer.department_code}}


def of_follow_up(viewer: Actor, subject: object) -> Values:  # noqa: ARG001 - every panel is loaded alike
    """Whose turn it is, on the page of a follow-up that orders a correction."""
    if not isinstance(subject, FollowUp) or subject.kind is not Disposal.CORRECTION:
        return None
    return {"correction": read_correction(database.session(), subject), "Card": Card}


def of_notice(viewer: Actor, subject: object) -> Values:  # noqa: ARG001 - every panel is loaded alike
    """What the enterprise is to correct, by the code on its notice."""
    if not isinstance(subject, Notice):
        return None
    found = list_of_visit(database.session(), subject.visit_id)
    return {"corrections": found, "token": subject.token, "Card": Card} if found else None


PANELS = (
    Panel("home", "corrections/home_panel.html", at_home, Permission.PLAN_VIEW, 54),
    Panel("follow_up", "corrections/follow_up_panel.html", of_follow_up, None, 10),
    Panel("notice_code", "corrections/code_panel.html", of_notice, None, 5),
)
