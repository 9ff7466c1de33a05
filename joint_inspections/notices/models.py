"""Issued notices, as handed over."""

from datetime import datetime
from typing import Any  # JSON, typed in rules.py

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from joint_inspections.visits.models import Visit
from supervision.db import Base, JsonText, UtcDateTime
from supervision.evidence import append_only


class Notice(Base):
    """行政检查通知书: the PDF handed to the entity, kept byte for byte (R-3.09)."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    language: Mapped[str] = mapped_column(sa.String(2), default="zh")
    # unguessable part of the address by which the entity checks the notice
    token: Mapped[str | None] = mapped_column(sa.String(32), unique=True)
    # digest of day and team: the notice holds for these and no others
    holds_for: Mapped[str] = mapped_column(sa.String(64), default="")
    digest: Mapped[str] = mapped_column(sa.String(64))
    # what the paper says, as data in both languages, for the page of its code; NULL on notices older than that page
    facts: Mapped[Any | None] = mapped_column(JsonText, deferred=True)
    pdf: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    issued_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)

    visit: Mapped[Visit] = relationship(lazy="select")


append_only(Notice.__table__)
