"""What an entity is, how it is identified (GB 32100-2015) and which changes of its status the register knows."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from operator import mul

from supervision.errors import Invalid, WrongState
from supervision.labels import N_, Labeled

REGISTRATION_PREFIX = "REG-"
USCC_LENGTH = 18
# the 31 characters of GB 32100: I, O, S, V and Z never occur
_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_ALPHABET = frozenset(_CHARACTERS)
_VALUES = {character: value for value, character in enumerate(_CHARACTERS)}
_WEIGHTS = tuple(3**place % len(_CHARACTERS) for place in range(USCC_LENGTH - 1))
REGISTRATION_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z-]{3,29}")
PHONE = re.compile(r"[0-9+][0-9 ()+,;/#*-]{4,29}")
EARLIEST_YEAR = 1840
LONGEST = {
    "name": 200,
    "address": 300,
    "legal_representative": 100,
    "business_scope": 5000,
}


class EntityStatus(Labeled):
    """登记状态 of an entity."""

    ACTIVE = "active", N_("In operation"), "success"
    DEREGISTERED = "deregistered", N_("Deregistered"), "neutral"
    REVOKED = "revoked", N_("Licence revoked"), "danger"
    RESCINDED = "rescinded", N_("Registration rescinded"), "danger"
    MOVED_OUT = "moved_out", N_("Moved out"), "neutral"
    CLOSED = "closed", N_("Closed"), "neutral"
    # the entry, not the enterprise: kept out of pools by a person, for example as a second entry of the same one
    SUSPENDED = "suspended", N_("Entry suspended"), "warning"


S = EntityStatus
# what may follow what; every end can be undone by an official act (a revocation annulled, a registration restored)
STATUS_CHANGES: dict[EntityStatus, frozenset[EntityStatus]] = {
    S.ACTIVE: frozenset({S.DEREGISTERED, S.REVOKED, S.RESCINDED, S.MOVED_OUT, S.CLOSED, S.SUSPENDED}),
    S.SUSPENDED: frozenset({S.ACTIVE, S.DEREGISTERED, S.REVOKED, S.RESCINDED, S.MOVED_OUT, S.CLOSED}),
    S.CLOSED: frozenset({S.ACTIVE, S.DEREGISTERED, S.REVOKED, S.RESCINDED, S.MOVED_OUT}),
    S.REVOKED: frozenset({S.ACTIVE, S.DEREGISTERED, S.RESCINDED}),
    S.MOVED_OUT: frozenset({S.ACTIVE, S.DEREGISTERED, S.REVOKED, S.RESCINDED}),
    S.DEREGISTERED: frozenset({S.ACTIVE, S.RESCINDED}),
    S.RESCINDED: frozenset({S.ACTIVE}),
}

ONLY_COORDINATOR = N_("Only the district coordinator suspends an entry, or changes the status of a suspended one.")


class RiskClass(Labeled):
    """信用风险分类 A–D: internal to regulators, never published (R-2.01)."""

    A = "A", N_("Class A, low risk"), "success"
    B = "B", N_("Class B, ordinary"), "info"
    C = "C", N_("Class C, higher risk"), "warning"
    D = "D", N_("Class D, high risk"), "danger"


class DuplicateSign(Labeled):
    """Why two entries may be one enterprise, the strongest sign first."""

    ORGANIZATION = "organization", N_("Same organisation code inside the credit code"), "danger"
    NUMBER = "number", N_("Same registration number, written differently"), "danger"
    NAME = "name", N_("Same or look-alike name"), "warning"
    PLACE = "place", N_("Same address and legal representative"), "info"


class DuplicateVerdict(Labeled):
    """What the coordinator found of two entries that looked like one enterprise."""

    DIFFERENT = "different", N_("Two different entities"), "neutral"
    SAME = "same", N_("The same entity"), "warning"


class UsccProblem(Labeled):
    """What is wrong with a credit code. Only a failing check character may be confirmed by a person."""

    LENGTH = "length", N_("A credit code has 18 characters; this one has %(length)s."), "danger"
    LETTER = (
        "letter",
        N_(
            "A credit code is made of digits and capital letters without I, O, S, V and Z; "
            "this one contains %(letters)s. Look again: 1, 0, 5, U or 2 may be meant."
        ),
        "danger",
    )
    CHECK = (
        "check",
        N_(
            "The check character does not fit: by GB 32100 it would be %(expected)s, the code ends with %(found)s. "
            "Compare with the licence; some early pilot codes are valid all the same."
        ),
        "warning",
    )


@dataclass(frozen=True, slots=True)
class UsccCheck:
    """A credit code as written properly, and what is wrong with it; ``parameters`` fill the problem's label."""

    code: str
    problem: UsccProblem | None = None
    parameters: tuple[tuple[str, object], ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether the text can be no credit code at all; a failing check character is only a warning."""
        return self.problem in {UsccProblem.LENGTH, UsccProblem.LETTER}

    def refusal(self, *, code: str = "uscc") -> Invalid:
        """Return the problem as a refusal of the field ``uscc``."""
        if self.problem is None:
            raise ValueError("nothing is wrong with this code")
        return Invalid(code, self.problem.label, field="uscc", **dict(self.parameters))


def normalize_code(text: str) -> str:
    """Write a credit code or registration number properly: half-width capitals without blanks or hidden characters."""
    if text.isascii() and text.isalnum():  # as nearly all are: nothing to fold and nothing hidden
        return text.upper()
    folded = unicodedata.normalize("NFKC", text)
    return "".join(char for char in folded if not char.isspace() and unicodedata.category(char) != "Cf").upper()


def _check_character(code: str) -> str:
    """Return the last character that GB 32100 asks for: what a register's file has a hundred thousand times."""
    total = sum(map(mul, map(_VALUES.__getitem__, code[:-1]), _WEIGHTS))
    return _CHARACTERS[-total % len(_CHARACTERS)]


def check_uscc(text: str) -> UsccCheck:
    """Say whether ``text`` is a credit code and, if not, what is wrong with it."""
    code = normalize_code(text)
    if len(code) != USCC_LENGTH:
        return UsccCheck(code, UsccProblem.LENGTH, (("length", len(code)),))
    strange = sorted(set(code) - USCC_ALPHABET)
    if strange:
        return UsccCheck(code, UsccProblem.LETTER, (("letters", " ".join(strange)),))
    expected = _check_character(code)
    if expected != code[-1]:
        return UsccCheck(code, UsccProblem.CHECK, (("expected", expected), ("found", code[-1])))
    return UsccCheck(code)


def check_registration_number(text: str) -> str:
    """Return a registration number written properly, or refuse it."""
    number = normalize_code(text).removeprefix(REGISTRATION_PREFIX)
    if not REGISTRATION_NUMBER.fullmatch(number):
        raise Invalid(
            "registration-number",
            "A registration number has 4 to 30 digits, capital letters or hyphens.",
            field="registration_number",
        )
    return number


def unit_id(uscc: str | None, registration_number: str | None) -> str:
    """Return the immutable id of an entity in draws: its credit code, else ``REG-`` and the registration number."""
    if uscc:
        return uscc
    if registration_number:
        return REGISTRATION_PREFIX + registration_number
    raise ValueError("an entity needs a credit code or a registration number")


@dataclass(frozen=True, slots=True)
class EntityFacts:
    """What somebody states about an entity. ``None`` leaves what is recorded; an empty text clears it.

    The last block is for imports: by hand, status, class and tags have forms of their own.
    """

    name: str
    uscc: str | None = None
    registration_number: str | None = None
    type_code: str | None = None
    industry_code: str | None = None
    sub_district_code: str | None = None
    address: str | None = None
    legal_representative: str | None = None
    contact_phone: str | None = None
    business_scope: str | None = None
    registered_on: date | None = None
    uscc_confirmed: bool = False
    status: EntityStatus | None = None
    status_since: date | None = None
    risk_class: RiskClass | None = None
    risk_as_of: date | None = None
    tags: tuple[str, ...] | None = None


# what a correction may change, in the order of the form
CORRECTABLE = (
    "name",
    "uscc",
    "registration_number",
    "type_code",
    "industry_code",
    "sub_district_code",
    "address",
    "legal_representative",
    "contact_phone",
    "business_scope",
    "registered_on",
)
# never written to the audit log: personal data (PIPL art. 6)
UNLOGGED = frozenset({"contact_phone"})


def check_facts(facts: EntityFacts, *, today: date) -> None:
    """Refuse facts of a wrong shape; codes are checked on their own."""
    if not facts.name:
        raise Invalid("name-missing", "Give the name as on the licence.", field="name")
    for field, longest in LONGEST.items():
        if len(getattr(facts, field) or "") > longest:
            raise Invalid("too-long", "Use at most %(most)s characters.", field=field, most=longest)
    if facts.contact_phone and not PHONE.fullmatch(facts.contact_phone):
        raise Invalid("phone", "A phone number has 5 to 30 digits, blanks or hyphens.", field="contact_phone")
    if facts.registered_on and facts.registered_on > today:
        raise Invalid("registered-in-future", "The day of registration lies in the future.", field="registered_on")
    if facts.registered_on and facts.registered_on.year < EARLIEST_YEAR:
        raise Invalid("registered-too-early", "Check the year of registration.", field="registered_on")


def check_status_change(
    before: EntityStatus, after: EntityStatus, *, since: date, last_since: date, today: date
) -> None:
    """Refuse a change of status the register does not know, or one out of order in time (R-1.07)."""
    if after not in STATUS_CHANGES[before]:
        raise WrongState("status-change", "This status cannot follow the present one. Choose another.")
    if since > today:
        raise Invalid(
            "since-future", "The day lies in the future. Record the change when it has happened.", field="since"
        )
    if since < last_since:
        raise Invalid(
            "since-before",
            "The present status began on %(day)s; the change cannot be earlier.",
            field="since",
            day=last_since.isoformat(),
        )


def month_of(day: date) -> date:
    """Return the first day of the month a risk class speaks of (R-2.02: refreshed monthly)."""
    return day.replace(day=1)
