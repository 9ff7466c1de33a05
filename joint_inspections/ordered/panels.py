"""What orders show on pages of others: the home page, a visit, an entity."""

from joint_inspections.ordered import queries, services
from joint_inspections.ordered.rules import GROUNDS
from joint_inspections.ordered.views import writing_state
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import FALLEN_AWAY
from supervision.parameters.queries import list_reasons
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.panels import Panel


def panel_of_home(viewer: Actor, subject: object) -> dict[str, object] | None:  # noqa: ARG001 - every panel alike
    """Orders that wait for the head's word, and urgent ones that are not complete in writing."""
    session = database.session()
    to_decide = queries.list_to_decide(session, viewer)
    incomplete = [(one, writing_state(one)) for one in queries.list_incomplete(session, viewer)]
    return {"to_decide": to_decide, "incomplete": incomplete} if to_decide or incomplete else None


def panel_of_visit(viewer: Actor, subject: object) -> dict[str, object] | None:
    """Why an ordered visit is made, for whoever sees the visit; and how one that was made is looked at again."""
    if not isinstance(subject, Visit):
        return None
    session, order = database.session(), queries.order_of(database.session(), subject)
    again = queries.orders_after(session, viewer, subject)
    may_again = subject.visited_at is not None and subject.state not in FALLEN_AWAY and services.may_order(viewer)
    if order is None and not again and not may_again:
        return None
    reasons = {one.code: one for one in list_reasons(session, GROUNDS)}
    return {
        "visit": subject,
        "order": order,
        "ground": reasons[order.ground_code] if order is not None else None,
        "shown": order is not None and queries.may_see(session, viewer, order),
        "writing": writing_state(order) if order is not None else "",
        "again": again,
        "may_again": may_again,
    }


PANELS = (
    Panel("home", "ordered/home_panel.html", panel_of_home, Permission.PLAN_VIEW, 21),
    Panel("visit", "ordered/visit_panel.html", panel_of_visit, None, 4),
)
