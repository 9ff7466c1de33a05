"""People who import."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from supervision.accounts.models import User
from tests.factories import Make
from tests.pages import Browser
from tests.supervision.importing import Importer


@pytest.fixture
def importer(app: Flask, session: Session, browse: Browser) -> Callable[[User], Importer]:
    """Return an importer acting as somebody."""

    def act(user: User) -> Importer:
        session.commit()
        return Importer(app, session, browse(user))

    return act


@pytest.fixture
def code_tables(make: Make) -> Make:
    """The code tables that a row of an entity refers to, by way of one entity."""
    make.entity(name="甲乙丙试验有限公司")
    make.session.flush()
    return make
