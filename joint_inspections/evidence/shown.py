"""Evidence as pages show it: by the place of the form, with what must be looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from joint_inspections.evidence import queries
from joint_inspections.evidence.models import Attachment
from joint_inspections.records.models import Section
from joint_inspections.visits.models import Visit
from supervision.items.models import CheckPoint, Item
from supervision.permissions import Actor


@dataclass(frozen=True, slots=True)
class SeenBefore:
    """Another visit with the same photo or one like it; ``visit`` only for those who may know of it."""

    same_bytes: bool
    visit: Visit | None


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file with the warnings that go with it."""

    attachment: Attachment
    seen_before: tuple[SeenBefore, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The files of one place: an item, a section as a whole, or the visit as a whole."""

    section: Section | None
    item: Item | None
    files: tuple[ShownFile, ...]


def show_files(session: Session, visit: Visit, viewer: Actor, *, detached: bool = False) -> list[ShownFile]:
    """Prepare the files of a visit in the order they came."""
    alike = queries.list_likenesses(session, visit)
    visible = queries.visible_visits(session, viewer, {one.other.visit_id for found in alike.values() for one in found})
    return [
        ShownFile(
            attachment,
            tuple(SeenBefore(one.same_bytes, visible.get(one.other.visit_id)) for one in alike.get(attachment.id, ())),
        )
        for attachment in queries.list_attachments(session, visit, detached=detached)
    ]


def group_files(files: Sequence[ShownFile], sections: Sequence[Section]) -> list[Group]:
    """Group files by their places, in the order of the form, the visit as a whole first."""
    found = [Group(None, None, tuple(one for one in files if one.attachment.section_id is None))]
    for section in sections:
        own = [one for one in files if one.attachment.section_id == section.id]
        found.append(Group(section, None, tuple(one for one in own if one.attachment.item_id is None)))
        found += [
            Group(section, row.item, tuple(one for one in own if one.attachment.item_id == row.item_id))
            for row in section.item_results
        ]
    return [group for group in found if group.files]


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the form to which something can be added."""

    section: Section | None = None
    item: Item | None = None
    point: CheckPoint | None = None

    @property
    def value(self) -> str:
        """What a page sends for this place."""
        return "-".join(str(one.id) for one in (self.section, self.item, self.point) if one is not None)


def list_places(sections: Sequence[Section], *, department_id: int | None) -> list[Place]:
    """List the places where an inspector of this department adds files: the visit, the section, items, points."""
    found = [Place()]
    for section in sections:
        if section.department_id != department_id:
            continue
        found.append(Place(section))
        for row in section.item_results:
            found.append(Place(section, row.item))
            found += [Place(section, row.item, point) for point in row.item.check_points if asks_photo(point)]
    return found


def asks_photo(point: CheckPoint) -> bool:
    """Say whether a check point asks for a photo."""
    return point.photo or point.kind.value == "photo"
