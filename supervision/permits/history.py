"""What an audit entry about a permit says to people: which field, before and after."""

from flask_babel import gettext as _

from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.labels import N_
from supervision.permits.rules import PermitKind, PermitState

# field, before, after
Change = tuple[str, object, object]

FIELDS = {
    "certificate_name": N_("Permit certificate"),
    "permit_number": N_("Permit number"),
    "document_name": N_("Decision document"),
    "document_number": N_("Document number"),
    "kind": N_("Kind of permit"),
    "content": N_("What is permitted"),
    "decided_on": N_("Decided on"),
    "valid_from": N_("Valid from"),
    "valid_until": N_("Valid until"),
}


def changes(entry: AuditEntry) -> list[Change]:
    """Return what an entry changed of a permit."""
    if entry.event is Event.PERMIT_ENDED:
        return [(_("State"), _(PermitState.VALID.label), _(PermitState.INVALID.label))]
    if entry.event is not Event.PERMIT_CORRECTED:
        return []
    return [
        (_(label), *(_shown(field, value) for value in entry.details[field]))
        for field, label in FIELDS.items()
        if field in entry.details
    ]


def _shown(field: str, value: str) -> str:
    return _(PermitKind(value).label) if field == "kind" and value else value
