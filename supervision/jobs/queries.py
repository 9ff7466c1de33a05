"""Reading jobs."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.errors import Forbidden, NotFound
from supervision.jobs.models import Job
from supervision.jobs.rules import LEASE_SECONDS, JobState
from supervision.listing import ListQuery, Page, load_page
from supervision.permissions import Actor, Permission


def get_job(session: Session, viewer: Actor, job_id: int) -> Job:
    """Return the job to its owner or to the system administrator; to others it does not exist."""
    job = session.get(Job, job_id)
    if job is None:
        raise NotFound
    own = viewer.user_id is not None and job.created_by == viewer.user_id
    if not (own or viewer.may(Permission.JOB_VIEW)):
        raise NotFound
    return job


def find_by_key(session: Session, idempotency_key: str) -> Job | None:
    """Return the job enqueued under this key."""
    return session.scalar(sa.select(Job).where(Job.idempotency_key == idempotency_key))


def list_jobs(session: Session, viewer: Actor, query: ListQuery) -> Page[Job]:
    """List jobs for the system administrator, newest first."""
    if not viewer.may(Permission.JOB_VIEW):
        raise Forbidden("jobs-only", "Only the system administrator sees all background jobs.")
    statement = sa.select(Job)
    if state := query.filters.get("state"):
        statement = statement.where(Job.state == JobState(state))
    if kind := query.filters.get("kind"):
        statement = statement.where(Job.kind == kind)
    return load_page(
        session,
        statement,
        query,
        sorts={"id": Job.id, "created": Job.created_at, "finished": Job.finished_at},
        default_sort="-id",
        tie_breaker=Job.id,
    )


def claimable(at: datetime) -> sa.Select[int]:
    """Select the ids of jobs a worker may take now: waiting ones, and running ones whose lease has ended."""
    lapsed = sa.and_(Job.state == JobState.RUNNING, Job.heartbeat_at < at - timedelta(seconds=LEASE_SECONDS))
    return sa.select(Job.id).where(sa.or_(Job.state == JobState.QUEUED, lapsed)).order_by(Job.id)


def find_claimable(session: Session, *, at: datetime) -> int | None:
    """Return the oldest job a worker may take now."""
    return session.scalar(claimable(at).limit(1))
