"""What publication shows on pages of others: the clock at home, the part on a visit, results of an entity."""

from collections import defaultdict
from datetime import datetime

from joint_inspections.records.queries import count_late_records, list_sections
from joint_inspections.results import queries
from joint_inspections.results.models import PublishedPart
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import list_visits_of_entity
from joint_inspections.visits.rules import VisitState, clock_state
from supervision import clock
from supervision.entities.models import Entity
from supervision.parameters.queries import list_reasons
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.panels import Panel

Values = dict[str, object] | None


def publication_clock(viewer: Actor, subject: object) -> Values:  # noqa: ARG001 - every panel is loaded alike
    """How the viewer's department stands against the deadlines, and which departments keep others waiting."""
    session = database.session()
    if viewer.department_id is None and not viewer.sees_whole_district:
        return None
    return {
        "clock": queries.count_clock(session, viewer),
        "late_records": count_late_records(session, viewer),
        "late": queries.count_late(session, viewer) if viewer.may(Permission.PLAN_VIEW) else [],
        "may_publish": queries.may_publish(viewer),
        "may_list": viewer.may(Permission.PLAN_VIEW),
    }


def publication_of_visit(viewer: Actor, subject: object) -> Values:
    """Each department's part of a visit: public, still to come or withdrawn; the button for the viewer's own."""
    if not isinstance(subject, Visit) or subject.visited_at is None:
        return None
    session, visit = database.session(), subject
    versions: dict[int, list[PublishedPart]] = defaultdict(list)
    for part in queries.list_parts_of_visit(session, visit):
        versions[part.department_id].append(part)
    sections = list_sections(session, visit)
    own = next((one for one in sections if one.department_id == viewer.department_id), None)
    entitled = own is not None and queries.may_publish(viewer)
    released = versions[own.department_id] if own is not None else []
    delays = queries.list_delays(session, [visit.id])
    return {
        "visit": visit,
        "delays": {department: delay for (_visit, department), delay in delays.items()},
        "delay_reasons": {one.code: one for one in list_reasons(session, "unpublished_reasons")},
        "parts": [
            (section, versions[section.department_id], _state(section.published_at, visit)) for section in sections
        ],
        "own": own,
        "accepted": visit.state is VisitState.ACCEPTED,
        "may_publish": entitled and visit.state is VisitState.ACCEPTED and own is not None and own.to_release,
        "may_withdraw": entitled and bool(released) and released[0].withdrawal is None,
    }


def _state(moment: datetime | None, visit: Visit) -> str:
    done = clock.local(moment).date() if moment else None
    return clock_state(visit.publish_due_on, done_on=done, today=clock.today())


def visits_of_entity(viewer: Actor, subject: object) -> Values:
    """Visits to an entity that the viewer may know of, and everything published about it."""
    if not isinstance(subject, Entity):
        return None
    session = database.session()
    published: dict[int, list[PublishedPart]] = defaultdict(list)
    for part in queries.list_of_entity(session, viewer, subject.id):
        published[part.visit_id].append(part)
    known = list_visits_of_entity(session, viewer, subject.id)
    of_others = published.keys() - {visit.id for visit in known}
    return {
        "visits": known,
        "published": published,
        "others": [parts for visit_id, parts in published.items() if visit_id in of_others],
    }


PANELS = (
    Panel("home", "results/home_clock.html", publication_clock, Permission.VISIT_VIEW, 60),
    Panel("entity", "results/entity_visits.html", visits_of_entity, Permission.REGISTRY_VIEW, 30),
    Panel("visit", "results/visit_publication.html", publication_of_visit, None, 40),
)
