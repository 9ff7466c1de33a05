"""What enterprises said by their codes: kept as they said it."""

from datetime import date, datetime
from typing import Any  # lists of codes are JSON

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from joint_inspections.notices.models import Notice
from joint_inspections.visits.models import Visit
from supervision.db import Base, JsonText, UtcDateTime
from supervision.evidence import append_only


class ArrivalAnswer(Base):
    """The enterprise says who stands at its door: the team of the notice, or others."""

    __tablename__ = "arrival_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("notices.id"), index=True)
    as_announced: Mapped[bool]
    # what differs: people, certificates, items
    remark: Mapped[str] = mapped_column(sa.Text, default="")
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)

    notice: Mapped[Notice] = relationship(lazy="select")


class VisitRating(Base):
    """企业评价: one rating of one visit, given once; read only in sums, and one by one by oversight (R-3.13)."""

    __tablename__ = "visit_ratings"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), unique=True)
    # the day of the visit: its quarter is where the rating counts
    visited_on: Mapped[date] = mapped_column(index=True)
    lawful: Mapped[int]
    clear: Mapped[int]
    sparing: Mapped[int]
    fair: Mapped[int]
    # codes of what inspectors must not do
    breaches: Mapped[Any] = mapped_column(JsonText)
    comment: Mapped[str] = mapped_column(sa.Text, default="")
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)

    visit: Mapped[Visit] = relationship(lazy="select")

    __table_args__ = tuple(
        sa.CheckConstraint(f"{name} BETWEEN 1 AND 5", name=f"{name}_mark")
        for name in ("lawful", "clear", "sparing", "fair")
    )


class ResultReply(Base):
    """What the enterprise answers to the result; the department reads it, and answers in its own procedure."""

    __tablename__ = "result_replies"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    signed_by: Mapped[str] = mapped_column(sa.String(80))
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)

    visit: Mapped[Visit] = relationship(lazy="select")


for _table in (ArrivalAnswer, VisitRating, ResultReply):
    append_only(_table.__table__)
