"""Signing in, and what the administrators do to accounts."""

import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.accounts.corrections import check_link, refusing_taken
from supervision.accounts.ending_sessions import end_sessions, end_surplus
from supervision.accounts.expert_links import check_expert_link, check_expert_roles
from supervision.accounts.models import SignInFailure, User, UserRole
from supervision.accounts.passwords import HASHER, check_unused, password_matches, rehash, store_password
from supervision.accounts.queries import actor_of, find_user, get_user, load_policy
from supervision.accounts.rules import FAILURE_WINDOW, FAILURES_PER_ADDRESS, lock_after
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Conflict, Forbidden, Invalid
from supervision.permissions import ADMINISTRATORS, Actor, Role, system_actor

__all__ = ["HASHER"]


def sign_in(session: Session, username: str, password: str, *, address: str, request_id: str = "") -> User | None:
    """Check a sign-in; return the user, or None with the refusal counted and logged.

    The caller commits in both cases: a refused attempt must be remembered.
    """
    now = clock.now()
    user = find_user(session, username)
    if _address_throttled(session, address, now):
        return None
    matches = password_matches(user, password)
    if user is None or not matches or not user.active or (user.locked_until and user.locked_until > now):
        _remember_failure(session, user, address=address, now=now, request_id=request_id)
        return None
    user.failed_attempts, user.locked_until, user.last_seen_at = 0, None, now
    rehash(user, password)
    policy = load_policy(session)
    if (user.password_changed_at or user.created_at) < now - timedelta(days=policy.valid_days):
        user.must_change_password = True
    end_surplus(session, user, kept=policy.parallel - 1)
    record(session, Event.SIGNED_IN, actor=actor_of(user, request_id=request_id), subject=("user", user.id))
    return user


def _address_throttled(session: Session, address: str, now: datetime) -> bool:
    statement = sa.select(sa.func.count()).where(
        SignInFailure.address_hash == _address_hash(address), SignInFailure.at > now - FAILURE_WINDOW
    )
    return (session.scalar(statement) or 0) >= FAILURES_PER_ADDRESS


def _address_hash(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()


def _remember_failure(session: Session, user: User | None, *, address: str, now: datetime, request_id: str) -> None:
    session.add(SignInFailure(address_hash=_address_hash(address), at=now))
    # attempts during a lock neither count nor prolong it: nobody keeps somebody else out for long
    if user is not None and not (user.locked_until and user.locked_until > now):
        user.failed_attempts += 1
        user.locked_until = lock_after(user.failed_attempts, at=now, policy=load_policy(session))
    who = actor_of(user, request_id=request_id) if user else system_actor("unknown user")
    record(session, Event.SIGN_IN_REFUSED, actor=who, subject=("user", user.id if user else "unknown"))


def sign_out(session: Session, *, actor: Actor) -> None:
    """Log that somebody signed out; the browser session itself is ended by the session store."""
    record(session, Event.SIGNED_OUT, actor=actor, subject=("user", actor.user_id))


def change_password(session: Session, user: User, *, old: str, new: str, actor: Actor) -> None:
    """Let a person change their own password; every other session of theirs ends."""
    if not password_matches(user, old):
        raise Invalid("old-password", "The present password is not right.", field="old")
    check_unused(session, user, new)
    set_password(session, user, new)
    user.must_change_password = False
    record(session, Event.PASSWORD_CHANGED, actor=actor, subject=("user", user.id))


def set_password(session: Session, user: User, password: str) -> None:
    """Set a password that the policy allows and end the user's sessions."""
    store_password(session, user, password)
    end_sessions(session, user)


def confirmed(session: Session, password: str, *, address: str, actor: Actor) -> bool:
    """Ask the person at the keyboard again before a step that gives rights (step-up); a wrong answer counts as a try.

    The caller commits in both cases.
    """
    person = get_user(session, actor.user_id or 0)
    now = clock.now()
    if password_matches(person, password) and not (person.locked_until and person.locked_until > now):
        return True
    _remember_failure(session, person, address=address, now=now, request_id=actor.request_id)
    if person.locked_until and person.locked_until > now:
        end_sessions(session, person)
    return False


def create_user(
    session: Session,
    *,
    username: str,
    name: str,
    department_id: int | None,
    inspector_id: int | None,
    expert_id: int | None = None,
    actor: Actor,
) -> User:
    """Create an account without rights and without password: the security administrator grants both."""
    username = username.strip().lower()
    if find_user(session, username):
        raise Invalid("username-taken", "This user name is taken. Choose another.", field="username")
    check_link(session, None, name=name, department_id=department_id, inspector_id=inspector_id)
    check_expert_link(
        session, None, name=name, department_id=department_id, inspector_id=inspector_id, expert_id=expert_id
    )
    user = User(
        username=username,
        name=name,
        department_id=department_id,
        inspector_id=inspector_id,
        expert_id=expert_id,
        active=True,
        created_at=clock.now(),
    )
    with refusing_taken(session):
        session.add(user)
    record(session, Event.USER_CREATED, actor=actor, subject=("user", user.id), details={"username": username})
    return user


def set_active(session: Session, user: User, *, active: bool, reason: str, actor: Actor) -> None:
    """Disable or enable an account; a disabled one loses its sessions in the same moment."""
    if user.id == actor.user_id:
        raise Forbidden("own-account", "You cannot disable your own account.")
    if not active:
        _keep_posts_held(session, user, frozenset())
        end_sessions(session, user)
    user.active = active
    event = Event.USER_ENABLED if active else Event.USER_DISABLED
    record(session, event, actor=actor, subject=("user", user.id), reason=reason)


def unlock(session: Session, user: User, *, new_password: str | None, reason: str, actor: Actor) -> None:
    """Lift a lock-out; with ``new_password`` also give a password that must be changed at once."""
    if user.id == actor.user_id:
        raise Forbidden("own-account", "You cannot unlock your own account or give yourself a password.")
    user.failed_attempts, user.locked_until = 0, None
    if new_password:
        set_password(session, user, new_password)
        user.must_change_password = True
    record(
        session,
        Event.USER_UNLOCKED,
        actor=actor,
        subject=("user", user.id),
        reason=reason,
        details={"password_reset": bool(new_password)},
    )


def set_roles(session: Session, user: User, roles: frozenset[Role], *, reason: str, actor: Actor) -> None:
    """Give a user exactly ``roles``. Administrators hold one post and no business role (三员分立)."""
    if user.id == actor.user_id:
        raise Forbidden("own-roles", "You cannot change your own roles.")
    if roles & ADMINISTRATORS and len(roles) > 1:
        raise Invalid(
            "administrator-alone",
            "An administrator holds no other role: the three posts and business stay apart.",
            field="roles",
        )
    check_expert_roles(user, roles)
    _keep_posts_held(session, user, roles)
    before = sorted(user.roles)
    grant(user, roles)
    end_sessions(session, user)
    record(
        session,
        Event.ROLES_CHANGED,
        actor=actor,
        subject=("user", user.id),
        reason=reason,
        details={"before": before, "after": sorted(roles)},
    )


def _keep_posts_held(session: Session, user: User, kept: frozenset[Role]) -> None:
    """Refuse to leave an administrator's post empty: nobody could then grant roles, or read the log.

    All holders' rows are locked, in one order, so that two people cannot remove the last two from each other.
    """
    for post in sorted((user.roles & ADMINISTRATORS) - kept) if user.active else ():
        holders = (
            sa.select(User.id)
            .join(UserRole)
            .where(UserRole.role == post, User.active)
            .order_by(User.id)
            .with_for_update()
        )
        if set(session.scalars(holders)) <= {user.id}:
            raise Conflict(
                "last-administrator", "Nobody else with an active account holds this post. Appoint a successor first."
            )


def grant(user: User, roles: frozenset[Role]) -> None:
    """Let ``user`` hold exactly ``roles``; the caller checks and logs."""
    kept = [row for row in user.role_rows if row.role in roles]
    user.role_rows = kept + [UserRole(role=role) for role in sorted(roles - user.roles)]
