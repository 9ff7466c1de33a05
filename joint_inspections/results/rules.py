"""What of a record may be published: named fields only, so that nothing else can slip out (R-1.39, domain 8.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any  # a record is JSON

from joint_inspections.records.rules import NO_PROBLEM_CODES, Disposal
from supervision.errors import Invalid

FORMAT = "inspection-result/1"
FOLLOWED_UP = frozenset({Disposal.CORRECTION, Disposal.CASE, Disposal.REFERRAL, Disposal.DAILY})


class FollowUp(StrEnum):
    """后续处理 as the public reads it."""

    NONE = "none"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Wording:
    """A code in the words of its official list."""

    code: str
    zh: str
    en: str

    def to_json(self) -> dict[str, str]:
        """Return the code with its wordings."""
        return {"code": self.code, "zh": self.zh, "en": self.en}


@dataclass(frozen=True, slots=True)
class Wordings:
    """The lists a publication quotes."""

    results: Mapping[str, Wording]
    outcomes: Mapping[str, Wording]
    corrections: Mapping[str, Wording]


def public_content(
    record: Mapping[str, Any], *, visited_on: str, version: int, corrected: Wording | None, words: Wordings
) -> dict[str, object]:
    """Build the published content from an approved record, field by field.

    Free text (problems, notes, reasons), inspectors, addresses and risk never enter: they may name people.
    """
    departments = [_department(one, words) for one in record["departments"]]
    return {
        "format": FORMAT,
        "number": record["number"],
        "version": version,
        "corrected": corrected.to_json() if corrected else None,
        "plan": record["plan"],
        "task": record["task"],
        "draw": record["draw"],
        "entity": record["entity"]["name"],
        "unit_id": record["entity"]["unit_id"],
        "visited_on": visited_on,
        "outcome": _word(words.outcomes, record["outcome"]).to_json(),
        "departments": departments,
        "follow_up": _follow_up(record),
    }


def _department(section: Mapping[str, Any], words: Wordings) -> dict[str, object]:
    return {
        "code": section["code"],
        "name_zh": section["name_zh"],
        "name_en": section["name_en"],
        "results": [_word(words.results, code).to_json() for code in section["results"]],
        "items": [
            {
                "code": item["code"],
                "name_zh": item["name_zh"],
                "name_en": item["name_en"],
                "legal_basis": item["legal_basis"],
                "checked": bool(item["checked"]),
                "results": [_word(words.results, code).to_json() for code in (item["result"], item["further"]) if code],
            }
            for item in section["items"]
        ],
    }


def _word(words: Mapping[str, Wording], code: str) -> Wording:
    found = words.get(code)
    if found is None:
        raise Invalid("wording-missing", "No official wording is loaded for code %(code)s.", code=code)
    return found


def _follow_up(record: Mapping[str, Any]) -> str:
    disposals = {item["disposal"] for section in record["departments"] for item in section["items"]}
    return FollowUp.OPEN.value if disposals & {one.value for one in FOLLOWED_UP} else FollowUp.NONE.value


def has_problem(record: Mapping[str, Any]) -> bool:
    """Say whether any department's result names a problem."""
    codes: Sequence[str] = [code for section in record["departments"] for code in section["results"]]
    return any(code not in NO_PROBLEM_CODES for code in codes)
