"""Where a returned clue goes, decided by the coordinator; more time, decided by the receiver's head."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.papers.services import Letterhead
from joint_inspections.transfers import rules
from joint_inspections.transfers.keeping import (
    end_unanswered,
    go_to,
    is_late,
    issue_anew,
    require_version,
    wait_until_due,
    write,
)
from joint_inspections.transfers.models import Transfer
from joint_inspections.transfers.rules import Extension, TransferStep, state_after
from supervision import clock
from supervision.departments.models import Department
from supervision.errors import Forbidden, Invalid, NotFound, WrongState
from supervision.parameters.queries import get_number
from supervision.permissions import Actor, Permission
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import add_workdays


def route(
    session: Session,
    transfer: Transfer,
    receiver: Department | None,
    *,
    text: str,
    letterhead: Letterhead,
    version: int,
    actor: Actor,
) -> None:
    """Decide where a returned clue goes: to the body in charge, whose clocks begin anew, or back (None)."""
    if not actor.may(Permission.TRANSFER_ROUTE):
        raise Forbidden("coordinator-routes", "The district coordinator decides who is in charge.")
    require_version(transfer, version)
    if not text:
        raise Invalid("route-why", "Say on what this rests.", field="grounds")
    late = is_late(transfer)
    if receiver is None:
        transfer.state = state_after(transfer.state, TransferStep.SENT_BACK)
        end_unanswered(session, transfer, TransferStep.SENT_BACK, text=text, late=late, actor=actor)
        return
    state = state_after(transfer.state, TransferStep.ROUTED)
    transfer.designated = True
    go_to(session, transfer, receiver, state)
    write(session, transfer, TransferStep.ROUTED, actor=actor, reason=("", text), late=late)
    issue_anew(session, transfer, letterhead=letterhead, actor=actor)


def decide_extension(
    session: Session, transfer: Transfer, *, granted: bool, text: str, version: int, actor: Actor
) -> None:
    """Grant or refuse more time; the head of the receiving department does this."""
    if not (actor.may(Permission.TRANSFER_EXTEND) and actor.department_id == transfer.receiver_id):
        raise Forbidden("head-extends", "The head of the receiving department decides on more time.")
    require_version(transfer, version)
    step = TransferStep.EXTENDED if granted else TransferStep.NOT_EXTENDED
    state_after(transfer.state, step)
    if transfer.extension is not Extension.ASKED:
        raise WrongState("extension-decided", "This has been decided already, or nobody has asked.")
    if not granted and not text:
        raise Invalid("refusal-why", "Say why not.", field="remark")
    if granted:
        length = get_number(session, rules.EXTENSION[transfer.kind], on=clock.today())
        transfer.due_on = add_workdays(transfer.due_on, length, get_calendar(session))
        transfer.next_due_on = transfer.due_on
        wait_until_due(transfer)
    transfer.extension = Extension.GRANTED if granted else Extension.REFUSED
    write(session, transfer, step, actor=actor, reason=("", text))


def get_receiver(session: Session, code: str) -> Department:
    """Return a department by its code as typed into a form, or refuse."""
    found = session.scalar(sa.select(Department).where(Department.code == code, Department.active))
    if found is None:
        raise NotFound
    return found
