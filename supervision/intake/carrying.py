"""The two jobs of an import: check a file, and take its rows in one transaction."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any  # arguments are JSON

from sqlalchemy.orm import Session

from supervision.errors import Conflict, Invalid
from supervision.intake import cleaning, kinds, queries, services, store
from supervision.intake.checking import Check
from supervision.intake.kinds import Register, Values
from supervision.intake.models import Upload
from supervision.intake.rules import Policy, UploadState, Verdict, check_step
from supervision.jobs import handlers
from supervision.jobs.handlers import Work
from supervision.labels import N_

CHUNK = 2000


def register_handlers() -> None:
    """Let workers carry imports."""
    link = ("intake.show", "upload_id")
    handlers.register(services.CHECK_JOB, check_file, label=N_("Check of an import file"), link=link, failed=unreadable)
    handlers.register(services.APPLY_JOB, take_rows, label=N_("Taking in an import file"), link=link, failed=not_taken)
    handlers.register(cleaning.JOB, cleaning.carry, label=N_("Removing files of old imports"), daily=True)


def check_file(work: Work) -> object:
    """Read and check an uploaded file; the register is only read, in short looks between chunks."""
    with work.reading() as session:
        upload = queries.get_upload(session, work.actor, work.arguments["upload_id"])
        kind = kinds.get_for(work.actor, upload.kind)
        register = kind.open(session, work.actor)
    rows = store.Lines(store.rows_path(work.folder, upload.id))
    mistakes = store.Lines(store.mistakes_path(work.folder, upload.id))
    try:
        outcome = Check(kind, register, reading=work.reading).run(
            store.original(work.folder, upload.digest),
            upload.filename,
            rows=rows,
            mistakes=mistakes,
            progress=work.progress,
        )
    except BaseException:
        rows.abandon()
        mistakes.abandon()
        raise
    digest = rows.finish()
    mistakes.finish()
    fresh = queries.get_upload(work.session, work.actor, upload.id, lock=True)
    services.note_checked(fresh, outcome, rows_digest=digest)
    return {"read": outcome.read}


def take_rows(work: Work) -> object:
    """Take the right rows of a checked file, all in one transaction.

    They are compared with the register of now before the transaction begins: on SQLite it locks everybody else out,
    so it holds nothing but the writing. What changes in between is met by the register's own refusals.
    """
    upload_id = work.arguments["upload_id"]
    path = store.rows_path(work.folder, upload_id)
    with work.reading() as session:
        upload = queries.get_upload(session, work.actor, upload_id)
        kind = kinds.get_for(work.actor, upload.kind)
        register = kind.open(session, work.actor)
    if not path.exists() or store.digest_of(path) != (upload.summary or {}).get("rows_digest"):
        raise Invalid("rows-gone", "The checked rows are no longer there unchanged. Send the file again.")
    taking = _Taking(work, register, upload, path)
    taking.compare()
    upload = queries.get_upload(work.session, work.actor, upload_id, lock=True)
    check_step(upload.state, UploadState.APPLIED)
    taking.write()
    upload = queries.get_upload(work.session, work.actor, upload_id)
    left_out = taking.left_out + upload.rows_wrong + taking.counts[Verdict.WRONG]
    services.note_applied(work.session, upload, taking.counts, left_out=left_out, actor=work.actor)
    return dict(taking.counts)


class _Taking:
    """Looks at the checked rows once more, then writes them."""

    def __init__(self, work: Work, register: Register, upload: Upload, path: Path) -> None:
        self.work = work
        self.register = register
        self.path = path
        self.policy, self.confirmed = upload.policy, upload.warnings_confirmed
        self.rows = upload.rows_new + upload.rows_changed
        self.counts: Counter[Verdict] = Counter()
        self.refused: set[int] = set()
        self.left_out = 0

    def compare(self) -> None:
        """Find the rows that were right at the check and are wrong now."""
        done = 0
        for part in self._chosen():
            with self.work.reading() as session:
                findings = self.register.compare(session, [values for _, values in part])
            for (number, _), finding in zip(part, findings, strict=True):
                if any(not wrong.warning for wrong in finding.wrongs):
                    self.refused.add(number)
            done += len(part)
            self.work.progress(done, 2 * self.rows)
        self.counts[Verdict.WRONG] = len(self.refused)
        if self.refused and self.policy is Policy.ALL:
            raise Conflict(
                "register-moved",
                "The register has changed since the check: rows that were right are wrong now. Nothing was taken; "
                "send the file again to see which.",
            )

    def write(self) -> None:
        """Take the rows, in the job's one transaction."""
        done = self.rows
        for part in self._chosen():
            wanted = [values for number, values in part if number not in self.refused]
            self.counts.update(self.register.apply(self.work.session, wanted))
            done += len(part)
            self.work.progress(done, 2 * self.rows)

    def _chosen(self) -> Iterator[list[tuple[int, Values]]]:
        """Yield the rows that the decision covers, chunk by chunk."""
        self.left_out = 0
        for part in store.chunks(store.read_lines(self.path), CHUNK):
            chosen = [(number, values) for number, doubtful, values in part if self.confirmed or not doubtful]
            self.left_out += len(part) - len(chosen)
            if chosen:
                yield chosen


def unreadable(session: Session, arguments: dict[str, Any], message: str, parameters: dict[str, str]) -> None:
    """Keep why a check failed."""
    upload = session.get(Upload, arguments["upload_id"])
    if upload is not None and upload.state is UploadState.CHECKING:
        services.note_refused(upload, message, parameters)


def not_taken(session: Session, arguments: dict[str, Any], message: str, parameters: dict[str, str]) -> None:
    """Put a file back for a new decision when taking it in failed."""
    upload = session.get(Upload, arguments["upload_id"])
    if upload is not None and upload.state is UploadState.APPLYING:
        services.reopen(upload, message, parameters)
