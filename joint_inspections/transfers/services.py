"""What the receiver does: acknowledge, claim, return, hand on, ask for more time, answer."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from joint_inspections.follow_ups.services import Closing, close_by_answer, take_back
from joint_inspections.papers.services import Letterhead
from joint_inspections.records.rules import Disposal
from joint_inspections.transfers import rules
from joint_inspections.transfers.keeping import (
    days_on,
    go_to,
    is_late,
    issue_anew,
    require_version,
    waiting_follow_up,
    write,
)
from joint_inspections.transfers.models import Transfer, TransferAnswer
from joint_inspections.transfers.rules import (
    FOLLOW_UP_ENDINGS,
    Extension,
    Outcome,
    Reply,
    TransferStep,
    check_reply,
    state_after,
)
from supervision import clock
from supervision.departments.models import Department
from supervision.errors import Conflict, Forbidden, Invalid, WrongState
from supervision.parameters.queries import check_reason
from supervision.permissions import Actor, Permission

RETURN_REASONS = "transfer_return_reasons"
NO_CASE_REASONS = "no_case_reasons"
# the follow-ups that are nothing but a transfer close with its answer; the others go on
CLOSED_BY_ANSWER = frozenset({Disposal.CASE, Disposal.REFERRAL})


def may_answer(transfer: Transfer, actor: Actor) -> bool:
    """Say whether the actor speaks for the receiver; whoever sent a clue to the own case unit does not."""
    own = actor.may(Permission.TRANSFER_ANSWER) and actor.department_id == transfer.receiver_id
    return own and (actor.user_id is None or actor.user_id != transfer.sent_by)


def _require_receiver(transfer: Transfer, version: int, actor: Actor) -> None:
    if not may_answer(transfer, actor):
        raise Forbidden("not-receiver", "Somebody of the receiver does this, and not who sent it.")
    require_version(transfer, version)


def acknowledge(session: Session, transfer: Transfer, *, version: int, actor: Actor) -> None:
    """Acknowledge receipt."""
    _require_receiver(transfer, version, actor)
    late = is_late(transfer)
    transfer.state = state_after(transfer.state, TransferStep.ACKNOWLEDGED)
    transfer.next_due_on = min(transfer.claim_by, transfer.due_on)
    write(session, transfer, TransferStep.ACKNOWLEDGED, actor=actor, late=late)


def claim(session: Session, transfer: Transfer, *, version: int, actor: Actor) -> None:
    """Take the matter on; whoever claims is named as the one who handles it."""
    _require_receiver(transfer, version, actor)
    late = is_late(transfer)
    transfer.state = state_after(transfer.state, TransferStep.CLAIMED)
    transfer.handler_id, transfer.next_due_on = actor.user_id, transfer.due_on
    write(session, transfer, TransferStep.CLAIMED, actor=actor, late=late)


def give_back(session: Session, transfer: Transfer, *, reason_code: str, text: str, version: int, actor: Actor) -> None:
    """Return what is not in the receiver's competence or cannot be used: the coordinator decides where it goes."""
    _require_receiver(transfer, version, actor)
    if transfer.designated:
        raise WrongState("receiver-designated", "The coordinator has decided that your department is in charge.")
    code = check_reason(session, RETURN_REASONS, reason_code, field="reason_code").code
    if not text:
        raise Invalid("return-why", "Say why, and who is in charge instead.", field="why")
    late = is_late(transfer)
    transfer.state = state_after(transfer.state, TransferStep.RETURNED)
    transfer.next_due_on = days_on(session, rules.ROUTE)
    write(session, transfer, TransferStep.RETURNED, actor=actor, reason=(code, text), late=late)


def pass_on(
    session: Session,
    transfer: Transfer,
    receiver: Department,
    *,
    text: str,
    letterhead: Letterhead,
    version: int,
    actor: Actor,
) -> None:
    """Hand a claimed clue on to another department, which owes the answer now."""
    _require_receiver(transfer, version, actor)
    if receiver.id == transfer.receiver_id or not receiver.active:
        raise Invalid("other-receiver", "Choose another department.", field="passes_to")
    if transfer.designated:
        raise WrongState("receiver-designated", "The coordinator has decided that your department is in charge.")
    if not text:
        raise Invalid("pass-on-why", "Say why another department is in charge.", field="passing")
    late = is_late(transfer)
    go_to(session, transfer, receiver, state_after(transfer.state, TransferStep.HANDED_ON))
    write(session, transfer, TransferStep.HANDED_ON, actor=actor, reason=("", text), late=late)
    issue_anew(session, transfer, letterhead=letterhead, actor=actor)


def ask_extension(session: Session, transfer: Transfer, *, text: str, version: int, actor: Actor) -> None:
    """Ask the head for the one extension, before the deadline (R-1.36)."""
    _require_receiver(transfer, version, actor)
    state_after(transfer.state, TransferStep.EXTENSION_ASKED)
    if transfer.extension is not Extension.NONE:
        raise WrongState("extension-once", "More time is asked for once; this has been done.")
    if transfer.due_on < clock.today():
        raise WrongState("extension-late", "The deadline has passed: more time is asked for before it.")
    if not text:
        raise Invalid("extension-why", "Say what makes more time necessary.", field="more_time")
    transfer.extension = Extension.ASKED
    write(session, transfer, TransferStep.EXTENSION_ASKED, actor=actor, reason=("", text))


def answer(session: Session, transfer: Transfer, reply: Reply, *, version: int, actor: Actor) -> None:
    """Give the answer, once: its follow-up closes with it, or goes on where more than the transfer was ordered."""
    _require_receiver(transfer, version, actor)
    target = state_after(transfer.state, TransferStep.ANSWERED)
    check_reply(transfer.kind, reply)
    if reply.outcome is Outcome.NO_CASE:
        check_reason(session, NO_CASE_REASONS, reply.reason_code, field="no_case")
    late = is_late(transfer)
    given = TransferAnswer(
        transfer_id=transfer.id,
        outcome=reply.outcome,
        number=reply.number,
        reason_code=reply.reason_code,
        clause=reply.clause,
        body=reply.body,
        text=reply.text,
        late=late,
        answered_by=actor.user_id,
        answered_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(given)
    except IntegrityError as error:
        raise Conflict("answered-already", "This transfer has been answered already. Reload the page.") from error
    session.expire(transfer, ["answer"])
    transfer.state, transfer.awaited_by = target, None
    code, text = reply.reason_code or reply.outcome.value, reply.text
    write(session, transfer, TransferStep.ANSWERED, actor=actor, reason=(code, text), late=late)
    _close_follow_up(session, transfer, reply, actor=actor)


def _close_follow_up(session: Session, transfer: Transfer, reply: Reply, *, actor: Actor) -> None:
    follow_up = waiting_follow_up(transfer)
    if follow_up is None:
        return
    note = " ".join(part for part in (transfer.number, reply.body, reply.number, reply.clause, reply.text) if part)
    if follow_up.kind not in CLOSED_BY_ANSWER:
        take_back(session, follow_up, text=note, actor=actor)
        return
    closing = Closing(FOLLOW_UP_ENDINGS[reply.outcome], note, clock.today())
    close_by_answer(session, follow_up, closing, actor=actor)
