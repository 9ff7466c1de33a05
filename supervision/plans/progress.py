"""How far plans have come; the rooms that draw, visit and publish register who counts it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence

from sqlalchemy.orm import Session

from supervision.plans.models import PlanVersion

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


def sums(session: Session, versions: Sequence[PlanVersion]) -> dict[int, tuple[int, int, int, int]]:
    """Return planned, drawn, visited and published of each plan, over its departments.

    Departments of a joint plan draw and visit the same entities, so the plan counts as its furthest department; its
    results count as those of its last one, because each department publishes its own part.
    """
    counted = counts(session, [version.plan_id for version in versions])
    found = {}
    for version in versions:
        in_force = version.plan.published or version
        columns = [counted[key] for key in counted if key[0] == version.plan_id] or [(0, 0, 0)]
        drawn, visited, parts = zip(*columns, strict=True)
        found[version.plan_id] = (in_force.planned_visits or 0, max(drawn), max(visited), min(parts))
    return found
