"""Plans, their versions and participants, tasks, and exclusions decided before a freeze."""

from datetime import date, datetime
from typing import Any  # scope, rates and rules are JSON, typed in rules.py

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from supervision.db import Base, JsonText, UtcDateTime, enum_type
from supervision.departments.models import Department
from supervision.entities.models import Entity
from supervision.evidence import append_only
from supervision.items.models import Item, ItemList, JointItem
from supervision.plans.rules import (
    Agreement,
    JoinAnswer,
    PlanKind,
    PlanState,
    Scope,
    Stratification,
    TaskSource,
    TaskState,
    TeamMode,
)


class NumberSeries(Base):
    """The last serial number given in one series (plans of a year, tasks of a day): consecutive, without gaps."""

    __tablename__ = "number_series"

    name: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class Plan(Base):
    """年度抽查计划: the plan through all its versions; its number is given at the first approval (R-1.10)."""

    __tablename__ = "plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None] = mapped_column(sa.String(14), unique=True)
    year: Mapped[int] = mapped_column(index=True)
    kind: Mapped[PlanKind] = mapped_column(enum_type(PlanKind))
    lead_department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"), index=True)
    created_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    lead_department: Mapped[Department] = relationship(lazy="joined")
    versions: Mapped[list["PlanVersion"]] = relationship(
        order_by="PlanVersion.version_no", back_populates="plan", lazy="selectin"
    )

    @property
    def newest(self) -> "PlanVersion":
        """The version with the highest number, draft or not."""
        return self.versions[-1]

    @property
    def published(self) -> "PlanVersion | None":
        """The version now in force."""
        return next((one for one in reversed(self.versions) if one.state is PlanState.PUBLISHED), None)


class PlanVersion(Base):
    """One version of a plan. Once published it never changes; a change is a new version with a reason."""

    __tablename__ = "plan_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plans.id"), index=True)
    version_no: Mapped[int]
    state: Mapped[PlanState] = mapped_column(enum_type(PlanState), index=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    item_list_id: Mapped[int] = mapped_column(sa.ForeignKey("item_lists.id"))
    joint_item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("joint_items.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    scope: Mapped[Any] = mapped_column(JsonText)
    stratification: Mapped[Stratification] = mapped_column(enum_type(Stratification))
    # only then may the rate of a risk class lie below the ratio of the item list
    class_rate_replaces: Mapped[bool] = mapped_column(default=False)
    # {"kind": "rate"|"count"|"total", …, "otherwise": …}: see allocations.py
    allocation: Mapped[Any] = mapped_column(JsonText)
    team_mode: Mapped[TeamMode] = mapped_column(enum_type(TeamMode))
    group_count: Mapped[int | None]
    group_capacity: Mapped[int | None]
    # most visits one inspector may get in the draw
    visit_cap: Mapped[int] = mapped_column(default=10)
    reserve: Mapped[int] = mapped_column(default=0)
    # the drawn list may be shown to the public before the visits; default no
    publish_list_before: Mapped[bool] = mapped_column(default=False)
    # identifier of the beacon rule by which a public value is mixed into its draws; empty: the secrets are revealed
    beacon_rule: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    change_reason: Mapped[str] = mapped_column(sa.Text, default="")
    return_reason: Mapped[str] = mapped_column(sa.Text, default="")
    # everybody who wrote on this version, by user id: none of them approves it
    editors: Mapped[list[int]] = mapped_column(JsonText, default=list)
    submitted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # size of the pool and number to be drawn as they stood on the day of approval
    expected_pool: Mapped[int | None]
    planned_visits: Mapped[int | None]
    # day by which an annual plan is to be public, as it stood at the first publication; NULL before, and for old plans
    publication_due_on: Mapped[date | None]
    # why it was first published later all the same: code of the list late_plan_grounds, and the facts
    late_ground: Mapped[str] = mapped_column(sa.String(32), default="")
    late_note: Mapped[str] = mapped_column(sa.Text, default="")
    # binds the confidential part of the scope into the published JSON without showing it
    confidential_salt: Mapped[str] = mapped_column(sa.String(32), default="")
    # canonical JSON that was published, and its digest: the draw commits to it
    published_json: Mapped[str | None] = mapped_column(sa.Text)
    digest: Mapped[str | None] = mapped_column(sa.String(64))
    drafted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # grows with every save; two people who edit the same draft are told
    revision: Mapped[int] = mapped_column(default=1)

    plan: Mapped[Plan] = relationship(back_populates="versions", lazy="joined")
    item_list: Mapped[ItemList] = relationship(lazy="joined")
    joint_item: Mapped[JointItem | None] = relationship(lazy="select")
    participants: Mapped[list["PlanParticipant"]] = relationship(
        order_by="PlanParticipant.position", lazy="selectin", cascade="all, delete-orphan"
    )
    items: Mapped[list["PlanItem"]] = relationship(
        order_by="PlanItem.position", lazy="selectin", cascade="all, delete-orphan"
    )

    __table_args__ = (
        sa.UniqueConstraint("plan_id", "version_no"),
        sa.CheckConstraint("ends_on >= starts_on", name="order"),
        # one version of a plan is in force, and one is being written
        sa.Index(
            "uq_plan_versions_in_force",
            "plan_id",
            unique=True,
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        ),
        sa.Index(
            "uq_plan_versions_open",
            "plan_id",
            unique=True,
            sqlite_where=sa.text("state IN ('draft', 'agreeing', 'submitted')"),
            postgresql_where=sa.text("state IN ('draft', 'agreeing', 'submitted')"),
        ),
    )
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's declarative form

    @property
    def published_late(self) -> bool:
        """Whether the plan was first published after the day by which annual plans are to be public."""
        return self.publication_due_on is not None and bool(self.late_ground)

    @property
    def scope_of(self) -> Scope:
        """The scope as a typed value."""
        return Scope.from_json(self.scope)

    @property
    def uses_classes(self) -> bool:
        """Whether risk classes divide or limit the pool."""
        return self.stratification is Stratification.RISK or bool(self.scope_of.risk_classes)

    @property
    def confidential(self) -> bool:
        """Whether classes or internal tags play a part, so that pool and strata stay inside the house."""
        return self.uses_classes or self.scope_of.confidential


class PlanParticipant(Base):
    """A department in a plan version, with its answer."""

    __tablename__ = "plan_participants"

    plan_version_id: Mapped[int] = mapped_column(sa.ForeignKey("plan_versions.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)
    is_lead: Mapped[bool]
    per_team: Mapped[int] = mapped_column(default=2)
    agreement: Mapped[Agreement] = mapped_column(enum_type(Agreement))
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_note: Mapped[str] = mapped_column(sa.Text, default="")

    department: Mapped[Department] = relationship(lazy="joined")

    __table_args__ = (sa.CheckConstraint("per_team >= 2", name="two_inspectors"),)


class PlanItem(Base):
    """An item of the published list inside a plan version."""

    __tablename__ = "plan_items"

    plan_version_id: Mapped[int] = mapped_column(sa.ForeignKey("plan_versions.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("items.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)

    item: Mapped[Item] = relationship(lazy="joined")


class PlanMessage(Base):
    """撮合: a department whose plan visits the same entities proposes to go together (R-1.45, R-3.06)."""

    __tablename__ = "plan_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plans.id"), index=True)
    from_plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plans.id"))
    from_department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"))
    shared: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)
    sent_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # answer of the department that leads the other plan: which days both go on, or why not
    answer: Mapped[JoinAnswer | None] = mapped_column(enum_type(JoinAnswer))
    answer_text: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    plan: Mapped[Plan] = relationship(foreign_keys=[plan_id])
    from_plan: Mapped[Plan] = relationship(foreign_keys=[from_plan_id])
    from_department: Mapped[Department] = relationship(lazy="joined")


class Task(Base):
    """抽查任务: one round of drawing and visiting under a published plan version (R-1.09)."""

    __tablename__ = "tasks"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(18), unique=True)
    plan_version_id: Mapped[int] = mapped_column(sa.ForeignKey("plan_versions.id"), index=True)
    source: Mapped[TaskSource] = mapped_column(enum_type(TaskSource))
    # why a temporary task is needed; empty for the annual plan
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    title: Mapped[str] = mapped_column(sa.String(200))
    state: Mapped[TaskState] = mapped_column(enum_type(TaskState), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    publish_list_before: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    plan_version: Mapped[PlanVersion] = relationship(lazy="joined")

    __table_args__ = (
        sa.CheckConstraint("ends_on >= starts_on", name="order"),
        sa.CheckConstraint("source <> 'temporary' OR reason <> ''", name="temporary_reason"),
    )


class Exclusion(Base):
    """排除: a request to leave an entity out of a task's pool, with coded reason and evidence, before the freeze."""

    __tablename__ = "exclusions"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id"), index=True)
    entity_id: Mapped[int] = mapped_column(sa.ForeignKey("entities.id"), index=True)
    reason_code: Mapped[str] = mapped_column(sa.String(32))
    evidence: Mapped[str] = mapped_column(sa.Text)
    recorded_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    entity: Mapped[Entity] = relationship(lazy="joined")
    decision: Mapped["ExclusionDecision | None"] = relationship(lazy="joined", uselist=False)


class ExclusionDecision(Base):
    """A second person, the head, confirms or refuses an exclusion; only then does it count (R-1.12)."""

    __tablename__ = "exclusion_decisions"

    exclusion_id: Mapped[int] = mapped_column(sa.ForeignKey("exclusions.id"), primary_key=True)
    confirmed: Mapped[bool]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


append_only(Exclusion.__table__)
append_only(ExclusionDecision.__table__)
