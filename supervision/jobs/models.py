"""Long work."""

from datetime import datetime
from typing import Any  # arguments and results are JSON

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, JsonText, UtcDateTime, enum_type
from supervision.jobs.rules import JobState


class Job(Base):
    """后台任务: this row is the truth about one piece of long work; whoever holds the lease carries it."""

    __tablename__ = "jobs"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    arguments: Mapped[Any] = mapped_column(JsonText)
    state: Mapped[JobState] = mapped_column(enum_type(JobState), index=True)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    # of a failed job: the message id of its refusal; places and code are in the result
    message: Mapped[str] = mapped_column(sa.Text, default="")
    result: Mapped[Any] = mapped_column(JsonText, nullable=True, default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    # names the worker's claim: one that comes back after its lease ended finds another's and writes nothing
    lease: Mapped[str] = mapped_column(sa.String(32), default="")
    created_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    heartbeat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
