"""Reading evidence. Callers have loaded the visit for their viewer already."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from joint_inspections.evidence.models import (
    Attachment,
    AttachmentRemoval,
    PhotoLikeness,
    Sample,
    SampleResult,
    SealedFile,
)
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import visible_to
from supervision.errors import NotFound
from supervision.permissions import Actor


def find_sealed(session: Session, sha256: str) -> SealedFile | None:
    """Return the sealed file with this digest."""
    return session.scalar(sa.select(SealedFile).where(SealedFile.sha256 == sha256))


def is_complete(session: Session, sha256: str) -> bool:
    """Say whether the bytes of this file have arrived and hash to what was declared."""
    return session.scalar(sa.select(SealedFile.sha256).where(SealedFile.sha256 == sha256)) is not None


def list_attachments(session: Session, visit: Visit, *, detached: bool = False) -> Sequence[Attachment]:
    """List the files of a visit in the order they came; with ``detached`` also those taken out again."""
    statement = (
        sa.select(Attachment)
        .where(Attachment.visit_id == visit.id)
        .order_by(Attachment.number)
        .options(joinedload(Attachment.item), joinedload(Attachment.point), joinedload(Attachment.section))
        .execution_options(populate_existing=True)
    )
    if not detached:
        statement = statement.where(~_removed())
    return session.scalars(statement).unique().all()


def _removed() -> sa.ColumnElement[bool]:
    return sa.exists().where(AttachmentRemoval.attachment_id == Attachment.id)


def missing_files(session: Session, visit: Visit) -> Sequence[Attachment]:
    """List the attachments of a visit whose bytes have not arrived; what was taken out again is not missed."""
    return [one for one in list_attachments(session, visit) if not one.complete]


def get_attachment(session: Session, visit: Visit, attachment_id: str) -> Attachment:
    """Return an attachment of this visit or refuse."""
    statement = sa.select(Attachment).where(Attachment.id == attachment_id, Attachment.visit_id == visit.id)
    found = session.scalar(statement.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def attachment_known(session: Session, attachment_id: str) -> bool:
    """Say whether a file was ever attached under this identifier, to whatever visit."""
    return session.scalar(sa.select(Attachment.id).where(Attachment.id == attachment_id)) is not None


def list_likenesses(session: Session, visit: Visit) -> dict[str, list[PhotoLikeness]]:
    """Return, by attachment of this visit, which photos of other visits it is or looks like."""
    own = sa.select(Attachment.id).where(Attachment.visit_id == visit.id)
    statement = (
        sa.select(PhotoLikeness)
        .where(PhotoLikeness.attachment_id.in_(own))
        .order_by(PhotoLikeness.same_bytes.desc(), PhotoLikeness.distance, PhotoLikeness.other_id)
        .options(joinedload(PhotoLikeness.other))
    )
    found: dict[str, list[PhotoLikeness]] = {}
    for one in session.scalars(statement).unique():
        found.setdefault(one.attachment_id, []).append(one)
    return found


def visible_visits(session: Session, viewer: Actor, visit_ids: Collection[int]) -> dict[int, Visit]:
    """Return those of the visits that the viewer may know of, for naming where a photo was seen before."""
    if not visit_ids:
        return {}
    statement = sa.select(Visit).where(Visit.id.in_(visit_ids), visible_to(viewer))
    return {one.id: one for one in session.scalars(statement)}


def get_result(session: Session, visit: Visit, result_id: int) -> SampleResult:
    """Return a report on a sample of this visit or refuse."""
    statement = (
        sa.select(SampleResult)
        .join(Sample, Sample.id == SampleResult.sample_id)
        .where(SampleResult.id == result_id, Sample.visit_id == visit.id)
    )
    found = session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def list_samples(session: Session, visit: Visit) -> Sequence[Sample]:
    """List the samples taken on a visit, withdrawn ones too."""
    statement = (
        sa.select(Sample)
        .where(Sample.visit_id == visit.id)
        .order_by(Sample.number)
        .options(joinedload(Sample.item), joinedload(Sample.section))
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).unique().all()


def get_sample(session: Session, visit: Visit, sample_id: int) -> Sample:
    """Return a sample of this visit or refuse."""
    found = session.scalar(sa.select(Sample).where(Sample.id == sample_id, Sample.visit_id == visit.id))
    if found is None:
        raise NotFound
    return found
