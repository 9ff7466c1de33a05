"""The record of a visit as one JSON value: what was asked, answered and decided, by whom and when."""

from collections.abc import Mapping, Sequence

from joint_inspections.records.models import ItemResult, Section
from joint_inspections.visits.models import Visit
from supervision.clock import local
from supervision.neighbors.wording import lent_entry

# 2: with files, samples, drawn signatures and the answer of the enterprise
FORMAT = "inspection-record/2"


def record_content(
    visit: Visit,
    sections: Sequence[Section],
    *,
    version_no: int,
    reason: str,
    companions: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """Return the whole record; internal, so it names inspectors and quotes problems.

    ``companions`` is what rooms above add: evidence and signatures.
    """
    task, entity = visit.task, visit.entity
    return {
        "format": FORMAT,
        "version": version_no,
        "reason": reason,
        "number": visit.number,
        "plan": visit.plan_version.plan.number,
        "task": task.number,
        "draw": visit.draw.number if visit.draw is not None else None,
        "entity": {"unit_id": entity.unit_id, "name": entity.name, "address": entity.address},
        "planned_on": visit.planned_on.isoformat(),
        "visited_at": local(visit.visited_at).isoformat(timespec="seconds") if visit.visited_at else None,
        "outcome": visit.outcome_code,
        "outcome_note": visit.outcome_note,
        "team": [
            {
                "certificate": member.inspector.certificate_number,
                "name": member.inspector.name,
                "department": member.department.code,
                "leader": member.lead,
                **lent_entry(member.inspector),
            }
            for member in visit.team_now
        ],
        "departments": [_section(section) for section in sections],
        "attachments": [],
        "samples": [],
        "signatures": [],
        "party": None,
        **(companions or {}),
    }


def _section(section: Section) -> dict[str, object]:
    return {
        "code": section.department.code,
        "name_zh": section.department.name_zh,
        "name_en": section.department.name_en,
        "results": section.results,
        "signed_by": section.signer.certificate_number if section.signer else None,
        "signed_at": local(section.signed_at).isoformat(timespec="seconds") if section.signed_at else None,
        "items": [_item(row) for row in section.item_results],
    }


def _item(row: ItemResult) -> dict[str, object]:
    answers = {answer.check_point_id: answer for answer in row.answers}
    return {
        "code": row.item.code,
        "name_zh": row.item.name_zh,
        "name_en": row.item.name_en,
        "legal_basis": row.item.legal_basis,
        "checked": row.checked,
        "unchecked_reason": row.unchecked_reason,
        "result": row.result_code,
        "further": row.further_code,
        "problem": row.problem,
        "disposal": row.disposal.value if row.disposal else None,
        "answers": [
            {
                "no": point.no,
                "question_zh": point.question_zh,
                "question_en": point.question_en,
                "legal_clause": point.legal_clause,
                "unit": point.unit,
                "value": answers[point.id].value if point.id in answers else "",
                "note": answers[point.id].note if point.id in answers else "",
            }
            for point in row.item.check_points
        ],
    }
