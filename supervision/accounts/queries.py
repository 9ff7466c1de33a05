"""Reading users."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.accounts.models import LoginSession, User, UserRole
from supervision.accounts.rules import Policy
from supervision.departments.models import Department
from supervision.errors import NotFound
from supervision.listing import ListQuery, Page, load_page
from supervision.parameters.queries import find_number
from supervision.permissions import ADMINISTRATORS, Actor, Role


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
        statement = statement.where(_in_state(state))
    return load_page(
        session,
        statement,
        query,
        tie_breaker=User.id,
        default_sort="username",
        sorts={"username": User.username, "name": User.name, "last_seen": User.last_seen_at},
    )


def list_active_of(session: Session, department: Department) -> Sequence[User]:
    """List the accounts of a department that are not disabled, by user name."""
    statement = sa.select(User).where(User.department_id == department.id, User.active).order_by(User.username)
    return session.scalars(statement).unique().all()


def _in_state(state: str) -> sa.ColumnElement[bool]:
    """Return the condition of a state that administrators look for."""
    inspectors = sa.select(UserRole.user_id).where(UserRole.role == Role.INSPECTOR)
    return {
        "active": User.active.is_(True),
        "disabled": User.active.is_(False),
        "locked": User.locked_until > clock.now(),
        "no_password": sa.and_(User.active, User.password_hash.is_(None)),
        "no_roles": sa.and_(User.active, ~User.role_rows.any()),
        "no_certificate": sa.and_(User.active, User.inspector_id.is_(None), User.id.in_(inspectors)),
    }[state]


def load_policy(session: Session) -> Policy:
    """Return the rules for passwords and sessions as the parameters in force today set them."""
    today, house = clock.today(), Policy()

    def value(code: str, default: int) -> int:
        return find_number(session, code, on=today, default=default)

    return Policy(
        least_length=value("password-minimum-length", house.least_length),
        failures=value("login-failures-lock", house.failures),
        lock_minutes=value("lockout-minutes", house.lock_minutes),
        idle_minutes=value("session-idle-minutes", house.idle_minutes),
        idle_admin_minutes=value("session-idle-admin-minutes", house.idle_admin_minutes),
        absolute_hours=value("session-absolute-hours", house.absolute_hours),
        parallel=value("session-parallel-maximum", house.parallel),
        valid_days=value("password-valid-days", house.valid_days),
        remembered=value("password-remembered", house.remembered),
    )


# the register of inspectors is a room further up; a row of it is known here by the columns an account is linked by
_INSPECTORS = sa.table(
    "inspectors", *map(sa.column, ("id", "certificate_number", "name", "department_id"))
)  # fmt: skip


class LinkedInspector(NamedTuple):
    """The entry in the register of inspectors that an account belongs to, or may belong to."""

    id: int
    certificate_number: str
    name: str
    department_id: int


def find_inspector(session: Session, certificate_number: str) -> LinkedInspector | None:
    """Return the inspector with this certificate number."""
    return _one_inspector(session, _INSPECTORS.c.certificate_number == certificate_number)


def get_linked_inspector(session: Session, inspector_id: int) -> LinkedInspector:
    """Return the inspector with this id or refuse."""
    found = _one_inspector(session, _INSPECTORS.c.id == inspector_id)
    if found is None:
        raise NotFound
    return found


def _one_inspector(session: Session, condition: sa.ColumnElement[bool]) -> LinkedInspector | None:
    row = session.execute(sa.select(_INSPECTORS).where(condition)).first()
    return LinkedInspector._make(row) if row else None


def list_sessions(session: Session, user: User) -> Sequence[LoginSession]:
    """List the browser sessions of a user that are not over, the one used last first."""
    policy, now = load_policy(session), clock.now()
    idle = policy.idle(administrator=bool(user.roles & ADMINISTRATORS))
    statement = sa.select(LoginSession).where(
        LoginSession.user_id == user.id,
        LoginSession.seen_at >= now - idle,
        LoginSession.created_at >= now - policy.absolute,
    )
    return session.scalars(statement.order_by(LoginSession.seen_at.desc(), LoginSession.id_hash)).all()


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
        expert_id=user.expert_id,
        request_id=request_id,
    )


@dataclass(frozen=True, slots=True)
class Person:
    """What every request needs to know of who sends it, read with one narrow statement."""

    id: int
    name: str
    department_id: int | None
    department_code: str
    department_zh: str
    department_en: str
    inspector_id: int | None
    must_change_password: bool
    roles: frozenset[Role]
    expert_id: int | None = None

    def actor(self, *, request_id: str) -> Actor:
        """Return the actor this person is for services."""
        return Actor(
            user_id=self.id,
            name=self.name,
            department_id=self.department_id,
            department_code=self.department_code,
            roles=self.roles,
            inspector_id=self.inspector_id,
            expert_id=self.expert_id,
            request_id=request_id,
        )


# written down once: every request of a signed-in person asks this, and building it takes longer than asking
_PERSON = (
    sa.select(
        User.name, User.department_id, Department.code, Department.name_zh, Department.name_en,
        User.inspector_id, User.must_change_password, User.expert_id, UserRole.role,
    )
    .outerjoin(Department, Department.id == User.department_id)
    .outerjoin(UserRole, UserRole.user_id == User.id)
    .where(User.id == sa.bindparam("user_id"), User.active)
)  # fmt: skip


def find_person(session: Session, user_id: int) -> Person | None:
    """Return the active person with this id."""
    rows = session.execute(_PERSON, {"user_id": user_id}).all()
    if not rows:
        return None
    name, department_id, code, chinese, english, inspector_id, must_change, expert_id, _ = rows[0]
    roles = frozenset(row.role for row in rows if row.role is not None)
    return Person(
        user_id,
        name,
        department_id,
        code or "",
        chinese or "",
        english or "",
        inspector_id,
        must_change,
        roles,
        expert_id,
    )


def get_person(session: Session, user_id: int) -> Person:
    """Return the active person with this id or refuse."""
    person = find_person(session, user_id)
    if person is None:
        raise NotFound
    return person
