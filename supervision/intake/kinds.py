"""Which registers can be imported. Rooms describe theirs in ``imports.py`` and register it at start-up."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy.orm import Session

from supervision.errors import DomainError, Forbidden, NotFound
from supervision.intake import complaints
from supervision.intake.columns import Column, Parser, Value
from supervision.intake.complaints import Wrong
from supervision.intake.rules import Verdict
from supervision.labels import N_
from supervision.permissions import Actor, Permission

# a checked row: only the columns that are in the file; None for an empty cell
Values = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Parts:
    """How an entry stands in several rows: ``columns`` differ from row to row, all others belong to the whole entry.

    The rows go on with an entry while ``key`` is empty or the same; their parts are gathered in ``values[into]``.
    """

    key: str
    columns: frozenset[str]
    into: str = "parts"


@dataclass(frozen=True, slots=True)
class Missing:
    """What must be there before a file can be sent: said on the page, with a link to where it is made."""

    text: str
    action: str
    endpoint: str


@dataclass(slots=True)
class Finding:
    """What a row means for the register; with a mistake among ``wrongs`` that is no warning it is WRONG."""

    verdict: Verdict
    wrongs: list[Wrong] = field(default_factory=list)


class Register(Protocol):
    """A register during one import, for one person; it may remember rows from chunk to chunk."""

    @property
    def parsers(self) -> Mapping[str, Parser]:
        """Parsers that need the database, by column key; they replace those of the columns."""

    def keys(self, values: Values) -> Sequence[tuple[str, str]]:
        """What must be unique in a file: (column key, value)."""

    def check(self, values: Values) -> Iterable[Wrong]:
        """Mistakes and warnings that one row shows by itself."""

    def compare(self, session: Session, rows: Sequence[Values]) -> Sequence[Finding]:
        """Say what each row means for the register as it stands; reads only."""

    def apply(self, session: Session, rows: Sequence[Values]) -> Mapping[Verdict, int]:
        """Take rows and count NEW, CHANGED and SAME ones; refuse all when one cannot be taken.

        The caller's transaction holds them, the caller audits.
        """


@dataclass(frozen=True, slots=True)
class Kind:
    """A register that can be imported.

    ``columns`` in the order of the template; ``any_of`` are groups of which a file needs at least one column.
    ``open`` begins one import. ``endpoint`` is the register's list. Who imports holds ``entry`` (the right to bring
    files in) and ``permission`` or one of ``also``. ``missing`` tells what must be there before a file can be sent.

    ``rows`` hands out what the person may change, in the same columns and the words of a language; ``read_by_all``
    lets everybody signed in have it. ``notes`` are message ids of the help, ``samples`` further rows of the template;
    ``counted`` names what is counted where entries stand in several rows (``parts``).
    """

    code: str
    label: str
    permission: Permission
    columns: tuple[Column, ...]
    open: Callable[[Session, Actor], Register]
    endpoint: str
    any_of: tuple[tuple[str, ...], ...] = ()
    order: int = 50
    also: tuple[Permission, ...] = ()
    entry: Permission = Permission.REGISTRY_IMPORT
    parts: Parts | None = None
    counted: str = N_("Rows read")
    notes: tuple[str, ...] = ()
    samples: tuple[Mapping[str, str], ...] = ()
    rows: Callable[[Session, Actor, str], Iterable[Mapping[str, object]]] | None = None
    read_by_all: bool = False
    missing: Callable[[Session], Missing | None] | None = None

    def open_to(self, viewer: Actor) -> bool:
        """Say whether this person may import the register."""
        return viewer.may(self.entry) and any(viewer.may(one) for one in (self.permission, *self.also))


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Let people import ``kinds``; a later registration replaces an earlier one."""
    _kinds.update({kind.code: kind for kind in kinds})


def get(code: str) -> Kind:
    """Return the kind or refuse."""
    if code not in _kinds:
        raise NotFound
    return _kinds[code]


def open_to(viewer: Actor) -> list[Kind]:
    """Return the registers this person may import, in order."""
    return sorted((kind for kind in _kinds.values() if kind.open_to(viewer)), key=lambda kind: kind.order)


def get_for(viewer: Actor, code: str) -> Kind:
    """Return the kind if this person may import it."""
    kind = get(code)
    if not kind.open_to(viewer):
        raise Forbidden("import-not-yours", "Your roles do not allow you to import this register.")
    return kind


def wrong_from(error: DomainError, column: str = "") -> Wrong:
    """Return a service's refusal as a mistake of a row, said in the service's own words."""
    code = complaints.declare(error.code, error.message, "")
    return Wrong(code, column or str(getattr(error, "field", "")), **error.parameters)
