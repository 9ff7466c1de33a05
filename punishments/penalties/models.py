"""Penalties gathered under each entity (行政处罚)."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from punishments.penalties.rules import PenaltyState, Procedure, Severity
from supervision.db import Base, JsonText, UtcDateTime, enum_type
from supervision.departments.models import Department
from supervision.entities.models import Entity


class Penalty(Base):
    """行政处罚: one decision; field names of the 2018 standard beside each column."""

    __tablename__ = "penalties"

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(sa.ForeignKey("entities.id"), index=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"), index=True)  # CF_CFJG
    document_number: Mapped[str] = mapped_column(sa.String(128))  # CF_WSH
    violation_type: Mapped[str] = mapped_column(sa.String(200))  # CF_WFXW
    facts: Mapped[str] = mapped_column(sa.Text)  # CF_SY
    legal_basis: Mapped[str] = mapped_column(sa.Text)  # CF_YJ
    kinds: Mapped[list[str]] = mapped_column(JsonText)  # CF_CFLB, codes of penalty_kinds
    content: Mapped[str] = mapped_column(sa.Text)  # CF_NR
    fine_fen: Mapped[int] = mapped_column(sa.BigInteger, default=0)  # CF_NR_FK, there in 10,000 yuan
    confiscated_fen: Mapped[int] = mapped_column(sa.BigInteger, default=0)  # CF_NR_WFFF
    procedure: Mapped[Procedure] = mapped_column(enum_type(Procedure))
    severity: Mapped[Severity] = mapped_column(enum_type(Severity), index=True)
    # food, drugs, special equipment, work safety or fire: a longer shortest period under Order 58
    safety_field: Mapped[bool] = mapped_column(default=False)
    decided_on: Mapped[date] = mapped_column(index=True)  # CF_JDRQ
    # publicity period, with the regime that set it; NULL start means never published
    public_from: Mapped[date | None] = mapped_column(index=True)
    public_until: Mapped[date | None] = mapped_column(index=True)  # CF_GSJZQ
    earliest_repair_on: Mapped[date | None]
    regime: Mapped[str] = mapped_column(sa.String(100), default="")
    state: Mapped[PenaltyState] = mapped_column(enum_type(PenaltyState))
    revoked_on: Mapped[date | None]
    revoke_reason: Mapped[str] = mapped_column(sa.Text, default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))

    entity: Mapped[Entity] = relationship(lazy="joined")
    department: Mapped[Department] = relationship(lazy="joined")

    __table_args__ = (sa.UniqueConstraint("department_id", "document_number"),)
