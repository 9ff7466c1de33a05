"""What an entity is and how it is identified (GB 32100-2015)."""

from supervision.labels import N_, Labeled

REGISTRATION_PREFIX = "REG-"


class EntityStatus(Labeled):
    """登记状态 of an entity."""

    ACTIVE = "active", N_("In operation"), "success"
    DEREGISTERED = "deregistered", N_("Deregistered"), "neutral"
    REVOKED = "revoked", N_("Licence revoked"), "danger"
    RESCINDED = "rescinded", N_("Registration rescinded"), "danger"
    MOVED_OUT = "moved_out", N_("Moved out"), "neutral"
    CLOSED = "closed", N_("Closed"), "neutral"


class RiskClass(Labeled):
    """信用风险分类 A–D: internal to regulators, never published (R-2.01)."""

    A = "A", N_("Class A, low risk"), "success"
    B = "B", N_("Class B, ordinary"), "info"
    C = "C", N_("Class C, higher risk"), "warning"
    D = "D", N_("Class D, high risk"), "danger"


def unit_id(uscc: str | None, registration_number: str | None) -> str:
    """Return the immutable id of an entity in draws: its credit code, else ``REG-`` and the registration number."""
    if uscc:
        return uscc
    if registration_number:
        return REGISTRATION_PREFIX + registration_number
    raise ValueError("an entity needs a credit code or a registration number")
