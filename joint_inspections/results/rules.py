"""What of a record may be published: named fields only, so that nothing else can slip out (R-1.39, domain 8.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any  # a record is JSON

from joint_inspections.records.rules import NO_PROBLEM_CODES
from supervision.errors import Invalid

FORMAT = "inspection-result-part/1"


class Lateness(StrEnum):
    """What a department is late with (R-1.44)."""

    SIGNATURE = "signature"
    RELEASE = "release"


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


def part_content(
    record: Mapping[str, Any],
    department: str,
    *,
    visited_on: str,
    version: int,
    corrected: Wording | None,
    words: Wordings,
) -> dict[str, object]:
    """Build what one department publishes of an approved record, field by field.

    Free text (problems, notes, reasons), inspectors, addresses and risk never enter: they may name people.
    """
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
        "department": _department(section_of(record, department), words),
    }


def section_of(record: Mapping[str, Any], department: str) -> Mapping[str, Any]:
    """Return the section of a record that belongs to a department, by its code."""
    found: Mapping[str, Any] = next(one for one in record["departments"] if one["code"] == department)
    return found


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
                "results": [_word(words.results, code).to_json() for code in _codes(item)],
            }
            for item in section["items"]
        ],
    }


def _codes(item: Mapping[str, Any]) -> list[str]:
    return [code for code in (item["result"], item["further"]) if code]


def _word(words: Mapping[str, Wording], code: str) -> Wording:
    found = words.get(code)
    if found is None:
        raise Invalid("wording-missing", "No official wording is loaded for code %(code)s.", code=code)
    return found


def names_problem(section: Mapping[str, Any]) -> bool:
    """Say whether a department's result names a problem."""
    return any(code not in NO_PROBLEM_CODES for code in section["results"])


def same_part(before: Mapping[str, Any], after: Mapping[str, Any], department: str) -> bool:
    """Say whether two versions of a record tell the public the same of a department's part.

    A correction of one department's section does not ask the others to release anything again.
    """
    return _public_facts(before, department) == _public_facts(after, department)


def _public_facts(record: Mapping[str, Any], department: str) -> tuple[object, ...]:
    section = section_of(record, department)
    items = [(item["code"], bool(item["checked"]), _codes(item)) for item in section["items"]]
    # the day alone is published, not the hour
    visited_on = str(record["visited_at"] or record["planned_on"])[:10]
    entity = record["entity"]
    return (entity["name"], entity["unit_id"], visited_on, record["outcome"], list(section["results"]), items)
