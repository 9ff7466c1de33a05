"""Databases that are copied rather than built: a file on SQLite, a template on PostgreSQL."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from supervision.db import Base, make_engine
from tests.proofs.effort import ON_POSTGRESQL
from tests.proofs.tampering import KEY

_names = count(1)


class Stage:
    """A finished database and as many copies of it as are wanted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = self._fresh()
        engine = make_engine(self.template, audit_key=KEY)
        Base.metadata.create_all(engine)
        engine.dispose()

    def _fresh(self) -> str:
        number = next(_names)
        if not ON_POSTGRESQL:
            return f"sqlite:///{self.folder / f'stage{number}.sqlite3'}"
        name = f"stage_{os.getpid()}_{number}"
        _on_server(f'CREATE DATABASE "{name}"')
        return _address(name)

    def open(self) -> Engine:
        """Open the finished database."""
        return make_engine(self.template, audit_key=KEY)

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Yield the address of a copy, which is gone afterwards."""
        number = next(_names)
        if ON_POSTGRESQL:
            name = f"stage_{os.getpid()}_{number}"
            _on_server(f'CREATE DATABASE "{name}" TEMPLATE "{sa.make_url(self.template).database}"')
            try:
                yield _address(name)
            finally:
                _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')
            return
        path = self.folder / f"copy{number}.sqlite3"
        path.write_bytes(Path(str(sa.make_url(self.template).database)).read_bytes())
        try:
            yield f"sqlite:///{path}"
        finally:
            for one in self.folder.glob(f"{path.name}*"):
                one.unlink()

    def close(self) -> None:
        """Remove the finished database."""
        if ON_POSTGRESQL:
            _on_server(f'DROP DATABASE "{sa.make_url(self.template).database}" WITH (FORCE)')


def _address(name: str) -> str:
    return sa.make_url(os.environ["TEST_PG_URL"]).set(database=name).render_as_string(hide_password=False)


def _on_server(statement: str) -> None:
    engine = sa.create_engine(os.environ["TEST_PG_URL"], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
