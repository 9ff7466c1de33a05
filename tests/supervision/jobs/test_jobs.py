"""Long work: carried once, resumed when its worker dies, given up visibly, seen by its owner alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from supervision import clock
from supervision.accounts.models import User
from supervision.accounts.queries import actor_of
from supervision.db import SQLITE_BUSY
from supervision.departments.models import Department
from supervision.errors import Invalid
from supervision.jobs import handlers, services
from supervision.jobs.cli import DailyAsking, ask_daily
from supervision.jobs.handlers import Work
from supervision.jobs.models import Job
from supervision.jobs.rules import LEASE_SECONDS, JobState, ask_delay
from supervision.jobs.worker import CarriedWork, run_next
from supervision.permissions import Role, system_actor
from supervision.web.database import open_session
from tests.factories import Make
from tests.pages import Browser

KIND = "test-work"


@pytest.fixture
def carry(app: Flask, session: Session) -> Callable[[], int | None]:
    """Let a worker carry the next job; the test's session then sees what it did."""

    def run() -> int | None:
        session.commit()
        found = run_next(lambda only_reads: open_session(app, only_reads=only_reads), Path(app.instance_path))
        session.expire_all()
        return found

    return run


def do_nothing(work: Work) -> object:
    return "ok"


def enqueue(session: Session, user: User | None = None, **values: object) -> Job:
    actor = actor_of(user) if user else system_actor()
    job = services.enqueue(session, KIND, {"name": "甲"}, total=4, actor=actor, **values)  # type: ignore[arg-type]
    session.flush()
    return job


def test_a_job_is_carried_once_with_its_work_in_the_same_transaction(
    session: Session, carry: Callable[[], int | None]
) -> None:
    def add_department(work: Work) -> object:
        work.progress(2)
        work.session.add(Department(code="JOB", name_zh=work.arguments["name"]))
        work.progress(4)
        return {"added": 1}

    handlers.register(KIND, add_department, label="x")
    job = enqueue(session)
    assert carry() == job.id
    assert carry() is None
    assert (job.state, job.result, job.done, job.attempts) == (JobState.DONE, {"added": 1}, 4, 1)
    assert session.query(Department).filter_by(code="JOB").one().name_zh == "甲"


def test_the_same_key_returns_the_job_already_enqueued(session: Session, make: Make) -> None:
    first = enqueue(session, idempotency_key="one")
    assert enqueue(session, idempotency_key="one").id == first.id
    assert enqueue(session, idempotency_key="two").id != first.id


def test_a_fault_is_tried_three_times_and_leaves_nothing_behind(
    session: Session, carry: Callable[[], int | None], caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []

    def broken(work: Work) -> object:
        work.session.add(Department(code="HALF", name_zh="半"))
        work.session.flush()
        raise RuntimeError("disk")

    handlers.register(KIND, broken, label="x", failed=lambda _s, _a, message, _p: told.append(message))
    job = enqueue(session)
    for _ in range(3):
        carry()
    assert carry() is None
    assert (job.state, job.attempts) == (JobState.FAILED, 3)
    assert told == [services.GAVE_UP]
    assert session.query(Department).filter_by(code="HALF").count() == 0


def test_a_refusal_is_final_and_keeps_its_words(session: Session, carry: Callable[[], int | None]) -> None:
    def refuse(work: Work) -> object:
        raise Invalid("bad-file", "Row %(row)s is wrong.", row=7)

    handlers.register(KIND, refuse, label="x")
    job = enqueue(session)
    carry()
    assert (job.state, job.attempts, job.message) == (JobState.FAILED, 1, "Row %(row)s is wrong.")
    assert job.result == {"code": "bad-file", "parameters": {"row": "7"}}


def test_a_job_whose_worker_died_is_resumed_when_the_lease_ends(
    session: Session, carry: Callable[[], int | None]
) -> None:
    handlers.register(KIND, do_nothing, label="x")
    job = enqueue(session)
    dead = services.claim_next(session)
    assert dead is job
    assert carry() is None
    with clock.at(clock.now() + timedelta(seconds=LEASE_SECONDS + 1)):
        assert carry() == job.id
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_a_worker_that_comes_back_after_its_lease_writes_nothing(
    session: Session, carry: Callable[[], int | None]
) -> None:
    def taken_over(work: Work) -> object:
        other = work.session.get(Job, job.id)
        assert other is not None
        other.lease = "another worker's"
        work.session.add(Department(code="LATE", name_zh="迟"))
        return None

    handlers.register(KIND, taken_over, label="x")
    job = enqueue(session)
    carry()
    assert job.state is JobState.RUNNING
    assert session.query(Department).filter_by(code="LATE").count() == 0


def test_a_job_killed_three_times_fails_visibly(session: Session, carry: Callable[[], int | None]) -> None:
    handlers.register(KIND, do_nothing, label="x")
    job = enqueue(session)
    moment = clock.now()
    for _ in range(3):
        with clock.at(moment):
            services.claim_next(session)
        moment += timedelta(seconds=LEASE_SECONDS + 1)
    with clock.at(moment):
        carry()
    assert job.state is JobState.FAILED
    assert job.message == services.GAVE_UP


def test_work_of_a_disabled_person_is_refused(session: Session, make: Make, carry: Callable[[], int | None]) -> None:
    user = make.user(Role.LEAD)
    handlers.register(KIND, do_nothing, label="x")
    job = enqueue(session, user)
    user.active = False
    carry()
    assert job.state is JobState.FAILED
    assert job.result["code"] == "user-disabled"


def test_an_unknown_kind_fails_instead_of_waiting_for_ever(session: Session, carry: Callable[[], int | None]) -> None:
    job = services.enqueue(session, "no-such-kind", {}, actor=system_actor())
    carry()
    assert job.state is JobState.FAILED


@pytest.mark.parametrize("language", ["zh", "en"])
def test_only_the_owner_and_the_system_administrator_see_a_job(
    session: Session, make: Make, browse: Browser, carry: Callable[[], int | None], language: str
) -> None:
    handlers.register(KIND, do_nothing, label="Background jobs", link=("jobs.show", "job_id"))
    owner, admin = make.user(Role.LEAD), make.user(Role.SYSTEM_ADMIN)
    job = services.enqueue(session, KIND, {"job_id": 1}, total=3, actor=actor_of(owner))
    assert "hx-get" in browse(owner, language=language).get(f"/jobs/{job.id}").text
    browse(make.user(Role.LEAD), language=language).get(f"/jobs/{job.id}", status=404)
    browse(owner, language=language).get("/jobs/", status=403)
    browse(admin, language=language).get("/jobs/?state=queued&kind=test-work&sort=-created")
    browse(admin, language=language).get(f"/jobs/{job.id}")
    carry()
    page = browse(owner, language=language).client.get(f"/jobs/{job.id}/progress")
    assert page.headers["HX-Refresh"] == "true"
    assert "hx-get" not in page.text


def test_a_job_that_waits_for_long_says_that_no_worker_runs(session: Session, make: Make, browse: Browser) -> None:
    owner = make.user(Role.LEAD)
    with clock.at(clock.now() - timedelta(minutes=5)):
        job = services.enqueue(session, KIND, {}, actor=actor_of(owner))
    assert "flask jobs work" in browse(owner).get(f"/jobs/{job.id}").text


def held_for_once(app: Flask, *, times: int) -> Callable[[bool], Session]:
    """Open sessions as usual, but let the first ``times`` writers find the database held by somebody for too long."""
    left = [times]

    def opened(only_reads: bool) -> Session:
        if only_reads or not left[0]:
            return open_session(app, only_reads=only_reads)
        left[0] -= 1
        held = OperationalError("BEGIN IMMEDIATE", {}, BusyError())
        session = open_session(app, only_reads=True)
        event.listen(session, "after_begin", lambda *_: raised(held))
        return session

    return opened


class BusyError(Exception):
    sqlite_errorcode = SQLITE_BUSY


def raised(error: Exception) -> None:
    raise error


def test_a_busy_database_costs_a_report_but_not_the_work(app: Flask, session: Session) -> None:
    job = enqueue(session)
    services.claim_next(session)
    session.commit()
    work = CarriedWork(job, system_actor(), folder=Path(app.instance_path), open_session=held_for_once(app, times=1))
    work.progress(1)
    session.expire_all()
    assert job.done == 0
    work.progress(4)
    session.expire_all()
    assert job.done == 4
    work.close()


def test_a_failure_is_written_down_although_the_database_was_busy(app: Flask, session: Session) -> None:
    job = enqueue(session)
    session.commit()
    held = [held_for_once(app, times=0)]

    def run(work: Work) -> object:
        held[0] = held_for_once(app, times=1)
        raise Invalid("bad-file", "Wrong.")

    def opened(only_reads: bool) -> Session:
        return held[0](only_reads)

    handlers.register(KIND, run, label="x")
    run_next(opened, Path(app.instance_path))
    session.expire_all()
    assert (job.state, job.message) == (JobState.FAILED, "Wrong.")


@contextmanager
def without_jobs(session: Session) -> Iterator[None]:
    """A database whose table of jobs is gone, while some daily work is to be asked for."""
    handlers.register("test-daily", do_nothing, label="x", daily=True)
    session.execute(sa.text("ALTER TABLE jobs RENAME TO jobs_gone"))
    session.commit()
    try:
        yield
    finally:
        handlers.register("test-daily", do_nothing, label="x")
        session.execute(sa.text("ALTER TABLE jobs_gone RENAME TO jobs"))
        session.commit()


def test_a_lasting_fault_of_the_daily_work_is_told_ever_more_rarely(
    app: Flask, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    with without_jobs(session), caplog.at_level("ERROR"):
        asking = DailyAsking()
        for _look in range(20):
            with suppress(ProgrammingError):  # PostgreSQL's word for it is another, and ends the worker
                asking.look(app)
    assert caplog.text.count("could not be asked for") <= 1
    assert [ask_delay(faults) for faults in (1, 2, 3, 10, 50)] == [1, 2, 4, 512, 600]


def test_what_is_wrong_with_the_database_is_not_taken_for_busy(
    app: Flask, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    with without_jobs(session), caplog.at_level("ERROR"), suppress(ProgrammingError):  # PostgreSQL's word is another
        assert ask_daily(app) is None
        assert "daily work" in caplog.text
