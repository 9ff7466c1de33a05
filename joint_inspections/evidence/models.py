"""Files by their SHA-256, what they belong to, samples and what laboratories found. Nothing here is ever changed."""

from datetime import date, datetime
from typing import Any  # a place is JSON

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship, remote

from joint_inspections.evidence.rules import Purpose, Verdict
from joint_inspections.records.models import Section
from joint_inspections.visits.models import VisitMember
from supervision.accounts.models import User
from supervision.db import Base, JsonText, UtcDateTime, enum_type
from supervision.evidence import append_only
from supervision.inspectors.models import Inspector
from supervision.items.models import CheckPoint, Item


class StoredFile(Base):
    """A file as somebody declared it before its bytes came; its pieces wait in the store until it is sealed.

    The same digest declared with another size or type is another row: a wrong declaration never bars the right one.
    """

    __tablename__ = "stored_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    media_type: Mapped[str] = mapped_column(sa.String(40))
    declared_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (sa.UniqueConstraint("sha256", "size", "media_type"),)


class SealedFile(Base):
    """An original whose bytes have all arrived, hash to its name and are what they claim to be."""

    __tablename__ = "sealed_files"

    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    media_type: Mapped[str] = mapped_column(sa.String(40))
    # of images, upright
    width: Mapped[int | None]
    height: Mapped[int | None]
    # difference hash of 64 bits; "" where there is none or the picture is too plain to tell anything
    likeness: Mapped[str] = mapped_column(sa.String(16), default="")
    # what the camera wrote into the file: claims
    camera_time: Mapped[str] = mapped_column(sa.String(40), default="")
    camera_place: Mapped[Any] = mapped_column(JsonText, nullable=True)
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FileHolder(Base):
    """Somebody has this file: declared it while its bytes were still to come, or sent them.

    A digest alone is no file: it stands on papers that many people read.
    """

    __tablename__ = "file_holders"

    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class Attachment(Base):
    """A file belongs to a place of a visit's form; the id is the one its device gave it.

    The row stands before the bytes have come: `file` is None until then, and the record cannot be handed in.
    """

    __tablename__ = "attachments"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"))
    # counts within the visit, so that people can name it
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    # NULL: the visit as a whole
    section_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sections.id"))
    item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("items.id"))
    point_id: Mapped[int | None] = mapped_column(sa.ForeignKey("check_points.id"))
    purpose: Mapped[Purpose] = mapped_column(enum_type(Purpose))
    caption: Mapped[str] = mapped_column(sa.Text, default="")
    # claims of the device: {"latitude", "longitude", "accuracy"}
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    place: Mapped[Any] = mapped_column(JsonText, nullable=True)
    attached_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    attached_at: Mapped[datetime] = mapped_column(UtcDateTime)

    section: Mapped[Section | None] = relationship(lazy="select")
    item: Mapped[Item | None] = relationship(lazy="select")
    point: Mapped[CheckPoint | None] = relationship(lazy="select")
    attacher: Mapped[User | None] = relationship(lazy="joined")
    removal: Mapped["AttachmentRemoval | None"] = relationship(lazy="joined", uselist=False, viewonly=True)
    # only where somebody of the visit has it: the bytes of others are not seen by naming their digest
    file: Mapped[SealedFile | None] = relationship(
        primaryjoin=lambda: sa.and_(foreign(Attachment.sha256) == remote(SealedFile.sha256), _had_by_the_team()),
        lazy="joined",
        viewonly=True,
    )

    __table_args__ = (sa.UniqueConstraint("visit_id", "number"),)

    @property
    def complete(self) -> bool:
        """Whether its bytes have arrived."""
        return self.file is not None

    @property
    def detached(self) -> bool:
        """Whether it is no longer shown with the record; it stays kept."""
        return self.removal is not None


def _had_by_the_team() -> sa.ColumnElement[bool]:
    """Say whether whoever attached a file, or anybody who is or was on the team, has it."""
    own = sa.exists().where(FileHolder.sha256 == Attachment.sha256, FileHolder.user_id == Attachment.attached_by)
    mates = (
        sa.exists()
        .where(FileHolder.sha256 == Attachment.sha256, FileHolder.user_id == User.id)
        .where(User.inspector_id == VisitMember.inspector_id, VisitMember.visit_id == Attachment.visit_id)
    )
    # explicit: the join that asks this names none of the tables in its own list
    return sa.or_(
        Attachment.attached_by.is_(None), own.correlate(Attachment.__table__), mates.correlate(Attachment.__table__)
    )


class AttachmentRemoval(Base):
    """Somebody took a file out of the record, for a reason; file and attachment stay kept."""

    __tablename__ = "attachment_removals"

    attachment_id: Mapped[str] = mapped_column(sa.ForeignKey("attachments.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(sa.Text)
    removed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    removed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    remover: Mapped[User | None] = relationship(lazy="joined")


class PhotoLikeness(Base):
    """A photo is, or looks like, a photo of another visit: a warning to look at, never a finding."""

    __tablename__ = "photo_likenesses"

    attachment_id: Mapped[str] = mapped_column(sa.ForeignKey("attachments.id"), primary_key=True)
    other_id: Mapped[str] = mapped_column(sa.ForeignKey("attachments.id"), primary_key=True)
    # bits that differ; 0 with the same digest means the same bytes
    distance: Mapped[int]
    same_bytes: Mapped[bool]
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)

    attachment: Mapped[Attachment] = relationship(foreign_keys=[attachment_id], lazy="select")
    other: Mapped[Attachment] = relationship(foreign_keys=[other_id], lazy="select")


class Sample(Base):
    """抽样: what was taken along, how much, whether sealed, and to whom it was given."""

    __tablename__ = "samples"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"))
    number: Mapped[int]
    section_id: Mapped[int] = mapped_column(sa.ForeignKey("sections.id"))
    item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("items.id"))
    what: Mapped[str] = mapped_column(sa.String(200))
    amount: Mapped[str] = mapped_column(sa.String(100))
    sealed: Mapped[bool]
    seal_number: Mapped[str] = mapped_column(sa.String(100), default="")
    given_to: Mapped[str] = mapped_column(sa.String(200))
    taken_by: Mapped[int] = mapped_column(sa.ForeignKey("inspectors.id"))
    recorded_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    section: Mapped[Section] = relationship(lazy="select")
    item: Mapped[Item | None] = relationship(lazy="select")
    taker: Mapped[Inspector] = relationship(lazy="joined")
    withdrawal: Mapped["SampleWithdrawal | None"] = relationship(lazy="joined", uselist=False, viewonly=True)
    results: Mapped[list["SampleResult"]] = relationship(lazy="selectin", order_by="SampleResult.id", viewonly=True)

    __table_args__ = (sa.UniqueConstraint("visit_id", "number"),)


class SampleWithdrawal(Base):
    """A sample was entered wrongly: it counts no longer, its entry stays."""

    __tablename__ = "sample_withdrawals"

    sample_id: Mapped[int] = mapped_column(sa.ForeignKey("samples.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(sa.Text)
    withdrawn_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SampleResult(Base):
    """检验报告: what a laboratory found in a sample; added beside the record, also after it is locked."""

    __tablename__ = "sample_results"

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[int] = mapped_column(sa.ForeignKey("samples.id"), index=True)
    laboratory: Mapped[str] = mapped_column(sa.String(200))
    report_number: Mapped[str] = mapped_column(sa.String(100))
    reported_on: Mapped[date]
    verdict: Mapped[Verdict] = mapped_column(enum_type(Verdict))
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    sha256: Mapped[str] = mapped_column(sa.String(64))
    # newest version of the record at that time, 0 before the first
    after_version: Mapped[int]
    added_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    sample: Mapped[Sample] = relationship(lazy="select")
    adder: Mapped[User | None] = relationship(lazy="joined")


for table in (StoredFile, SealedFile, FileHolder, Attachment, AttachmentRemoval, PhotoLikeness, Sample,
              SampleWithdrawal, SampleResult):  # fmt: skip
    append_only(table.__table__)
