"""People who import."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from supervision.accounts.models import User
from tests.pages import Browser
from tests.supervision.importing import Importer


@pytest.fixture
def importer(app: Flask, session: Session, browse: Browser) -> Callable[[User], Importer]:
    """Return an importer acting as somebody."""

    def act(user: User) -> Importer:
        session.commit()
        return Importer(app, session, browse(user))

    return act
