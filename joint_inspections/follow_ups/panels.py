"""Follow-ups on pages of others: how many are open at home, and those of a visit."""

from joint_inspections.follow_ups.queries import count_open, list_of_visit
from joint_inspections.follow_ups.rules import FollowUpState, is_overdue
from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.panels import Panel

Values = dict[str, object] | None


def open_follow_ups(viewer: Actor, subject: object) -> Values:  # noqa: ARG001 - every panel is loaded alike
    """What the viewer's department, or the district, has still to close."""
    if viewer.department_id is None and not viewer.sees_whole_district:
        return None
    department = "" if viewer.sees_whole_district else viewer.department_code
    return {"counts": count_open(database.session(), viewer), "department": department}


def follow_ups_of_visit(viewer: Actor, subject: object) -> Values:
    """What follows the problems found on a visit."""
    found = list_of_visit(database.session(), subject.id) if isinstance(subject, Visit) else []
    if not found:
        return None
    today = clock.today()
    return {
        "follow_ups": [(one, is_overdue(one.state, one.next_due_on, today=today)) for one in found],
        "may_open": viewer.may(Permission.PLAN_VIEW),
        "FollowUpState": FollowUpState,
    }


PANELS = (
    Panel("home", "follow_ups/home_panel.html", open_follow_ups, Permission.PLAN_VIEW, 55),
    Panel("visit", "follow_ups/visit_panel.html", follow_ups_of_visit, None, 35),
)
