"""What forms of ODK and Kobo (XLSForm) call things: names, sheets, columns, and the hints that tell of limits and law.

Writing and reading share this page, so that what is written is read back as it was.
"""

import re

from supervision.items.rules import AnswerKind, PointContent

ZH, EN = "Chinese (zh)", "English (en)"
SURVEY_COLUMNS = (
    "type", "name", f"label::{ZH}", f"label::{EN}", f"hint::{ZH}", f"hint::{EN}", "required", "relevant", "constraint",
    f"constraint_message::{ZH}", f"constraint_message::{EN}", "appearance",
    # what XLSForm has no word for stands in columns of our own, which other programs pass over
    "legal_clause", "unit", "veto",
)  # fmt: skip
CHOICE_COLUMNS = ("list_name", "name", f"label::{ZH}", f"label::{EN}")
SETTING_COLUMNS = ("form_title", "form_id", "version", "default_language")
OWN_COLUMNS = frozenset({"legal_clause", "unit", "veto"})
BOUND = re.compile(r"\.\s*(>=|<=)\s*(-?[0-9]+(?:\.[0-9]+)?)")
ITEM_GROUP = re.compile(r"item_([A-Za-z0-9]+)_([0-9]{2,4})")
# lists that every form has
YES_NO_LIST, CHECKED_LIST = "yes_no", "checked"
YES_NO = (("yes", "是", "Yes"), ("no", "否", "No"), ("na", "不适用", "Not applicable"))
CHECKED = (("yes", "已检查", "Checked"), ("no", "未检查", "Not checked"))
CLAUSE = {"zh": "依据：", "en": "Basis: "}
VETO = {"zh": "一票否决", "en": "Decisive"}


def slug(code: str) -> str:
    """Return an item's code as part of a name: SCJG-03 becomes SCJG_03."""
    return code.replace("-", "_")


def code_of(group: str) -> str | None:
    """Return the item's code that the name of a group tells."""
    found = ITEM_GROUP.fullmatch(group)
    return f"{found[1].upper()}-{found[2]}" if found else None


def hint_tail(point: PointContent, words: str) -> str:
    """Return the lines of a hint that follow from unit, limits, veto and clause."""
    lines = [
        limit_words(point, words) if point.kind is AnswerKind.NUMBER else "",
        VETO[words] if point.veto else "",
        CLAUSE[words] + point.legal_clause if point.legal_clause else "",
    ]
    return "\n".join(filter(None, lines))


def limit_words(point: PointContent, words: str) -> str:
    """Say unit and limits in words."""
    low, high, unit = point.minimum, point.maximum, f" {point.unit}" if point.unit else ""
    if words == "zh":
        range_words = f"应为 {low} 至 {high}{unit}" if low and high else f"应不低于 {low}{unit}" if low else ""
        return range_words or (f"应不高于 {high}{unit}" if high else f"单位：{point.unit}" if unit else "")
    range_words = f"Allowed: {low} to {high}{unit}" if low and high else f"At least {low}{unit}" if low else ""
    return range_words or (f"At most {high}{unit}" if high else f"Unit: {point.unit}" if unit else "")


def hint(point: PointContent, words: str) -> str:
    """Return the hint of a check point: its guidance, then what follows from the rest of it."""
    guidance = point.guidance_zh if words == "zh" else point.guidance_en
    return "\n".join(filter(None, (guidance, hint_tail(point, words))))


def guidance_in(text: str, point: PointContent, words: str) -> str:
    """Return the guidance in a hint that ``hint`` wrote; any other hint is guidance as it stands."""
    tail = hint_tail(point, words)
    if tail and (text == tail or text.endswith("\n" + tail)):
        return text[: -len(tail)].rstrip("\n")
    return text


def clause_in(text: str) -> tuple[str, str]:
    """Split a hint without columns of ours into guidance and the clause on its last line."""
    rest, _, last = text.rpartition("\n")
    for sign in ("依据：", "依据:", "Basis:", "Legal basis:"):
        if last.startswith(sign):
            return rest, last.removeprefix(sign).strip()
    return text, ""


def limits_of(condition: str) -> tuple[str, str] | None:
    """Return (lower, upper) limit of a condition such as ``. >= 0 and . <= 8``; None when it says anything else."""
    found = {"": ""}
    for part in re.split(r"\s+and\s+", condition.strip().strip("()")):
        bound = BOUND.fullmatch(part.strip().strip("()").strip())
        if bound is None or bound[1] in found:
            return None
        found[bound[1]] = bound[2]
    return found.get(">=", ""), found.get("<=", "")
