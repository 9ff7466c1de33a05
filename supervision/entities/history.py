"""What an audit entry about an entity says to people: which field, before and after."""

from collections.abc import Callable, Mapping
from typing import Any  # details are JSON of any shape

from flask_babel import gettext as _

from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.entities.rules import DuplicateVerdict, EntityStatus
from supervision.entities.versions import FileChange
from supervision.labels import N_

Change = tuple[str, object, object]

FIELDS = {
    "name": N_("Name of entity"),
    "uscc": N_("Unified social credit code"),
    "registration_number": N_("Registration number"),
    "uscc_confirmed": N_("Code confirmed"),
    "type_code": N_("Type of entity"),
    "industry_code": N_("Industry"),
    "sub_district_code": N_("Sub-district"),
    "address": N_("Address (place of business)"),
    "legal_representative": N_("Legal representative"),
    "contact_phone": N_("Contact phone"),
    "business_scope": N_("Business scope"),
    "registered_on": N_("Registered on"),
    "status": N_("Status"),
    "status_since": N_("Status since"),
    "low_touch": N_("Low-touch list"),
}


def changes(entry: AuditEntry) -> list[Change]:
    """Return (field, before, after) of what an entry tells; (field, None, None) where only the fact is kept."""
    read = _READERS.get(entry.event)
    return read(entry.details) if read else []


def _corrected(details: Mapping[str, Any]) -> list[Change]:
    return [
        (_(FIELDS[field]), shown_value(change.get("before")), shown_value(change.get("after")))
        for field, change in details.items()
        if field in FIELDS and isinstance(change, dict)
    ]


def _status(details: Mapping[str, Any]) -> list[Change]:
    before, after = (
        f"{_(EntityStatus(part['status']).label)} ({_('since %(day)s', day=part['since'])})"
        for part in (details["before"], details["after"])
    )
    return [(_("Status"), before, after)]


def _tags(details: Mapping[str, Any]) -> list[Change]:
    return [(_("Tags"), "、".join(details["before"]), "、".join(details["after"]))]


def _low_touch(details: Mapping[str, Any]) -> list[Change]:
    return [(_("Low-touch list"), shown_value(details["before"]), shown_value(details["after"]))]


def _risk_class(details: Mapping[str, Any]) -> list[Change]:
    return [(_("Risk class"), details["before"] or "", f"{details['after']} ({details['as_of'][:7]})")]


def _duplicate(details: Mapping[str, Any]) -> list[Change]:
    verdict = _(DuplicateVerdict(details["verdict"]).label)
    told: list[Change] = [(_("Probable duplicates"), "", f"{details['first']} · {details['second']}: {verdict}")]
    if details["suspended"]:
        before, after = (_(EntityStatus(one).label) for one in (details["status_before"], EntityStatus.SUSPENDED))
        told.append((f"{_('Status')} ({details['suspended']})", before, after))
    return told


def file_changes(found: FileChange) -> list[Change]:
    """Return what an imported file changed, in words."""
    return [(_(FIELDS[field]), shown_value(before), shown_value(after)) for field, before, after in found.fields]


def shown_value(value: object) -> object:
    """Return a stored value as people read it."""
    if isinstance(value, EntityStatus):
        return _(value.label)
    return (_("yes") if value else _("no")) if isinstance(value, bool) else value


_READERS: dict[Event, Callable[[Mapping[str, Any]], list[Change]]] = {
    Event.ENTITY_CORRECTED: _corrected,
    Event.ENTITY_STATUS_CHANGED: _status,
    Event.ENTITY_TAGGED: _tags,
    Event.DUPLICATE_DECIDED: _duplicate,
    Event.LOW_TOUCH_SET: _low_touch,
    Event.RISK_CLASS_SET: _risk_class,
}
