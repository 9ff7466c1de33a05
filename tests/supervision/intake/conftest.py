"""A worker for the tests of imports, and a way to send a file as a person does."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from supervision.accounts.models import User
from supervision.intake.models import Upload
from supervision.jobs.cli import run_waiting
from tests.factories import Make
from tests.pages import Browser, Visitor


@dataclass(slots=True)
class Importer:
    """Sends files as one person and lets the worker carry what waits."""

    app: Flask
    session: Session
    visitor: Visitor

    def send(self, content: bytes | str, filename: str = "名单.csv", *, kind: str = "entities") -> Upload:
        """Send a file, have it checked, return it as it then stands."""
        data = content.encode() if isinstance(content, str) else content
        response = self.visitor.post(f"/imports/new/{kind}", {"file": (io.BytesIO(data), filename)})
        self.work()
        upload = self.session.get(Upload, int(response.location.rpartition("/")[2]))
        assert upload is not None
        return upload

    def work(self) -> None:
        """Let the worker carry everything that waits."""
        run_waiting(self.app)
        self.session.expire_all()

    def take(self, upload: Upload, policy: str = "all", *, status: int = 302, **values: str) -> Upload:
        """Decide and have the rows taken."""
        page = f"/imports/{upload.id}"
        self.visitor.post(f"{page}/decision", {"policy": policy, **values}, page=page, status=status)
        self.work()
        return upload

    def page(self, upload: Upload) -> str:
        """Return the words of the file's page."""
        return self.visitor.get(f"/imports/{upload.id}").text

    def mistakes(self, upload: Upload) -> str:
        """Return the file of wrong rows as text."""
        return self.visitor.get(f"/imports/{upload.id}/mistakes.csv").text


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


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    """A folder for files of one test."""
    return tmp_path
