"""Serial numbers: consecutive, without gaps, each given once."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from supervision.plans.models import NumberSeries, Plan, Task


def next_serial(session: Session, series: str) -> int:
    """Return the next number of a series: its row is locked until the transaction ends, so there are no gaps."""
    row = session.get(NumberSeries, series, with_for_update=True, populate_existing=True)
    if row is None:
        try:
            with session.begin_nested():
                session.add(NumberSeries(name=series, last=_last_used(session, series)))
        except IntegrityError:
            pass  # somebody else began the series at this moment; wait for them
        row = session.get_one(NumberSeries, series, with_for_update=True, populate_existing=True)
    row.last += 1
    session.flush()
    return row.last


def _last_used(session: Session, series: str) -> int:
    kind, _, prefix = series.partition(":")
    column = Plan.number if kind == "plan" else Task.number
    highest = session.scalar(sa.select(sa.func.max(column)).where(column.startswith(prefix, autoescape=True)))
    return int(highest[len(prefix) :]) if highest else 0
