"""Permits gathered under each entity (行政许可)."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from supervision.db import Base, UtcDateTime, enum_type
from supervision.departments.models import Department
from supervision.entities.models import Entity
from supervision.permits.rules import PermitContent, PermitKind, PermitState


class Permit(Base):
    """行政许可: one decision to permit; field names of the 2018 standard beside each column."""

    __tablename__ = "permits"

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(sa.ForeignKey("entities.id"), index=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"), index=True)  # XK_XKJG
    document_name: Mapped[str] = mapped_column(sa.String(200), default="")  # XK_XKWS
    document_number: Mapped[str] = mapped_column(sa.String(128))  # XK_WSH
    certificate_name: Mapped[str] = mapped_column(sa.String(200))  # XK_XKZS
    permit_number: Mapped[str] = mapped_column(sa.String(128), index=True)  # XK_XKBH
    kind: Mapped[PermitKind] = mapped_column(enum_type(PermitKind))  # XK_XKLB
    content: Mapped[str] = mapped_column(sa.Text, default="")  # XK_NR
    decided_on: Mapped[date]  # XK_JDRQ
    valid_from: Mapped[date]  # XK_YXQZ
    valid_until: Mapped[date | None]  # XK_YXQZI; NULL for no end
    state: Mapped[PermitState] = mapped_column(enum_type(PermitState))  # XK_ZT
    version: Mapped[int] = mapped_column(default=1)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    department: Mapped[Department] = relationship(lazy="joined")
    entity: Mapped[Entity] = relationship(lazy="raise")

    __table_args__ = (sa.UniqueConstraint("department_id", "document_number"),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declarative form

    def facts(self) -> PermitContent:
        """Return what the decision says."""
        return PermitContent(**{name: getattr(self, name) for name in PermitContent.__slots__})
