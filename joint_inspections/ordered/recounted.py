"""Deadlines of ordered inspections that another calendar would move (see ``workdays.recounting``)."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.ordered.models import OrderedInspection
from joint_inspections.ordered.rules import OrderState
from supervision import clock
from supervision.labels import N_
from supervision.workdays.recounting import Deadline, Kind, Recount


def completions(session: Session, recount: Recount) -> Iterator[Deadline]:
    """Urgent inspections whose approval and papers are still to be completed (R-3.11)."""
    statement = sa.select(OrderedInspection).where(
        OrderedInspection.complete_by.is_not(None), OrderedInspection.complete_by >= clock.today(),
        OrderedInspection.state.in_((OrderState.WAITING, OrderState.SENT)),
    )  # fmt: skip
    for one in session.scalars(statement.order_by(OrderedInspection.id)):
        if one.complete_by is not None:
            after = recount.shift(clock.local(one.ordered_at).date(), one.complete_by)
            yield Deadline(one, "complete_by", ("order", one.id), one.number, one.complete_by, after)


KINDS = (Kind("ordered_inspections.complete_by", N_("Papers of an emergency to be completed"), completions),)
