"""Passwords, lock-out and session limits (GB/T 22239 level 3; security sheet, section 5)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from supervision.errors import Invalid

LONGEST_PASSWORD = 128
CLASSES_NEEDED = 3
FAILURES_PER_ADDRESS = 50
FAILURE_WINDOW = timedelta(minutes=15)
TOUCH_EVERY = timedelta(minutes=1)
# what most guesses begin with: common words, place names, pinyin phrases and rows of keys, in small letters
COMMON = (
    "password", "passwd", "passcode", "admin", "administrator", "root", "welcome", "letmein", "iloveyou", "monkey",
    "dragon", "sunshine", "princess", "football", "secret", "changeme", "default", "test", "user", "guest", "login",
    "qwertyuiop", "qwerty", "asdfghjkl", "asdfgh", "zxcvbnm", "zxcvbn", "qazwsx", "1qaz2wsx", "abcdefgh", "abcdef",
    "abcd", "abc", "1234567890", "123456789", "12345678", "1234567", "123456", "12345", "1234", "123", "0987654321",
    "987654321", "87654321", "7654321", "654321", "54321", "111111", "000000", "666666", "888888", "5201314", "woaini",
    "woaizhongguo", "zhongguo", "shanghai", "beijing", "jingan", "jinganqu", "pudong", "huangpu", "mima", "mimamima",
    "guanliyuan", "xitong", "ceshi", "nihao", "huanying", "gongshangju", "shichangjianguan", "jianguan", "zhifa",
    "jiancha", "shuangsuiji", "zhengfu", "weiminfuwu", "renmin",
)  # fmt: skip
# what people write for a letter; read so only after rows of digits have been taken away as they stand
LEET = str.maketrans({"@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", "$": "s", "5": "s", "7": "t"})
# a password must hold this much besides common words and the user's own name
OWN_PART = 6


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules in force; every number is a parameter, these are the values before the ground data is loaded."""

    least_length: int = 12
    failures: int = 5
    lock_minutes: int = 15
    idle_minutes: int = 30
    idle_admin_minutes: int = 15
    absolute_hours: int = 8
    parallel: int = 2
    valid_days: int = 90
    remembered: int = 5

    @property
    def absolute(self) -> timedelta:
        """How long a session lasts at most."""
        return timedelta(hours=self.absolute_hours)

    def idle(self, *, administrator: bool) -> timedelta:
        """How long a session may rest; administrators' end sooner."""
        return timedelta(minutes=self.idle_admin_minutes if administrator else self.idle_minutes)


def normalize_password(password: str) -> str:
    """Bring a password to NFKC, so that every keyboard types the same one."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, *, username: str, policy: Policy) -> None:
    """Refuse a password that the policy (profile ``mlps3``) does not allow, or that everybody would guess."""
    if not policy.least_length <= len(password) <= LONGEST_PASSWORD:
        raise Invalid(
            "password-length",
            "Use %(least)s to %(most)s characters.",
            field="password",
            least=policy.least_length,
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
    if own_part(password, username=username) < OWN_PART:
        raise Invalid(
            "password-common",
            "This password is easy to guess: it is built on a common word, a year or a row of keys. "
            "Take several words that do not belong together.",
            field="password",
        )


def own_part(password: str, *, username: str) -> int:
    """Count the letters and digits left when common words, years, repetitions and the user's name are taken away."""
    words = sorted((*COMMON, *re.split(r"[._-]", username.lower())), key=len, reverse=True)
    rest = password.lower()
    for reading in (str, lambda text: text.translate(LEET)):
        rest = reading(rest)
        for word in words:
            rest = rest.replace(word, "") if len(word) > 2 else rest
        rest = re.sub(r"(.)\1{2,}", r"\1", re.sub(r"(19|20)[0-9]{2}", "", rest))
    return sum(char.isalnum() for char in rest)


def lock_after(failures: int, *, at: datetime, policy: Policy) -> datetime | None:
    """Return until when an account is locked after ``failures`` in a row: once the time of the rule, then double."""
    if failures < policy.failures:
        return None
    return at + timedelta(minutes=policy.lock_minutes) * (1 if failures == policy.failures else 2)


def session_expired(
    *, created_at: datetime, seen_at: datetime, at: datetime, idle: timedelta, absolute: timedelta
) -> bool:
    """Say whether a session is over: idle too long, or open too long in all."""
    return at - seen_at > idle or at - created_at > absolute


BROWSERS = (
    ("MicroMessenger", "WeChat"), ("DingTalk", "DingTalk"), ("Edg", "Edge"), ("Firefox", "Firefox"),
    ("QQBrowser", "QQ Browser"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_name(agent: str) -> str:
    """Return what a browser calls itself as people know it, for example ``Chrome · Windows``; empty when unknown."""
    parts = (next((name for sign, name in table if sign in agent), "") for table in (BROWSERS, SYSTEMS))
    return " · ".join(part for part in parts if part)
