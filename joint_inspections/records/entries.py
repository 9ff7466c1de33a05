"""What one inspector typed into one item of the form, and how two of them at once do not undo each other.

The page carries the digest of each item as it was loaded. An item is only written when the sender changed it, and only
when nobody else changed the same item meanwhile; answers of different items never conflict. A signature goes further:
it stands for the whole section, so it is only given when everything stored is what the signer's own page held.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from joint_inspections.records.models import CheckAnswer, ItemResult
from joint_inspections.records.rules import Disposal, ItemFacts, PointFacts
from sampling.canonical import canonical_bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one check point."""

    point_id: int
    value: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """One item as typed or as stored; answers in the order of their check points."""

    item_id: int
    checked: bool | None = None
    result: str | None = None
    further: str | None = None
    problem: str = ""
    unchecked_reason: str = ""
    disposal: Disposal | None = None
    answers: tuple[Answer, ...] = ()

    @property
    def digest(self) -> str:
        """Digest of everything the entry says."""
        said = [
            self.item_id,
            self.checked,
            self.result,
            self.further,
            self.problem,
            self.unchecked_reason,
            self.disposal.value if self.disposal else None,
            [[one.point_id, one.value, one.note] for one in sorted(self.answers, key=lambda one: one.point_id)],
        ]
        return hashlib.sha256(canonical_bytes(said)).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class SentItem:
    """An entry sent by a page, with the digest the page had loaded."""

    entry: ItemEntry
    loaded: str


class Meeting(Enum):
    """What a sent item meets in the database."""

    UNTOUCHED = "untouched"
    WRITE = "write"
    CONFLICT = "conflict"


def meet(sent: SentItem, stored: ItemEntry) -> Meeting:
    """Decide what to do with a sent item."""
    if sent.entry.digest in {sent.loaded, stored.digest}:
        return Meeting.UNTOUCHED
    return Meeting.WRITE if sent.loaded == stored.digest else Meeting.CONFLICT


def section_digest(entries: Iterable[ItemEntry]) -> str:
    """Digest of a whole section: what a signature stands for."""
    said = sorted((one.item_id, one.digest) for one in entries)
    return hashlib.sha256(canonical_bytes([list(pair) for pair in said])).hexdigest()


def unseen(sent: Iterable[SentItem], rows: Iterable[ItemResult]) -> list[int]:
    """Return the ids of the items stored otherwise than the sender's page held them; not on the page means blank."""
    held = {one.entry.item_id: one.entry for one in sent}
    return [row.item_id for row in rows if held.get(row.item_id, blank(row)).digest != entry_of(row).digest]


def blank(row: ItemResult) -> ItemEntry:
    """Return an item in which nobody has written anything."""
    return ItemEntry(row.item_id, answers=tuple(Answer(point.id) for point in row.item.check_points))


def entry_of(row: ItemResult) -> ItemEntry:
    """Return what is stored of an item."""
    stored = {answer.check_point_id: answer for answer in row.answers}
    return ItemEntry(
        item_id=row.item_id,
        checked=row.checked,
        result=row.result_code,
        further=row.further_code,
        problem=row.problem,
        unchecked_reason=row.unchecked_reason,
        disposal=row.disposal,
        answers=tuple(
            Answer(point.id, stored[point.id].value, stored[point.id].note) if point.id in stored else Answer(point.id)
            for point in row.item.check_points
        ),
    )


def write_entry(row: ItemResult, entry: ItemEntry) -> None:
    """Store what was typed; answers to points the item does not have are left out."""
    row.checked, row.result_code, row.further_code = entry.checked, entry.result, entry.further
    row.problem, row.unchecked_reason, row.disposal = entry.problem, entry.unchecked_reason, entry.disposal
    stored = {answer.check_point_id: answer for answer in row.answers}
    own = {point.id for point in row.item.check_points}
    for answer in entry.answers:
        if answer.point_id in stored:
            stored[answer.point_id].value, stored[answer.point_id].note = answer.value, answer.note
        elif answer.point_id in own and (answer.value or answer.note):
            row.answers.append(CheckAnswer(check_point_id=answer.point_id, value=answer.value, note=answer.note))


def facts_of(row: ItemResult) -> ItemFacts:
    """Return an item as the rules of the form need it."""
    entry = entry_of(row)
    values = {answer.point_id: answer.value for answer in entry.answers}
    return ItemFacts(
        item_id=row.item_id,
        allowed=frozenset(row.item.allowed_results),
        checked=entry.checked,
        result=entry.result,
        further=entry.further,
        problem=entry.problem,
        unchecked_reason=entry.unchecked_reason,
        disposal=entry.disposal,
        points=tuple(
            PointFacts(
                no=point.no,
                kind=point.kind,
                value=values[point.id],
                options=tuple(point.options),
                minimum=point.minimum,
                maximum=point.maximum,
                veto=point.veto,
                photo=point.photo,
                point_id=point.id,
            )
            for point in row.item.check_points
        ),
    )


def results_of(rows: Sequence[ItemResult]) -> list[str]:
    """Return every result code given to the items."""
    return [code for row in rows for code in (row.result_code, row.further_code) if code]
