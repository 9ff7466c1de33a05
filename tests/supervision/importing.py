"""A way to send files as a person does and to let a worker carry them, for tests of imports."""

import io
from dataclasses import dataclass

from flask import Flask
from sqlalchemy.orm import Session

from supervision.intake.models import Upload
from supervision.jobs.cli import run_waiting
from tests.pages import Visitor


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
        response.request.environ["wsgi.input"].close()
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
