"""Life of a job."""

from supervision.labels import N_, Labeled


class JobState(Labeled):
    """State of a piece of long work."""

    QUEUED = "queued", N_("Waiting"), "neutral"
    RUNNING = "running", N_("Running"), "info"
    DONE = "done", N_("Done"), "success"
    FAILED = "failed", N_("Failed"), "danger"


LEASE_SECONDS = 60
MOST_ATTEMPTS = 3
