"""Which risk class counts for a draw: the one on record some days before, not one set on the eve (R-2.02, T08).

Whoever can set a class could otherwise move an enterprise, after the plan is known and just before the freeze, into the
part of the pool that is drawn most, or out of it. Classes are history: what counts is what was recorded by then. The
first class an enterprise ever gets counts at once, because there is none before it.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from supervision.entities.models import Entity, RiskClassRecord
from supervision.entities.rules import RiskClass


@dataclass(frozen=True, slots=True)
class SetAside:
    """A class set too late for a draw: the one that counts, the one set since, and when that was recorded."""

    unit: str
    counts: RiskClass
    since: RiskClass
    recorded_at: datetime


def class_by(cutoff: datetime) -> sa.ColumnElement[str | None]:
    """Return the class of an entity as it was on record at ``cutoff``, for a statement over entities."""
    newer, known = aliased(RiskClassRecord), aliased(RiskClassRecord)
    changed = sa.exists().where(newer.entity_id == Entity.id, newer.recorded_at >= cutoff)
    by_then = (
        sa.select(known.risk_class)
        .where(known.entity_id == Entity.id, known.recorded_at < cutoff)
        .order_by(known.as_of.desc(), known.id.desc())
        .limit(1)
        .correlate(Entity)
        .scalar_subquery()
    )
    first = aliased(RiskClassRecord)
    first_ever = (
        sa.select(first.risk_class)
        .where(first.entity_id == Entity.id)
        .order_by(first.id)
        .limit(1)
        .correlate(Entity)
        .scalar_subquery()
    )
    return sa.case((changed, sa.func.coalesce(by_then, first_ever)), else_=Entity.risk_class)


def list_set_aside(session: Session, *, cutoff: datetime) -> list[SetAside]:
    """List every entity whose class today differs from the one that counts at ``cutoff``, sorted by unit."""
    counts = class_by(cutoff).label("counts")
    newest = (
        sa.select(sa.func.max(RiskClassRecord.recorded_at))
        .where(RiskClassRecord.entity_id == Entity.id)
        .correlate(Entity)
        .scalar_subquery()
    )
    touched = sa.select(RiskClassRecord.entity_id).where(RiskClassRecord.recorded_at >= cutoff)
    statement = (
        sa.select(Entity.unit_id, counts, Entity.risk_class, newest)
        .where(Entity.id.in_(touched), counts.is_distinct_from(Entity.risk_class))
        .order_by(Entity.unit_id)
    )
    return [
        SetAside(unit, RiskClass(held), since, at)
        for unit, held, since, at in session.execute(statement)
        if held and since
    ]
