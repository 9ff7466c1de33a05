"""Lent people come for a task and go again: the coordinator enters whom the area names, nobody says who goes where."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.errors import Forbidden, Invalid, RuleBroken, WrongState
from supervision.inspectors.models import InspectorLoan
from supervision.labels import N_
from supervision.neighbors import people
from supervision.neighbors.models import LoanRequest
from supervision.neighbors.queries import count_running, list_loans
from supervision.neighbors.rules import LentPerson, LoanState, check_move
from supervision.neighbors.steps import check_answerer, check_preparing, lock, note
from supervision.permissions import Actor, Permission


def enter_people(session: Session, request: LoanRequest, wanted: Sequence[LentPerson], *, actor: Actor) -> int:
    """Take the people whom the area lends into the register, for this task only; return how many."""
    taken = take_people(session, request, wanted, actor=actor)
    details = {"certificates": [one.inspector.certificate_number for one in taken], "area": request.area_code}
    note(session, Event.INSPECTORS_LENT, request, actor=actor, details=details)
    return len(taken)


def take_people(
    session: Session, request: LoanRequest, wanted: Sequence[LentPerson], *, actor: Actor
) -> list[InspectorLoan]:
    """Do so without an entry in the log: an import writes one for its file."""
    check_answerer(actor)
    lock(session, request)
    if request.state is not LoanState.GRANTED:
        raise WrongState("loan-not-granted", "Lent people are entered once the neighboring area has agreed.")
    check_preparing(session, request.task)
    free = (request.granted or 0) - count_running(session, request)
    if len(wanted) > free:
        raise RuleBroken(
            "loan-full",
            N_("The area lends %(granted)s; %(free)s can still be entered."),
            rule="R-1.23",
            granted=request.granted or 0,
            free=free,
        )
    return [people.take(session, request, one) for one in wanted]


def end_loans(
    session: Session, request: LoanRequest, loan_ids: Sequence[int], *, reason: str, actor: Actor
) -> list[InspectorLoan]:
    """End loans before their day: these people go into no roster any more, and leave teams by the machine."""
    own = actor.may(Permission.INSPECTOR_BORROW) and actor.department_id == request.department_id
    if not own and not actor.may(Permission.LOAN_ANSWER):
        raise Forbidden("loan-not-yours", "Only the lead of a department of the task borrows inspectors for it.")
    lock(session, request)
    if request.state is not LoanState.GRANTED:
        raise WrongState("loan-state", "This request does not allow this step any more. Open its page again.")
    if not reason:
        raise Invalid("no-reason", "Give a reason.", field="reason")
    running = [one for one in list_loans(session, request) if one.ended_on is None]
    ending = [one for one in running if one.id in set(loan_ids)]
    if running and not ending:
        raise Invalid("loan-nobody", "Choose whose loan is over.", field="loans")
    _end(session, request, ending, over=len(ending) == len(running), reason=reason, actor=actor)
    return ending


def end_due(session: Session, *, actor: Actor) -> int:
    """End the loans whose last day has passed; done once more, it changes nothing. Return how many."""
    today = clock.today()
    due = sa.select(InspectorLoan.request_number).where(InspectorLoan.ended_on.is_(None), InspectorLoan.ends_on < today)
    requests = session.scalars(sa.select(LoanRequest).where(LoanRequest.number.in_(due)).order_by(LoanRequest.id))
    ended = 0
    for request in requests.all():
        lock(session, request)
        running = [one for one in list_loans(session, request) if one.ended_on is None]
        ending = [one for one in running if one.ends_on < today]
        _end(session, request, ending, over=len(ending) == len(running), reason="", actor=actor)
        ended += len(ending)
    return ended


def _end(
    session: Session,
    request: LoanRequest,
    ending: Sequence[InspectorLoan],
    *,
    over: bool,
    reason: str,
    actor: Actor,
) -> None:
    for one in ending:
        people.let_go(one)
    if over:
        check_move(request.state, LoanState.ENDED)
        request.state, request.end_reason = LoanState.ENDED, reason
        request.ended_by, request.ended_at = actor.user_id, clock.now()
    details = {"certificates": [one.inspector.certificate_number for one in ending], "over": over}
    note(session, Event.LOAN_ENDED, request, actor=actor, reason=reason, details=details)
