"""Section 8, witnesses: is the checkpoint I am shown now a continuation of the one I kept?

A log can always prove that it only grew. A witness keeps the newest checkpoint it saw and asks for that proof
before it signs a newer one; whoever shows two people two histories, or takes an entry back, is found out by
the first witness that looks. What is computed here is pure: what was kept, what is shown now, the proof.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations

from sampling.hashing import LOG_HASH
from sampling.merkle import verify_consistency
from sampling.signed_notes import (
    Checkpoint,
    SignatureState,
    SignedNote,
    VerifierKey,
    parse_checkpoint,
    parse_note,
)
from sampling.witness_texts import COMPARED, VERDICT_TEXTS


class Outcome(StrEnum):
    """What a witness finds; only the first three may be cosigned."""

    FIRST = "first"
    UNCHANGED = "unchanged"
    GROWN = "grown"
    FORK = "fork"
    ROLLBACK = "rollback"
    REWRITTEN = "rewritten"
    UNPROVEN = "unproven"
    OTHER_LOG = "other-log"
    UNSIGNED = "unsigned"
    FORGED = "forged"


GOOD = frozenset({Outcome.FIRST, Outcome.UNCHANGED, Outcome.GROWN})
# what proves by itself that the log lied: both notes are evidence
LIES = frozenset({Outcome.FORK, Outcome.ROLLBACK, Outcome.REWRITTEN})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, in words in both languages."""

    outcome: Outcome
    zh: str
    en: str
    signatures_checked: bool = True

    @property
    def is_good(self) -> bool:
        """Tell whether the new checkpoint may be kept and cosigned."""
        return self.outcome in GOOD


@dataclass(frozen=True, slots=True)
class Seen:
    """A checkpoint as somebody holds it."""

    note: SignedNote = field(repr=False)
    checkpoint: Checkpoint

    @classmethod
    def parse(cls, text: str) -> "Seen":
        """Read a note as a checkpoint."""
        note = parse_note(text)
        return cls(note=note, checkpoint=parse_checkpoint(note.text))

    def signed_by(self, keys: Sequence[VerifierKey]) -> SignatureState:
        """Say how the log's own signature stands: valid once is enough, a wrong one by a known key is a lie."""
        checks = [check for check in self.note.check(keys) if check.name == self.checkpoint.origin]
        states = {check.state for check in checks if not check.is_witness}
        order = (SignatureState.INVALID, SignatureState.VALID, SignatureState.UNCHECKED)
        return next((state for state in order if state in states), SignatureState.UNKNOWN_KEY)


def judge(kept: Seen | None, new: Seen, *, keys: Sequence[VerifierKey], proof: Sequence[bytes] | None) -> Verdict:
    """Compare what is shown now with what was kept; `proof` is the consistency proof between their sizes."""
    state = new.signed_by(keys)
    if state is SignatureState.INVALID:
        return _verdict(Outcome.FORGED, new, kept)
    if state is SignatureState.UNKNOWN_KEY:
        return _verdict(Outcome.UNSIGNED, new, kept)
    return _verdict(_compared(kept, new, proof), new, kept, checked=state is SignatureState.VALID)


def _compared(kept: Seen | None, new: Seen, proof: Sequence[bytes] | None) -> Outcome:
    if kept is None:
        return Outcome.FIRST
    old, shown = kept.checkpoint, new.checkpoint
    if old.origin != shown.origin:
        return Outcome.OTHER_LOG
    if old.size == shown.size:
        return Outcome.UNCHANGED if old.head == shown.head else Outcome.FORK
    return Outcome.ROLLBACK if old.size > shown.size else _grown(old, shown, proof)


def _grown(old: Checkpoint, shown: Checkpoint, proof: Sequence[bytes] | None) -> Outcome:
    if proof is None:
        return Outcome.GROWN if old.size == 0 else Outcome.UNPROVEN
    return Outcome.GROWN if continues(old, shown, proof) else Outcome.REWRITTEN


def continues(old: Checkpoint, new: Checkpoint, proof: Sequence[bytes]) -> bool:
    """Tell whether the proof leads from the old tree to the new one."""
    return verify_consistency(LOG_HASH, old_size=old.size, size=new.size, proof=proof, old_head=old.head, head=new.head)


def _verdict(outcome: Outcome, new: Seen, kept: Seen | None, *, checked: bool = True) -> Verdict:
    old = kept.checkpoint if kept else new.checkpoint
    facts = {
        "origin": new.checkpoint.origin,
        "size": new.checkpoint.size,
        "old": old.size,
        "old_origin": old.origin,
    }
    zh, en = (text.format(**facts) for text in VERDICT_TEXTS[outcome.value])
    return Verdict(outcome=outcome, zh=zh, en=en, signatures_checked=checked)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two notes side by side; `first` and `second` count from one."""

    first: int
    second: int
    code: str
    zh: str
    en: str


def compare(notes: Sequence[Seen]) -> list[Comparison]:
    """Compare every two of several views of a log (T16): one size and two heads are a fork."""
    return [
        _comparison(first, second, notes[first - 1].checkpoint, notes[second - 1].checkpoint)
        for first, second in combinations(range(1, len(notes) + 1), 2)
    ]


def _comparison(first: int, second: int, one: Checkpoint, other: Checkpoint) -> Comparison:
    if one.origin != other.origin:
        code = "other-log"
    elif one.size != other.size:
        code = "apart"
    else:
        code = "same" if one.head == other.head else "fork"
    facts = {"first": first, "second": second, "old": one.size, "size": other.size}
    zh, en = (text.format(**facts) for text in COMPARED[code])
    return Comparison(first=first, second=second, code=code, zh=zh, en=en)
