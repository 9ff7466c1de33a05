"""Everything that can be wrong with a row or a file: a reason and a remedy for each, on one page."""

from dataclasses import dataclass

from supervision.errors import Invalid
from supervision.labels import N_


@dataclass(frozen=True, slots=True)
class Complaint:
    """A kind of mistake; a warning does not stop a row once somebody has confirmed it."""

    code: str
    reason: str
    remedy: str
    warning: bool = False


_complaints: dict[str, Complaint] = {}


def declare(code: str, reason: str, remedy: str, *, warning: bool = False) -> str:
    """Add a kind of mistake (message ids with ``%(name)s`` places) and return its code."""
    _complaints[code] = Complaint(code, reason, remedy, warning)
    return code


def find(code: str) -> Complaint:
    """Return what is to be said about ``code``."""
    return _complaints.get(code) or Complaint(code, code, "")


class Wrong(Exception):
    """A cell or a row is wrong; ``column`` is the key of the column, empty for the whole row.

    ``part`` is the place of the part it speaks of, where an entry stands in several rows.
    """

    def __init__(self, code: str, /, column: str = "", **parameters: object) -> None:
        super().__init__(code)
        self.code = code
        self.column = column
        self.part: int | None = None
        self.parameters = {name: str(value) for name, value in parameters.items()}

    def of_part(self, place: int) -> "Wrong":
        """Say of which part it speaks."""
        self.part = place
        return self

    @property
    def warning(self) -> bool:
        """Whether a person may confirm it."""
        return find(self.code).warning


class FileRefused(Invalid):
    """The file as a whole cannot be read; says why and what to do."""

    def __init__(self, code: str, message: str, /, **parameters: object) -> None:
        super().__init__(code, message, field="file", **parameters)


MISSING = declare("missing", N_("Nothing is filled in."), N_("Fill in this cell: it is needed."))
TOO_LONG = declare("too-long", N_("Too long: %(length)s characters, at most %(most)s."), N_("Shorten the text."))
HIDDEN = declare(
    "hidden-character",
    N_("Contains an invisible character (%(character)s)."),
    N_("Type the text again instead of pasting it."),
)
DAMAGED_TEXT = declare(
    "damaged-text",
    N_("Contains damaged characters: the file was saved in a wrong encoding."),
    N_("Save the file again from its source, as XLSX or as CSV in UTF-8."),
)
QUESTION_MARK = declare(
    "lost-character",
    N_("Contains a question mark: a rare character may have been lost when the file was saved."),
    N_("Compare with the paper; save as XLSX or as CSV in UTF-8 to keep rare characters."),
    warning=True,
)
NUMBER_CODE = declare(
    "number-for-code",
    N_("Is a number, not text: the spreadsheet has rounded long codes or dropped leading zeros."),
    N_(
        "Format the column as text and enter the code again from its source; "
        "reformatting alone does not bring digits back."
    ),
)
BAD_CODE = declare(
    "bad-code", N_("Not a code: only letters and digits (and - / where usual) are allowed."), N_("Correct the code.")
)
CODE_LENGTH = declare(
    "code-length", N_("Has %(length)s characters instead of %(expected)s."), N_("Enter the whole code, nothing else.")
)
ERROR_CELL = declare(
    "error-cell", N_("The cell holds the spreadsheet error %(error)s."), N_("Correct the formula or enter the value.")
)
EMPTY_FORMULA = declare(
    "formula-without-value",
    N_("The cell holds a formula whose result is not stored in the file."),
    N_("Open the file in Excel or WPS, save it, and send it again; or replace formulas by their values."),
)
BAD_DATE = declare(
    "bad-date",
    N_("Not a date of the calendar."),
    N_("Write it as 2026-01-05 (or 2026/1/5, 20260105, 2026年1月5日)."),
)
SHORT_YEAR = declare(
    "two-digit-year",
    N_("The year is not written with four digits, so the date is not certain."),
    N_("Write the date with a four-digit year first: 2026-01-05."),
)
NOT_LISTED = declare("not-listed", N_("Not on the list of allowed values."), N_("Choose one of: %(choices)s."))
BAD_YES_NO = declare("bad-yes-no", N_("Neither yes nor no."), N_("Write 是 or 否 (yes or no)."))
TOO_MANY_CELLS = declare(
    "too-many-cells",
    N_("The row has %(found)s cells, the header %(expected)s: its values have probably shifted."),
    N_("Put quotation marks around values that contain the separator, or send an XLSX file."),
)
TOO_FEW_CELLS = declare(
    "too-few-cells",
    N_("The row has %(found)s cells, the header %(expected)s: its end is missing."),
    N_("Complete the row; empty cells still need their separators."),
)
TWICE_IN_FILE = declare(
    "twice-in-file",
    N_("The same key stands in row %(first)s already."),
    N_("Keep one of the two rows; only the first is considered."),
)
DIFFERS_ABOVE = declare(
    "differs-above",
    N_("Says something else than row %(first)s, with which it goes on because its code is empty or the same."),
    N_("Give it a code of its own if it is another entry; otherwise leave this cell empty."),
)
WITH_A_WRONG_ROW = declare(
    "with-a-wrong-row",
    N_("Another row of the same entry is wrong; the rows of an entry are taken together."),
    N_("Leave this row as it is and correct the other one."),
)
BAD_PERCENTAGE = declare(
    "bad-percentage",
    N_("Not a percentage from 0 to 100 with at most two decimals."),
    N_("Write it with a percent sign, or as 5, or as the share 0.05."),
)
ONE_OR_WHOLE = declare(
    "one-or-whole", N_("1 without a sign may mean one percent or all."), N_("Write it with a percent sign.")
)
BAD_COUNT = declare(
    "bad-count",
    N_("Not a whole number from %(least)s to %(most)s."),
    N_("Write the number alone, for example %(least)s."),
)
TOO_MANY_LINES = declare(
    "too-many-lines", N_("Holds %(found)s entries, at most %(most)s."), N_("Leave out the less important ones.")
)
