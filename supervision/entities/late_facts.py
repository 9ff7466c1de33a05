"""Tags and suspensions of the last days before a freeze: which tags count, and what is named (T06, T08).

A tag given or taken on the eve would move an enterprise into a pool or out of it: what counts are the tags that an
enterprise bore some days before, as with risk classes. An enterprise that came into the register since bears the tags
it came with. A suspension counts at once, because a second entry must not be drawn; it is named instead.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from supervision.entities.models import Entity, EntityTag, EntityTagVersion, EntityVersion
from supervision.entities.rules import EntityStatus


@dataclass(frozen=True, slots=True)
class Retagged:
    """An entity whose tags of today would decide otherwise: those that count, those since, when that was recorded."""

    unit: str
    counts: frozenset[str]
    since: frozenset[str]
    recorded_at: datetime


def tagged_by(cutoff: datetime, codes: Collection[str]) -> sa.ColumnElement[bool]:
    """Return whether an entity bore one of these tags at ``cutoff``, for a statement over entities."""
    version = aliased(EntityTagVersion)
    then = (
        sa.select(sa.type_coerce(version.codes, sa.Text))
        .where(version.entity_id == Entity.id, version.known_until >= cutoff, Entity.created_at < cutoff)
        .order_by(version.known_until, version.id)
        .limit(1)
        .correlate(Entity)
        .scalar_subquery()
    )
    bore = sa.or_(*(then.contains(f'"{code}"', autoescape=True) for code in sorted(codes)))
    bears = sa.exists().where(EntityTag.entity_id == Entity.id, EntityTag.tag_code.in_(sorted(codes)))
    return sa.case((then.is_not(None), bore), else_=bears)


def list_retagged(session: Session, *, cutoff: datetime, codes: Collection[str]) -> list[Retagged]:
    """List every entity that today's tags, but not those at ``cutoff``, bring among the bearers of ``codes`` or out."""
    newer = sa.select(Entity.id, Entity.unit_id, EntityTagVersion.codes, EntityTagVersion.known_until).join(
        EntityTagVersion, EntityTagVersion.entity_id == Entity.id
    )
    newer = newer.where(EntityTagVersion.known_until >= cutoff, Entity.created_at < cutoff)
    rows = session.execute(newer.order_by(Entity.unit_id, EntityTagVersion.known_until, EntityTagVersion.id)).all()
    first = {row.unit_id: row for row in reversed(rows)}
    last = {row.unit_id: row.known_until for row in rows}
    touched = sa.select(EntityTagVersion.entity_id).where(EntityTagVersion.known_until >= cutoff)
    held: dict[int, set[str]] = {}
    bearing = sa.select(EntityTag.entity_id, EntityTag.tag_code).where(EntityTag.tag_code.in_(sorted(codes)))
    for number, code in session.execute(bearing.where(EntityTag.entity_id.in_(touched))):
        held.setdefault(number, set()).add(code)
    found = [
        Retagged(unit, frozenset(row.codes) & set(codes), frozenset(held.get(row.id, ())), last[unit])
        for unit, row in sorted(first.items())
    ]
    return [one for one in found if bool(one.counts) != bool(one.since)]


def list_suspended(session: Session, *, since: datetime) -> list[tuple[str, datetime]]:
    """List the entries that were active and have been suspended since a moment, each with when that was recorded."""
    moment = sa.func.max(EntityVersion.known_until)
    statement = (
        sa.select(Entity.unit_id, moment)
        .join(EntityVersion, EntityVersion.entity_id == Entity.id)
        .where(Entity.status == EntityStatus.SUSPENDED, EntityVersion.status == EntityStatus.ACTIVE)
        .group_by(Entity.unit_id)
        .having(moment >= since)
    )
    return [(unit, at) for unit, at in session.execute(statement.order_by(Entity.unit_id))]
