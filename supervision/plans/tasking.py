"""Preparing a task: creating it under a published plan, and exclusions that two persons decide before the freeze."""

from datetime import date

from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.entities.models import Entity
from supervision.errors import Conflict, Forbidden, Invalid, RuleBroken, WrongState
from supervision.parameters.queries import check_reason
from supervision.permissions import Actor, Permission
from supervision.plans import task_queries
from supervision.plans.exclusions import DECIDABLE_EXCEPT
from supervision.plans.models import Exclusion, ExclusionDecision, PlanVersion, Task
from supervision.plans.rules import PlanState, TaskSource, TaskState, check_within, task_number
from supervision.plans.serials import next_serial


def create_task(
    session: Session,
    version: PlanVersion,
    *,
    source: TaskSource,
    title: str,
    period: tuple[date, date],
    reason: str,
    publish_list_before: bool,
    region: str,
    actor: Actor,
) -> Task:
    """Create a task under the plan version in force; a temporary one needs a reason (R-1.09, R-1.10)."""
    check_preparer(version, actor=actor)
    if version.state is not PlanState.PUBLISHED:
        raise WrongState("plan-not-in-force", "Tasks are made under the version of a plan that is in force.")
    check_within(*period, within=(version.starts_on, version.ends_on))
    if source is TaskSource.TEMPORARY and not reason:
        raise Invalid("temporary-reason", "A temporary task needs a reason.", field="reason")
    if publish_list_before and not version.publish_list_before:
        raise RuleBroken(
            "list-before", "The plan does not allow the drawn list to be shown before the visits.", rule="R-1.40"
        )
    if other := task_queries.find_overlapping(session, version.plan_id, period):
        raise RuleBroken(
            "task-overlaps",
            "Task %(number)s of this plan runs in the same days. A second draw over the same pool would be a choice: "
            "take a period that does not overlap.",
            rule="R-1.17",
            number=other.number,
        )
    today = clock.today()
    task = Task(
        number=task_number(region, today, next_serial(session, f"task:{region}{today:%Y%m%d}")),
        plan_version=version,
        source=source,
        reason=reason,
        title=title or version.title,
        state=TaskState.PREPARING,
        starts_on=period[0],
        ends_on=period[1],
        publish_list_before=publish_list_before,
        created_by=actor.user_id,
        created_at=clock.now(),
    )
    session.add(task)
    session.flush()
    _log(session, Event.TASK_CREATED, task, actor=actor, reason=reason, number=task.number, plan=version.plan.number)
    return task


def move_to_newest_version(session: Session, task: Task, *, actor: Actor) -> None:
    """Put a task that is not frozen yet under the newer version of its plan."""
    check_preparer(task.plan_version, actor=actor)
    _check_preparing(session, task)
    newest = task.plan_version.plan.published
    if newest is None or newest is task.plan_version:
        raise WrongState("task-newest", "The task is already under the version in force.")
    check_within(task.starts_on, task.ends_on, within=(newest.starts_on, newest.ends_on))
    task.plan_version = newest
    task.publish_list_before = task.publish_list_before and newest.publish_list_before
    _log(session, Event.TASK_MOVED, task, actor=actor, version=newest.version_no)


def record_exclusion(
    session: Session, task: Task, entity: Entity, *, reason_code: str, evidence: str, actor: Actor
) -> Exclusion:
    """Ask to leave an entity out, for a coded reason with evidence; it counts when the head has confirmed it (T06)."""
    check_preparer(task.plan_version, actor=actor)
    _check_preparing(session, task)
    if reason_code in DECIDABLE_EXCEPT:
        raise Invalid(
            "reason-automatic", "This reason is decided by the platform from facts on record.", field="reason"
        )
    check_reason(session, "exclusion_reasons", reason_code)
    if not evidence:
        raise Invalid("evidence-missing", "Name the fact, its basis and where it is on record.", field="evidence")
    for earlier in task_queries.list_exclusions(session, task):
        if earlier.entity_id == entity.id and (earlier.decision is None or earlier.decision.confirmed):
            raise Conflict("excluded-already", "An exclusion of this entity is already recorded for this task.")
    exclusion = Exclusion(
        task_id=task.id,
        entity=entity,
        reason_code=reason_code,
        evidence=evidence,
        recorded_by=actor.user_id,
        recorded_at=clock.now(),
    )
    session.add(exclusion)
    details = {"unit": entity.unit_id, "reason_code": reason_code}
    _log(session, Event.EXCLUSION_RECORDED, task, actor=actor, reason=evidence, **details)
    return exclusion


def decide_exclusion(
    session: Session, task: Task, exclusion: Exclusion, *, confirmed: bool, note: str, actor: Actor
) -> None:
    """Confirm or refuse an exclusion: the head of the lead department, never the person who recorded it."""
    if not may_decide(actor, task):
        raise Forbidden("not-head", "Only the head of the department that leads the plan decides this.")
    if exclusion.recorded_by is not None and exclusion.recorded_by == actor.user_id:
        raise RuleBroken("self-approval", "You recorded this exclusion yourself; somebody else must decide it.")
    _check_preparing(session, task)
    if exclusion.decision is not None:
        raise Conflict("exclusion-decided", "This exclusion has already been decided.")
    if not confirmed and not note:
        raise Invalid("refusal-reason", "Say why the exclusion is refused.", field="note")
    exclusion.decision = ExclusionDecision(
        confirmed=confirmed, note=note, decided_by=actor.user_id, decided_at=clock.now()
    )
    event = Event.EXCLUSION_CONFIRMED if confirmed else Event.EXCLUSION_REFUSED
    _log(session, event, task, actor=actor, reason=note, unit=exclusion.entity.unit_id)


def may_prepare(actor: Actor, version: PlanVersion) -> bool:
    """Say whether the actor prepares tasks of this plan: a lead of the lead department."""
    return actor.may(Permission.DRAW_PREPARE) and actor.department_id == version.plan.lead_department_id


def may_decide(actor: Actor, task: Task) -> bool:
    """Say whether the actor decides the exclusions of a task: the head of the lead department."""
    return actor.may(Permission.PLAN_APPROVE) and actor.department_id == task.plan_version.plan.lead_department_id


def check_preparer(version: PlanVersion, *, actor: Actor) -> None:
    """Refuse everybody but the leads of the lead department."""
    if not may_prepare(actor, version):
        raise Forbidden("not-lead", "Only the lead of the department that leads the plan prepares its tasks.")


def _check_preparing(session: Session, task: Task) -> None:
    if task_queries.lock_state(session, task) is not TaskState.PREPARING:
        raise WrongState(
            "task-frozen", "The pool of this task is frozen. Facts that come to light now are grounds for striking."
        )


def _log(session: Session, event: Event, task: Task, *, actor: Actor, reason: str = "", **details: object) -> None:
    session.flush()
    record(session, event, actor=actor, subject=("task", task.id), reason=reason, details=details)
