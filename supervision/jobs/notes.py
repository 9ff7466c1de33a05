"""Progress beside the database: SQLite has one writer, so a job in its writing transaction cannot commit elsewhere."""

import json
from pathlib import Path


def _path(folder: Path, job_id: int) -> Path:
    return folder / "jobs" / f"{job_id}.json"


def write_note(folder: Path, job_id: int, done: int, total: int) -> None:
    """Leave a note how far a job is."""
    path = _path(folder, job_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps([done, total]))
    beside.replace(path)


def read_note(folder: Path, job_id: int) -> tuple[int, int] | None:
    """Return the newest note of a job."""
    try:
        done, total = json.loads(_path(folder, job_id).read_text())
        return int(done), int(total)
    except (OSError, ValueError):
        return None


def drop_note(folder: Path, job_id: int) -> None:
    """Take the note away when the attempt has ended."""
    _path(folder, job_id).unlink(missing_ok=True)
