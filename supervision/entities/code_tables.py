"""Code tables as lists of choices: plain rows, because a page with many filters reads many of them."""

from collections.abc import Iterable
from functools import cache
from typing import Any  # columns and tables of any kind

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.entities.models import Industry

DIVISION = 2


def begins(column: Any, prefix: str) -> sa.ColumnElement[bool]:
    """Return "``column`` begins with ``prefix``" for codes of letters and digits, as a range."""
    return sa.and_(column >= prefix, column < prefix[:-1] + chr(ord(prefix[-1]) + 1))


@cache
def _choices(table: Any) -> sa.Select[*tuple[Any, ...]]:
    """Write the statement down once: a list asks several of them for its filters, each time it is opened."""
    return sa.select(table.code, table.name_zh, table.name_en).order_by(table.code)


_SECTIONS = _choices(Industry).where(Industry.level == 1)
_NAMED_INDUSTRIES = _choices(Industry).where(Industry.code.in_(sa.bindparam("codes", expanding=True)))


def list_choices(session: Session, table: Any) -> list[tuple[str, str, str]]:
    """List (code, Chinese name, English name) of a code table, without the weight of mapped objects."""
    return _read(session, _choices(table))


def _read(session: Session, statement: sa.Select[*tuple[Any, ...]], **values: object) -> list[tuple[str, str, str]]:
    return [(code, chinese, english or chinese) for code, chinese, english in session.execute(statement, values)]


def list_industry_choices(session: Session, *, within: str = "") -> list[tuple[str, str, str]]:
    """List the industry sections and, of the section ``within`` (its letter), the divisions after it."""
    if not within:
        return _read(session, _SECTIONS)
    divisions = sa.and_(Industry.level == DIVISION, begins(Industry.code, within))
    return _read(session, _choices(Industry).where(sa.or_(Industry.level == 1, divisions)))


def name_industries(session: Session, codes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return (Chinese name, English name) of the industries with these codes."""
    chosen = _read(session, _NAMED_INDUSTRIES, codes=sorted(set(codes)))
    return {code: (chinese, english) for code, chinese, english in chosen}
