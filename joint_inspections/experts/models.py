"""Requests for experts, the draws that answered them, who goes on which visit, and who followed whom."""

from datetime import datetime
from typing import Any  # who was passed over is JSON

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from joint_inspections.experts.rules import ExpertDrawState, PlaceState
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import BEFORE_VISIT
from supervision.accounts.models import User
from supervision.db import Base, JsonText, UtcDateTime, enum_type
from supervision.draws.models import Draw
from supervision.draws.rules import DrawState
from supervision.evidence import append_only
from supervision.inspectors.models import Expert
from supervision.plans.models import Task


class ExpertRequest(Base):
    """专家需求: so many experts of a field for each team of a task, or for one visit before its approval (R-1.08)."""

    __tablename__ = "expert_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id"), index=True)
    visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    field: Mapped[str] = mapped_column(sa.String(60))
    per_team: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.Text)
    asked_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    asked_body: Mapped[str] = mapped_column(sa.String(16))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    task: Mapped[Task] = relationship(lazy="select")

    __table_args__ = (
        # one open request of a field for a task, one for a visit
        sa.Index(
            "uq_expert_requests_of_task",
            "task_id",
            "field",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL AND visit_id IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL AND visit_id IS NULL"),
        ),
        sa.Index(
            "uq_expert_requests_of_visit",
            "visit_id",
            "field",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL AND visit_id IS NOT NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL AND visit_id IS NOT NULL"),
        ),
    )


class ExpertDraw(Base):
    """专家抽取: a list of experts frozen before its seed was known, and what the seed made of it."""

    __tablename__ = "expert_draws"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id"), index=True)
    # the draw whose seed it takes; None where experts were asked for later, for one visit
    draw_id: Mapped[int | None] = mapped_column(sa.ForeignKey("draws.id"), unique=True)
    visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    state: Mapped[ExpertDrawState] = mapped_column(enum_type(ExpertDrawState))
    # the list, who may not go where, and who is who: canonical JSON, the latter two salted
    content: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(sa.String(64))
    ties: Mapped[str] = mapped_column(sa.Text)
    mapping: Mapped[str] = mapped_column(sa.Text)
    frozen_leaf: Mapped[int]
    asked_body: Mapped[str] = mapped_column(sa.String(16), default="")
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # the platform's own secret of a later draw, encrypted until another body has handed in its value
    locked_secret: Mapped[str] = mapped_column(sa.Text, default="")
    # what the seed was mixed of: {by: value}, JSON; the seed of the followed draw stays in that draw's record
    parts: Mapped[Any] = mapped_column(JsonText, default=dict)
    record: Mapped[str] = mapped_column(sa.Text, default="")
    record_digest: Mapped[str] = mapped_column(sa.String(64), default="")
    drawn_leaf: Mapped[int | None]
    drawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    task: Mapped[Task] = relationship(lazy="select")
    draw: Mapped[Draw | None] = relationship(lazy="select")
    visit: Mapped[Visit | None] = relationship(lazy="select")
    places: Mapped[list["ExpertPlace"]] = relationship(
        order_by="ExpertPlace.id", lazy="select", back_populates="expert_draw"
    )
    changes: Mapped[list["ExpertChange"]] = relationship(order_by="ExpertChange.id", lazy="select", viewonly=True)

    @property
    def state_now(self) -> ExpertDrawState:
        """Where it stands: it is over with a draw that is void or abandoned, and when its visit began without."""
        if self.draw is not None and self.draw.state in {DrawState.VOID, DrawState.ABANDONED}:
            return ExpertDrawState.DROPPED
        late = self.visit is not None and self.visit.state not in BEFORE_VISIT
        return ExpertDrawState.DROPPED if late and self.state is ExpertDrawState.FROZEN else self.state

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declarative form


class ExpertPlace(Base):
    """An expert on a visit: assists, decides nothing, and is never one of the two inspectors."""

    __tablename__ = "expert_places"

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_draw_id: Mapped[int] = mapped_column(sa.ForeignKey("expert_draws.id"), index=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    team: Mapped[str] = mapped_column(sa.String(64))
    need: Mapped[str] = mapped_column(sa.String(8))
    field: Mapped[str] = mapped_column(sa.String(60))
    # the expert's name in the lists of this draw
    pseudonym: Mapped[str] = mapped_column(sa.String(16))
    expert_id: Mapped[int] = mapped_column(sa.ForeignKey("experts.id"), index=True)
    state: Mapped[PlaceState] = mapped_column(enum_type(PlaceState))
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # when the statement of confidentiality was accepted, and the digest of its words
    bound_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    statement_digest: Mapped[str] = mapped_column(sa.String(64), default="")
    # when the expert declared, knowing the enterprise, that no interest bars them; only then on the notice
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # stood back from this enterprise for an interest: never drawn for it again
    stood_back: Mapped[bool] = mapped_column(default=False)

    expert_draw: Mapped[ExpertDraw] = relationship(lazy="select", back_populates="places")
    visit: Mapped[Visit] = relationship(lazy="select")
    expert: Mapped[Expert] = relationship(lazy="joined")

    __table_args__ = (sa.UniqueConstraint("visit_id", "expert_id", "need"),)


class ExpertChange(Base):
    """An expert taken off a team, and who followed in the order of the lots; nobody where the list had ended."""

    __tablename__ = "expert_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_draw_id: Mapped[int] = mapped_column(sa.ForeignKey("expert_draws.id"), index=True)
    team: Mapped[str] = mapped_column(sa.String(64))
    need: Mapped[str] = mapped_column(sa.String(8))
    k: Mapped[int]
    left: Mapped[str] = mapped_column(sa.String(16))
    joined: Mapped[str | None] = mapped_column(sa.String(16))
    ground: Mapped[str] = mapped_column(sa.String(32))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    # who stood before the follower and could not go any more: [name in the list, …]
    passed_over: Mapped[Any] = mapped_column(JsonText)
    salt: Mapped[str] = mapped_column(sa.String(32))
    digest: Mapped[str] = mapped_column(sa.String(64))
    leaf_index: Mapped[int]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    decider: Mapped[User | None] = relationship(lazy="joined")

    __table_args__ = (sa.UniqueConstraint("expert_draw_id", "need", "k"),)


append_only(ExpertChange.__table__)
