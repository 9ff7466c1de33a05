"""The random inspection item list (随机抽查事项清单) and the joint list, as whole, immutable versions."""

from datetime import date, datetime
from typing import Any  # what a form said is JSON

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from supervision.db import Base, JsonText, UtcDateTime, enum_type
from supervision.departments.models import Department
from supervision.evidence import append_only
from supervision.items.rules import LIST_FORMAT, AnswerKind, FormStep, ItemCategory, ListState


class ItemList(Base):
    """One version of the list. Published versions never change; a change is drafted in the next one (R-1.03)."""

    __tablename__ = "item_lists"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    state: Mapped[ListState] = mapped_column(enum_type(ListState))
    document_number: Mapped[str] = mapped_column(sa.String(100), default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")
    published_on: Mapped[date | None]
    digest: Mapped[str] = mapped_column(sa.String(64), default="")
    # what the digest covers; versions of before forms had photos and standard wordings keep theirs
    format: Mapped[int] = mapped_column(default=LIST_FORMAT, server_default="1")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        # at any time at most one draft and at most one version in force
        sa.Index(
            "uq_item_lists_open_state",
            "state",
            unique=True,
            sqlite_where=sa.text("state <> 'superseded'"),
            postgresql_where=sa.text("state <> 'superseded'"),
        ),
    )


class Item(Base):
    """抽查事项: one unit of legal authority to inspect, as one list version words it."""

    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(sa.ForeignKey("item_lists.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(16), index=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"), index=True)
    name_zh: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(300), default="")
    object_type: Mapped[str] = mapped_column(sa.String(200))
    method: Mapped[str] = mapped_column(sa.String(200))
    category: Mapped[ItemCategory] = mapped_column(enum_type(ItemCategory))
    legal_basis: Mapped[str] = mapped_column(sa.Text)
    ratio_bp: Mapped[int]
    max_per_year: Mapped[int] = mapped_column(default=1)
    min_inspectors: Mapped[int] = mapped_column(default=2)
    # GB/T 4754 prefixes the item applies to; empty means every industry
    industries: Mapped[list[str]] = mapped_column(JsonText)
    allowed_results: Mapped[list[str]] = mapped_column(JsonText)
    duration_minutes: Mapped[int] = mapped_column(default=30)
    suspended: Mapped[bool] = mapped_column(default=False)
    # counts the changes of the draft, so that a form filled in on an older state is refused
    version: Mapped[int] = mapped_column(default=1)

    department: Mapped[Department] = relationship(lazy="joined")
    check_points: Mapped[list["CheckPoint"]] = relationship(
        order_by="CheckPoint.no", lazy="select", cascade="all, delete-orphan"
    )
    materials: Mapped[list["Material"]] = relationship(
        order_by="Material.no", lazy="select", cascade="all, delete-orphan"
    )
    phrases: Mapped[list["ItemPhrase"]] = relationship(
        order_by="ItemPhrase.no", lazy="select", cascade="all, delete-orphan"
    )

    __table_args__ = (
        sa.UniqueConstraint("list_id", "code"),
        sa.CheckConstraint("min_inspectors >= 2", name="two_inspectors"),
        sa.CheckConstraint("ratio_bp >= 0 AND ratio_bp <= 10000", name="ratio"),
    )


class CheckPoint(Base):
    """检查要点: one question of the form."""

    __tablename__ = "check_points"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("items.id"), index=True)
    no: Mapped[int]
    question_zh: Mapped[str] = mapped_column(sa.Text)
    question_en: Mapped[str] = mapped_column(sa.Text, default="")
    kind: Mapped[AnswerKind] = mapped_column(enum_type(AnswerKind))
    options: Mapped[list[str]] = mapped_column(JsonText)
    unit: Mapped[str] = mapped_column(sa.String(20), default="")
    # limits as decimal text, empty when open: measurements are compared as Decimal, never as float
    minimum: Mapped[str] = mapped_column(sa.String(20), default="")
    maximum: Mapped[str] = mapped_column(sa.String(20), default="")
    legal_clause: Mapped[str] = mapped_column(sa.String(300), default="")
    guidance_zh: Mapped[str] = mapped_column(sa.Text, default="")
    guidance_en: Mapped[str] = mapped_column(sa.Text, default="")
    veto: Mapped[bool] = mapped_column(default=False)
    # whatever the answer, a photo belongs to it
    photo: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    __table_args__ = (sa.UniqueConstraint("item_id", "no"),)


class Material(Base):
    """所需材料: what the enterprise is told once, in advance, to have ready (R-1.30)."""

    __tablename__ = "materials"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("items.id"), index=True)
    no: Mapped[int]
    name_zh: Mapped[str] = mapped_column(sa.String(300))
    name_en: Mapped[str] = mapped_column(sa.String(300), default="")


class ItemPhrase(Base):
    """常用问题表述: a standard wording of a problem, offered at the item so that nobody types it on a phone."""

    __tablename__ = "item_phrases"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("items.id"), index=True)
    no: Mapped[int]
    text_zh: Mapped[str] = mapped_column(sa.String(300))
    text_en: Mapped[str] = mapped_column(sa.String(300), default="")

    __table_args__ = (sa.UniqueConstraint("item_id", "no"),)


class FormChange(Base):
    """One change of the form of a draft's item: what it said before and after, so that it can be taken back.

    Who did it is written out, as in the audit log: the entry outlives what it speaks of.
    """

    __tablename__ = "form_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("items.id"), index=True)
    step: Mapped[FormStep] = mapped_column(enum_type(FormStep))
    before: Mapped[Any] = mapped_column(JsonText)
    after: Mapped[Any] = mapped_column(JsonText)
    # the change that this one takes back
    undoes: Mapped[int | None] = mapped_column(sa.ForeignKey("form_changes.id"), unique=True)
    changed_by: Mapped[int | None]
    changed_name: Mapped[str] = mapped_column(sa.String(100))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FormFile(Base):
    """A form file (XLSForm) that waits to be looked at and taken; it lies under its digest among the uploads."""

    __tablename__ = "form_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    filename: Mapped[str] = mapped_column(sa.String(255))
    digest: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    # the item all its questions are for; empty when the groups of the file name their items
    item_code: Mapped[str] = mapped_column(sa.String(16), default="")
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"), index=True)
    sent_by: Mapped[int | None]
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JointItem(Base):
    """部门联合抽查事项: what a lead and cooperating departments inspect in one visit (R-1.42)."""

    __tablename__ = "joint_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(sa.ForeignKey("item_lists.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(16))
    name_zh: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(300), default="")
    field: Mapped[str] = mapped_column(sa.String(100), default="")
    mode: Mapped[str] = mapped_column(sa.String(8), default="")
    lead_department_id: Mapped[int] = mapped_column(sa.ForeignKey("departments.id"), index=True)
    industries: Mapped[list[str]] = mapped_column(JsonText)
    ratio_bp: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

    lead_department: Mapped[Department] = relationship(lazy="joined")
    parts: Mapped[list["JointItemPart"]] = relationship(
        order_by="JointItemPart.position", lazy="selectin", cascade="all, delete-orphan"
    )

    __table_args__ = (
        sa.UniqueConstraint("list_id", "code"),
        sa.CheckConstraint("ratio_bp >= 0 AND ratio_bp <= 10000", name="ratio"),
    )

    @property
    def departments(self) -> list[Department]:
        """The lead and the departments that own an item of it, the lead first."""
        found = {self.lead_department.id: self.lead_department}
        found.update((part.item.department_id, part.item.department) for part in self.parts)
        return list(found.values())

    @property
    def category(self) -> ItemCategory:
        """重点 as soon as one of its items is (R-1.42 asks for the category; the list holds it by item)."""
        return (
            ItemCategory.KEY
            if any(part.item.category is ItemCategory.KEY for part in self.parts)
            else (ItemCategory.GENERAL)
        )

    @property
    def object_types(self) -> list[str]:
        """Who is inspected: the objects of its items, each once (R-1.42)."""
        return list(dict.fromkeys(part.item.object_type for part in self.parts))


class JointItemPart(Base):
    """One item inside a joint item."""

    __tablename__ = "joint_item_parts"

    joint_item_id: Mapped[int] = mapped_column(sa.ForeignKey("joint_items.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("items.id"), primary_key=True)
    position: Mapped[int]

    item: Mapped[Item] = relationship(lazy="joined")


class ResultCode(Base):
    """检查结果代码: the eight national wordings and the local ones (R-1.33); the wording is not ours to change."""

    __tablename__ = "result_codes"

    code: Mapped[str] = mapped_column(sa.String(4), primary_key=True)
    name_zh: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str] = mapped_column(sa.String(200), default="")
    follow_up: Mapped[str] = mapped_column(sa.Text, default="")
    scope: Mapped[str] = mapped_column(sa.String(16))
    is_problem: Mapped[bool]
    position: Mapped[int] = mapped_column(default=0)


append_only(FormChange.__table__)
