"""No server starts on a database that has forgotten what the log signed (T43; security sheet, section 5)."""

import click
from flask import Flask
from sqlalchemy.exc import DatabaseError

from supervision.config import SettingError
from supervision.transparency.checks import check_kept
from supervision.transparency.keyring import keyring_of
from supervision.transparency.rules import Found
from supervision.web import database
from supervision.web.commands import both


def told(found: Found) -> str:
    """Say a fault in one line, in Chinese and English."""
    return both(found.fault.label, **found.facts)


def refuse_rollback(app: Flask) -> None:
    """Stop the start of a server when the log no longer holds its last checkpoint; commands go on, to mend it."""
    if click.get_current_context(silent=True) is None:
        with app.app_context():
            check_start(app)


def check_start(app: Flask) -> None:
    """Refuse with one plain line; a database without tables is told of elsewhere."""
    with database.open_session(app, only_reads=True) as session:
        keyring = keyring_of(session)
        try:
            found = check_kept(session, keyring) if keyring is not None else []
        except DatabaseError:
            return
    if found:
        raise SettingError(told(found[0]))
