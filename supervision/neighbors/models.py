"""Requests to borrow inspectors; who was lent, and on which days, stands in the register of inspectors."""

from datetime import date, datetime
from typing import Any  # item codes are JSON

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from supervision.accounts.models import User
from supervision.db import Base, JsonText, UtcDateTime, enum_type
from supervision.departments.models import Department
from supervision.evidence import append_only
from supervision.inspectors.models import NeighborArea
from supervision.neighbors.rules import LoanState
from supervision.plans.models import Task


class LoanRequest(Base):
    """借用申请: a department without enough inspectors for a task asks a neighboring area for some (R-1.23).

    It names how many and for which items, never whom: the area decides whom it lends, and the machine who goes.
    """

    __tablename__ = "loan_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id"), index=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"), index=True)
    state: Mapped[LoanState] = mapped_column(enum_type(LoanState), index=True)
    wanted: Mapped[int]
    # codes of the department's items in the plan: whoever comes must be qualified for every one of them
    item_codes: Mapped[Any] = mapped_column(JsonText)
    reason: Mapped[str] = mapped_column(sa.Text)
    # the shortage as it stood when it was asked: own inspectors who can serve, places needed, places they can fill
    own: Mapped[int]
    needed: Mapped[int]
    available: Mapped[int]
    asked_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # the answer of the area, which is outside the platform: who agreed, to how many, in which document
    area_code: Mapped[str | None] = mapped_column(sa.ForeignKey("neighbor_areas.code"), index=True)
    lending_department: Mapped[str] = mapped_column(sa.String(100), default="")
    granted: Mapped[int | None]
    document_number: Mapped[str] = mapped_column(sa.String(60), default="")
    document_on: Mapped[date | None]
    # where the original is kept, or why there is no agreement
    answer_note: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # taken back, or the loan over
    ended_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    task: Mapped[Task] = relationship(lazy="joined")
    department: Mapped[Department] = relationship(lazy="joined")
    area: Mapped[NeighborArea | None] = relationship(lazy="joined")
    asker: Mapped[User | None] = relationship(foreign_keys=[asked_by], lazy="select")
    answerer: Mapped[User | None] = relationship(foreign_keys=[answered_by], lazy="select")
    proof: Mapped["LoanProof | None"] = relationship(lazy="select", uselist=False)

    __table_args__ = (
        sa.CheckConstraint("wanted >= 1", name="somebody"),
        # one question of a department about a task waits at a time
        sa.Index(
            "uq_loan_requests_waiting",
            "task_id",
            "department_id",
            unique=True,
            sqlite_where=sa.text("state = 'asked'"),
            postgresql_where=sa.text("state = 'asked'"),
        ),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declarative form


class LoanProof(Base):
    """借用凭证: the area's document as it came in, never changed."""

    __tablename__ = "loan_proofs"

    request_id: Mapped[int] = mapped_column(sa.ForeignKey("loan_requests.id"), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    media_type: Mapped[str] = mapped_column(sa.String(40))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)


append_only(LoanProof.__table__)
