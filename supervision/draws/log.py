"""The draw log: leaves appended in order, never changed; the transparency log proves their tree (section 8).

Leaves of the platform itself (its keys, the head of the audit log, the register) name the draw "-".
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from sampling.hashing import LOG_HASH
from sampling.merkle import leaf_hash
from sampling.replacement import Event, Replaced, Struck
from sampling.transparency_log import leaf_bytes
from supervision import clock
from supervision.db import UtcDateTime
from supervision.draws.models import Draw, LogHead, LogLeaf
from supervision.draws.rules import SEALED_EVENTS, LogEvent, log_name, moment_text

NO_DRAW = "-"
_FIRST_HEAD = sa.text(
    "INSERT INTO log_head (id, size, newest_at) VALUES (1, 0, :at) ON CONFLICT DO NOTHING"
).bindparams(sa.bindparam("at", type_=UtcDateTime))


def lock_log(session: Session) -> LogHead:
    """Take the one lock that all writers of leaves and draw numbers pass, one after the other."""
    head = session.get(LogHead, 1, with_for_update=True)
    if head is None:
        # two may come first at once: one of them makes the row, both then wait for its lock
        session.execute(_FIRST_HEAD, {"at": clock.now().replace(microsecond=0)})
        head = session.get_one(LogHead, 1, with_for_update=True)
    return head


def log_moment(session: Session) -> datetime:
    """Return the present moment as the log knows it: never before its newest leaf, however the clock is set (T12)."""
    head = session.get(LogHead, 1)
    return max(clock.now(), head.newest_at) if head is not None else clock.now()


def append_leaf(
    session: Session, draw: Draw, event: LogEvent, *, digest: str, fields: Mapping[str, object] | None = None
) -> LogLeaf:
    """Append a leaf; its time is never before that of the leaf before it."""
    subject = _Subject(log=log_name(draw.number), draw=draw.number, draw_id=draw.id)
    return _append(session, subject, event, digest=digest, fields=fields)


def append_platform_leaf(
    session: Session, event: LogEvent, *, region: str, digest: str, fields: Mapping[str, object]
) -> LogLeaf:
    """Append a leaf that belongs to no draw: its draw is "-", which is no draw's number."""
    subject = _Subject(log=log_name(region), draw=NO_DRAW, draw_id=None)
    return _append(session, subject, event, digest=digest, fields=fields)


@dataclass(frozen=True, slots=True)
class _Subject:
    """Which log a leaf goes to, and which draw it speaks of."""

    log: str
    draw: str
    draw_id: int | None


def _append(
    session: Session, subject: _Subject, event: LogEvent, *, digest: str, fields: Mapping[str, object] | None
) -> LogLeaf:
    head = lock_log(session)
    at = max(clock.now(), head.newest_at).replace(microsecond=0)
    entry = leaf_bytes(
        log=subject.log,
        event=event.value,
        draw=subject.draw,
        digest=digest,
        at=moment_text(at),
        fields=fields,
    )
    leaf = LogLeaf(
        index=head.size,
        draw_id=subject.draw_id,
        event=event,
        digest=digest,
        at=at,
        leaf=entry.decode(),
        leaf_hash=leaf_hash(LOG_HASH, entry).hex(),
    )
    head.size, head.newest_at = head.size + 1, max(at, head.newest_at)
    session.add(leaf)
    session.flush()
    return leaf


def replacement_history(session: Session, draw: Draw) -> list[Event]:
    """Return every strike and replacement of a draw so far, in the order of the log."""
    statement = (
        sa.select(LogLeaf.leaf)
        .where(LogLeaf.draw_id == draw.id, LogLeaf.event.in_(SEALED_EVENTS))
        .order_by(LogLeaf.index)
    )
    return [_event(json.loads(leaf)) for leaf in session.scalars(statement)]


def _event(leaf: Mapping[str, object]) -> Event:
    successor = None if leaf["in"] is None else str(leaf["in"])
    if leaf["event"] == LogEvent.STRUCK.value:
        return Struck(out=str(leaf["out"]), successor=successor, ground=str(leaf["ground"]))
    return Replaced(
        team=str(leaf["team"]),
        department=str(leaf["department"]),
        out=str(leaf["out"]),
        successor=successor,
        k=int(str(leaf["k"])),
        ground=str(leaf["ground"]),
    )
