"""Inspected entities (检查对象名录库), their code tables, tags and risk-class history."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, UtcDateTime, enum_type
from supervision.entities.rules import EntityStatus, RiskClass


class Industry(Base):
    """GB/T 4754-2017 section, division, group or class; ``code`` as section letter and digits (H6210)."""

    __tablename__ = "industries"

    code: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    parent: Mapped[str] = mapped_column(sa.String(8), default="")
    level: Mapped[int]
    name_zh: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str] = mapped_column(sa.String(160), default="")


class SubDistrict(Base):
    """街道、镇; ``x`` and ``y`` place it on a schematic map of 100 by 100."""

    __tablename__ = "sub_districts"

    code: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    name_zh: Mapped[str] = mapped_column(sa.String(40))
    name_en: Mapped[str] = mapped_column(sa.String(80), default="")
    x: Mapped[int] = mapped_column(default=0)
    y: Mapped[int] = mapped_column(default=0)


class EntityType(Base):
    """主体类型 by registration code (1100 limited company, 9500 sole trader …)."""

    __tablename__ = "entity_types"

    code: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    name_zh: Mapped[str] = mapped_column(sa.String(60))
    name_en: Mapped[str] = mapped_column(sa.String(100), default="")
    is_enterprise: Mapped[bool] = mapped_column(default=True)


class Entity(Base):
    """检查对象: an enterprise, sole trader or other subject under supervision."""

    __tablename__ = "entities"

    id: Mapped[int] = mapped_column(primary_key=True)
    # the credit code, else REG- and the registration number; fixed for ever, draws refer to it
    unit_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    uscc: Mapped[str | None] = mapped_column(sa.String(18), unique=True)
    registration_number: Mapped[str | None] = mapped_column(sa.String(30), unique=True)
    # a person confirmed a code whose check digit fails (early pilot codes are lawful)
    uscc_confirmed: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(sa.String(200))
    sort_key: Mapped[str] = mapped_column(sa.String(255), default="", index=True)
    initials: Mapped[str] = mapped_column(sa.String(64), default="", index=True)
    type_code: Mapped[str] = mapped_column(sa.ForeignKey("entity_types.code"), index=True)
    industry_code: Mapped[str] = mapped_column(sa.ForeignKey("industries.code"), index=True)
    sub_district_code: Mapped[str] = mapped_column(sa.ForeignKey("sub_districts.code"), index=True)
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    legal_representative: Mapped[str] = mapped_column(sa.String(100), default="")
    # internal: never leaves the house
    contact_phone: Mapped[str] = mapped_column(sa.String(30), default="")
    business_scope: Mapped[str] = mapped_column(sa.Text, default="")
    status: Mapped[EntityStatus] = mapped_column(enum_type(EntityStatus), index=True)
    status_since: Mapped[date]
    registered_on: Mapped[date]
    # newest class of the history below, kept here for filters; internal
    risk_class: Mapped[RiskClass | None] = mapped_column(enum_type(RiskClass, length=1), index=True)
    # 无感监管 list: no active on-site check, only triggered ones
    low_touch: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declarative form


class Tag(Base):
    """监管标签 that routes entities to pools."""

    __tablename__ = "tags"

    code: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    name_zh: Mapped[str] = mapped_column(sa.String(60))
    name_en: Mapped[str] = mapped_column(sa.String(100), default="")


class EntityTag(Base):
    """A tag on an entity."""

    __tablename__ = "entity_tags"

    entity_id: Mapped[int] = mapped_column(sa.ForeignKey("entities.id"), primary_key=True)
    tag_code: Mapped[str] = mapped_column(sa.ForeignKey("tags.code"), primary_key=True, index=True)


class RiskClassRecord(Base):
    """One risk class of an entity with the month it speaks of (R-2.02)."""

    __tablename__ = "risk_class_records"

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(sa.ForeignKey("entities.id"), index=True)
    risk_class: Mapped[RiskClass] = mapped_column(enum_type(RiskClass, length=1))
    as_of: Mapped[date]
    source: Mapped[str] = mapped_column(sa.String(100), default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
