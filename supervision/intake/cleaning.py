"""Taking away what imports leave behind: working files and originals that nobody will ask for again.

What a register was filled from is evidence (the audit log names its SHA-256) and stays; so does every file that this
room does not know. Gone are, after the days that the parameters name: checked rows and error lists of every ended
import, originals of files refused, put away or never decided, and at once the leftovers of a crash.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.intake import services, store
from supervision.intake.models import Upload
from supervision.intake.rules import UploadState
from supervision.jobs.handlers import Work
from supervision.parameters.queries import get_number
from supervision.permissions import Actor

JOB = "intake-clean"
ENDED = (UploadState.APPLIED, UploadState.REFUSED, UploadState.DISCARDED)
# states in which the original is the source of nothing
IDLE = (UploadState.REFUSED, UploadState.DISCARDED)
# nothing younger is touched: a file lies in the store before its upload is on record
YOUNGEST = timedelta(days=1)


@dataclass(slots=True)
class Cleaned:
    """What was taken away."""

    # undecided files put away; uploads whose files were removed, and those files
    put_away: int = 0
    uploads: int = 0
    files: int = 0
    size: int = 0

    def take(self, path: Path, *, before: datetime) -> bool:
        """Remove a file unless it is young; say whether it is gone now."""
        try:
            found = path.stat()
        except FileNotFoundError:
            return True
        if found.st_mtime >= before.timestamp():
            return False
        path.unlink(missing_ok=True)
        self.files, self.size = self.files + 1, self.size + found.st_size
        return True


def carry(work: Work) -> object:
    """Clean as the daily job."""
    cleaned = clean(work.session, work.folder, actor=work.actor)
    return {"uploads": cleaned.uploads, "files": cleaned.files, "size": cleaned.size}


def clean(session: Session, folder: Path, *, actor: Actor) -> Cleaned:
    """Put undecided files away, then remove what has served its time; doing it again changes nothing."""
    now, today, cleaned = clock.now(), clock.today(), Cleaned()
    undecided = now - timedelta(days=get_number(session, "import-undecided-days", on=today))
    ended = now - timedelta(days=get_number(session, "import-ended-days", on=today))
    for upload in list(_waiting(session, UploadState.CHECKED, before=undecided)):
        services.discard(upload)
        cleaned.put_away += 1
    session.flush()
    for upload in _waiting(session, *ENDED, before=min(ended, now - YOUNGEST)):
        _clean_upload(session, folder, upload, cleaned)
    for leftover in _leftovers(folder):
        cleaned.take(leftover, before=now - YOUNGEST)
    if cleaned.put_away or cleaned.files:
        details = {
            "put_away": cleaned.put_away,
            "uploads": cleaned.uploads,
            "files": cleaned.files,
            "bytes": cleaned.size,
        }
        record(session, Event.UPLOADS_CLEANED, actor=actor, subject=("uploads", ""), details=details)
    session.flush()
    return cleaned


def _waiting(session: Session, *states: UploadState, before: datetime) -> Iterator[Upload]:
    """Yield uploads of these states from before a moment that are not cleaned yet, their rows held."""
    summary = sa.func.coalesce(sa.type_coerce(Upload.summary, sa.Text), "")
    statement = sa.select(Upload).where(
        Upload.state.in_(states), Upload.created_at < before, summary.not_like('%"cleaned_on":%')
    )
    yield from session.scalars(statement.order_by(Upload.id).with_for_update(skip_locked=True))


def _clean_upload(session: Session, folder: Path, upload: Upload, cleaned: Cleaned) -> None:
    limit = clock.now() - YOUNGEST
    paths = [store.rows_path(folder, upload.id), store.mistakes_path(folder, upload.id)]
    if not _is_needed(session, upload):
        paths.append(store.original(folder, upload.digest))
    gone = [cleaned.take(path, before=limit) for path in paths]
    if not all(gone):
        return  # what is too young today goes another day: whoever is marked is never looked at again
    # rows shown on the page are personal data too
    kept = {name: value for name, value in (upload.summary or {}).items() if name not in {"first", "mistakes"}}
    upload.summary = {**kept, "cleaned_on": clock.today().isoformat()}
    cleaned.uploads += 1


def _is_needed(session: Session, upload: Upload) -> bool:
    """Say whether the bytes are the source of a register, or belong to a file still on its way."""
    needed = sa.select(Upload.id).where(Upload.digest == upload.digest, Upload.state.not_in(IDLE))
    return session.scalar(needed.limit(1)) is not None


def _leftovers(folder: Path) -> Iterator[Path]:
    """Yield halves of files that a crash left: nothing ever reads them."""
    home = store.uploads(folder)
    yield from home.glob(".new-*")
    yield from home.glob("*.new")
