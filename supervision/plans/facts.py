"""Facts about visits that decide exclusions before a freeze; the floor that knows visits registers providers.

Visits still to come count only where everybody may know of them: pools and their exclusions are shown in previews and
published later, and would tell who was drawn in a draw that is still sealed (docs/adr/0007).
"""

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

AheadProvider = Callable[[Session, int], Iterable[VisitFact]]

_providers: list[Provider] = []
_ahead: list[AheadProvider] = []


def provide(provider: Provider) -> None:
    """Register who knows visits between two days; registering the same one again changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


def visits_between(session: Session, start: date, end: date) -> list[VisitFact]:
    """Return every known visit from ``start`` to ``end``, both included."""
    return [fact for provider in _providers for fact in provider(session, start, end)]


def provide_ahead(provider: AheadProvider) -> None:
    """Register who knows visits of a year that are still to come and no secret; once is enough."""
    if provider not in _ahead:
        _ahead.append(provider)


def visits_ahead(session: Session, year: int) -> list[VisitFact]:
    """Return the visits of ``year`` that have not begun and that everybody may know of."""
    return [fact for provider in _ahead for fact in provider(session, year)]
