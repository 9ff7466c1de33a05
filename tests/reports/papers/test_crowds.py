"""Many who ask for a paper at the same moment, on a database of their own: it is composed once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any  # what a wrapped function takes

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from reports.papers import services
from reports.papers.models import IssuedPaper
from supervision.config import Config
from supervision.db import Base
from supervision.draws.models import Draw
from supervision.web import database
from tests.conftest import SECRET
from tests.reports.papers.conftest import url
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.test_races import WORKERS, at_once, committed_world, own_database
from tests.supervision.draws.world import World
from wsgi import create_app


@pytest.fixture
def apart(tmp_path: Path) -> Iterator[Flask]:
    """An installation of this test's own, with real transactions."""
    with own_database(tmp_path) as address:
        config = Config(instance=tmp_path, database_url=address, secret_key=SECRET, secure_cookies=False, testing=True)
        app = create_app(config)
        Base.metadata.create_all(app.extensions["engine"])
        yield app
        app.extensions["engine"].dispose()


def test_a_paper_many_ask_for_at_once_is_composed_once_outside_any_transaction(
    apart: Flask, visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Draw] = []
    committed_world(apart.extensions["engine"], lambda world: made.append(_committed(world)))
    address, compose, open_then = url(made[0], "commitment", "zh.pdf"), services.compose, list[bool]()

    def watched(*arguments: Any) -> services.Composed:
        open_then.append(database.session().in_transaction())
        return compose(*arguments)

    monkeypatch.setattr(services, "compose", watched)
    answers = at_once(lambda _place: apart.test_client().get(address))
    assert open_then == [False]
    assert {answer.status_code for answer in answers} == {200}  # type: ignore[attr-defined]
    assert len({answer.data for answer in answers}) == 1  # type: ignore[attr-defined]
    assert len(answers) == WORKERS
    with Session(apart.extensions["engine"]) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(IssuedPaper)) == 1


def _committed(world: World) -> Draw:
    return world.committed()
