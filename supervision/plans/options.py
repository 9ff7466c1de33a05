"""What the filter of a plan can be set to: industries, types, sub-districts, tags and permits of the register."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any  # code tables of several kinds

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.entities.models import EntityType, Industry, SubDistrict, Tag
from supervision.permits.models import Permit
from supervision.plans.models import PlanVersion
from supervision.plans.rules import Scope

MOST_PERMIT_NAMES = 100
DIVISION = 2  # level of the industry table


@dataclass(frozen=True, slots=True)
class ScopeOptions:
    """Code tables, each row with ``code``, ``name_zh`` and ``name_en``; permits by name."""

    types: Sequence[EntityType]
    industries: Sequence[Industry]
    sub_districts: Sequence[SubDistrict]
    tags: Sequence[Tag]
    permit_names: Sequence[str]


def scope_options(session: Session, version: PlanVersion) -> ScopeOptions:
    """Return the options; industries only those to which the items of the plan can apply."""
    return ScopeOptions(
        types=_by_code(session, EntityType),
        industries=_industries(session, version),
        sub_districts=_by_code(session, SubDistrict),
        tags=_by_code(session, Tag),
        permit_names=session.scalars(
            sa.select(Permit.certificate_name).distinct().order_by(Permit.certificate_name).limit(MOST_PERMIT_NAMES)
        ).all(),
    )


def _by_code(session: Session, table: Any) -> Sequence[Any]:
    return session.scalars(sa.select(table).order_by(table.code)).all()


def _industries(session: Session, version: PlanVersion) -> Sequence[Industry]:
    every_item_limited = all(row.item.industries for row in version.items)
    prefixes = [prefix for row in version.items for prefix in row.item.industries] if every_item_limited else []
    if version.joint_item and version.joint_item.industries:
        prefixes = version.joint_item.industries
    statement = sa.select(Industry).order_by(Industry.code)
    if not prefixes:
        return session.scalars(statement.where(Industry.level == DIVISION)).all()
    under = sa.or_(*(Industry.code.startswith(prefix, autoescape=True) for prefix in prefixes))
    return session.scalars(statement.where(under)).all()


def named_scope(session: Session, scope: Scope) -> dict[str, list[Any]]:
    """Return the conditions of a scope with their names: lists of things with ``name_zh``, or of plain text."""
    tables: dict[str, Any] = {"types": EntityType, "industries": Industry, "sub_districts": SubDistrict, "tags": Tag}
    named: dict[str, list[Any]] = {
        name: list(session.scalars(sa.select(table).where(table.code.in_(getattr(scope, name))).order_by(table.code)))
        for name, table in tables.items()
    }
    internal = sa.select(Tag).where(Tag.code.in_(scope.internal_tags)).order_by(Tag.code)
    named["internal_tags"] = list(session.scalars(internal)) if scope.internal_tags else []
    return {**named, "permit_names": list(scope.permit_names)}
