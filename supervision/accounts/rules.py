"""Passwords, lock-out and session limits (GB/T 22239 level 3; security sheet, section 5)."""

import unicodedata
from datetime import datetime, timedelta

from supervision.errors import Invalid

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 128
CLASSES_NEEDED = 3
FAILURES_BEFORE_LOCK = 5
FIRST_LOCK = timedelta(minutes=15)
FAILURES_PER_ADDRESS = 50
FAILURE_WINDOW = timedelta(minutes=15)
IDLE_LIMIT = timedelta(minutes=30)
ABSOLUTE_LIMIT = timedelta(hours=8)
TOUCH_EVERY = timedelta(minutes=1)


def normalize_password(password: str) -> str:
    """Bring a password to NFKC, so that every keyboard types the same one."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, *, username: str) -> None:
    """Refuse a password that the policy profile ``mlps3`` does not allow."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Invalid(
            "password-length",
            "Use %(least)s to %(most)s characters.",
            field="password",
            least=SHORTEST_PASSWORD,
            most=LONGEST_PASSWORD,
        )
    classes = (str.islower, str.isupper, str.isdigit, lambda char: not char.isalnum())
    if sum(any(test(char) for char in password) for test in classes) < CLASSES_NEEDED:
        raise Invalid(
            "password-classes",
            "Mix at least three of: lower case, upper case, digits, other characters.",
            field="password",
        )
    if username.lower() in password.lower():
        raise Invalid("password-username", "The password may not contain the user name.", field="password")


def lock_after(failures: int, *, at: datetime) -> datetime | None:
    """Return until when an account is locked after ``failures`` in a row: 15 minutes, then 30 each time."""
    if failures < FAILURES_BEFORE_LOCK:
        return None
    return at + FIRST_LOCK * (1 if failures == FAILURES_BEFORE_LOCK else 2)


def session_expired(*, created_at: datetime, seen_at: datetime, at: datetime) -> bool:
    """Say whether a session is over: idle too long, or open too long in all."""
    return at - seen_at > IDLE_LIMIT or at - created_at > ABSOLUTE_LIMIT
