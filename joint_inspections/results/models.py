"""What the public may read of a finished inspection."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from joint_inspections.visits.models import Visit
from supervision.db import Base, UtcDateTime
from supervision.evidence import append_only


class Publication(Base):
    """公示: an allow-listed snapshot of an approved record (R-1.39). Corrections add versions; nothing is replaced."""

    __tablename__ = "publications"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    entity_id: Mapped[int] = mapped_column(sa.ForeignKey("entities.id"), index=True)
    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("draws.id"), index=True)
    version_no: Mapped[int]
    number: Mapped[str] = mapped_column(sa.String(24), index=True)
    entity_name: Mapped[str] = mapped_column(sa.String(200))
    visited_on: Mapped[date] = mapped_column(index=True)
    has_problem: Mapped[bool]
    content: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(sa.String(64))
    published_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    visit: Mapped[Visit] = relationship(lazy="select")
    withdrawal: Mapped["Withdrawal | None"] = relationship(lazy="joined", viewonly=True, uselist=False)

    __table_args__ = (sa.UniqueConstraint("visit_id", "version_no"),)


class Withdrawal(Base):
    """撤回: a publication taken back; the fact, day and reason stay visible (R-1.41)."""

    __tablename__ = "withdrawals"

    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publications.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(sa.Text)
    withdrawn_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime] = mapped_column(UtcDateTime)


append_only(Publication.__table__)
append_only(Withdrawal.__table__)
