"""Inspected entities (检查对象名录库), their code tables, tags and risk-class history."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any  # tags are stored as JSON

import sqlalchemy as sa
from sqlalchemy import DDL, event
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from supervision.db import Base, JsonText, UtcDateTime, enum_type
from supervision.entities.names import name_keys, name_skeleton
from supervision.entities.rules import DuplicateVerdict, EntityStatus, RiskClass
from supervision.entities.search_schema import search_ddl
from supervision.entities.version_schema import version_ddl
from supervision.evidence import append_only


def _bytewise(length: int) -> sa.String:
    """Text that both databases compare by its bytes: prefixes use the index, and the order is the same on both."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


_keys = lru_cache(maxsize=16)(name_keys)


def _name(context: DefaultExecutionContext) -> str:
    return str(context.get_current_parameters()["name"])  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy


def _sort_key(context: DefaultExecutionContext) -> str:
    return _keys(_name(context))[0]


def _initials(context: DefaultExecutionContext) -> str:
    return _keys(_name(context))[1]


def _skeleton(context: DefaultExecutionContext) -> str:
    return name_skeleton(_name(context))


class Industry(Base):
    """GB/T 4754-2017 section, division, group or class; ``code`` as section letter and digits (H6210)."""

    __tablename__ = "industries"

    code: Mapped[str] = mapped_column(_bytewise(8), primary_key=True)
    parent: Mapped[str] = mapped_column(sa.String(8), default="")
    level: Mapped[int]
    name_zh: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str] = mapped_column(sa.String(160), default="")


class SubDistrict(Base):
    """街道、镇; ``x`` and ``y`` place it on a schematic map of 100 by 100, the degrees tell about where it lies."""

    __tablename__ = "sub_districts"

    code: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    name_zh: Mapped[str] = mapped_column(sa.String(40))
    name_en: Mapped[str] = mapped_column(sa.String(80), default="")
    x: Mapped[int] = mapped_column(default=0)
    y: Mapped[int] = mapped_column(default=0)
    longitude: Mapped[float | None]
    latitude: Mapped[float | None]


class EntityType(Base):
    """主体类型 by registration code (1100 limited company, 9500 sole trader …)."""

    __tablename__ = "entity_types"

    code: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    name_zh: Mapped[str] = mapped_column(sa.String(60))
    name_en: Mapped[str] = mapped_column(sa.String(100), default="")
    is_enterprise: Mapped[bool] = mapped_column(default=True)


class Entity(Base):
    """检查对象: an enterprise, sole trader or other subject under supervision (R-1.05). Never deleted (R-1.07)."""

    __tablename__ = "entities"

    id: Mapped[int] = mapped_column(primary_key=True)
    # the credit code, else REG- and the registration number; fixed for ever, draws refer to it
    unit_id: Mapped[str] = mapped_column(_bytewise(40), unique=True)
    uscc: Mapped[str | None] = mapped_column(_bytewise(18), unique=True)
    registration_number: Mapped[str | None] = mapped_column(_bytewise(30), unique=True)
    # a person confirmed a code whose check digit fails (early pilot codes are lawful)
    uscc_confirmed: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(sa.String(200))
    # pinyin to sort by, its first letters to search by, and the form that look-alike names share (names.py);
    # whoever writes a name, through a mapped object or a bulk insert, gets all three with it
    sort_key: Mapped[str] = mapped_column(_bytewise(255), default=_sort_key)
    initials: Mapped[str] = mapped_column(_bytewise(64), default=_initials)
    skeleton: Mapped[str] = mapped_column(_bytewise(200), default=_skeleton, index=True)
    type_code: Mapped[str] = mapped_column(sa.ForeignKey("entity_types.code"))
    industry_code: Mapped[str] = mapped_column(_bytewise(8), sa.ForeignKey("industries.code"), index=True)
    sub_district_code: Mapped[str] = mapped_column(sa.ForeignKey("sub_districts.code"))
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    legal_representative: Mapped[str] = mapped_column(sa.String(100), default="")
    # internal: never leaves the house
    contact_phone: Mapped[str] = mapped_column(sa.String(30), default="")
    business_scope: Mapped[str] = mapped_column(sa.Text, default="")
    status: Mapped[EntityStatus] = mapped_column(enum_type(EntityStatus))
    status_since: Mapped[date] = mapped_column(index=True)
    registered_on: Mapped[date] = mapped_column(index=True)
    # newest class of the history below, kept here for filters; internal
    risk_class: Mapped[RiskClass | None] = mapped_column(enum_type(RiskClass, length=1))
    # 无感监管 list: no active on-site check, only triggered ones
    low_touch: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    type: Mapped[EntityType] = relationship(viewonly=True)
    industry: Mapped[Industry] = relationship(viewonly=True)
    sub_district: Mapped[SubDistrict] = relationship(viewonly=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declarative form
    __table_args__ = (
        sa.CheckConstraint("uscc IS NOT NULL OR registration_number IS NOT NULL", name="identified"),
        # a word that thousands of names hold is looked for in the order of the list, without opening the rows
        sa.Index("ix_entities_list", "sort_key", "id", "skeleton", "initials", "uscc", "registration_number"),
        # a filtered list is read in its usual order without sorting
        sa.Index("ix_entities_type_code_sort_key", "type_code", "sort_key"),
        sa.Index("ix_entities_sub_district_code_sort_key", "sub_district_code", "sort_key"),
        sa.Index("ix_entities_status_sort_key", "status", "sort_key"),
        sa.Index("ix_entities_risk_class_sort_key", "risk_class", "sort_key"),
        sa.Index("ix_entities_low_touch_sort_key", "low_touch", "sort_key"),
    )

    @validates("name")
    def _keep_keys(self, key: str, name: str) -> str:  # noqa: ARG002 - SQLAlchemy's signature
        self.sort_key, self.initials = name_keys(name)
        self.skeleton = name_skeleton(name)
        return name


for _dialect in ("sqlite", "postgresql"):
    for _statement in search_ddl(_dialect):
        _made = DDL(_statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # DDL's signature is untyped
        event.listen(Entity.__table__, "after_create", _made.execute_if(dialect=_dialect))


class Tag(Base):
    """监管标签 that routes entities to pools.

    Only a ``public`` tag is ever named in what leaves the house; most say what the departments look at.
    """

    __tablename__ = "tags"

    code: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    name_zh: Mapped[str] = mapped_column(sa.String(60))
    name_en: Mapped[str] = mapped_column(sa.String(100), default="")
    public: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class EntityTag(Base):
    """A tag on an entity."""

    __tablename__ = "entity_tags"

    entity_id: Mapped[int] = mapped_column(sa.ForeignKey("entities.id"), primary_key=True)
    tag_code: Mapped[str] = mapped_column(sa.ForeignKey("tags.code"), primary_key=True, index=True)


class RiskClassRecord(Base):
    """One risk class of an entity with the month it speaks of, as its first day (R-2.02)."""

    __tablename__ = "risk_class_records"

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(sa.ForeignKey("entities.id"), index=True)
    risk_class: Mapped[RiskClass] = mapped_column(enum_type(RiskClass, length=1))
    as_of: Mapped[date]
    source: Mapped[str] = mapped_column(sa.String(100), default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EntityVersion(Base):
    """What the register said of an entity until a moment; written by the database itself whenever an entry changes.

    Whoever changes an entity, by hand or by a file, leaves such a row, so that what was known on a past day can be
    shown. Telephone numbers are not kept (PIPL art. 6); risk classes have their own history.
    """

    __tablename__ = "entity_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(sa.ForeignKey("entities.id"))
    known_until: Mapped[datetime] = mapped_column(UtcDateTime)
    name: Mapped[str] = mapped_column(sa.String(200))
    uscc: Mapped[str | None] = mapped_column(sa.String(18))
    registration_number: Mapped[str | None] = mapped_column(sa.String(30))
    uscc_confirmed: Mapped[bool]
    type_code: Mapped[str] = mapped_column(sa.String(8))
    industry_code: Mapped[str] = mapped_column(sa.String(8))
    sub_district_code: Mapped[str] = mapped_column(sa.String(12))
    address: Mapped[str] = mapped_column(sa.String(300))
    legal_representative: Mapped[str] = mapped_column(sa.String(100))
    business_scope: Mapped[str] = mapped_column(sa.Text)
    status: Mapped[EntityStatus] = mapped_column(enum_type(EntityStatus))
    status_since: Mapped[date]
    registered_on: Mapped[date]
    low_touch: Mapped[bool]

    __table_args__ = (sa.Index("ix_entity_versions_entity_id_known_until", "entity_id", "known_until"),)


class EntityTagVersion(Base):
    """The tags an entity had until a moment."""

    __tablename__ = "entity_tag_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(sa.ForeignKey("entities.id"))
    known_until: Mapped[datetime] = mapped_column(UtcDateTime)
    codes: Mapped[Any] = mapped_column(JsonText)

    __table_args__ = (sa.Index("ix_entity_tag_versions_entity_id_known_until", "entity_id", "known_until"),)


append_only(EntityVersion.__table__)
append_only(EntityTagVersion.__table__)
for _dialect in ("sqlite", "postgresql"):
    for _statement in version_ddl(_dialect):
        _made = DDL(_statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # DDL's signature is untyped
        event.listen(EntityVersion.__table__, "after_create", _made.execute_if(dialect=_dialect))


class DuplicateDecision(Base):
    """What the coordinator decided of two entries that look like one enterprise: never a merge, always both kept."""

    __tablename__ = "duplicate_decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(sa.ForeignKey("entities.id"))
    second_id: Mapped[int] = mapped_column(sa.ForeignKey("entities.id"), index=True)
    verdict: Mapped[DuplicateVerdict] = mapped_column(enum_type(DuplicateVerdict))
    # which of the two goes on; empty where they are different
    kept_id: Mapped[int | None] = mapped_column(sa.ForeignKey("entities.id"))
    reason: Mapped[str] = mapped_column(sa.String(500))
    decided_by: Mapped[str] = mapped_column(sa.String(100))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)

    first: Mapped[Entity] = relationship(foreign_keys=[first_id], viewonly=True)
    second: Mapped[Entity] = relationship(foreign_keys=[second_id], viewonly=True)

    __table_args__ = (
        sa.UniqueConstraint("first_id", "second_id"),
        sa.CheckConstraint("first_id < second_id", name="order"),
    )
