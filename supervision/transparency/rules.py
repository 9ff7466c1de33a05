"""What the log signs, shows and takes in (draw protocol, section 8): limits, names and what a fault is called.

Leaves of the platform itself have the draw "-": ``key`` (digest: SHA-256 of the verifier key's text), ``audit``
(digest: hash of the newest audit entry, whose number is the field ``entries``) and ``register`` (digest: SHA-256 of
the sorted units, each followed by LF; their number is the field ``count``). ``archived`` has the digest of the manifest
of an archive package, ``second_look`` that of the list, of a sealed number or of the seed of a choice of second looks,
``ordered`` that of the candidates, of their lots or of a replacement (``step``) of the inspection ordered as ``order``,
``experts`` that of a list of experts, of who was drawn from it or of a change (docs/expert-draw.md).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from supervision.labels import N_, Labeled

# leaves and events handed out at once
MOST_LEAVES = 1000
FEED_LENGTH = 50
SHOWN_EVENTS = 12
# a checkpoint with two signatures of the log and twenty witnesses stays far below
LONGEST_NOTE = 16_000
FEWEST_WITNESSES = 2
# clocks of witnesses may be wrong by this much; a witness that looks every day signs an unchanged log again
CLOCK_TOLERANCE = timedelta(minutes=5)
REPEAT_AFTER = timedelta(hours=1)
SILENT_AFTER = timedelta(days=3)


class Fault(Labeled):
    """How a log can disagree with itself or with what was seen of it."""

    LEAF_MISSING = "leaf-missing", N_("Leaf %(index)s of the log is missing."), "danger"
    LEAF_CHANGED = "leaf-changed", N_("Leaf %(index)s of the log was changed."), "danger"
    HEAD_WRONG = "head-wrong", N_("The log counts %(size)s leaves, but there are %(found)s."), "danger"
    ROLLBACK = (
        "rollback",
        N_(
            "The log was rolled back: %(source)s shows %(size)s leaves, the database has %(found)s. An old backup was "
            "put back, or entries were removed."
        ),
        "danger",
    )
    REWRITTEN = (
        "rewritten",
        N_(
            "The log was rewritten: its first %(size)s leaves are not those of %(source)s. The change lies between "
            "leaf %(since)s and leaf %(until)s."
        ),
        "danger",
    )
    FORGED = "forged", N_("The signature on %(source)s is by no key of this log."), "danger"
    KEY_UNNAMED = "key-unnamed", N_("Key %(key)s stands in the register or in the log, but not in both."), "danger"
    COSIGNATURE_WRONG = "cosignature-wrong", N_("A signature kept for witness %(witness)s does not hold."), "danger"


class Standing(Labeled):
    """How a checkpoint that somebody kept stands to this log."""

    FITS = "fits", N_("It is part of the history of this log"), "success"
    FORK = "fork", N_("A fork: the log has shown two histories"), "danger"
    AHEAD = "ahead", N_("Entries are missing: the log was longer once"), "danger"
    FITS_UNSIGNED = "fits-unsigned", N_("It fits this log, but bears no signature of it"), "info"
    UNSIGNED = "unsigned", N_("It is not signed by this log"), "warning"
    FORGED = "forged", N_("Its signature does not hold"), "warning"
    OTHER_LOG = "other-log", N_("It belongs to another log"), "warning"


@dataclass(frozen=True, slots=True)
class Found:
    """One fault with what it is about."""

    fault: Fault
    facts: dict[str, object]


def is_silent(seen_at: datetime | None, *, now: datetime) -> bool:
    """Say whether a witness has not been heard of for so long that somebody should ask."""
    return seen_at is None or now - seen_at > SILENT_AFTER
