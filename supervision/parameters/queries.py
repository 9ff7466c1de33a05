"""Reading parameters and coded reasons."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.errors import Invalid, NotFound
from supervision.parameters.models import Parameter, Reason


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


def list_parameters(session: Session) -> Sequence[Parameter]:
    """List all versions of all parameters, newest version of each first."""
    return session.scalars(sa.select(Parameter).order_by(Parameter.code, Parameter.effective_from.desc())).all()


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
