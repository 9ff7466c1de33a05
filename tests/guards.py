"""Taking away what keeps evidence as it is, as somebody who owns the database can."""

import sqlalchemy as sa
from sqlalchemy.orm import Session


def unguard(session: Session, *tables: str) -> None:
    """Take the guards of tables away; a table without guards stays as it is."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    for table in tables:
        if on_sqlite:
            for verb in ("update", "delete"):
                session.execute(sa.text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
        else:
            session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
