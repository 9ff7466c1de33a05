"""Whom borrowing waits for: the coordinator, to enter what the neighboring area answers and whom it lends."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from supervision.labels import N_
from supervision.neighbors import queries
from supervision.neighbors.rules import LoanState
from supervision.notifications.queries import actors_holding
from supervision.notifications.sources import Kind, Waiting
from supervision.permissions import Permission


def _waiting(session: Session, state: LoanState) -> Iterator[Waiting]:
    found = [one for one in queries.list_waiting(session) if one.state is state]
    for viewer in actors_holding(session, Permission.LOAN_ANSWER) if found else []:
        for one in found:
            yield Waiting(viewer.user_id or 0, one.number, {"number": one.number}, {"request_id": one.id})


def to_answer(session: Session) -> Iterator[Waiting]:
    """Requests that have no answer yet."""
    return _waiting(session, LoanState.ASKED)


def to_enter(session: Session) -> Iterator[Waiting]:
    """Granted requests whose people are not in the register yet."""
    return _waiting(session, LoanState.GRANTED)


KINDS = (
    Kind(
        "loan-answer",
        N_("Requests to borrow inspectors that wait for an answer"),
        N_("Request %(number)s to borrow inspectors waits for the answer of a neighboring area."),
        "neighbors.show",
        to_answer,
    ),
    Kind(
        "loan-people",
        N_("Lent inspectors still to be entered"),
        N_("The people lent on request %(number)s are still to be entered."),
        "neighbors.show",
        to_enter,
    ),
)
