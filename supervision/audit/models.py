"""Audit entries and the head of their chain. No foreign keys: an entry outlives what it speaks of."""

import json
from datetime import UTC, datetime
from typing import Any  # details are JSON of any shape

import sqlalchemy as sa
from sqlalchemy import DDL, event
from sqlalchemy.orm import Mapped, mapped_column

from supervision.audit.events import Event
from supervision.audit.rules import GENESIS, Fields
from supervision.db import Base, JsonText, UtcDateTime, enum_type
from supervision.evidence import append_only


class AuditEntry(Base):
    """审计日志: who did what to which thing, when and why (GB/T 22239 level 3, audit)."""

    __tablename__ = "audit_entries"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    event: Mapped[Event] = mapped_column(enum_type(Event, length=40), index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor_name: Mapped[str] = mapped_column(sa.String(100))
    department_code: Mapped[str] = mapped_column(sa.String(16), default="")
    request_id: Mapped[str] = mapped_column(sa.String(40), default="")
    subject_kind: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[str] = mapped_column(sa.String(80))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    details: Mapped[Any] = mapped_column(JsonText)
    previous: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64), unique=True)

    def fields(self) -> Fields:
        """Return what of this entry is hashed, as plain values."""
        return {
            "seq": self.seq,
            # one moment, one wording: the database gives it back in UTC, whatever zone it was read in
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "event": self.event.value,
            "actor_id": self.actor_id,
            "actor_name": self.actor_name,
            "department_code": self.department_code,
            "request_id": self.request_id,
            "subject_kind": self.subject_kind,
            "subject_id": self.subject_id,
            "reason": self.reason,
            "details": json.dumps(self.details, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        }

    __table_args__ = (
        sa.Index("ix_audit_entries_subject", "subject_kind", "subject_id"),
        # asked with every page of a confidential list: has this person's view of today been noted?
        sa.Index("ix_audit_entries_actor_id_subject_at", "actor_id", "subject_kind", "subject_id", "at"),
    )


class AuditHead(Base):
    """The single row that serialises writers of the chain and names its newest entry."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(sa.String(64))

    __table_args__ = (sa.CheckConstraint("id = 1", name="single"),)


append_only(AuditEntry.__table__)
# the head is there from the first moment: two first writers cannot both begin the chain
event.listen(
    AuditHead.__table__,
    "after_create",
    DDL(f"INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '{GENESIS}')"),  # type: ignore[no-untyped-call]  # noqa: S608
)
