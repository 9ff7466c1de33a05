"""Files of a round that were there before: the same bytes, or nearly the same picture (security sheet, T23).

A warning for the lead to look at; it blocks nothing, for a shelf looks alike before and after.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from joint_inspections.corrections.queries import Correction
from joint_inspections.corrections.shown import rounds_of
from joint_inspections.evidence.models import SealedFile
from joint_inspections.evidence.queries import list_attachments
from joint_inspections.evidence.rules import distance
from supervision import clock
from supervision.parameters.queries import get_number

# where a file lies: the number of its round, None for the evidence of the visit
Placed = tuple[int | None, SealedFile]


@dataclass(frozen=True, slots=True)
class SeenBefore:
    """Where a file, or a picture like it, was before: in which round, None for the evidence of the visit."""

    round: int | None
    same_bytes: bool


def seen_before(session: Session, correction: Correction) -> dict[int, SeenBefore]:
    """Return, for each file of a correction that was there before its round, where; by the id of the file."""
    most = get_number(session, "duplicate-photo-bits", on=clock.today())
    attached = list_attachments(session, correction.follow_up.visit, detached=True)
    earlier: list[Placed] = [(None, one.file) for one in attached if one.file is not None]
    found: dict[int, SeenBefore] = {}
    for one in rounds_of(correction):
        own = [(file.id, file.sealed) for entry in one.sent for file in entry.files if file.sealed is not None]
        for file_id, sealed in own:
            if seen := _find(sealed, earlier, most=most):
                found[file_id] = seen
        earlier += [(one.number, sealed) for _id, sealed in own]
    return found


def _find(file: SealedFile, earlier: Sequence[Placed], *, most: int) -> SeenBefore | None:
    """Return where the same bytes were first, else where the first picture like it was."""
    same = next((place for place in earlier if place[1].sha256 == file.sha256), None)
    alike = same or next((place for place in earlier if _alike(place[1], file, most=most)), None)
    return SeenBefore(alike[0], same is not None) if alike else None


def _alike(one: SealedFile, other: SealedFile, *, most: int) -> bool:
    return bool(one.likeness and other.likeness) and distance(one.likeness, other.likeness) <= most
