"""What follows a problem found on a visit, and its history."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from joint_inspections.follow_ups.rules import FollowUpEnding, FollowUpState, FollowUpStep
from joint_inspections.records.rules import Disposal
from joint_inspections.visits.models import Visit
from supervision.accounts.models import User
from supervision.db import Base, UtcDateTime, enum_type
from supervision.departments.models import Department
from supervision.evidence import append_only
from supervision.items.models import Item


class FollowUp(Base):
    """后续处置 of one problem: an order to correct, a hand-over, a notification … until it is closed (R-1.35).

    It belongs to the department whose section names the problem ("who governs, is responsible", R-1.31).
    """

    __tablename__ = "follow_ups"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"), index=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("items.id"))
    kind: Mapped[Disposal] = mapped_column(enum_type(Disposal))
    # as the approved record words it
    problem: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[FollowUpState] = mapped_column(enum_type(FollowUpState), index=True)
    # by when the enterprise has corrected, or the department has closed it
    due_on: Mapped[date] = mapped_column(index=True)
    # while another body has the matter and owes an answer: by when
    step_due_on: Mapped[date | None] = mapped_column(index=True)
    # by when the next step in the rounds of a correction is due, where that is not the deadline itself
    round_due_on: Mapped[date | None] = mapped_column(index=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ending: Mapped[FollowUpEnding | None] = mapped_column(enum_type(FollowUpEnding))
    closing_note: Mapped[str] = mapped_column(sa.Text, default="")
    closed_on: Mapped[date | None]
    closed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(default=1)

    visit: Mapped[Visit] = relationship(lazy="select")
    department: Mapped[Department] = relationship(lazy="joined")
    item: Mapped[Item] = relationship(lazy="joined")
    closer: Mapped[User | None] = relationship(lazy="select")

    __table_args__ = (sa.UniqueConstraint("visit_id", "item_id"),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declarative form

    @property
    def next_due_on(self) -> date:
        """By when the next step is due, whoever takes it."""
        return self.step_due_on or self.round_due_on or self.due_on


class FollowUpChange(Base):
    """One step in the life of a follow-up: who did what when, and why."""

    __tablename__ = "follow_up_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    follow_up_id: Mapped[int] = mapped_column(sa.ForeignKey("follow_ups.id"), index=True)
    step: Mapped[FollowUpStep] = mapped_column(enum_type(FollowUpStep))
    ending: Mapped[FollowUpEnding | None] = mapped_column(enum_type(FollowUpEnding))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    due_on: Mapped[date]
    # the deadline had passed when this was done
    overdue: Mapped[bool] = mapped_column(default=False)
    changed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    changer: Mapped[User | None] = relationship(lazy="joined")


append_only(FollowUpChange.__table__)
