"""Changing a department's names and telephone. Its code never changes: draws and items refer to it."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.departments.models import Department
from supervision.errors import Conflict, Forbidden, Invalid
from supervision.permissions import Actor, Permission


def rename_department(
    session: Session,
    department: Department,
    *,
    name_zh: str,
    name_en: str,
    fields: str,
    version: int,
    actor: Actor,
    phone: str | None = None,
) -> None:
    """Give a department other names, fields or telephone; ``version`` is the state the person saw."""
    check_may_edit(actor)
    check_unchanged(session, department, version)
    if not name_zh:
        raise Invalid("no-name", "Give the Chinese name.", field="name_zh")
    phone = department.phone if phone is None else phone
    before = [department.name_zh, department.name_en, department.phone]
    details = {"before": before, "after": [name_zh, name_en, phone]}
    department.name_zh, department.name_en, department.fields, department.phone = name_zh, name_en, fields, phone
    department.version += 1
    session.flush()
    subject = ("department", department.code)
    record(session, Event.DEPARTMENT_CHANGED, actor=actor, subject=subject, details=details)


def check_may_edit(actor: Actor) -> None:
    """Refuse everybody but the system administrator."""
    if not actor.may(Permission.DEPARTMENT_EDIT):
        raise Forbidden("department-only-system", "Only the system administrator changes departments.")


def check_unchanged(session: Session, department: Department, version: int) -> None:
    """Hold the row, and refuse a step on a state that is no longer there."""
    stored = session.scalar(sa.select(Department.version).where(Department.id == department.id).with_for_update())
    if stored != version or department.version != version:
        raise Conflict(
            "changed-meanwhile",
            "Somebody changed this meanwhile. Open the page again, look at the change, and enter yours once more.",
        )
