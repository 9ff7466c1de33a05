"""What rooms above know of an enterprise and its inspectors before somebody is sent; they register here at start."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session

from joint_inspections.visits.models import Visit
from supervision.departments.models import Department


class PeriodCount(Protocol):
    """Visits to an enterprise in one period, and how many there may be with one more."""

    @property
    def first(self) -> date:
        """First day."""

    @property
    def last(self) -> date:
        """Last day."""

    @property
    def counted(self) -> int:
        """Visits so far."""

    @property
    def allowed(self) -> int:
        """How many there may be."""


class Often(Protocol):
    """How one more visit would stand."""

    @property
    def over(self) -> Sequence[PeriodCount]:
        """The periods in which it would be one too many."""

    @property
    def strict(self) -> bool:
        """Whether oversight would have to let it pass before it is approved."""


CheckEntity = Callable[[Session, int, date], Often]
Barred = Callable[[Session, int, date], Mapping[int, int]]
# names what an urgent inspection still lacks in writing, as message ids
Lacking = Callable[[Session, Visit], Sequence[str]]

_check_entity: list[CheckEntity] = []
_barred: list[Barred] = []
_lacking: list[Lacking] = []


def know(*, check_entity: CheckEntity, barred: Barred) -> None:
    """Register who counts visits to an enterprise, and who found nothing there too often."""
    _check_entity[:], _barred[:] = [check_entity], [barred]


def know_papers(lacking: Lacking) -> None:
    """Register who says which papers of a visit are missing; registering the same again changes nothing."""
    if lacking not in _lacking:
        _lacking.append(lacking)


def how_often(session: Session, entity_id: int, on: date) -> Often | None:
    """Return how one more visit would stand, if anybody counts."""
    return _check_entity[0](session, entity_id, on) if _check_entity else None


def barred_inspectors(session: Session, entity_id: int, on: date) -> set[int]:
    """Return the inspectors who found nothing at this enterprise as often as is allowed."""
    return {one for known in _barred for one in known(session, entity_id, on)}


def missing_papers(session: Session, visit: Visit) -> list[str]:
    """Return what the visit still lacks on paper."""
    return [one for lacking in _lacking for one in lacking(session, visit)]


def names_of(departments: Sequence[Department]) -> str:
    """Return Chinese names for a message."""
    return "、".join(one.name_zh for one in departments)
