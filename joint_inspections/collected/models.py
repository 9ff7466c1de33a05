"""Collected inspection records."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from supervision.db import Base, UtcDateTime
from supervision.departments.models import Department
from supervision.entities.models import Entity
from supervision.evidence import append_only
from supervision.items.models import ResultCode


class CollectedInspection(Base):
    """归集的检查记录: a department's check of an entity as its own system reported it, with its source."""

    __tablename__ = "collected_inspections"

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(sa.ForeignKey("entities.id"), index=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"), index=True)
    # number in the department's system; with the department it names the record for ever
    document_number: Mapped[str] = mapped_column(sa.String(64))
    item_code: Mapped[str] = mapped_column(sa.String(16))
    item_name: Mapped[str] = mapped_column(sa.String(200))
    inspected_on: Mapped[date] = mapped_column(index=True)
    result_code: Mapped[str] = mapped_column(sa.ForeignKey("result_codes.code"))
    drawn: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(sa.String(100))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    entity: Mapped[Entity] = relationship(lazy="select")
    department: Mapped[Department] = relationship(lazy="joined")
    result: Mapped[ResultCode] = relationship(lazy="joined")

    __table_args__ = (sa.UniqueConstraint("department_id", "document_number"),)


append_only(CollectedInspection.__table__)
