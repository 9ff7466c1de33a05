"""Handing a clue over, and withdrawing what was handed over."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from joint_inspections.evidence.models import Attachment
from joint_inspections.follow_ups.services import hand_on
from joint_inspections.papers.services import Letterhead, issue_for, peek_number
from joint_inspections.transfers.keeping import end_unanswered, is_late, require_version, terms_for, write
from joint_inspections.transfers.models import Transfer, TransferFile
from joint_inspections.transfers.paper import subject_of
from joint_inspections.transfers.queries import list_choosable, open_follow_up
from joint_inspections.transfers.rules import PAPERS, TransferKind, TransferState, TransferStep, state_after
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import of_department
from joint_inspections.visits.rules import FALLEN_AWAY
from supervision import clock
from supervision.departments.models import Department
from supervision.errors import Conflict, Forbidden, Invalid
from supervision.permissions import Actor, Permission


@dataclass(frozen=True, slots=True)
class Clue:
    """What is handed over: to whom, what was found, which provision it concerns, and the digests of its evidence."""

    kind: TransferKind
    receiver: Department
    facts: str
    clause: str
    wish: str = ""
    item_id: int | None = None
    digests: Sequence[str] = ()


def may_send(session: Session, visit: Visit, actor: Actor) -> bool:
    """Say whether the actor may hand over a clue found at a visit: a lead of a department that took part."""
    if not actor.may(Permission.TRANSFER_SEND) or visit.visited_at is None or visit.state in FALLEN_AWAY:
        return False
    took_part = sa.select(Visit.id).where(Visit.id == visit.id, of_department(actor.department_id))
    return session.scalar(took_part) is not None


def send(session: Session, visit: Visit, clue: Clue, *, letterhead: Letterhead, actor: Actor) -> Transfer:
    """Hand a clue over: the letter is issued, the clocks run, its follow-up waits. The caller holds the visit."""
    if not may_send(session, visit, actor) or actor.department_id is None:
        raise Forbidden("may-not-transfer", "A lead of a department that took part in the visit hands clues over.")
    _require_clue(clue, actor)
    files = _chosen(session, visit, clue.digests, actor)
    follow_up = open_follow_up(session, visit.id, clue.item_id, actor.department_id) if clue.item_id else None
    terms = terms_for(session, clue.kind)
    transfer = Transfer(
        number=peek_number(session, visit, PAPERS[clue.kind]),
        kind=clue.kind,
        visit_id=visit.id,
        item_id=clue.item_id,
        follow_up_id=follow_up.id if follow_up else None,
        awaited_by=follow_up.id if follow_up else None,
        sender_id=actor.department_id,
        receiver_id=clue.receiver.id,
        facts=clue.facts,
        clause=clue.clause,
        wish=clue.wish,
        state=TransferState.SENT,
        next_due_on=terms.of(TransferState.SENT),
        claim_by=terms.claim,
        due_on=terms.answer,
        sent_by=actor.user_id,
        sent_at=clock.now(),
    )
    _add(session, transfer)
    _add_files(session, transfer, files)
    write(session, transfer, TransferStep.SENT, actor=actor)
    if follow_up is not None:
        hand_on(session, follow_up, until=transfer.due_on, text=transfer.number, actor=actor)
    issue_for(session, visit, subject_of(session, transfer), letterhead=letterhead, actor=actor)
    return transfer


def _require_clue(clue: Clue, actor: Actor) -> None:
    if not (clue.facts and clue.clause):
        raise Invalid("clue-facts", "Say what was found and which provision it concerns.", field="facts")
    if clue.receiver.id == actor.department_id and clue.kind is not TransferKind.CASE:
        raise Invalid("own-unit-case", "The own case unit is handed clues; notices go to others.", field="kind")
    if not clue.receiver.active:
        raise Invalid("receiver-inactive", "This department is not in use any more.", field="receiver")


def _add(session: Session, transfer: Transfer) -> None:
    try:
        with session.begin_nested():
            session.add(transfer)
    except IntegrityError as error:
        raise Conflict("already-transferred", "This problem has been handed over already. Reload the page.") from error


def _chosen(session: Session, visit: Visit, digests: Sequence[str], actor: Actor) -> list[Attachment]:
    """Return the files that go along, refusing what is no evidence of the own department."""
    choosable = list_choosable(session, visit, actor.department_id or 0)
    if unknown := set(digests) - {one.sha256 for one in choosable}:
        raise Invalid(
            "unknown-evidence",
            "%(count)s of the files are not evidence of your department from this visit.",
            field="files",
            count=len(unknown),
        )
    return [one for one in choosable if one.sha256 in set(digests)]


def _add_files(session: Session, transfer: Transfer, files: Sequence[Attachment]) -> None:
    for number, one in enumerate(files, 1):
        row = TransferFile(transfer_id=transfer.id, number=number, sha256=one.sha256, caption=one.caption)
        session.add(row)
    session.flush()


def may_withdraw(transfer: Transfer, actor: Actor) -> bool:
    """Say whether the actor may withdraw it: a lead of the department that sent it."""
    return actor.may(Permission.TRANSFER_SEND) and actor.department_id == transfer.sender_id


def withdraw(session: Session, transfer: Transfer, *, text: str, version: int, actor: Actor) -> None:
    """Withdraw a transfer before it is answered, for a stated reason; everything done stays."""
    if not may_withdraw(transfer, actor):
        raise Forbidden("sender-withdraws", "A lead of the department that sent it does this.")
    require_version(transfer, version)
    if not text:
        raise Invalid("withdrawal-why", "Say why it is withdrawn.", field="withdrawal")
    late = is_late(transfer)
    transfer.state = state_after(transfer.state, TransferStep.WITHDRAWN)
    end_unanswered(session, transfer, TransferStep.WITHDRAWN, text=text, late=late, actor=actor)
