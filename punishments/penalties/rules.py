"""Penalties, their severity and publicity periods (domain 4.2, 4.3)."""

from supervision.labels import N_, Labeled


class Severity(Labeled):
    """失信严重程度 under NDRC Order 36: sets the publicity period."""

    MINOR = "minor", N_("Minor"), "neutral"
    GENERAL = "general", N_("General"), "warning"
    SERIOUS = "serious", N_("Serious"), "danger"


class PenaltyState(Labeled):
    """Whether the decision is in force."""

    IN_FORCE = "in_force", N_("In force"), "warning"
    REVOKED = "revoked", N_("Revoked"), "neutral"


class Procedure(Labeled):
    """适用程序: only ordinary-procedure penalties are shown on GSXT (R-4.02)."""

    SUMMARY = "summary", N_("Summary procedure")
    ORDINARY = "ordinary", N_("Ordinary procedure")
