"""Reading messages, wishes, gateways and deliveries."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from supervision.accounts.models import User, UserRole
from supervision.accounts.queries import actor_of
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.errors import NotFound
from supervision.listing import ListQuery, Page, load_page
from supervision.notifications.models import Channel, ContactWishes, Delivery, Message, Receipt
from supervision.notifications.rules import DeliveryState, Told
from supervision.permissions import ROLE_PERMISSIONS, Actor, Permission

# asked on every page of everybody signed in
_UNREAD = (
    sa.select(sa.func.count())
    .select_from(Message)
    .where(Message.user_id == sa.bindparam("user_id"), Message.read_at.is_(None), Message.settled_at.is_(None))
)


def count_unread(session: Session, user_id: int) -> int:
    """Count what waits for somebody unread."""
    return session.scalar(_UNREAD, {"user_id": user_id}) or 0


def list_messages(session: Session, viewer: Actor, query: ListQuery) -> Page[Message]:
    """List the viewer's own messages, newest first."""
    statement = sa.select(Message).where(Message.user_id == viewer.user_id)
    if kind := query.filters.get("kind"):
        statement = statement.where(Message.kind == kind)
    state = query.filters.get("state")
    if state != "all":
        statement = statement.where(Message.settled_at.is_(None))
    if state == "unread":
        statement = statement.where(Message.read_at.is_(None))
    return load_page(
        session,
        statement,
        query,
        sorts={"created": Message.created_at},
        default_sort="-created",
        tie_breaker=Message.id,
    )


def get_message(session: Session, viewer: Actor, message_id: int) -> Message:
    """Return one of the viewer's own messages or refuse."""
    found = session.scalar(sa.select(Message).where(Message.id == message_id, Message.user_id == viewer.user_id))
    if found is None:
        raise NotFound
    return found


def open_messages(session: Session, kind: str) -> Sequence[Message]:
    """List the messages of a kind that still wait."""
    return session.scalars(sa.select(Message).where(Message.kind == kind, Message.settled_at.is_(None))).all()


def find_wishes(session: Session, user_id: int | None) -> ContactWishes | None:
    """Return how somebody wants to be told, if they ever said so."""
    return session.get(ContactWishes, user_id) if user_id is not None else None


def list_channels(session: Session) -> Sequence[Channel]:
    """List the gateways, those in use first."""
    ended = sa.case((Channel.ended_at.is_(None), 0), else_=1)
    return session.scalars(sa.select(Channel).order_by(ended, Channel.code)).all()


def find_channel(session: Session, code: str) -> Channel | None:
    """Return a gateway in use."""
    return session.scalar(sa.select(Channel).where(Channel.code == code, Channel.ended_at.is_(None)))


def get_channel(session: Session, channel_id: int) -> Channel:
    """Return a gateway or refuse."""
    found = session.get(Channel, channel_id)
    if found is None:
        raise NotFound
    return found


def list_deliveries(session: Session, query: ListQuery) -> Page[Delivery]:
    """List deliveries for the system administrator, newest first; what they say is not shown."""
    statement = sa.select(Delivery).options(joinedload(Delivery.user))
    for key, column in (("state", Delivery.state), ("channel", Delivery.channel)):
        if value := query.filters.get(key):
            statement = statement.where(column == value)
    return load_page(
        session,
        statement,
        query,
        sorts={"created": Delivery.created_at},
        default_sort="-created",
        tie_breaker=Delivery.id,
    )


def due_deliveries(session: Session, *, at: datetime, limit: int) -> list[int]:
    """Return the ids of deliveries whose time has come, the oldest first."""
    statement = (
        sa.select(Delivery.id)
        .where(Delivery.state == DeliveryState.WAITING, Delivery.not_before <= at)
        .order_by(Delivery.not_before, Delivery.id)
        .limit(limit)
    )
    return list(session.scalars(statement))


def hold_delivery(session: Session, delivery_id: int) -> Delivery | None:
    """Return a delivery still waiting and hold its row."""
    statement = (
        sa.select(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.WAITING)
        .with_for_update(of=Delivery)
        .execution_options(populate_existing=True)
    )
    return session.scalar(statement)


def find_delivery(session: Session, reference: str, *, channel: str) -> Delivery | None:
    """Return the delivery a gateway names and hold its row."""
    statement = sa.select(Delivery).where(Delivery.reference == reference, Delivery.channel == channel)
    return session.scalar(statement.with_for_update(of=Delivery))


def waiting_summary(session: Session, user_id: int, channel: str) -> Delivery | None:
    """Return the daily summary that has yet to go out to somebody."""
    statement = sa.select(Delivery).where(
        Delivery.user_id == user_id,
        Delivery.channel == channel,
        Delivery.state == DeliveryState.WAITING,
        Delivery.attempts == 0,
    )
    return session.scalars(statement.order_by(Delivery.id.desc()).limit(1)).first()


def actors_holding(session: Session, permission: Permission) -> list[Actor]:
    """Return everybody active who holds a permission, as the actor they would be."""
    roles = [role for role, held in ROLE_PERMISSIONS.items() if permission in held]
    statement = (
        sa.select(User)
        .where(User.active, User.id.in_(sa.select(UserRole.user_id).where(UserRole.role.in_(roles))))
        .options(selectinload(User.role_rows))
        .order_by(User.id)
    )
    return [actor_of(user) for user in session.scalars(statement).unique()]


def find_message(session: Session, user_id: int, kind: str, key: str) -> Message | None:
    """Return the message told to somebody before under the same key."""
    statement = sa.select(Message).where(Message.user_id == user_id, Message.kind == kind, Message.key == key)
    return session.scalar(statement)


def find_channel_by_code(session: Session, code: str) -> Channel | None:
    """Return a gateway, in use or not: a code is never given twice."""
    return session.scalar(sa.select(Channel).where(Channel.code == code))


def has_receipt(session: Session, delivery: Delivery, told: Told) -> bool:
    """Say whether a gateway told this before."""
    statement = sa.select(Receipt.id).where(Receipt.delivery_id == delivery.id, Receipt.told == told)
    return session.scalar(statement) is not None


def list_own(session: Session, viewer: Actor, ids: Sequence[int]) -> Sequence[Message]:
    """Return the viewer's own messages among these."""
    return session.scalars(sa.select(Message).where(Message.user_id == viewer.user_id, Message.id.in_(ids))).all()


def count_confirmation_mails(session: Session, user_id: int, *, since: datetime) -> int:
    """Count the links to confirm an address that were sent for somebody."""
    statement = sa.select(sa.func.count()).where(
        AuditEntry.event == Event.CONFIRMATION_MAILED,
        AuditEntry.subject_kind == "user",
        AuditEntry.subject_id == str(user_id),
        AuditEntry.at >= since,
    )
    return session.scalar(statement) or 0
