"""Files that an enterprise sends in pieces by its code, before they become part of a sending.

A digest is no file: whoever names one must send its bytes by this very code, even where the platform has it already.
Pieces of each follow-up lie apart, so that one code can neither go on with nor learn of what another sends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.corrections.models import CorrectionArrival, CorrectionEntry, CorrectionFile, CorrectionUpload
from joint_inspections.corrections.queries import Correction
from joint_inspections.corrections.rules import EntryKind, require_follow
from joint_inspections.corrections.services import TYPES, require_room
from joint_inspections.evidence.rules import DIGEST, MEGABYTE, PIECE, plain_type
from joint_inspections.evidence.services import check_declared, keep_bytes
from joint_inspections.evidence.store import digest_of, store_of
from supervision import clock
from supervision.errors import Invalid, NotFound, TooMany, WrongState
from supervision.labels import N_
from supervision.parameters.queries import get_number
from supervision.permissions import PUBLIC


@dataclass(frozen=True, slots=True)
class Announced:
    """A file as the enterprise's page announces it."""

    sha256: str
    size: int
    media_type: str
    name: str


@dataclass(frozen=True, slots=True)
class Received:
    """How much of an announced file is here; complete when it may be sent."""

    received: int
    complete: bool


def begin_upload(session: Session, correction: Correction, announced: Announced) -> Received:
    """Announce a file, or ask where to go on with it; the caller holds the follow-up's row."""
    require_follow(correction.stage, EntryKind.SENT)
    require_room(session, correction)
    media_type = plain_type(announced.media_type)
    check_declared(session, announced.sha256, announced.size, media_type)
    if media_type not in TYPES:
        raise Invalid("not-shown", N_("Send photos (JPEG, PNG, WebP) or PDF."), field="files")
    found = session.scalar(
        _of(correction).where(
            CorrectionUpload.sha256 == announced.sha256,
            CorrectionUpload.size == announced.size,
            CorrectionUpload.media_type == media_type,
        )
    )
    if found is None:
        _require_space(session, correction, announced.size)
        found = CorrectionUpload(
            follow_up_id=correction.follow_up.id, sha256=announced.sha256, size=announced.size, media_type=media_type,
            name=announced.name, begun_at=clock.now(),
        )  # fmt: skip
        session.add(found)
        session.flush()
    return _take_up(session, found)


def _of(correction: Correction) -> sa.Select[CorrectionUpload]:
    mine = CorrectionUpload.follow_up_id == correction.follow_up.id
    return sa.select(CorrectionUpload).where(mine).execution_options(populate_existing=True)


def _sender(upload: CorrectionUpload) -> str:
    return f"correction{upload.follow_up_id}"


def _require_space(session: Session, correction: Correction, size: int) -> None:
    """Refuse another file where a code has too many on their way, or more than all its sendings could hold."""
    today = clock.today()
    every = session.scalars(_of(correction)).unique().all()
    most_ever = get_number(session, "correction-files", on=today) * get_number(session, "correction-sendings", on=today)
    if len(every) >= most_ever:
        raise WrongState("enough-said", N_("Enough was said by this code. Please call the department."))
    since = clock.now() - timedelta(days=get_number(session, "evidence-incoming-days", on=today))
    unfinished = [one for one in every if one.arrival is None and one.begun_at >= since]
    most = get_number(session, "evidence-unfinished-files", on=today)
    megabytes = get_number(session, "evidence-unfinished-megabytes", on=today)
    if len(unfinished) >= most or sum(one.size for one in unfinished) + size > megabytes * MEGABYTE:
        raise TooMany(
            "too-many-unfinished",
            "Too much of what you began to send has not arrived whole (at most %(most)s files, %(megabytes)s MB). "
            "Finish those first.",
            most=most,
            megabytes=megabytes,
        )


def _take_up(session: Session, upload: CorrectionUpload) -> Received:
    """Say how much is here; what an undone transaction left behind whole is checked now."""
    if upload.arrival is not None:
        return Received(upload.size, complete=True)
    with store_of(session).gathering(upload.sha256, upload.size, by=_sender(upload)) as path:
        received = path.stat().st_size if path.exists() else 0
        if received == upload.size:
            _arrive(session, upload, path)
            return Received(received, complete=True)
        return Received(received, complete=False)


def add_piece(session: Session, correction: Correction, sha256: str, offset: int, data: bytes) -> Received:
    """Add a piece where the last one ended; the last one is checked, and what is wrong begins anew."""
    upload = _newest(session, correction, sha256)
    if upload is None:
        raise NotFound("unknown-file", "Nobody has announced this file. Announce it first.")
    if upload.arrival is not None:
        return Received(upload.size, complete=True)
    require_follow(correction.stage, EntryKind.SENT)
    if len(data) > PIECE:
        raise Invalid("piece-too-large", "A piece may have at most 1 MiB.")
    store = store_of(session)
    with store.gathering(sha256, upload.size, by=_sender(upload)) as path:
        if offset + len(data) > upload.size:
            raise Invalid("beyond-end", "More came than was declared.")
        received = store.append(path, offset, data)
        if received < upload.size:
            return Received(received, complete=False)
        _arrive(session, upload, path)
        return Received(received, complete=True)


def _newest(session: Session, correction: Correction, sha256: str) -> CorrectionUpload | None:
    if not DIGEST.fullmatch(sha256):
        return None
    named = _of(correction).where(CorrectionUpload.sha256 == sha256)
    return session.scalars(named.order_by(CorrectionUpload.id.desc())).unique().first()


def _arrive(session: Session, upload: CorrectionUpload, path: Path) -> None:
    """Check a file whose bytes are all here and keep it as every other; what is wrong is removed."""
    try:
        if digest_of(path) != upload.sha256:
            raise Invalid("wrong-hash", "The bytes that arrived are not those announced. Send the file again.")
        keep_bytes(session, path.read_bytes(), media_type=upload.media_type, actor=PUBLIC)
    except Invalid:
        path.unlink(missing_ok=True)
        raise
    session.add(CorrectionArrival(upload_id=upload.id, arrived_at=clock.now()))
    session.flush()
    path.unlink(missing_ok=True)


def waiting_uploads(session: Session, correction: Correction) -> Sequence[CorrectionUpload]:
    """List the files that have arrived by this code and are part of no sending yet, in the order of their arrival."""
    sent = (
        sa.select(CorrectionFile.sha256)
        .join(CorrectionEntry, CorrectionEntry.id == CorrectionFile.entry_id)
        .where(CorrectionEntry.follow_up_id == correction.follow_up.id)
    )
    arrived = _of(correction).join(CorrectionArrival, CorrectionArrival.upload_id == CorrectionUpload.id)
    found = arrived.where(CorrectionUpload.sha256.not_in(sent))
    return session.scalars(found.order_by(CorrectionArrival.arrived_at, CorrectionUpload.id)).unique().all()


def get_arrived(session: Session, correction: Correction, digests: Sequence[str]) -> list[CorrectionUpload]:
    """Return the files with these digests, each once and in this order; refuse what did not arrive by this code."""
    wanted = tuple(dict.fromkeys(digests))
    arrived = _of(correction).join(CorrectionArrival, CorrectionArrival.upload_id == CorrectionUpload.id)
    statement = arrived.where(CorrectionUpload.sha256.in_([one for one in wanted if DIGEST.fullmatch(one)]))
    found = {one.sha256: one for one in session.scalars(statement).unique()}
    if any(one not in found for one in wanted):
        raise Invalid("not-arrived", N_("A file has not arrived whole. Choose it again."), field="files")
    return [found[one] for one in wanted]
