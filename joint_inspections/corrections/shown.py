"""A correction as pages show it: by rounds, each with what came and what was decided on it."""

from dataclasses import dataclass

from joint_inspections.corrections.models import CorrectionEntry
from joint_inspections.corrections.queries import Correction
from joint_inspections.corrections.rules import EXTENDING, EntryKind


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
