"""Who may inspect and what bars them (R-1.20 to R-1.25)."""

from datetime import date

from supervision.labels import N_, Labeled


class InspectorStatus(Labeled):
    """Whether an inspector may be drawn at all."""

    ACTIVE = "active", N_("Active"), "success"
    SUSPENDED = "suspended", N_("Suspended"), "warning"
    LEFT = "left", N_("Left the service"), "neutral"


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


def certificate_valid(valid_until: date, *, on: date) -> bool:
    """A certificate must still be valid on the day of the visit (R-1.21)."""
    return valid_until >= on
