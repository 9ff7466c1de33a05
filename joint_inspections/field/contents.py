"""What a visit's form holds, as values that phones carry, and the digests over it."""

from collections.abc import Sequence

from joint_inspections.evidence.models import Attachment, Sample
from joint_inspections.field.rules import form_digest, record_digest
from joint_inspections.records.entries import Answer, ItemEntry, entry_of, section_digest
from joint_inspections.records.models import Section
from joint_inspections.signatures.whole import samples_said
from joint_inspections.visits.models import Visit
from supervision.items.models import Item


def entry_value(entry: ItemEntry) -> dict[str, object]:
    """Write an entry as phones read it, with its digest."""
    return {
        "checked": entry.checked,
        "result": entry.result,
        "further": entry.further,
        "problem": entry.problem,
        "unchecked_reason": entry.unchecked_reason,
        "disposal": entry.disposal.value if entry.disposal else None,
        "answers": [{"point": one.point_id, "value": one.value, "note": one.note} for one in entry.answers],
        "digest": entry.digest,
    }


def empty_entry(item: Item) -> ItemEntry:
    """Return an item of a form not yet begun."""
    return ItemEntry(item.id, answers=tuple(Answer(point.id) for point in item.check_points))


def items_by_department(visit: Visit) -> list[tuple[int, list[Item]]]:
    """Return the form of a visit: departments in their order, their items in the plan's."""
    return [
        (
            participant.department_id,
            [row.item for row in visit.plan_version.items if row.item.department_id == participant.department_id],
        )
        for participant in visit.plan_version.participants
    ]


def form_of_visit(visit: Visit) -> str:
    """Return the digest of a visit's questions."""
    return form_digest(
        [
            (department, [(item.id, [point.id for point in item.check_points]) for item in items])
            for department, items in items_by_department(visit)
        ]
    )


def entries_of(visit: Visit, sections: dict[int, Section]) -> dict[int, dict[int, ItemEntry]]:
    """Return every entry of a form by department and item; of a form not begun, blank ones."""
    return {
        department: (
            {row.item_id: entry_of(row) for row in sections[department].item_results}
            if department in sections
            else {item.id: empty_entry(item) for item in items}
        )
        for department, items in items_by_department(visit)
    }


def digest_of_record(
    visit: Visit,
    entries: dict[int, dict[int, ItemEntry]],
    attachments: Sequence[Attachment],
    samples: Sequence[Sample] = (),
) -> str:
    """Return the digest of the whole record as it stands."""
    return record_digest(
        outcome=(visit.outcome_code, visit.outcome_note),
        sections=[(department, section_digest(found.values())) for department, found in entries.items()],
        attachments=[(one.id, one.sha256) for one in attachments if not one.detached],
        samples=samples_said(samples),
    )
