"""A correction as pages show it: by rounds, each with what came and what was decided on it."""

from collections.abc import Mapping
from dataclasses import dataclass

from joint_inspections.corrections.models import CorrectionEntry
from joint_inspections.corrections.queries import Correction
from joint_inspections.corrections.rules import EXTENDING, EntryKind
from supervision.labels import N_

# what a decision says on the page that the enterprise keeps
DECIDED: Mapping[EntryKind, str] = {
    EntryKind.ACCEPTED: N_(
        "%(department)s accepts the correction: the problem is corrected. The order asks for nothing more."
    ),
    EntryKind.RETURNED: N_("%(department)s finds that something is missing. It is to be sent by %(day)s."),
    EntryKind.REINSPECTION: N_("%(department)s looks at it again on site before it decides."),
    EntryKind.EXTENDED: N_(
        "%(department)s grants more time: the problem is to be corrected by %(day)s. The rest of the order holds."
    ),
    EntryKind.EXTENSION_REFUSED: N_("%(department)s does not grant more time. The deadline of the order holds."),
}


@dataclass(frozen=True, slots=True)
class Round:
    """One round: everything handed in until the department decided, and the decision, None while it is awaited."""

    number: int
    sent: tuple[CorrectionEntry, ...]
    decision: CorrectionEntry | None


def rounds_of(correction: Correction) -> list[Round]:
    """Return the rounds of a correction, oldest first; requests for more time stand apart."""
    rounds: list[Round] = []
    sent: list[CorrectionEntry] = []
    for entry in correction.entries:
        if entry.kind in EXTENDING:
            continue
        if entry.kind is EntryKind.SENT:
            sent.append(entry)
            continue
        rounds.append(Round(len(rounds) + 1, tuple(sent), entry))
        sent = []
    if sent:
        rounds.append(Round(len(rounds) + 1, tuple(sent), None))
    return rounds


def extensions_of(correction: Correction) -> list[CorrectionEntry]:
    """Return requests for more time and the answers to them, oldest first."""
    return [one for one in correction.entries if one.kind in EXTENDING]
