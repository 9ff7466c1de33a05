"""Listing decisions taken from a penalty in force (domain 5.2)."""

from supervision.labels import N_, Labeled


class CreditList(Labeled):
    """Lists an entity can be put on by decision."""

    SERIOUS_SAMR = "SERIOUS_SAMR", N_("Serious violators (market regulation)"), "danger"


class ListingState(Labeled):
    """Life of a listing."""

    PROPOSED = "proposed", N_("Proposed, waiting for the head"), "warning"
    IN_FORCE = "in_force", N_("In force"), "danger"
    REFUSED = "refused", N_("Not listed"), "neutral"
    ENDED = "ended", N_("Ended"), "success"
