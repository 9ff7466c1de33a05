"""The working-day calendar as an administrator may correct it, and what it was before."""

from datetime import date, datetime
from typing import Any  # days are JSON

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, JsonText, UtcDateTime, enum_type
from supervision.evidence import append_only
from supervision.workdays.rules import DayKind


class CalendarDay(Base):
    """工作日历: one day that differs from the plain week."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[DayKind] = mapped_column(enum_type(DayKind))
    name: Mapped[str] = mapped_column(sa.String(40), default="")
    # provisional days come from a library's forecast; the official notice replaces them
    provisional: Mapped[bool] = mapped_column(default=False)


class CalendarEdition(Base):
    """历年版本: the days of a year as they were from a moment on; the newest edition is what counts now."""

    __tablename__ = "calendar_editions"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    edition_no: Mapped[int]
    # [[day, kind, name], …]
    days: Mapped[Any] = mapped_column(JsonText)
    announced: Mapped[bool]
    reason: Mapped[str] = mapped_column(sa.Text)
    # deadlines it moved, and those it left because a party would have lost time
    moved: Mapped[int] = mapped_column(default=0)
    kept: Mapped[int] = mapped_column(default=0)
    # who, as the audit log names them: this room lies below the accounts
    made_by: Mapped[str] = mapped_column(sa.String(100))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (sa.UniqueConstraint("year", "edition_no"),)


append_only(CalendarEdition.__table__)
