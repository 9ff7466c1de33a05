"""An entry of the register as it was known on a past day, and what imported files changed of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.models import AuditEntry
from supervision.entities.models import (
    Entity,
    EntityTag,
    EntityTagVersion,
    EntityType,
    EntityVersion,
    Industry,
    RiskClassRecord,
    SubDistrict,
    Tag,
)
from supervision.entities.queries import may_see_risk
from supervision.entities.rules import RiskClass
from supervision.entities.version_schema import KEPT
from supervision.permissions import Actor

# between changing a row and its audit entry, in the same transaction
SAME_STEP = timedelta(seconds=2)
SHOWN = 20
# as many entries as a history shows
LOGGED = 50


@dataclass(frozen=True, slots=True)
class Known:
    """What the register said of an entity at the end of a day; the class is empty for who may not know it."""

    facts: Entity | EntityVersion
    type: EntityType
    industry: Industry
    sub_district: SubDistrict
    tags: list[Tag]
    risk_class: RiskClass | None


@dataclass(frozen=True, slots=True)
class FileChange:
    """What an imported file changed of an entity: (field, before, after) by column name."""

    at: datetime
    fields: tuple[tuple[str, object, object], ...]


def as_known(session: Session, viewer: Actor, entity: Entity, *, on: date) -> Known | None:
    """Return the entry as it stood at the end of day ``on``; None when it was not in the register yet."""
    moment = clock.begin_of(on + timedelta(days=1))
    if entity.created_at >= moment:
        return None
    later = sa.select(EntityVersion).where(EntityVersion.entity_id == entity.id, EntityVersion.known_until >= moment)
    facts = session.scalar(later.order_by(EntityVersion.known_until, EntityVersion.id).limit(1)) or entity
    return Known(
        facts,
        session.get_one(EntityType, facts.type_code),
        session.get_one(Industry, facts.industry_code),
        session.get_one(SubDistrict, facts.sub_district_code),
        _tags(session, entity, moment),
        _risk_class(session, entity, moment) if may_see_risk(viewer) else None,
    )


def _tags(session: Session, entity: Entity, moment: datetime) -> list[Tag]:
    later = sa.select(EntityTagVersion.codes).where(
        EntityTagVersion.entity_id == entity.id, EntityTagVersion.known_until >= moment
    )
    kept = session.scalar(later.order_by(EntityTagVersion.known_until, EntityTagVersion.id).limit(1))
    if kept is None:
        held = sa.select(EntityTag.tag_code).where(EntityTag.entity_id == entity.id)
        statement = sa.select(Tag).where(Tag.code.in_(held))
    else:
        statement = sa.select(Tag).where(Tag.code.in_(kept))
    return list(session.scalars(statement.order_by(Tag.code)))


def _risk_class(session: Session, entity: Entity, moment: datetime) -> RiskClass | None:
    return session.scalar(
        sa.select(RiskClassRecord.risk_class)
        .where(RiskClassRecord.entity_id == entity.id, RiskClassRecord.recorded_at < moment)
        .order_by(RiskClassRecord.as_of.desc(), RiskClassRecord.id.desc())
        .limit(1)
    )


def list_file_changes(session: Session, entity: Entity, by_hand: list[AuditEntry]) -> list[FileChange]:
    """List what changed without a step of its own in the log, newest first: a file's one entry names only the file."""
    steps = [entry.at for entry in by_hand]
    statement = sa.select(EntityVersion).where(EntityVersion.entity_id == entity.id)
    if len(steps) >= LOGGED:  # older steps by hand are not in the list: what is older still cannot be told apart
        statement = statement.where(EntityVersion.known_until >= min(steps))
    versions = session.scalars(statement.order_by(EntityVersion.known_until.desc(), EntityVersion.id.desc()))
    found: list[FileChange] = []
    after: Entity | EntityVersion = entity
    for version in versions.fetchmany(10 * SHOWN):
        if not any(timedelta(0) <= at - version.known_until < SAME_STEP for at in steps):
            found.append(FileChange(version.known_until, _differences(version, after)))
        after = version
    return found[:SHOWN]


def _differences(
    before: Entity | EntityVersion, after: Entity | EntityVersion
) -> tuple[tuple[str, object, object], ...]:
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in KEPT)
    return tuple(one for one in pairs if one[1] != one[2])


def keep_tags(session: Session, before: Mapping[int, frozenset[str]]) -> None:
    """Keep the tags that entities had until now."""
    now = clock.now()
    rows = [{"entity_id": number, "known_until": now, "codes": sorted(codes)} for number, codes in before.items()]
    if rows:
        session.execute(sa.insert(EntityTagVersion), rows)
