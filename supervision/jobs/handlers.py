"""Who carries which kind of job: rooms register a function per kind at start-up."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol  # arguments and results are JSON

from sqlalchemy.orm import Session

from supervision.permissions import Actor


class Work(Protocol):
    """What a handler is given."""

    @property
    def arguments(self) -> dict[str, Any]:
        """What was asked for."""

    @property
    def actor(self) -> Actor:
        """For whom, with the roles they hold now."""

    @property
    def folder(self) -> Path:
        """The instance folder."""

    @property
    def session(self) -> Session:
        """The session of the job's one writing transaction, committed together with the job's end.

        Touch it late: from its first use on SQLite lets nobody else write.
        """

    def reading(self) -> AbstractContextManager[Session]:
        """A short look at the database, outside the writing transaction."""

    def progress(self, done: int, total: int | None = None) -> None:
        """Say how far the work is, at least every 30 seconds; also renews the lease."""


Run = Callable[[Work], object]
# called in the transaction that ends the job as failed
Failed = Callable[[Session, dict[str, Any], str, dict[str, str]], None]


@dataclass(frozen=True, slots=True)
class Handler:
    """How one kind of job is carried and shown."""

    kind: str
    run: Run
    label: str
    link: tuple[str, str] | None = None
    failed: Failed | None = None
    daily: bool = False


_handlers: dict[str, Handler] = {}


def register(
    kind: str,
    function: Run,
    *,
    label: str,
    link: tuple[str, str] | None = None,
    failed: Failed | None = None,
    daily: bool = False,
) -> None:
    """Let ``function`` carry jobs of ``kind``; a later registration replaces an earlier one.

    ``label`` is a message id. ``link`` is (endpoint, argument): where to go when the job has ended, the address's
    value taken from the job's arguments by the same name.
    ``failed(session, arguments, message, parameters)`` tidies up. ``daily`` work is asked for once a day by the
    workers themselves, without arguments; it must not mind being done again.
    """
    _handlers[kind] = Handler(kind, function, label, link, failed, daily)


def find(kind: str) -> Handler | None:
    """Return the handler of ``kind``."""
    return _handlers.get(kind)


def kinds() -> list[Handler]:
    """Return all handlers in the order of their kinds."""
    return [_handlers[kind] for kind in sorted(_handlers)]
