"""Photos seen before: the same bytes, or nearly the same picture, with another visit (security sheet, T23).

A warning for the inspector and the reviewer to look at; it blocks nothing, for two kitchens may well look alike.
"""

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.evidence.models import Attachment, PhotoLikeness, SealedFile
from joint_inspections.evidence.rules import IMAGES, Purpose, distance
from supervision import clock
from supervision.parameters.queries import get_number

# likenesses kept of one photo, nearest first: enough to see that it is an old one
MOST = 5


def compare_photos(session: Session, file: SealedFile) -> None:
    """Compare the photos that show this file with those of other visits; note what is alike, both ways."""
    if file.media_type not in IMAGES:
        return
    own = session.scalars(
        sa.select(Attachment).where(Attachment.sha256 == file.sha256, Attachment.purpose == Purpose.PHOTO)
    ).unique()
    for attachment in own.all():
        _compare(session, attachment, file)


def _compare(session: Session, attachment: Attachment, file: SealedFile) -> None:
    alike = _alike(session, file)
    if not alike:
        return
    others = session.execute(
        sa.select(Attachment.id, Attachment.sha256)
        .where(
            Attachment.sha256.in_(alike),
            Attachment.visit_id != attachment.visit_id,
            Attachment.purpose == Purpose.PHOTO,
        )
        .order_by(Attachment.attached_at, Attachment.id)
    ).all()
    nearest = sorted(others, key=lambda one: (one.sha256 != file.sha256, alike[one.sha256]))[:MOST]
    for other in nearest:
        pairs = ((attachment.id, other.id), (other.id, attachment.id))
        for here, there in pairs:
            _note(session, here, there, apart=alike[other.sha256], same=other.sha256 == file.sha256)
    session.flush()


def _note(session: Session, here: str, there: str, *, apart: int, same: bool) -> None:
    if session.get(PhotoLikeness, (here, there)) is None:
        session.add(
            PhotoLikeness(attachment_id=here, other_id=there, distance=apart, same_bytes=same, found_at=clock.now())
        )


def _alike(session: Session, file: SealedFile) -> dict[str, int]:
    """Return the digests of pictures that look like this one, itself included, with the bits that differ."""
    if not file.likeness:
        return {file.sha256: 0}
    most = get_number(session, "duplicate-photo-bits", on=clock.today())
    rows = session.execute(sa.select(SealedFile.sha256, SealedFile.likeness).where(SealedFile.likeness != "")).all()
    marks = np.array([int(row.likeness, 16) for row in rows], dtype=np.uint64)
    apart = np.bitwise_count(marks ^ np.uint64(int(file.likeness, 16)))
    near = {rows[int(place)].sha256 for place in np.flatnonzero(apart <= most)}
    return {row.sha256: distance(row.likeness, file.likeness) for row in rows if row.sha256 in near}
