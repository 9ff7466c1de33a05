"""How far plans have come; the rooms that draw, visit and publish register who counts it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping

from sqlalchemy.orm import Session

# (plan id, department id) -> (drawn, visited, published)
Counts = Mapping[tuple[int, int], tuple[int, int, int]]
Provider = Callable[[Session, Collection[int]], Counts]

_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Register who counts a part; registering the same one again changes nothing. Parts are added up."""
    if provider not in _providers:
        _providers.append(provider)


def counts(session: Session, plan_ids: Collection[int]) -> dict[tuple[int, int], tuple[int, int, int]]:
    """Return what all providers count for these plans, added up."""
    found: defaultdict[tuple[int, int], tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    for provider in _providers:
        for key, (drawn, visited, published) in provider(session, plan_ids).items():
            before = found[key]
            found[key] = (before[0] + drawn, before[1] + visited, before[2] + published)
    return dict(found)
