"""Answering assignments, deciding recusals, putting off a visit, arriving at the door."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.visits.caps import check_cap, hold_entities
from joint_inspections.visits.guards import require_movable
from joint_inspections.visits.models import Recusal, Visit, VisitMember
from joint_inspections.visits.origins import origin_of
from joint_inspections.visits.rules import (
    BEFORE_VISIT,
    PARTY_REQUEST,
    MemberState,
    MemberStep,
    RecusalDecision,
    VisitState,
    VisitStep,
    departments_short,
    member_after,
    reply_due,
    state_after,
)
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Forbidden, Invalid, RuleBroken, WrongState
from supervision.parameters.queries import check_reason, get_number
from supervision.permissions import Actor, Permission
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import add_workdays


def own_part(visit: Visit, actor: Actor) -> VisitMember:
    """Return the actor's place on the team, or refuse."""
    for member in visit.team_now:
        if member.inspector_id == actor.inspector_id:
            return member
    raise Forbidden("not-on-team", "Only an inspector of this team can do this.")


def accept_assignment(session: Session, visit: Visit, *, actor: Actor) -> None:
    """Let an inspector accept the assignment: no interest bars them."""
    member = own_part(visit, actor)
    member.state = member_after(member.state, MemberStep.ACCEPT)
    member.answered_at = clock.now()
    record(session, Event.ASSIGNMENT_ACCEPTED, actor=actor, subject=("visit", visit.id))


def declare_recusal(session: Session, visit: Visit, *, reason_code: str, statement: str, actor: Actor) -> Recusal:
    """Declare a relation that may affect fairness; the head of the inspector's department decides (R-1.22)."""
    _refuse_after_visit(visit)
    reason = check_reason(session, "recusal_reasons", reason_code, field="reason")
    member = own_part(visit, actor)
    member.state = member_after(member.state, MemberStep.DECLARE)
    recusal = Recusal(
        member=member,
        reason_code=reason.code,
        statement=statement,
        asked_at=clock.now(),
        due_on=recusal_due(session, visit, asked_on=clock.today()),
        decision=RecusalDecision.WAITING,
    )
    session.add(recusal)
    session.flush()
    record(session, Event.RECUSAL_DECLARED, actor=actor, subject=("visit", visit.id), details={"reason": reason.code})
    return recusal


def recusal_due(session: Session, visit: Visit, *, asked_on: date) -> date:
    """Return until when the head decides about an inspector of this visit."""
    return reply_due(
        asked_on,
        workdays=get_number(session, "recusal-reply-working-days", on=asked_on),
        planned_on=visit.planned_on,
        today=clock.today(),
        calendar=get_calendar(session),
    )


def decide_recusal(session: Session, recusal: Recusal, *, granted: bool, note: str, actor: Actor) -> None:
    """Decide a recusal: granted, the machine sends the next in the random order; refused, the inspector stays."""
    visit = recusal.member.visit
    if not actor.may(Permission.RECUSAL_DECIDE) or actor.department_id != recusal.member.department_id:
        raise Forbidden("not-own-inspector", "The head of the inspector's own department decides this recusal.")
    if recusal.member.inspector_id == actor.inspector_id:
        raise Forbidden("own-recusal", "Nobody decides their own recusal. Ask another head of the department.")
    # the origin's locks come before the audit log's, as in every step of a draw; then the recusal is read anew
    origin_of(visit).hold(session, visit)
    session.execute(sa.select(Recusal.id).where(Recusal.id == recusal.id).with_for_update())
    session.refresh(recusal, ["decision"])
    session.refresh(recusal.member, ["state"])
    if recusal.decision is not RecusalDecision.WAITING:
        raise WrongState("recusal-decided", "This recusal has been decided already.")
    if not granted and not note:
        raise Invalid("note-needed", "Say why the recusal is refused.", field="note")
    _refuse_after_visit(visit)
    recusal.decision = RecusalDecision.GRANTED if granted else RecusalDecision.REFUSED
    recusal.decided_by, recusal.decided_at, recusal.decision_note = actor.user_id, clock.now(), note
    if not granted:
        _stays(recusal)
    session.flush()
    record(
        session,
        Event.RECUSAL_DECIDED,
        actor=actor,
        subject=("visit", visit.id),
        reason=note,
        details={"granted": granted, "inspector": recusal.member.inspector_id},
    )
    if granted:
        origin_of(visit).replace(
            session, visit, inspector_id=recusal.member.inspector_id, ground="recusal", actor=actor
        )


def _stays(recusal: Recusal) -> None:
    """Leave the inspector on the team; who has yet to answer for interests of their own still does."""
    unanswered = recusal.reason_code == PARTY_REQUEST and recusal.member.answered_at is None
    step = MemberStep.LEAVE_OPEN if unanswered else MemberStep.REFUSE
    recusal.member.state = member_after(recusal.member.state, step)


def _refuse_after_visit(visit: Visit) -> None:
    if visit.state not in BEFORE_VISIT:
        raise WrongState("visit-begun", "The visit has begun, so the team can no longer change.")


def require_complete_team(visit: Visit, *, on: date) -> None:
    """Refuse unless everybody has accepted and each body sends two certified inspectors (R-1.20, R-1.21, R-3.11)."""
    waiting = [one.inspector.name for one in visit.team_now if one.state is not MemberState.ACCEPTED]
    if waiting:
        raise RuleBroken(
            "team-not-ready",
            "Not everybody on the team has accepted: %(names)s. Wait for their answer or the head's decision.",
            rule="R-1.22",
            names="、".join(waiting),
        )
    needed = {one.department.code: one.department.name_zh for one in visit.plan_version.participants}
    short = departments_short(visit.certified_now, needed, on=on)
    if short:
        raise RuleBroken(
            "two-inspectors",
            "Two inspectors on duty with a certificate valid on %(day)s are needed from each department; missing: "
            "%(departments)s. Let the machine replace whoever cannot go.",
            rule="R-1.20",
            day=on,
            departments="、".join(needed[code] for code in short),
        )


def require_approvals(visit: Visit) -> None:
    """Refuse unless the head of every participating body has approved the inspectors whom it sends now (R-3.08)."""
    missing = visit.departments_to_approve
    if missing:
        raise RuleBroken(
            "approval-missing",
            "The heads of these departments have yet to approve the inspection: %(departments)s.",
            rule="R-3.08",
            departments="、".join(one.name_zh for one in missing),
        )


def reschedule_visit(session: Session, visit: Visit, *, planned_on: date, reason: str, actor: Actor) -> None:
    """Put a visit on another working day of its task, for a stated reason; the notice is then issued anew."""
    require_leader(visit, actor)
    _refuse_after_visit(visit)
    task, today = visit.task, clock.today()
    if not max(task.starts_on, today) <= planned_on <= task.ends_on:
        raise Invalid(
            "day-outside-task",
            "Choose a day from today to %(last)s, the last day of the task.",
            field="planned_on",
            last=task.ends_on,
        )
    if not get_calendar(session).is_workday(planned_on):
        raise Invalid("not-a-workday", "Choose a working day.", field="planned_on")
    before = visit.planned_on
    with session.begin_nested():
        visit.planned_on = planned_on
        session.flush()
        _require_cap_of_new_year(session, visit, before=before)
        require_movable(session, visit)
    record(
        session,
        Event.VISIT_RESCHEDULED,
        actor=actor,
        subject=("visit", visit.id),
        reason=reason,
        details={"before": before.isoformat(), "after": planned_on.isoformat()},
    )


def _require_cap_of_new_year(session: Session, visit: Visit, *, before: date) -> None:
    """Check the cap again where the approval rests on the sums of another year (R-1.19)."""
    if visit.state is not VisitState.APPROVED or visit.planned_on.year == before.year:
        return
    hold_entities(session, [visit])
    if check_cap(session, visit).blocks:
        raise Invalid(
            "cap-of-that-year",
            "The approval was given for %(before)s. In %(year)s this enterprise has had as many random inspections as "
            "are allowed. Choose a day in %(before)s.",
            field="planned_on",
            before=before.year,
            year=visit.planned_on.year,
        )


def require_leader(visit: Visit, actor: Actor) -> None:
    """Refuse everybody but the leader of the team."""
    if not own_part(visit, actor).lead:
        raise Forbidden("leader-only", "The leader of the team does this.")


def confirm_arrival(session: Session, visit: Visit, *, actor: Actor) -> None:
    """Note that the team stands at the door; certificates are checked again on the day (R-1.21, R-3.11).

    The caller writes the audit entry together with what it opens.
    """
    own_part(visit, actor)
    urgent = visit.reported_at is not None
    target = state_after(visit.state, VisitStep.ARRIVE_URGENT if urgent else VisitStep.ARRIVE)
    today = clock.today()
    if visit.planned_on > today:
        raise RuleBroken(
            "before-the-day",
            "The visit is announced for %(day)s. To go earlier, the leader puts it on another day first.",
            rule="R-3.09",
            day=visit.planned_on,
        )
    require_complete_team(visit, on=today)
    if not urgent:
        require_approvals(visit)
    calendar = get_calendar(session)
    visit.state, visit.visited_at = target, clock.now()
    visit.record_due_on = add_workdays(today, get_number(session, "record-due-working-days", on=today), calendar)
    visit.publish_due_on = add_workdays(today, get_number(session, "publication-working-days", on=today), calendar)
    session.flush()
