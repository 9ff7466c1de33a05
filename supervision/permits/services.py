"""Keeping permits: recorded, corrected and ended by the lead of the authority that decided."""

from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.entities.models import Entity
from supervision.errors import Conflict, Forbidden, Invalid
from supervision.permissions import Actor, Permission
from supervision.permits.models import Permit
from supervision.permits.queries import find_by_document, may_edit
from supervision.permits.rules import PermitContent, PermitState, check_content, check_end


def record_permit(session: Session, entity: Entity, content: PermitContent, *, actor: Actor) -> Permit:
    """Record a permit that the actor's own department has granted to ``entity``."""
    if not actor.may(Permission.PERMIT_EDIT) or actor.department_id is None:
        raise Forbidden("permit-of-another", "Only a lead of the deciding department records its permits.")
    check_content(content, today=clock.today())
    _refuse_taken(session, actor.department_id, content.document_number)
    permit = Permit(
        entity_id=entity.id,
        entity=entity,
        department_id=actor.department_id,
        state=PermitState.VALID,
        recorded_at=clock.now(),
        **{name: getattr(content, name) for name in PermitContent.__slots__},
    )
    session.add(permit)
    session.flush()
    details = {"entity": entity.unit_id, **_plain(content)}
    record(session, Event.PERMIT_RECORDED, actor=actor, subject=("permit", permit.id), details=details)
    return permit


def correct(
    session: Session, permit: Permit, content: PermitContent, *, version: int, reason: str, actor: Actor
) -> None:
    """Correct what is recorded; ``version`` is the state the person saw."""
    _lock(session, permit, version=version, actor=actor)
    _need(reason)
    check_content(content, today=clock.today())
    if content.document_number != permit.document_number:
        _refuse_taken(session, permit.department_id, content.document_number)
    before, after = _plain(permit.facts()), _plain(content)
    for name in PermitContent.__slots__:
        setattr(permit, name, getattr(content, name))
    session.flush()
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    record(session, Event.PERMIT_CORRECTED, actor=actor, subject=("permit", permit.id), reason=reason, details=changes)


def expire(session: Session, permit: Permit, *, version: int, reason: str, actor: Actor) -> None:
    """End a permit before its last day: revoked, withdrawn, given back. It stays on record (R-4.04)."""
    _lock(session, permit, version=version, actor=actor)
    _need(reason)
    check_end(permit.state)
    permit.state = PermitState.INVALID
    session.flush()
    record(session, Event.PERMIT_ENDED, actor=actor, subject=("permit", permit.id), reason=reason)


def _lock(session: Session, permit: Permit, *, version: int, actor: Actor) -> None:
    if not may_edit(actor, permit):
        raise Forbidden("permit-of-another", "Only a lead of the deciding department keeps this permit.")
    session.refresh(permit, ["version", "state"], with_for_update=True)
    if permit.version != version:
        raise Conflict(
            "permit-changed", "Somebody changed this permit meanwhile. Look at it again, then repeat your change."
        )


def _refuse_taken(session: Session, department_id: int, document_number: str) -> None:
    if find_by_document(session, department_id, document_number) is not None:
        raise Invalid(
            "document-taken", "Your department has a permit with this document number.", field="document_number"
        )


def _need(reason: str) -> None:
    if not reason:
        raise Invalid("no-reason", "Give a reason.", field="reason")


def _plain(content: PermitContent) -> dict[str, str]:
    return {name: str(getattr(content, name) or "") for name in PermitContent.__slots__}
