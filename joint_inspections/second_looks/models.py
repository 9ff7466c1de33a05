"""Rounds of second looks, numbers sealed for them, the visits chosen, both results side by side."""

from datetime import datetime
from typing import Any  # differing answers are JSON

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from joint_inspections.ordered.models import OrderedInspection
from joint_inspections.second_looks.rules import Cause, LookState, RoundState
from joint_inspections.visits.models import Visit
from supervision.accounts.models import User
from supervision.db import Base, JsonText, UtcDateTime, enum_type
from supervision.departments.models import Department
from supervision.evidence import append_only


class SecondLookRound(Base):
    """复核抽查批次: the finished visits of a quarter, frozen before the numbers that choose among them are known."""

    __tablename__ = "second_look_rounds"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    year: Mapped[int]
    quarter: Mapped[int]
    state: Mapped[RoundState] = mapped_column(enum_type(RoundState))
    # the list in canonical JSON, its digest, which the log holds, and at which entry
    content: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(sa.String(64))
    leaf_index: Mapped[int | None]
    finished: Mapped[int]
    wanted: Mapped[int]
    frozen_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # newest checkpoint of the log when the last number had been sealed: size-head
    beacon: Mapped[str] = mapped_column(sa.String(100), default="")
    seed: Mapped[str] = mapped_column(sa.String(64), default="")
    drawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    drop_reason: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    freezer: Mapped[User | None] = relationship(lazy="select")
    numbers: Mapped[list["SecondLookNumber"]] = relationship(order_by="SecondLookNumber.id", lazy="selectin")
    looks: Mapped[list["SecondLook"]] = relationship(
        order_by="SecondLook.position", lazy="select", back_populates="round"
    )

    __table_args__ = (
        sa.Index(
            "uq_second_look_rounds_open",
            "year",
            "quarter",
            unique=True,
            sqlite_where=sa.text("state <> 'dropped'"),
            postgresql_where=sa.text("state <> 'dropped'"),
        ),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declarative form


class SecondLookNumber(Base):
    """A number that somebody sealed by its digest, and opened when all were sealed."""

    __tablename__ = "second_look_numbers"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("second_look_rounds.id"), index=True)
    # code of the body: a department's, or oversight's own
    by: Mapped[str] = mapped_column(sa.String(64))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    digest: Mapped[str] = mapped_column(sa.String(64))
    leaf_index: Mapped[int | None]
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    secret: Mapped[str] = mapped_column(sa.String(64), default="")
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="joined")

    __table_args__ = (sa.UniqueConstraint("round_id", "by"),)


class SecondLook(Base):
    """复核: one finished visit that was chosen, who looks again, and when both were compared."""

    __tablename__ = "second_looks"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("second_look_rounds.id"), index=True)
    # drawn as which, by which ticket
    position: Mapped[int]
    ticket: Mapped[str] = mapped_column(sa.String(64))
    origin_visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), unique=True)
    # version of the first record that the second is held against, and its digest
    first_version: Mapped[int]
    first_digest: Mapped[str] = mapped_column(sa.String(64))
    state: Mapped[LookState] = mapped_column(enum_type(LookState), index=True)
    # the order under which a second team goes; its visit exists when the heads have approved
    ordered_id: Mapped[int | None] = mapped_column(index=True)
    # or who looks at the evidence kept, at a desk
    reviewer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), index=True)
    # digest of the second record, or of what the reviewer handed in
    second_digest: Mapped[str] = mapped_column(sa.String(64), default="")
    compared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    round: Mapped[SecondLookRound] = relationship(lazy="joined", back_populates="looks")
    origin: Mapped[Visit] = relationship(foreign_keys=[origin_visit_id], lazy="select")
    order: Mapped[OrderedInspection | None] = relationship(
        primaryjoin=lambda: sa.orm.foreign(SecondLook.ordered_id) == OrderedInspection.id, lazy="select"
    )
    reviewer: Mapped[User | None] = relationship(lazy="joined")
    items: Mapped[list["SecondLookItem"]] = relationship(order_by="SecondLookItem.id", lazy="select")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declarative form


class SecondLookItem(Base):
    """An item as both looks judged it; kept as it was when they were compared."""

    __tablename__ = "second_look_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    look_id: Mapped[int] = mapped_column(sa.ForeignKey("second_looks.id"), index=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"), index=True)
    item_code: Mapped[str] = mapped_column(sa.String(16), index=True)
    first_result: Mapped[str] = mapped_column(sa.String(8))
    second_result: Mapped[str] = mapped_column(sa.String(8))
    # None where the second look could not tell
    agrees: Mapped[bool | None]
    points: Mapped[int]
    differing: Mapped[Any] = mapped_column(JsonText)
    note: Mapped[str] = mapped_column(sa.Text, default="")

    department: Mapped[Department] = relationship(lazy="joined")
    explanations: Mapped[list["SecondLookExplanation"]] = relationship(
        order_by="SecondLookExplanation.id", lazy="selectin", viewonly=True
    )

    __table_args__ = (sa.UniqueConstraint("look_id", "item_code"),)


class SecondLookExplanation(Base):
    """How somebody of the first team explains a difference; said once more, the earlier word stays."""

    __tablename__ = "second_look_explanations"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("second_look_items.id"), index=True)
    cause: Mapped[Cause] = mapped_column(enum_type(Cause))
    text: Mapped[str] = mapped_column(sa.Text)
    said_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)

    sayer: Mapped[User | None] = relationship(lazy="joined")


for _table in (SecondLookItem, SecondLookExplanation):
    append_only(_table.__table__)
