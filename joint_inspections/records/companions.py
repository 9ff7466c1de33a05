"""What rooms above add to a record when it is handed in, and what they may bar it for; they register at start."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from sqlalchemy.orm import Session

from joint_inspections.records.models import Section
from joint_inspections.visits.models import Visit


class Companion(Protocol):
    """Somebody whose part of a visit belongs into its record: evidence, signatures."""

    def require_complete(self, session: Session, visit: Visit, sections: Sequence[Section]) -> None:
        """Refuse the handing in when something of this part is missing."""

    def photos(self, session: Session, visit: Visit) -> Collection[tuple[int, int]] | None:
        """Return the (item, check point) to which a photo was attached; None from whoever knows nothing of photos."""

    def content(self, session: Session, visit: Visit, sections: Sequence[Section]) -> Mapping[str, object]:
        """Return this part of the record, as JSON under keys of its own."""


_companions: list[Companion] = []


def accompany(companion: Companion) -> None:
    """Register ``companion``; registering the same one again changes nothing."""
    if companion not in _companions:
        _companions.append(companion)


def require_companions(session: Session, visit: Visit, sections: Sequence[Section]) -> None:
    """Ask everybody registered whether the record may be handed in."""
    for companion in _companions:
        companion.require_complete(session, visit, sections)


def list_photos(session: Session, visit: Visit) -> Collection[tuple[int, int]] | None:
    """Return the (item, check point) that have a photo; None where nobody keeps photos."""
    told = [companion.photos(session, visit) for companion in _companions]
    known = [one for one in told if one is not None]
    return {place for one in known for place in one} if known else None


def content_of_companions(session: Session, visit: Visit, sections: Sequence[Section]) -> dict[str, object]:
    """Gather what everybody registered adds to the record."""
    return {
        key: value for companion in _companions for key, value in companion.content(session, visit, sections).items()
    }
