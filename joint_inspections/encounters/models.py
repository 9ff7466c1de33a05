"""What oversight lets pass, and offers to go together."""

from datetime import date, datetime
from typing import Any  # sums are JSON, typed in rules.py

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from joint_inspections.encounters.rules import Ground, OfferState
from joint_inspections.visits.models import Visit
from supervision.accounts.models import User
from supervision.db import Base, JsonText, UtcDateTime, enum_type
from supervision.evidence import append_only
from supervision.inspectors.models import Inspector


class EncounterOverride(Base):
    """Enforcement oversight lets a visit go ahead although the enterprise is visited often, or an officer returns.

    It holds for the sums (or the number of fruitless checks) and the day it was given for, and no more.
    """

    __tablename__ = "encounter_overrides"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    ground: Mapped[Ground] = mapped_column(enum_type(Ground))
    # whom it is about; NULL where visits are too frequent
    inspector_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inspectors.id"))
    planned_on: Mapped[date]
    # [{"period": …, "counted": …, "allowed": …}, …], or the one sum of fruitless checks
    sums: Mapped[Any] = mapped_column(JsonText)
    reason_code: Mapped[str] = mapped_column(sa.String(32))
    note: Mapped[str] = mapped_column(sa.Text)
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)

    visit: Mapped[Visit] = relationship(lazy="select")
    inspector: Mapped[Inspector | None] = relationship(lazy="select")
    decider: Mapped[User | None] = relationship(lazy="select")


append_only(EncounterOverride.__table__)


class JointOffer(Base):
    """撮合: the lead of one visit offers the lead of another to the same entity to go through one door together."""

    __tablename__ = "joint_offers"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    other_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    # the two numbers in order while the offer is open, so that two leads cannot offer each other at once
    pair: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    state: Mapped[OfferState] = mapped_column(enum_type(OfferState), index=True)
    planned_on: Mapped[date]
    text: Mapped[str] = mapped_column(sa.Text, default="")
    offered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_text: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    visit: Mapped[Visit] = relationship(foreign_keys=[visit_id], lazy="select")
    other: Mapped[Visit] = relationship(foreign_keys=[other_id], lazy="select")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declarative form
