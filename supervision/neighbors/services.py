"""Borrowing inspectors: a department asks, a neighboring area answers, people come for a task and go again (R-1.23).

The platform cannot ask the area itself, which is outside it: the coordinator enters its answer with the document.
Nobody says who goes where: lent people become lines of the roster like everybody else, and the machine draws.
"""

import hashlib

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.draws.rosters import item_codes
from supervision.errors import Conflict, Forbidden, Invalid, RuleBroken
from supervision.labels import N_
from supervision.neighbors.models import LoanProof, LoanRequest
from supervision.neighbors.queries import list_areas, promised
from supervision.neighbors.rules import (
    Answer,
    LoanState,
    Proof,
    Shortage,
    check_answer,
    check_move,
    media_type_of,
)
from supervision.neighbors.shortages import find_shortage
from supervision.neighbors.steps import check_answerer, check_preparing, lock, note
from supervision.permissions import Actor, Permission
from supervision.plans.models import Task
from supervision.plans.rules import TaskState
from supervision.plans.serials import next_serial


def may_ask(actor: Actor, task: Task) -> bool:
    """Say whether this person borrows for a department of the task: its lead, and while the pool is not frozen."""
    taking_part = any(one.department_id == actor.department_id for one in task.plan_version.participants)
    return taking_part and actor.may(Permission.INSPECTOR_BORROW) and task.state is TaskState.PREPARING


def ask(session: Session, task: Task, *, wanted: int, reason: str, region: str, actor: Actor) -> LoanRequest:
    """Ask for inspectors of a neighboring area for the actor's own department, as many as it lacks and no more."""
    department = next(
        (one.department for one in task.plan_version.participants if one.department_id == actor.department_id), None
    )
    if department is None or not actor.may(Permission.INSPECTOR_BORROW):
        raise Forbidden("loan-not-yours", "Only the lead of a department of the task borrows inspectors for it.")
    check_preparing(session, task)
    if not reason:
        raise Invalid("no-reason", "Give a reason.", field="reason")
    shortage = find_shortage(session, task, department.id, on=clock.today())
    check_wanted(shortage, wanted=wanted, coming=promised(session, task, department.id))
    waiting = sa.select(LoanRequest.number).where(
        LoanRequest.task_id == task.id,
        LoanRequest.department_id == department.id,
        LoanRequest.state == LoanState.ASKED,
    )
    if number := session.scalar(waiting):
        raise Conflict("loan-waiting", "Request %(number)s for this task waits for its answer.", number=number)
    request = LoanRequest(
        number=_next_number(session, region=region),
        task=task,
        department=department,
        state=LoanState.ASKED,
        wanted=wanted,
        item_codes=list(item_codes(task.plan_version, department.id)),
        reason=reason,
        own=shortage.own,
        needed=shortage.needed,
        available=shortage.available,
        asked_by=actor.user_id,
        asked_at=clock.now(),
    )
    session.add(request)
    session.flush()
    figures = {"wanted": wanted, "own": shortage.own, "needed": shortage.needed, "available": shortage.available}
    details = {"task": task.number, "department": department.code, **figures}
    note(session, Event.LOAN_ASKED, request, actor=actor, reason=reason, details=details)
    return request


def check_wanted(shortage: Shortage, *, wanted: int, coming: int) -> None:
    """Refuse to borrow where nobody is lacking, or more than is lacking or allowed; ``coming`` are promised already."""
    if not shortage.lacking:
        raise RuleBroken(
            "no-shortage",
            N_(
                "The department has enough inspectors for this task: %(own)s of its own can serve. Inspectors are "
                "borrowed only where they are lacking."
            ),
            rule="R-1.23",
            own=shortage.own,
        )
    free = shortage.allowed - coming
    if free < 1:
        raise RuleBroken(
            "loan-limit",
            N_(
                "No more may be borrowed: %(lent)s are lent or promised, and at least %(own_minimum)s of each team "
                "must be the department's own. Have more inspectors qualified, or change the plan."
            ),
            rule="R-1.23",
            lent=shortage.lent + coming,
            own_minimum=shortage.own_minimum,
        )
    if not 1 <= wanted <= free:
        raise Invalid(
            "loan-wanted", N_("At least one and at most %(free)s may be borrowed now."), field="wanted", free=free
        )


def withdraw(session: Session, request: LoanRequest, *, actor: Actor) -> None:
    """Take a request back that has no answer yet."""
    if not actor.may(Permission.INSPECTOR_BORROW) or actor.department_id != request.department_id:
        raise Forbidden("loan-not-yours", "Only the lead of a department of the task borrows inspectors for it.")
    lock(session, request)
    check_move(request.state, LoanState.WITHDRAWN)
    request.state, request.ended_by, request.ended_at = LoanState.WITHDRAWN, actor.user_id, clock.now()
    note(session, Event.LOAN_WITHDRAWN, request, actor=actor)


def grant(
    session: Session, request: LoanRequest, answer: Answer, *, proof: Proof | None, version: int, actor: Actor
) -> None:
    """Enter that a neighboring area lends inspectors, under which document; the shortage must still be there."""
    check_answerer(actor)
    lock(session, request, version=version)
    check_move(request.state, LoanState.GRANTED)
    check_preparing(session, request.task)
    check_answer(answer, wanted=request.wanted, today=clock.today())
    if answer.area_code not in {one.code for one in list_areas(session, on=clock.today())}:
        raise Invalid("loan-area", "Choose an area beside this district.", field="area_code")
    shortage = find_shortage(session, request.task, request.department_id, on=clock.today())
    coming = promised(session, request.task, request.department_id)
    check_wanted(shortage, wanted=answer.granted, coming=coming)
    request.state, request.area_code, request.granted = LoanState.GRANTED, answer.area_code, answer.granted
    request.lending_department = answer.lending_department
    request.document_number, request.document_on = answer.document_number, answer.document_on
    _answered(request, answer.note, actor=actor)
    session.flush()
    session.refresh(request, ["area"])
    details = {
        "area": answer.area_code,
        "department": answer.lending_department,
        "granted": answer.granted,
        "document": answer.document_number,
        "of": answer.document_on.isoformat(),
        "proof": _keep_proof(session, request, proof),
    }
    note(session, Event.LOAN_GRANTED, request, actor=actor, reason=answer.note, details=details)


def _keep_proof(session: Session, request: LoanRequest, proof: Proof | None) -> str:
    """Keep the document that came with an answer; return its SHA-256, empty without one."""
    if proof is None:
        return ""
    digest = hashlib.sha256(proof.content).hexdigest()
    session.add(
        LoanProof(
            request_id=request.id,
            name=proof.name[-120:],
            media_type=media_type_of(proof),
            sha256=digest,
            content=proof.content,
        )
    )
    return digest


def refuse(session: Session, request: LoanRequest, *, explanation: str, version: int, actor: Actor) -> None:
    """Enter that no neighboring area lends anybody, or that nobody is needed any more."""
    check_answerer(actor)
    lock(session, request, version=version)
    check_move(request.state, LoanState.REFUSED)
    if not explanation:
        raise Invalid("no-reason", "Give a reason.", field="note")
    request.state = LoanState.REFUSED
    _answered(request, explanation, actor=actor)
    note(session, Event.LOAN_REFUSED, request, actor=actor, reason=explanation)


def _answered(request: LoanRequest, explanation: str, *, actor: Actor) -> None:
    request.answer_note, request.answered_by, request.answered_at = explanation, actor.user_id, clock.now()


def _next_number(session: Session, *, region: str) -> str:
    prefix = f"{region}-JY-{clock.today().year:04d}-"
    return f"{prefix}{next_serial(session, f'loan:{prefix}'):04d}"
