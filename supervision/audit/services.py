"""Writing the log: one call per operation, in the operation's own transaction."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry, AuditHead
from supervision.audit.queries import chain_key
from supervision.audit.rules import entry_hash
from supervision.permissions import Actor


def record(
    session: Session,
    event: Event,
    *,
    actor: Actor,
    subject: tuple[str, object],
    reason: str = "",
    details: Mapping[str, object] | None = None,
) -> AuditEntry:
    """Append one entry. ``subject`` is (kind, id); ``details`` hold before and after, never passwords or ID numbers."""
    head = session.get_one(AuditHead, 1, with_for_update=True, populate_existing=True)
    entry = AuditEntry(
        seq=head.seq + 1,
        at=clock.now(),
        event=event,
        actor_id=actor.user_id,
        actor_name=actor.name,
        department_code=actor.department_code,
        request_id=actor.request_id,
        subject_kind=subject[0],
        subject_id=str(subject[1]),
        reason=reason,
        details=dict(details or {}),
        previous=head.hash,
    )
    entry.hash = entry_hash(entry.fields(), previous=head.hash, key=chain_key(session))
    head.seq, head.hash = entry.seq, entry.hash
    session.add(entry)
    session.flush()
    return entry
