"""Devices, and the operations they send: kept as they came, with what became of each."""

from datetime import datetime
from typing import Any  # JSON, typed in rules.py

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from joint_inspections.field.rules import FINAL, DeviceState, Kind, Outcome, browser_name
from joint_inspections.visits.models import Visit
from supervision.accounts.models import User
from supervision.db import Base, JsonText, UtcDateTime, enum_type
from supervision.evidence import append_only


class FieldDevice(Base):
    """检查终端: the app on one phone, for one user. Revoked, it wipes itself at its next contact."""

    __tablename__ = "field_devices"

    # made by the phone: whoever knows it may only ask whether it must wipe
    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # what the browser called itself then: tells apart what was installed anew on the same phone
    browser: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    # first contact after that: the app was told to wipe itself
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="select")
    revoker: Mapped[User | None] = relationship(foreign_keys=[revoked_by], lazy="select")

    @property
    def browser_name(self) -> str:
        """System and browser in a few words, as they were when it was registered."""
        return browser_name(self.browser)

    @property
    def state(self) -> DeviceState:
        """What the phone is told about itself."""
        return DeviceState.ACTIVE if self.revoked_at is None else DeviceState.REVOKED


class FieldDeviceSession(Base):
    """A browser session in which a phone spoke to the platform: it ends when the phone is revoked."""

    __tablename__ = "field_device_sessions"

    device_id: Mapped[str] = mapped_column(sa.ForeignKey("field_devices.id"), primary_key=True)
    # how `login_sessions` names it; no foreign key, for sessions are deleted when they end
    session_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FieldOperation(Base):
    """One change as a phone sent it: never edited, never applied twice."""

    __tablename__ = "field_operations"

    id: Mapped[int] = mapped_column(primary_key=True)
    # made by the phone, unique for ever: the same number again gets the same answer
    uuid: Mapped[str] = mapped_column(sa.String(36), unique=True)
    device_id: Mapped[str] = mapped_column(sa.ForeignKey("field_devices.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    # NULL where the sender was never on the team of such a visit; what they named stands in the content
    visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    kind: Mapped[Kind] = mapped_column(enum_type(Kind))
    # canonical JSON, its SHA-256
    content: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(sa.String(64))
    # what the phone says; the platform knows only when it received it
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="select")
    visit: Mapped[Visit | None] = relationship(lazy="select")
    outcomes: Mapped[list["FieldOutcome"]] = relationship(order_by="FieldOutcome.no", lazy="selectin")

    @property
    def newest(self) -> "FieldOutcome":
        """What became of it as far as is known."""
        return self.outcomes[-1]


class FieldOutcome(Base):
    """What became of an operation: one row, or several while it waits for files; the last is final."""

    __tablename__ = "field_outcomes"

    id: Mapped[int] = mapped_column(primary_key=True)
    operation_id: Mapped[int] = mapped_column(sa.ForeignKey("field_operations.id"))
    no: Mapped[int]
    outcome: Mapped[Outcome] = mapped_column(enum_type(Outcome))
    # code, message id and values of the refusal, as errors have them
    code: Mapped[str] = mapped_column(sa.String(64), default="")
    message: Mapped[str] = mapped_column(sa.Text, default="")
    parameters: Mapped[Any] = mapped_column(JsonText)
    # what a conflict met, as the phone shows it beside its own
    stored: Mapped[Any | None] = mapped_column(JsonText)
    # SHA-256 of the file it waits for
    awaits: Mapped[str] = mapped_column(sa.String(64), default="", index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        sa.UniqueConstraint("operation_id", "no"),
        # an operation ends once
        sa.Index(
            "uq_field_outcomes_final",
            "operation_id",
            unique=True,
            sqlite_where=sa.text("outcome <> 'waiting'"),
            postgresql_where=sa.text("outcome <> 'waiting'"),
        ),
    )

    @property
    def final(self) -> bool:
        """Whether nothing follows."""
        return self.outcome in FINAL


class FieldClash(Base):
    """The number of a known operation came again with other content: kept for somebody to look at."""

    __tablename__ = "field_clashes"

    id: Mapped[int] = mapped_column(primary_key=True)
    operation_id: Mapped[int] = mapped_column(sa.ForeignKey("field_operations.id"), index=True)
    device_id: Mapped[str] = mapped_column(sa.ForeignKey("field_devices.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    content: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(sa.String(64))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)

    operation: Mapped[FieldOperation] = relationship(lazy="joined")
    user: Mapped[User] = relationship(lazy="joined")

    __table_args__ = (sa.UniqueConstraint("operation_id", "user_id", "digest"),)


append_only(FieldOperation.__table__)
append_only(FieldOutcome.__table__)
append_only(FieldClash.__table__)
