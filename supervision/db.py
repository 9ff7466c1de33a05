"""The declarative base, column types and engine: one place where SQLite and PostgreSQL are made to agree.

SQLite: every write transaction begins with ``BEGIN IMMEDIATE`` (a deferred one loses updates silently), reads may
be deferred; WAL only where the linked SQLite has the fix for the WAL-reset corruption (3.51.3), else ``DELETE``.
"""

import enum
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any  # rows of the DBAPI and JSON values are untyped by nature

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

try:
    from pysqlite3 import dbapi2 as sqlite_driver
except ImportError:  # pragma: no cover - platforms without the wheel use the system's SQLite
    import sqlite3 as sqlite_driver

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
WAL_SAFE_SINCE = (3, 51, 3)
# how long a writer waits for the one before it: a large import holds SQLite for some seconds; less than the patience
# of web servers (30 s), so that whoever waited in vain is still told so
BUSY_MILLISECONDS = 20_000
# not all is worth waiting for: engine.execution_options(busy_milliseconds=…) waits less
BUSY_OPTION = "busy_milliseconds"
SQLITE_BUSY = 5
# deadlock, a lock that was not to be had, and two transactions that cannot both have happened
POSTGRESQL_BUSY = frozenset({"40P01", "55P03", "40001"})


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = sa.MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; a naive value is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonText(TypeDecorator[Any]):
    """A JSON value as text: the same bytes on both databases, keys sorted, Chinese readable."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else json.loads(value)


def enum_type(kind: type[enum.StrEnum], *, length: int = 32) -> sa.Enum:
    """Return a text column type holding the values of ``kind``, checked by the database."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=length,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


def make_engine(
    url: str, *, audit_key: bytes = b"", log_keys: tuple[Path, str] | None = None, evidence: Path | None = None
) -> Engine:
    """Make the engine for ``url`` (``sqlite:///…`` or ``postgresql+psycopg://…``).

    ``audit_key`` travels with the engine so that services can chain audit entries without knowing any setting, and
    ``log_keys`` (folder of keys, region) so that they can sign checkpoints of the log, and ``evidence`` (folder of
    originals) so that they can keep files. Errors do not repeat the parameters of a statement: they would carry names
    and numbers of people into the log.
    """
    options = {"audit_key": audit_key, "log_keys": log_keys, "evidence_folder": evidence}
    if url.startswith("sqlite"):
        engine = sa.create_engine(
            url, module=sqlite_driver, connect_args={"check_same_thread": False}, execution_options=options,
            hide_parameters=True,
        )  # fmt: skip
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return sa.create_engine(
        url, pool_pre_ping=True, pool_size=10, max_overflow=10, execution_options=options, hide_parameters=True
    )


def reading(engine: Engine) -> Engine:
    """Return ``engine`` as used for requests that only read: its SQLite transactions are deferred."""
    return engine.execution_options(reads_only=True)


def _prepare_sqlite(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:  # noqa: ARG001
    # SQLAlchemy emits BEGIN itself (below); the driver must not begin on its own.
    connection.isolation_level = None
    cursor = connection.cursor()
    safe = sqlite_driver.sqlite_version_info >= WAL_SAFE_SINCE
    for pragma in (
        f"journal_mode={'WAL' if safe else 'DELETE'}",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MILLISECONDS}",
        "recursive_triggers=ON",
        "trusted_schema=OFF",
        "cache_size=-65536",
        "temp_store=MEMORY",
        "mmap_size=268435456",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("reads_only", False):
        connection.exec_driver_sql("BEGIN")
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout={int(options.get(BUSY_OPTION, BUSY_MILLISECONDS))}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def is_busy(error: BaseException) -> bool:
    """Say whether somebody else held the database for too long: nothing was written, and it may be tried again."""
    if not isinstance(error, OperationalError):
        return False
    if getattr(error.orig, "sqlstate", None) in POSTGRESQL_BUSY:
        return True
    return int(getattr(error.orig, "sqlite_errorcode", 0)) & 0xFF == SQLITE_BUSY


def insert_many(
    session: Session, into: sa.Table | type[Base], rows: list[dict[str, Any]], *, chunk: int = 5000
) -> None:
    """Insert ``rows`` by chunks, for imports and demo data; the caller's transaction holds them all."""
    table = into if isinstance(into, sa.Table) else into.__table__
    for start in range(0, len(rows), chunk):
        session.execute(sa.insert(table), rows[start : start + chunk])  # type: ignore[arg-type]  # mapped to a Table
    if rows and "id" in rows[0]:
        _count_on(session, table)  # type: ignore[arg-type]  # mapped to a Table


def _count_on(session: Session, table: sa.Table) -> None:
    """Let PostgreSQL's counter go on after numbers that rows brought along; SQLite does so by itself."""
    if session.get_bind().dialect.name != "postgresql":
        return
    newest = sa.select(sa.func.max(table.c.id)).scalar_subquery()
    session.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table.name, "id"), newest)))
