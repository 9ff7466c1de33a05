"""How check answers become item results, section results and a record (R-1.28 to R-1.35)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from sampling.canonical import canonical_bytes
from supervision.items.rules import AnswerKind
from supervision.labels import N_, Labeled

NO_PROBLEM, NO_ACTIVITY = "1", "7"
EXCLUSIVE = frozenset({NO_PROBLEM, NO_ACTIVITY})
NO_PROBLEM_CODES = frozenset({"1", "7", "L1", "L2", "L3", "L4", "L5"})
FURTHER_CODES = frozenset({"5", "8"})
COMBINABLE = frozenset({"2", "3", "4", "6"})

YES, NO, NOT_APPLICABLE = "yes", "no", "na"
YES_NO_ANSWERS = (YES, NO, NOT_APPLICABLE)
# of a check point that is a photo: taken, or nothing to take
PHOTO_ANSWERS = (YES, NOT_APPLICABLE)
LONGEST_TEXT = 2000
LONGEST_ANSWER = 500

# visit outcomes under which every item must be checked
CARRIED_OUT = frozenset({"normal", "off-site-done"})
# a visit put off is put on another day, not recorded
NOT_RECORDED = frozenset({"deferred"})
# the result that usually goes with an outcome: a hint, never filled in by itself
OUTCOME_HINTS: Mapping[str, str] = {"refused": "6", "not-found": "4", "other-operator": "4", "no-such-business": "7"}


class ReviewDecision(Labeled):
    """Decision of the reviewer: approve or return, never edit."""

    APPROVED = "approved", N_("Record approved"), "success"
    RETURNED = "returned", N_("Record returned"), "danger"


class Disposal(Labeled):
    """后续处置 chosen for a problem (R-1.35)."""

    NONE = "none", N_("No follow-up needed"), "neutral"
    CORRECTION = "correction", N_("Correction ordered"), "warning"
    CASE = "case", N_("Evidence fixed, handed to the case unit"), "danger"
    REFERRAL = "referral", N_("Another department notified"), "info"
    DAILY = "daily", N_("Fed back to daily supervision"), "info"
    OTHER = "other", N_("Other follow-up, named in the text"), "info"


@dataclass(frozen=True, slots=True)
class PointFacts:
    """A check point and its answer, as the rules need them."""

    no: int
    kind: AnswerKind
    value: str
    options: tuple[str, ...] = ()
    minimum: str = ""
    maximum: str = ""
    veto: bool = False
    # whether a photo belongs to the answer, and the check point as photos name it
    photo: bool = False
    point_id: int = 0


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item of the form as filled in."""

    item_id: int
    allowed: frozenset[str]
    checked: bool | None
    result: str | None
    further: str | None
    problem: str
    unchecked_reason: str
    disposal: Disposal | None
    points: tuple[PointFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that bars a sign-off: which item, what to do about it."""

    item_id: int
    message: str
    parameters: Mapping[str, object] = field(default_factory=dict)


def option_value(option: str) -> str:
    """Return what is stored for an option written ``中文|English``."""
    return option.partition("|")[0].strip()


def parse_number(text: str) -> Decimal | None:
    """Read a measurement exactly; None when it is no plain number."""
    try:
        number = Decimal(text.strip().replace("，", ".").replace("。", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def point_failed(point: PointFacts) -> bool:
    """Say whether an answer shows a problem: "no", or a measurement beyond a limit. A choice is judged by people."""
    if point.kind is AnswerKind.YES_NO:
        return point.value == NO
    if point.kind is AnswerKind.NUMBER and point.value != NOT_APPLICABLE:
        return beyond_limits(point.value, minimum=point.minimum, maximum=point.maximum)
    return False


def beyond_limits(value: str, *, minimum: str, maximum: str) -> bool:
    """Compare a measurement with its limits as exact decimals; both limits are allowed values."""
    number = parse_number(value)
    if number is None:
        return False
    return bool((minimum and number < Decimal(minimum)) or (maximum and number > Decimal(maximum)))


def find_gaps(item: ItemFacts, *, outcome: str, photos: Collection[tuple[int, int]] | None = None) -> list[Gap]:
    """Return what still bars the sign-off of an item; drafts may have any of it.

    ``photos`` are the (item, check point) that have one; None: nothing is known of photos, none is asked for.
    """
    if item.checked is None:
        return [Gap(item.item_id, N_("Say whether this item was checked."))]
    if not item.checked:
        return _gaps_unchecked(item, outcome)
    return [*_gaps_answers(item), *_gaps_photos(item, photos), *_gaps_result(item), *_gaps_problem(item)]


def _gaps_unchecked(item: ItemFacts, outcome: str) -> list[Gap]:
    if outcome in CARRIED_OUT:
        text = N_("The visit was carried out: check this item, or let the leader choose another outcome of the visit.")
        return [Gap(item.item_id, text)]
    if not item.unchecked_reason:
        return [Gap(item.item_id, N_("Say why this item was not checked."))]
    if item.result == NO_PROBLEM:
        return [Gap(item.item_id, N_("An item that was not checked cannot have the result “no problem found”."))]
    return []


def _gaps_answers(item: ItemFacts) -> list[Gap]:
    found = []
    for point in item.points:
        if not point.value:
            found.append(Gap(item.item_id, N_("Answer check point %(no)s."), {"no": point.no}))
        elif not _readable(point):
            found.append(
                Gap(item.item_id, N_("Check point %(no)s: write a number such as 3.5."), {"no": point.no})
                if point.kind is AnswerKind.NUMBER
                else Gap(item.item_id, N_("Check point %(no)s: choose one of the answers."), {"no": point.no})
            )
    return found


def _gaps_photos(item: ItemFacts, photos: Collection[tuple[int, int]] | None) -> list[Gap]:
    """A photo is missing where one belongs to the answer; to what does not apply none belongs."""
    if photos is None:
        return []
    return [
        Gap(item.item_id, N_("Check point %(no)s: take a photo."), {"no": point.no})
        for point in item.points
        if needs_photo(point) and (item.item_id, point.point_id) not in photos
    ]


def needs_photo(point: PointFacts) -> bool:
    """Say whether a photo belongs to what was answered."""
    asked = point.photo or point.kind is AnswerKind.PHOTO
    return asked and point.value not in ("", NOT_APPLICABLE)


def _readable(point: PointFacts) -> bool:
    if point.kind is AnswerKind.YES_NO:
        return point.value in YES_NO_ANSWERS
    if point.kind is AnswerKind.CHOICE:
        return point.value in {option_value(option) for option in point.options}
    if point.kind is AnswerKind.NUMBER:
        return point.value == NOT_APPLICABLE or parse_number(point.value) is not None
    if point.kind is AnswerKind.PHOTO:
        return point.value in PHOTO_ANSWERS
    return True


def _gaps_result(item: ItemFacts) -> list[Gap]:
    if item.result is None:
        return [Gap(item.item_id, N_("Choose the result of this item."))]
    if item.result not in item.allowed:
        return [Gap(item.item_id, N_("This result is not allowed for this item. Choose another."))]
    found = []
    if item.further and not further_allowed(item):
        text = N_("Results 1 and 7 stand alone; only 5 or 8 may be added, to 2, 3, 4 or 6.")
        found.append(Gap(item.item_id, text))
    failed = [point for point in item.points if point_failed(point)]
    if failed and item.result in NO_PROBLEM_CODES:
        found.append(_contradiction(item, failed))
    return found


def further_allowed(item: ItemFacts) -> bool:
    """Say whether the second result may stand beside the first (R-1.33)."""
    return item.result in COMBINABLE and item.further in FURTHER_CODES & item.allowed


def _contradiction(item: ItemFacts, failed: Sequence[PointFacts]) -> Gap:
    vetoed = [point.no for point in failed if point.veto]
    if vetoed:
        text = N_("Check point %(no)s is decisive and was not met: the result must name a problem.")
        return Gap(item.item_id, text, {"no": vetoed[0]})
    text = N_("Check point %(no)s was not met, so the result must name a problem.")
    return Gap(item.item_id, text, {"no": failed[0].no})


def _gaps_problem(item: ItemFacts) -> list[Gap]:
    has_problem = item.result is not None and item.result not in NO_PROBLEM_CODES
    found = []
    if has_problem or any(point_failed(point) for point in item.points):
        if not item.problem:
            found.append(Gap(item.item_id, N_("Describe the problem found.")))
        if item.disposal is None:
            found.append(Gap(item.item_id, N_("Choose what follows.")))
    elif item.problem and item.result is not None:
        text = N_("A problem is described but the result names none. Change one of them.")
        found.append(Gap(item.item_id, text))
    return found


def overall_results(item_results: Iterable[str]) -> list[str]:
    """Return a department's overall result codes from those of its items (R-1.33).

    Codes 1 and 7 stand alone: 7 only if every item says so, 1 only if no item has a problem. No result, no code.
    """
    found = set(item_results)
    others = sorted(found - EXCLUSIVE)
    if others or not found:
        return others
    return [NO_ACTIVITY] if found == {NO_ACTIVITY} else [NO_PROBLEM]


def progress(points: Iterable[tuple[bool | None, int, int]]) -> tuple[int, int]:
    """Return (answered, to answer) of a section from (checked, points answered, points) of each item.

    Each item counts one for "checked?" and one for every check point, unless it was not checked.
    """
    done = total = 0
    for checked, answered, count in points:
        done += (checked is not None) + (0 if checked is False else answered)
        total += 1 + (0 if checked is False else count)
    return done, total


# how the places of a record are called when two versions are compared
PLACE_LABELS: Mapping[str, str] = {
    "departments": N_("Departments"),
    "items": N_("Items"),
    "answers": N_("Check points"),
    "team": N_("Team"),
    "entity": N_("Entity"),
    "results": N_("Result"),
    "result": N_("Result"),
    "further": N_("Further result"),
    "checked": N_("Checked"),
    "unchecked_reason": N_("Why it was not checked"),
    "problem": N_("Problem found"),
    "disposal": N_("What follows"),
    "value": N_("Answer to the check point"),
    "note": N_("Remark"),
    "outcome": N_("Outcome of the visit"),
    "outcome_note": N_("What happened"),
    "visited_at": N_("Arrived"),
    "planned_on": N_("Planned on"),
    "signed_by": N_("Signed by"),
    "name": N_("Name"),
    "address": N_("Address"),
    "leader": N_("Leader"),
    "attachments": N_("Photos and documents"),
    "samples": N_("Samples"),
    "signatures": N_("Drawn signatures"),
    "party": N_("Enterprise's signature"),
    "how": N_("Answer of the enterprise"),
    "role": N_("Role at the enterprise"),
    "sha256": N_("Digest of the file (SHA-256)"),
    "purpose": N_("Kind of file"),
    "caption": N_("Caption"),
    "item": N_("Item"),
    "point": N_("Check point"),
    "what": N_("What was taken"),
    "amount": N_("How much"),
    "sealed": N_("Sealed"),
    "seal_number": N_("Number of the seal"),
    "given_to": N_("Given to"),
}


def to_canonical(content: Mapping[str, object]) -> str:
    """Write a record as canonical JSON, so that the same content has the same digest."""
    return canonical_bytes(content).decode()
