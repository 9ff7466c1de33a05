"""Writing the jobs table: enqueue, claim, report, end. A job's own work ends in the same transaction as its row."""

import secrets
from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from supervision import clock
from supervision.errors import Conflict, DomainError
from supervision.jobs import handlers, queries, rules
from supervision.jobs.models import Job
from supervision.jobs.rules import JobState
from supervision.labels import N_
from supervision.permissions import Actor, system_actor

GAVE_UP = N_(
    "The work broke off three times. Nothing was changed; tell the system administrator the number of this job."
)


def enqueue(
    session: Session,
    kind: str,
    arguments: Mapping[str, object],
    *,
    total: int = 0,
    idempotency_key: str | None = None,
    actor: Actor,
) -> Job:
    """Put work into the queue; asking again under the same key returns the job already there.

    The worker sees it when the caller's transaction is committed. ``arguments`` are JSON; files go by digest.
    """
    if idempotency_key and (found := queries.find_by_key(session, idempotency_key)):
        return found
    job = Job(
        kind=kind,
        arguments=dict(arguments),
        state=JobState.QUEUED,
        total=total,
        created_by=actor.user_id,
        created_at=clock.now(),
        idempotency_key=idempotency_key,
    )
    try:
        with session.begin_nested():
            session.add(job)
    except IntegrityError as error:
        other = queries.find_by_key(session, idempotency_key or "")
        if other is None:
            raise Conflict("job-key", "This work has just been started elsewhere. Reload the page.") from error
        return other
    return job


def enqueue_daily(session: Session, *, on: date) -> None:
    """Ask for every daily work once on day ``on``, however many workers ask."""
    for handler in handlers.kinds():
        if handler.daily:
            enqueue(session, handler.kind, {}, idempotency_key=f"{handler.kind}/{on}", actor=system_actor())


def claim_next(session: Session) -> Job | None:
    """Take the oldest free job under a new lease; the caller commits at once.

    A job already tried three times is not handed out again: it comes back as FAILED.
    """
    now = clock.now()
    statement = queries.claimable(now).limit(1).with_for_update(skip_locked=True)
    job_id = session.scalar(statement)
    job = session.get(Job, job_id, populate_existing=True) if job_id is not None else None
    if job is None:
        return None
    rules.check_claim(job.state, job.heartbeat_at, at=now)
    if job.attempts >= rules.MOST_ATTEMPTS:
        _fail(job, code="gave-up", message=GAVE_UP, parameters={})
    else:
        job.state, job.attempts, job.lease = JobState.RUNNING, job.attempts + 1, secrets.token_hex(16)
        job.heartbeat_at, job.done = now, 0
    session.flush()
    return job


def report_progress(session: Session, job_id: int, *, lease: str, done: int, total: int | None = None) -> bool:
    """Tell how far the work is and renew the lease; False when the lease is another's by now."""
    values: dict[str, object] = {"done": done, "heartbeat_at": clock.now()}
    if total is not None:
        values["total"] = total
    return _update_held(session, job_id, lease, values)


def finish(session: Session, job_id: int, *, lease: str, result: object, total: int | None = None) -> bool:
    """End the job well, in the transaction of its work; False when the lease is another's: then roll back."""
    values: dict[str, object] = {"state": JobState.DONE, "result": result, "finished_at": clock.now()}
    values["done"] = Job.total if total is None else total
    if total is not None:
        values["total"] = total
    return _update_held(session, job_id, lease, values)


def end_attempt(session: Session, job: Job, *, lease: str, refusal: DomainError | None) -> JobState:
    """Note a failed attempt: a refusal ends the job, a fault puts it back into the queue until it was tried enough."""
    if job.lease != lease or job.state is not JobState.RUNNING:
        return job.state
    job.state = rules.after_failure(job.attempts, refused=refusal is not None)
    if refusal is not None:
        parameters = {name: str(value) for name, value in refusal.parameters.items()}
        _fail(job, code=refusal.code, message=refusal.message, parameters=parameters)
    elif job.state is JobState.FAILED:
        _fail(job, code="gave-up", message=GAVE_UP, parameters={})
    session.flush()
    return job.state


def _fail(job: Job, *, code: str, message: str, parameters: Mapping[str, str]) -> None:
    job.state, job.finished_at, job.message = JobState.FAILED, clock.now(), message
    job.result = {"code": code, "parameters": dict(parameters)}


def _update_held(session: Session, job_id: int, lease: str, values: Mapping[str, object]) -> bool:
    held = sa.update(Job).where(Job.id == job_id, Job.lease == lease, Job.state == JobState.RUNNING)
    found = session.execute(held.values(**values).execution_options(synchronize_session=False))
    return bool(found.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result counts rows
