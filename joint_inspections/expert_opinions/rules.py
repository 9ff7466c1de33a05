"""When an expert can write, and what a signature stands under: pure values in, values out."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from joint_inspections.visits.rules import VisitState
from sampling.canonical import canonical_bytes
from supervision.labels import N_, Labeled

FORMAT = "expert-opinion/1"
LONGEST_TEXT = 4000
MOST_FILES = 20
S = VisitState
# from the arrival until the result is public: what somebody judges after that would change nothing
OPEN_FOR_OPINIONS = frozenset({S.ON_SITE, S.SUBMITTED, S.RETURNED, S.ACCEPTED, S.CORRECTING})


class SignedState(Labeled):
    """How an expert's signature stands to what the expert wrote."""

    NOTHING = "nothing", N_("Nothing written yet"), "neutral"
    OPEN = "open", N_("Written, not signed"), "warning"
    OUTDATED = "outdated", N_("Changed since it was signed"), "warning"
    SIGNED = "signed", N_("Signed"), "success"


@dataclass(frozen=True, slots=True)
class Said:
    """The newest word on an item; ``item`` is "" for the visit as a whole."""

    item: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Added:
    """A file by its digest."""

    item: str
    sha256: str
    caption: str


def signed_bytes(*, visit: str, expert: str, said: Iterable[Said], added: Iterable[Added]) -> bytes:
    """Return what an expert signs, in canonical JSON: the newest word on each item and every file."""
    return canonical_bytes(
        {
            "format": FORMAT,
            "visit": visit,
            "expert": expert,
            "opinions": [{"item": one.item, "text": one.text} for one in sorted(said, key=lambda one: one.item)],
            "files": [{"item": one.item, "sha256": one.sha256, "caption": one.caption} for one in added],
        }
    )


def digest_of(data: bytes) -> str:
    """Return the digest under which a signature stands."""
    return hashlib.sha256(data).hexdigest()


def state_of(*, written: bool, digest: str, signed: str | None) -> SignedState:
    """Say how the newest signature stands to what is written now."""
    if not written:
        return SignedState.NOTHING
    if signed is None:
        return SignedState.OPEN
    return SignedState.SIGNED if signed == digest else SignedState.OUTDATED
