"""Signatures on pages of others: the form and the visit."""

from joint_inspections.records.queries import list_sections, member_department
from joint_inspections.signatures.queries import party_state
from joint_inspections.signatures.rules import Standing, is_asked, may_be_shown
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import RECORDING, SectionState
from supervision import clock
from supervision.parameters.queries import get_number
from supervision.permissions import Actor
from supervision.web import database
from supervision.web.panels import Panel


def party_of_visit(viewer: Actor, subject: object) -> dict[str, object] | None:
    """Say whether the enterprise has answered the record as it is now, and what is next."""
    if not isinstance(subject, Visit) or subject.visited_at is None:
        return None
    session = database.session()
    required = get_number(session, "party-signature-required", on=clock.today())
    on_team = viewer.inspector_id is not None and member_department(subject, viewer) is not None
    return {
        "visit": subject,
        "state": party_state(session, subject),
        "signing": on_team and subject.state in RECORDING,
        "ready": may_be_shown(
            subject.outcome_code,
            all_signed=all(one.state is SectionState.SIGNED for one in list_sections(session, subject)),
        ),
        "asked": is_asked(subject.outcome_code, required=bool(required)),
        "required": required,
        "Standing": Standing,
    }


PANELS = tuple(
    Panel(place, "signatures/of_visit.html", party_of_visit, None, order)
    for place, order in (("record", 20), ("visit", 24))
)
