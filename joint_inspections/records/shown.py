"""The form as a page shows it: stored or just sent entries, gaps, progress, and what a colleague wrote meanwhile."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from joint_inspections.records.entries import Answer, ItemEntry, SentItem, entry_of, facts_of
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
class ShownItem:
    """An item with the entry to show; ``meanwhile`` is what a colleague stored while this page was open."""

    row: ItemResult
    entry: ItemEntry
    loaded: str
    points: tuple[ShownPoint, ...]
    answered: int
    total: int
    gaps: tuple[Gap, ...] = ()
    meanwhile: ItemEntry | None = None


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


def show_section(
    visit: Visit,
    section: Section,
    *,
    viewer: Actor,
    department_id: int | None,
    gaps: Sequence[Gap] = (),
    sent: Mapping[int, SentItem] | None = None,
    conflicts: Collection[int] = (),
) -> ShownSection:
    """Prepare a section; ``sent`` holds what was typed where ``conflicts`` stopped it from being stored."""
    own = viewer.inspector_id is not None and section.department_id == department_id
    items = tuple(
        show_item(
            row,
            gaps=[gap for gap in gaps if gap.item_id == row.item_id],
            sent=(sent or {})[row.item_id].entry if row.item_id in conflicts else None,
        )
        for row in section.item_results
    )
    done, total = progress((item.entry.checked, item.answered, len(item.points)) for item in items)
    editable = own and section.state is SectionState.OPEN and visit.state in RECORDING
    return ShownSection(section, items, own, editable, done, total, tuple(gaps))


def show_item(row: ItemResult, *, gaps: Sequence[Gap], sent: ItemEntry | None) -> ShownItem:
    """Prepare one item."""
    stored = entry_of(row)
    entry = sent or stored
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
        meanwhile=stored if sent is not None else None,
    )


def _option(option: str) -> tuple[str, str, str]:
    value = option_value(option)
    return value, value, option.partition("|")[2].strip() or value


def count_gaps(row: ItemResult, *, outcome: str) -> int:
    """Count what an item still lacks."""
    return len(find_gaps(facts_of(row), outcome=outcome))
