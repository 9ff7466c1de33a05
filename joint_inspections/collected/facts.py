"""Collected random inspections count against caps like the platform's own (R-1.18, R-1.19)."""

from collections.abc import Collection, Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.collected.models import CollectedInspection
from supervision.plans.facts import VisitFact


def collected_between(session: Session, start: date, end: date) -> Iterator[VisitFact]:
    """Yield what other systems reported as random inspections from ``start`` to ``end``; they name no inspectors."""
    within = CollectedInspection.inspected_on.between(start, end)
    yield from _facts(session, within)


def collected_of(session: Session, entity_ids: Collection[int], *, year: int) -> Iterator[VisitFact]:
    """Yield the random inspections of some entities in a year, for the check of the caps at approval (R-1.19)."""
    within = CollectedInspection.inspected_on.between(date(year, 1, 1), date(year, 12, 31))
    yield from _facts(session, within, CollectedInspection.entity_id.in_(entity_ids))


def _facts(session: Session, *conditions: sa.ColumnElement[bool]) -> Iterator[VisitFact]:
    table = CollectedInspection
    statement = sa.select(table.entity_id, table.inspected_on, table.item_code).where(table.drawn, *conditions)
    for entity_id, day, code in session.execute(statement):
        yield VisitFact(entity_id, day, frozenset({code}), frozenset())


def count_collected(session: Session, entity_id: int, *, until: date) -> tuple[int, int]:
    """Count an entity's collected inspections from New Year to a day: all of them, and those made by random draw."""
    drawn = sa.func.sum(sa.case((CollectedInspection.drawn, 1), else_=0))
    statement = sa.select(sa.func.count(), sa.func.coalesce(drawn, 0)).where(
        CollectedInspection.entity_id == entity_id,
        CollectedInspection.inspected_on.between(date(until.year, 1, 1), until),
    )
    total, random = session.execute(statement).one()
    return total, random
