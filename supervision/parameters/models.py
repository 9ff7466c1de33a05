"""Law in data: every ratio, cap and deadline with its source and the day from which it holds."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, enum_type
from supervision.parameters.rules import Certainty


class Parameter(Base):
    """参数: one value of one rule from one day on; a change is a new row, never an update."""

    __tablename__ = "parameters"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(64))
    value: Mapped[str] = mapped_column(sa.String(64))
    unit: Mapped[str] = mapped_column(sa.String(32), default="")
    name_zh: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200), default="")
    source: Mapped[str] = mapped_column(sa.String(300), default="")
    certainty: Mapped[Certainty] = mapped_column(enum_type(Certainty))
    effective_from: Mapped[date]
    note: Mapped[str] = mapped_column(sa.Text, default="")

    __table_args__ = (sa.UniqueConstraint("code", "effective_from"),)


class Reason(Base):
    """原因代码: a coded ground of one list (exclusion, void, recusal, strike, replacement, outcome, return …)."""

    __tablename__ = "reasons"

    id: Mapped[int] = mapped_column(primary_key=True)
    list_code: Mapped[str] = mapped_column(sa.String(32))
    code: Mapped[str] = mapped_column(sa.String(32))
    position: Mapped[int] = mapped_column(default=0)
    name_zh: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str] = mapped_column(sa.String(160), default="")
    description_zh: Mapped[str] = mapped_column(sa.Text, default="")
    description_en: Mapped[str] = mapped_column(sa.Text, default="")
    source: Mapped[str] = mapped_column(sa.String(300), default="")
    certainty: Mapped[Certainty] = mapped_column(enum_type(Certainty))

    __table_args__ = (sa.UniqueConstraint("list_code", "code"),)
