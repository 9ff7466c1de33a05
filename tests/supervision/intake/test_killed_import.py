"""A worker killed in the middle of taking a file: nothing is half taken, and the next worker takes it once."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from supervision import clock
from supervision.accounts.queries import actor_of
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.audit.queries import verify_chain
from supervision.config import PROJECT, Config
from supervision.db import Base
from supervision.entities.models import Entity
from supervision.intake import services, store
from supervision.intake.models import Upload
from supervision.intake.rules import Policy, UploadState
from supervision.jobs.cli import run_waiting
from supervision.jobs.models import Job
from supervision.jobs.rules import JobState
from supervision.permissions import Role
from tests.factories import Make, make_uscc
from wsgi import create_app

ROWS = 6000
WORKER = """
import sys
from pathlib import Path
from supervision.config import Config
from supervision.jobs.cli import run_waiting
from wsgi import create_app
folder, url = sys.argv[1:]
app = create_app(Config(instance=Path(folder), database_url=url, secret_key="k" * 40, secure_cookies=False))
with app.app_context():
    run_waiting(app)
"""


def open_own(app: Flask) -> Session:
    return Session(app.extensions["engine"], expire_on_commit=False)


def checked_upload(app: Flask) -> tuple[int, int]:
    """Return the number of a checked and decided upload, and the job that is to take it."""
    with open_own(app) as session:
        make = Make(session, password="x")
        make.entity(name="甲乙丙试验有限公司")
        lead = make.user(Role.LEAD, department=make.department())
        lines = ["统一社会信用代码,企业名称,企业类型,行业代码,所属街道,成立日期"]
        lines += [
            f"{make_uscc(900_000 + number)},上海断电{number}号有限公司,1100,H6210,街道013,2019-03-05"
            for number in range(ROWS)
        ]
        path = Path(app.instance_path) / "sent.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        with path.open("rb") as stream:
            digest, size = store.keep(Path(app.instance_path), stream)
        upload = services.receive(
            session, "entities", filename="断电.csv", digest=digest, size=size, actor=actor_of(lead)
        )
        session.commit()
        run_waiting(app)
        session.refresh(upload)
        job = services.decide(
            session, upload, policy=Policy.ALL, confirm_warnings=False, reason="", actor=actor_of(lead)
        )
        session.commit()
        return upload.id, job.id


def kill_while_writing(folder: Path, url: str, job_id: int) -> None:
    """Start a worker and kill it as soon as its note says that it writes."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    with subprocess.Popen([sys.executable, "-c", WORKER, str(folder), url], env=environment, cwd=PROJECT) as worker:
        note, deadline = folder / "jobs" / f"{job_id}.json", time.monotonic() + 60
        while time.monotonic() < deadline and worker.poll() is None:
            if note.exists() and int(note.read_text().strip("[]").split(",")[0]) > ROWS:
                break
            time.sleep(0.01)
        assert worker.poll() is None, "the worker ended before it could be killed"
        worker.send_signal(signal.SIGKILL)


def test_a_worker_killed_while_writing_leaves_nothing_and_the_next_one_takes_the_file_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    app = create_app(Config(instance=tmp_path, database_url=url, secret_key="k" * 40, secure_cookies=False))
    Base.metadata.create_all(app.extensions["engine"])
    upload_id, job_id = checked_upload(app)
    kill_while_writing(tmp_path, url, job_id)
    with open_own(app) as session:
        assert session.get_one(Job, job_id).state is JobState.RUNNING
        assert session.get_one(Upload, upload_id).state is UploadState.APPLYING
        assert session.scalar(sa.select(sa.func.count(Entity.id))) == 1
    with clock.at(clock.now() + timedelta(minutes=5)):
        run_waiting(app)
    with open_own(app) as session:
        upload, job = session.get_one(Upload, upload_id), session.get_one(Job, job_id)
        assert (upload.state, upload.rows_new, job.state, job.attempts) == (
            UploadState.APPLIED,
            ROWS,
            JobState.DONE,
            2,
        )
        assert session.scalar(sa.select(sa.func.count(Entity.id))) == ROWS + 1
        imported = sa.select(sa.func.count()).where(AuditEntry.event == Event.REGISTER_IMPORTED)
        assert session.scalar(imported) == 1
        with app.app_context():
            assert verify_chain(session)[1] is None
    app.extensions["engine"].dispose()
