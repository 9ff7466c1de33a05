"""Named witnesses of a draw: their codes, the names the public reads, and how long their links live."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

# no department may bear such a code (parties_of, departments.rules)
WITNESS_CODE = re.compile(r"W[1-9][0-9]{0,2}")
MOST_WITNESSES = 20
TOKEN_BYTES = 32
# tries with a wrong link from one address, or refused entries by one link, within the window
FAILURE_WINDOW = timedelta(minutes=15)
MOST_FAILURES = 30

KINDS = "witness_kinds"
REMOVAL_REASONS = "witness_removal_reasons"

_COMPOUND_SURNAMES = frozenset({
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙", "司徒", "司空",
    "夏侯", "端木", "百里", "南宫", "轩辕", "独孤",
})  # fmt: skip
_SHORTEST_WITH_COMPOUND = 3


def is_witness(by: str) -> bool:
    """Say whether a party's code is that of a named witness."""
    return WITNESS_CODE.fullmatch(by) is not None


def witness_number(by: str) -> int:
    """Return the number of a witness's code, 0 for every other party: W2 comes before W10."""
    return int(by[1:]) if is_witness(by) else 0


def next_code(taken: Iterable[str]) -> str:
    """Return the next free code; a code is never given twice in a draw, nor one that a department bears."""
    used = set(taken)
    number = 1 + max((witness_number(code) for code in used), default=0)
    return f"W{number}"


def shown_name(name: str) -> str:
    """Return how a natural person is named in public beside the kind: the surname alone (domain 8.1)."""
    name = " ".join(name.split())
    if not name or name.isascii():
        return " ".join(f"{word[0].upper()}." for word in name.split())
    compound = name[:2] if len(name) >= _SHORTEST_WITH_COMPOUND and name[:2] in _COMPOUND_SURNAMES else ""
    return f"{compound or name[0]}某"


def link_ends(ended_at: datetime | None, *, days: int) -> datetime | None:
    """Return when a link ends: some days after the draw was opened or ended; none is set before."""
    return None if ended_at is None else ended_at + timedelta(days=days)
