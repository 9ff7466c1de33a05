"""What an audit entry about an account says to people: which field, before and after."""

from typing import Any  # details are JSON of any shape

from flask_babel import gettext as _

from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.labels import N_
from supervision.permissions import Role

FIELDS = {
    "name": N_("Name"),
    "department_id": N_("Department"),
    "inspector_id": N_("Certificate"),
    "expert_id": N_("Entry in the register of experts"),
}
LINKS = ("department_id", "inspector_id", "expert_id")
# field, before, after; (field, None, None) where only the fact is told
Change = tuple[str, object, object]


def changes(entry: AuditEntry) -> list[Change]:
    """Return what an entry changed of an account."""
    details: dict[str, Any] = entry.details
    if entry.event is Event.ROLES_CHANGED:
        return [(_("Roles"), _roles(details.get("before", [])), _roles(details["after"]))]
    if entry.event is Event.USER_CORRECTED:
        label = FIELDS["name"]
        told: list[Change] = [(_(label), *details["name"])] if "name" in details else []
        told += [(_(FIELDS[field]), None, None) for field in LINKS if field in details]
        return told + ([(_("Roles"), _roles(details["roles_ended"]), "")] if details["roles_ended"] else [])
    return []


def _roles(values: list[str]) -> str:
    return "、".join(_(Role(value).label) for value in values)
