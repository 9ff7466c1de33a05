"""What gunicorn runs for `flask serve`: a master whose keeper was killed ends with its workers instead of living on."""

from supervision.jobs.keeping import end_when_orphaned


def when_ready(server: object) -> None:  # noqa: ARG001 - gunicorn's signature
    """Watch the keeper from the master process; gunicorn's workers watch their master themselves."""
    end_when_orphaned()
