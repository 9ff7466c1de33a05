"""Names of what a draw knows by code: strata, departments, reasons."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.departments.models import Department
from supervision.draws.models import Draw
from supervision.entities.models import Entity, EntityType, Industry, SubDistrict
from supervision.entities.rules import RiskClass
from supervision.parameters.models import Reason
from supervision.plans.rules import Stratification

_CHUNK = 500
_TABLES: dict[Stratification, type[EntityType] | type[Industry] | type[SubDistrict]] = {
    Stratification.TYPE: EntityType,
    Stratification.INDUSTRY: Industry,
    Stratification.SUB_DISTRICT: SubDistrict,
}


def stratum_names(session: Session, draw: Draw) -> dict[str, object]:
    """Return what each stratum's code stands for: a row with both names, a risk class, or nothing."""
    stratification = draw.task.plan_version.stratification
    if stratification is Stratification.RISK:
        return {name: RiskClass(name) for name in draw.strata if name in set(RiskClass)}
    table = _TABLES.get(stratification)
    if table is None:
        return {}
    statement = sa.select(table.code, table.name_zh, table.name_en).where(table.code.in_(list(draw.strata)))
    return {row.code: row for row in session.execute(statement)}


def departments_by_code(session: Session, codes: Iterable[str]) -> dict[str, Department]:
    """Return the departments with these codes."""
    rows = session.scalars(sa.select(Department).where(Department.code.in_(list(codes))))
    return {row.code: row for row in rows}


def reason_names(session: Session, *list_codes: str) -> dict[str, Reason]:
    """Return coded reasons of these lists by code."""
    return {row.code: row for row in session.scalars(sa.select(Reason).where(Reason.list_code.in_(list_codes)))}


def entity_names(session: Session, units: Sequence[str]) -> dict[str, str]:
    """Return the names of these units."""
    found: dict[str, str] = {}
    for start in range(0, len(units), _CHUNK):
        statement = sa.select(Entity.unit_id, Entity.name).where(Entity.unit_id.in_(units[start : start + _CHUNK]))
        found.update({row[0]: row[1] for row in session.execute(statement)})
    return found
