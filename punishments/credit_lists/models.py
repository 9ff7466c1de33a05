"""Listing decisions."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from punishments.credit_lists.rules import CreditList, ListingState
from punishments.penalties.models import Penalty
from supervision.db import Base, UtcDateTime, enum_type


class Listing(Base):
    """列入决定: an entity put on a list because of a penalty in force, for a computed term."""

    __tablename__ = "listings"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    penalty_id: Mapped[int] = mapped_column(sa.ForeignKey("penalties.id"), index=True)
    credit_list: Mapped[CreditList] = mapped_column(enum_type(CreditList))
    state: Mapped[ListingState] = mapped_column(enum_type(ListingState), index=True)
    grounds: Mapped[str] = mapped_column(sa.Text)
    legal_basis: Mapped[str] = mapped_column(sa.Text)
    # the party was told and could defend itself; what it said
    noticed_on: Mapped[date | None]
    statement: Mapped[str] = mapped_column(sa.Text, default="")
    proposed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_note: Mapped[str] = mapped_column(sa.Text, default="")
    # document by which the level above agreed, where that is required
    superior_approval: Mapped[str] = mapped_column(sa.String(128), default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None] = mapped_column(index=True)
    earliest_removal_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(sa.Text, default="")

    penalty: Mapped[Penalty] = relationship(lazy="joined")

    __table_args__ = (
        # one living listing for one penalty and list
        sa.Index(
            "uq_listings_penalty_alive",
            "penalty_id",
            "credit_list",
            unique=True,
            sqlite_where=sa.text("state IN ('proposed', 'in_force')"),
            postgresql_where=sa.text("state IN ('proposed', 'in_force')"),
        ),
    )
