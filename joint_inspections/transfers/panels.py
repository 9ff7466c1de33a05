"""Transfers on pages of others: what waits at home, those of a visit and those of a follow-up."""

from collections.abc import Sequence

from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.follow_ups.rules import FollowUpState
from joint_inspections.records.models import ItemResult
from joint_inspections.records.queries import list_sections
from joint_inspections.transfers import queries
from joint_inspections.transfers.models import Transfer
from joint_inspections.transfers.sending import may_send
from joint_inspections.transfers.shown import due_state
from joint_inspections.visits.models import Visit
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.panels import Panel

Values = dict[str, object] | None


def waiting(viewer: Actor, subject: object) -> Values:  # noqa: ARG001 - every panel is loaded alike
    """What waits for the viewer's department, for the coordinator's decision, and what is overdue."""
    counts = queries.count_waiting(database.session(), viewer)
    if not any((counts.incoming, counts.sent, counts.decide, counts.overdue)):
        return None
    return {
        "counts": counts,
        "own": not viewer.sees_whole_district,
        "decides": viewer.may(Permission.TRANSFER_ROUTE),
        "extends": viewer.may(Permission.TRANSFER_EXTEND),
    }


def of_visit(viewer: Actor, subject: Visit) -> Values:
    """What was handed over from a visit, and the problems that can be."""
    session = database.session()
    found, sends = queries.list_of_visit(session, subject.id), may_send(session, subject, viewer)
    if not found and not sends:
        return None
    return {
        "transfers": _with_due(found),
        "may_open": viewer.may(Permission.TRANSFER_VIEW),
        "may_send": sends,
        "findings": _findings(subject, viewer, found) if sends else [],
        "visit_id": subject.id,
        "item_id": None,
    }


def _with_due(found: Sequence[Transfer]) -> list[tuple[Transfer, str]]:
    return [(one, due_state(one)) for one in found]


def _findings(visit: Visit, viewer: Actor, found: Sequence[Transfer]) -> list[ItemResult]:
    handed = {one.item_id for one in found if one.open}
    return [
        row
        for section in list_sections(database.session(), visit)
        if section.department_id == viewer.department_id
        for row in section.item_results
        if row.problem and row.item_id not in handed
    ]


def of_follow_up(viewer: Actor, subject: FollowUp) -> Values:
    """What was handed over of a problem, and a way to do so."""
    session = database.session()
    found = queries.list_of_follow_up(session, viewer, subject)
    own = subject.department_id == viewer.department_id and may_send(session, subject.visit, viewer)
    sends = own and subject.state is FollowUpState.OPEN and not any(one.open for one in found)
    if not found and not sends:
        return None
    return {
        "transfers": _with_due(found),
        "may_open": True,
        "may_send": sends,
        "findings": [],
        "visit_id": subject.visit_id,
        "item_id": subject.item_id,
    }


PANELS = (
    Panel("home", "transfers/home_panel.html", waiting, Permission.TRANSFER_VIEW, 56),
    Panel("visit", "transfers/list_panel.html", of_visit, None, 36),
    Panel("follow_up", "transfers/list_panel.html", of_follow_up, Permission.TRANSFER_VIEW, 20),
)
