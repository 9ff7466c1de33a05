"""Messages, what became of telling them, how people want to be told, and the gateways."""

from datetime import datetime, time
from typing import Any  # values of a sentence are JSON

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from supervision.accounts.models import User
from supervision.db import Base, JsonText, UtcDateTime, enum_type
from supervision.evidence import append_only
from supervision.notifications.rules import DeliveryState, Shape, Standing, Told


class Message(Base):
    """消息: something that waits, or waited, for one person."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(sa.String(40))
    key: Mapped[str] = mapped_column(sa.String(80))
    values: Mapped[Any] = mapped_column(JsonText)
    arguments: Mapped[Any] = mapped_column(JsonText)
    urgent: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # it waits no longer: done, or done by somebody else
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        sa.UniqueConstraint("user_id", "kind", "key"),
        sa.Index("ix_messages_user_created", "user_id", "created_at"),
        sa.Index("ix_messages_kind_settled", "kind", "settled_at"),
        # the number in the head of every page
        sa.Index(
            "ix_messages_unread",
            "user_id",
            sqlite_where=sa.text("read_at IS NULL AND settled_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL AND settled_at IS NULL"),
        ),
    )

    @property
    def standing(self) -> Standing:
        """Whether it is new, read, or done with."""
        if self.settled_at is not None:
            return Standing.DONE
        return Standing.NEW if self.read_at is None else Standing.READ


class ContactWishes(Base):
    """How somebody wants to be told outside the platform; no row means: not at all."""

    __tablename__ = "contact_wishes"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(200), default="")
    # an address counts when its owner opened the link sent there
    email_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # code of the gateway and the person's number or name there
    channel: Mapped[str] = mapped_column(sa.String(32), default="")
    channel_address: Mapped[str] = mapped_column(sa.String(100), default="")
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    daily_at: Mapped[time | None]
    version: Mapped[int] = mapped_column(default=1)

    user: Mapped[User] = relationship(lazy="select")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declarative form


class Channel(Base):
    """A gateway to a government messenger or for text messages; its address is on the list of allowed hosts."""

    __tablename__ = "notification_channels"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(32), unique=True)
    name_zh: Mapped[str] = mapped_column(sa.String(60))
    name_en: Mapped[str] = mapped_column(sa.String(60), default="")
    url: Mapped[str] = mapped_column(sa.String(300))
    shape: Mapped[Shape] = mapped_column(enum_type(Shape))
    # the signing key is derived from the installation's key with this number: another number, another key
    key_number: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Delivery(Base):
    """One telling through one channel; a daily summary carries several messages."""

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    # "mail", or the code of a gateway
    channel: Mapped[str] = mapped_column(sa.String(32))
    # named in what is sent, so that a gateway tells the same thing once and its receipt finds its way
    reference: Mapped[str] = mapped_column(sa.String(36), unique=True)
    state: Mapped[DeliveryState] = mapped_column(enum_type(DeliveryState))
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(sa.String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    messages: Mapped[list[Message]] = relationship(secondary="delivery_messages", order_by=Message.id, lazy="selectin")
    user: Mapped[User] = relationship(lazy="select")

    __table_args__ = (sa.Index("ix_deliveries_state_not_before", "state", "not_before"),)


class DeliveryMessage(Base):
    """A message goes out at most once through each channel."""

    __tablename__ = "delivery_messages"

    delivery_id: Mapped[int] = mapped_column(sa.ForeignKey("deliveries.id"), primary_key=True)
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("messages.id"), primary_key=True, index=True)


class Receipt(Base):
    """送达、阅读回执: what a gateway told of a delivery, as it came."""

    __tablename__ = "delivery_receipts"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(sa.ForeignKey("deliveries.id"), index=True)
    told: Mapped[Told] = mapped_column(enum_type(Told))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (sa.UniqueConstraint("delivery_id", "told"),)


append_only(Receipt.__table__)
