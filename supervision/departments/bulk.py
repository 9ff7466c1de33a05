"""Taking a whole file of departments in one transaction; the import audits it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.departments.models import Department
from supervision.errors import Forbidden
from supervision.permissions import Actor, Permission


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """What a file says of a department; ``None`` leaves what is recorded."""

    code: str
    name_zh: str
    name_en: str | None = None
    fields: str | None = None
    phone: str | None = None
    platform_role: str | None = None

    def changes(self, department: Department) -> dict[str, str]:
        """Return what would read differently."""
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in said.items() if value is not None and value != getattr(department, name)}


def known_departments(session: Session, codes: Sequence[str]) -> dict[str, Department]:
    """Return the departments with these codes, those out of use too."""
    return {one.code: one for one in session.scalars(sa.select(Department).where(Department.code.in_(codes)))}


def take_departments(session: Session, rows: Sequence[DepartmentRow], *, actor: Actor) -> tuple[int, int, int]:
    """Enter new departments and correct known ones; return how many were new, changed and the same."""
    if not actor.may(Permission.DEPARTMENT_EDIT):
        raise Forbidden("department-only-system", "Only the system administrator changes departments.")
    known = known_departments(session, [row.code for row in rows])
    new = changed = 0
    for row in rows:
        department = known.get(row.code)
        if department is None:
            session.add(_made(row))
            new += 1
        elif changes := row.changes(department):
            for name, value in changes.items():
                setattr(department, name, value)
            department.version += 1
            changed += 1
    session.flush()
    return new, changed, len(rows) - new - changed


def _made(row: DepartmentRow) -> Department:
    values = {one.name: getattr(row, one.name) or "" for one in fields(row)}
    return Department(**values)
