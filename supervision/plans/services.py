"""The life of a plan from draft to publication, and the states a draw puts a task into.

Whoever wrote on a version does not approve it; the head of the lead department does, and with the approval the plan is
published (domain 1.3, R-1.10). What is published never changes: a change is a new version that goes the same way.
"""

import hashlib

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Conflict, Forbidden, Invalid, RuleBroken, WrongState
from supervision.permissions import Actor, Permission
from supervision.plans import deadlines, readiness, task_queries
from supervision.plans.allocations import numbers_drawn
from supervision.plans.models import (
    Plan,
    PlanItem,
    PlanParticipant,
    PlanVersion,
    Task,
)
from supervision.plans.pools import build_pool
from supervision.plans.publication import document_bytes
from supervision.plans.rules import (
    Agreement,
    PlanKind,
    PlanState,
    PlanStep,
    TaskState,
    check_task_step,
    next_plan_state,
    plan_number,
)
from supervision.plans.serials import next_serial
from supervision.plans.tag_sealing import keep_scope


def send(session: Session, version: PlanVersion, *, actor: Actor) -> None:
    """Send a draft on: a joint plan to its cooperating departments, a department's own to its head."""
    check_drafter(version, actor=actor)
    joint = version.plan.kind is PlanKind.JOINT
    state = _advance(session, version, PlanStep.ASK if joint else PlanStep.SUBMIT)
    readiness.check(session, version, build_pool(session, version, on=clock.today()), on=clock.today())
    for participant in version.participants:
        participant.agreement = Agreement.AGREED if participant.is_lead else Agreement.WAITING
        participant.answered_by, participant.answered_at, participant.answer_note = None, None, ""
    version.state, version.return_reason = state, ""
    version.submitted_by, version.submitted_at = actor.user_id, clock.now()
    _log(session, Event.PLAN_SENT if joint else Event.PLAN_SUBMITTED, version, actor=actor)


def answer(session: Session, version: PlanVersion, *, agreed: bool, note: str, actor: Actor) -> None:
    """Let a cooperating department agree, or decline with a reason; the last agreement submits the plan.

    Declining sends the version back to the drafting department, which changes it and asks everybody again.
    """
    participant = _cooperating(version, actor=actor)
    if not agreed and not note:
        raise Invalid(
            "decline-reason", "Say why your department declines, so that the plan can be changed.", field="note"
        )
    state = _advance(session, version, PlanStep.SUBMIT if agreed else PlanStep.DECLINE)
    if participant.agreement is not Agreement.WAITING:
        raise Conflict("answered", "Your department has already answered.")
    participant.agreement = Agreement.AGREED if agreed else Agreement.DECLINED
    participant.answered_by, participant.answered_at, participant.answer_note = actor.user_id, clock.now(), note
    if not agreed or all(one.agreement is Agreement.AGREED for one in version.participants):
        version.state = state
    if not agreed:
        version.return_reason = note
    details = {"department": actor.department_code}
    _log(session, Event.PLAN_AGREED if agreed else Event.PLAN_DECLINED, version, actor=actor, reason=note, **details)


def approve(session: Session, version: PlanVersion, *, region: str, actor: Actor) -> None:
    """Approve and publish in one step: number, canonical JSON and digest; an older version is superseded."""
    _check_head(version, actor=actor)
    state = _advance(session, version, PlanStep.APPROVE)
    if actor.user_id in version.editors or actor.user_id in {version.drafted_by, version.submitted_by}:
        raise RuleBroken(
            "self-approval",
            "You worked on this version yourself; somebody else must approve it.",
            rule="R: nobody approves their own request",
        )
    keep_scope(session, version, version.scope_of)
    pool = build_pool(session, version, on=clock.today())
    readiness.check(session, version, pool, on=clock.today())
    plan, now = version.plan, clock.now()
    if before := plan.published:
        before.state = next_plan_state(before.state, PlanStep.SUPERSEDE)
        session.flush()
    deadlines.settle(session, version, on=clock.today())
    if plan.number is None:
        plan.number = plan_number(region, plan.year, next_serial(session, f"plan:{region}{plan.year}"))
    version.expected_pool = len(pool.frame)
    version.planned_visits = sum(numbers_drawn(version.allocation, pool.strata).values())
    content = document_bytes(version)
    version.published_json, version.digest = content.decode(), hashlib.sha256(content).hexdigest()
    version.state, version.approved_by, version.approved_at, version.published_at = state, actor.user_id, now, now
    _log(session, Event.PLAN_APPROVED, version, actor=actor, number=plan.number, digest=version.digest)


def send_back(session: Session, version: PlanVersion, *, reason: str, actor: Actor) -> None:
    """Return a submitted version to its drafters, with a reason."""
    _check_head(version, actor=actor)
    _end_request(session, version, PlanStep.SEND_BACK, reason=reason, actor=actor)


def recall(session: Session, version: PlanVersion, *, reason: str, actor: Actor) -> None:
    """Take a version back that was sent too early."""
    check_drafter(version, actor=actor)
    _end_request(session, version, PlanStep.RECALL, reason=reason, actor=actor)


def _end_request(session: Session, version: PlanVersion, step: PlanStep, *, reason: str, actor: Actor) -> None:
    _need_reason(reason)
    version.state = _advance(session, version, step)
    version.return_reason = reason
    _log(session, Event.PLAN_RETURNED, version, actor=actor, reason=reason)


def withdraw(session: Session, version: PlanVersion, *, reason: str, actor: Actor) -> None:
    """Give a version up before it is published; an older published version stays in force."""
    check_drafter(version, actor=actor)
    _need_reason(reason)
    version.state = _advance(session, version, PlanStep.WITHDRAW)
    version.return_reason = reason
    _log(session, Event.PLAN_WITHDRAWN, version, actor=actor, reason=reason)


def revise(session: Session, plan: Plan, *, reason: str, actor: Actor) -> PlanVersion:
    """Begin the next version of a published plan: a draft that starts as a copy and names its reason."""
    before = plan.published
    if before is None:
        raise WrongState("not-published", "Only a published plan is changed by a new version.")
    check_drafter(before, actor=actor)
    _need_reason(reason)
    copied = {
        name: getattr(before, name)
        for name in (
            "title", "description", "item_list_id", "joint_item_id", "starts_on", "ends_on", "scope",
            "stratification", "class_rate_replaces", "allocation", "team_mode", "group_count", "group_capacity",
            "visit_cap", "reserve", "publish_list_before", "beacon_rule", "confidential_salt", "publication_due_on",
            "late_ground", "late_note",
        )
    }  # fmt: skip
    version = PlanVersion(
        **copied,
        plan=plan,
        item_list=before.item_list,
        version_no=plan.newest.version_no + 1,
        state=PlanState.DRAFT,
        change_reason=reason,
        editors=[actor.user_id],
        drafted_by=actor.user_id,
        created_at=clock.now(),
        items=[PlanItem(item=row.item, position=row.position) for row in before.items],
        participants=[
            PlanParticipant(
                department=row.department,
                position=row.position,
                is_lead=row.is_lead,
                per_team=row.per_team,
                agreement=Agreement.WAITING,
            )
            for row in before.participants
        ],
    )
    session.add(version)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("open-version", "A new version of this plan is already being prepared.") from error
    _log(session, Event.PLAN_REVISED, version, actor=actor, reason=reason)
    return version


# Who may


def check_drafter(version: PlanVersion, *, actor: Actor) -> None:
    """Refuse everybody but the leads of the lead department."""
    if not actor.may(Permission.PLAN_DRAFT) or actor.department_id != version.plan.lead_department_id:
        raise Forbidden("not-drafter", "Only the lead of the department that leads the plan does this.")


def _check_head(version: PlanVersion, *, actor: Actor) -> None:
    if not actor.may(Permission.PLAN_APPROVE) or actor.department_id != version.plan.lead_department_id:
        raise Forbidden("not-head", "Only the head of the department that leads the plan decides this.")


def _cooperating(version: PlanVersion, *, actor: Actor) -> PlanParticipant:
    entitled = actor.may(Permission.PLAN_DRAFT) or actor.may(Permission.PLAN_APPROVE)
    for row in version.participants:
        if entitled and row.department_id == actor.department_id and not row.is_lead:
            return row
    raise Forbidden("not-asked", "Only the lead or head of a cooperating department answers.")


def _need_reason(reason: str) -> None:
    if not reason:
        raise Invalid("reason-missing", "Give a reason.", field="reason")


# Transitions


def _advance(session: Session, version: PlanVersion, step: PlanStep) -> PlanState:
    lock(session, version)
    return next_plan_state(version.state, step)


def lock(session: Session, version: PlanVersion) -> None:
    """Wait for whoever works on this version, and refuse if they changed it meanwhile."""
    session.flush()
    # columns, not entities: joined relationships cannot be locked on PostgreSQL
    statement = sa.select(PlanVersion.state, PlanVersion.revision).where(PlanVersion.id == version.id)
    row = session.execute(statement.with_for_update()).one()
    if (row.state, row.revision) != (version.state, version.revision):
        raise Conflict("plan-changed", "Somebody changed this plan meanwhile. Reload the page and look again.")


def _log(
    session: Session, event: Event, version: PlanVersion, *, actor: Actor, reason: str = "", **details: object
) -> None:
    session.flush()
    details = {"version": version.version_no, "state": version.state.value, **details}
    record(session, event, actor=actor, subject=("plan", version.plan_id), reason=reason, details=details)


# What the draw does to its task. The draw writes the audit entry of its own step.


def mark_drawing(session: Session, task: Task) -> None:
    """The pool is being frozen: the plan version must be in force and every exclusion decided."""
    if task.plan_version.state is not PlanState.PUBLISHED:
        raise RuleBroken(
            "plan-superseded",
            "The plan has a newer version. Move the task to it first, on the page of the task.",
            rule="R-1.03",
        )
    if waiting := task_queries.count_undecided(session, task):
        raise RuleBroken(
            "exclusions-undecided",
            "%(count)s exclusions still wait for the head. Have them confirmed or refused first.",
            rule="R-1.12",
            count=waiting,
        )
    _mark(session, task, TaskState.DRAWING)


def mark_running(session: Session, task: Task) -> None:
    """The record is drawn and sealed: visits begin."""
    _mark(session, task, TaskState.RUNNING)


def mark_finished(session: Session, task: Task) -> None:
    """Every visit is done and the draw is opened."""
    _mark(session, task, TaskState.FINISHED)


def mark_abandoned(session: Session, task: Task) -> None:
    """The draw was given up after it could be seen."""
    _mark(session, task, TaskState.ABANDONED)


def mark_preparing(session: Session, task: Task) -> None:
    """The draw is void or abandoned; another one is prepared."""
    _mark(session, task, TaskState.PREPARING)


def _mark(session: Session, task: Task, target: TaskState) -> None:
    check_task_step(task_queries.lock_state(session, task), target)
    task.state = target
    session.flush()
