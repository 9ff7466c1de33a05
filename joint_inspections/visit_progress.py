"""The head of a visit's page: what is next, whose turn it is, where it stands, who has approved, the yearly cap."""

from flask import url_for

from joint_inspections.notices.queries import has_current_notice
from joint_inspections.records.queries import list_sections
from joint_inspections.results.queries import may_publish
from joint_inspections.visits.approving import OVERRIDE_REASONS
from joint_inspections.visits.caps import CapCheck, check_cap
from joint_inspections.visits.models import Visit, VisitMember
from joint_inspections.visits.queries import list_recusals_of_visit
from joint_inspections.visits.rules import (
    BEFORE_VISIT,
    PARTY_REQUEST,
    RECORDING,
    MemberState,
    RecusalDecision,
    SectionState,
    VisitKind,
    VisitState,
)
from joint_inspections.visits.stages import Facts, list_stages, next_step
from supervision import clock
from supervision.labels import N_
from supervision.parameters.queries import list_reasons
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.panels import Panel


def progress_of_visit(viewer: Actor, subject: object) -> dict[str, object] | None:
    """Gather what the head of the page says, and what the viewer can do now."""
    if not isinstance(subject, Visit):
        return None
    visit, session = subject, database.session()
    capped = visit.state in BEFORE_VISIT and visit.kind is VisitKind.RANDOM
    cap = check_cap(session, visit) if capped else None
    facts = _facts(visit, cap)
    given = visit.approved_departments
    turn, jump = _turn(visit, viewer, cap), _jump(visit, viewer)
    return {
        "visit": visit,
        "own": _own(visit, viewer),
        "step": next_step(visit, facts),
        "stages": list_stages(visit, facts),
        "approvals": [(one, given.get(one.department_id)) for one in visit.plan_version.participants],
        "cap": cap,
        "items": {one.item.code: one.item for one in visit.plan_version.items},
        "override_reasons": {one.code: one for one in list_reasons(session, OVERRIDE_REASONS)},
        "may_withdraw": _may_withdraw(visit, viewer),
        "asked": _own_state(visit, viewer) is MemberState.RECUSAL_ASKED,
        "by_party": _asked_by_party(visit, viewer),
        "jump": jump,
        "yours": any(turn.values()) or jump is not None,
        **turn,
    }


def _facts(visit: Visit, cap: CapCheck | None) -> Facts:
    session = database.session()
    sections = list_sections(session, visit) if visit.visited_at else ()
    recording = visit.state in RECORDING
    return Facts(
        today=clock.today(),
        noticed=(visit.state in BEFORE_VISIT or visit.begun_urgently) and has_current_notice(session, visit),
        unsigned=tuple(one.department for one in sections if recording and one.state is SectionState.OPEN),
        unreleased=tuple(one.department for one in sections if one.to_release),
        cap=cap,
    )


def _own(visit: Visit, viewer: Actor) -> VisitMember | None:
    if viewer.inspector_id is None:
        return None
    return next((one for one in visit.team_now if one.inspector_id == viewer.inspector_id), None)


def _own_state(visit: Visit, viewer: Actor) -> MemberState | None:
    own = _own(visit, viewer)
    return own.state if own is not None and visit.state in BEFORE_VISIT else None


def _asked_by_party(visit: Visit, viewer: Actor) -> bool:
    """Say whether it is the enterprise that asked the viewer to stand back, not the viewer."""
    if _own_state(visit, viewer) is not MemberState.RECUSAL_ASKED:
        return False
    own = [
        one.reason_code
        for one in list_recusals_of_visit(database.session(), visit)
        if one.member.inspector_id == viewer.inspector_id and one.decision is RecusalDecision.WAITING
    ]
    return own[-1:] == [PARTY_REQUEST]


def _may_withdraw(visit: Visit, viewer: Actor) -> bool:
    return _own_state(visit, viewer) is MemberState.ACCEPTED


def _turn(visit: Visit, viewer: Actor, cap: CapCheck | None) -> dict[str, bool]:
    """Say which buttons the viewer gets: every one of them is the step that others wait for."""
    assigned = visit.state is VisitState.ASSIGNED or visit.begun_urgently
    barred = cap is not None and cap.blocks
    bodies = {one.id for one in visit.departments_to_approve} if assigned else set()
    heads = viewer.may(Permission.PLAN_APPROVE) and viewer.department_id in bodies
    return {
        "to_answer": _own_state(visit, viewer) is MemberState.ASSIGNED,
        "to_approve": heads and visit.team_ready and not barred,
        "to_override": assigned and barred and viewer.may(Permission.CAP_OVERRIDE),
    }


def _issuable(visit: Visit) -> bool:
    return visit.state is VisitState.APPROVED or (visit.reported_at is not None and visit.state in BEFORE_VISIT)


def _jump(visit: Visit, viewer: Actor) -> tuple[str, str] | None:
    """Return where on this page or elsewhere the viewer takes the step that is next: address and message id."""
    on_team = _own(visit, viewer) is not None
    issues = on_team or (
        viewer.may(Permission.PLAN_DRAFT) and viewer.department_id == visit.plan_version.plan.lead_department_id
    )
    places = (
        (_issuable(visit) and visit.visited_at is None and issues, "#notices-title", N_("Notice and arrival")),
        (visit.state in RECORDING and on_team, url_for("records.form", visit_id=visit.id), N_("Fill in the form")),
        (
            visit.state is VisitState.SUBMITTED and viewer.may(Permission.RECORD_REVIEW) and not on_team,
            url_for("reviews.index"),
            N_("Records to review"),
        ),
        (
            visit.state is VisitState.ACCEPTED and may_publish(viewer),
            url_for("results.index"),
            N_("Results to publish"),
        ),
    )
    return next(((address, label) for holds, address, label in places if holds), None)


PANELS = (Panel("visit_progress", "visits/progress.html", progress_of_visit, None, 10),)
