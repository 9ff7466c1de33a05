"""Ending browser sessions: one's own, those of somebody whose browser may be in wrong hands, those beyond the limit."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.accounts.models import LoginSession, User
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.permissions import Actor


def end_sessions(session: Session, user: User) -> None:
    """End all browser sessions of a user at once."""
    session.execute(sa.delete(LoginSession).where(LoginSession.user_id == user.id))


def end_named(session: Session, id_hashes: Collection[str]) -> int:
    """End these sessions as part of a step that notes it itself; return how many there were."""
    found = session.scalars(sa.select(LoginSession.id_hash).where(LoginSession.id_hash.in_(id_hashes))).all()
    session.execute(sa.delete(LoginSession).where(LoginSession.id_hash.in_(found)))
    return len(found)


def end_surplus(session: Session, user: User, *, kept: int) -> None:
    """End a user's sessions but the ``kept`` used last, so that the new one is within the limit."""
    used_last = sa.select(LoginSession.id_hash).where(LoginSession.user_id == user.id)
    surplus = session.scalars(used_last.order_by(LoginSession.seen_at.desc()).offset(max(kept, 0))).all()
    session.execute(sa.delete(LoginSession).where(LoginSession.id_hash.in_(surplus)))


def end_own_sessions(session: Session, user: User, id_hashes: Collection[str], *, actor: Actor) -> int:
    """End some of one's own sessions; return how many there were."""
    return _end(session, user, LoginSession.id_hash.in_(id_hashes), reason="", actor=actor)


def end_all_sessions(session: Session, user: User, *, reason: str, actor: Actor) -> int:
    """End all sessions of somebody whose browser may be in wrong hands; return how many there were."""
    return _end(session, user, sa.true(), reason=reason, actor=actor)


def _end(session: Session, user: User, which: sa.ColumnElement[bool], *, reason: str, actor: Actor) -> int:
    found = session.scalars(sa.select(LoginSession.id_hash).where(LoginSession.user_id == user.id, which)).all()
    session.execute(sa.delete(LoginSession).where(LoginSession.id_hash.in_(found)))
    details = {"count": len(found)}
    record(session, Event.SESSIONS_ENDED, actor=actor, subject=("user", user.id), reason=reason, details=details)
    return len(found)
