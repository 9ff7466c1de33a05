"""Writing the register: creating and correcting entities, their status, tags, low-touch mark and risk class.

Every step leaves one audit entry with what was before and what is now; telephone numbers never enter it.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any  # values of any column

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.entities.identity import (
    CODE_TABLES,
    check_code_tables,
    check_free,
    check_look_alikes,
    checked_codes,
)
from supervision.entities.models import Entity, EntityTag, RiskClassRecord, Tag
from supervision.entities.queries import SUBJECT
from supervision.entities.rules import (
    CORRECTABLE,
    ONLY_COORDINATOR,
    STATUS_CHANGES,
    UNLOGGED,
    EntityFacts,
    EntityStatus,
    RiskClass,
    check_facts,
    check_status_change,
    month_of,
    unit_id,
)
from supervision.entities.versions import keep_tags
from supervision.errors import Conflict, Forbidden, Invalid
from supervision.permissions import Actor, Permission

TEXTS = ("address", "legal_representative", "contact_phone", "business_scope")


def create_entity(
    session: Session,
    facts: EntityFacts,
    *,
    confirm_code: bool = False,
    confirm_name: bool = False,
    actor: Actor,
) -> Entity:
    """Register an entity.

    ``confirm_code``: a person has compared a credit code whose check character fails with the licence.
    ``confirm_name``: a person has looked at the entities with a look-alike name and says that this is another one.
    Raises ``Invalid`` with code ``uscc-unconfirmed`` and ``Conflict`` with code ``look-alike-name`` until they do.
    """
    check_facts(facts, today=clock.today())
    values = checked_codes(facts, confirm_code=confirm_code)
    check_code_tables(session, facts, required=True)
    if facts.registered_on is None:
        raise Invalid("registered-missing", "Give the day of registration.", field="registered_on")
    check_free(session, values, except_id=None)
    check_look_alikes(session, facts.name, confirmed=confirm_name, except_id=None)
    entity = _new_entity(facts, values)
    session.add(entity)
    _flush(session)
    details = {
        "unit_id": entity.unit_id,
        "look_alike_confirmed": confirm_name,
        **{name: _plain(getattr(entity, name)) for name in CORRECTABLE if name not in UNLOGGED},
    }
    record(session, Event.ENTITY_CREATED, actor=actor, subject=(SUBJECT, entity.id), details=details)
    return entity


def _new_entity(facts: EntityFacts, codes: dict[str, Any]) -> Entity:
    now = clock.now()
    return Entity(
        unit_id=unit_id(codes["uscc"], codes["registration_number"]),
        name=facts.name,
        **codes,
        **{name: getattr(facts, name) for name in (*CODE_TABLES, "registered_on")},
        **{name: getattr(facts, name) or "" for name in TEXTS},
        status=EntityStatus.ACTIVE,
        status_since=facts.registered_on,
        created_at=now,
        updated_at=now,
    )


def correct_entity(
    session: Session,
    entity: Entity,
    facts: EntityFacts,
    *,
    version: int,
    reason: str,
    confirm_code: bool = False,
    confirm_name: bool = False,
    actor: Actor,
) -> frozenset[str]:
    """Correct what is recorded of an entity; return the names of the fields that changed.

    The unit id stays even when the code is corrected: draws refer to it.
    """
    _take(session, entity, version)
    check_facts(facts, today=clock.today())
    values = checked_codes(facts, confirm_code=confirm_code, before=entity)
    check_code_tables(session, facts, required=False)
    check_free(session, values, except_id=entity.id)
    if facts.name != entity.name:
        check_look_alikes(session, facts.name, confirmed=confirm_name, except_id=entity.id)
    if facts.registered_on and entity.status is EntityStatus.ACTIVE and entity.status_since == entity.registered_on:
        entity.status_since = facts.registered_on  # a registration never changed since: its status began that day
    stated = {name: getattr(facts, name) for name in CORRECTABLE if getattr(facts, name) is not None} | values
    changed = {name: (getattr(entity, name), value) for name, value in stated.items() if getattr(entity, name) != value}
    if not changed:
        return frozenset()
    for name, (_, value) in changed.items():
        setattr(entity, name, value)
    entity.updated_at = clock.now()
    _flush(session)
    details = {
        name: {"changed": True} if name in UNLOGGED else {"before": _plain(before), "after": _plain(after)}
        for name, (before, after) in changed.items()
    }
    record(session, Event.ENTITY_CORRECTED, actor=actor, subject=(SUBJECT, entity.id), reason=reason, details=details)
    return frozenset(changed)


def change_status(
    session: Session, entity: Entity, status: EntityStatus, *, since: date, reason: str, version: int, actor: Actor
) -> None:
    """Record that the entity's status changed on a day; it leaves or enters pools, its history stays (R-1.07).

    A suspension rests on no official act, so no department takes an enterprise out of a pool by it (T06).
    """
    _take(session, entity, version)
    if status not in statuses_for(entity.status, actor) and EntityStatus.SUSPENDED in {entity.status, status}:
        raise Forbidden("suspension-coordinator", ONLY_COORDINATOR)
    check_status_change(entity.status, status, since=since, last_since=entity.status_since, today=clock.today())
    _check_reason(reason)
    before = {"status": entity.status.value, "since": entity.status_since.isoformat()}
    entity.status, entity.status_since, entity.updated_at = status, since, clock.now()
    _flush(session)
    record(
        session,
        Event.ENTITY_STATUS_CHANGED,
        actor=actor,
        subject=(SUBJECT, entity.id),
        reason=reason,
        details={"before": before, "after": {"status": status.value, "since": since.isoformat()}},
    )


def statuses_for(present: EntityStatus, actor: Actor) -> frozenset[EntityStatus]:
    """Return what ``actor`` may put in the place of a status: suspensions begin and end with the coordinator."""
    if actor.may(Permission.ENTITY_WITHHOLD):
        return STATUS_CHANGES[present]
    return frozenset() if present is EntityStatus.SUSPENDED else STATUS_CHANGES[present] - {EntityStatus.SUSPENDED}


def set_tags(
    session: Session, entity: Entity, codes: Iterable[str], *, reason: str, version: int, actor: Actor
) -> None:
    """Give an entity exactly the tags ``codes``."""
    _take(session, entity, version)
    _check_reason(reason)
    wanted = set(codes)
    unknown = wanted - set(session.scalars(sa.select(Tag.code).where(Tag.code.in_(wanted))))
    if unknown:
        raise Invalid("unknown-tag", "There is no tag %(code)s.", field="tags", code=min(unknown))
    before = set(session.scalars(sa.select(EntityTag.tag_code).where(EntityTag.entity_id == entity.id)))
    if before == wanted:
        return
    keep_tags(session, {entity.id: frozenset(before)})
    session.execute(
        sa.delete(EntityTag).where(EntityTag.entity_id == entity.id, EntityTag.tag_code.in_(before - wanted))
    )
    session.add_all(EntityTag(entity_id=entity.id, tag_code=code) for code in sorted(wanted - before))
    entity.updated_at = clock.now()
    _flush(session)
    details = {"before": sorted(before), "after": sorted(wanted)}
    record(session, Event.ENTITY_TAGGED, actor=actor, subject=(SUBJECT, entity.id), reason=reason, details=details)


def set_low_touch(session: Session, entity: Entity, *, listed: bool, reason: str, version: int, actor: Actor) -> None:
    """Put an entity on the low-touch list (无感监管: no active on-site check) or take it off.

    The list takes it out of every pool: no department decides that for the enterprises it inspects itself (T06).
    """
    if not actor.may(Permission.ENTITY_WITHHOLD):
        raise Forbidden("low-touch", "The coordinator keeps the low-touch list. Send the coordinator your reason.")
    _take(session, entity, version)
    _check_reason(reason)
    if entity.low_touch == listed:
        return
    entity.low_touch, entity.updated_at = listed, clock.now()
    _flush(session)
    details = {"before": not listed, "after": listed}
    record(session, Event.LOW_TOUCH_SET, actor=actor, subject=(SUBJECT, entity.id), reason=reason, details=details)


def set_risk_class(
    session: Session, entity: Entity, risk_class: RiskClass, *, as_of: date, source: str, version: int, actor: Actor
) -> None:
    """Record the risk class of a month; the class of the newest month is the present one (R-2.02)."""
    if not (actor.may(Permission.ENTITY_EDIT) and actor.may(Permission.RISK_CLASS_VIEW)):
        raise Forbidden("risk-class", "Only department leads and the coordinator record risk classes.")
    _take(session, entity, version)
    as_of = month_of(as_of)
    if as_of > clock.today():
        raise Invalid("month-in-future", "The month lies in the future.", field="as_of")
    if not source.strip():
        raise Invalid("source-missing", "Say where the class comes from.", field="source")
    newest = session.scalar(sa.select(sa.func.max(RiskClassRecord.as_of)).where(RiskClassRecord.entity_id == entity.id))
    session.add(
        RiskClassRecord(entity_id=entity.id, risk_class=risk_class, as_of=as_of, source=source, recorded_at=clock.now())
    )
    before = entity.risk_class
    if newest is None or as_of >= newest:
        entity.risk_class, entity.updated_at = risk_class, clock.now()
    _flush(session)
    details = {
        "before": before.value if before else None,
        "after": risk_class.value,
        "as_of": as_of.isoformat(),
        "source": source,
    }
    record(session, Event.RISK_CLASS_SET, actor=actor, subject=(SUBJECT, entity.id), details=details)


# checks -----------------------------------------------------------------------------------------------------------


def _take(session: Session, entity: Entity, version: int) -> None:
    """Lock the row and refuse when somebody changed it since the page was opened."""
    session.refresh(entity, with_for_update=True)
    if entity.version != version:
        raise Conflict(
            "changed-meanwhile",
            "Somebody changed this entity while you had the page open. Look at it again, then repeat your change.",
        )


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:  # another request took the code in the same moment
        raise Conflict("code-taken", "Another entity has just been registered with this code.") from error


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid("reason-missing", "Give a reason.", field="reason")


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
