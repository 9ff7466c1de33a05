"""Life of an uploaded file, the choice of what is taken, and the limits of what is read."""

from supervision.errors import WrongState
from supervision.labels import N_, Labeled


class UploadState(Labeled):
    """State of an uploaded file."""

    CHECKING = "checking", N_("Being checked"), "info"
    CHECKED = "checked", N_("Checked, waiting for your decision"), "warning"
    APPLYING = "applying", N_("Being taken in"), "info"
    APPLIED = "applied", N_("Taken in"), "success"
    REFUSED = "refused", N_("Cannot be read"), "danger"
    DISCARDED = "discarded", N_("Discarded"), "neutral"


class Policy(Labeled):
    """Which rows of a checked file are taken."""

    ALL = "all", N_("All or nothing: only if every row is right")
    VALID = "valid", N_("Only the right rows; the wrong ones stay in the error file")


class Verdict(Labeled):
    """What a row of the file means for the register."""

    NEW = "new", N_("New"), "success"
    CHANGED = "changed", N_("Changed"), "info"
    SAME = "same", N_("Same as registered"), "neutral"
    WRONG = "wrong", N_("Wrong"), "danger"


MEGABYTE = 1 << 20
MOST_UPLOAD_BYTES = 64 * MEGABYTE
MOST_ROWS = 200_000
MOST_COLUMNS = 256
HEADER_WITHIN = 30
# the sheet of help in our own templates, by language: it holds no rows, and nobody need be told so
HELP_SHEETS = {"zh": "填写说明", "en": "Help"}
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx")

_TRANSITIONS: dict[UploadState, frozenset[UploadState]] = {
    UploadState.CHECKING: frozenset({UploadState.CHECKED, UploadState.REFUSED}),
    UploadState.CHECKED: frozenset({UploadState.APPLYING, UploadState.DISCARDED}),
    UploadState.APPLYING: frozenset({UploadState.APPLIED, UploadState.CHECKED}),
    UploadState.APPLIED: frozenset(),
    UploadState.REFUSED: frozenset({UploadState.DISCARDED}),
    UploadState.DISCARDED: frozenset(),
}


def check_step(present: UploadState, wanted: UploadState) -> None:
    """Refuse a step that the life of a file does not know."""
    if wanted not in _TRANSITIONS[present]:
        raise WrongState("upload-state", "This file has moved on meanwhile. Reload the page to see where it stands.")


def rows_to_take(*, new: int, changed: int) -> int:
    """How many rows would change the register."""
    return new + changed
