"""The form as a page shows it: stored or just sent entries, gaps, progress, and what a colleague wrote meanwhile."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from joint_inspections.records.entries import Answer, ItemEntry, SentItem, blank, entry_of, facts_of
from joint_inspections.records.models import ItemResult, Section
from joint_inspections.records.rules import Gap, find_gaps, option_value, point_failed, progress
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import RECORDING, SectionState
from supervision.items.models import CheckPoint
from supervision.permissions import Actor


@dataclass(frozen=True, slots=True)
class ShownPoint:
    """A check point with the answer to show."""

    point: CheckPoint
    answer: Answer
    failed: bool
    # (value stored, Chinese label, English label)
    options: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Contrast:
    """One place of an item where the viewer's page and what is stored say different things."""

    label: str
    # how the values are to be worded: checked, result, disposal, answer or text
    kind: str
    mine: object
    stored: object
    point_no: int = 0


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item with the entry to show; ``contrasts`` tell what a colleague stored while the viewer's page was open.

    In a ``conflict`` both changed the item and the entry shown is what the viewer typed; else it is what is stored.
    """

    row: ItemResult
    entry: ItemEntry
    loaded: str
    points: tuple[ShownPoint, ...]
    answered: int
    total: int
    gaps: tuple[Gap, ...] = ()
    contrasts: tuple[Contrast, ...] = ()
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A department's section as the viewer sees it."""

    section: Section
    items: tuple[ShownItem, ...]
    own: bool
    editable: bool
    done: int
    total: int
    gaps: tuple[Gap, ...] = field(default=())

    @property
    def conflict(self) -> bool:
        """Whether the viewer and a colleague changed the same item."""
        return any(item.conflict for item in self.items)

    @property
    def unread(self) -> bool:
        """Whether a colleague changed items that the viewer wanted to sign without having seen the change."""
        return any(item.contrasts and not item.conflict for item in self.items)


def show_section(
    visit: Visit,
    section: Section,
    *,
    viewer: Actor,
    department_id: int | None,
    gaps: Sequence[Gap] = (),
    sent: Mapping[int, SentItem] | None = None,
    conflicts: Collection[int] = (),
    unread: Collection[int] = (),
) -> ShownSection:
    """Prepare a section; ``sent`` holds what the page held where ``conflicts`` or ``unread`` stopped it."""
    own = viewer.inspector_id is not None and section.department_id == department_id
    stopped, pages = {*conflicts, *unread}, {number: one.entry for number, one in (sent or {}).items()}
    items = tuple(
        show_item(
            row,
            gaps=[gap for gap in gaps if gap.item_id == row.item_id],
            held=pages.get(row.item_id, blank(row)) if row.item_id in stopped else None,
            conflict=row.item_id in conflicts,
        )
        for row in section.item_results
    )
    done, total = progress((item.entry.checked, item.answered, len(item.points)) for item in items)
    editable = own and section.state is SectionState.OPEN and visit.state in RECORDING
    return ShownSection(section, items, own, editable, done, total, tuple(gaps))


def show_item(row: ItemResult, *, gaps: Sequence[Gap], held: ItemEntry | None, conflict: bool) -> ShownItem:
    """Prepare one item; ``held`` is what the viewer's page held when a colleague had stored something else."""
    stored = entry_of(row)
    entry = held if held is not None and conflict else stored
    answers = {answer.point_id: answer for answer in entry.answers}
    facts = {point.no: point for point in facts_of(row).points}
    points = tuple(
        ShownPoint(point, answers[point.id], point_failed(facts[point.no]), tuple(map(_option, point.options)))
        for point in row.item.check_points
    )
    answered = sum(bool(point.answer.value) for point in points)
    return ShownItem(
        row=row,
        entry=entry,
        loaded=stored.digest,
        points=points,
        answered=answered,
        total=len(points),
        gaps=tuple(gaps),
        contrasts=contrast(held, stored, row) if held is not None else (),
        conflict=conflict,
    )


def contrast(mine: ItemEntry, stored: ItemEntry, row: ItemResult) -> tuple[Contrast, ...]:
    """Compare what a page held of an item with what is stored, place by place in the order of the form."""
    numbers = {point.id: point.no for point in row.item.check_points}
    theirs = {answer.point_id: answer for answer in stored.answers}
    pairs = [(own, theirs.get(own.point_id, Answer(own.point_id))) for own in mine.answers]
    found = [
        Contrast("checked", "checked", mine.checked, stored.checked),
        Contrast("unchecked_reason", "text", mine.unchecked_reason, stored.unchecked_reason),
        *(Contrast("value", "answer", own.value, other.value, numbers[own.point_id]) for own, other in pairs),
        *(Contrast("note", "text", own.note, other.note, numbers[own.point_id]) for own, other in pairs),
        Contrast("result", "result", mine.result, stored.result),
        Contrast("further", "result", mine.further, stored.further),
        Contrast("problem", "text", mine.problem, stored.problem),
        Contrast("disposal", "disposal", mine.disposal, stored.disposal),
    ]
    return tuple(one for one in found if one.mine != one.stored)


def _option(option: str) -> tuple[str, str, str]:
    value = option_value(option)
    return value, value, option.partition("|")[2].strip() or value


def count_gaps(row: ItemResult, *, outcome: str, photos: Collection[tuple[int, int]] | None = None) -> int:
    """Count what an item still lacks; ``photos`` as in ``find_gaps``."""
    return len(find_gaps(facts_of(row), outcome=outcome, photos=photos))
