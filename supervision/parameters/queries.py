"""Reading parameters and coded reasons."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.errors import Invalid, NotFound
from supervision.listing import ListQuery, Page, load_page
from supervision.parameters.models import Parameter, Reason
from supervision.parameters.rules import Certainty


def get_parameter(session: Session, code: str, *, on: date) -> Parameter:
    """Return the version of parameter ``code`` in force on day ``on``; NotFound when none is."""
    statement = (
        sa.select(Parameter)
        .where(Parameter.code == code, Parameter.effective_from <= on)
        .order_by(Parameter.effective_from.desc())
        .limit(1)
    )
    found = session.scalar(statement)
    if found is None:
        raise NotFound("parameter", "No value of %(code)s is in force on %(day)s.", code=code, day=on)
    return found


def get_number(session: Session, code: str, *, on: date) -> int:
    """Return parameter ``code`` as a whole number."""
    return int(get_parameter(session, code, on=on).value)


def find_number(session: Session, code: str, *, on: date, default: int) -> int:
    """Return parameter ``code`` as a whole number, or ``default`` before the ground data is loaded."""
    try:
        return get_number(session, code, on=on)
    except NotFound:
        return default


def list_parameters(session: Session) -> Sequence[Parameter]:
    """List all versions of all parameters, newest version of each first."""
    return session.scalars(sa.select(Parameter).order_by(Parameter.code, Parameter.effective_from.desc())).all()


def search_parameters(session: Session, query: ListQuery, *, on: date) -> Page[Parameter]:
    """Return a page of the values in force on day ``on``: search by name, code or source, filter by certainty."""
    newest = (
        sa.select(Parameter.code, sa.func.max(Parameter.effective_from).label("since"))
        .where(Parameter.effective_from <= on)
        .group_by(Parameter.code)
        .subquery()
    )
    statement = sa.select(Parameter).join(
        newest, sa.and_(Parameter.code == newest.c.code, Parameter.effective_from == newest.c.since)
    )
    if query.q:
        columns = (Parameter.code, Parameter.name_zh, Parameter.name_en, Parameter.source)
        statement = statement.where(sa.or_(*(one.icontains(query.q, autoescape=True) for one in columns)))
    if certainty := query.filters.get("certainty"):
        statement = statement.where(Parameter.certainty == Certainty(certainty))
    return load_page(
        session,
        statement,
        query,
        sorts={"code": Parameter.code, "since": Parameter.effective_from, "certainty": Parameter.certainty},
        default_sort="code",
        tie_breaker=Parameter.id,
    )


def list_versions(session: Session, code: str) -> Sequence[Parameter]:
    """List all versions of one parameter, the newest first; NotFound when there is none."""
    statement = sa.select(Parameter).where(Parameter.code == code).order_by(Parameter.effective_from.desc())
    found = session.scalars(statement).all()
    if not found:
        raise NotFound
    return found


def list_reasons(session: Session, list_code: str) -> Sequence[Reason]:
    """List the coded reasons of one list in its order."""
    statement = sa.select(Reason).where(Reason.list_code == list_code).order_by(Reason.position, Reason.code)
    return session.scalars(statement).all()


def check_reason(session: Session, list_code: str, code: str, *, field: str = "reason") -> Reason:
    """Return the reason, or refuse a code that is not on the list."""
    statement = sa.select(Reason).where(Reason.list_code == list_code, Reason.code == code)
    found = session.scalar(statement)
    if found is None:
        raise Invalid("unknown-reason", "Choose a reason from the list.", field=field)
    return found
