"""Measures of the list and answers to them (R-5.01 to R-5.05)."""

from supervision.labels import N_, Labeled


class MeasureState(Labeled):
    """What the implementing department did with a measure."""

    WAITING = "waiting", N_("Waiting for an answer"), "warning"
    APPLIED = "applied", N_("Applied"), "danger"
    NOT_APPLICABLE = "not_applicable", N_("Not applicable"), "neutral"
    LIFTED = "lifted", N_("Lifted"), "success"
