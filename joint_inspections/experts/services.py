"""Asking for experts, handing in another body's value, standing back, and binding oneself to confidentiality."""

import hashlib
import re
import secrets

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from joint_inspections.experts.drawing import carry_out, replace_expert
from joint_inspections.experts.freezing import freeze_for_visit, log_step, number_for_visit
from joint_inspections.experts.models import ExpertChange, ExpertDraw, ExpertPlace, ExpertRequest
from joint_inspections.experts.queries import hold_expert_draw, list_requests, list_serving
from joint_inspections.experts.rules import (
    CHANGE_GROUNDS,
    HASH,
    MOST_PER_TEAM,
    OWN_GROUNDS,
    RECUSALS,
    SYSTEM,
    TIED,
    ExpertDrawState,
    place_after,
)
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import BEFORE_VISIT, VisitState
from sampling.seeds import dice_secret
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.draws.queries import find_alive_draw
from supervision.draws.rules import OVERSIGHT, body_of
from supervision.draws.services import leads
from supervision.draws.vault import parties_vault
from supervision.errors import Conflict, Forbidden, Invalid, RuleBroken, WrongState
from supervision.parameters.queries import check_reason
from supervision.permissions import Actor, Permission
from supervision.plans.models import Task

_HEX = re.compile(r"[0-9a-f]{64}")
_DICE = re.compile(r"[1-6]{50,200}")


def may_ask(session: Session, task: Task, actor: Actor) -> bool:
    """Say whether experts can be asked for: by the lead department's lead, before the pool is frozen."""
    return leads(task, actor) and find_alive_draw(session, task.id) is None


def ask_for_task(
    session: Session, task: Task, *, field: str, per_team: int, reason: str, actor: Actor
) -> ExpertRequest:
    """Ask for experts of a field for every team of a task; they are drawn with its draw."""
    if not leads(task, actor):
        raise Forbidden("experts-lead-only", "Only the lead of the task's lead department asks for experts.")
    if find_alive_draw(session, task.id) is not None:
        raise WrongState(
            "experts-too-late",
            "The pool of this task is frozen. Ask for experts on the page of a visit, before it is approved.",
        )
    return _ask(session, task, field=field, per_team=per_team, reason=reason, actor=actor)


def may_ask_for_visit(visit: Visit, actor: Actor) -> bool:
    """Say whether experts can be asked for a visit: by a participating department's lead, before the approval."""
    bodies = {one.department_id for one in visit.plan_version.participants}
    open_visit = visit.state is VisitState.ASSIGNED and not visit.approved_departments
    return open_visit and actor.may(Permission.PLAN_DRAFT) and actor.department_id in bodies


def ask_for_visit(
    session: Session, visit: Visit, *, field: str, per_team: int, reason: str, actor: Actor
) -> ExpertDraw:
    """Ask for experts for one visit: the list is frozen now, another body's value draws from it."""
    if not may_ask_for_visit(visit, actor):
        raise Forbidden(
            "experts-visit",
            "The lead of a participating department asks for experts, as long as nobody has approved the visit.",
        )
    request = _ask(session, visit.task, field=field, per_team=per_team, reason=reason, visit=visit, actor=actor)
    return freeze_for_visit(session, visit, request, actor=actor)


def _ask(
    session: Session, task: Task, *, field: str, per_team: int, reason: str, visit: Visit | None = None, actor: Actor
) -> ExpertRequest:
    if not 1 <= per_team <= MOST_PER_TEAM:
        raise Invalid("experts-number", "Ask for 1 to %(most)s experts.", field="per_team", most=MOST_PER_TEAM)
    if not reason:
        raise Invalid("no-reason", "Give a reason.", field="reason")
    if not list_serving(session, field, on=task.ends_on):
        raise RuleBroken(
            "no-expert",
            "No expert of this field is engaged until the end of the task. Enter one in the register first.",
            rule="R-1.08",
        )
    request = ExpertRequest(
        task_id=task.id, visit_id=visit.id if visit else None, field=field, per_team=per_team, reason=reason,
        asked_by=actor.user_id, asked_body=actor.department_code, asked_at=clock.now(),
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(request)
    except IntegrityError as error:
        raise Conflict("experts-asked", "Experts of this field have been asked for already.") from error
    subject = ("visit", visit.id) if visit else ("task", task.id)
    details = {"field": field, "per_team": per_team}
    record(session, Event.EXPERTS_ASKED, actor=actor, subject=subject, reason=reason, details=details)
    return request


def withdraw_request(session: Session, request: ExpertRequest, *, actor: Actor) -> None:
    """Take a request for a task back while the pool is not frozen; the log keeps it."""
    if request.visit_id is not None or not may_ask(session, request.task, actor):
        raise Forbidden("experts-lead-only", "Only the lead of the task's lead department asks for experts.")
    request.withdrawn_at = clock.now()
    session.flush()
    details = {"field": request.field}
    record(session, Event.EXPERTS_WITHDRAWN, actor=actor, subject=("task", request.task_id), details=details)


def may_take_back(visit: Visit, expert_draw: ExpertDraw, actor: Actor) -> bool:
    """Say whether the actor's department, which asked for one visit, can take that back: nothing is drawn yet."""
    waiting = expert_draw.state is ExpertDrawState.FROZEN and expert_draw.visit_id == visit.id
    return waiting and may_ask_for_visit(visit, actor) and actor.department_code == expert_draw.asked_body


def take_back(session: Session, visit: Visit, expert_draw: ExpertDraw, *, reason: str, actor: Actor) -> None:
    """Take back what was asked for one visit, before another body's value draws and before anybody approved it.

    Nobody knows yet whom the lots would name, so nothing is chosen by it; list and withdrawal stay in the log.
    """
    hold_expert_draw(session, expert_draw)
    session.expire(visit)
    if not may_take_back(visit, expert_draw, actor):
        raise Forbidden(
            "experts-take-back",
            "A lead of the department that asked takes this back, before the value is handed in and anybody approved "
            "the visit. Reload the page to see where it stands.",
        )
    if not reason:
        raise Invalid("no-reason", "Give a reason.", field="reason")
    requests = list_requests(session, expert_draw.task_id, visit_id=visit.id)
    request = next(one for one in requests if number_for_visit(one) == expert_draw.number)
    request.withdrawn_at, expert_draw.state = clock.now(), ExpertDrawState.DROPPED
    session.flush()
    log_step(session, expert_draw.task, expert_draw.number, step="dropped", digest=expert_draw.digest)
    details = {"field": request.field, "number": expert_draw.number}
    record(session, Event.EXPERTS_WITHDRAWN, actor=actor, subject=("visit", visit.id), reason=reason, details=details)


def may_hand_in(expert_draw: ExpertDraw, actor: Actor) -> bool:
    """Say whether the actor's body may hand in the value that draws: any taking part but the one that asked."""
    body = body_of(actor)
    bodies = {one.department.code for one in expert_draw.task.plan_version.participants} | {OVERSIGHT}
    waiting = expert_draw.state is ExpertDrawState.FROZEN and expert_draw.visit_id is not None
    return waiting and actor.may(Permission.DRAW_CONTRIBUTE) and body in bodies - {expert_draw.asked_body}


def hand_in_value(session: Session, expert_draw: ExpertDraw, *, value: str, actor: Actor) -> None:
    """Draw for one visit: the platform's secret, fixed with the list, and a value that another body brings.

    Neither knows what the other has: only both together could choose (docs/expert-draw.md says what that proves).
    """
    hold_expert_draw(session, expert_draw)
    if not may_hand_in(expert_draw, actor):
        raise Forbidden(
            "experts-value", "Another body than the one that asked hands in the value, once. Reload the page."
        )
    visit = session.get_one(Visit, expert_draw.visit_id)
    if visit.state not in BEFORE_VISIT:
        raise WrongState("experts-visit-begun", "The visit has begun or fallen away: experts are no longer drawn.")
    secret = parties_vault(session).take_out(expert_draw.locked_secret, draw=expert_draw.number)
    body = body_of(actor)
    expert_draw.parts = {SYSTEM: secret, body: read_value(value, draw=expert_draw.number, by=body)}
    carry_out(session, expert_draw, teams={visit.team: (visit.entity.unit_id,)}, parts=expert_draw.parts, actor=actor)


def read_value(text: str, *, draw: str, by: str) -> str:
    """Return a value as the seed takes it: 64 digits, or throws of a die."""
    value = "".join(text.split()).lower()
    if _HEX.fullmatch(value):
        return value
    if _DICE.fullmatch(value):
        return dice_secret(hash_name=HASH, draw=draw, by=by, digits=value)
    raise Invalid(
        "value-malformed", "Type at least 50 throws of a die (1 to 6), or 64 digits and letters a to f.", field="value"
    )


def suggest_value() -> str:
    """Return a value from the operating system's source of chance, for whoever has no die."""
    return secrets.token_hex(32)


def statement_digest(text: str) -> str:
    """Return the digest of the statement as it was read."""
    return hashlib.sha256(text.encode()).hexdigest()


def bind(session: Session, place: ExpertPlace, *, statement: str, actor: Actor) -> None:
    """Let an expert accept the statement of confidentiality; nothing of the visit is shown before."""
    _require_own(place, actor)
    session.refresh(place, ["state"], with_for_update=True)
    place.state = place_after(place.state, "bind")
    place.bound_at, place.statement_digest = clock.now(), statement_digest(statement)
    session.flush()
    details = {"expert": place.expert_id, "statement": place.statement_digest}
    record(session, Event.EXPERT_BOUND, actor=actor, subject=("visit", place.visit_id), details=details)


def accept(session: Session, place: ExpertPlace, *, actor: Actor) -> None:
    """Let an expert, who now knows the enterprise, declare that no interest bars them: they are named on the notice."""
    _require_own(place, actor)
    session.refresh(place, ["state"], with_for_update=True)
    if place.visit.state not in BEFORE_VISIT:
        raise WrongState("experts-visit-begun", "The visit has begun or fallen away: no expert can join it any more.")
    place.state, place.accepted_at = place_after(place.state, "accept"), clock.now()
    session.flush()
    details = {"expert": place.expert_id}
    record(session, Event.EXPERT_ACCEPTED, actor=actor, subject=("visit", place.visit_id), details=details)


def stand_back(session: Session, place: ExpertPlace, *, ground: str, note: str, actor: Actor) -> ExpertChange:
    """Let an expert declare an interest, or that they cannot come: the next in the order follows at once."""
    _require_own(place, actor)
    if ground not in OWN_GROUNDS:
        raise Invalid("ground-unknown", "Choose one of the reasons.", field="ground")
    return _take_off(session, place, ground=ground, note=note, actor=actor)


def may_take_off(visit: Visit, actor: Actor) -> bool:
    """Say whether the actor can have an expert replaced: a lead or head of a participating department, oversight."""
    bodies = {one.department_id for one in visit.plan_version.participants}
    holds = actor.may(Permission.PLAN_DRAFT) or actor.may(Permission.RECUSAL_DECIDE)
    return visit.state in BEFORE_VISIT and holds and actor.department_id in bodies


def take_off(session: Session, place: ExpertPlace, *, ground: str, note: str, actor: Actor) -> ExpertChange:
    """Have an expert replaced for a stated reason; who follows is the machine's."""
    if not may_take_off(place.visit, actor):
        raise Forbidden(
            "experts-take-off", "A lead or head of a participating department has an expert replaced, before the visit."
        )
    if ground == TIED:
        raise Invalid("ground-unknown", "Choose one of the reasons.", field="ground")
    return _take_off(session, place, ground=ground, note=note, actor=actor)


def _take_off(session: Session, place: ExpertPlace, *, ground: str, note: str, actor: Actor) -> ExpertChange:
    check_reason(session, CHANGE_GROUNDS, ground, field="ground")
    if not note:
        raise Invalid("no-reason", "Give a reason.", field="note")
    expert_draw = place.expert_draw
    hold_expert_draw(session, expert_draw)
    session.refresh(place, ["state"])
    place_after(place.state, "replace")
    if place.visit.state not in BEFORE_VISIT:
        raise WrongState("visit-begun", "The visit has begun, so the team can no longer change.")
    # of the enterprise it is about, and of no other that the team visits
    place.stood_back = ground in RECUSALS
    return replace_expert(
        session, expert_draw, team=place.team, need=place.need, out=place.pseudonym, ground=ground, note=note,
        actor=actor,
    )  # fmt: skip


def _require_own(place: ExpertPlace, actor: Actor) -> None:
    if actor.expert_id is None or place.expert_id != actor.expert_id:
        raise Forbidden("not-this-expert", "Only the expert who was drawn can do this.")
