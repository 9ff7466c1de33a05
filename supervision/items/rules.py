"""What an item list version is and what an item may say (R-1.01 to R-1.04)."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from sampling.canonical import canonical_bytes
from supervision.errors import Invalid, WrongState
from supervision.labels import N_, Labeled

FEWEST_INSPECTORS = 2  # 行政处罚法 art. 42: never below two per department
MOST_INSPECTORS = 20
WHOLE_RATIO_BP = 10_000
MOST_VISITS_A_YEAR = 366
FEWEST_DEPARTMENTS = 2
MOST_POINTS = 60
MOST_PHRASES = 40
# what the digest of a version covers: 1 as it was before forms had photos and standard wordings, 2 with them
LIST_FORMAT = 2
_LIMIT = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")


class ListState(Labeled):
    """State of a version of the item list."""

    DRAFT = "draft", N_("Draft"), "neutral"
    PUBLISHED = "published", N_("Published"), "success"
    SUPERSEDED = "superseded", N_("Replaced by a newer version"), "neutral"


TRANSITIONS = {
    ListState.DRAFT: frozenset({ListState.PUBLISHED}),
    ListState.PUBLISHED: frozenset({ListState.SUPERSEDED}),
    ListState.SUPERSEDED: frozenset[ListState](),
}


def check_transition(before: ListState, after: ListState) -> None:
    """Refuse a step the life of a version does not know: draft, published, superseded, never back."""
    if after not in TRANSITIONS[before]:
        raise WrongState("list-state", "This version of the list is not in the state for this step.")


def check_draft(state: ListState) -> None:
    """Refuse to change a version that was published: tasks and draws refer to it for ever (R-1.03)."""
    if state is not ListState.DRAFT:
        raise WrongState(
            "list-published",
            "A published version of the list never changes. Begin a draft of the next version and change it there.",
        )


class ItemCategory(Labeled):
    """事项类别 (R-1.04)."""

    GENERAL = "general", N_("General item"), "info"
    KEY = "key", N_("Key item"), "warning"


class AnswerKind(Labeled):
    """How a check point is answered."""

    YES_NO = "yes_no", N_("Yes, no or not applicable")
    CHOICE = "choice", N_("One of several")
    NUMBER = "number", N_("A number")
    TEXT = "text", N_("Free text")
    PHOTO = "photo", N_("A photo")


class FormStep(Labeled):
    """What was done to the form of a draft's item."""

    ADDED = "added", N_("Check point added")
    CHANGED = "changed", N_("Check point changed")
    MOVED = "moved", N_("Check point moved")
    REMOVED = "removed", N_("Check point removed")
    PHRASES = "phrases", N_("Standard wordings changed")
    WHOLE = "whole", N_("Check points edited all at once")
    COPIED = "copied", N_("Check points copied from another item")
    IMPORTED = "imported", N_("Taken from a file")
    UNDONE = "undone", N_("Last change taken back")


@dataclass(frozen=True, slots=True)
class ItemContent:
    """What a department may word in an item of the draft (R-1.02)."""

    name_zh: str
    name_en: str
    object_type: str
    method: str
    category: ItemCategory
    legal_basis: str
    ratio_bp: int
    max_per_year: int
    min_inspectors: int
    industries: tuple[str, ...]
    allowed_results: tuple[str, ...]
    duration_minutes: int


@dataclass(frozen=True, slots=True)
class PointContent:
    """One question of the form; ``options`` are ``中文|English``, limits are decimal text."""

    question_zh: str
    question_en: str
    kind: AnswerKind
    options: tuple[str, ...]
    unit: str
    minimum: str
    maximum: str
    legal_clause: str
    guidance_zh: str
    guidance_en: str
    veto: bool
    photo: bool = False


@dataclass(frozen=True, slots=True)
class PhraseContent:
    """A standard wording of a problem."""

    text_zh: str
    text_en: str = ""


@dataclass(frozen=True, slots=True)
class FormContent:
    """The form of an item as a value: what is asked, and the wordings offered for problems."""

    points: tuple[PointContent, ...] = ()
    phrases: tuple[PhraseContent, ...] = ()


@dataclass(frozen=True, slots=True)
class MaterialContent:
    """One paper the enterprise is told to have ready (R-1.30)."""

    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item as a value: what the digest covers and what versions are compared by."""

    code: str
    department: str
    content: ItemContent
    suspended: bool
    check_points: tuple[PointContent, ...]
    materials: tuple[MaterialContent, ...]
    phrases: tuple[PhraseContent, ...] = ()


@dataclass(frozen=True, slots=True)
class JointContent:
    """What a joint item says (R-1.42); its departments are those that own its items."""

    name_zh: str
    name_en: str
    field: str
    industries: tuple[str, ...]
    ratio_bp: int
    item_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JointFacts:
    """A joint item as a value."""

    code: str
    lead_department: str
    mode: str
    content: JointContent


@dataclass(frozen=True, slots=True)
class ListFacts:
    """A whole version as a value, items and joint items sorted by code."""

    number: int
    document_number: str
    published_on: str
    items: tuple[ItemFacts, ...]
    joint_items: tuple[JointFacts, ...]
    format: int = LIST_FORMAT


def list_bytes(facts: ListFacts) -> bytes:
    """Return the canonical JSON (RFC 8785) of a version: the bytes anybody can download and hash."""
    document = asdict(facts)
    if facts.format == 1:
        del document["format"]
        for item in document["items"]:
            del item["phrases"]
            for point in item["check_points"]:
                del point["photo"]
    return canonical_bytes(document)


def list_digest(facts: ListFacts) -> str:
    """Return the SHA-256 of the canonical JSON, in lower-case hex."""
    return hashlib.sha256(list_bytes(facts)).hexdigest()


def industry_matches(prefixes: Sequence[str], industry_code: str) -> bool:
    """Say whether an item limited to ``prefixes`` applies to ``industry_code``; no prefix means every industry."""
    return not prefixes or any(industry_code.startswith(prefix) for prefix in prefixes)


def joint_mode(departments: int) -> str:
    """Return the pattern of a joint item: ``1+2`` is a lead and two cooperating departments (R-1.26)."""
    return f"1+{departments - 1}"


def check_item(content: ItemContent) -> None:
    """Refuse values that no draft may hold."""
    if not content.name_zh:
        raise Invalid("no-name", "Give the item a Chinese name.", field="name_zh")
    if not 0 <= content.ratio_bp <= WHOLE_RATIO_BP:
        raise Invalid("ratio-range", "The ratio must lie between 0 and 100 percent.", field="ratio")
    if not FEWEST_INSPECTORS <= content.min_inspectors <= MOST_INSPECTORS:
        raise Invalid(
            "two-inspectors",
            "The law asks for at least two inspectors of each department; enter 2 to 20.",
            field="min_inspectors",
        )
    if not 1 <= content.max_per_year <= MOST_VISITS_A_YEAR:
        raise Invalid("yearly-frequency", "Enter how often a year, from 1 to 366.", field="max_per_year")
    if not content.allowed_results:
        raise Invalid("no-results", "Choose at least one allowed result.", field="allowed_results")


def check_joint(content: JointContent) -> None:
    """Refuse values that no joint item of a draft may hold."""
    if not content.name_zh:
        raise Invalid("no-name", "Give the item a Chinese name.", field="name_zh")
    if not 0 <= content.ratio_bp <= WHOLE_RATIO_BP:
        raise Invalid("ratio-range", "The ratio must lie between 0 and 100 percent.", field="ratio")


def check_point(point: PointContent, *, number: int) -> None:
    """Refuse a question that cannot be asked or answered; ``number`` tells the person which one."""
    if not point.question_zh:
        raise Invalid(
            "no-question", "Check point %(number)s: write the question in Chinese, or remove the row.", number=number
        )
    if point.kind is AnswerKind.CHOICE and len(point.options) < 2:
        raise Invalid("few-options", "Check point %(number)s: give at least two choices, one a line.", number=number)
    if point.kind is not AnswerKind.NUMBER and (point.minimum or point.maximum):
        raise Invalid(
            "limits-without-number",
            "Check point %(number)s: only a number has limits. Empty them or choose “A number”.",
            number=number,
        )
    low, high = (decimal_limit(limit, number=number) for limit in (point.minimum, point.maximum))
    if low is not None and high is not None and low > high:
        raise Invalid(
            "limits-crossed", "Check point %(number)s: the lower limit is above the upper limit.", number=number
        )


def decimal_limit(text: str, *, number: int) -> Decimal | None:
    """Return a limit as a number, None for an open one."""
    if not text:
        return None
    if not _LIMIT.fullmatch(text):
        raise Invalid(
            "limit-not-a-number",
            "Check point %(number)s: write the limit as a number, for example 37.5.",
            number=number,
        )
    return Decimal(text)


def option_name(option: str, language: str) -> str:
    """Return the name of a choice in ``language`` ("zh" or "en"); Chinese where English is missing."""
    chinese, _, english = option.partition("|")
    return (english if language == "en" else "") or chinese
