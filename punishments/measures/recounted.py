"""Deadlines of joint measures that another calendar would move (see ``workdays.recounting``)."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from punishments.measures.models import Measure
from punishments.measures.rules import MeasureState
from supervision import clock
from supervision.labels import N_
from supervision.workdays.recounting import Deadline, Kind, Recount


def answers(session: Session, recount: Recount) -> Iterator[Deadline]:
    """Measures that wait for the answer of the department asked."""
    statement = sa.select(Measure).where(Measure.state == MeasureState.WAITING, Measure.answer_due_on.is_not(None))
    for one in session.scalars(statement.order_by(Measure.id)).unique():
        if one.answer_due_on is not None and one.asked_at is not None:
            after = recount.shift(clock.local(one.asked_at).date(), one.answer_due_on)
            name = one.listing.number or str(one.id)
            yield Deadline(one, "answer_due_on", ("measure", one.id), name, one.answer_due_on, after)


KINDS = (Kind("measures.answer_due_on", N_("Joint measure to be answered"), answers),)
