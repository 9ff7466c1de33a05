"""What the page of a visit, and the code of its notice, say of other visits to the same door."""

from joint_inspections.encounters import queries
from joint_inspections.encounters.frequency import check_frequency
from joint_inspections.encounters.fruitless import list_returning
from joint_inspections.encounters.rules import REASONS
from joint_inspections.encounters.services import leads
from joint_inspections.notices.models import Notice
from joint_inspections.visits.meeting import meeting_of
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import BEFORE_VISIT
from supervision.parameters.queries import list_reasons
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.panels import Panel

Values = dict[str, object] | None


def of_visit(viewer: Actor, subject: object) -> Values:
    """Say how often the enterprise is visited, who comes again for nothing, and who could go together."""
    if not isinstance(subject, Visit):
        raise TypeError(subject)
    session, visit = database.session(), subject
    partners = [(one, queries.departments_of(one)) for one in queries.find_partners(session, visit)]
    if visit.state not in BEFORE_VISIT:
        return {"visit": visit, "partners": partners} if partners else None
    manages = viewer.may(Permission.PLAN_VIEW)
    frequency = check_frequency(session, visit)
    values: dict[str, object] = {
        "visit": visit,
        "partners": partners,
        "frequency": frequency if frequency.over else None,
        "others": _others(viewer, visit) if manages and frequency.over else [],
        "returning": list_returning(session, visit),
        "matches": [(one, queries.departments_of(one)) for one in queries.find_matches(session, visit)]
        if manages
        else [],
        "open": queries.list_open_offers(session, viewer, visit),
        "offers": leads(visit, viewer),
        "decides": viewer.may(Permission.CAP_OVERRIDE),
        "reasons": {one.code: one for one in list_reasons(session, REASONS)},
    }
    return values if any(values[name] for name in ("partners", "frequency", "returning", "matches", "open")) else None


def _others(viewer: Actor, visit: Visit) -> list[object]:
    found = queries.other_visits(database.session(), viewer, visit)
    return [(one, shown, queries.departments_of(one)) for one, shown in found]


def of_notice(viewer: Actor, subject: Notice) -> Values:  # noqa: ARG001 - every panel is loaded alike
    """Tell the enterprise that two inspections are one visit, and when it is visited too often."""
    visit = subject.visit
    if visit.state not in BEFORE_VISIT and visit.visited_at is None:
        return None
    found = meeting_of(database.session(), visit)
    return {"meeting": found, "visit": visit} if found.together or found.too_many else None


PANELS = (
    Panel("visit", "encounters/visit_panel.html", of_visit, Permission.VISIT_VIEW, order=5),
    Panel("notice_code", "encounters/code_panel.html", of_notice, order=5),
)
