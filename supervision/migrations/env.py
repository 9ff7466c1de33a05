"""Alembic's environment: the application's engine, batch mode for SQLite, plain types in revisions."""

from typing import Any, Literal  # Alembic hands over objects of many kinds

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Enum

from supervision.db import Base, JsonText, UtcDateTime
from supervision.schema import include_name


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:  # noqa: ARG001 - Alembic's signature
    """Name plain types, so that an old revision never depends on today's models."""
    if kind == "type":
        if isinstance(item, UtcDateTime):
            return "sa.DateTime(timezone=True)"
        if isinstance(item, JsonText):
            return "sa.Text()"
        if isinstance(item, Enum):
            return f"sa.String(length={item.length})"
    return False


with context.config.attributes["engine"].connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render_item,
        include_name=include_name,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
