"""Tables whose rows are evidence: the database itself refuses to change or delete them.

Triggers stop mistakes and the application; a database administrator can drop them, which is why the audit chain and
the transparency log exist. SQLite's ``INSERT OR REPLACE`` deletes silently, hence ``recursive_triggers`` in ``db``.
"""

import sqlalchemy as sa
from sqlalchemy import DDL, event

from supervision.db import Base

_TABLES: set[str] = set()


def append_only(table: sa.Table | sa.FromClause) -> None:
    """Let the rows of ``table`` be inserted and read, never updated or deleted."""
    name = str(getattr(table, "name", table))
    _TABLES.add(name)
    target = Base.metadata.tables[name]
    for dialect in ("sqlite", "postgresql"):
        for statement in statements(name, dialect):
            guard = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # DDL's signature is untyped
            event.listen(target, "after_create", guard.execute_if(dialect=dialect))


def append_only_tables() -> list[str]:
    """Return the names of all evidentiary tables, sorted."""
    return sorted(_TABLES)


def statements(table: str, dialect: str) -> list[str]:
    """Return the DDL that guards ``table``; migrations use it too."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("update", "delete")
        ]
    return [
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()",
    ]
