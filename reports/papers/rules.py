"""Which papers a draw has in each state, and what their numbers look like."""

from supervision.draws.rules import SHOWN, DrawState
from supervision.labels import N_, Labeled

LANGUAGES = ("zh", "en")


class PaperKind(Labeled):
    """A paper about a draw. The value is stable for ever: it stands in addresses and in files that were handed out."""

    COMMITMENT = "commitment", N_("Commitment sheet"), "info"
    SEALED = "sealed", N_("Certificate before opening"), "sealed"
    OPENED = "opened", N_("Certificate after opening"), "success"


# the letter of a kind in a paper's number
LETTERS = {PaperKind.COMMITMENT: "C", PaperKind.SEALED: "S", PaperKind.OPENED: "T"}
# The sheet speaks of the commitment alone and stays true later. The sealed edition belongs to the time before the
# opening: issued afterwards it would look as if somebody had held it then.
_ISSUED_IN = {
    PaperKind.COMMITMENT: frozenset({DrawState.COMMITTED, DrawState.DRAWN}) | SHOWN,
    PaperKind.SEALED: frozenset({DrawState.DRAWN}),
    PaperKind.OPENED: SHOWN,
}


def may_issue(kind: PaperKind, state: DrawState) -> bool:
    """Say whether a paper of this kind can be issued in this state of the draw."""
    return state in _ISSUED_IN[kind]


def kinds_of(state: DrawState) -> list[PaperKind]:
    """Return the kinds of paper that can be issued in this state."""
    return [kind for kind in PaperKind if may_issue(kind, state)]


def paper_number(draw_number: str, kind: PaperKind, serial: int) -> str:
    """Draw, letter of the kind and a serial number: 310106-2026-0007-T1."""
    return f"{draw_number}-{LETTERS[kind]}{serial}"
