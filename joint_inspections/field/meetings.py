"""Who else comes through the door of a visit, and how often it is opened, as phones carry it."""

from collections.abc import Callable

from joint_inspections.visits.meeting import Meeting
from supervision.departments.models import Department

Value = dict[str, object]
# says a message id in Chinese and in English
Told = Callable[[str], tuple[str, str]]


def pack_department(one: Department) -> Value:
    """Name a department."""
    return {"code": one.code, "zh": one.name_zh, "en": one.name_en}


def pack_meeting(meeting: Meeting, *, told: Told) -> Value:
    """Say who comes through the same door, and whether the enterprise is visited too often."""
    return {
        "together": [[pack_department(one) for one in bodies] for bodies in meeting.together],
        "too_many": [
            {
                "period": dict(zip(("zh", "en"), told(one.period.label), strict=True)),
                "first": one.first.isoformat(),
                "last": one.last.isoformat(),
                "sum": one.sum,
                "allowed": one.allowed,
            }
            for one in meeting.too_many
        ],
        "let_through": {"zh": meeting.reason.name_zh, "en": meeting.reason.name_en, "note": meeting.note}
        if meeting.reason
        else None,
    }
