"""The worker: takes jobs one after another and carries each in one transaction that also ends the job's row.

A killed worker leaves a running row whose lease ends; the next worker takes it up again. Because the work and the
row's end are committed together, a job is done once or not at all, however often it was tried.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any  # arguments are JSON

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from supervision import clock
from supervision.accounts.queries import actor_of, get_user
from supervision.db import is_busy
from supervision.errors import DomainError, Forbidden, NotFound
from supervision.jobs import handlers, notes, queries, services
from supervision.jobs.models import Job
from supervision.jobs.rules import JobState
from supervision.permissions import Actor, system_actor

log = logging.getLogger(__name__)

# opens a session; True for one that only reads
OpenSession = Callable[[bool], Session]
REPORT_EVERY = 0.5
# each waits as long as the database lets a writer wait
END_ATTEMPTS = 3


class LeaseLost(Exception):
    """Another worker took the job over; this one must not write."""


class CarriedWork:
    """The work of one claimed job (see ``handlers.Work``)."""

    def __init__(self, job: Job, actor: Actor, *, folder: Path, open_session: OpenSession) -> None:
        self.job_id, self.lease = job.id, job.lease
        self.arguments: dict[str, Any] = dict(job.arguments)
        self.actor = actor
        self.folder = folder
        self.total = job.total
        self._open_session = open_session
        self._session: Session | None = None
        self._reported = 0.0

    @property
    def session(self) -> Session:
        """The job's writing session, opened at first use."""
        if self._session is None:
            self._session = self._open_session(False)
        return self._session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a short reading session."""
        with self._open_session(True) as opened:
            yield opened

    def progress(self, done: int, total: int | None = None) -> None:
        """Report at most twice a second; in the writing transaction only by a note beside the database."""
        self.total = self.total if total is None else total
        moment = time.monotonic()
        if moment - self._reported < REPORT_EVERY and done != self.total:
            return
        self._reported = moment
        notes.write_note(self.folder, self.job_id, done, self.total)
        if self._session is not None and self._session.in_transaction():
            return
        if not self._report(done):
            raise LeaseLost

    def _report(self, done: int) -> bool:
        """Write the progress down; a busy database lets it pass, for the next report says more."""
        try:
            with self._open_session(False) as own:
                held = services.report_progress(own, self.job_id, lease=self.lease, done=done, total=self.total)
                own.commit()
        except OperationalError as error:
            if not is_busy(error):
                raise
            log.info("job %s: the database is busy; a report is left out", self.job_id)
            return True
        return held

    def end(self, result: object) -> None:
        """Commit the work and the job's end together, or neither."""
        total = self.total or None
        if not services.finish(self.session, self.job_id, lease=self.lease, result=result, total=total):
            raise LeaseLost
        self.session.commit()

    def close(self) -> None:
        """Give back what the attempt still holds; uncommitted work is undone."""
        if self._session is not None:
            self._session.close()
        notes.drop_note(self.folder, self.job_id)


def run_next(open_session: OpenSession, folder: Path) -> int | None:
    """Carry the oldest free job to its end or to its failure; return its id, or None when nothing waits."""
    with open_session(True) as session:
        if queries.find_claimable(session, at=clock.now()) is None:
            return None
    try:
        with open_session(False) as session:
            job = services.claim_next(session)
            if job is not None and job.state is JobState.FAILED:
                _tell_failed(session, job)
            session.commit()
    except OperationalError as error:
        if not is_busy(error):
            raise
        # somebody holds the database for long; look again later
        log.info("the database is busy; the queue waits")
        return None
    if job is None or job.state is JobState.FAILED:
        return job.id if job else None
    _carry(job, open_session, folder)
    return job.id


def _carry(job: Job, open_session: OpenSession, folder: Path) -> None:
    work: CarriedWork | None = None
    refusal: DomainError | None = None
    try:
        handler = handlers.find(job.kind)
        if handler is None:
            raise NotFound("job-kind", "Nobody carries jobs of the kind %(kind)s.", kind=job.kind)
        work = CarriedWork(job, _actor(job, open_session), folder=folder, open_session=open_session)
        work.end(handler.run(work))
    except LeaseLost:
        log.warning("job %s: the lease was lost, nothing was written", job.id)
        return
    except DomainError as error:
        refusal = error
    except Exception:
        log.exception("job %s broke off", job.id)
    else:
        return
    finally:
        if work is not None:
            work.close()
    _end_attempt(job, refusal, open_session)


def _end_attempt(job: Job, refusal: DomainError | None, open_session: OpenSession) -> None:
    """Write down how the attempt failed; where the database stays busy, the lease ends and the job is tried again."""
    for _attempt in range(END_ATTEMPTS):
        try:
            with open_session(False) as session:
                fresh = session.get_one(Job, job.id, populate_existing=True)
                if services.end_attempt(session, fresh, lease=job.lease, refusal=refusal) is JobState.FAILED:
                    _tell_failed(session, fresh)
                session.commit()
        except OperationalError as error:
            if not is_busy(error):
                raise
            log.warning("job %s: the database is busy; its failure is not written down yet", job.id)
        else:
            return


def _tell_failed(session: Session, job: Job) -> None:
    handler = handlers.find(job.kind)
    if handler is not None and handler.failed is not None:
        handler.failed(session, dict(job.arguments), job.message, dict((job.result or {}).get("parameters", {})))


def _actor(job: Job, open_session: OpenSession) -> Actor:
    """Return who asked, with today's roles: a person disabled meanwhile gets nothing done."""
    if job.created_by is None:
        return system_actor()
    with open_session(True) as session:
        user = get_user(session, job.created_by)
        if not user.active:
            raise Forbidden("user-disabled", "The account that asked for this work has been disabled.")
        return actor_of(user)
