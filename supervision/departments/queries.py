"""Reading departments."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.departments.models import Department
from supervision.errors import NotFound


def list_departments(session: Session) -> Sequence[Department]:
    """List active departments in the order of the district's own list."""
    return session.scalars(sa.select(Department).where(Department.active).order_by(Department.id)).all()


def list_register(session: Session) -> Sequence[Department]:
    """List all departments, those in use first, each part in the order of the district's own list."""
    return session.scalars(sa.select(Department).order_by(Department.active.desc(), Department.id)).all()


def find_department(session: Session, code: str) -> Department | None:
    """Return the department with this code."""
    return session.scalar(sa.select(Department).where(Department.code == code))


def get_department(session: Session, code: str) -> Department:
    """Return the department with this code or refuse."""
    department = find_department(session, code)
    if department is None:
        raise NotFound
    return department
