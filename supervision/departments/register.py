"""Who is in the register: entering a department, suspending and resuming it. Nothing is ever deleted."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.departments.models import Department
from supervision.departments.rules import CODE, is_reserved
from supervision.departments.services import check_may_edit, check_unchanged
from supervision.errors import Conflict, Invalid
from supervision.permissions import Actor


def create_department(
    session: Session,
    code: str,
    *,
    name_zh: str,
    name_en: str,
    fields: str,
    phone: str,
    reason: str,
    actor: Actor,
) -> Department:
    """Enter a department under a code that is free, and not the name of another party of a draw."""
    check_may_edit(actor)
    _check(session, code, name_zh=name_zh, reason=reason)
    department = Department(code=code, name_zh=name_zh, name_en=name_en, fields=fields, phone=phone)
    try:
        with session.begin_nested():
            session.add(department)
            session.flush()
    except IntegrityError as error:  # somebody entered the same code in this moment
        raise _code_taken(code) from error
    details = {"name": name_zh}
    record(session, Event.DEPARTMENT_CREATED, actor=actor, subject=("department", code), reason=reason, details=details)
    return department


def set_active(
    session: Session, department: Department, *, active: bool, reason: str, version: int, actor: Actor
) -> None:
    """Suspend or resume a department; ``version`` is the state the person saw.

    A suspended one is offered for nothing new. Its code, its accounts and what it has begun stay as they are.
    """
    check_may_edit(actor)
    check_unchanged(session, department, version)
    if department.active == active:
        raise Conflict("department-is-so", "The department is in this state already.")
    if not reason:
        raise Invalid("no-reason", "Give the reason.", field="reason")
    department.active = active
    department.version += 1
    session.flush()
    event = Event.DEPARTMENT_RESUMED if active else Event.DEPARTMENT_SUSPENDED
    record(session, event, actor=actor, subject=("department", department.code), reason=reason)


def _check(session: Session, code: str, *, name_zh: str, reason: str) -> None:
    if not CODE.fullmatch(code):
        raise Invalid("department-code", "Write 2 to 16 capital letters or digits, a letter first.", field="code")
    if is_reserved(code):
        raise Invalid(
            "department-code-reserved",
            "The code %(code)s means another party of a draw. Choose another code.",
            field="code",
            code=code,
        )
    if not name_zh:
        raise Invalid("no-name", "Give the Chinese name.", field="name_zh")
    if not reason:
        raise Invalid("no-reason", "Give the reason.", field="reason")
    if session.scalar(sa.select(Department.id).where(Department.code == code)) is not None:
        raise _code_taken(code)
    holder = session.scalar(sa.select(Department.code).where(Department.name_zh == name_zh).limit(1))
    if holder is not None:
        raise Invalid(
            "department-name-taken",
            "Another department (%(code)s) has this name already.",
            field="name_zh",
            code=holder,
        )


def _code_taken(code: str) -> Invalid:
    return Invalid(
        "department-code-taken", "There is a department with the code %(code)s already.", field="code", code=code
    )
