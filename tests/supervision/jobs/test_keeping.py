"""A server and its worker: a worker killed in the middle of its work is replaced, and nothing is left running."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.models import AuditEntry
from supervision.config import PROJECT
from supervision.db import make_engine
from supervision.jobs import services
from supervision.jobs.models import Job
from supervision.jobs.rules import LEASE_SECONDS, MOST_ATTEMPTS, JobState, restart_delay
from supervision.permissions import system_actor
from supervision.schema import upgrade_to_newest
from tests.supervision.jobs.killing import DEADLY, SLOW

PATIENCE = 90
SERVE = """
import os, sys
from supervision.serving import run_together
server = [sys.executable, "-c", "import time; print('serving', flush=True); time.sleep(600)"]
worker = [sys.executable, "-m", "flask", "jobs", "work"]
run_together(server, worker, dict(os.environ))
"""


SERVE_GUNICORN = """
import os, sys
from supervision.serving import run_together
hooks = ["--config", "python:supervision.serving_hooks"]
application = ["tests.supervision.jobs.killing:create_app()", "--bind", "127.0.0.1:0", "--log-level", "warning"]
server = [sys.executable, "-m", "gunicorn", *application, *hooks]
worker = [sys.executable, "-m", "flask", "jobs", "work"]
run_together(server, worker, dict(os.environ))
"""


def wait_for(happened: Callable[[], object], what: str) -> None:
    """Wait until something has happened; a fault, not slowness, makes the test fail."""
    limit = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < limit, what
        time.sleep(0.05)


def is_alive(process: int) -> bool:
    """Say whether a process runs (one that has ended and is not yet waited for does not)."""
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2]
    except OSError:
        return False


@dataclass(slots=True)
class Site:
    """A database of its own, served by real processes."""

    folder: Path
    engine: Engine
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def serve(self, program: str = SERVE) -> subprocess.Popen[str]:
        """Start server and worker as ``flask serve`` does."""
        environment = {
            **os.environ, "FLASK_APP": "tests.supervision.jobs.killing:create_app", "INSECURE_HTTP": "1",
            "INSTANCE_PATH": str(self.folder), "DATABASE_URL": str(self.engine.url),
        }  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-c", program], cwd=PROJECT, env=environment, stderr=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        self.started.append(process)
        return process

    def enqueue(self, kind: str) -> int:
        """Put one job into the queue."""
        with Session(self.engine) as session:
            job = services.enqueue(session, kind, {"folder": str(self.folder)}, actor=system_actor())
            session.commit()
            return job.id

    def job(self, job_id: int) -> Job:
        """Return the job as it stands."""
        with Session(self.engine) as session:
            return session.get_one(Job, job_id)

    def let_lease_end(self) -> None:
        """Let the time of a lease pass for every running job."""
        long_ago = clock.now() - timedelta(seconds=LEASE_SECONDS + 1)
        with self.engine.begin() as connection:
            connection.execute(sa.update(Job).where(Job.state == JobState.RUNNING).values(heartbeat_at=long_ago))

    def carriers(self) -> list[int]:
        """Return the workers that began the slow job."""
        return [int(path.name.rpartition("-")[2]) for path in self.folder.glob("carried-by-*")]

    def members(self, process: subprocess.Popen[str]) -> list[int]:
        """Return the living processes of one server."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and is_alive(int(entry.name)):
                try:
                    if os.getsid(int(entry.name)) == process.pid:
                        found.append(int(entry.name))
                except ProcessLookupError:
                    continue
        return found


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    engine = make_engine(f"sqlite:///{tmp_path / 'site.sqlite3'}")
    upgrade_to_newest(engine)
    made = Site(tmp_path, engine)
    yield made
    for process in made.started:
        for member in made.members(process):
            os.kill(member, signal.SIGKILL)
        process.communicate()
    engine.dispose()


def test_a_job_whose_worker_is_killed_is_taken_up_again_and_done_once(site: Site) -> None:
    job_id = site.enqueue(SLOW)
    process = site.serve()
    wait_for(lambda: len(site.carriers()) == 1, "no worker took the job")
    killed = site.carriers()[0]
    os.kill(killed, signal.SIGKILL)
    site.let_lease_end()
    wait_for(lambda: len(site.carriers()) == 2, "no second worker took the job up")
    (site.folder / "go").touch()
    wait_for(lambda: site.job(job_id).state is JobState.DONE, "the job was not finished")
    assert site.job(job_id).attempts == 2
    with Session(site.engine) as session:
        done = session.scalars(sa.select(AuditEntry).where(AuditEntry.subject_kind == "test-slow")).all()
    assert len(done) == 1
    process.terminate()
    _, log = process.communicate(timeout=PATIENCE)
    assert f"the job worker {killed} ended (signal 9); it is started again in 1 s" in log


def test_a_job_that_keeps_killing_its_worker_fails_visibly_and_changes_nothing(site: Site) -> None:
    job_id = site.enqueue(DEADLY)
    site.serve()

    def has_ended() -> bool:
        site.let_lease_end()
        return site.job(job_id).state is JobState.FAILED

    wait_for(has_ended, "the job was never given up")
    job = site.job(job_id)
    assert (job.attempts, job.message, job.result) == (
        MOST_ATTEMPTS, services.GAVE_UP, {"code": "gave-up", "parameters": {}},
    )  # fmt: skip
    with Session(site.engine) as session:
        assert session.scalar(sa.select(AuditEntry).where(AuditEntry.subject_kind == "test-deadly")) is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_nothing_is_left_running_when_the_server_is_told_to_end(site: Site, number: signal.Signals) -> None:
    process = site.serve()
    assert process.stdout is not None
    assert process.stdout.readline() == "serving\n"
    wait_for(lambda: len(site.members(process)) == 3, "server and worker did not start")
    members = site.members(process)
    if number is signal.SIGINT:  # a terminal sends it to all of them
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    process.wait(timeout=PATIENCE)
    assert not [member for member in members if is_alive(member)]


def test_the_worker_ends_with_a_server_that_dies(site: Site) -> None:
    process = site.serve()
    wait_for(lambda: len(site.members(process)) == 3, "server and worker did not start")
    members = [one for one in site.members(process) if one != process.pid]
    server = next(one for one in members if "time.sleep" in Path(f"/proc/{one}/cmdline").read_text(encoding="utf-8"))
    os.kill(server, signal.SIGKILL)
    assert process.wait(timeout=PATIENCE) != 0
    assert not [member for member in members if is_alive(member)]


def test_server_and_worker_end_by_themselves_when_their_keeper_is_killed_outright(site: Site) -> None:
    process = site.serve(SERVE_GUNICORN)
    wait_for(lambda: len(site.members(process)) == 4, "server and worker did not start")  # keeper, master, two workers
    os.kill(process.pid, signal.SIGKILL)
    wait_for(lambda: not site.members(process), "somebody lives on without a keeper")


def test_the_pause_before_a_new_start_doubles_up_to_a_minute() -> None:
    assert [restart_delay(deaths) for deaths in (1, 2, 3, 7, 50)] == [1, 2, 4, 60, 60]
