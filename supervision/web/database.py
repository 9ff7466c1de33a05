"""One database session per request; reads are deferred, writes take the lock at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, current_app, g, request
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from supervision.db import BUSY_OPTION, make_engine, reading

HASTE_MILLISECONDS = 200
READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def init_app(
    app: Flask,
    url: str,
    *,
    audit_key: bytes,
    log_keys: tuple[Path, str] | None = None,
    evidence: Path | None = None,
) -> None:
    """Open the engine of ``app`` and close each request's session at its end."""
    app.extensions["engine"] = make_engine(url, audit_key=audit_key, log_keys=log_keys, evidence=evidence)
    app.teardown_appcontext(_close)


def engine() -> Engine:
    """Return the engine of the current application."""
    found: Engine = current_app.extensions["engine"]
    return found


def session() -> Session:
    """Return the session of this request (or of this command)."""
    if "database_session" not in g:
        only_reads = bool(request) and request.method in READING_METHODS
        g.database_session = open_session(current_app, only_reads=only_reads)
    found: Session = g.database_session
    return found


def open_session(app: Flask, *, only_reads: bool = False) -> Session:
    """Open a session of its own on the application's database; the caller closes it."""
    shared: Connection | None = app.extensions.get("test_connection")
    if shared is not None:
        return Session(shared, join_transaction_mode="create_savepoint", expire_on_commit=False)
    bind: Engine = app.extensions["engine"]
    return Session(reading(bind) if only_reads else bind, expire_on_commit=False)


def open_hasty_session(app: Flask) -> Session:
    """Open a session for writing what is not worth a wait: it gives up after a blink."""
    if "test_connection" in app.extensions:
        return open_session(app)
    bind: Engine = app.extensions["engine"].execution_options(**{BUSY_OPTION: HASTE_MILLISECONDS})
    return Session(bind, expire_on_commit=False)


def read_only() -> None:
    """Undo what is not committed and only read from here on: to tell of a refusal, without waiting for the lock."""
    if "database_session" not in g:
        g.database_session = open_session(current_app, only_reads=True)
        return
    opened: Session = g.database_session
    opened.rollback()
    if "test_connection" not in current_app.extensions:
        opened.bind = reading(engine())


def commit() -> None:
    """Make what this request did lasting: the last line of a view before its redirect."""
    session().commit()


@contextmanager
def written_now() -> Iterator[Session]:
    """Yield a session whose work the block's end commits: what a request that only reads must leave behind.

    The reading transaction ends first: where the database has one writer, a reader must not wait for itself. A fault
    in the block goes on to the visitor, who then gets nothing.
    """
    session().commit()
    with open_session(current_app) as own:
        yield own
        own.commit()


def end_transaction() -> None:
    """End what this request still holds uncommitted, so that a short transaction of its own cannot wait for it."""
    opened: Session | None = g.get("database_session")
    if opened is not None:
        opened.close()


def _close(error: BaseException | None) -> None:  # noqa: ARG001 - Flask hands the error over
    end_transaction()
    g.pop("database_session", None)
