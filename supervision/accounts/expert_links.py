"""The account of an expert: linked to one entry of the register of experts, never to an inspector's (R-1.08)."""

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.accounts.models import User
from supervision.errors import Invalid, NotFound
from supervision.permissions import Role

# the register of experts is a room further up; a row of it is known here by the columns an account is linked by
_EXPERTS = sa.table("experts", *map(sa.column, ("id", "name", "organization", "department_id")))


class LinkedExpert(NamedTuple):
    """The entry in the register of experts that an account belongs to, or may belong to."""

    id: int
    name: str
    organization: str
    department_id: int


def find_expert(session: Session, number: str) -> LinkedExpert | None:
    """Return the expert whose entry has this number."""
    if not number.isascii() or not number.isdigit() or len(number) > len(str(2**31)) - 1:
        return None
    row = session.execute(sa.select(_EXPERTS).where(_EXPERTS.c.id == int(number))).first()
    return LinkedExpert._make(row) if row else None


def get_linked_expert(session: Session, expert_id: int) -> LinkedExpert:
    """Return the expert with this id or refuse."""
    found = find_expert(session, str(expert_id))
    if found is None:
        raise NotFound
    return found


def check_expert_link(
    session: Session,
    user: User | None,
    *,
    name: str,
    department_id: int | None,
    inspector_id: int | None,
    expert_id: int | None,
) -> None:
    """Refuse to link an account to somebody else's entry, or to one who also inspects: an expert decides nothing."""
    if expert_id is None:
        return
    if inspector_id is not None:
        raise Invalid(
            "expert-and-inspector",
            "An account belongs to an inspector or to an expert, never to both: an expert has no enforcement powers.",
            field="expert_number",
        )
    expert = get_linked_expert(session, expert_id)
    if (expert.name, expert.department_id) != (name, department_id):
        raise Invalid(
            "expert-of-other-name",
            "The entry is of %(name)s. Name and department of the account must be those of the entry.",
            field="expert_number",
            name=expert.name,
        )
    holder = session.scalar(sa.select(User).where(User.expert_id == expert_id))
    if holder is not None and holder is not user:
        raise Invalid(
            "expert-linked",
            "This entry belongs to the account %(username)s already.",
            field="expert_number",
            username=holder.username,
        )


def check_expert_roles(user: User, roles: frozenset[Role]) -> None:
    """Refuse the role to whoever is in no register of experts, and every other role to whoever is."""
    if Role.EXPERT in roles and (user.expert_id is None or len(roles) > 1):
        raise Invalid(
            "expert-alone",
            "The role of an expert needs an account linked to the register of experts, and is held alone: "
            "who advises does not decide.",
            field="roles",
        )
    if user.expert_id is not None and roles - {Role.EXPERT}:
        raise Invalid(
            "expert-only",
            "This account belongs to an expert, who holds no other role: who advises does not decide.",
            field="roles",
        )
