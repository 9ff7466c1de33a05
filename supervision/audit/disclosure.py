"""Who saw or took away what is not public: the enterprises still to be inspected, and registers with personal data.

A leak of the drawn list warns the enterprise (threat T13 of the security sheet); these entries say who knew. Views are
noted once per person, list and day, exports each time. No entry repeats personal data: of a search only that there
was one.
"""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import DisclosedList, Event
from supervision.audit.models import AuditEntry, AuditHead
from supervision.audit.services import record
from supervision.permissions import Actor


def is_noted(session: Session, *, actor: Actor, what: DisclosedList, subject: object = "") -> bool:
    """Say whether this person's view of this list is on record for today."""
    statement = sa.select(AuditEntry.seq).where(
        AuditEntry.event == Event.LIST_VIEWED,
        AuditEntry.actor_id == actor.user_id,
        AuditEntry.subject_kind == what.value,
        AuditEntry.subject_id == str(subject),
        AuditEntry.at >= clock.begin_of(clock.today()),
    )
    return session.scalar(statement.limit(1)) is not None


def record_view(session: Session, *, actor: Actor, what: DisclosedList, subject: object = "", count: int) -> bool:
    """Note that ``actor`` sees ``count`` rows of ``what`` (of the thing with the id ``subject``); False if noted today.

    The head of the chain is held before looking: two pages opened at the same moment leave one entry.
    """
    session.get_one(AuditHead, 1, with_for_update=True, populate_existing=True)
    if is_noted(session, actor=actor, what=what, subject=subject):
        return False
    record(session, Event.LIST_VIEWED, actor=actor, subject=(what.value, subject), details={"rows": count})
    return True


def record_export(
    session: Session,
    *,
    actor: Actor,
    what: DisclosedList,
    subject: object = "",
    filters: Mapping[str, str],
    searched: bool = False,
    rows: int,
    digest: str,
) -> AuditEntry:
    """Note one exported file by its SHA-256; ``filters`` are codes only, never what was typed into the search."""
    details = {"filters": dict(filters), "searched": searched, "rows": rows, "sha256": digest}
    return record(session, Event.LIST_EXPORTED, actor=actor, subject=(what.value, subject), details=details)
