"""Whom transferred clues wait for; no message names an enterprise or a department."""

from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.transfers.models import Transfer, TransferChange
from joint_inspections.transfers.queries import overdue, visible_to
from joint_inspections.transfers.rules import OPEN, WITH_RECEIVER, Extension, TransferState
from supervision import clock
from supervision.labels import N_
from supervision.notifications.queries import actors_holding
from supervision.notifications.sources import Kind, Waiting
from supervision.permissions import Actor, Permission

Condition = sa.ColumnElement[bool]
KEPT = timedelta(days=10)


def _found(session: Session, viewer: Actor, *conditions: Condition) -> list[Transfer]:
    statement = sa.select(Transfer).where(visible_to(viewer), *conditions).order_by(Transfer.id)
    return list(session.scalars(statement))


def incoming(session: Session) -> Iterator[Waiting]:
    """Clues that somebody of the receiver acknowledges, claims and answers."""
    for viewer in actors_holding(session, Permission.TRANSFER_ANSWER):
        own = Transfer.receiver_id == viewer.department_id
        for one in _found(session, viewer, own, Transfer.state.in_(WITH_RECEIVER)):
            if viewer.user_id != one.sent_by and one.handler_id in {None, viewer.user_id}:
                yield _waiting(viewer, one, f"{one.id}-{one.state.value}-{one.receiver_id}")


def returned(session: Session) -> Iterator[Waiting]:
    """Returned clues, for the coordinator."""
    for viewer in actors_holding(session, Permission.TRANSFER_ROUTE):
        for one in _found(session, viewer, Transfer.state == TransferState.RETURNED):
            yield _waiting(viewer, one, str(one.id))


def extensions(session: Session) -> Iterator[Waiting]:
    """More time asked for, for the head of the receiver."""
    for viewer in actors_holding(session, Permission.TRANSFER_EXTEND):
        own = Transfer.receiver_id == viewer.department_id
        asked = sa.and_(Transfer.extension == Extension.ASKED, Transfer.state.in_(OPEN))
        for one in _found(session, viewer, own, asked):
            yield _waiting(viewer, one, str(one.id))


def late(session: Session) -> Iterator[Waiting]:
    """Overdue clues, one message a day for coordinator and oversight."""
    today = clock.today()
    for viewer in actors_holding(session, Permission.TRANSFER_VIEW):
        if viewer.sees_whole_district and (count := len(_found(session, viewer, overdue()))):
            yield Waiting(viewer.user_id or 0, today.isoformat(), {"count": count}, {"box": "all", "mark": "overdue"})


def ended(session: Session) -> Iterator[Waiting]:
    """Answers and what came back, for the leads of the sender, for ten days."""
    since = clock.begin_of(clock.today() - KEPT)
    over = Transfer.state.in_((TransferState.ANSWERED, TransferState.SENT_BACK))
    recent = sa.exists().where(TransferChange.transfer_id == Transfer.id, TransferChange.changed_at >= since)
    for viewer in actors_holding(session, Permission.TRANSFER_SEND):
        for one in _found(session, viewer, Transfer.sender_id == viewer.department_id, over, recent):
            yield _waiting(viewer, one, str(one.id))


def _waiting(viewer: Actor, one: Transfer, key: str) -> Waiting:
    return Waiting(viewer.user_id or 0, key, {"number": one.number, "day": one.next_due_on}, {"transfer_id": one.id})


KINDS = (
    Kind(
        "clue-incoming",
        N_("Transferred clues to be handled"),
        N_("Clue %(number)s waits for your department; the next step is due on %(day)s."),
        "transfers.show",
        incoming,
        urgent=True,
    ),
    Kind(
        "clue-returned",
        N_("Returned clues to be decided"),
        N_("Clue %(number)s was returned; decide by %(day)s where it goes."),
        "transfers.show",
        returned,
        urgent=True,
    ),
    Kind(
        "clue-extension",
        N_("More time asked for a clue"),
        N_("More time is asked for clue %(number)s, due on %(day)s."),
        "transfers.show",
        extensions,
        urgent=True,
    ),
    Kind(
        "clue-ended",
        N_("Answers to transferred clues"),
        N_("Clue %(number)s was answered or came back."),
        "transfers.show",
        ended,
    ),
    Kind(
        "clue-overdue",
        N_("Overdue clues"),
        N_("%(count)s transferred clues are overdue."),
        "transfers.index",
        late,
    ),
)
