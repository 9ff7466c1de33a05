"""How an enterprise answers a record, and whether its answer still stands (R-1.28, security sheet T22)."""

from dataclasses import dataclass

from joint_inspections.records.rules import CARRIED_OUT
from supervision.audit.events import Event
from supervision.labels import N_, Labeled


class PartyAnswer(Labeled):
    """What the enterprise did with the record that was shown to it."""

    SIGNED = "signed", N_("Signed on the screen"), "success"
    OWN_PHONE = "own-phone", N_("Signed on its own phone"), "success"
    PAPER = "paper", N_("Signed on paper"), "success"
    REFUSED = "refused", N_("Refused to sign, noted by two officers"), "warning"


class Standing(Labeled):
    """Whether the enterprise's answer is for the record as it is now."""

    NONE = "none", N_("Not shown to the enterprise yet"), "neutral"
    VALID = "valid", N_("For the record as it stands"), "success"
    UNCONFIRMED = "unconfirmed", N_("The second officer has yet to confirm the refusal"), "warning"
    DISPUTED = "disputed", N_("The second officer does not confirm the refusal"), "danger"
    OUTDATED = "outdated", N_("Changed since: ask the enterprise again"), "danger"


# steps of the log after which a record is another one, also when what they did is undone
CHANGES = (
    Event.SECTION_SAVED,
    Event.OUTCOME_SET,
    Event.EVIDENCE_ATTACHED,
    Event.EVIDENCE_DETACHED,
    Event.SAMPLE_RECORDED,
    Event.SAMPLE_WITHDRAWN,
)


@dataclass(frozen=True, slots=True)
class Answered:
    """An enterprise's answer as far as its standing depends on it."""

    refused: bool
    # whether it was given for the record as it is now, by content and by edition
    same: bool
    # None while the second officer has said nothing
    second_agrees: bool | None


def may_be_shown(outcome: str, *, all_signed: bool) -> bool:
    """Say whether an enterprise can be asked: how the visit went is said, and what was inspected is signed off.

    Where nobody inspected, at a closed door, there is nothing that departments could sign off first.
    """
    return bool(outcome) and (all_signed or outcome not in CARRIED_OUT)


def is_asked(outcome: str, *, required: bool) -> bool:
    """Say whether the record needs an enterprise's answer at all."""
    return required and (not outcome or outcome in CARRIED_OUT)


def standing(answer: Answered | None) -> Standing:
    """Say whether an answer stands: for the record as it is, and a refusal noted by two indeed (R-1.28)."""
    if answer is None:
        return Standing.NONE
    if not answer.same:
        return Standing.OUTDATED
    if not answer.refused or answer.second_agrees:
        return Standing.VALID
    return Standing.UNCONFIRMED if answer.second_agrees is None else Standing.DISPUTED
