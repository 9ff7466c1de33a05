"""Deadlines of transferred clues that another calendar would move (see ``workdays.recounting``)."""

from collections.abc import Callable, Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.transfers.models import Transfer, TransferChange
from joint_inspections.transfers.rules import OPEN, TransferState, TransferStep
from supervision import clock
from supervision.labels import N_
from supervision.workdays.recounting import Deadline, Kind, Recount

# from these steps on a receiver has the clue
HANDED = (TransferStep.SENT, TransferStep.ROUTED, TransferStep.HANDED_ON)


def _newest_day(session: Session, transfer: Transfer, *steps: TransferStep) -> date | None:
    moment = session.scalar(
        sa.select(sa.func.max(TransferChange.changed_at)).where(
            TransferChange.transfer_id == transfer.id, TransferChange.step.in_(steps)
        )
    )
    return clock.local(moment).date() if moment is not None else None


def _open(session: Session) -> Iterator[Transfer]:
    yield from session.scalars(sa.select(Transfer).where(Transfer.state.in_(OPEN)).order_by(Transfer.id))


def _column(attribute: str) -> Callable[[Session, Recount], Iterator[Deadline]]:
    def find(session: Session, recount: Recount) -> Iterator[Deadline]:
        for one in _open(session):
            returned = attribute == "next_due_on" and one.state is TransferState.RETURNED
            start = _newest_day(session, one, *([TransferStep.RETURNED] if returned else HANDED))
            if start is not None:
                before: date = getattr(one, attribute)
                after = recount.shift(start, before)
                yield Deadline(one, attribute, ("transfer", one.id), one.number, before, after)

    return find


def waiting_follow_ups(session: Session, recount: Recount) -> Iterator[Deadline]:
    """Follow-ups that wait for an answer wait as long as the transfer does."""
    for one in _open(session):
        start, follow_up = _newest_day(session, one, *HANDED), one.follow_up
        if start is None or not isinstance(follow_up, FollowUp) or follow_up.step_due_on is None:
            continue
        after = recount.shift(start, follow_up.step_due_on)
        subject = ("follow_up", follow_up.id)
        yield Deadline(follow_up, "step_due_on", subject, one.number, follow_up.step_due_on, after)


KINDS = (
    Kind("transfers.due_on", N_("Transferred clue to be answered"), _column("due_on")),
    Kind("transfers.claim_by", N_("Transferred clue to be claimed"), _column("claim_by")),
    Kind("transfers.next_due_on", N_("Next step of a transferred clue"), _column("next_due_on")),
    Kind("follow_ups.step_due_on", N_("Follow-up waiting for an answer"), waiting_follow_ups),
)
