"""Receiving files in pieces, sealing them, and saying what they belong to.

What others call::

    file = begin_file(session, sha256=…, size=…, media_type=…, actor=…)    # the same declaration again: the same row
    received = add_piece(session, file, offset, data)                      # == file.size: sealed
    attach(session, visit, id=…, sha256=…, …)                              # before or after the bytes have come

Bytes reach the disk before the transaction ends; what a rolled-back transaction leaves there is taken up again by
the next `begin_file`.
"""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any  # a place is JSON
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from joint_inspections.evidence.holding import check_room, hold, holds
from joint_inspections.evidence.likeness import compare_photos
from joint_inspections.evidence.models import Attachment, AttachmentRemoval, SealedFile, StoredFile
from joint_inspections.evidence.pictures import Picture, read_picture
from joint_inspections.evidence.places import check_place, place_of_claim
from joint_inspections.evidence.queries import find_sealed, is_complete, list_attachments, missing_files
from joint_inspections.evidence.rules import (
    DIGEST,
    ENDINGS,
    HEAD,
    HEIC,
    IMAGES,
    MEGABYTE,
    PIECE,
    Purpose,
    fits_purpose,
    plain_type,
    recognise,
)
from joint_inspections.evidence.store import Store, digest_of, store_of
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import RECORDING
from joint_inspections.visits.services import own_part
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Conflict, Invalid, WrongState
from supervision.parameters.queries import get_number
from supervision.permissions import Actor

__all__ = ["add_piece", "attach", "begin_file", "check_declared", "detach", "is_complete", "keep_bytes",
           "list_attachments", "missing_files", "received_bytes"]  # fmt: skip


def begin_file(session: Session, *, sha256: str, size: int, media_type: str, actor: Actor) -> StoredFile:
    """Declare a file whose pieces will follow; idempotent: the same declaration again returns the same row.

    Refused: ``wrong-digest``, ``wrong-type``, ``too-large`` (parameter ``evidence-file-megabytes``). Ask
    `received_bytes` where to go on, and `is_complete` whether anything is needed at all.
    """
    media_type = plain_type(media_type)
    check_declared(session, sha256, size, media_type)
    same = sa.select(StoredFile).where(
        StoredFile.sha256 == sha256, StoredFile.size == size, StoredFile.media_type == media_type
    )
    found = session.scalar(same)
    if found is None:
        check_room(session, size, actor=actor)
        found = StoredFile(
            sha256=sha256, size=size, media_type=media_type, declared_by=actor.user_id, declared_at=clock.now()
        )
        try:
            with session.begin_nested():
                session.add(found)
                session.flush()
        except IntegrityError:  # another phone of the team declared it in the same moment
            found = session.scalars(same).one()
    if not is_complete(session, sha256):
        hold(session, sha256, actor.user_id)
    elif not holds(session, sha256, actor):
        check_room(session, size, actor=actor, sha256=sha256)
    _take_up(session, found, actor=actor)
    return found


def check_declared(session: Session, sha256: str, size: int, media_type: str) -> None:
    """Refuse to begin with what could never be kept: no digest, a type or a size that is not taken."""
    if not DIGEST.fullmatch(sha256):
        raise Invalid("wrong-digest", "The digest of a file is 64 digits and letters a to f.", field="sha256")
    if media_type == HEIC:
        raise Invalid(
            "heic", "Photos in HEIC cannot be shown here. Set the phone's camera to “most compatible” (JPEG).",
            field="media_type",
        )  # fmt: skip
    if media_type not in ENDINGS:
        raise Invalid("wrong-type", "Send photos as JPEG, PNG or WebP, documents as PDF, or sound.", field="media_type")
    most = get_number(session, "evidence-file-megabytes", on=clock.today())
    if not 0 < size <= most * MEGABYTE:
        raise Invalid(
            "too-large", "A file must not be empty and may have at most %(most)s MB.", field="size", most=most
        )


def _take_up(session: Session, file: StoredFile, *, actor: Actor) -> None:
    """Seal what an undone transaction left behind whole: among the originals, or on its way."""
    if is_complete(session, file.sha256):
        return
    store = store_of(session)
    with store.gathering(file.sha256, file.size) as path:
        original = store.original(file.sha256)
        if original.exists() and original.stat().st_size == file.size:
            _seal(session, store, original, file, actor=actor)
        elif path.exists() and path.stat().st_size == file.size:
            with suppress(Invalid):  # wrong bytes are gone now; the sender begins anew
                _finish(session, store, path, file, actor=actor)


def received_bytes(session: Session, file: StoredFile, *, actor: Actor | None = None) -> int:
    """Return how many bytes of a declared file have arrived: all when it is sealed.

    Whoever names a sealed file of others is told of what they sent themselves: that they have it, they show by that.
    """
    if not is_complete(session, file.sha256):
        return store_of(session).received(file.sha256, file.size)
    if actor is None or holds(session, file.sha256, actor):
        return file.size
    return store_of(session).received(file.sha256, file.size, by=actor.user_id)


def is_here_for(session: Session, sha256: str, actor: Actor) -> bool:
    """Say whether a file has arrived whole and this person has it: nothing more need be sent."""
    return is_complete(session, sha256) and holds(session, sha256, actor)


def add_piece(session: Session, file: StoredFile, offset: int, data: bytes, *, actor: Actor | None = None) -> int:
    """Add a piece (at most 1 MiB) where the last ended; return how many bytes are here now.

    Another offset: `Conflict` ``wrong-offset``; its ``parameters["received"]`` says where to go on. The last piece is
    checked: `Invalid` ``wrong-hash``, ``wrong-type``, ``broken-picture`` or ``too-many-pixels`` with
    ``parameters["received"] == 0``, and the sender begins anew. A sealed file swallows whatever comes.
    """
    sealed = is_complete(session, file.sha256)
    if sealed and (actor is None or holds(session, file.sha256, actor)):
        return file.size
    received = received_bytes(session, file, actor=actor)
    if len(data) > PIECE:
        raise Invalid("piece-too-large", "A piece may have at most 1 MiB.", received=received)
    store = store_of(session)
    if sealed and actor and not received:
        check_room(session, file.size, actor=actor, sha256=file.sha256)
    with store.gathering(file.sha256, file.size, by=actor.user_id if sealed and actor else None) as path:
        if offset + len(data) > file.size:
            raise Invalid("beyond-end", "More came than was declared.", received=received)
        received = store.append(path, offset, data)
        if received == file.size and sealed and actor:
            _check_again(session, path, file, actor=actor)
        elif received == file.size:
            _finish(session, store, path, file, actor=actor)
        return received


def _check_again(session: Session, path: Path, file: StoredFile, *, actor: Actor) -> None:
    """Check the bytes of a file that is sealed already: whoever sent them has it. They are not kept twice."""
    right = digest_of(path) == file.sha256
    path.unlink(missing_ok=True)
    if not right:
        raise Invalid("wrong-hash", "The bytes that arrived are not those announced. Send the file again.", received=0)
    hold(session, file.sha256, actor.user_id)
    session.expire_all()
    found = find_sealed(session, file.sha256)
    if found is not None:
        compare_photos(session, found)


def _finish(session: Session, store: Store, path: Path, file: StoredFile, *, actor: Actor | None) -> None:
    """Check a file whose bytes are all here; what is wrong is removed, and its sender begins anew."""
    try:
        if digest_of(path) != file.sha256:
            raise Invalid(
                "wrong-hash", "The bytes that arrived are not those announced. Send the file again.", received=0
            )
        _seal(session, store, path, file, actor=actor)
    except Invalid:
        path.unlink(missing_ok=True)
        raise


def _seal(session: Session, store: Store, path: Path, file: StoredFile, *, actor: Actor | None) -> None:
    with path.open("rb") as stream:
        found = recognise(stream.read(HEAD))
    if found != file.media_type:
        raise Invalid("wrong-type", "The content is not of the kind its name says. Send the original file.", received=0)
    picture = _look(session, path, found)
    if picture:
        store.write_copy(file.sha256, "view", picture.view)
        store.write_copy(file.sha256, "thumb", picture.thumb)
    if path != store.original(file.sha256):
        store.keep(path, file.sha256)
    sealed = SealedFile(sha256=file.sha256, size=file.size, media_type=found, sealed_at=clock.now())
    if picture:
        sealed.width, sealed.height, sealed.likeness = picture.width, picture.height, picture.likeness
        sealed.camera_time, sealed.camera_place = picture.camera_time, picture.camera_place
    try:
        with session.begin_nested():
            session.add(sealed)
            session.flush()
    except IntegrityError:  # sealed by another transaction meanwhile: the same bytes
        return
    details = {"size": file.size, "type": found}
    by = actor or Actor(user_id=file.declared_by, name="")
    record(session, Event.FILE_SEALED, actor=by, subject=("file", file.sha256), details=details)
    compare_photos(session, sealed)


def _look(session: Session, path: Path, media_type: str) -> Picture | None:
    if media_type not in IMAGES:
        return None
    most = get_number(session, "evidence-photo-megapixels", on=clock.today())
    return read_picture(path, media_type, megapixels=most)


def keep_bytes(session: Session, data: bytes, *, media_type: str, actor: Actor) -> str:
    """Keep a file that came whole, as a page sends it; return its digest."""
    sha256 = hashlib.sha256(data).hexdigest()
    hold(session, sha256, actor.user_id)
    file = begin_file(session, sha256=sha256, size=len(data), media_type=media_type, actor=actor)
    try:
        _send_rest(session, file, data, actor=actor)
    except Invalid as error:
        if error.code != "wrong-hash":
            raise
        # pieces that another sender left behind were wrong and are gone now
        _send_rest(session, file, data, actor=actor)
    return sha256


def _send_rest(session: Session, file: StoredFile, data: bytes, *, actor: Actor) -> None:
    received = received_bytes(session, file)
    while received < file.size:
        received = add_piece(session, file, received, data[received : received + PIECE], actor=actor)


def attach(
    session: Session, visit: Visit, *, id: UUID, sha256: str, section: int | None, item: int | None,  # noqa: A002
    point: int | None, purpose: str, caption: str, taken_at: datetime | None, place: Mapping[str, Any] | None,
    actor: Actor,
) -> Attachment:  # fmt: skip
    """Say that a file belongs to a place of the form; its bytes may come later (`missing_files`).

    A sealed file of others counts as not yet here until somebody of the team has sent its bytes too: naming a digest
    proves nothing.
    ``section``, ``item`` and ``point`` are ids as in the package, None for the visit as a whole. The same ``id`` with
    the same content again returns the attachment; with other content: `Conflict` ``attachment-differs``. Time and
    place are claims of the device.
    """
    own_part(visit, actor)
    session.execute(sa.select(Visit.id).where(Visit.id == visit.id).with_for_update())
    if not DIGEST.fullmatch(sha256):
        raise Invalid("wrong-digest", "The digest of a file is 64 digits and letters a to f.", field="sha256")
    wanted = Attachment(
        id=str(id), visit_id=visit.id, sha256=sha256, section_id=section, item_id=item, point_id=point,
        purpose=_purpose(purpose), caption=caption.strip(), taken_at=taken_at, place=place_of_claim(place),
        attached_by=actor.user_id, attached_at=clock.now(),
    )  # fmt: skip
    before = session.get(Attachment, str(id))
    if before is not None:
        return _same(before, wanted)
    _require_recording(visit)
    check_place(session, visit, section=section, item=item, point=point, actor=actor)
    _check_file(session, sha256, wanted.purpose)
    wanted.number = _next_number(session, visit)
    session.add(wanted)
    session.flush()
    session.refresh(wanted)
    record(
        session, Event.EVIDENCE_ATTACHED, actor=actor, subject=("visit", visit.id),
        details={"attachment": wanted.id, "number": wanted.number, "sha256": sha256, "purpose": wanted.purpose.value},
    )  # fmt: skip
    if wanted.file is not None:
        compare_photos(session, wanted.file)
    return wanted


def _purpose(purpose: str) -> Purpose:
    if purpose not in set(Purpose):
        raise Invalid("wrong-purpose", "Say whether it is a photo, a document or a sound recording.", field="purpose")
    return Purpose(purpose)


SAID = ("visit_id", "sha256", "section_id", "item_id", "point_id", "purpose", "caption", "taken_at", "place")


def _same(before: Attachment, wanted: Attachment) -> Attachment:
    if any(getattr(before, name) != getattr(wanted, name) for name in SAID):
        raise Conflict("attachment-differs", "Another file or place is kept under this identifier already.")
    return before


def _require_recording(visit: Visit) -> None:
    if visit.state not in RECORDING:
        raise WrongState(
            "not-recording", "The record is not open for entries now. Reload the page to see where it stands."
        )


def _check_file(session: Session, sha256: str, purpose: Purpose) -> None:
    sealed = find_sealed(session, sha256)
    if sealed is not None and not fits_purpose(purpose, sealed.media_type):
        raise Invalid("wrong-purpose", "Say whether it is a photo, a document or a sound recording.", field="purpose")


def _next_number(session: Session, visit: Visit) -> int:
    count = session.scalar(sa.select(sa.func.max(Attachment.number)).where(Attachment.visit_id == visit.id)) or 0
    most = get_number(session, "evidence-files-per-visit", on=clock.today())
    if count >= most:
        raise Invalid("too-many-files", "A visit may have at most %(most)s files.", most=most)
    return count + 1


def detach(session: Session, attachment: Attachment, *, reason: str, actor: Actor) -> None:
    """Take a file out of the record, for a reason; it and its history stay kept and readable."""
    visit = session.get_one(Visit, attachment.visit_id)
    own_part(visit, actor)
    session.execute(sa.select(Visit.id).where(Visit.id == visit.id).with_for_update())
    _require_recording(visit)
    check_place(session, visit, section=attachment.section_id, item=None, point=None, actor=actor)
    if not reason.strip():
        raise Invalid("reason-needed", "Say why it is taken out.", field="reason")
    if session.get(AttachmentRemoval, attachment.id) is not None:
        raise WrongState("detached", "This file was taken out of the record already.")
    session.add(
        AttachmentRemoval(
            attachment_id=attachment.id, reason=reason.strip(), removed_by=actor.user_id, removed_at=clock.now()
        )
    )
    session.flush()
    session.refresh(attachment)
    record(
        session, Event.EVIDENCE_DETACHED, actor=actor, subject=("visit", visit.id), reason=reason.strip(),
        details={"attachment": attachment.id, "number": attachment.number, "sha256": attachment.sha256},
    )  # fmt: skip
