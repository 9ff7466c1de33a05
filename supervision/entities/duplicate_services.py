"""Deciding about two entries that look like one enterprise: both stay, whatever is decided."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.entities.duplicates import Pair, find_decision, may_decide
from supervision.entities.models import DuplicateDecision, Entity
from supervision.entities.queries import SUBJECT
from supervision.entities.rules import STATUS_CHANGES, DuplicateVerdict, EntityStatus
from supervision.errors import Conflict, Forbidden, Invalid
from supervision.permissions import Actor


def decide(
    session: Session, pair: Pair, verdict: DuplicateVerdict, *, kept: Entity | None = None, reason: str, actor: Actor
) -> DuplicateDecision:
    """Say that two entries are different, or the same: then ``kept`` goes on and the other is suspended.

    A decision may be taken anew; the log keeps each. Nothing is merged and nothing disappears.
    """
    if not may_decide(actor):
        raise Forbidden("duplicates-coordinator", "Only the district coordinator decides about duplicate entries.")
    if not reason:
        raise Invalid("no-reason", "Give a reason.", field="reason")
    if (verdict is DuplicateVerdict.SAME) != (kept is not None):
        raise Invalid("kept-missing", "Choose which of the two entries goes on.", field="kept")
    ids = [pair.first.id, pair.second.id]
    for entity in session.scalars(sa.select(Entity).where(Entity.id.in_(ids)).order_by(Entity.id).with_for_update()):
        session.refresh(entity)
    suspended = (pair.second if kept is pair.first else pair.first) if kept else None
    before = suspended.status if suspended else None
    if kept and suspended:
        _suspend(suspended, kept)
    decision = find_decision(session, *ids) or DuplicateDecision(first_id=ids[0], second_id=ids[1])
    decision.verdict, decision.reason, decision.decided_by = verdict, reason, actor.name
    decision.kept_id, decision.decided_at = kept.id if kept else None, clock.now()
    session.add(decision)
    _flush(session)
    _record(session, pair, decision, suspended=suspended, before=before, actor=actor)
    return decision


def _record(
    session: Session,
    pair: Pair,
    decision: DuplicateDecision,
    *,
    suspended: Entity | None,
    before: EntityStatus | None,
    actor: Actor,
) -> None:
    details = {
        "first": pair.first.unit_id,
        "second": pair.second.unit_id,
        "verdict": decision.verdict,
        "suspended": suspended.unit_id if suspended else "",
        "status_before": before or "",
    }
    subject = (SUBJECT, (suspended or pair.second).id)
    record(session, Event.DUPLICATE_DECIDED, actor=actor, subject=subject, reason=decision.reason, details=details)


def _suspend(suspended: Entity, kept: Entity) -> None:
    if kept.status is not EntityStatus.ACTIVE:
        raise Conflict("kept-not-active", "The entry that goes on must be in operation. Choose the other one.")
    if suspended.status is EntityStatus.SUSPENDED:
        return
    if EntityStatus.SUSPENDED not in STATUS_CHANGES[suspended.status]:
        raise Conflict("not-to-suspend", "The other entry is no longer active, so nothing has to be suspended.")
    suspended.status, suspended.status_since = EntityStatus.SUSPENDED, clock.today()
    suspended.updated_at = clock.now()


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:  # two people decided the same pair in one moment
        raise Conflict("decided-meanwhile", "Somebody decided about these two entries meanwhile.") from error
