"""Real databases, a real application, and the least valid things to put in them.

Each test runs in a transaction that is rolled back: ``session`` for services and queries, ``client`` for pages. The
database is SQLite unless ``TEST_DATABASE=postgresql``; ``make test`` runs both.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from supervision.config import Config
from supervision.schema import upgrade_to_newest
from supervision.web import catalogues
from tests.factories import Make
from tests.pages import Browser
from wsgi import create_app

SECRET = "a key for tests only, long enough to be one"
PASSWORD = "Right-Horse-42"


def pytest_configure() -> None:
    """Compile the catalogues once, before any worker renders a page; let no property fail for being slow."""
    settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("unhurried")
    catalogues.compile_all()


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """Yield the address of an empty database of this worker's own."""
    if os.environ.get("TEST_DATABASE", "sqlite") == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.sqlite3'}"
        return
    from tests import postgresql  # noqa: PLC0415 - only a run on PostgreSQL needs the server

    with postgresql.own_database(worker_id) as url:
        yield url


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """Name of this xdist worker, or ``main``."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a migrated database with the catalogues loaded."""
    instance = tmp_path_factory.mktemp("instance")
    config = Config(
        instance=Path(instance), database_url=database_url, secret_key=SECRET, secure_cookies=False, testing=True
    )
    application = create_app(config)
    engine: Engine = application.extensions["engine"]
    upgrade_to_newest(engine)
    yield application
    engine.dispose()


class OneConnection:
    """Lets every session of a test share one connection, whose outer transaction is rolled back at the end."""

    def __init__(self, engine: Engine) -> None:
        self.connection = engine.connect()
        self.outer = self.connection.begin()

    def close(self) -> None:
        """Undo all that the test did."""
        self.outer.rollback()
        self.connection.close()


@pytest.fixture
def connection(app: Flask) -> Iterator[sa.Connection]:
    """A connection whose work is undone after the test; the application uses it too."""
    engine: Engine = app.extensions["engine"]
    shared = OneConnection(engine)
    app.extensions["test_connection"] = shared.connection
    yield shared.connection
    app.extensions.pop("test_connection", None)
    shared.close()
    forget_signatures(app)
    shutil.rmtree(Path(app.instance_path) / "evidence", ignore_errors=True)


def forget_signatures(app: Flask) -> None:
    """Remove the files that remember what the log signed, where the database that held it is undone too."""
    for path in (Path(app.instance_path) / "keys").glob("log.*"):
        path.unlink()


@pytest.fixture
def session(connection: sa.Connection) -> Iterator[Session]:
    """A session for services and queries."""
    with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def make(session: Session) -> Make:
    """Makes the least valid department, entity, inspector, user … in ``session``."""
    return Make(session, password=PASSWORD)


@pytest.fixture
def client(app: Flask, connection: sa.Connection) -> FlaskClient:
    """A plain test client of the public."""
    return app.test_client()


@pytest.fixture
def browse(app: Flask, session: Session, connection: sa.Connection) -> Browser:
    """Opens pages as somebody and checks each of them: ``browse(user).get("/…")``."""
    return Browser(app, session)
