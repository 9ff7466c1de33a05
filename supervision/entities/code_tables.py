"""Code tables as lists of choices: plain rows, because a page with many filters reads many of them."""

from collections.abc import Iterable
from typing import Any  # columns and tables of any kind

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.entities.models import Industry

DIVISION = 2


def begins(column: Any, prefix: str) -> sa.ColumnElement[bool]:
    """Return "``column`` begins with ``prefix``" for codes of letters and digits, as a range."""
    return sa.and_(column >= prefix, column < prefix[:-1] + chr(ord(prefix[-1]) + 1))


def list_choices(session: Session, table: type[Any], *conditions: Any) -> list[tuple[str, str, str]]:
    """List (code, Chinese name, English name) of a code table, without the weight of mapped objects."""
    statement = sa.select(table.code, table.name_zh, table.name_en).where(*conditions).order_by(table.code)
    return [(row[0], row[1], row[2] or row[1]) for row in session.execute(statement)]


def list_industry_choices(session: Session, *, within: str = "") -> list[tuple[str, str, str]]:
    """List the industry sections and, of the section ``within`` (its letter), the divisions after it."""
    levels: Any = Industry.level == 1
    if within:
        levels = sa.or_(levels, sa.and_(Industry.level == DIVISION, begins(Industry.code, within)))
    return list_choices(session, Industry, levels)


def name_industries(session: Session, codes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return (Chinese name, English name) of the industries with these codes."""
    chosen = list_choices(session, Industry, Industry.code.in_(sorted(set(codes))))
    return {code: (chinese, english) for code, chinese, english in chosen}
