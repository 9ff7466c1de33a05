"""Leave asked for, where entities lie, orders and days that leaders chose, and the addresses of calendar feeds."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from joint_inspections.days.rules import LeaveState
from joint_inspections.visits.models import Visit
from supervision.accounts.models import User
from supervision.db import Base, JsonText, UtcDateTime, enum_type
from supervision.evidence import append_only
from supervision.inspectors.models import Inspector
from supervision.inspectors.rules import AbsenceKind


class LeaveRequest(Base):
    """请假申请: days on which an inspector asks not to be sent.

    Approved by the lead it becomes an absence in the register of inspectors, which alone counts for rosters, teams and
    replacements; this row says who asked and who decided.
    """

    __tablename__ = "leave_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    inspector_id: Mapped[int] = mapped_column(sa.ForeignKey("inspectors.id"), index=True)
    kind: Mapped[AbsenceKind] = mapped_column(enum_type(AbsenceKind))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    state: Mapped[LeaveState] = mapped_column(enum_type(LeaveState), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_note: Mapped[str] = mapped_column(sa.String(300), default="")
    # emptied by the database when the lead takes the absence back
    absence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("absences.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)

    inspector: Mapped[Inspector] = relationship(lazy="joined")
    decider: Mapped[User | None] = relationship(lazy="select")

    __table_args__ = (sa.CheckConstraint("ends_on >= starts_on", name="order"),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declarative form


class EntityPoint(Base):
    """Where an entity lies, for routes: internal, never published, and nothing that a draw looks at.

    Degrees of one datum throughout (CGCS2000 from the departments' own registers).
    """

    __tablename__ = "entity_points"

    entity_id: Mapped[int] = mapped_column(sa.ForeignKey("entities.id"), primary_key=True)
    longitude: Mapped[float]
    latitude: Mapped[float]
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RouteOrder(Base):
    """The order of a day as its leader put it: each change a row, the newest holds; an empty order is the computed one.

    ``returns_to`` names the serial whose order an undo brought back (0: before the first change).
    """

    __tablename__ = "route_orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    inspector_id: Mapped[int] = mapped_column(sa.ForeignKey("inspectors.id"))
    day: Mapped[date]
    serial: Mapped[int]
    visit_ids: Mapped[list[int]] = mapped_column(JsonText)
    returns_to: Mapped[int | None]
    made_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (sa.UniqueConstraint("inspector_id", "day", "serial"),)


class DayMove(Base):
    """A visit put on another day from the page of a route, so that the leader can take it back."""

    __tablename__ = "day_moves"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    inspector_id: Mapped[int] = mapped_column(sa.ForeignKey("inspectors.id"), index=True)
    from_day: Mapped[date]
    to_day: Mapped[date]
    # the move that this one took back
    undoes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("day_moves.id"), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    visit: Mapped[Visit] = relationship(lazy="select")


class CalendarFeed(Base):
    """The secret address of an inspector's calendar feed; only the hash of its token is kept."""

    __tablename__ = "calendar_feeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="joined")

    __table_args__ = (
        # one address at a time: a new one ends the old one
        sa.Index(
            "uq_calendar_feeds_in_use",
            "user_id",
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        ),
    )


append_only(RouteOrder.__table__)
append_only(DayMove.__table__)
