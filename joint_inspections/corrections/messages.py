"""Whom corrections wait for: leads for what came and for cards, heads for requests for more time."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.corrections.models import CorrectionEntry
from joint_inspections.corrections.queries import at_stage, extension_asked, with_card, yellow_until
from joint_inspections.corrections.rules import Stage
from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.follow_ups.queries import NEXT_DUE
from joint_inspections.follow_ups.rules import Card
from joint_inspections.records.rules import Disposal
from supervision.labels import N_
from supervision.notifications.queries import actors_holding
from supervision.notifications.sources import Kind, Waiting
from supervision.permissions import Permission

_NEWEST = (
    sa.select(sa.func.max(CorrectionEntry.number))
    .where(CorrectionEntry.follow_up_id == FollowUp.id)
    .correlate(FollowUp)
    .scalar_subquery()
)


def sent(session: Session) -> Iterator[Waiting]:
    """Evidence that waits for the department; each sending is told anew."""
    yield from _found(session, at_stage(Stage.SENT), Permission.FOLLOW_UP_CLOSE)


def extensions(session: Session) -> Iterator[Waiting]:
    """Requests for more time that wait for the head."""
    yield from _found(session, extension_asked(), Permission.CORRECTION_EXTEND)


def yellow(session: Session) -> Iterator[Waiting]:
    """Corrections whose next step is due soon: told once for each day on which it is due."""
    condition = with_card(Card.YELLOW, until=yellow_until(session))
    yield from _found(session, condition, Permission.FOLLOW_UP_CLOSE, by_day=True)


def _found(
    session: Session, condition: sa.ColumnElement[bool], permission: Permission, *, by_day: bool = False
) -> Iterator[Waiting]:
    statement = sa.select(FollowUp.id, FollowUp.department_id, NEXT_DUE, _NEWEST).where(
        FollowUp.kind == Disposal.CORRECTION, condition
    )
    rows = session.execute(statement.order_by(FollowUp.id)).all()
    for viewer in actors_holding(session, permission):
        for follow_up_id, department_id, due, newest in rows:
            if department_id == viewer.department_id:
                key = f"{follow_up_id}-{due.isoformat() if by_day else newest}"
                yield Waiting(viewer.user_id or 0, key, {"day": due}, {"follow_up_id": follow_up_id})


KINDS = (
    Kind(
        "correction-sent",
        N_("Evidence of corrections to decide on"),
        N_("An enterprise has handed in evidence of a correction. Decide by %(day)s."),
        "corrections.show",
        sent,
    ),
    Kind(
        "correction-extension",
        N_("Requests for more time to correct"),
        N_("An enterprise asks for more time to correct; its next step is due on %(day)s."),
        "corrections.show",
        extensions,
        urgent=True,
    ),
    Kind(
        "correction-yellow",
        N_("Corrections due soon (yellow card)"),
        N_("The next step of a correction is due on %(day)s."),
        "corrections.show",
        yellow,
    ),
)
