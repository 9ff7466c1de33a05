"""Permits as the double-publicity standard describes them (XK_ fields)."""

from dataclasses import dataclass
from datetime import date, timedelta

from supervision.errors import Invalid, WrongState
from supervision.labels import N_, Labeled

EXPIRES_SOON = timedelta(days=60)


class PermitState(Labeled):
    """许可状态 (XK_ZT)."""

    VALID = "valid", N_("Valid"), "success"
    INVALID = "invalid", N_("No longer valid"), "neutral"


class PermitKind(Labeled):
    """许可类别 (XK_XKLB); codes as in ``catalogues/permit_kinds.csv``."""

    ORDINARY = "ordinary", N_("Ordinary permit")
    CONCESSION = "concession", N_("Concession")
    RECOGNITION = "recognition", N_("Recognition")
    APPROVAL = "approval", N_("Verification and approval")
    REGISTRATION = "registration", N_("Registration")
    OTHER = "other", N_("Other")


class Standing(Labeled):
    """How a permit stands on a day: its recorded state and its dates together."""

    VALID = "valid", N_("Valid"), "success"
    EXPIRING = "expiring", N_("Expires soon"), "warning"
    EXPIRED = "expired", N_("Expired"), "danger"
    NOT_YET = "not_yet", N_("Not yet valid"), "info"
    INVALID = "invalid", N_("No longer valid"), "neutral"


@dataclass(frozen=True, slots=True)
class PermitContent:
    """What a decision to permit says."""

    document_number: str
    certificate_name: str
    permit_number: str
    kind: PermitKind
    decided_on: date
    valid_from: date
    valid_until: date | None = None
    document_name: str = ""
    content: str = ""


def standing(state: PermitState, *, valid_from: date, valid_until: date | None, on: date) -> Standing:
    """Say how a permit stands on day ``on``; the last day still counts."""
    if state is PermitState.INVALID:
        return Standing.INVALID
    if on < valid_from:
        return Standing.NOT_YET
    if valid_until is None or valid_until > on + EXPIRES_SOON:
        return Standing.VALID
    return Standing.EXPIRED if valid_until < on else Standing.EXPIRING


def check_content(content: PermitContent, *, today: date) -> None:
    """Refuse dates that cannot be."""
    if content.decided_on > today:
        raise Invalid("decided-in-future", "The day of the decision lies in the future.", field="decided_on")
    if content.valid_until is not None and content.valid_until < content.valid_from:
        raise Invalid("validity-order", "The permit ends before it begins.", field="valid_until")


def check_end(state: PermitState) -> None:
    """Refuse to end a permit that has been ended."""
    if state is PermitState.INVALID:
        raise WrongState("permit-ended", "This permit is no longer valid already.")
