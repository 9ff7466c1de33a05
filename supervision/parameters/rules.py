"""How sure the house is of a rule."""

from supervision.labels import N_, Labeled


class Certainty(Labeled):
    """Shown beside every parameter, so that a default is never mistaken for law."""

    LAW = "law", N_("Law"), "info"
    DEFAULT = "default", N_("House default, may be changed"), "neutral"
    MEMORY = "memory", N_("To be checked against the text"), "warning"
