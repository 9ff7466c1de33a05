"""The life of an uploaded file: received, checked, decided, taken in."""

import unicodedata
from collections import Counter

from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Invalid
from supervision.intake.checking import Outcome
from supervision.intake.models import Upload
from supervision.intake.rules import Policy, UploadState, Verdict, check_step, rows_to_take
from supervision.jobs.models import Job
from supervision.jobs.services import enqueue
from supervision.permissions import Actor

CHECK_JOB = "intake-check"
APPLY_JOB = "intake-apply"
LONGEST_NAME = 200


def clean_filename(name: str) -> str:
    """Return the last part of a file name as the sender wrote it, without what could mislead on a page."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(char for char in last if unicodedata.category(char)[0] != "C")
    return unicodedata.normalize("NFC", kept).strip()[-LONGEST_NAME:]


def receive(session: Session, kind: str, *, filename: str, digest: str, size: int, actor: Actor) -> Upload:
    """Note a file that lies in the store under ``digest`` and let a worker check it."""
    upload = Upload(
        kind=kind,
        filename=clean_filename(filename),
        digest=digest,
        size=size,
        state=UploadState.CHECKING,
        department_id=actor.department_id,
        created_by=actor.user_id,
        created_at=clock.now(),
    )
    session.add(upload)
    session.flush()
    _carry(session, upload, CHECK_JOB, actor=actor)
    return upload


def note_checked(upload: Upload, outcome: Outcome, *, rows_digest: str) -> None:
    """Keep what the check found; the file now waits for a decision."""
    check_step(upload.state, UploadState.CHECKED)
    upload.state = UploadState.CHECKED
    _count(upload, outcome.counts)
    upload.rows_read, upload.rows_warned = outcome.read, outcome.warned
    upload.summary = {**outcome.summary, "rows_digest": rows_digest}


def _count(upload: Upload, counts: Counter[Verdict]) -> None:
    upload.rows_new, upload.rows_changed = counts[Verdict.NEW], counts[Verdict.CHANGED]
    upload.rows_same, upload.rows_wrong = counts[Verdict.SAME], counts[Verdict.WRONG]


def note_refused(upload: Upload, message: str, parameters: dict[str, str]) -> None:
    """Keep why a file cannot be read."""
    check_step(upload.state, UploadState.REFUSED)
    upload.state = UploadState.REFUSED
    upload.summary = {"refusal": message, "parameters": parameters}


def decide(
    session: Session, upload: Upload, *, policy: Policy, confirm_warnings: bool, reason: str, actor: Actor
) -> Job:
    """Let a worker take the rows that the decision covers."""
    check_step(upload.state, UploadState.APPLYING)
    if not rows_to_take(new=upload.rows_new, changed=upload.rows_changed):
        raise Invalid("nothing-to-take", "The register already says all that is right in this file.", field="policy")
    if policy is Policy.ALL and upload.rows_wrong:
        raise Invalid(
            "rows-wrong",
            "%(count)s rows are wrong. Correct the file and send it again, or take only the right rows.",
            field="policy",
            count=upload.rows_wrong,
        )
    if policy is Policy.ALL and upload.rows_warned and not confirm_warnings:
        raise Invalid(
            "warnings-open",
            "%(count)s rows carry warnings. Confirm that you have compared them, or take only the right rows.",
            field="confirm_warnings",
            count=upload.rows_warned,
        )
    if confirm_warnings and upload.rows_warned and not reason:
        raise Invalid("no-reason", "Say how you made sure that the rows with warnings are right.", field="reason")
    upload.state, upload.policy, upload.reason = UploadState.APPLYING, policy, reason
    upload.warnings_confirmed = confirm_warnings and bool(upload.rows_warned)
    upload.decisions += 1
    upload.summary = {name: value for name, value in (upload.summary or {}).items() if name != "refusal"}
    return _carry(session, upload, APPLY_JOB, actor=actor)


def _carry(session: Session, upload: Upload, kind: str, *, actor: Actor) -> Job:
    key = f"{kind}-{upload.id}-{upload.decisions}"
    total = upload.rows_new + upload.rows_changed
    job = enqueue(session, kind, {"upload_id": upload.id}, total=total, idempotency_key=key, actor=actor)
    session.flush()
    upload.job_id = job.id
    return job


def note_applied(session: Session, upload: Upload, counts: Counter[Verdict], *, left_out: int, actor: Actor) -> None:
    """Close the file: the register has taken its rows; one audit entry names file, rows and counts."""
    check_step(upload.state, UploadState.APPLIED)
    upload.state, upload.applied_at = UploadState.APPLIED, clock.now()
    upload.rows_new, upload.rows_changed = counts[Verdict.NEW], counts[Verdict.CHANGED]
    upload.rows_same += counts[Verdict.SAME]
    upload.rows_wrong += counts[Verdict.WRONG]
    summary = dict(upload.summary or {})
    upload.summary = {**summary, "left_out": left_out}
    record(
        session,
        Event.REGISTER_IMPORTED,
        actor=actor,
        subject=("upload", upload.id),
        reason=upload.reason,
        details={
            "register": upload.kind,
            "file": upload.filename,
            "file_sha256": upload.digest,
            "rows_sha256": summary.get("rows_digest", ""),
            "policy": upload.policy or "",
            "warnings_confirmed": upload.warnings_confirmed,
            "read": upload.rows_read,
            "new": upload.rows_new,
            "changed": upload.rows_changed,
            "same": upload.rows_same,
            "wrong": upload.rows_wrong,
            "left_out": left_out,
        },
    )


def reopen(upload: Upload, message: str, parameters: dict[str, str]) -> None:
    """Put a file back for a new decision after taking it in was refused or broke off; nothing was changed."""
    check_step(upload.state, UploadState.CHECKED)
    upload.state = UploadState.CHECKED
    upload.summary = {**(upload.summary or {}), "refusal": message, "parameters": parameters}


def discard(upload: Upload) -> None:
    """Put a file away without taking anything from it."""
    check_step(upload.state, UploadState.DISCARDED)
    upload.state = UploadState.DISCARDED
