"""Evidence on pages of others: the form, a version of the record, the visit."""

from joint_inspections.evidence.queries import list_samples
from joint_inspections.evidence.rules import IMAGES
from joint_inspections.evidence.shown import show_files
from joint_inspections.records.queries import member_department
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import RECORDING
from supervision.permissions import Actor
from supervision.web import database
from supervision.web.panels import Panel


def evidence_of_visit(viewer: Actor, subject: object) -> dict[str, object] | None:
    """Files and samples of a visit that has begun, with what must be looked at."""
    if not isinstance(subject, Visit) or subject.visited_at is None:
        return None
    session = database.session()
    files = show_files(session, subject, viewer)
    on_team = viewer.inspector_id is not None and member_department(subject, viewer) is not None
    return {
        "visit": subject,
        "files": files,
        "missing": [one.attachment.number for one in files if not one.attachment.complete],
        "samples": [one for one in list_samples(session, subject) if one.withdrawal is None],
        "adding": on_team and subject.state in RECORDING,
        "images": IMAGES,
    }


def evidence_now(viewer: Actor, subject: object) -> dict[str, object] | None:
    """The same beside a version of the record: warnings, and reports that came after it."""
    values = evidence_of_visit(viewer, subject)
    return values and {**values, "now": True}


PANELS = (
    Panel("record", "evidence/of_visit.html", evidence_of_visit, None, 10),
    Panel("record_version", "evidence/of_visit.html", evidence_now, None, 10),
    Panel("visit", "evidence/of_visit.html", evidence_of_visit, None, 22),
)
