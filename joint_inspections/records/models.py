"""The form: a section per department, a result per item, an answer per check point; versions and reviews."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from joint_inspections.records.rules import Disposal, ReviewDecision
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import SectionState
from supervision.accounts.models import User
from supervision.db import Base, JsonText, UtcDateTime, enum_type
from supervision.departments.models import Department
from supervision.evidence import append_only
from supervision.inspectors.models import Inspector
from supervision.items.models import CheckPoint, Item


class Section(Base):
    """A department's section of a visit's form, owned and signed off by its inspectors."""

    __tablename__ = "sections"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"), index=True)
    state: Mapped[SectionState] = mapped_column(enum_type(SectionState))
    # overall result codes of the department, derived from its items
    results: Mapped[list[str]] = mapped_column(JsonText)
    signed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("inspectors.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # approved, and the department has yet to release what the public reads of it
    to_release: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    # first release of the department's part: its clock stops there
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    visit: Mapped[Visit] = relationship(lazy="select")
    department: Mapped[Department] = relationship(lazy="joined")
    signer: Mapped[Inspector | None] = relationship(lazy="joined")
    item_results: Mapped[list["ItemResult"]] = relationship(order_by="ItemResult.position", lazy="selectin")

    __table_args__ = (sa.UniqueConstraint("visit_id", "department_id"),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declarative form


class ItemResult(Base):
    """One row of the form: an item, whether it was checked, its result, problem and disposal (R-1.29)."""

    __tablename__ = "item_results"

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(sa.ForeignKey("sections.id"), index=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("items.id"))
    position: Mapped[int]
    checked: Mapped[bool | None]
    result_code: Mapped[str | None] = mapped_column(sa.ForeignKey("result_codes.code"))
    # 5 or 8 beside 2, 3, 4 or 6
    further_code: Mapped[str | None] = mapped_column(sa.ForeignKey("result_codes.code"))
    problem: Mapped[str] = mapped_column(sa.Text, default="")
    # why an item was not checked
    unchecked_reason: Mapped[str] = mapped_column(sa.Text, default="")
    disposal: Mapped[Disposal | None] = mapped_column(enum_type(Disposal))

    item: Mapped[Item] = relationship(lazy="joined")
    answers: Mapped[list["CheckAnswer"]] = relationship(lazy="selectin")

    __table_args__ = (sa.UniqueConstraint("section_id", "item_id"),)


class CheckAnswer(Base):
    """An answer to one check point: yes, no, n/a, a choice, a number as text, or words."""

    __tablename__ = "check_answers"

    item_result_id: Mapped[int] = mapped_column(sa.ForeignKey("item_results.id"), primary_key=True)
    check_point_id: Mapped[int] = mapped_column(sa.ForeignKey("check_points.id"), primary_key=True)
    value: Mapped[str] = mapped_column(sa.Text, default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")

    check_point: Mapped[CheckPoint] = relationship(lazy="joined")


class RecordVersion(Base):
    """检查记录: what the leader submitted, whole, as canonical JSON with its digest. Corrections add versions."""

    __tablename__ = "record_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    version_no: Mapped[int]
    content: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(sa.String(64))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    submitted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # handed in after the record was due
    late: Mapped[bool] = mapped_column(default=False)
    review_due_on: Mapped[date | None]

    review: Mapped["Review | None"] = relationship(lazy="joined", viewonly=True, uselist=False)
    submitter: Mapped[User | None] = relationship(lazy="select")

    __table_args__ = (sa.UniqueConstraint("visit_id", "version_no"),)


class Review(Base):
    """审核: approval or return of one record version by somebody outside the team."""

    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_version_id: Mapped[int] = mapped_column(sa.ForeignKey("record_versions.id"), unique=True)
    decision: Mapped[ReviewDecision] = mapped_column(enum_type(ReviewDecision))
    reason_code: Mapped[str] = mapped_column(sa.String(32), default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")
    reviewed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    reviewed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    record_version: Mapped[RecordVersion] = relationship(lazy="select")
    reviewer: Mapped[User | None] = relationship(lazy="joined")


append_only(RecordVersion.__table__)
append_only(Review.__table__)
