"""Life of an order, and the lots by which the machine sends a team (R-1.20 to R-1.25, R-3.08, R-3.11)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sampling import seeds
from sampling.canonical import canonical_bytes
from sampling.hashing import hex_digest
from sampling.tickets import in_ticket_order
from supervision.errors import WrongState
from supervision.items.rules import FEWEST_INSPECTORS
from supervision.labels import N_, Labeled

FORMAT = "ordered-team/1"
HASH = "sha256"
PURPOSE = "ordered-team"
GROUNDS = "ordered_grounds"
REINSPECTION_GROUND = "reinspection"
SECOND_LOOK_GROUND = "second-look"


class OrderedKind(Labeled):
    """Why somebody goes without a draw; the values are those of the visit's kind."""

    TRIGGERED = "triggered", N_("Triggered inspection"), "warning"
    REINSPECTION = "reinspection", N_("Re-inspection"), "info"
    SECOND_LOOK = "second_look", N_("Blind second look"), "info"


# what the team reads as the title of its task; data, as the titles of plans are
TITLES = {
    OrderedKind.TRIGGERED: "触发式检查",
    OrderedKind.REINSPECTION: "复查",
    OrderedKind.SECOND_LOOK: "复核检查",
}


class OrderState(Labeled):
    """waiting → sent, or refused; cancelled before the visit begins. An urgent order is sent when it is given."""

    WAITING = "waiting", N_("Waiting for the heads"), "warning"
    SENT = "sent", N_("Team sent"), "success"
    REFUSED = "refused", N_("Refused by a head"), "danger"
    CANCELLED = "cancelled", N_("Order cancelled"), "neutral"


S = OrderState
_BEFORE: dict[OrderState, frozenset[OrderState]] = {
    S.SENT: frozenset({S.WAITING}),
    S.REFUSED: frozenset({S.WAITING, S.SENT}),
    S.CANCELLED: frozenset({S.WAITING, S.SENT}),
}


def order_after(state: OrderState, target: OrderState) -> OrderState:
    """Return the next state of an order, or refuse."""
    if state not in _BEFORE[target]:
        raise WrongState("order-moved-on", "This order has moved on meanwhile. Reload the page to see where it stands.")
    return target


# kinds of inspections that look at a visit again have one ground each, which is no other kind's
GROUND_AGAIN = {OrderedKind.REINSPECTION: REINSPECTION_GROUND, OrderedKind.SECOND_LOOK: SECOND_LOOK_GROUND}


def grounds_of(kind: OrderedKind, codes: Iterable[str]) -> list[str]:
    """Return the grounds that an order of a kind can name."""
    if kind in GROUND_AGAIN:
        return [code for code in codes if code == GROUND_AGAIN[kind]]
    return [code for code in codes if code not in GROUND_AGAIN.values()]


def candidates_bytes(number: str, salt: str, candidates: Mapping[str, Sequence[str]]) -> bytes:
    """Return what is logged, by its digest, before the seed exists: who can be sent, by department.

    The salt keeps those who know the register from finding out by trying; the enterprise does not stand in it.
    """
    listed = [[code, sorted(candidates[code])] for code in sorted(candidates)]
    return canonical_bytes({"format": FORMAT, "order": number, "salt": salt, "candidates": listed})


@dataclass(frozen=True, slots=True)
class Lots:
    """The seed, and the order of each department's candidates: (ticket, certificate number)."""

    seed: str
    by_department: Mapping[str, Sequence[tuple[str, str]]]

    def order_bytes(self, number: str) -> bytes:
        """Return what is logged, by its digest, when the lots are drawn."""
        listed = [[code, [list(one) for one in self.by_department[code]]] for code in sorted(self.by_department)]
        return canonical_bytes({"format": FORMAT, "order": number, "seed": self.seed, "lots": listed})


def draw_lots(candidates: Mapping[str, Sequence[str]], *, candidates_digest: str, leaf: str, secret: str) -> Lots:
    """Mix the seed of the logged candidates, their log entry and a fresh number; order each department by tickets."""
    seed = seeds.seed(
        hash_name=HASH, commitment_digest=candidates_digest, secrets={"system": secret}, beacon_value=leaf
    )
    key = seeds.key(PURPOSE, hash_name=HASH, seed=seed)
    return Lots(seed, {code: in_ticket_order(key, names, hash_name=HASH) for code, names in candidates.items()})


def digest_of(data: bytes) -> str:
    """Return the digest used throughout."""
    return hex_digest(HASH, data)


def too_few(candidates: Mapping[str, Sequence[object]], needed: Mapping[str, int]) -> list[str]:
    """Return the departments with fewer people who can be sent than must go (R-1.20)."""
    return sorted(code for code, found in candidates.items() if len(found) < needed[code])


def people_needed(minimums: Iterable[int]) -> int:
    """Return how many a department sends: what its items ask for, never fewer than two (R-1.20)."""
    return max([FEWEST_INSPECTORS, *minimums])


def next_by_lots(ahead: Iterable[str], passed: Collection[str]) -> tuple[str | None, list[str]]:
    """Return who follows of those who can still follow, in the order of the lots, and who is passed over before.

    ``passed`` are those for whom a reason is kept; nobody else can be passed over.
    """
    over: list[str] = []
    for name in ahead:
        if name not in passed:
            return name, over
        over.append(name)
    return None, over
