"""Sending what is due: the row is marked before anything leaves, and no transaction is open meanwhile.

Whoever dies between sending and noting it sends again under the same reference: told twice at worst, never lost.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.notifications import queries, sources
from supervision.notifications.carriers import TOO_SLOW, Carrier, NotCarried, Outgoing, carry_in_time
from supervision.notifications.models import ContactWishes, Delivery
from supervision.notifications.rules import MAIL, DeliveryState, next_attempt
from supervision.permissions import system_actor

OpenSession = Callable[[bool], Session]
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class House:
    """How the platform signs what it sends: its name in both languages, where the inbox is, its kinds in Chinese."""

    name_zh: str
    name_en: str
    link: str
    labels_zh: Mapping[str, str]


def send_due(open_session: OpenSession, carriers: Mapping[str, Carrier], house: House) -> Counter[DeliveryState]:
    """Send every delivery whose time has come; return how they ended, WAITING being those to be tried again."""
    with open_session(True) as session:
        due = queries.due_deliveries(session, at=clock.now(), limit=MOST_AT_ONCE)
    ended: Counter[DeliveryState] = Counter()
    slow: set[str] = set()
    for delivery_id in due:
        state = _send(open_session, delivery_id, carriers, house, slow=slow)
        if state is not None:
            ended[state] += 1
    if ended:
        with open_session(False) as session:
            details = {state.value: count for state, count in sorted(ended.items())}
            record(session, Event.MESSAGES_SENT, actor=system_actor(), subject=("messages", "all"), details=details)
            session.commit()
    return ended


def _send(
    open_session: OpenSession, delivery_id: int, carriers: Mapping[str, Carrier], house: House, *, slow: set[str]
) -> DeliveryState | None:
    """Send one delivery; those of a channel that kept us waiting in this round are left for the next one."""
    with open_session(False) as session:
        delivery = queries.hold_delivery(session, delivery_id)
        if delivery is None or delivery.channel in slow:
            return None
        channel = delivery.channel
        carrier, outgoing = carriers.get(delivery.channel), _outgoing(session, delivery, house)
        if outgoing is None or carrier is None:
            # done meanwhile, or the person wants no mail any more
            delivery.state = DeliveryState.DROPPED
            session.commit()
            return delivery.state
        delivery.attempts += 1
        again = next_attempt(clock.now(), delivery.attempts)
        delivery.not_before = again or clock.now()
        session.commit()
    fault = ""
    try:
        carry_in_time(carrier, outgoing)
    except NotCarried as error:
        fault = str(error)[:200]
        if fault == TOO_SLOW:
            slow.add(channel)
    with open_session(False) as session:
        delivery = session.get_one(Delivery, delivery_id, populate_existing=True, with_for_update={"of": Delivery})
        # a receipt may have come already
        if delivery.state is DeliveryState.WAITING:
            delivery.fault = fault
            if not fault:
                delivery.state, delivery.sent_at = DeliveryState.SENT, clock.now()
            elif again is None:
                delivery.state = DeliveryState.FAILED
        session.commit()
        return delivery.state


def _outgoing(session: Session, delivery: Delivery, house: House) -> Outgoing | None:
    """Word a delivery from the messages that still wait unread; None when there is nothing left to tell."""
    waiting = [one for one in delivery.messages if one.settled_at is None and one.read_at is None]
    wishes = queries.find_wishes(session, delivery.user_id)
    to = _address(wishes, delivery.channel)
    if not waiting or not to or not delivery.user.active:
        return None
    counts = Counter(one.kind for one in waiting)
    kinds = [(kind, count) for code, count in sorted(counts.items()) if (kind := sources.find_kind(code))]
    chinese = [f"{house.labels_zh[kind.label]}：{count}" for kind, count in kinds]
    english = [f"{kind.label}: {count}" for kind, count in kinds]
    count = len(waiting)
    return Outgoing(
        reference=delivery.reference,
        to=to,
        subject=f"{house.name_zh}：{count}条新消息 · {count} new message{'s' if count > 1 else ''}",
        text="\n".join([house.name_zh, *chinese, "", house.name_en, *english]),
        link=house.link,
        counts=dict(counts),
    )


def _address(wishes: ContactWishes | None, channel: str) -> str:
    if wishes is None:
        return ""
    if channel == MAIL:
        return wishes.email if wishes.email_confirmed_at is not None else ""
    return wishes.channel_address if wishes.channel == channel else ""
