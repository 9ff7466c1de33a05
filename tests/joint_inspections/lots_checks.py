"""Running `flask lots check`, also after somebody with access to the database has changed a row."""

from contextlib import suppress

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session


def check(app: Flask, session: Session) -> tuple[int, str]:
    """Return the exit code and what was printed."""
    session.flush()
    session.expire_all()
    run = app.test_cli_runner().invoke(args=["lots", "check"])
    return run.exit_code, run.output


def touch(session: Session, table: str, change: str) -> None:
    """Take the guards of a table away, if it has any, and change all its rows."""
    with suppress(DatabaseError), session.begin_nested():
        on_sqlite = session.get_bind().dialect.name == "sqlite"
        session.execute(
            sa.text(f"DROP TRIGGER {table}_no_update" if on_sqlite else f"ALTER TABLE {table} DISABLE TRIGGER USER")
        )
    assert session.execute(sa.text(f"UPDATE {table} SET {change}")).rowcount  # type: ignore[attr-defined]  # noqa: S608 - texts of tests
