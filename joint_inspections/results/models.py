"""What the public may read of a finished inspection: a part for each department, released by that department."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from joint_inspections.visits.models import Visit
from supervision.db import Base, UtcDateTime
from supervision.departments.models import Department
from supervision.evidence import append_only


class PublishedPart(Base):
    """公示: what one department released of an approved record, as an allow-listed snapshot (R-1.39, R-1.43).

    Corrections add versions; nothing is replaced. ``version_no`` is that of the record the part was taken from.
    """

    __tablename__ = "published_parts"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"), index=True)
    entity_id: Mapped[int] = mapped_column(sa.ForeignKey("entities.id"), index=True)
    # NULL where the inspection was ordered
    draw_id: Mapped[int | None] = mapped_column(sa.ForeignKey("draws.id"), index=True)
    version_no: Mapped[int]
    number: Mapped[str] = mapped_column(sa.String(24), index=True)
    # name and code on the day of release: the register may change later
    entity_name: Mapped[str] = mapped_column(sa.String(200))
    unit_id: Mapped[str] = mapped_column(sa.String(40), index=True)
    visited_on: Mapped[date] = mapped_column(index=True)
    has_problem: Mapped[bool]
    content: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(sa.String(64))
    published_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    visit: Mapped[Visit] = relationship(lazy="select")
    department: Mapped[Department] = relationship(lazy="joined")
    withdrawal: Mapped["PartWithdrawal | None"] = relationship(lazy="joined", viewonly=True, uselist=False)

    __table_args__ = (sa.UniqueConstraint("visit_id", "department_id", "version_no"),)


class PartWithdrawal(Base):
    """撤回: a released part taken back; the fact, day and reason stay visible (R-1.41)."""

    __tablename__ = "part_withdrawals"

    part_id: Mapped[int] = mapped_column(sa.ForeignKey("published_parts.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(sa.Text)
    withdrawn_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PartDelay(Base):
    """未按期公示的原因: why a department has not released its part within the period (R-1.38, R-1.44).

    It explains and is counted; the duty to publish and the deadline stay as they are. The newest one counts.
    """

    __tablename__ = "part_delays"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"))
    # list unpublished_reasons
    reason_code: Mapped[str] = mapped_column(sa.String(32))
    note: Mapped[str] = mapped_column(sa.Text)
    recorded_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Publication(Base):
    """A result published whole, for all departments at once, as was done before each released its own part.

    Evidence of what the public read then: its rows were carried over as parts, nothing is added.
    """

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

    __table_args__ = (sa.UniqueConstraint("visit_id", "version_no"),)


class Withdrawal(Base):
    """The withdrawal of a result published whole; carried over to its parts."""

    __tablename__ = "withdrawals"

    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publications.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(sa.Text)
    withdrawn_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime] = mapped_column(UtcDateTime)


for _table in (PublishedPart, PartWithdrawal, PartDelay, Publication, Withdrawal):
    append_only(_table.__table__)
