"""Draws: the frozen bundle, contributions, what was drawn, and the leaves of the log."""

import zlib
from datetime import date, datetime
from typing import Any  # counts per stratum are JSON

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from supervision.db import Base, JsonText, UtcDateTime, enum_type
from supervision.departments.models import Department
from supervision.draws.rules import DrawState, LogEvent, ProposalKind, ProposalState, UnitState
from supervision.entities.models import Entity
from supervision.evidence import append_only
from supervision.inspectors.models import Inspector
from supervision.plans.models import Task


class Draw(Base):
    """抽取: one commitment, one number, one draw."""

    __tablename__ = "draws"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(20), unique=True)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("draws.id"))
    state: Mapped[DrawState] = mapped_column(enum_type(DrawState), index=True)
    hash_name: Mapped[str] = mapped_column(sa.String(8), default="sha256")
    confidential: Mapped[bool] = mapped_column(default=False)
    registered: Mapped[int]
    frame_size: Mapped[int]
    # {reason code: count} of everything excluded, "scope" among them
    excluded_counts: Mapped[Any] = mapped_column(JsonText)
    # {stratum: [N, n]}: n follows from rules and sizes alone, so pages never need the sealed files
    strata: Mapped[Any] = mapped_column(JsonText)
    # {department code: [inspectors on the roster, of whom qualified and available]}
    roster_sizes: Mapped[Any] = mapped_column(JsonText)
    # after the draw: teams formed, and {department code: places nobody could be given}, "" for units without a team
    team_count: Mapped[int | None]
    unfilled_counts: Mapped[Any] = mapped_column(JsonText, default=dict)
    frozen_digest: Mapped[str] = mapped_column(sa.String(64))
    commitment_digest: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    record_digest: Mapped[str | None] = mapped_column(sa.String(64))
    # identifier of the beacon rule whose public value is mixed in; empty in the reveal form
    beacon_rule: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    # the system's own secret, encrypted with a key outside the database until it is revealed
    system_secret: Mapped[str] = mapped_column(sa.Text)
    frozen_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    committed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    drawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str] = mapped_column(sa.String(32), default="")
    end_note: Mapped[str] = mapped_column(sa.Text, default="")

    task: Mapped[Task] = relationship(lazy="joined")
    parent: Mapped["Draw | None"] = relationship(remote_side="Draw.id")
    contributions: Mapped[list["Contribution"]] = relationship(order_by="Contribution.by", lazy="selectin")

    __table_args__ = (
        # at most one draw of a task is alive: everything else is void or abandoned, and stays in public
        sa.Index(
            "uq_draws_task_alive",
            "task_id",
            unique=True,
            sqlite_where=sa.text("state NOT IN ('void', 'abandoned')"),
            postgresql_where=sa.text("state NOT IN ('void', 'abandoned')"),
        ),
    )


class DrawFile(Base):
    """One file of a draw's bundle, or the evidence of a strike or replacement; compressed, written once."""

    __tablename__ = "draw_files"

    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("draws.id"), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    packed: Mapped[bytes] = mapped_column(sa.LargeBinary)

    @property
    def content(self) -> bytes:
        """The file's bytes."""
        return zlib.decompress(self.packed)


class Contribution(Base):
    """A party's sealed contribution to the seed.

    The secret itself is kept encrypted: from the sealing in the beacon form, from the reveal in the other. ``secret``
    holds it in clear in rows of before.
    """

    __tablename__ = "contributions"

    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("draws.id"), primary_key=True)
    by: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    digest: Mapped[str | None] = mapped_column(sa.String(64))
    secret: Mapped[str | None] = mapped_column(sa.String(64))
    locked_secret: Mapped[str | None] = mapped_column(sa.Text)
    sealed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    sealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def handed_over(self) -> bool:
        """Whether the platform holds the secret, so that its owner cannot withhold it any more."""
        return self.secret is not None or self.locked_secret is not None


class VoidProposal(Base):
    """作废申请: why a draw should be void before its seed can be computed; another body must agree."""

    __tablename__ = "void_proposals"

    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("draws.id"), primary_key=True)
    reason_code: Mapped[str] = mapped_column(sa.String(32))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    proposed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    proposed_department: Mapped[str] = mapped_column(sa.String(16), default="")
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    approved_department: Mapped[str] = mapped_column(sa.String(16), default="")
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DrawProposal(Base):
    """What one body proposes after a draw and another must agree to: to abandon it, to strike a unit on evidence.

    ``entity`` is the unit to be struck; ``note`` says which document proves the ground, or explains the abandonment.
    """

    __tablename__ = "draw_proposals"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("draws.id"), index=True)
    kind: Mapped[ProposalKind] = mapped_column(enum_type(ProposalKind))
    state: Mapped[ProposalState] = mapped_column(enum_type(ProposalState))
    entity_id: Mapped[int | None] = mapped_column(sa.ForeignKey("entities.id"))
    reason_code: Mapped[str] = mapped_column(sa.String(32))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    # the day of the document that proves the ground of a strike
    evidence_on: Mapped[date | None]
    proposed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    proposed_department: Mapped[str] = mapped_column(sa.String(16), default="")
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_department: Mapped[str] = mapped_column(sa.String(16), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_note: Mapped[str] = mapped_column(sa.Text, default="")

    draw: Mapped[Draw] = relationship(lazy="select")
    entity: Mapped[Entity | None] = relationship(lazy="joined")

    __table_args__ = (
        # one open proposal to abandon a draw, one open proposal to strike a unit
        sa.Index(
            "uq_draw_proposals_open_abandon",
            "draw_id",
            unique=True,
            sqlite_where=sa.text("state = 'open' AND kind = 'abandon'"),
            postgresql_where=sa.text("state = 'open' AND kind = 'abandon'"),
        ),
        sa.Index(
            "uq_draw_proposals_open_strike",
            "draw_id",
            "entity_id",
            unique=True,
            sqlite_where=sa.text("state = 'open' AND kind = 'strike'"),
            postgresql_where=sa.text("state = 'open' AND kind = 'strike'"),
        ),
        # an abandoned draw is followed by one draw that two bodies agreed to
        sa.Index(
            "uq_draw_proposals_live_redraw",
            "draw_id",
            unique=True,
            sqlite_where=sa.text("state IN ('open', 'agreed') AND kind = 'redraw'"),
            postgresql_where=sa.text("state IN ('open', 'agreed') AND kind = 'redraw'"),
        ),
    )


class DrawUnit(Base):
    """A drawn entity, as the sealed record has it; rows of the reserve appear when they are called up."""

    __tablename__ = "draw_units"

    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("draws.id"), primary_key=True)
    entity_id: Mapped[int] = mapped_column(sa.ForeignKey("entities.id"), primary_key=True, index=True)
    stratum: Mapped[str] = mapped_column(sa.String(64))
    rank: Mapped[int]
    ticket: Mapped[str] = mapped_column(sa.String(64))
    state: Mapped[UnitState] = mapped_column(enum_type(UnitState))
    team: Mapped[str] = mapped_column(sa.String(64), default="")

    entity: Mapped[Entity] = relationship(lazy="joined")


class DrawMember(Base):
    """An inspector drawn into a team. ``left`` is set when the machine replaced them."""

    __tablename__ = "draw_members"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("draws.id"), index=True)
    team: Mapped[str] = mapped_column(sa.String(64))
    inspector_id: Mapped[int] = mapped_column(sa.ForeignKey("inspectors.id"), index=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"))
    lead: Mapped[bool] = mapped_column(default=False)
    left: Mapped[bool] = mapped_column(default=False)

    inspector: Mapped[Inspector] = relationship(lazy="joined")
    department: Mapped[Department] = relationship(lazy="joined")

    __table_args__ = (sa.UniqueConstraint("draw_id", "team", "inspector_id"),)


class DrawPseudonym(Base):
    """Who is who in a draw's roster; oversight keeps it, each inspector may see their own line."""

    __tablename__ = "draw_pseudonyms"

    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("draws.id"), primary_key=True)
    pseudonym: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    inspector_id: Mapped[int] = mapped_column(sa.ForeignKey("inspectors.id"), index=True)


class LogHead(Base):
    """The single row that serialises writers of the log and of draw numbers."""

    __tablename__ = "log_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int]
    newest_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (sa.CheckConstraint("id = 1", name="single"),)


class LogLeaf(Base):
    """A leaf of the draw log, in order; the Merkle tree of the transparency log is computed over these bytes."""

    __tablename__ = "log_leaves"

    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    draw_id: Mapped[int | None] = mapped_column(sa.ForeignKey("draws.id"), index=True)
    event: Mapped[LogEvent] = mapped_column(enum_type(LogEvent))
    digest: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    leaf: Mapped[str] = mapped_column(sa.Text)
    leaf_hash: Mapped[str] = mapped_column(sa.String(64))


append_only(DrawFile.__table__)
append_only(LogLeaf.__table__)
append_only(DrawPseudonym.__table__)
