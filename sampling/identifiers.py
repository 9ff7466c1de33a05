"""Section 0: identifiers, numbers, digests and times, as they may be written.

"Identifiers: 1-64 characters of printable ASCII `!`-`~` without `:` and `,`." The colon separates the
parts of a ticket and the comma the qualifications, so neither can be inside a name.
"""

import re

from sampling.errors import NotationError

IDENTIFIER = r"[!-+\--9;-~]{1,64}"
_IDENTIFIER = re.compile(IDENTIFIER)
_BEACON_VALUE = re.compile(r"[!-+\--9;-~]{1,256}")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,6}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SALT = re.compile(r"[0-9a-f]{32}")
_TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z")

LARGEST_NUMBER = 1_000_000
RESERVED_DEPARTMENTS = frozenset({"groups", "system", "beacon"})
OPERATOR = "system"
BEACON = "beacon"
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LEAP_MONTH = 2
# from the day before 1 January of the year 1
_DAYS_TO_1970 = 719_163


def is_identifier(text: object) -> bool:
    """Tell whether this is a text that may name something."""
    return isinstance(text, str) and _IDENTIFIER.fullmatch(text) is not None


def identifier(text: object, *, what: str) -> str:
    """Give the text back if it may name something; `what` says what it names in the error."""
    if isinstance(text, str) and _IDENTIFIER.fullmatch(text):
        return text
    raise NotationError("identifier-malformed", what=what, value=_shown(text))


def department_code(text: object) -> str:
    """Give a department's code back; `groups`, `system` and `beacon` are taken."""
    code = identifier(text, what="department")
    if code in RESERVED_DEPARTMENTS:
        raise NotationError("department-reserved", department=code)
    return code


def contributor(text: object) -> str:
    """Give a contributor's code back; `beacon` is taken, `system` is the operator."""
    code = identifier(text, what="by")
    if code == BEACON:
        raise NotationError("contributor-reserved", by=code)
    return code


def qualification(text: object) -> str:
    """Give an item code back; `*` and `-` alone mean all and none, so neither can be a code."""
    code = identifier(text, what="qualification")
    if code in {"*", "-"}:
        raise NotationError("qualification-reserved", value=code)
    return code


def beacon_value(text: object) -> str:
    """Give the beacon's value back: like an identifier, of up to 256 characters."""
    if isinstance(text, str) and _BEACON_VALUE.fullmatch(text):
        return text
    raise NotationError("beacon-value-malformed", value=_shown(text))


def number(text: str, *, what: str) -> int:
    """Read a number of a table: decimal digits, no sign, no leading zero, at most 1,000,000."""
    if _NUMBER.fullmatch(text) and int(text) <= LARGEST_NUMBER:
        return int(text)
    raise NotationError("number-malformed", what=what, value=_shown(text))


def digest(text: object, *, what: str) -> str:
    """Give a digest or secret back: 64 lower-case hex digits."""
    if isinstance(text, str) and _DIGEST.fullmatch(text):
        return text
    raise NotationError("digest-malformed", what=what, value=_shown(text))


def salt(text: object, *, what: str) -> str:
    """Give a salt back: 32 lower-case hex digits."""
    if isinstance(text, str) and _SALT.fullmatch(text):
        return text
    raise NotationError("salt-malformed", what=what, value=_shown(text))


def moment(text: object, *, what: str) -> str:
    """Give a time back, written like `2026-11-22T08:00:00Z`, if the calendar has it."""
    found = _TIME.fullmatch(text) if isinstance(text, str) else None
    if found and isinstance(text, str) and _in_calendar(*map(int, found.groups())):
        return text
    raise NotationError("time-malformed", what=what, value=_shown(text))


def unix_seconds(moment: str) -> int:
    """Count the seconds from the beginning of 1970 to a time that `moment` let pass."""
    found = _TIME.fullmatch(moment)
    if found is None:
        raise ValueError(moment)
    year, month, day, hour, minute, second = map(int, found.groups())
    before = year - 1
    leap = month > _LEAP_MONTH and _is_leap(year)
    days = before * 365 + before // 4 - before // 100 + before // 400 + sum(_DAYS[: month - 1]) + leap + day
    return ((days - _DAYS_TO_1970) * 24 + hour) * 3600 + minute * 60 + second


def written_moment(seconds: int) -> str:
    """Write a time that is so many seconds after the beginning of 1970, as `moment` reads it."""
    days, rest = divmod(seconds, 24 * 3600)
    year = 1970
    while days >= 365 + _is_leap(year):
        days -= 365 + _is_leap(year)
        year += 1
    lengths = [length + (month == _LEAP_MONTH and _is_leap(year)) for month, length in enumerate(_DAYS, start=1)]
    month = 1
    while days >= lengths[month - 1]:
        days -= lengths[month - 1]
        month += 1
    hour, minute, second = rest // 3600, rest // 60 % 60, rest % 60
    return f"{year:04}-{month:02}-{days + 1:02}T{hour:02}:{minute:02}:{second:02}Z"


def _in_calendar(*parts: int) -> bool:
    year, month, day, hour, minute, second = parts
    if not 1 <= month <= len(_DAYS):
        return False
    leap = month == _LEAP_MONTH and _is_leap(year)
    return 1 <= day <= _DAYS[month - 1] + leap and hour < 24 and minute < 60 and second < 60


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _shown(value: object) -> str:
    # Whatever was typed must not reach a terminal or page as control characters.
    return ascii(value)[:80]
