"""Life of a job: claimed under a lease, resumed when the lease ends, given up after three attempts."""

from datetime import datetime, timedelta

from supervision.errors import WrongState
from supervision.labels import N_, Labeled


class JobState(Labeled):
    """State of a piece of long work."""

    QUEUED = "queued", N_("Waiting"), "neutral"
    RUNNING = "running", N_("Running"), "info"
    DONE = "done", N_("Done"), "success"
    FAILED = "failed", N_("Failed"), "danger"


LEASE_SECONDS = 60
MOST_ATTEMPTS = 3
# a worker that lived longer than this had a good start: its next death counts as the first
LASTING_SECONDS = 60
LONGEST_DELAY = 60
LONGEST_ASK_DELAY = 600
# a job waiting longer than this says on its page that no worker seems to run
PATIENCE = timedelta(seconds=30)
ENDED = frozenset({JobState.DONE, JobState.FAILED})


def lease_ended(heartbeat_at: datetime | None, *, at: datetime) -> bool:
    """Say whether the worker that holds a running job is taken for dead."""
    return heartbeat_at is None or at - heartbeat_at > timedelta(seconds=LEASE_SECONDS)


def check_claim(state: JobState, heartbeat_at: datetime | None, *, at: datetime) -> None:
    """Refuse to take a job that has ended or that a living worker carries."""
    if state in ENDED or (state is JobState.RUNNING and not lease_ended(heartbeat_at, at=at)):
        raise WrongState("job-not-free", "This job is carried by another worker or has ended.")


def after_failure(attempts: int, *, refused: bool) -> JobState:
    """Return what becomes of a job whose attempt failed: a refusal is final, a fault is tried again."""
    return JobState.FAILED if refused or attempts >= MOST_ATTEMPTS else JobState.QUEUED


def ask_delay(faults: int) -> int:
    """Return after how many seconds the daily work is asked for again after ``faults`` in a row: 1, 2, 4 … 600."""
    return min(LONGEST_ASK_DELAY, 1 << min(faults - 1, 10))


def restart_delay(deaths: int) -> int:
    """Return after how many seconds a worker is started again that died ``deaths`` times in a row: 1, 2, 4 … 60."""
    return min(LONGEST_DELAY, 1 << min(deaths - 1, 10))
