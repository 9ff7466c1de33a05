"""Who may inspect and what bars them (R-1.20 to R-1.25)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from supervision.errors import Invalid, WrongState
from supervision.labels import N_, Labeled

# days before its end in which a certificate is warned about, until the parameter says otherwise
WARNING_DAYS = 60
# validated no closer than this: the numbering of certificates differs by issuing body
_CERTIFICATE = re.compile(r"[A-Z0-9]{5,20}")


class InspectorStatus(Labeled):
    """Whether an inspector may be drawn at all."""

    ACTIVE = "active", N_("On duty"), "success"
    SUSPENDED = "suspended", N_("Suspended"), "warning"
    LEFT = "left", N_("Left the service"), "neutral"


TRANSITIONS = {
    InspectorStatus.ACTIVE: frozenset({InspectorStatus.SUSPENDED, InspectorStatus.LEFT}),
    InspectorStatus.SUSPENDED: frozenset({InspectorStatus.ACTIVE, InspectorStatus.LEFT}),
    InspectorStatus.LEFT: frozenset[InspectorStatus](),
}


def check_transition(before: InspectorStatus, after: InspectorStatus) -> None:
    """Refuse a change of status that makes no sense; who left the service is entered anew with a new certificate."""
    if after not in TRANSITIONS[before]:
        raise WrongState("inspector-status", "This inspector's status does not allow this step.")


class TieKind(Labeled):
    """利害关系: the relation that bars an inspector from an entity (R-1.22)."""

    KINSHIP = "kinship", N_("Kinship")
    FORMER_EMPLOYMENT = "former-employment", N_("Former employment")
    SHAREHOLDING = "shareholding", N_("Shareholding")
    OTHER = "other", N_("Other interest")


class AbsenceKind(Labeled):
    """Why an inspector cannot be sent for some days."""

    LEAVE = "leave", N_("Leave")
    ILLNESS = "illness", N_("Illness")
    TRAINING = "training", N_("Training")
    OTHER = "other", N_("Other duty")


class Validity(Labeled):
    """How a certificate stands on a day."""

    VALID = "valid", N_("Valid"), "success"
    EXPIRING = "expiring", N_("Expires soon"), "warning"
    EXPIRED = "expired", N_("Expired"), "danger"


@dataclass(frozen=True, slots=True)
class InspectorContent:
    """What the register holds about an inspector besides department and status."""

    certificate_number: str
    certificate_valid_until: date
    name: str
    issuing_body: str = ""
    post: str = ""


@dataclass(frozen=True, slots=True)
class ExpertContent:
    """What the register holds about an expert besides department and status; ``fields`` separated by 、."""

    name: str
    organization: str
    title: str
    fields: str
    engaged_until: date


@dataclass(frozen=True, slots=True)
class InspectorRow:
    """One inspector as an import brings them; ``item_codes`` None means every item of the department."""

    content: InspectorContent
    department_id: int
    item_codes: frozenset[str] | None = None


def certificate_valid(valid_until: date, *, on: date) -> bool:
    """A certificate must still be valid on the day of the visit (R-1.21)."""
    return valid_until >= on


def validity(valid_until: date, *, on: date, warning_days: int = WARNING_DAYS) -> Validity:
    """Say how a certificate stands on a day; it "expires soon" in its last ``warning_days``."""
    if not certificate_valid(valid_until, on=on):
        return Validity.EXPIRED
    return Validity.EXPIRING if valid_until <= on + timedelta(days=warning_days) else Validity.VALID


def clean_certificate(number: str) -> str:
    """Return a certificate number as stored, or refuse: 5 to 20 letters or digits, nothing more is certain."""
    number = number.strip().upper().replace(" ", "")
    if not _CERTIFICATE.fullmatch(number):
        raise Invalid(
            "certificate-number",
            "Write the certificate number with 5 to 20 letters or digits.",
            field="certificate_number",
        )
    return number


def check_absence(starts_on: date, ends_on: date) -> None:
    """Refuse an absence that ends before it begins."""
    if ends_on < starts_on:
        raise Invalid("absence-order", "The last day lies before the first day.", field="ends_on")
