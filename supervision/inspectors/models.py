"""Inspectors (执法检查人员名录库): certificates, qualifications, absences and declared interests."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from supervision.db import Base, UtcDateTime, enum_type
from supervision.departments.models import Department
from supervision.inspectors.rules import AbsenceKind, InspectorStatus, TieKind


class NeighborArea(Base):
    """相邻区: an area beside this district, whose inspectors may be lent to it (R-1.23)."""

    __tablename__ = "neighbor_areas"

    code: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    name_zh: Mapped[str] = mapped_column(sa.String(60))
    name_en: Mapped[str] = mapped_column(sa.String(60), default="")
    source: Mapped[str] = mapped_column(sa.String(200), default="")
    certainty: Mapped[str] = mapped_column(sa.String(16))
    effective_from: Mapped[date]
    # the last day on which it lay beside the district; open while it does
    effective_until: Mapped[date | None]


class Inspector(Base):
    """执法检查人员 with an enforcement certificate (R-1.06)."""

    __tablename__ = "inspectors"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_number: Mapped[str] = mapped_column(sa.String(20), unique=True)
    certificate_valid_until: Mapped[date] = mapped_column(index=True)
    issuing_body: Mapped[str] = mapped_column(sa.String(100), default="")
    name: Mapped[str] = mapped_column(sa.String(60))
    sort_key: Mapped[str] = mapped_column(sa.String(120), default="", index=True)
    initials: Mapped[str] = mapped_column(sa.String(20), default="")
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"), index=True)
    post: Mapped[str] = mapped_column(sa.String(60), default="")
    status: Mapped[InspectorStatus] = mapped_column(enum_type(InspectorStatus))
    # qualified for every item of the department, written * in rosters
    all_items: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # somebody of a neighboring area: in a roster only on the days and for the task of a loan
    lent_from_code: Mapped[str | None] = mapped_column(sa.ForeignKey("neighbor_areas.code"), index=True)

    department: Mapped[Department] = relationship(lazy="joined")
    lent_from: Mapped[NeighborArea | None] = relationship(lazy="select")
    qualifications: Mapped[list["Qualification"]] = relationship(
        order_by="Qualification.item_code", cascade="all, delete-orphan", lazy="selectin"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declarative form


class InspectorLoan(Base):
    """借用: the days on which somebody of a neighboring area is at hand for one task, and for that one only.

    The task, which stands above the registers, and the request that brought the person are named by their numbers.
    """

    __tablename__ = "inspector_loans"

    id: Mapped[int] = mapped_column(primary_key=True)
    inspector_id: Mapped[int] = mapped_column(sa.ForeignKey("inspectors.id"), index=True)
    task_number: Mapped[str] = mapped_column(sa.String(18), index=True)
    request_number: Mapped[str] = mapped_column(sa.String(24), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    # the day on which it was over, as agreed or before; NULL while it runs
    ended_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    inspector: Mapped[Inspector] = relationship(lazy="joined")

    __table_args__ = (
        sa.CheckConstraint("ends_on >= starts_on", name="order"),
        # lent to one task at a time: when the loan is over, it is plain that the person has gone
        sa.Index(
            "uq_inspector_loans_running",
            "inspector_id",
            unique=True,
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        ),
    )


class Qualification(Base):
    """An item an inspector is qualified for."""

    __tablename__ = "qualifications"

    inspector_id: Mapped[int] = mapped_column(sa.ForeignKey("inspectors.id"), primary_key=True)
    item_code: Mapped[str] = mapped_column(sa.String(16), primary_key=True, index=True)


class Absence(Base):
    """Days on which an inspector cannot be drawn."""

    __tablename__ = "absences"

    id: Mapped[int] = mapped_column(primary_key=True)
    inspector_id: Mapped[int] = mapped_column(sa.ForeignKey("inspectors.id"), index=True)
    kind: Mapped[AbsenceKind] = mapped_column(enum_type(AbsenceKind))
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    __table_args__ = (sa.CheckConstraint("ends_on >= starts_on", name="order"),)


class InspectorTie(Base):
    """A declared or found interest of an inspector in an entity, or in a person (then matched by name)."""

    __tablename__ = "inspector_ties"

    id: Mapped[int] = mapped_column(primary_key=True)
    inspector_id: Mapped[int] = mapped_column(sa.ForeignKey("inspectors.id"), index=True)
    entity_id: Mapped[int | None] = mapped_column(sa.ForeignKey("entities.id"), index=True)
    person_name: Mapped[str] = mapped_column(sa.String(60), default="")
    kind: Mapped[TieKind] = mapped_column(enum_type(TieKind))
    statement: Mapped[str] = mapped_column(sa.String(300), default="")
    declared_on: Mapped[date]
    withdrawn_on: Mapped[date | None]

    __table_args__ = (sa.CheckConstraint("entity_id IS NOT NULL OR person_name <> ''", name="somebody"),)


class Expert(Base):
    """专家: assists in a special field and never counts as one of the two inspectors (R-1.08).

    A register of its own: what stands here can get into no roster, however it is read.
    """

    __tablename__ = "experts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    sort_key: Mapped[str] = mapped_column(sa.String(120), default="", index=True)
    initials: Mapped[str] = mapped_column(sa.String(20), default="")
    organization: Mapped[str] = mapped_column(sa.String(100))
    title: Mapped[str] = mapped_column(sa.String(60), default="")
    fields: Mapped[str] = mapped_column(sa.String(300))
    # the department that engaged the expert and keeps the entry
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"), index=True)
    engaged_until: Mapped[date]
    status: Mapped[InspectorStatus] = mapped_column(enum_type(InspectorStatus))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    department: Mapped[Department] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declarative form
