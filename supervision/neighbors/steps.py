"""What every step of a request does: who may, that nothing moved meanwhile, and one entry in the log."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Conflict, Forbidden, WrongState
from supervision.neighbors.models import LoanRequest
from supervision.permissions import Actor, Permission
from supervision.plans.models import Task
from supervision.plans.rules import TaskState
from supervision.plans.task_queries import lock_state

SUBJECT = "loan"


def check_answerer(actor: Actor) -> None:
    if not actor.may(Permission.LOAN_ANSWER):
        raise Forbidden("loan-coordinator", "The coordinator enters what the neighboring area answered.")


def check_preparing(session: Session, task: Task) -> None:
    """Refuse once the pool is frozen; the state is held, so that nobody freezes meanwhile."""
    if lock_state(session, task) is not TaskState.PREPARING:
        raise WrongState("loan-frozen", "The pool of this task is frozen: its roster cannot change any more.")


def lock(session: Session, request: LoanRequest, *, version: int | None = None) -> None:
    session.flush()
    statement = sa.select(LoanRequest.version).where(LoanRequest.id == request.id).with_for_update()
    stored = session.scalar(statement)
    if stored != request.version or (version is not None and stored != version):
        raise Conflict(
            "changed-meanwhile",
            "Somebody changed this meanwhile. Open the page again, look at the change, and enter yours once more.",
        )


def note(
    session: Session,
    event: Event,
    request: LoanRequest,
    *,
    actor: Actor,
    reason: str = "",
    details: Mapping[str, object] | None = None,
) -> None:
    session.flush()
    said = {"number": request.number, **(details or {})}
    record(session, event, actor=actor, subject=(SUBJECT, request.id), reason=reason, details=said)
