"""The versioned measure list and the measures drawn from it."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from punishments.credit_lists.models import Listing
from punishments.measures.rules import MeasureState
from supervision.db import Base, JsonText, UtcDateTime, enum_type
from supervision.departments.models import Department


class MeasureDefinition(Base):
    """失信惩戒措施清单: one measure as one edition of the list has it."""

    __tablename__ = "measure_definitions"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition: Mapped[str] = mapped_column(sa.String(40))
    code: Mapped[str] = mapped_column(sa.String(16))
    name_zh: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(300), default="")
    category_no: Mapped[int]
    category_zh: Mapped[str] = mapped_column(sa.String(60))
    implementing_type: Mapped[str] = mapped_column(sa.String(200))
    legal_basis: Mapped[str] = mapped_column(sa.Text)
    triggers: Mapped[list[str]] = mapped_column(JsonText)
    reduces_rights: Mapped[bool]
    target: Mapped[str] = mapped_column(sa.String(20))
    effective_from: Mapped[date]
    effective_until: Mapped[date | None]

    __table_args__ = (sa.UniqueConstraint("edition", "code"),)


class Measure(Base):
    """联合惩戒措施: one measure asked of one implementing department because of one listing in force."""

    __tablename__ = "measures"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id"), index=True)
    definition_id: Mapped[int] = mapped_column(sa.ForeignKey("measure_definitions.id"))
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"), index=True)
    state: Mapped[MeasureState] = mapped_column(enum_type(MeasureState), index=True)
    # set when the listing begins: until then the measure is only proposed
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_due_on: Mapped[date | None] = mapped_column(index=True)
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_reason: Mapped[str] = mapped_column(sa.Text, default="")
    applied_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    lifted_on: Mapped[date | None]

    listing: Mapped[Listing] = relationship(lazy="joined")
    definition: Mapped[MeasureDefinition] = relationship(lazy="joined")
    department: Mapped[Department] = relationship(lazy="joined")

    __table_args__ = (sa.UniqueConstraint("listing_id", "definition_id", "department_id"),)
