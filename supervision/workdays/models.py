"""The working-day calendar as an administrator may correct it."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, enum_type
from supervision.workdays.rules import DayKind


class CalendarDay(Base):
    """工作日历: one day that differs from the plain week."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[DayKind] = mapped_column(enum_type(DayKind))
    name: Mapped[str] = mapped_column(sa.String(40), default="")
    # provisional days come from a library's forecast; the official notice replaces them
    provisional: Mapped[bool] = mapped_column(default=False)
