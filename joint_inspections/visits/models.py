"""Visits and the people sent on them."""

from datetime import date, datetime
from typing import Any  # sums are JSON, typed in rules.py

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from joint_inspections.visits.rules import BEGUN, MemberState, RecusalDecision, VisitKind, VisitState
from supervision.accounts.models import User
from supervision.db import Base, JsonText, UtcDateTime, enum_type
from supervision.departments.models import Department
from supervision.draws.models import Draw
from supervision.entities.models import Entity
from supervision.evidence import append_only
from supervision.inspectors.models import Inspector
from supervision.inspectors.rules import InspectorStatus
from supervision.plans.models import PlanVersion, Task


class Visit(Base):
    """检查: one visit of one team to one entity for all departments' items (one visit, many departments)."""

    __tablename__ = "visits"

    id: Mapped[int] = mapped_column(primary_key=True)
    # region + date + serial, given when the inspection is approved; printed on notice and record
    number: Mapped[str | None] = mapped_column(sa.String(24), unique=True)
    # what it is inspected for: every visit has one, although rows older than the column let the database not insist
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id"), index=True, nullable=True)
    # NULL where the inspection was ordered: a complaint, a referral, an order to correct, a second look
    draw_id: Mapped[int | None] = mapped_column(sa.ForeignKey("draws.id"), index=True)
    kind: Mapped[VisitKind] = mapped_column(
        enum_type(VisitKind), default=VisitKind.RANDOM, server_default=VisitKind.RANDOM.value
    )
    entity_id: Mapped[int] = mapped_column(sa.ForeignKey("entities.id"), index=True)
    team: Mapped[str] = mapped_column(sa.String(64))
    state: Mapped[VisitState] = mapped_column(enum_type(VisitState), index=True)
    planned_on: Mapped[date] = mapped_column(index=True)
    # the approval that completed the others, and when: from then on a notice can be issued
    approved_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # when an urgent inspection was reported to the head: it may then begin, approval and papers follow
    reported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    visited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # visit outcome (list visit_outcomes), kept apart from results
    outcome_code: Mapped[str] = mapped_column(sa.String(32), default="")
    outcome_note: Mapped[str] = mapped_column(sa.Text, default="")
    record_due_on: Mapped[date | None]
    publish_due_on: Mapped[date | None]
    # first time the record was handed in: the clock of the record stops there
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # first publication; the draw may be opened when every visit has one, or its late departments said why, or it ended
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # why an approved record is being corrected (list correction_reasons), until the correction is submitted
    correction_code: Mapped[str] = mapped_column(sa.String(32), default="")
    correction_note: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    # "select": a task and a draw bring plan and departments along, which lists do not need
    task: Mapped[Task] = relationship(lazy="select")
    draw: Mapped[Draw | None] = relationship(lazy="select")
    entity: Mapped[Entity] = relationship(lazy="select")
    members: Mapped[list["VisitMember"]] = relationship(
        order_by="VisitMember.department_id, VisitMember.id", back_populates="visit", lazy="selectin"
    )
    approvals: Mapped[list["VisitApproval"]] = relationship(
        order_by="VisitApproval.id", back_populates="visit", lazy="select"
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
    def certified_now(self) -> list[tuple[str, date]]:
        """Department and end of the certificate of everybody on the team who is on duty (R-1.21)."""
        on_duty = [one for one in self.team_now if one.inspector.status is InspectorStatus.ACTIVE]
        return [(one.department.code, one.inspector.certificate_valid_until) for one in on_duty]

    @property
    def team_ready(self) -> bool:
        """Whether everybody on the team has accepted."""
        return bool(self.team_now) and all(one.state is MemberState.ACCEPTED for one in self.team_now)

    @property
    def begun_urgently(self) -> bool:
        """Whether the team of an urgent inspection was at the door; its approvals may follow in writing (R-3.11)."""
        return self.reported_at is not None and self.visited_at is not None and self.state in BEGUN

    @property
    def plan_version(self) -> PlanVersion:
        """The plan version whose departments and items the visit has."""
        return self.task.plan_version

    @property
    def source_number(self) -> str:
        """The number of the draw, or of the order: what lists and papers name as the visit's source."""
        return self.draw.number if self.draw is not None else self.task.number

    def inspectors_of(self, department_id: int) -> str:
        """Name the inspectors whom a department sends now, by their ids: its approval is given for these."""
        sent = sorted(one.inspector_id for one in self.team_now if one.department_id == department_id)
        return " ".join(map(str, sent))

    @property
    def approved_departments(self) -> dict[int, "VisitApproval"]:
        """The approvals that stand, by department: each for the inspectors whom that department sends now."""
        return {
            one.department_id: one for one in self.approvals if one.inspectors == self.inspectors_of(one.department_id)
        }

    @property
    def departments_to_approve(self) -> list[Department]:
        """The participating departments whose head has yet to approve, the lead first."""
        done = self.approved_departments
        bodies = sorted(self.plan_version.participants, key=lambda one: (not one.is_lead, one.position))
        return [one.department for one in bodies if one.department_id not in done]


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


class VisitApproval(Base):
    """检查审批: the head of one participating body approves one inspection by its own inspectors (R-3.08).

    It holds for the inspectors it was given for and no others: whoever is replaced, that body approves anew.
    """

    __tablename__ = "visit_approvals"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"))
    # ids of the department's inspectors on the team, in order
    inspectors: Mapped[str] = mapped_column(sa.String(200))
    # NULL only where nobody was noted when the platform began to keep approvals by body
    approved_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(sa.Text, default="")

    visit: Mapped[Visit] = relationship(back_populates="approvals", lazy="select")
    department: Mapped[Department] = relationship(lazy="joined")
    approver: Mapped[User | None] = relationship(lazy="select")

    __table_args__ = (sa.UniqueConstraint("visit_id", "department_id", "inspectors"),)


append_only(VisitApproval.__table__)


class CapOverride(Base):
    """Enforcement oversight lets an inspection go ahead beyond the yearly cap, for a coded reason (R-1.19).

    It holds for the number of inspections it was given for: one more in the meantime needs another decision.
    """

    __tablename__ = "cap_overrides"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    year: Mapped[int]
    # random inspections of the entity in that year over all departments, without this one
    counted: Mapped[int]
    # every sum as it stood: [{"item": code or "", "counted": …, "allowed": …}, …]
    sums: Mapped[Any] = mapped_column(JsonText)
    reason_code: Mapped[str] = mapped_column(sa.String(32))
    note: Mapped[str] = mapped_column(sa.Text)
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)

    decider: Mapped[User | None] = relationship(lazy="select")

    __table_args__ = (sa.UniqueConstraint("visit_id", "year", "counted"),)


append_only(CapOverride.__table__)


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
