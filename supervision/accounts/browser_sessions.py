"""Flask's session, kept on the server: signing out, disabling a user or changing a password really ends it.

Anonymous visitors get a row only when a page needs one (a form's CSRF token). The cookie holds 256 random bits; the
database holds their hash.
"""

import hashlib
import logging
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any  # a session holds any JSON

import sqlalchemy as sa
from flask import Flask, Request, Response, g, request
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from werkzeug.datastructures import CallbackDict

from supervision import clock
from supervision.accounts.models import LoginSession
from supervision.accounts.rules import TOUCH_EVERY, Policy, session_expired
from supervision.db import is_busy
from supervision.web.database import READING_METHODS, end_transaction, open_hasty_session, open_session
from supervision.web.database import session as request_session
from supervision.web.error_pages import busy

log = logging.getLogger(__name__)

USER_KEY = "_user_id"
# what Flask itself keeps under a leading underscore: messages to show once; the rest is who is signed in
FLASHES_KEY = "_flashes"
# seconds, fixed at sign-in by the parameters of that day and the person's post
IDLE_KEY, ABSOLUTE_KEY = "idle_limit", "absolute_limit"
LONGEST_DEVICE = 200


class BrowserSession(CallbackDict[str, Any], SessionMixin):
    """The contents of one browser's session; ``rotate`` gives it a new id at the end of the request."""

    def __init__(self, initial: dict[str, Any] | None = None, *, token: str = "", seen_at: datetime | None = None):
        def on_change(changed: CallbackDict[str, Any]) -> None:  # noqa: ARG001 - CallbackDict's signature
            self.modified = True

        super().__init__(initial, on_change)
        self.token = token
        self.seen_at = seen_at
        self.new = not token
        self.modified = False
        self.rotate = False


class DatabaseSessions(SessionInterface):
    """Opens and saves browser sessions in the application's database, in short transactions of their own."""

    def __init__(self, *, secure: bool) -> None:
        self.secure = secure
        self.cookie = "__Host-sid" if secure else "sid"

    def open_session(self, app: Flask, request: Request) -> BrowserSession:
        """Return the session named by the cookie, or a new empty one."""
        token = request.cookies.get(self.cookie, "")
        if not token or len(token) > 100 or request.path.startswith(f"{app.static_url_path}/"):
            return BrowserSession()
        try:
            row = _read(app, request, _hash(token))
        except SQLAlchemyError as fault:  # no page can be drawn before there is a session: told a moment later
            g.session_fault = fault
            return BrowserSession()
        if row is None:
            return BrowserSession()
        idle, absolute = _limits(row.data)
        if session_expired(
            created_at=row.created_at, seen_at=row.seen_at, at=clock.now(), idle=idle, absolute=absolute
        ):
            return BrowserSession()
        return BrowserSession(dict(row.data), token=token, seen_at=row.seen_at)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Store what changed; touch a busy session once a minute; take an emptied one away."""
        if not isinstance(session, BrowserSession) or "session_fault" in g:
            return
        end_transaction()
        try:
            self._save(app, session, response)
        except OperationalError as error:
            if not is_busy(error):
                raise
            log.warning("the database is busy; a browser session was not written")
            if session.rotate:  # signing in or out did not happen
                response.status_code = 503
                response.headers.pop("Location", None)
                response.set_data(busy().get_data())

    def _save(self, app: Flask, session: BrowserSession, response: Response) -> None:
        if session.modified or session.rotate:
            self._store(app, session, response)
        elif session.token and session.seen_at and clock.now() - session.seen_at > TOUCH_EVERY:
            with open_hasty_session(app) as database, database.begin():
                database.execute(
                    sa.update(LoginSession)
                    .where(LoginSession.id_hash == _hash(session.token))
                    .values(seen_at=clock.now())
                )

    def _store(self, app: Flask, session: BrowserSession, response: Response) -> None:
        now = clock.now()
        with open_session(app) as database, database.begin():
            row = database.get(LoginSession, _hash(session.token)) if session.token else None
            if not session or session.rotate:
                if row is not None:
                    database.delete(row)
                row, session.token = None, ""
            elif row is None and session.token:
                # ended while this request ran (signed out elsewhere, by an administrator): nobody comes back by it
                for key in [key for key in session if key.startswith("_") and key != FLASHES_KEY]:
                    del session[key]
            if not session:
                response.delete_cookie(self.cookie, secure=self.secure, httponly=True, samesite="Lax")
                return
            if row is None:
                session.token = secrets.token_urlsafe(32)
                device = request.headers.get("User-Agent", "")[:LONGEST_DEVICE]
                row = LoginSession(id_hash=_hash(session.token), created_at=now, device=device)
                database.add(row)
            row.data, row.seen_at = dict(session), now
            row.user_id = int(session[USER_KEY]) if USER_KEY in session else None
        response.set_cookie(
            self.cookie,
            session.token,
            max_age=int(_limits(session)[1].total_seconds()),
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="Lax",
        )


_STORED = sa.select(LoginSession.data, LoginSession.created_at, LoginSession.seen_at).where(
    LoginSession.id_hash == sa.bindparam("id_hash")
)


def _read(app: Flask, request: Request, id_hash: str) -> Any:
    """Return the stored session: a reading request goes on in the same transaction, another has not begun its own."""
    if request.method in READING_METHODS:
        return request_session().execute(_STORED, {"id_hash": id_hash}).first()
    with open_session(app, only_reads=True) as database:
        return database.execute(_STORED, {"id_hash": id_hash}).first()


def limit_session(session: SessionMixin, policy: Policy, *, administrator: bool) -> None:
    """Keep with a new session how long it may rest and last."""
    session[IDLE_KEY] = int(policy.idle(administrator=administrator).total_seconds())
    session[ABSOLUTE_KEY] = int(policy.absolute.total_seconds())


def _limits(data: Mapping[str, Any]) -> tuple[timedelta, timedelta]:
    house = Policy()
    idle, absolute = data.get(IDLE_KEY), data.get(ABSOLUTE_KEY)
    return (
        timedelta(seconds=idle) if idle else house.idle(administrator=False),
        timedelta(seconds=absolute) if absolute else house.absolute,
    )


def session_key(session: SessionMixin) -> str:
    """Return how the database names this browser's session."""
    return _hash(session.token) if isinstance(session, BrowserSession) and session.token else ""


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
