"""Checking and setting passwords: argon2id, the policy in force, and the newest few never again."""

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy.orm import Session

from supervision import clock
from supervision.accounts.models import UsedPassword, User
from supervision.accounts.queries import load_policy
from supervision.accounts.rules import check_password, normalize_password
from supervision.errors import Invalid

HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# verified when the user is unknown, so that an unknown name costs the same time as a wrong password
DUMMY_HASH = HASHER.hash("no such user")


def password_matches(user: User | None, password: str) -> bool:
    """Say whether this is the user's password; an unknown user takes as long to refuse."""
    stored = user.password_hash if user else None
    return _verifies(stored or DUMMY_HASH, password) and stored is not None


def _verifies(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, normalize_password(password))
    except (VerifyMismatchError, InvalidHashError):
        return False


def rehash(user: User, password: str) -> None:
    """Store a password that has just been verified anew when the cost of hashing has been raised since."""
    if user.password_hash and HASHER.check_needs_rehash(user.password_hash):
        user.password_hash = HASHER.hash(normalize_password(password))


def check_unused(session: Session, user: User, password: str) -> None:
    """Refuse the present password and the newest few before it."""
    kept = load_policy(session).remembered
    earlier = (
        sa.select(UsedPassword.password_hash)
        .where(UsedPassword.user_id == user.id)
        .order_by(UsedPassword.id.desc())
        .limit(kept)
    )
    hashes = {user.password_hash, *session.scalars(earlier)}
    if any(_verifies(stored, password) for stored in hashes if stored):
        raise Invalid(
            "password-used",
            "This is your present password or one of your last %(count)s. Take another.",
            field="password",
            count=kept,
        )


def store_password(session: Session, user: User, password: str) -> None:
    """Set a password that the policy allows."""
    password = normalize_password(password)
    check_password(password, username=user.username, policy=load_policy(session))
    user.password_hash, user.password_changed_at = HASHER.hash(password), clock.now()
    session.flush()
    session.add(UsedPassword(user_id=user.id, password_hash=user.password_hash, set_at=clock.now()))
