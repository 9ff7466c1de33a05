"""Two versions of the list compared, item by item and field by field: what changed, for people to read."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from supervision.items.rules import ItemFacts, JointFacts, ListFacts, PhraseContent, PointContent
from supervision.labels import N_

LABELS: dict[str, str] = {
    "name_zh": N_("Chinese name"),
    "name_en": N_("English name"),
    "object_type": N_("Objects"),
    "method": N_("Method"),
    "category": N_("Category"),
    "legal_basis": N_("Legal basis"),
    "ratio_bp": N_("Ratio"),
    "max_per_year": N_("Times a year"),
    "min_inspectors": N_("Fewest inspectors"),
    "industries": N_("Industries"),
    "allowed_results": N_("Allowed results"),
    "duration_minutes": N_("Expected minutes"),
    "suspended": N_("Suspended"),
    "field": N_("Field of supervision"),
    "item_codes": N_("Items"),
    "department": N_("Department"),
    "lead_department": N_("Lead department"),
    "mode": N_("Pattern"),
    "point_added": N_("Check point added"),
    "point_removed": N_("Check point removed"),
    "point_changed": N_("Check point changed"),
    "points_reordered": N_("Check points in another order"),
    "phrase_added": N_("Standard wording added"),
    "phrase_removed": N_("Standard wording removed"),
    "phrases_reordered": N_("Standard wordings in another order"),
    "material_added": N_("Material added"),
    "material_removed": N_("Material removed"),
}

POINT_LABELS: dict[str, str] = {
    "question_en": N_("Question in English"),
    "kind": N_("Kind of answer"),
    "options": N_("Choices"),
    "unit": N_("Unit"),
    "minimum": N_("Lower limit"),
    "maximum": N_("Upper limit"),
    "legal_clause": N_("Clause"),
    "guidance_zh": N_("Guidance in Chinese"),
    "guidance_en": N_("Guidance in English"),
    "veto": N_("Veto"),
    "photo": N_("Photo required"),
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that reads differently; ``label`` is a message id."""

    field: str
    label: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Difference:
    """What happened to one item or joint item: ``kind`` is added, removed or changed."""

    kind: str
    code: str
    name_zh: str
    name_en: str
    changes: tuple[FieldChange, ...] = ()


def compare_lists(old: ListFacts, new: ListFacts) -> list[Difference]:
    """Return the differences from ``old`` to ``new``: items by code, then joint items by code."""
    return _compare(old.items, new.items) + _compare(old.joint_items, new.joint_items)


def _compare(
    old: Sequence[ItemFacts] | Sequence[JointFacts], new: Sequence[ItemFacts] | Sequence[JointFacts]
) -> list[Difference]:
    before, after = {one.code: one for one in old}, {one.code: one for one in new}
    found = []
    for code in sorted(before | after):
        was, now = before.get(code), after.get(code)
        one = now or was
        if one is None or was == now:
            continue
        kind = "added" if was is None else "removed" if now is None else "changed"
        changes = _changes(was, now) if was and now else ()
        found.append(Difference(kind, code, one.content.name_zh, one.content.name_en, changes))
    return found


def _changes(was: ItemFacts | JointFacts, now: ItemFacts | JointFacts) -> tuple[FieldChange, ...]:
    found = _field_changes(was, now) + _field_changes(was.content, now.content)
    if isinstance(was, ItemFacts) and isinstance(now, ItemFacts):
        found += point_changes(was.check_points, now.check_points)
        found += _material_changes(was, now)
        found += phrase_changes(was.phrases, now.phrases)
    return tuple(found)


def _field_changes(was: object, now: object) -> list[FieldChange]:
    return [
        FieldChange(one.name, LABELS[one.name], getattr(was, one.name), getattr(now, one.name))
        for one in fields(now)  # type: ignore[arg-type]  # both are dataclasses of the same kind
        if one.name in LABELS and getattr(was, one.name) != getattr(now, one.name)
    ]


def point_changes(was: Sequence[PointContent], now: Sequence[PointContent]) -> list[FieldChange]:
    """Return what became of check points, told apart by their questions."""
    before, after = {one.question_zh: one for one in was}, {one.question_zh: one for one in now}
    found = [_change("point_removed", one.question_zh, "") for one in was if one.question_zh not in after]
    found += [_change("point_added", "", one.question_zh) for one in now if one.question_zh not in before]
    kept = [one.question_zh for one in now if one.question_zh in before]
    found += [
        _point_change(before[question], after[question]) for question in kept if before[question] != after[question]
    ]
    order = [one.question_zh for one in was if one.question_zh in after]
    if kept != order:
        numbers = {question: str(number) for number, question in enumerate(order, 1)}
        found.append(
            _change("points_reordered", tuple(numbers.values()), tuple(numbers[question] for question in kept))
        )
    return found


def _point_change(was: PointContent, now: PointContent) -> FieldChange:
    """Name a check point and only what reads differently in it, so that nobody has to search."""
    names = [name for name in POINT_LABELS if getattr(was, name) != getattr(now, name)]
    before, after = (
        (point.question_zh, *((POINT_LABELS[name], getattr(point, name)) for name in names)) for point in (was, now)
    )
    return _change("point_changed", before, after)


def phrase_changes(was: Sequence[PhraseContent], now: Sequence[PhraseContent]) -> list[FieldChange]:
    """Return what became of the standard wordings."""
    before, after = [_phrase_words(one) for one in was], [_phrase_words(one) for one in now]
    found = [_change("phrase_removed", text, "") for text in before if text not in after]
    found += [_change("phrase_added", "", text) for text in after if text not in before]
    if not found and before != after:
        found.append(_change("phrases_reordered", "", ""))
    return found


def _phrase_words(phrase: PhraseContent) -> str:
    return " · ".join(filter(None, (phrase.text_zh, phrase.text_en)))


def _material_changes(was: ItemFacts, now: ItemFacts) -> list[FieldChange]:
    before, after = [one.name_zh for one in was.materials], [one.name_zh for one in now.materials]
    found = [_change("material_removed", name, "") for name in before if name not in after]
    return found + [_change("material_added", "", name) for name in after if name not in before]


def _change(field: str, before: object, after: object) -> FieldChange:
    return FieldChange(field, LABELS[field], before, after)
