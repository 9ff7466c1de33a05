"""What people are told of: rooms register who is waited for, and say nothing else.

A room names the people and a key; the sentence is the kind's own. The values of a sentence are numbers, days and the
platform's own numbers of things, never names: a message that is read over somebody's shoulder, or in a mail server
abroad, says nothing of any enterprise or of who was drawn (T13).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

OWN_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z-]{0,39}")
Value = int | str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something waits for one person. The same ``key`` again is the same message, not another.

    ``values`` fill the kind's sentence, ``arguments`` its link.
    """

    user_id: int
    key: str
    values: Mapping[str, int | date | str] = field(default_factory=dict)
    arguments: Mapping[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse anything that could be a name."""
        for name, value in self.values.items():
            if isinstance(value, str) and not OWN_NUMBER.fullmatch(value):
                raise ValueError(name)


Find = Callable[[Session], Iterable[Waiting]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message: ``label`` names it outside, ``text`` is the sentence inside; both are message ids."""

    code: str
    label: str
    text: str
    endpoint: str
    find: Find
    urgent: bool = False


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Add kinds of messages; a later registration replaces an earlier one of the same code."""
    _kinds.update((kind.code, kind) for kind in kinds)


def all_kinds() -> list[Kind]:
    """Return every kind in the order of its code."""
    return [_kinds[code] for code in sorted(_kinds)]


def find_kind(code: str) -> Kind | None:
    """Return a kind, None where the room that told of it has gone."""
    return _kinds.get(code)
