"""Reading users."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.accounts.models import User, UserRole
from supervision.departments.models import Department
from supervision.errors import NotFound
from supervision.listing import ListQuery, Page, load_page
from supervision.permissions import Actor, Role


def find_user(session: Session, username: str) -> User | None:
    """Return the user with this user name."""
    return session.scalar(sa.select(User).where(User.username == username.strip().lower()))


def get_user(session: Session, user_id: int) -> User:
    """Return the user or refuse."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound
    return user


def list_users(session: Session, viewer: Actor, query: ListQuery) -> Page[User]:  # noqa: ARG001 - access is by endpoint
    """List users with search by name or user name, filters by department, role and state."""
    statement = sa.select(User)
    if query.q:
        statement = statement.where(
            sa.or_(User.name.contains(query.q, autoescape=True), User.username.contains(query.q, autoescape=True))
        )
    if code := query.filters.get("department"):
        statement = statement.where(User.department_id.in_(sa.select(Department.id).where(Department.code == code)))
    if role := query.filters.get("role"):
        statement = statement.where(User.id.in_(sa.select(UserRole.user_id).where(UserRole.role == Role(role))))
    if state := query.filters.get("state"):
        statement = statement.where(User.active.is_(state == "active"))
    return load_page(
        session,
        statement,
        query,
        tie_breaker=User.id,
        default_sort="username",
        sorts={"username": User.username, "name": User.name, "last_seen": User.last_seen_at},
    )


def actor_of(user: User, *, request_id: str = "") -> Actor:
    """Return the actor a user is for services."""
    department = user.department
    return Actor(
        user_id=user.id,
        name=user.name,
        department_id=user.department_id,
        department_code=department.code if department else "",
        roles=user.roles,
        inspector_id=user.inspector_id,
        request_id=request_id,
    )
