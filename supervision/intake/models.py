"""Uploaded register files waiting for preview and decision."""

from datetime import datetime
from typing import Any  # summaries are JSON

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, JsonText, UtcDateTime, enum_type
from supervision.intake.rules import Policy, UploadState


class Upload(Base):
    """导入文件: one file sent to one register. The file itself lies in the instance folder under its digest."""

    __tablename__ = "uploads"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(32))
    filename: Mapped[str] = mapped_column(sa.String(255))
    digest: Mapped[str] = mapped_column(sa.String(64), index=True)
    size: Mapped[int]
    state: Mapped[UploadState] = mapped_column(enum_type(UploadState))
    # all: nothing is taken unless every row is right; valid: right rows are taken, the others listed
    policy: Mapped[Policy | None] = mapped_column(enum_type(Policy, length=8))
    # the person who decided has looked at the rows with warnings, and why they are right
    warnings_confirmed: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    decisions: Mapped[int] = mapped_column(default=0)
    rows_read: Mapped[int] = mapped_column(default=0)
    rows_new: Mapped[int] = mapped_column(default=0)
    rows_changed: Mapped[int] = mapped_column(default=0)
    rows_same: Mapped[int] = mapped_column(default=0)
    rows_wrong: Mapped[int] = mapped_column(default=0)
    rows_warned: Mapped[int] = mapped_column(default=0)
    summary: Mapped[Any] = mapped_column(JsonText, nullable=True, default=None)
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("departments.id"))
    job_id: Mapped[int | None] = mapped_column(sa.ForeignKey("jobs.id"))
    created_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
