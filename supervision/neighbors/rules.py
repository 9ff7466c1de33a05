"""When inspectors of a neighboring area may help, how many, and how a request goes on (R-1.23)."""

from dataclasses import dataclass
from datetime import date

from supervision.errors import Invalid, WrongState
from supervision.labels import N_, Labeled

# at least one of each team is the department's own, until the parameters say otherwise
OWN_MINIMUM = 1
ROSTER_MINIMUM = 2
LARGEST_PROOF = 5_000_000
# how the kinds of document that are taken begin, and what they are
PROOF_KINDS = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


class LoanState(Labeled):
    """Life of a request to borrow inspectors."""

    ASKED = "asked", N_("Waiting for the neighboring area"), "warning"
    GRANTED = "granted", N_("Granted"), "success"
    REFUSED = "refused", N_("Not granted"), "neutral"
    WITHDRAWN = "withdrawn", N_("Taken back"), "neutral"
    ENDED = "ended", N_("Loan over"), "neutral"


_MOVES = {
    LoanState.GRANTED: LoanState.ASKED,
    LoanState.REFUSED: LoanState.ASKED,
    LoanState.WITHDRAWN: LoanState.ASKED,
    LoanState.ENDED: LoanState.GRANTED,
}


def check_move(state: LoanState, target: LoanState) -> None:
    """Refuse a step that the state of the request does not allow."""
    if state is not _MOVES[target]:
        raise WrongState("loan-state", N_("This request does not allow this step any more. Open its page again."))


@dataclass(frozen=True, slots=True)
class Shortage:
    """How many inspectors a department has for a task, and how many it needs.

    ``own`` and ``lent`` are those who can serve: certified, qualified for every item, not absent throughout.
    ``places`` are what each of them can fill, at most.
    """

    department_id: int
    department_code: str
    own: int
    lent: int
    needed: int
    available: int
    places: int
    per_team: int
    roster_minimum: int = ROSTER_MINIMUM
    own_minimum: int = OWN_MINIMUM

    @property
    def missing(self) -> int:
        """Places that nobody could fill."""
        return max(0, self.needed - self.available)

    @property
    def lacking(self) -> int:
        """People who are lacking: for the places, or up to the fewest a roster must have."""
        for_places = -(-self.missing // self.places) if self.places else 0
        return max(for_places, self.roster_minimum - self.own - self.lent, 0)

    @property
    def limit(self) -> int | None:
        """The most people who may be lent, None without a limit.

        The machine draws freely among all lines of a roster, so a team can only be sure to have its own people when
        fewer than a whole team of lent ones stand in it.
        """
        return max(0, self.per_team - self.own_minimum) if self.own_minimum else None

    @property
    def allowed(self) -> int:
        """How many more people may be borrowed now."""
        if self.limit is None:
            return self.lacking
        return max(0, min(self.lacking, self.limit - self.lent))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the neighboring area answered."""

    area_code: str
    lending_department: str
    granted: int
    document_number: str
    document_on: date
    note: str


@dataclass(frozen=True, slots=True)
class Proof:
    """The area's document as somebody sent it in."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class LentPerson:
    """Somebody whom the area lends, as its document names them; qualified for every item of the request."""

    certificate_number: str
    name: str
    certificate_valid_until: date
    issuing_body: str
    starts_on: date
    ends_on: date


def check_answer(answer: Answer, *, wanted: int, today: date) -> None:
    """Refuse an answer that does not say who agreed to what, or that grants more than was asked."""
    if not answer.lending_department or not answer.document_number:
        raise Invalid(
            "loan-document",
            N_("Give the lending department and the number of its document."),
            field="document_number" if answer.lending_department else "lending_department",
        )
    if answer.document_on > today:
        raise Invalid("loan-document-day", N_("The document cannot be of a day to come."), field="document_on")
    if not 1 <= answer.granted <= wanted:
        raise Invalid(
            "loan-granted",
            N_("At least one and at most %(wanted)s inspectors were asked for."),
            field="granted",
            wanted=wanted,
        )


def media_type_of(proof: Proof) -> str:
    """Return what kind of document it is, or refuse what is none or too large."""
    if len(proof.content) > LARGEST_PROOF:
        raise Invalid("loan-proof-size", N_("The document is larger than 5 MB."), field="proof")
    for beginning, media_type in PROOF_KINDS:
        if proof.content.startswith(beginning):
            return media_type
    raise Invalid("loan-proof-kind", N_("The document must be a PDF, a JPEG or a PNG."), field="proof")


def check_days(person: LentPerson, *, first: date, last: date) -> None:
    """Refuse a loan that does not cover the task: whoever is drawn must be there on every day it may be visited."""
    if person.ends_on < person.starts_on:
        raise Invalid("loan-order", N_("The last day lies before the first day."), field="ends_on")
    if person.starts_on > first or person.ends_on < last:
        raise Invalid(
            "loan-days",
            N_("The loan must last from %(first)s to %(last)s, the days of the task."),
            field="starts_on" if person.starts_on > first else "ends_on",
            first=first.isoformat(),
            last=last.isoformat(),
        )
    if person.certificate_valid_until < last:
        raise Invalid(
            "loan-certificate",
            N_("The certificate must still be valid on %(last)s, the last day of the task."),
            field="certificate_valid_until",
            last=last.isoformat(),
        )
