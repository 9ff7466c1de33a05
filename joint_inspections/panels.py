"""What this floor shows on pages of others: the home page, an entity, and the page of a visit."""

from datetime import date, datetime

from joint_inspections.notices import queries as notices
from joint_inspections.records import queries as records
from joint_inspections.records.reviewing import bar_to_review, may_correct
from joint_inspections.records.rules import ReviewDecision
from joint_inspections.visits import queries as visits
from joint_inspections.visits.approvals import load_desk
from joint_inspections.visits.assignments import list_assignments
from joint_inspections.visits.caps import count_over_cap
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import BEFORE_VISIT, RECORDING, SectionState, VisitState, clock_state
from supervision import clock
from supervision.parameters.queries import list_reasons
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.panels import Panel

Values = dict[str, object] | None


def own_work(viewer: Actor, subject: object) -> Values:  # noqa: ARG001 - every panel is loaded alike
    """My assignments of today and this week, and the records I owe."""
    today = clock.today()
    found = list_assignments(database.session(), viewer)
    due = [
        (one, clock_state(one.record_due_on, done_on=None, today=today))
        for one in found
        if one.state in RECORDING and one.record_due_on
    ]
    return {
        "today": sum(one.planned_on <= today for one in found),
        "later": sum(one.planned_on > today for one in found),
        "due": due[:10],
    }


def decisions(viewer: Actor, subject: object) -> Values:  # noqa: ARG001 - every panel is loaded alike
    """What waits for the viewer's decision: inspections, recusals, records."""
    session = database.session()
    links: list[tuple[str, int]] = []
    if viewer.may(Permission.PLAN_APPROVE):
        links.append(("approvals.index", len(load_desk(session, viewer).ready)))
    if viewer.may(Permission.CAP_OVERRIDE):
        links.append(("caps.index", count_over_cap(session, viewer)))
    if viewer.may(Permission.RECUSAL_DECIDE):
        links.append(("recusals.index", len(visits.list_recusals(session, viewer, waiting=True))))
    if viewer.may(Permission.RECORD_REVIEW):
        links.append(("reviews.index", len(records.list_to_review(session, viewer))))
    return {"counts": dict(links)} if links else None


def notices_of_visit(viewer: Actor, subject: object) -> Values:
    """The notices issued for a visit, and whether one more is needed."""
    visit = _visit(subject)
    session = database.session()
    on_team = _on_team(visit, viewer)
    issuing = on_team or (
        viewer.may(Permission.PLAN_DRAFT) and viewer.department_id == visit.plan_version.plan.lead_department_id
    )
    issued, current = notices.list_notices(session, visit), notices.has_current_notice(session, visit)
    urgent = visit.reported_at is not None
    ready = visit.state is VisitState.APPROVED or (urgent and visit.state in BEFORE_VISIT)
    return {
        "visit": visit,
        "notices": issued,
        "current": current,
        "reworded": current and not notices.tells_who_comes_along(session, issued[0]),
        "open": ready,
        "urgent": urgent,
        "may_issue": issuing and (ready or (urgent and visit.state in RECORDING)),
        "may_arrive": on_team and ready and visit.team_ready and visit.planned_on <= clock.today(),
    }


def form_of_visit(viewer: Actor, subject: object) -> Values:
    """The sections of a visit's form: who has signed, who has not."""
    visit = _visit(subject)
    if visit.visited_at is None:
        return None
    sections = records.list_sections(database.session(), visit)
    own = records.member_department(visit, viewer) if viewer.inspector_id is not None else None
    return {
        "visit": visit,
        "sections": sections,
        "own": own,
        "recording": visit.state in RECORDING,
        "due_state": _state(visit.record_due_on, _day(visit.submitted_at)),
        "result_codes": records.list_result_codes(database.session()),
        "SectionState": SectionState,
    }


def versions_of_visit(viewer: Actor, subject: object) -> Values:
    """The versions of a record with their reviews; what the viewer may do with them."""
    visit = _visit(subject)
    versions = records.list_versions(database.session(), visit)
    if not versions:
        return None
    waiting = visit.state is VisitState.SUBMITTED
    return {
        "visit": visit,
        "versions": versions,
        "may_review": waiting and not bar_to_review(visit, versions[0], viewer),
        "may_correct": visit.state in {VisitState.ACCEPTED, VisitState.PUBLISHED} and may_correct(visit, viewer),
        "returns": {one.code: one for one in list_reasons(database.session(), "return_reasons")},
        "review_state": _state(versions[0].review_due_on, None),
        "waiting": waiting,
        "ReviewDecision": ReviewDecision,
    }


def _day(moment: datetime | None) -> date | None:
    return clock.local(moment).date() if moment else None


def _state(due: date | None, done_on: date | None) -> str:
    return clock_state(due, done_on=done_on, today=clock.today())


def _visit(subject: object) -> Visit:
    if not isinstance(subject, Visit):
        raise TypeError(subject)
    return subject


def _on_team(visit: Visit, viewer: Actor) -> bool:
    return viewer.inspector_id is not None and any(one.inspector_id == viewer.inspector_id for one in visit.team_now)


PANELS = (
    Panel("home", "visits/home_own_work.html", own_work, Permission.VISIT_INSPECT, 10),
    Panel("home", "visits/home_decisions.html", decisions, Permission.VISIT_VIEW, 20),
    Panel("visit", "notices/visit_notices.html", notices_of_visit, None, 10),
    Panel("visit", "records/visit_form.html", form_of_visit, None, 20),
    Panel("visit", "records/visit_versions.html", versions_of_visit, None, 30),
)
