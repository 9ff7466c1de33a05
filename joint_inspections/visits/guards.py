"""What rooms above have to say before an inspection is approved, its notice is issued or its day changes."""

from collections.abc import Callable, Collection, Mapping

from sqlalchemy.orm import Session

from joint_inspections.visits.models import Visit
from supervision.errors import DomainError

# refuses with an error of the house; the visit stands as it would afterwards
Guard = Callable[[Session, Visit], None]

# what guards would say of some visits, by visit, without holding anything: for lists
Foreteller = Callable[[Session, Collection[Visit]], Mapping[int, DomainError]]

_guards: list[Guard] = []
_moving_guards: list[Guard] = []
_foretellers: list[Foreteller] = []


def guard(check: Guard) -> None:
    """Register who may refuse that a visit goes on; registering the same one again changes nothing."""
    if check not in _guards:
        _guards.append(check)


def guard_moving(check: Guard) -> None:
    """Register who may refuse another day; registering the same one again changes nothing."""
    if check not in _moving_guards:
        _moving_guards.append(check)


def foretell(find: Foreteller) -> None:
    """Register who can say in advance what would be refused; registering the same one again changes nothing."""
    if find not in _foretellers:
        _foretellers.append(find)


def find_bars(session: Session, visits: Collection[Visit]) -> dict[int, DomainError]:
    """Return why rooms above would refuse visits now; those that may go on are left out."""
    return {visit_id: bar for find in reversed(_foretellers) for visit_id, bar in find(session, visits).items()}


def require_free_way(session: Session, visit: Visit) -> None:
    """Refuse where a room above does."""
    for check in _guards:
        check(session, visit)


def require_movable(session: Session, visit: Visit) -> None:
    """Refuse another day where a room above does."""
    for check in _moving_guards:
        check(session, visit)
