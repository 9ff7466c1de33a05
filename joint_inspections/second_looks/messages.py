"""Whom second looks wait for; no message says of which visit."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.second_looks.models import SecondLook
from joint_inspections.second_looks.rules import LookState
from supervision.labels import N_
from supervision.notifications.sources import Kind, Waiting


def desks(session: Session) -> Iterator[Waiting]:
    """Second looks at a reviewer's desk."""
    statement = sa.select(SecondLook.id, SecondLook.reviewer_id).where(
        SecondLook.state == LookState.DESK, SecondLook.reviewer_id.is_not(None)
    )
    for look_id, reviewer_id in session.execute(statement.order_by(SecondLook.id)):
        yield Waiting(reviewer_id or 0, str(look_id), {}, {"look_id": look_id})


KINDS = (
    Kind(
        "second-look-desk",
        N_("Second looks at your desk"),
        N_("A second look waits at your desk."),
        "second_look_desk.desk",
        desks,
    ),
)
