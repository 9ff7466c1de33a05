"""Files that an enterprise sends in pieces by its code, before they become part of a sending.

A digest is no file: whoever names one must send its bytes by this very code, even where the platform has it already.
Of which kind a file is, its bytes say: a browser goes by the ending of the name, or says nothing.
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
from joint_inspections.evidence.rules import DIGEST, ENDINGS, HEAD, HEIC, MEGABYTE, PIECE, plain_type, recognise
from joint_inspections.evidence.services import check_declared, keep_bytes
from joint_inspections.evidence.store import digest_of, store_of
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Invalid, NotFound, TooMany, WrongState
from supervision.labels import N_
from supervision.parameters.queries import get_number
from supervision.permissions import PUBLIC

# a file is announced before its bytes tell its kind; what limits its size is the same for each
ANY_KIND = "application/pdf"


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
    if media_type in ENDINGS:
        _require_shown(media_type)
    check_declared(session, announced.sha256, announced.size, ANY_KIND)
    same = (CorrectionUpload.sha256 == announced.sha256, CorrectionUpload.size == announced.size)
    found = session.scalar(_of(correction).where(*same))
    if found is None:
        _require_space(session, correction, announced.size)
        found = CorrectionUpload(
            follow_up_id=correction.follow_up.id, sha256=announced.sha256, size=announced.size,
            media_type=media_type if media_type in TYPES else "", name=announced.name, begun_at=clock.now(),
        )  # fmt: skip
        session.add(found)
        session.flush()
    return _take_up(session, found)


def _require_shown(media_type: str) -> None:
    """Refuse a kind of file that the department could not look at."""
    if media_type not in TYPES:
        raise Invalid("not-shown", N_("Send photos (JPEG, PNG, WebP) or PDF."), field="files")


def _kind_of(session: Session, upload: CorrectionUpload, head: bytes) -> str:
    """Return the kind that the first bytes speak for, or refuse it."""
    found = recognise(head[:HEAD])
    if found == HEIC:  # whose remedy is a setting of the phone
        check_declared(session, upload.sha256, upload.size, found)
    _require_shown(found)
    return found


def _of(correction: Correction) -> sa.Select[CorrectionUpload]:
    mine = CorrectionUpload.follow_up_id == correction.follow_up.id
    return sa.select(CorrectionUpload).where(mine).execution_options(populate_existing=True)


def _sender(upload: CorrectionUpload) -> str:
    return f"correction{upload.follow_up_id}"


def _require_space(session: Session, correction: Correction, size: int) -> None:
    """Refuse another file where a code has too many that were not sent, or more than all its sendings could hold.

    What has arrived is kept for good, so it counts until it is part of a sending; what has not, until it is swept.
    """
    today = clock.today()
    every = session.scalars(_of(correction)).unique().all()
    most_ever = get_number(session, "correction-files", on=today) * get_number(session, "correction-sendings", on=today)
    if len(every) >= most_ever:
        raise WrongState("enough-said", N_("Enough was said by this code. Please call the department."))
    since = clock.now() - timedelta(days=get_number(session, "evidence-incoming-days", on=today))
    sent = set(session.scalars(_sent(correction)))
    unsent = [one for one in every if one.sha256 not in sent and (one.arrival or one.begun_at >= since)]
    most = get_number(session, "evidence-unfinished-files", on=today)
    megabytes = get_number(session, "evidence-unfinished-megabytes", on=today)
    if len(unsent) >= most or sum(one.size for one in unsent) + size > megabytes * MEGABYTE:
        raise TooMany(
            "too-many-unfinished",
            N_("Too much was chosen and not sent yet (at most %(most)s files, %(megabytes)s MB). Send that first."),
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
            if offset < HEAD <= received:
                _look_at_beginning(session, upload, path)
            return Received(received, complete=False)
        _arrive(session, upload, path)
        return Received(received, complete=True)


def _look_at_beginning(session: Session, upload: CorrectionUpload, path: Path) -> None:
    """Refuse what can never be taken before all of it is sent."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    try:
        _kind_of(session, upload, head)
    except Invalid:
        path.unlink(missing_ok=True)
        raise


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
        data = path.read_bytes()
        kind = _kind_of(session, upload, data)
        keep_bytes(session, data, media_type=kind, actor=PUBLIC)
    except Invalid:
        path.unlink(missing_ok=True)
        raise
    session.add(CorrectionArrival(upload_id=upload.id, arrived_at=clock.now()))
    session.flush()
    details = {"sha256": upload.sha256, "size": upload.size, "type": kind}
    subject = ("follow_up", upload.follow_up_id)
    record(session, Event.CORRECTION_FILE_ARRIVED, actor=PUBLIC, subject=subject, details=details)
    path.unlink(missing_ok=True)


def _sent(correction: Correction) -> sa.Select[str]:
    """Return the digests of what is part of a sending."""
    files = sa.select(CorrectionFile.sha256).join(CorrectionEntry, CorrectionEntry.id == CorrectionFile.entry_id)
    return files.where(CorrectionEntry.follow_up_id == correction.follow_up.id)


def waiting_uploads(
    session: Session, correction: Correction, *, ticked: Sequence[str] = ()
) -> Sequence[CorrectionUpload]:
    """List the files that have arrived by this code and are part of no sending yet, in the order of their arrival.

    What a page that came back had ``ticked`` is listed even when it was sent in an earlier round.
    """
    arrived = _of(correction).join(CorrectionArrival, CorrectionArrival.upload_id == CorrectionUpload.id)
    again = CorrectionUpload.sha256.in_([one for one in ticked if DIGEST.fullmatch(one)])
    found = arrived.where(sa.or_(CorrectionUpload.sha256.not_in(_sent(correction)), again))
    return session.scalars(found.order_by(CorrectionArrival.arrived_at, CorrectionUpload.id)).unique().all()


def is_new(correction: Correction, upload: CorrectionUpload) -> bool:
    """Say whether a file has arrived since the last sending; what was left out of that was left out on purpose."""
    sendings = [one.made_at for one in correction.entries if one.kind is EntryKind.SENT]
    return upload.arrival is not None and (not sendings or upload.arrival.arrived_at > sendings[-1])


def get_arrived(session: Session, correction: Correction, digests: Sequence[str]) -> list[CorrectionUpload]:
    """Return the files with these digests, each once and in this order; refuse what did not arrive by this code."""
    wanted = tuple(dict.fromkeys(digests))
    arrived = _of(correction).join(CorrectionArrival, CorrectionArrival.upload_id == CorrectionUpload.id)
    statement = arrived.where(CorrectionUpload.sha256.in_([one for one in wanted if DIGEST.fullmatch(one)]))
    found = {one.sha256: one for one in session.scalars(statement).unique()}
    if any(one not in found for one in wanted):
        raise Invalid("not-arrived", N_("A file has not arrived whole. Choose it again."), field="files")
    return [found[one] for one in wanted]
