"""What every step of a transfer needs: its clocks, its line of the history, what it does to the follow-up."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.follow_ups.rules import FollowUpState
from joint_inspections.follow_ups.services import take_back
from joint_inspections.papers.queries import newest_of_series
from joint_inspections.papers.services import Letterhead, issue_for
from joint_inspections.transfers import rules
from joint_inspections.transfers.models import Transfer, TransferChange
from joint_inspections.transfers.paper import subject_of
from joint_inspections.transfers.rules import (
    Extension,
    Terms,
    TransferKind,
    TransferState,
    TransferStep,
    is_overdue,
)
from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.departments.models import Department
from supervision.errors import Conflict
from supervision.parameters.queries import get_number
from supervision.permissions import Actor
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import add_workdays

EVENTS = {
    TransferStep.SENT: Event.CLUE_SENT,
    TransferStep.ACKNOWLEDGED: Event.CLUE_ACKNOWLEDGED,
    TransferStep.CLAIMED: Event.CLUE_CLAIMED,
    TransferStep.RETURNED: Event.CLUE_RETURNED,
    TransferStep.ROUTED: Event.CLUE_ROUTED,
    TransferStep.SENT_BACK: Event.CLUE_ROUTED,
    TransferStep.HANDED_ON: Event.CLUE_HANDED_ON,
    TransferStep.EXTENSION_ASKED: Event.CLUE_EXTENSION_ASKED,
    TransferStep.EXTENDED: Event.CLUE_EXTENSION_DECIDED,
    TransferStep.NOT_EXTENDED: Event.CLUE_EXTENSION_DECIDED,
    TransferStep.ANSWERED: Event.CLUE_ANSWERED,
    TransferStep.WITHDRAWN: Event.CLUE_WITHDRAWN,
}


def terms_for(session: Session, kind: TransferKind) -> Terms:
    """Return the days of a transfer that somebody has from today."""
    today = clock.today()
    codes = (rules.ACKNOWLEDGE, rules.CLAIM, rules.ANSWER[kind])
    first, second, third = (get_number(session, code, on=today) for code in codes)
    return Terms.counted(today, (first, second, third), get_calendar(session))


def require_version(transfer: Transfer, version: int) -> None:
    """Refuse what was decided on an older state."""
    if version != transfer.version:
        raise Conflict("changed-meanwhile", "Somebody changed this transfer meanwhile. Read it again first.")


def days_on(session: Session, code: str) -> date:
    """Return the day until which a step that begins today may take."""
    today = clock.today()
    return add_workdays(today, get_number(session, code, on=today), get_calendar(session))


def go_to(session: Session, transfer: Transfer, receiver: Department, state: TransferState) -> None:
    """Give the clue to another receiver: all clocks begin on the day on which it has it."""
    terms = terms_for(session, transfer.kind)
    transfer.state, transfer.receiver_id, transfer.handler_id = state, receiver.id, None
    transfer.next_due_on, transfer.claim_by, transfer.due_on = terms.of(state), terms.claim, terms.answer
    transfer.extension = Extension.NONE
    session.flush()
    session.expire(transfer, ["receiver"])
    wait_until_due(transfer)


def wait_until_due(transfer: Transfer) -> None:
    """Let the follow-up wait until the present deadline."""
    follow_up = waiting_follow_up(transfer)
    if follow_up is not None:
        follow_up.step_due_on = transfer.due_on


def waiting_follow_up(transfer: Transfer) -> FollowUp | None:
    """Return the follow-up that waits for the answer, if it still does."""
    follow_up = transfer.follow_up
    if follow_up is None or follow_up.state is FollowUpState.CLOSED or follow_up.step_due_on is None:
        return None
    return follow_up


def issue_anew(session: Session, transfer: Transfer, *, letterhead: Letterhead, actor: Actor) -> None:
    """Issue the letter to the new receiver; the one before is superseded."""
    session.execute(sa.select(Visit.id).where(Visit.id == transfer.visit_id).with_for_update())
    subject = subject_of(session, transfer)
    before = newest_of_series(session, transfer.visit, subject.series, "zh")
    if before is None or before.rests_on != subject.rests_on:
        issue_for(session, transfer.visit, subject, letterhead=letterhead, actor=actor)


def end_unanswered(
    session: Session, transfer: Transfer, step: TransferStep, *, text: str, late: bool, actor: Actor
) -> None:
    """End a transfer without an answer: its follow-up is the sender's again."""
    transfer.awaited_by = None
    write(session, transfer, step, actor=actor, reason=("", text), late=late)
    follow_up = waiting_follow_up(transfer)
    if follow_up is not None:
        take_back(session, follow_up, text=f"{transfer.number} {text}", actor=actor)


def is_late(transfer: Transfer) -> bool:
    """Say whether the step comes after its day."""
    return is_overdue(transfer.state, transfer.next_due_on, today=clock.today())


def write(
    session: Session,
    transfer: Transfer,
    step: TransferStep,
    *,
    actor: Actor,
    reason: tuple[str, str] = ("", ""),
    late: bool = False,
) -> None:
    """Add the line of the history and the one entry of the log."""
    code, text = reason
    session.add(
        TransferChange(
            transfer_id=transfer.id,
            step=step,
            reason_code=code,
            text=text,
            receiver_id=transfer.receiver_id,
            next_due_on=transfer.next_due_on,
            due_on=transfer.due_on,
            overdue=late,
            changed_by=actor.user_id,
            changed_at=clock.now(),
        )
    )
    session.flush()
    details = {
        "visit": transfer.visit_id,
        "number": transfer.number,
        "receiver": transfer.receiver_id,
        "due_on": transfer.due_on.isoformat(),
        "code": code,
        "overdue": late,
    }
    record(session, EVENTS[step], actor=actor, subject=("transfer", transfer.id), reason=text, details=details)
