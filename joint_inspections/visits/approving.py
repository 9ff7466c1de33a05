"""Approving inspections body by body (R-3.08), and letting one go ahead beyond the yearly cap (R-1.19)."""

from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from joint_inspections.visits.caps import CapCheck, check_cap, hold_entities
from joint_inspections.visits.guards import require_free_way
from joint_inspections.visits.models import CapOverride, Visit, VisitApproval
from joint_inspections.visits.rules import VisitState, VisitStep, next_serial, state_after, visit_number
from joint_inspections.visits.services import require_complete_team
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Conflict, Forbidden, Invalid, RuleBroken, WrongState
from supervision.parameters.queries import check_reason
from supervision.permissions import Actor, Permission

REGION_DIGITS = 6
NUMBER_ATTEMPTS = 5
OVERRIDE_REASONS = "cap_override_reasons"


def approve_visit(session: Session, visit: Visit, *, actor: Actor, note: str = "") -> VisitApproval:
    """Approve one inspection as head of a participating body; with the last approval it receives its number."""
    department_id = _require_own_head(visit, actor)
    target = visit.state if visit.begun_urgently else state_after(visit.state, VisitStep.APPROVE)
    if department_id in visit.approved_departments:
        raise WrongState(
            "already-approved", "Your department has approved this inspection already; others have yet to approve it."
        )
    if not visit.begun_urgently:
        _require_ready(session, visit)
    approval = VisitApproval(
        visit_id=visit.id,
        department_id=department_id,
        inspectors=visit.inspectors_of(department_id),
        approved_by=actor.user_id,
        approved_at=clock.now(),
        note=note,
    )
    session.add(approval)
    session.flush()
    session.expire(visit, ["approvals"])
    waiting = [one.code for one in visit.departments_to_approve]
    if not waiting:
        _complete(session, visit, target, actor=actor)
    details = {"department": actor.department_code, "number": visit.number, "waiting": waiting}
    record(session, Event.VISIT_APPROVED, actor=actor, subject=("visit", visit.id), reason=note, details=details)
    return approval


def _require_ready(session: Session, visit: Visit) -> None:
    require_complete_team(visit, on=max(visit.planned_on, clock.today()))
    hold_entities(session, [visit])
    _require_within_cap(check_cap(session, visit))
    require_free_way(session, visit)


def _require_own_head(visit: Visit, actor: Actor) -> int:
    bodies = {one.department_id for one in visit.plan_version.participants}
    if not actor.may(Permission.PLAN_APPROVE) or actor.department_id not in bodies:
        raise Forbidden("not-own-head", "The head of each participating department approves the inspection.")
    if actor.inspector_id is not None and any(one.inspector_id == actor.inspector_id for one in visit.members):
        raise Forbidden("own-visit", "You are or were on this team. Another head of your department approves it.")
    return actor.department_id


def _require_within_cap(check: CapCheck) -> None:
    if check.blocks:
        worst = check.over[0]
        raise RuleBroken(
            "over-yearly-cap",
            "The yearly cap is reached: %(counted)s random inspections in %(year)s + this one = %(sum)s, allowed are "
            "%(allowed)s%(item)s. Only enforcement oversight can let it go ahead, with a reason.",
            rule="R-1.19",
            counted=worst.counted,
            year=check.year,
            sum=worst.with_this,
            allowed=worst.allowed,
            item=f" ({worst.item})" if worst.item else "",
        )


def _complete(session: Session, visit: Visit, target: VisitState, *, actor: Actor) -> None:
    """Every body has approved. An inspection keeps the number it once got, whoever is replaced afterwards."""
    if visit.number is None:
        give_number(session, visit)
    visit.state, visit.approved_by, visit.approved_at = target, actor.user_id, clock.now()
    session.flush()


def give_number(session: Session, visit: Visit) -> None:
    """Number the visit; when two heads approve at once, the second takes the next number."""
    region, today = visit.task.number[:REGION_DIGITS], clock.today()
    prefix = visit_number(region, today, 0).rpartition("-")[0]
    newest = sa.select(sa.func.max(Visit.number)).where(Visit.number.startswith(prefix))
    for _attempt in range(NUMBER_ATTEMPTS):
        try:
            with session.begin_nested():
                visit.number = visit_number(region, today, next_serial(session.scalar(newest)))
                session.flush()
        except IntegrityError:
            continue
        return
    raise Conflict("number-taken", "Many inspections are being approved at this moment. Please try again.")


def override_cap(session: Session, visit: Visit, *, reason_code: str, note: str, actor: Actor) -> CapOverride:
    """Let the inspection go ahead although the yearly cap is reached: oversight answers for it with a reason."""
    if not actor.may(Permission.CAP_OVERRIDE):
        raise Forbidden("oversight-only", "Enforcement oversight decides on inspections beyond the yearly cap.")
    state_after(visit.state, VisitStep.APPROVE)
    check = check_cap(session, visit)
    if not check.blocks:
        raise WrongState("cap-not-reached", "Nothing bars this inspection now: it is within the cap, or let through.")
    reason = check_reason(session, OVERRIDE_REASONS, reason_code, field="reason")
    if not note:
        raise Invalid("note-needed", "Say what makes this inspection necessary.", field="note")
    override = CapOverride(
        visit_id=visit.id,
        year=check.year,
        counted=check.counted,
        sums=[asdict(one) for one in check.sums],
        reason_code=reason.code,
        note=note,
        decided_by=actor.user_id,
        decided_at=clock.now(),
    )
    session.add(override)
    session.flush()
    record(
        session,
        Event.CAP_OVERRIDDEN,
        actor=actor,
        subject=("visit", visit.id),
        reason=note,
        details={"reason": reason.code, "over": [asdict(one) for one in check.over]},
    )
    return override
