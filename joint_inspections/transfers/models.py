"""Clues in transfer, what goes with each, what was done, and the answer."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.transfers.rules import OPEN, Extension, Outcome, TransferKind, TransferState, TransferStep
from joint_inspections.visits.models import Visit
from supervision.accounts.models import User
from supervision.db import Base, UtcDateTime, enum_type
from supervision.departments.models import Department
from supervision.evidence import append_only
from supervision.items.models import Item


class Transfer(Base):
    """线索移送、抄告: one clue found at an inspection, handed to a case unit or another department, which must answer.

    The receiver sees what stands here and the files chosen for it, nothing else of the visit.
    """

    __tablename__ = "transfers"

    id: Mapped[int] = mapped_column(primary_key=True)
    # number of the letter as first issued
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    kind: Mapped[TransferKind] = mapped_column(enum_type(TransferKind))
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("items.id"))
    follow_up_id: Mapped[int | None] = mapped_column(sa.ForeignKey("follow_ups.id"), index=True)
    # the follow-up while it waits for the answer: one transfer of it at a time
    awaited_by: Mapped[int | None] = mapped_column(sa.Integer, unique=True)
    sender_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"), index=True)
    receiver_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"), index=True)
    facts: Mapped[str] = mapped_column(sa.Text)
    clause: Mapped[str] = mapped_column(sa.Text)
    wish: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[TransferState] = mapped_column(enum_type(TransferState), index=True)
    # by when the next step is due, whoever takes it; by when the receiver claims, and answers
    next_due_on: Mapped[date] = mapped_column(index=True)
    claim_by: Mapped[date]
    due_on: Mapped[date]
    # the coordinator has decided that this receiver is in charge: it cannot be returned again
    designated: Mapped[bool] = mapped_column(default=False)
    extension: Mapped[Extension] = mapped_column(enum_type(Extension), default=Extension.NONE)
    handler_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    sent_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    visit: Mapped[Visit] = relationship(lazy="select")
    item: Mapped[Item | None] = relationship(lazy="select")
    follow_up: Mapped[FollowUp | None] = relationship(lazy="select")
    sender: Mapped[Department] = relationship(foreign_keys=[sender_id], lazy="joined")
    receiver: Mapped[Department] = relationship(foreign_keys=[receiver_id], lazy="joined")
    handler: Mapped[User | None] = relationship(foreign_keys=[handler_id], lazy="select")
    files: Mapped[list["TransferFile"]] = relationship(order_by="TransferFile.number", lazy="select", viewonly=True)
    answer: Mapped["TransferAnswer | None"] = relationship(lazy="joined", uselist=False, viewonly=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declarative form

    @property
    def open(self) -> bool:
        """Whether an answer is still awaited."""
        return self.state in OPEN

    @property
    def own_unit(self) -> bool:
        """Whether it went to the case unit of the department that found it."""
        return self.sender_id == self.receiver_id


class TransferFile(Base):
    """An original of the visit that goes with the clue, named by its SHA-256."""

    __tablename__ = "transfer_files"

    transfer_id: Mapped[int] = mapped_column(sa.ForeignKey("transfers.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("sealed_files.sha256"))
    caption: Mapped[str] = mapped_column(sa.Text, default="")

    __table_args__ = (sa.UniqueConstraint("transfer_id", "sha256"),)


class TransferChange(Base):
    """One step in the life of a transfer: who did what when, and why."""

    __tablename__ = "transfer_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    transfer_id: Mapped[int] = mapped_column(sa.ForeignKey("transfers.id"), index=True)
    step: Mapped[TransferStep] = mapped_column(enum_type(TransferStep))
    # code of the list that goes with the step
    reason_code: Mapped[str] = mapped_column(sa.String(32), default="")
    text: Mapped[str] = mapped_column(sa.Text, default="")
    # who has it after the step, and by when
    receiver_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"))
    next_due_on: Mapped[date]
    due_on: Mapped[date]
    # the step was taken after its day
    overdue: Mapped[bool] = mapped_column(default=False)
    changed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    receiver: Mapped[Department] = relationship(lazy="joined")
    changer: Mapped[User | None] = relationship(lazy="joined")


class TransferAnswer(Base):
    """反馈: the answer to a transfer, given once; the key lets no second one be stored."""

    __tablename__ = "transfer_answers"

    transfer_id: Mapped[int] = mapped_column(sa.ForeignKey("transfers.id"), primary_key=True)
    outcome: Mapped[Outcome] = mapped_column(enum_type(Outcome))
    number: Mapped[str] = mapped_column(sa.String(100), default="")
    reason_code: Mapped[str] = mapped_column(sa.String(32), default="")
    clause: Mapped[str] = mapped_column(sa.Text, default="")
    body: Mapped[str] = mapped_column(sa.String(200), default="")
    text: Mapped[str] = mapped_column(sa.Text)
    late: Mapped[bool]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)

    answerer: Mapped[User | None] = relationship(lazy="joined")


for _table in (TransferFile, TransferChange, TransferAnswer):
    append_only(_table.__table__)
