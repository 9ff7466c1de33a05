"""Rows as the database has them, without the application's types: a tampered value must not stop the check."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any  # raw values of any column

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.types import NULLTYPE

from supervision.db import Base, JsonText, UtcDateTime
from supervision.draws.checking.findings import Bad, changed

Row = Mapping[str, Any]


def table_of(model: type[Base]) -> sa.Table:
    """Return the table of a model, as the typed thing it is."""
    return Base.metadata.tables[model.__tablename__]


def read(session: Session, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> Iterator[Row]:
    """Yield the rows of a table in the order of its key, every value plain: moments aware, the rest as it stands."""
    columns = [sa.type_coerce(column, NULLTYPE).label(column.name) for column in table.c]
    statement = sa.select(*columns).where(*conditions).order_by(*table.primary_key.columns)
    moments = [column.name for column in table.c if isinstance(column.type, UtcDateTime)]
    with session.execute(statement.execution_options(yield_per=2000)) as result:
        for row in result.mappings():
            yield {**row, **{name: moment(row[name]) for name in moments}}


def moment(value: object) -> object:
    """Return a moment aware in UTC; a text that is none stays as it is and will fit nothing."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return value


def compare(table: sa.Table, key: object, row: Row, expected: Mapping[str, object], *, evidence: str) -> Iterator[Bad]:
    """Name every column of a row that is not as expected."""
    for name, value in expected.items():
        if not fits(table.c[name], row[name], value):
            yield changed(table.name, key, name, evidence)


def fits(column: sa.Column[Any], found: object, expected: object) -> bool:
    """Say whether a raw value is the expected one, whichever database gave it back."""
    if isinstance(column.type, JsonText):
        return found == (None if expected is None else json_text(expected))
    if isinstance(expected, bool):
        return found in (int(expected), expected) and found is not None
    if isinstance(expected, date) and not isinstance(expected, datetime):
        return str(found) == expected.isoformat()
    if expected is None or found is None:
        return expected is found
    return found == expected and isinstance(found, str) == isinstance(expected, str)


def json_text(value: object) -> str:
    """Write JSON as the database keeps it."""
    return str(JsonText().process_bind_param(value, None))  # type: ignore[arg-type]  # the dialect plays no part


def from_json(text: object) -> Any:
    """Read JSON as the database keeps it; what is not in that one form is None, which fits nothing."""
    try:
        value = json.loads(str(text))
        return value if json_text(value) == text else None
    except ValueError:
        return None
