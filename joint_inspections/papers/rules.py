"""Which papers a visit has, what a paper says as plain data, how its number reads and when it no longer holds."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any  # facts are JSON

from sampling.canonical import canonical_bytes
from supervision.labels import N_, Labeled
from supervision.workdays.rules import WorkCalendar, add_workdays

LANGUAGES = ("zh", "en")


class PaperKind(Labeled):
    """文书种类: the papers of a visit beside its notice. How sure each name is stands in the list ``visit_papers``."""

    APPROVAL = "approval", N_("Inspection approval form")
    RECORD = "record", N_("On-site record")
    QUESTIONING = "questioning", N_("Questioning record")
    INQUEST = "inquest", N_("Inquest record")
    SAMPLING = "sampling", N_("Sampling record")
    RESULT = "result", N_("Notice of result")
    ORDER = "order", N_("Order to correct")
    CLUE = "clue", N_("Letter handing over a clue")
    COPIED = "copied", N_("Notice to another department")

    @property
    def probable(self) -> bool:
        """Whether the name was not seen in a published text (domain 3.2); the list ``visit_papers`` outranks this."""
        return self in {PaperKind.QUESTIONING, PaperKind.INQUEST, PaperKind.SAMPLING, PaperKind.RESULT}


# written by inspectors on site, each as often as it is needed
WRITTEN = (PaperKind.QUESTIONING, PaperKind.INQUEST, PaperKind.SAMPLING)
# can be printed with empty fields, for filling in by hand
BLANK = (PaperKind.RECORD, *WRITTEN)
# stands in the number of a paper: 310106-20260918-0001-JL02
MARKS = {
    PaperKind.APPROVAL: "SP",
    PaperKind.RECORD: "JL",
    PaperKind.QUESTIONING: "XW",
    PaperKind.INQUEST: "KY",
    PaperKind.SAMPLING: "CY",
    PaperKind.RESULT: "GZ",
    PaperKind.ORDER: "ZG",
    PaperKind.CLUE: "YS",
    PaperKind.COPIED: "CG",
}


def order_series(item_code: str) -> str:
    """Return the series of the orders to correct what was found at one item of a visit."""
    return f"order:{item_code}"


class SignedState(Labeled):
    """What the person concerned did with a record that was written on site (R-1.28)."""

    SIGNED = "signed", N_("Signed on the printed paper"), "success"
    REFUSED = "refused", N_("Refused to sign, noted by two officers"), "warning"


class Standing(Labeled):
    """How a paper stands when somebody checks it."""

    HOLDS = "holds", N_("This paper was issued by the platform and is the newest of its kind."), "success"
    SUPERSEDED = (
        "superseded",
        N_("This paper was issued by the platform, but a later one has taken its place. Ask for the new paper."),
        "warning",
    )
    CHANGED = (
        "changed",
        N_("This paper was issued by the platform, but what it rests on has changed since. Ask for a new paper."),
        "warning",
    )
    ENDED = (
        "ended",
        N_("This paper was issued by the platform, but the visit was called off and nothing follows from it."),
        "warning",
    )


@dataclass(frozen=True, slots=True)
class Facts:
    """A heading with pairs of a label and what stands beside it."""

    heading: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A heading with a ruled table; ``widths`` are shares of the sheet."""

    heading: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A heading with paragraphs, numbered where there are several and ``numbered`` says so."""

    heading: str
    lines: tuple[str, ...]
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Questions and answers, each pair under its marks."""

    heading: str
    pairs: tuple[tuple[str, str], ...]
    marks: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Writing:
    """A heading with empty lines to write on."""

    heading: str
    lines: int


@dataclass(frozen=True, slots=True)
class Signatures:
    """A heading with what was declared, and a line to sign for each: who signs, and what is known already."""

    heading: str
    text: str
    lines: tuple[tuple[str, str], ...]
    # beside the line, where the day is written
    day: str


@dataclass(frozen=True, slots=True)
class Seals:
    """A place for the seal of each body."""

    heading: str
    bodies: tuple[tuple[str, str], ...]
    seal: str


@dataclass(frozen=True, slots=True)
class Drawings:
    """Drawn signatures in small: whose, and the digest of each, by which its picture is found."""

    heading: str
    drawn: tuple[tuple[str, str], ...]


Block = Facts | Table | Lines | Dialogue | Writing | Signatures | Seals | Drawings


@dataclass(frozen=True, slots=True)
class PaperData:
    """A paper of a visit in one language: ``reports.documents`` draws it as it stands here."""

    kind: str
    title: str
    # "" on a form to fill in by hand: it has not been issued and carries no code
    number: str
    number_line: str
    language: str
    # enforcement bodies that give the paper, by their short names, and the district they belong to
    bodies: tuple[str, ...]
    district: str
    # said instead of the names of many bodies, with a place for their count
    others: str
    opening: tuple[str, ...]
    blocks: tuple[Block, ...]
    verify_url: str
    scan: str
    # shown at the foot of each sheet, with places for number, page and pages
    foot: str
    # printed under the title of a paper whose name was not seen in a published text, and of blank forms
    remark: str = ""
    addressee: str = ""
    # pictures that its blocks name, by their SHA-256
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def facts_of(said: PaperData) -> dict[str, Any]:
    """Return what a paper says as plain values, without its secret address and its pictures, which are kept apart."""
    found = asdict(said)
    del found["verify_url"], found["pictures"]
    return found


def paper_number(visit_number: str, kind: PaperKind, serial: int) -> str:
    """Number of the visit, mark of the kind, and which paper of that kind it is."""
    return f"{visit_number}-{MARKS[kind]}{serial:02d}"


def source_digest(*parts: object) -> str:
    """Return the digest of what a paper rests on; another source needs another paper."""
    return hashlib.sha256(canonical_bytes([str(part) for part in parts])).hexdigest()


def papers_due(began_on: date, *, workdays: int, calendar: WorkCalendar) -> date:
    """Return until when the papers of an inspection begun in an emergency are completed (R-3.11)."""
    return add_workdays(began_on, workdays, calendar)


def papers_late(due_on: date, issued: Iterable[date | None], *, today: date) -> bool:
    """Say whether any paper of an emergency was issued after its day, or is missing (None) past it."""
    return any((day or today) > due_on for day in issued)
