"""The chain of a correction: sendings, decisions, extensions and files; files on their way. Nothing is ever changed."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from joint_inspections.corrections.rules import DIGITS, EntryKind, Linked
from joint_inspections.evidence.models import SealedFile
from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.ordered.models import OrderedInspection
from supervision.accounts.models import User
from supervision.db import Base, UtcDateTime, enum_type
from supervision.evidence import append_only


class CorrectionEntry(Base):
    """整改记录: one sending of the enterprise (整改材料), or one decision of the department on it or on the deadline.

    The entries of a follow-up are numbered without gaps; each carries the digest of the one before.
    """

    __tablename__ = "correction_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    follow_up_id: Mapped[int] = mapped_column(sa.ForeignKey("follow_ups.id"))
    number: Mapped[int]
    kind: Mapped[EntryKind] = mapped_column(enum_type(EntryKind))
    text: Mapped[str] = mapped_column(sa.Text)
    # name and position of whoever sent it for the enterprise
    said_by: Mapped[str] = mapped_column(sa.String(80), default="")
    # the deadline asked for or set, or by when what is missing is to be sent
    day: Mapped[date | None]
    # the deadline had passed when this was said
    late: Mapped[bool] = mapped_column(default=False)
    # given by the page that was sent, so that sending it twice is sending it once
    send_id: Mapped[str | None] = mapped_column(sa.String(36), unique=True)
    made_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    previous: Mapped[str] = mapped_column(sa.String(DIGITS))
    digest: Mapped[str] = mapped_column(sa.String(DIGITS))

    follow_up: Mapped[FollowUp] = relationship(lazy="select")
    maker: Mapped[User | None] = relationship(lazy="joined")
    files: Mapped[list["CorrectionFile"]] = relationship(lazy="selectin", order_by="CorrectionFile.position")

    __table_args__ = (sa.UniqueConstraint("follow_up_id", "number"),)

    @property
    def linked(self) -> Linked:
        """What its digest covers."""
        return Linked(
            follow_up_id=self.follow_up_id,
            number=self.number,
            kind=self.kind,
            text=self.text,
            said_by=self.said_by,
            day=self.day,
            late=self.late,
            made_by=self.made_by,
            made_at=self.made_at,
            files=tuple(one.told for one in self.files),
            previous=self.previous,
        )


class CorrectionFile(Base):
    """A file the enterprise sent with an entry: photos before and after, receipts, reports."""

    __tablename__ = "correction_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("correction_entries.id"))
    position: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(DIGITS), index=True)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    media_type: Mapped[str] = mapped_column(sa.String(40))
    # as the sender's phone named it
    name: Mapped[str] = mapped_column(sa.String(120))

    sealed: Mapped[SealedFile | None] = relationship(
        primaryjoin=lambda: foreign(CorrectionFile.sha256) == SealedFile.sha256, lazy="joined", viewonly=True
    )

    __table_args__ = (sa.UniqueConstraint("entry_id", "position"),)

    @property
    def told(self) -> dict[str, str | int]:
        """What the digest of its entry says of it."""
        return {"sha256": self.sha256, "size": self.size, "media_type": self.media_type, "name": self.name}


class CorrectionOrder(Base):
    """复查任务: the re-inspection that was ordered with a decision to look again on site."""

    __tablename__ = "correction_orders"

    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("correction_entries.id"), primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("ordered_inspections.id"), unique=True)

    entry: Mapped[CorrectionEntry] = relationship(lazy="select")
    order: Mapped[OrderedInspection] = relationship(lazy="joined")


class CorrectionUpload(Base):
    """A file the enterprise announced by its code before its pieces came; it belongs to this follow-up alone.

    The same digest announced with another size is another row: a wrong announcement never bars the right one.
    """

    __tablename__ = "correction_uploads"

    id: Mapped[int] = mapped_column(primary_key=True)
    follow_up_id: Mapped[int] = mapped_column(sa.ForeignKey("follow_ups.id"))
    sha256: Mapped[str] = mapped_column(sa.String(DIGITS))
    size: Mapped[int] = mapped_column(sa.BigInteger)
    # as announced, "" where that is nothing we take; which kind it is, its bytes say when they have come
    media_type: Mapped[str] = mapped_column(sa.String(40))
    # as the sender's phone named it
    name: Mapped[str] = mapped_column(sa.String(120))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)

    arrival: Mapped["CorrectionArrival | None"] = relationship(lazy="joined", uselist=False, viewonly=True)

    __table_args__ = (sa.UniqueConstraint("follow_up_id", "sha256", "size"),)


class CorrectionArrival(Base):
    """All bytes of an announced file have come by the same code and hash to its name: it may be part of a sending."""

    __tablename__ = "correction_arrivals"

    upload_id: Mapped[int] = mapped_column(sa.ForeignKey("correction_uploads.id"), primary_key=True)
    arrived_at: Mapped[datetime] = mapped_column(UtcDateTime)


for _table in (CorrectionEntry, CorrectionFile, CorrectionOrder, CorrectionUpload, CorrectionArrival):
    append_only(_table.__table__)
