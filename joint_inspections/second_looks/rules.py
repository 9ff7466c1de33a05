"""Choosing visits by lots nobody can steer, comparing two results, and how far agreement goes beyond chance."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any  # records are JSON

from sampling import seeds
from sampling.canonical import canonical_bytes
from sampling.hashing import hex_digest
from sampling.tickets import smallest_tickets
from supervision.errors import WrongState
from supervision.labels import N_, Labeled

FORMAT = "second-looks/1"
HASH = "sha256"
PURPOSE = "second-look"
# sealed by as many people, each of another body
CONTRIBUTORS = 2
NOT_CHECKED, CANNOT_TELL = "-", "?"
FEWEST_PAIRS = 2


class RoundState(Labeled):
    """How far the choice of a quarter's second looks is."""

    FROZEN = "frozen", N_("List frozen, numbers awaited"), "info"
    SEALED = "sealed", N_("Numbers sealed, to be opened"), "warning"
    DRAWN = "drawn", N_("Visits chosen"), "success"
    DROPPED = "dropped", N_("Choice dropped"), "neutral"


class LookState(Labeled):
    """How far one second look is."""

    CHOSEN = "chosen", N_("Chosen, nobody asked yet"), "warning"
    ORDERED = "ordered", N_("A second team goes"), "info"
    DESK = "desk", N_("With a desk reviewer"), "info"
    COMPARED = "compared", N_("Both results compared"), "success"


class Cause(Labeled):
    """How the first team explains a difference."""

    CHANGED = "changed", N_("The enterprise changed it in between"), "neutral"
    FIRST_WRONG = "first_wrong", N_("The first look missed or misjudged it"), "warning"
    SECOND_WRONG = "second_wrong", N_("The second look misjudged it"), "warning"
    UNCLEAR = "unclear", N_("The check point can be read in two ways"), "info"
    OTHER = "other", N_("Other"), "neutral"


ROUND_STEPS: dict[str, tuple[frozenset[RoundState], RoundState]] = {
    "seal": (frozenset({RoundState.FROZEN}), RoundState.SEALED),
    "draw": (frozenset({RoundState.SEALED}), RoundState.DRAWN),
    "drop": (frozenset({RoundState.FROZEN, RoundState.SEALED}), RoundState.DROPPED),
}
LOOK_STEPS: dict[str, tuple[frozenset[LookState], LookState]] = {
    # from ORDERED only when that order came to nothing
    "order": (frozenset({LookState.CHOSEN, LookState.ORDERED}), LookState.ORDERED),
    "assign": (frozenset({LookState.CHOSEN, LookState.ORDERED, LookState.DESK}), LookState.DESK),
    "compare": (frozenset({LookState.ORDERED, LookState.DESK}), LookState.COMPARED),
}
MOVED_ON = N_("This has moved on, so this step is not possible now. Reload the page to see where it stands.")


def round_after(state: RoundState, step: str) -> RoundState:
    """Return the state a step leads to, or refuse."""
    sources, target = ROUND_STEPS[step]
    if state not in sources:
        raise WrongState("second-looks-state", MOVED_ON)
    return target


def look_after(state: LookState, step: str) -> LookState:
    """Return the state a step leads to, or refuse."""
    sources, target = LOOK_STEPS[step]
    if state not in sources:
        raise WrongState("second-look-state", MOVED_ON)
    return target


def how_many(count: int, *, percent: int, minimum: int) -> int:
    """Return how many of ``count`` finished visits are looked at again: the share rounded up, a few at least."""
    return min(count, max(minimum, -(-count * percent // 100)))


def list_bytes(number: str, quarter: str, visits: Sequence[str], *, wanted: int) -> bytes:
    """Return the list from which is drawn, in canonical JSON: its digest is logged before any number is opened."""
    return canonical_bytes(
        {"format": FORMAT, "round": number, "quarter": quarter, "wanted": wanted, "visits": sorted(visits)}
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """What was drawn, and from what: whoever has list, numbers and checkpoint computes the same."""

    seed: str
    key: str
    # (ticket, number of the visit), the smallest first
    drawn: tuple[tuple[str, str], ...]


def choose(list_digest: str, visits: Sequence[str], *, wanted: int, secrets: Mapping[str, str], beacon: str) -> Choice:
    """Draw visits: the seed is mixed of the list, every opened number, and a checkpoint that came after the list."""
    seed = seeds.seed(hash_name=HASH, commitment_digest=list_digest, secrets=secrets, beacon_value=beacon)
    key = seeds.key(PURPOSE, hash_name=HASH, seed=seed)
    return Choice(seed, key, tuple(smallest_tickets(key, visits, count=wanted, hash_name=HASH)))


def digest_of(data: bytes) -> str:
    """Return the digest used throughout."""
    return hex_digest(HASH, data)


@dataclass(frozen=True, slots=True)
class Judged:
    """What one look says of an item: its result (or that it was not checked), and the answers by check point."""

    code: str
    result: str
    answers: Mapping[int, str]
    note: str = ""


def judged_items(content: Mapping[str, Any]) -> dict[str, Judged]:
    """Return what a record says of each item."""
    return {
        item["code"]: Judged(
            item["code"],
            str(item["result"]) if item["checked"] and item["result"] else NOT_CHECKED,
            {int(one["no"]): str(one["value"]) for one in item["answers"] if one["value"]},
            item["problem"] or item["unchecked_reason"] or "",
        )
        for part in content["departments"]
        for item in part["items"]
    }


@dataclass(frozen=True, slots=True)
class Compared:
    """One item seen twice. ``agrees`` is None where the second look could not tell, or left the item unchecked."""

    code: str
    first: str
    second: str
    agrees: bool | None
    # check points that both answered, and those with two answers: [no, first, second]
    points: int
    differing: tuple[tuple[int, str, str], ...]


def compare_items(first: Mapping[str, Judged], second: Mapping[str, Judged]) -> list[Compared]:
    """Compare two looks item by item, in the order of the first."""
    found = []
    for code, one in first.items():
        other = second.get(code, Judged(code, CANNOT_TELL, {}))
        both = sorted(one.answers.keys() & other.answers.keys())
        pairs = ((no, one.answers[no], other.answers[no]) for no in both)
        differing = tuple(pair for pair in pairs if pair[1] != pair[2])
        untold = other.result == CANNOT_TELL or (other.result == NOT_CHECKED != one.result)
        agrees = None if untold else one.result == other.result
        found.append(Compared(code, one.result, other.result, agrees, len(both), differing))
    return found


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two looks agree over several items: seen twice, agreeing, and Cohen's kappa where it says anything."""

    pairs: int
    agreeing: int
    kappa: float | None

    @property
    def rate(self) -> float | None:
        """The share that agrees."""
        return self.agreeing / self.pairs if self.pairs else None


def agreement(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Return the agreement of pairs of results.

    Kappa takes off what two looks would agree on by chance if each gave its results at random in its own proportions
    (Cohen 1960). Where both gave one and the same result throughout, chance explains all and kappa says nothing.
    """
    count, agreeing = len(pairs), sum(one == other for one, other in pairs)
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(first[result] * second[result] for result in first)
    if count < FEWEST_PAIRS or chance == count * count:
        return Agreement(count, agreeing, None)
    expected = chance / (count * count)
    return Agreement(count, agreeing, (agreeing / count - expected) / (1 - expected))
