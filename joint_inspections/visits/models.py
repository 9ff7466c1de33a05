"""Visits and the people sent on them."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from joint_inspections.visits.rules import MemberState, RecusalDecision, VisitState
from supervision.db import Base, UtcDateTime, enum_type
from supervision.departments.models import Department
from supervision.draws.models import Draw
from supervision.entities.models import Entity
from supervision.inspectors.models import Inspector
from supervision.plans.models import PlanVersion


class Visit(Base):
    """检查: one visit of one team to one entity for all departments' items (one visit, many departments)."""

    __tablename__ = "visits"

    id: Mapped[int] = mapped_column(primary_key=True)
    # region + date + serial, given when the inspection is approved; printed on notice and record
    number: Mapped[str | None] = mapped_column(sa.String(24), unique=True)
    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("draws.id"), index=True)
    entity_id: Mapped[int] = mapped_column(sa.ForeignKey("entities.id"), index=True)
    team: Mapped[str] = mapped_column(sa.String(64))
    state: Mapped[VisitState] = mapped_column(enum_type(VisitState), index=True)
    planned_on: Mapped[date] = mapped_column(index=True)
    approved_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    visited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # visit outcome (list visit_outcomes), kept apart from results
    outcome_code: Mapped[str] = mapped_column(sa.String(32), default="")
    outcome_note: Mapped[str] = mapped_column(sa.Text, default="")
    record_due_on: Mapped[date | None]
    publish_due_on: Mapped[date | None]
    # first time the record was handed in: the clock of the record stops there
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # first publication; the draw may be opened when every visit has one or is struck
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # why an approved record is being corrected (list correction_reasons), until the correction is submitted
    correction_code: Mapped[str] = mapped_column(sa.String(32), default="")
    correction_note: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    # "select": a draw brings its task, plan and departments along, which lists do not need
    draw: Mapped[Draw] = relationship(lazy="select")
    entity: Mapped[Entity] = relationship(lazy="select")
    members: Mapped[list["VisitMember"]] = relationship(
        order_by="VisitMember.department_id, VisitMember.id", back_populates="visit", lazy="selectin"
    )

    __table_args__ = (sa.UniqueConstraint("draw_id", "entity_id"),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declarative form

    @property
    def team_now(self) -> list["VisitMember"]:
        """Everybody on the team now: whoever was replaced has left it."""
        return [member for member in self.members if member.state is not MemberState.REPLACED]

    @property
    def leader(self) -> "VisitMember | None":
        """The leader of the team, from the lead department."""
        return next((member for member in self.team_now if member.lead), None)

    @property
    def team_ready(self) -> bool:
        """Whether everybody on the team has accepted."""
        return bool(self.team_now) and all(one.state is MemberState.ACCEPTED for one in self.team_now)

    @property
    def plan_version(self) -> PlanVersion:
        """The plan version under which the entity was drawn."""
        return self.draw.task.plan_version


class VisitMember(Base):
    """An inspector on a visit, drawn by the machine."""

    __tablename__ = "visit_members"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    inspector_id: Mapped[int] = mapped_column(sa.ForeignKey("inspectors.id"), index=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"))
    lead: Mapped[bool] = mapped_column(default=False)
    state: Mapped[MemberState] = mapped_column(enum_type(MemberState))
    joined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    visit: Mapped[Visit] = relationship(back_populates="members")
    inspector: Mapped[Inspector] = relationship(lazy="joined")
    department: Mapped[Department] = relationship(lazy="joined")

    __table_args__ = (sa.UniqueConstraint("visit_id", "inspector_id"),)


class Recusal(Base):
    """回避申请 of an inspector (or asked by the entity), the head's decision and who the machine sent instead."""

    __tablename__ = "recusals"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("visit_members.id"), index=True)
    reason_code: Mapped[str] = mapped_column(sa.String(32))
    statement: Mapped[str] = mapped_column(sa.Text, default="")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None]
    decision: Mapped[RecusalDecision] = mapped_column(enum_type(RecusalDecision))
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_note: Mapped[str] = mapped_column(sa.Text, default="")
    # NULL when nobody could be drawn: the place stays unfilled
    replacement_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inspectors.id"))

    member: Mapped[VisitMember] = relationship(lazy="joined")
    replacement: Mapped[Inspector | None] = relationship(lazy="joined")
