"""From a checked row to an item or joint item as a value, and back into cells: what export writes, import reads."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any  # parts of an entry are JSON

from supervision.departments.models import Department
from supervision.intake.amounts import percent_text
from supervision.intake.kinds import Values
from supervision.items.import_columns import ANSWER_WORDS, CATEGORY_WORDS
from supervision.items.models import Item, JointItem
from supervision.items.rules import (
    AnswerKind,
    ItemCategory,
    ItemContent,
    ItemFacts,
    JointContent,
    JointFacts,
    MaterialContent,
    PhraseContent,
    PointContent,
)

POINT_TEXTS = ("question_en", "unit", "minimum", "maximum", "legal_clause", "guidance_zh", "guidance_en")
ITEM_TEXTS = ("name_zh", "name_en", "object_type", "method", "legal_basis")
# what a new item has where the file says nothing, as in the form
DEFAULTS = {"max_per_year": 1, "min_inspectors": 2, "duration_minutes": 60}


def item_from_row(row: Values, before: ItemFacts | None, *, department: str, national: Sequence[str]) -> ItemFacts:
    """Return the item a row asks for; columns that are not in the file keep what ``before`` says."""
    old = before.content if before else None
    texts: dict[str, Any] = {key: _text(row, key, old) for key in ITEM_TEXTS}
    numbers: dict[str, Any] = {key: _number(row, key, old) for key in DEFAULTS}
    category = row.get("category") or (old.category if old else ItemCategory.GENERAL)
    content = ItemContent(
        category=ItemCategory(str(category)),
        ratio_bp=_ratio(row.get("ratio"), old.ratio_bp if old else 0),
        industries=_listed(row, "industries", old.industries if old else ()),
        allowed_results=_results(row, old.allowed_results if old else (), national),
        **texts,
        **numbers,
    )
    return ItemFacts(
        code=str(row["code"]),
        department=before.department if before else department,
        content=content,
        suspended=bool(row["suspended"]) if row.get("suspended") is not None else bool(before and before.suspended),
        check_points=_points(row, before.check_points if before else ()),
        materials=_materials(row, before.materials if before else ()),
        phrases=_phrases(row, before.phrases if before else ()),
    )


def joint_from_row(row: Values, before: JointFacts | None) -> JointFacts:
    """Return the joint item a row asks for; its pattern is worked out when it is taken."""
    old = before.content if before else None
    texts: dict[str, Any] = {key: _text(row, key, old) for key in ("name_zh", "name_en", "field")}
    content = JointContent(
        **texts,
        industries=_listed(row, "industries", old.industries if old else ()),
        ratio_bp=_ratio(row.get("ratio"), old.ratio_bp if old else 0),
        item_codes=_item_codes(row, old.item_codes if old else ()),
    )
    lead = str(row.get("lead") or (before.lead_department if before else ""))
    return JointFacts(str(row["code"]), lead, before.mode if before else "", content)


def _text(row: Values, key: str, old: object) -> str:
    return str(row[key] or "") if key in row else str(getattr(old, key, ""))


def _number(row: Values, key: str, old: object) -> int:
    value = row.get(key)
    return value if isinstance(value, int) else int(getattr(old, key, DEFAULTS[key]))


def _ratio(value: object, old: int) -> int:
    return int(Decimal(str(value).removesuffix("%")) * 100) if value else old


def _listed(row: Values, key: str, old: tuple[str, ...]) -> tuple[str, ...]:
    """Return a list whose order means nothing: the recorded order stays while the members are the same."""
    if key not in row:
        return old
    value = row[key]
    new = tuple(str(one) for one in value) if isinstance(value, list) else ()
    return old if sorted(old) == sorted(new) else new


def _results(row: Values, old: tuple[str, ...], national: Sequence[str]) -> tuple[str, ...]:
    chosen = _listed(row, "allowed_results", old)
    if "*" in chosen or not chosen:
        return old if sorted(old) == sorted(national) else tuple(national)
    return chosen


def _item_codes(row: Values, old: tuple[str, ...]) -> tuple[str, ...]:
    parts = [part for part in parts_of(row, "parts") if part.get("items")]
    new = tuple(dict.fromkeys(str(code) for part in parts for code in part["items"]))
    return old if not new or sorted(old) == sorted(new) else new


def parts_of(row: Values, key: str) -> list[Mapping[str, Any]]:
    """Return the parts of an entry that stood in several rows."""
    value = row.get(key)
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _materials(row: Values, old: tuple[MaterialContent, ...]) -> tuple[MaterialContent, ...]:
    if "materials" not in row:
        return old
    value = row["materials"]
    pairs = [str(line).partition("|") for line in value] if isinstance(value, list) else []
    names = {one.name_zh: one.name_en for one in old}
    return tuple(MaterialContent(zh.strip(), en.strip() if bar else names.get(zh.strip(), "")) for zh, bar, en in pairs)


def _phrases(row: Values, old: tuple[PhraseContent, ...]) -> tuple[PhraseContent, ...]:
    if "phrases" not in row:
        return old
    value = row["phrases"]
    pairs = [str(line).partition("|") for line in value] if isinstance(value, list) else []
    words = {one.text_zh: one.text_en for one in old}
    return tuple(PhraseContent(zh.strip(), en.strip() if bar else words.get(zh.strip(), "")) for zh, bar, en in pairs)


def _points(row: Values, old: tuple[PointContent, ...]) -> tuple[PointContent, ...]:
    """Return the check points of a row; none in the file means those recorded."""
    by_question = {point.question_zh: point for point in old}
    new = [_point(part, by_question.get(str(part.get("question_zh")))) for part in parts_of(row, "points")]
    return tuple(new) or old


def _point(part: Mapping[str, Any], old: PointContent | None) -> PointContent:
    texts = {key: str(part[key] or "") if key in part else str(getattr(old, key, "")) for key in POINT_TEXTS}
    options = tuple(part["options"] or ()) if "options" in part else (old.options if old else ())
    return PointContent(
        question_zh=str(part["question_zh"]),
        kind=_kind(part.get("kind"), old, options=options, limited=bool(texts["minimum"] or texts["maximum"])),
        options=options,
        veto=_flag(part, "veto", old),
        photo=_flag(part, "photo", old),
        **texts,
    )


def _flag(part: Mapping[str, Any], key: str, old: PointContent | None) -> bool:
    return bool(part[key]) if part.get(key) is not None else bool(old and getattr(old, key) and key not in part)


def _kind(written: object, old: PointContent | None, *, options: tuple[str, ...], limited: bool) -> AnswerKind:
    """Tell the kind of answer where the file does not: choices and limits speak for themselves."""
    if written:
        return AnswerKind(str(written))
    if options:
        return AnswerKind.CHOICE
    if limited:
        return AnswerKind.NUMBER
    return old.kind if old else AnswerKind.YES_NO


def item_cells(items: Iterable[Item], words: str) -> Iterator[dict[str, object]]:
    """Yield the cells of items by column, a row for each check point; ``words`` is the language of the words."""
    for item in items:
        whole = _item_cells(item, words)
        for point in item.check_points:
            yield {
                **whole,
                "question_zh": point.question_zh,
                "kind": ANSWER_WORDS[point.kind][0] if words == "zh" else point.kind.label,
                "options": "\n".join(point.options),
                "veto": yes_or_no(point.veto, words),
                "photo": yes_or_no(point.photo, words),
                **{key: getattr(point, key) for key in POINT_TEXTS},
            }
        if not item.check_points:
            yield whole


def _item_cells(item: Item, words: str) -> dict[str, object]:
    return {
        "code": item.code,
        "department": _name(item.department, words),
        **{key: getattr(item, key) for key in (*ITEM_TEXTS, *DEFAULTS)},
        "category": CATEGORY_WORDS[item.category][0] if words == "zh" else item.category.label,
        "ratio": ratio_text(item.ratio_bp),
        "industries": "、".join(item.industries),
        "allowed_results": "、".join(item.allowed_results),
        "materials": "\n".join(f"{one.name_zh}|{one.name_en}" for one in item.materials),
        "phrases": "\n".join(f"{one.text_zh}|{one.text_en}" for one in item.phrases),
        "suspended": yes_or_no(item.suspended, words),
    }


def joint_cells(joints: Iterable[JointItem], words: str) -> Iterator[dict[str, object]]:
    """Yield the cells of joint items by column."""
    for joint in joints:
        yield {
            "code": joint.code,
            **{key: getattr(joint, key) for key in ("name_zh", "name_en", "field")},
            "lead": _name(joint.lead_department, words),
            "partners": "；".join(_name(one, words) for one in joint.departments[1:]),
            "items": "、".join(part.item.code for part in joint.parts),
            "ratio": ratio_text(joint.ratio_bp),
            "industries": "、".join(joint.industries),
        }


def _name(department: Department, words: str) -> str:
    return department.name_en if words == "en" and department.name_en else department.name_zh


def ratio_text(basis_points: int) -> str:
    """Return a ratio as files have it."""
    return percent_text(Decimal(basis_points) / 100)


def yes_or_no(value: bool, words: str) -> str:
    """Return 是 or 否, yes or no."""
    return ("是" if value else "否") if words == "zh" else ("yes" if value else "no")
