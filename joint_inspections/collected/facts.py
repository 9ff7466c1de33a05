"""Collected random inspections count against caps like the platform's own (R-1.18, R-1.19)."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.collected.models import CollectedInspection
from supervision.plans.facts import VisitFact


def collected_between(session: Session, start: date, end: date) -> Iterator[VisitFact]:
    """Yield what other systems reported as random inspections from ``start`` to ``end``; they name no inspectors."""
    table = CollectedInspection
    statement = sa.select(table.entity_id, table.inspected_on, table.item_code).where(
        table.drawn, table.inspected_on >= start, table.inspected_on <= end
    )
    for entity_id, day, code in session.execute(statement):
        yield VisitFact(entity_id, day, frozenset({code}), frozenset())
