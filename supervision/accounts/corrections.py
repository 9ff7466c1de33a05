"""Correcting an account: name, department, and the entry in the register of inspectors or experts it belongs to."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from supervision.accounts.ending_sessions import end_sessions
from supervision.accounts.expert_links import check_expert_link
from supervision.accounts.models import User
from supervision.accounts.queries import get_linked_inspector
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.departments.models import Department
from supervision.errors import Conflict, Invalid
from supervision.labels import N_
from supervision.permissions import ADMINISTRATORS, Actor


def correct_user(
    session: Session,
    user: User,
    *,
    name: str,
    department_id: int | None,
    inspector_id: int | None,
    expert_id: int | None = None,
    reason: str,
    actor: Actor,
) -> bool:
    """Correct an account; return whether anything was different.

    Another department, inspector or expert is another person's work: the roles end with it and the security
    administrator grants them anew, so that the system administrator alone moves nobody's rights (三员分立).
    """
    check_link(session, user, name=name, department_id=department_id, inspector_id=inspector_id)
    check_expert_link(
        session, user, name=name, department_id=department_id, inspector_id=inspector_id, expert_id=expert_id
    )
    wanted = {"name": name, "department_id": department_id, "inspector_id": inspector_id, "expert_id": expert_id}
    before = {field: getattr(user, field) for field in wanted}
    changed = {field: [before[field], value] for field, value in wanted.items() if before[field] != value}
    if not changed:
        return False
    moved = bool(changed.keys() & {"department_id", "inspector_id", "expert_id"})
    # an administrator's post belongs to no department
    taken = sorted(user.roles - ADMINISTRATORS) if moved else []
    with refusing_taken(session):
        for field in changed:
            setattr(user, field, wanted[field])
        if taken:
            user.role_rows = [row for row in user.role_rows if row.role in ADMINISTRATORS]
    end_sessions(session, user)
    session.refresh(user)
    details = {**changed, "roles_ended": taken}
    record(session, Event.USER_CORRECTED, actor=actor, subject=("user", user.id), reason=reason, details=details)
    return True


@contextmanager
def refusing_taken(session: Session) -> Iterator[None]:
    """Write what stands inside, and refuse when another administrator took the name or the certificate meanwhile."""
    try:
        with session.begin_nested():
            yield
    except IntegrityError as error:
        raise Conflict(
            "account-taken",
            N_("Somebody has just given this user name or this certificate to another account. Look at the accounts."),
        ) from error


def check_link(
    session: Session, user: User | None, *, name: str, department_id: int | None, inspector_id: int | None
) -> None:
    """Refuse to link an account to somebody else's entry: name and department must be the same, the entry free."""
    if inspector_id is None:
        return
    inspector = get_linked_inspector(session, inspector_id)
    if inspector.name != name or inspector.department_id != department_id:
        raise Invalid(
            "certificate-of-another",
            "The certificate is entered for %(name)s, %(department)s. "
            "Name and department of the account must be the same.",
            field="certificate_number",
            name=inspector.name,
            department=session.get_one(Department, inspector.department_id).name_zh,
        )
    holder = session.scalar(sa.select(User).where(User.inspector_id == inspector_id))
    if holder is not None and holder is not user:
        raise Invalid(
            "certificate-linked",
            "This certificate belongs to the account %(username)s already.",
            field="certificate_number",
            username=holder.username,
        )
