"""What a database administrator could do to evidence: every column of every row, and rows taken, doubled, exchanged.

Each change goes past triggers, foreign keys and checks, is looked for by ``flask draws check`` and undone again.
"""

import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any  # raw rows

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from supervision.db import Base, JsonText, UtcDateTime, make_engine
from supervision.draws.checking.check import check_all
from supervision.draws.checking.findings import Bad
from tests.supervision.draws.world import OPERATOR

KEY = b"k" * 32
Row = dict[str, Any]

# columns that say nothing of their own, or nothing about a draw, and why
NO_EVIDENCE = {
    ("draw_members", "id"): "a number of the database's own; a member is known by team and inspector",
    ("plan_versions", "id"): "a number of the database's own; the task of a draw points to it and the digest binds it",
    ("plan_versions", "plan_id"): "a number of the database's own",
    ("plan_versions", "state"): "moves on when a newer version is published; the document keeps what was published",
    ("plan_versions", "revision"): "counts saves of the draft",
    ("plan_versions", "item_list_id"): "number and digest of the list stand in the document",
    ("plan_versions", "joint_item_id"): "the code stands in the document",
    ("plan_versions", "return_reason"): "belongs to drafting, before publication",
    ("plan_versions", "editors"): "belongs to drafting; who wrote stands in the audit log",
    ("plan_versions", "drafted_by"): "belongs to drafting; stands in the audit log",
    ("plan_versions", "submitted_by"): "belongs to drafting; stands in the audit log",
    ("plan_versions", "submitted_at"): "belongs to drafting; stands in the audit log",
    ("plan_versions", "approved_by"): "stands in the audit log",
    ("plan_versions", "approved_at"): "stands in the audit log",
    ("plan_versions", "published_at"): "stands in the audit log",
    ("plan_versions", "publication_due_on"): "in the document only where a plan was published late",
    ("plan_versions", "late_ground"): "in the document only where a plan was published late",
    ("plan_versions", "late_note"): "in the document only where a plan was published late",
    ("plan_versions", "created_at"): "belongs to drafting",
    ("plan_versions", "confidential_salt"): "binds only a scope limited to classes or internal tags",
    ("witnesses", "name"): "stays with those who named them; the public name is bound by the log",
    ("witnesses", "contact"): "stays with those who named them",
    ("witnesses", "token_hash"): "opens the link, says nothing of the draw; each entry by it is in the log",
    ("witnesses", "named_body"): "the person who named stands in the audit log",
    ("beacon_entries", "id"): "a number of the database's own; the entry is bound by its seal",
}
TABLES = (
    "audit_entries",
    "audit_head",
    "log_leaves",
    "log_head",
    "draws",
    "draw_files",
    "contributions",
    "draw_pseudonyms",
    "draw_units",
    "draw_members",
    "void_proposals",
    "draw_proposals",
    "witnesses",
    "beacon_lapses",
    "beacon_values",
    "beacon_entries",
    "plan_versions",
)
# rows of these may come and go without touching a draw: drafts of plans
ROWS_OF_OTHERS = {"plan_versions"}
# two columns that bind each other, so that either may be named
TWINS = {
    ("log_leaves", "leaf"): {"leaf", "leaf_hash"},
    ("log_leaves", "leaf_hash"): {"leaf", "leaf_hash"},
    ("plan_versions", "published_json"): {"published_json", "digest"},
    ("plan_versions", "digest"): {"published_json", "digest"},
    ("witnesses", "kind"): {"kind", "public_name"},
}
# evidence that tells that a row was changed, and cannot always tell where
COLUMN_UNTOLD = {"audit_entries", "beacon_entries", "draw_proposals", "void_proposals"}


@dataclass(frozen=True)
class Attack:
    """One change, the table and the keys of the records that may be named first, and the columns ("" for rows)."""

    name: str
    table: str
    keys: frozenset[str]
    columns: frozenset[str]
    carry_out: Callable[[Connection], None]


def copy_of(source: Path, target: Path) -> Engine:
    """Copy a database file and open it as its administrator: nothing in the way."""
    target.write_bytes(source.read_bytes())
    engine = make_engine(f"sqlite:///{target}", audit_key=KEY)
    with engine.connect() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
        for name in names:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        connection.commit()
    sa.event.listen(engine, "connect", _unguarded)
    engine.dispose()
    return engine


def _unguarded(connection: Any, record: object) -> None:
    for pragma in ("foreign_keys=OFF", "ignore_check_constraints=ON", "synchronous=OFF", "journal_mode=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def undone(engine: Engine) -> Iterator[Connection]:
    """Yield a connection whose work is rolled back."""
    with engine.connect() as connection:
        transaction = connection.begin()
        try:
            yield connection
        finally:
            transaction.rollback()


def check(connection: Connection) -> tuple[Bad, ...]:
    """Check as the command does."""
    with Session(connection) as session:
        return check_all(session, OPERATOR).bad


def attempt(engine: Engine, attack: Attack) -> str:
    """Carry out an attack; return "caught", "refused" by the database, or what the check said instead."""
    with undone(engine) as connection:
        try:
            attack.carry_out(connection)
        except sa.exc.IntegrityError:
            return "refused"
        bad = check(connection)
    if not bad:
        return f"{attack.name}: not found"
    first = bad[0]
    if first.table != attack.table or not _names(first.key, attack.keys):
        return f"{attack.name}: {first.table} {first.key} {first.column} was named"
    if attack.columns and first.column not in attack.columns:
        return f"{attack.name}: column {first.column!r} was named"
    return "caught"


def _names(key: str, keys: frozenset[str]) -> bool:
    return any(one == key or one.startswith(f"{key}/") for one in keys)


class Book:
    """The rows of the evidentiary tables, with the keys under which the check names them."""

    def __init__(self, engine: Engine) -> None:
        with engine.connect() as connection:
            self.rows = {name: self._read(connection, name) for name in TABLES}
            self.numbers = {row["id"]: row["number"] for row in self.rows["draws"]}
            self.units = dict(connection.exec_driver_sql("SELECT id, unit_id FROM entities").all())
        self.people = {(row["draw_id"], row["inspector_id"]): row["pseudonym"] for row in self.rows["draw_pseudonyms"]}

    @staticmethod
    def _read(connection: Connection, name: str) -> list[Row]:
        keys = ", ".join(f'"{column.name}"' for column in Base.metadata.tables[name].primary_key.columns)
        found = connection.exec_driver_sql(f'SELECT * FROM "{name}" ORDER BY {keys}')  # noqa: S608 - names of tables
        return [dict(row) for row in found.mappings()]

    def key(self, table: str, row: Row) -> str:
        """Return how the check names a row."""
        number = self.numbers.get(row.get("draw_id"), f"#{row.get('draw_id')}")
        if table == "draws":
            return str(row["number"])
        last = {
            "draw_files": lambda: row["name"],
            "contributions": lambda: row["by"],
            "witnesses": lambda: row["by"],
            "beacon_lapses": lambda: row["place"],
            "draw_pseudonyms": lambda: row["pseudonym"],
            "draw_units": lambda: self.units.get(row["entity_id"], f"#{row['entity_id']}"),
            "draw_members": lambda: f"{row['team']}/{self._member(row)}",
        }
        if table in last:
            return f"{number}/{last[table]()}"
        own = {
            "void_proposals": number,
            "beacon_values": number,
            "log_leaves": row.get("index"),
            "audit_entries": row.get("seq"),
        }
        return str(own.get(table, row.get("id")))

    def keys(self, table: str, *rows: Row) -> frozenset[str]:
        """Return the keys under which these rows may be named; of a lost entry only the draw can be told."""
        found = {self.key(table, row) for row in rows}
        if table == "beacon_entries":
            found |= {str(self.numbers.get(row["draw_id"])) for row in rows}
        return frozenset(found)

    def _member(self, row: Row) -> str:
        return str(self.people.get((row["draw_id"], row["inspector_id"]), f"#{row['inspector_id']}"))


def primary(table: str) -> list[str]:
    """Return the names of a table's key columns."""
    return [column.name for column in Base.metadata.tables[table].primary_key.columns]


def where(table: str, row: Row) -> tuple[str, dict[str, Any]]:
    """Return the condition that finds a row, and its parameters."""
    keys = primary(table)
    return " AND ".join(f'"{name}" = :key_{name}' for name in keys), {f"key_{name}": row[name] for name in keys}


def write(connection: Connection, table: str, row: Row, values: Row) -> None:
    """Set columns of one row."""
    condition, parameters = where(table, row)
    assignments = ", ".join(f'"{name}" = :new_{name}' for name in values)
    statement = sa.text(f'UPDATE "{table}" SET {assignments} WHERE {condition}')  # noqa: S608 - names of tables
    connection.execute(statement, {**parameters, **{f"new_{name}": value for name, value in values.items()}})


def take_out(connection: Connection, table: str, row: Row) -> None:
    """Delete one row."""
    condition, parameters = where(table, row)
    connection.execute(sa.text(f'DELETE FROM "{table}" WHERE {condition}'), parameters)  # noqa: S608


def put_in(connection: Connection, table: str, row: Row) -> None:
    """Insert one row."""
    columns, places = ", ".join(f'"{name}"' for name in row), ", ".join(f":{name}" for name in row)
    connection.execute(sa.text(f'INSERT INTO "{table}" ({columns}) VALUES ({places})'), row)  # noqa: S608


def another(column: sa.Column[Any], value: Any) -> Any:
    """Return another value of the same kind."""
    if value is None:
        return _something(column)
    if isinstance(column.type, sa.Boolean):
        return 1 - int(value)
    if isinstance(column.type, UtcDateTime):
        return str(datetime.fromisoformat(value) + timedelta(hours=1))
    others = {bytes: _other_bytes, int: lambda number: number + 1, str: _other_text}
    return _other_json(value) if isinstance(column.type, JsonText) else others[type(value)](value)


def _other_bytes(packed: bytes) -> bytes:
    return zlib.compress(zlib.decompress(packed) + b"x")


def _something(column: sa.Column[Any]) -> Any:
    if isinstance(column.type, (sa.Integer, sa.Boolean)):
        return 1
    if isinstance(column.type, (UtcDateTime, sa.Date)):
        return "2026-11-01 08:00:00.000000" if isinstance(column.type, UtcDateTime) else "2026-11-01"
    return "{}" if isinstance(column.type, JsonText) else "a" * 64


def _other_json(text: str) -> str:
    for place, char in enumerate(text):
        if char.isdigit() and char != "0" and text[place - 1 : place] in {":", ",", "["}:
            return text[:place] + ("1" if char != "1" else "2") + text[place + 1 :]
    value = json.loads(text)
    changed = {**value, "x": 1} if isinstance(value, dict) else [*value, 1]
    return json.dumps(changed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _other_text(text: str) -> str:
    if not text:
        return "x"
    place = len(text) // 2
    return text[:place] + ("1" if text[place] != "1" else "2") + text[place + 1 :]
