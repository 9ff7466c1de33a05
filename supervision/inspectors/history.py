"""What an audit entry about an inspector says to people: which field, before and after."""

from collections.abc import Callable, Mapping
from typing import Any  # details are JSON of any shape

from flask_babel import gettext as _

from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.inspectors.rules import AbsenceKind, InspectorStatus, TieKind
from supervision.labels import N_

# field, before, after; (field, None, None) where only the fact is kept
Change = tuple[str, object, object]

FIELDS = {
    "name": N_("Name"),
    "certificate_number": N_("Certificate number"),
    "certificate_valid_until": N_("Certificate valid until"),
    "issuing_body": N_("Issuing body"),
    "post": N_("Post"),
    # of experts
    "organization": N_("Organization"),
    "title": N_("Professional title"),
    "fields": N_("Special fields"),
    "engaged_until": N_("Engaged until"),
}


def changes(entry: AuditEntry, *, with_ties: bool) -> list[Change]:
    """Return what an entry changed; what it says of an interest only ``with_ties``, for those who may see them."""
    if entry.event is Event.TIE_DECLARED:
        return _tie(entry.details) if with_ties else []
    read = _READERS.get(entry.event)
    return read(entry.details) if read else []


def _corrected(details: Mapping[str, Any]) -> list[Change]:
    return [(_(label), *details[field]) for field, label in FIELDS.items() if isinstance(details.get(field), list)]


def _status(details: Mapping[str, Any]) -> list[Change]:
    if "after" not in details:  # entries from before the log kept it
        return []
    before, after = (_(InspectorStatus(details[part]).label) for part in ("before", "after"))
    return [(_("Status"), before, after)]


def _qualifications(details: Mapping[str, Any]) -> list[Change]:
    before, after = (
        _("Every item of the department") if details[part] == ["*"] else "、".join(details[part])
        for part in ("before", "after")
    )
    return [(_("Qualifications"), before, after)]


def _recorded(details: Mapping[str, Any]) -> list[Change]:
    return [(_("Absence"), "", _days(details))]


def _canceled(details: Mapping[str, Any]) -> list[Change]:
    return [(_("Absence"), _days(details), "")]


def _days(details: Mapping[str, Any]) -> str:
    return f"{_(AbsenceKind(details['kind']).label)} {details['from']} – {details['to']}"


def _tie(details: Mapping[str, Any]) -> list[Change]:
    whom = _("person") if details["person"] else details["entity"]
    return [(_("Declared interests"), "", f"{_(TieKind(details['kind']).label)} · {whom}")]


_READERS: dict[Event, Callable[[Mapping[str, Any]], list[Change]]] = {
    Event.INSPECTOR_CORRECTED: _corrected,
    Event.EXPERT_CORRECTED: _corrected,
    Event.EXPERT_STATUS_CHANGED: _status,
    Event.INSPECTOR_SUSPENDED: _status,
    Event.INSPECTOR_RESUMED: _status,
    Event.INSPECTOR_LEFT: _status,
    Event.QUALIFICATIONS_SET: _qualifications,
    Event.ABSENCE_RECORDED: _recorded,
    Event.ABSENCE_CANCELED: _canceled,
}
