"""Facts about past visits that decide exclusions before a freeze; the floor that knows visits registers a provider."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class VisitFact:
    """An entity was visited by random draw on a day for some items."""

    entity_id: int
    visited_on: date
    item_codes: frozenset[str]
    inspector_ids: frozenset[int]


Provider = Callable[[Session, date, date], Iterable[VisitFact]]

_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Register who knows visits between two days; registering the same one again changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


def visits_between(session: Session, start: date, end: date) -> list[VisitFact]:
    """Return every known visit from ``start`` to ``end``, both included."""
    return [fact for provider in _providers for fact in provider(session, start, end)]
