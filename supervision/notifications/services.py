"""Gathering what waits, reading it, saying how one wants to be told, and the gateways."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.accounts.models import User
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Conflict, Invalid, TooMany
from supervision.labels import N_
from supervision.notifications import queries, sources
from supervision.notifications.models import Channel, ContactWishes, Delivery, Message, Receipt
from supervision.notifications.rules import AFTER_RECEIPT, MAIL, DeliveryState, Shape, Told, Wishes, goes_out_at
from supervision.notifications.sources import Kind, Waiting
from supervision.parameters.queries import find_number
from supervision.permissions import Actor, system_actor

MAILS_PER_DAY = 5


@dataclass(frozen=True, slots=True)
class Gathered:
    """How many messages are new, and how many no longer wait."""

    new: int
    settled: int


Found = dict[str, list[Waiting]]


def look(session: Session) -> Found:
    """Ask every room what waits for whom, by kind: only reading, so that nobody who writes waits for it."""
    return {kind.code: list(kind.find(session)) for kind in sources.all_kinds()}


def gather(session: Session, found: Found) -> Gathered:
    """Tell what is new of what was found, settle what waits no longer."""
    new = settled = 0
    for kind in sources.all_kinds():
        if kind.code in found:
            told, done = _gather_kind(session, kind, found[kind.code])
            new, settled = new + told, settled + done
    if new or settled:
        details = {"new": new, "settled": settled}
        record(session, Event.MESSAGES_GATHERED, actor=system_actor(), subject=("messages", "all"), details=details)
    return Gathered(new, settled)


def _gather_kind(session: Session, kind: Kind, found: Iterable[Waiting]) -> tuple[int, int]:
    still = {(one.user_id, one.key): one for one in queries.open_messages(session, kind.code)}
    new = 0
    for waiting in found:
        known = still.pop((waiting.user_id, waiting.key), None)
        if known is None:
            new += _tell(session, kind, waiting)
        else:
            known.values = _values(waiting)
    for message in still.values():
        message.settled_at = clock.now()
    session.flush()
    return new, len(still)


def _tell(session: Session, kind: Kind, waiting: Waiting) -> bool:
    """Enter a message; one that was settled and waits again is opened again, without another mail."""
    before = queries.find_message(session, waiting.user_id, kind.code, waiting.key)
    if before is not None:
        before.settled_at = None
        return False
    message = Message(
        user_id=waiting.user_id,
        kind=kind.code,
        key=waiting.key,
        values=_values(waiting),
        arguments=dict(waiting.arguments),
        urgent=kind.urgent,
        created_at=clock.now(),
    )
    session.add(message)
    session.flush()
    _plan(session, message)
    return True


def _values(waiting: Waiting) -> dict[str, object]:
    """Return the values of a sentence as JSON; a day is worded when it is read."""
    return {
        name: {"day": value.isoformat()} if isinstance(value, date) else value for name, value in waiting.values.items()
    }


def _plan(session: Session, message: Message) -> None:
    """Say through which channels, and when, a message goes out; somebody who asked for none is told inside only."""
    wishes = queries.find_wishes(session, message.user_id)
    if wishes is None:
        return
    asked = Wishes(wishes.quiet_from, wishes.quiet_until, wishes.daily_at)
    at = goes_out_at(clock.local(clock.now()), asked, urgent=message.urgent)
    for channel in _channels_of(session, wishes):
        summary = None
        if wishes.daily_at is not None and not message.urgent:
            summary = queries.waiting_summary(session, message.user_id, channel)
        if summary is not None:
            summary.messages.append(message)
        else:
            _enter_delivery(session, message, channel, at)


def _channels_of(session: Session, wishes: ContactWishes) -> list[str]:
    found = [MAIL] if wishes.email_confirmed_at is not None else []
    if wishes.channel and wishes.channel_address and queries.find_channel(session, wishes.channel) is not None:
        found.append(wishes.channel)
    return found


def _enter_delivery(session: Session, message: Message, channel: str, at: datetime) -> None:
    session.add(
        Delivery(
            user_id=message.user_id,
            channel=channel,
            reference=str(uuid.uuid4()),
            state=DeliveryState.WAITING,
            not_before=at,
            created_at=clock.now(),
            messages=[message],
        )
    )
    session.flush()


def mark_read(session: Session, messages: Iterable[Message], *, actor: Actor) -> int:
    """Mark one's own messages as read; the moment stays as the proof that they were seen."""
    fresh = [one for one in messages if one.read_at is None and one.user_id == actor.user_id]
    for message in fresh:
        message.read_at = clock.now()
    session.flush()
    if fresh:
        details = {"messages": len(fresh), "first": min(one.id for one in fresh)}
        record(session, Event.MESSAGES_READ, actor=actor, subject=("user", actor.user_id), details=details)
    return len(fresh)


@dataclass(frozen=True, slots=True)
class Wished:
    """What somebody typed about how they want to be told."""

    email: str = ""
    channel: str = ""
    channel_address: str = ""
    quiet_from: time | None = None
    quiet_until: time | None = None
    daily_at: time | None = None


def keep_wishes(session: Session, user: User, wished: Wished, *, actor: Actor) -> ContactWishes:
    """Keep how somebody wants to be told; another mail address must be confirmed anew."""
    if wished.channel and queries.find_channel(session, wished.channel) is None:
        raise Invalid("unknown-channel", N_("This gateway is not in use. Choose another or none."), field="channel")
    if wished.channel and not wished.channel_address:
        raise Invalid(
            "no-address", N_("Say under which number or name the gateway knows you."), field="channel_address"
        )
    if (wished.quiet_from is None) != (wished.quiet_until is None):
        raise Invalid("quiet-half", N_("Enter both ends of the quiet hours, or neither."), field="quiet_until")
    wishes = queries.find_wishes(session, user.id) or ContactWishes(user_id=user.id)
    if wishes.email != wished.email:
        wishes.email_confirmed_at = None
    for name in Wished.__dataclass_fields__:
        setattr(wishes, name, getattr(wished, name))
    session.add(wishes)
    session.flush()
    # never the address itself: the audit log is not a register of addresses
    details = {
        "mail": bool(wishes.email),
        "confirmed": wishes.email_confirmed_at is not None,
        "channel": wishes.channel,
        "daily": wishes.daily_at is not None,
    }
    record(session, Event.CONTACT_WISHES_CHANGED, actor=actor, subject=("user", user.id), details=details)
    return wishes


def note_confirmation_mail(session: Session, *, actor: Actor) -> None:
    """Note that a link to confirm an address goes out, or refuse: nobody's form fills somebody else's mailbox."""
    today = clock.today()
    # held so that two forms at once count each other
    session.execute(sa.select(User.id).where(User.id == actor.user_id).with_for_update())
    most = find_number(session, "confirmation-mails-per-day", on=today, default=MAILS_PER_DAY)
    sent = queries.count_confirmation_mails(session, actor.user_id or 0, since=clock.begin_of(today))
    if sent >= most:
        raise TooMany(
            "too-many-mails",
            N_("Saved, but the link was sent %(most)s times today. Save once more tomorrow to have it sent again."),
            most=most,
        )
    record(session, Event.CONFIRMATION_MAILED, actor=actor, subject=("user", actor.user_id))


def confirm_email(session: Session, user: User, email: str, *, actor: Actor) -> None:
    """Take note that the owner of an address opened the link sent there."""
    wishes = queries.find_wishes(session, user.id)
    if wishes is None or wishes.email != email or user.id != actor.user_id:
        raise Conflict("address-changed", N_("The mail address was changed since. Have another link sent."))
    if wishes.email_confirmed_at is None:
        wishes.email_confirmed_at = clock.now()
        session.flush()
        record(session, Event.MAIL_CONFIRMED, actor=actor, subject=("user", user.id))


def add_channel(
    session: Session,
    *,
    code: str,
    name_zh: str,
    name_en: str,
    url: str,
    shape: Shape,
    hosts: Collection[str],
    actor: Actor,
) -> Channel:
    """Enter a gateway; its host must be on the installation's own list (T40)."""
    if code == MAIL or queries.find_channel_by_code(session, code) is not None:
        raise Conflict("channel-exists", N_("There is a gateway with this code already. Choose another."), field="code")
    require_allowed(url, hosts)
    channel = Channel(
        code=code, name_zh=name_zh, name_en=name_en, url=url, shape=shape, key_number=1, created_at=clock.now()
    )
    session.add(channel)
    session.flush()
    details = {"code": code, "host": urlsplit(url).hostname, "shape": shape}
    record(session, Event.CHANNEL_ADDED, actor=actor, subject=("channel", channel.id), details=details)
    return channel


def is_allowed(url: str, hosts: Collection[str]) -> bool:
    """Say whether an address leads to one of the hosts that the operator allows now."""
    try:
        parts = urlsplit(url)
        host, named = parts.hostname, f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    except ValueError:
        return False
    return parts.scheme in {"https", "http"} and bool({host, named} & set(hosts)) and not parts.username


def require_allowed(url: str, hosts: Collection[str]) -> None:
    """Refuse an address that the operator does not allow."""
    if not is_allowed(url, hosts):
        raise Invalid(
            "host-not-allowed",
            N_("The address must lead to one of the hosts the operator allows (NOTIFY_HOSTS): %(hosts)s."),
            field="url",
            hosts=", ".join(sorted(set(hosts))) or "–",
        )


def end_channel(session: Session, channel: Channel, *, reason: str, actor: Actor) -> None:
    """Stop using a gateway; what it was to tell is dropped, people are told inside as before."""
    if channel.ended_at is not None:
        raise Conflict("channel-ended", N_("This gateway is out of use already."))
    channel.ended_at = clock.now()
    session.flush()
    record(
        session,
        Event.CHANNEL_ENDED,
        actor=actor,
        subject=("channel", channel.id),
        reason=reason,
        details={"code": channel.code},
    )


def take_receipt(session: Session, channel: Channel, reference: str, told: Told) -> Delivery | None:
    """Keep what a gateway tells of a delivery; told twice or too late, it changes nothing."""
    delivery = queries.find_delivery(session, reference, channel=channel.code)
    if delivery is None:
        return None
    if queries.has_receipt(session, delivery, told):
        return delivery
    session.add(Receipt(delivery_id=delivery.id, told=told, received_at=clock.now()))
    before, after = AFTER_RECEIPT[told]
    if delivery.state in before:
        delivery.state = after
    session.flush()
    details = {"channel": channel.code, "told": told}
    record(
        session,
        Event.RECEIPT_TAKEN,
        actor=system_actor(channel.code),
        subject=("delivery", delivery.id),
        details=details,
    )
    return delivery
