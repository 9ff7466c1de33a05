"""How a lent inspector is named beside the department that borrows, wherever a team is shown on paper."""

from supervision.inspectors.models import Inspector


def department_of(inspector: Inspector, department: str, *, language: str) -> str:
    """Return the department's name, with the area that lends it this inspector (R-1.23)."""
    area = inspector.lent_from
    if area is None:
        return department
    if language == "en":
        return f"{department} (lent by {area.name_en or area.name_zh})"
    return f"{department}（借用{area.name_zh}人员）"


def lent_entry(inspector: Inspector) -> dict[str, object]:
    """Return what a record says of a lent inspector, and nothing of anybody else: older records stay as they are."""
    area = inspector.lent_from
    return {} if area is None else {"lent_from": {"code": area.code, "name_zh": area.name_zh, "name_en": area.name_en}}
