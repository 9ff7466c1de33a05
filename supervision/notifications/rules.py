"""When a message goes out, and how often a channel that does not answer is tried again."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from supervision.labels import N_, Labeled

# minutes until the next attempt; after the last one the delivery is given up
PAUSES = (1, 5, 15, 60, 240)
MAIL = "mail"


class Standing(Labeled):
    """How a message stands with whom it was told to."""

    NEW = "new", N_("Not read yet"), "warning"
    READ = "read", N_("Read"), "info"
    DONE = "done", N_("Done"), "success"


class DeliveryState(Labeled):
    """What became of telling somebody through one channel."""

    WAITING = "waiting", N_("Waiting"), "info"
    SENT = "sent", N_("Sent out"), "success"
    DELIVERED = "delivered", N_("Delivered"), "success"
    READ = "read", N_("Read"), "success"
    FAILED = "failed", N_("Given up"), "danger"
    DROPPED = "dropped", N_("No longer needed"), "neutral"


class Told(StrEnum):
    """What a gateway may tell of a delivery later."""

    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


class Shape(Labeled):
    """How a message is worded for a gateway."""

    GATEWAY = "gateway", N_("Gateway for text messages or personal messages")
    ROBOT = "robot", N_("Robot of a government messenger (text message to a group)")


S = DeliveryState
# a receipt that comes late or twice never undoes a better one
AFTER_RECEIPT: dict[Told, tuple[frozenset[DeliveryState], DeliveryState]] = {
    Told.DELIVERED: (frozenset({S.SENT}), S.DELIVERED),
    Told.READ: (frozenset({S.SENT, S.DELIVERED}), S.READ),
    Told.FAILED: (frozenset({S.SENT}), S.FAILED),
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """How somebody wants to be told: when not, and whether once a day; local times."""

    quiet_from: time | None = None
    quiet_until: time | None = None
    daily_at: time | None = None


def goes_out_at(now: datetime, wishes: Wishes, *, urgent: bool) -> datetime:
    """Return when a message may leave the house, ``now`` being local; what is urgent leaves at once."""
    if urgent:
        return now
    if wishes.daily_at is not None:
        now = _next(now, wishes.daily_at)
    if wishes.quiet_from is None or wishes.quiet_until is None or wishes.quiet_from == wishes.quiet_until:
        return now
    return _next(now, wishes.quiet_until) if _is_quiet(now.time(), wishes.quiet_from, wishes.quiet_until) else now


def _is_quiet(moment: time, begins: time, ends: time) -> bool:
    if begins < ends:
        return begins <= moment < ends
    return moment >= begins or moment < ends


def _next(now: datetime, at: time) -> datetime:
    """Return the next moment with this time of day, ``now`` included."""
    found = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return found if found >= now else found + timedelta(days=1)


def next_attempt(now: datetime, attempts: int) -> datetime | None:
    """Return when a delivery that failed ``attempts`` times is tried again, None when it is given up."""
    return now + timedelta(minutes=PAUSES[attempts - 1]) if attempts <= len(PAUSES) else None
