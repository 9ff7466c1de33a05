"""Permits as the double-publicity standard describes them (XK_ fields)."""

from supervision.labels import N_, Labeled


class PermitState(Labeled):
    """许可状态 (XK_ZT)."""

    VALID = "valid", N_("Valid"), "success"
    INVALID = "invalid", N_("No longer valid"), "neutral"


class PermitKind(Labeled):
    """许可类别 (XK_XKLB)."""

    ORDINARY = "ordinary", N_("Ordinary permit")
    SPECIAL = "special", N_("Concession")
    RECOGNITION = "recognition", N_("Recognition")
    VERIFICATION = "verification", N_("Verification")
    REGISTRATION = "registration", N_("Registration")
    OTHER = "other", N_("Other")
