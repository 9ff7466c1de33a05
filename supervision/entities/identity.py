"""What must be true of an entity's codes and name before the register takes them."""

from typing import Any  # values of any column

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.entities.models import Entity, EntityType, Industry, SubDistrict
from supervision.entities.queries import list_look_alikes
from supervision.entities.rules import EntityFacts, check_registration_number, check_uscc, unit_id
from supervision.errors import Conflict, Invalid

CODE_TABLES: dict[str, type[Any]] = {
    "type_code": EntityType,
    "industry_code": Industry,
    "sub_district_code": SubDistrict,
}
UNCONFIRMED_CODE = "uscc-unconfirmed"
LOOK_ALIKE = "look-alike-name"


def checked_codes(facts: EntityFacts, *, confirm_code: bool, before: Entity | None = None) -> dict[str, Any]:
    """Return credit code, its confirmation and registration number as they are to be stored."""
    number = facts.registration_number
    values = {
        "uscc": before.uscc if before else None,
        "uscc_confirmed": before.uscc_confirmed if before else False,
        "registration_number": before.registration_number if before else None,
    }
    if number is not None:
        values["registration_number"] = check_registration_number(number) if number else None
    if facts.uscc is not None and not (before and before.uscc == facts.uscc):
        values["uscc"], values["uscc_confirmed"] = _checked_uscc(facts.uscc, confirmed=confirm_code)
    if not (values["uscc"] or values["registration_number"]):
        raise Invalid("no-code", "Give a credit code or, where there is none, a registration number.", field="uscc")
    return values


def _checked_uscc(text: str, *, confirmed: bool) -> tuple[str | None, bool]:
    if not text:
        return None, False
    check = check_uscc(text)
    if check.problem and (check.blocks or not confirmed):
        raise check.refusal(code="uscc" if check.blocks else UNCONFIRMED_CODE)
    return check.code, check.problem is not None


def check_code_tables(session: Session, facts: EntityFacts, *, required: bool) -> None:
    """Refuse codes that are in no code table."""
    for field, table in CODE_TABLES.items():
        code = getattr(facts, field)
        if code is None and not required:
            continue
        if not code or session.get(table, code) is None:
            raise Invalid("unknown-code", "Choose one of the list.", field=field)


def check_free(session: Session, values: dict[str, Any], *, except_id: int | None) -> None:
    """Refuse a code that another entity holds, or that is another's unit id."""
    for field in ("uscc", "registration_number"):
        value = values[field]
        if value is None:
            continue
        identity = unit_id(value if field == "uscc" else None, value)
        taken = sa.or_(getattr(Entity, field) == value, Entity.unit_id == identity)
        holder = session.scalar(sa.select(Entity).where(taken, Entity.id != (except_id or 0)).limit(1))
        if holder is not None:
            raise Conflict(
                f"{field.replace('_', '-')}-taken",
                "%(name)s is already registered with this code. Open that entry instead.",
                name=holder.name,
                entity_id=holder.id,
                field=field,
            )


def check_look_alikes(session: Session, name: str, *, confirmed: bool, except_id: int | None) -> None:
    """Ask before a name is taken that looks like another's; never merge, never refuse for good (G-CONF)."""
    if not confirmed and list_look_alikes(session, name, except_id=except_id, limit=1):
        raise Conflict(
            LOOK_ALIKE,
            "An entity with a look-alike name exists. Compare, then confirm that this is a different one.",
            field="name",
        )
