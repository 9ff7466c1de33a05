"""What the pages of the log show."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from supervision import clock
from supervision.errors import DomainError
from supervision.transparency import queries
from supervision.transparency.keyring import keyring_of
from supervision.transparency.models import LogCheckpoint
from supervision.transparency.proofs import newest_checkpoint
from supervision.transparency.queries import LastSeen, ShownLeaf
from supervision.transparency.rules import FEED_LENGTH, SHOWN_EVENTS, is_silent


@dataclass(frozen=True, slots=True)
class ShownKey:
    """A key of the log and when it was in force."""

    verifier_key: str
    leaf_index: int
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class ShownWitness:
    """A witness and what it saw last; ``behind`` is how many leaves it has not seen yet."""

    seen: LastSeen
    silent: bool
    behind: int


@dataclass(frozen=True, slots=True)
class LogPage:
    """The log as everybody may see it; ``fault`` says why it cannot be signed now."""

    origin: str
    checkpoint: LogCheckpoint | None
    note: str
    signed_at: datetime | None
    fault: DomainError | None
    witnesses: list[ShownWitness]
    former: list[LastSeen]
    keys: list[ShownKey]
    events: list[ShownLeaf]


def log_page(session: Session) -> LogPage:
    """Return what the public page shows, the newest checkpoint made if the log grew."""
    checkpoint, fault = _newest(session)
    size = checkpoint.size if checkpoint else 0
    seen = queries.last_seen(session)
    keyring = keyring_of(session)
    return LogPage(
        origin=keyring.origin if keyring else "",
        checkpoint=checkpoint,
        note=queries.cosigned_note(session, checkpoint) if checkpoint else "",
        signed_at=queries.get_leaf(session, size - 1).at if size else None,
        fault=fault,
        witnesses=shown_witnesses(seen, size=size),
        former=[one for one in seen if one.witness.ended_at is not None],
        keys=shown_keys(session),
        events=newest_events(session, size=size, count=SHOWN_EVENTS),
    )


def _newest(session: Session) -> tuple[LogCheckpoint | None, DomainError | None]:
    """Return the newest checkpoint; where the log refuses to sign, the last one it did, and why it refuses."""
    try:
        return newest_checkpoint(session), None
    except DomainError as error:
        return queries.find_newest(session), error


def shown_witnesses(seen: list[LastSeen], *, size: int) -> list[ShownWitness]:
    """Return the active witnesses with how they stand to a log of ``size`` leaves."""
    now = clock.now()
    return [
        ShownWitness(one, is_silent(one.seen_at, now=now), max(0, size - (one.size or 0)))
        for one in seen
        if one.witness.ended_at is None
    ]


def shown_keys(session: Session) -> list[ShownKey]:
    """Return the keys of the log, the newest first, each with its period."""
    keys = queries.list_keys(session)
    ends = [*(key.began_at for key in keys[1:]), None]
    shown = [
        ShownKey(key.verifier_key, key.leaf_index, key.began_at, until) for key, until in zip(keys, ends, strict=True)
    ]
    return shown[::-1]


def newest_events(session: Session, *, size: int, count: int = FEED_LENGTH) -> list[ShownLeaf]:
    """Return the newest signed leaves, the newest first."""
    start = max(0, size - count)
    return queries.list_leaves(session, start=start, count=size - start, newest_first=True)
