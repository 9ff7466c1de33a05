"""Running `flask lots check`, also after somebody with access to the database has changed a row."""

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.guards import unguard


def check(app: Flask, session: Session) -> tuple[int, str]:
    """Return the exit code and what was printed."""
    session.flush()
    session.expire_all()
    run = app.test_cli_runner().invoke(args=["lots", "check"])
    return run.exit_code, run.output


def touch(session: Session, table: str, change: str) -> None:
    """Take the guards of a table away, if it has any, and change all its rows."""
    unguard(session, table)
    assert session.execute(sa.text(f"UPDATE {table} SET {change}")).rowcount  # type: ignore[attr-defined]  # noqa: S608 - texts of tests
