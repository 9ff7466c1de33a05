"""What papers, codes and phones say of other visits to the same door; the room that knows registers itself here."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from joint_inspections.visits.models import Visit
from supervision.departments.models import Department
from supervision.labels import Labeled
from supervision.parameters.models import Reason


@dataclass(frozen=True, slots=True)
class TooMany:
    """A period with more visits to the enterprise than there should be, this one among them."""

    period: Labeled
    first: date
    last: date
    sum: int
    allowed: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """Whose visits go through the same door on the same day, and whether the enterprise is visited too often."""

    # one entry for each other visit: its departments, the lead first
    together: tuple[tuple[Department, ...], ...] = ()
    too_many: tuple[TooMany, ...] = ()
    # why enforcement oversight let it through, as coded and as it was written; none where nobody decided
    reason: Reason | None = None
    note: str = ""


Finder = Callable[[Session, Collection[Visit]], Mapping[int, Meeting]]
_finders: list[Finder] = []


def provide(find: Finder) -> None:
    """Register who knows; registering the same one again changes nothing."""
    if find not in _finders:
        _finders.append(find)


def meetings_of(session: Session, visits: Collection[Visit]) -> dict[int, Meeting]:
    """Return what is known of the doors of visits, by visit."""
    found = {visit.id: Meeting() for visit in visits}
    for find in _finders:
        found.update(find(session, visits))
    return found


def meeting_of(session: Session, visit: Visit) -> Meeting:
    """Return what is known of the door of one visit."""
    return meetings_of(session, [visit])[visit.id]
