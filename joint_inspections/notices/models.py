"""Issued notices, as handed over."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, UtcDateTime
from supervision.evidence import append_only


class Notice(Base):
    """行政检查通知书: the PDF handed to the entity, kept byte for byte (R-3.09)."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    language: Mapped[str] = mapped_column(sa.String(2), default="zh")
    digest: Mapped[str] = mapped_column(sa.String(64))
    pdf: Mapped[bytes] = mapped_column(sa.LargeBinary)
    issued_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)


append_only(Notice.__table__)
