"""The draw of experts that follows a draw of inspectors: seed, keys, teams, replacements (docs/expert-draw.md).

The draw protocol knows no experts and stays as it is. This draw takes its lots from the same procedures (tickets,
match) under labels of its own, so that no lot of one draw says anything of the other.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from sampling.canonical import canonical_bytes
from sampling.hashing import hex_digest, lines_digest
from sampling.matching import Agent, match
from sampling.tickets import ticket
from supervision.errors import WrongState
from supervision.inspectors.rules import InspectorStatus
from supervision.labels import N_, Labeled

PROTOCOL = "expert-draw/1"
HASH = "sha256"
SYSTEM = "system"
KEY_DIGITS = 32
MOST_PER_TEAM = 3
# separates the special fields of an expert's entry
FIELD_MARK = "、"
CHANGE_GROUNDS = "expert_change_grounds"
# the one ground the expert states alone; the others rest on what others know
OWN_GROUNDS = frozenset({"recusal", "unavailable"})
TIED = "tied"
# grounds that say: not with this enterprise, never again
RECUSALS = frozenset({"recusal", "party-request"})


class ExpertDrawState(Labeled):
    """frozen → drawn; a list whose draw is void or abandoned, or whose visit went ahead without, is dropped."""

    FROZEN = "frozen", N_("List of experts frozen"), "info"
    DRAWN = "drawn", N_("Experts drawn"), "success"
    DROPPED = "dropped", N_("Not used"), "neutral"


class PlaceState(Labeled):
    """An expert's part in one visit: first bound to confidentiality, then told where, then asked for interests."""

    DRAWN = "drawn", N_("Statement not accepted yet"), "warning"
    BOUND = "bound", N_("Bound to confidentiality"), "warning"
    ACCEPTED = "accepted", N_("Takes part"), "success"
    REPLACED = "replaced", N_("Replaced by the machine"), "neutral"


PLACE_STEPS: dict[str, tuple[frozenset[PlaceState], PlaceState]] = {
    "bind": (frozenset({PlaceState.DRAWN}), PlaceState.BOUND),
    "accept": (frozenset({PlaceState.BOUND}), PlaceState.ACCEPTED),
    "replace": (frozenset({PlaceState.DRAWN, PlaceState.BOUND, PlaceState.ACCEPTED}), PlaceState.REPLACED),
}


def place_after(state: PlaceState, step: str) -> PlaceState:
    """Return the state a step leads to, or refuse."""
    sources, target = PLACE_STEPS[step]
    if state not in sources:
        raise WrongState("expert-moved-on", N_("This has been done already. Reload the page to see where it stands."))
    return target


@dataclass(frozen=True, slots=True)
class Need:
    """So many experts of a special field for each team."""

    code: str
    field: str
    per_team: int


@dataclass(frozen=True, slots=True)
class Line:
    """An expert under the name of this draw alone, with the needs that the expert can meet."""

    expert: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExpertList:
    """What is frozen before the seed is known. ``contributions`` are (by, digest) of a draw that follows no other."""

    number: str
    follows: str
    needs: tuple[Need, ...]
    lines: tuple[Line, ...]
    ties_digest: str
    mapping_digest: str
    contributions: tuple[tuple[str, str], ...] = ()

    def to_bytes(self) -> bytes:
        """Return the list in canonical JSON; its digest goes into the log."""
        return canonical_bytes(
            {
                "protocol": PROTOCOL,
                "hash": HASH,
                "draw": self.number,
                "follows": self.follows,
                "needs": [{"need": one.code, "field": one.field, "per_team": one.per_team} for one in self.needs],
                "experts": [{"expert": one.expert, "needs": list(one.needs)} for one in self.lines],
                "ties_digest": self.ties_digest,
                "mapping_digest": self.mapping_digest,
                "contributions": [{"by": by, "digest": digest} for by, digest in self.contributions],
            }
        )


def digest_of(data: bytes) -> str:
    """Return the digest used throughout."""
    return hex_digest(HASH, data)


def seed_of(list_digest: str, parts: Mapping[str, str]) -> str:
    """Mix the frozen list with what nobody knew when it was frozen: the seed of the draw it follows, or secrets."""
    return lines_digest(HASH, f"{PROTOCOL} seed", list_digest, *(f"{by}:{parts[by]}" for by in sorted(parts)))


def key_of(label: str, seed: str) -> str:
    """Return the key for one purpose."""
    return lines_digest(HASH, f"{PROTOCOL} {label}", seed)[:KEY_DIGITS]


def can_serve(
    fields: str, field: str, *, status: InspectorStatus, engaged_until: date, on: date
) -> bool:  # the register's words
    """Say whether an expert of these fields may be sent for ``field`` up to a day."""
    return status is InspectorStatus.ACTIVE and engaged_until >= on and field in split_fields(fields)


def split_fields(fields: str) -> tuple[str, ...]:
    """Return the special fields of an expert's entry."""
    return tuple(part.strip() for part in fields.split(FIELD_MARK) if part.strip())


Placed = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Who goes with which team: (team, need, expert), sorted, and the places nobody could be given."""

    places: tuple[Placed, ...]
    unfilled: tuple[tuple[str, str, int], ...]


def draw_experts(
    needs: Sequence[Need],
    lines: Sequence[Line],
    *,
    teams: Mapping[str, Sequence[str]],
    ties: Set[tuple[str, str]],
    seed: str,
) -> Drawn:
    """Give each team its experts, need by need: never one tied to a unit of the team, never one person twice.

    ``match`` of the draw protocol serves whoever carries least first, in an order that the key decides.
    """
    places: list[Placed] = []
    unfilled: list[tuple[str, str, int]] = []
    for need in needs:
        agents = [line.expert for line in lines if need.code in line.needs]
        loads = Counter(expert for _, _, expert in places)
        found = match(
            key_of(f"match {need.code}", seed),
            hash_name=HASH,
            agents=[Agent(name=one, cap=max(1, len(teams)), prior=loads[one]) for one in agents],
            need=dict.fromkeys(teams, need.per_team),
            barred={one: _barred(one, teams, ties, places) for one in agents},
        )
        places += [(team, need.code, one) for team, members in found.members.items() for one in members]
        unfilled += [(team, need.code, missing) for team, missing in found.missing.items()]
    return Drawn(tuple(sorted(places)), tuple(sorted(unfilled)))


def _barred(
    expert: str, teams: Mapping[str, Sequence[str]], ties: Set[tuple[str, str]], places: Iterable[Placed]
) -> frozenset[str]:
    tied = {team for team, units in teams.items() if any((expert, unit) in ties for unit in units)}
    return frozenset(tied | {team for team, _, one in places if one == expert})


def record_bytes(number: str, list_digest: str, seed: str, drawn: Drawn) -> bytes:
    """Return the outcome in canonical JSON: same list, same seed, same bytes."""
    return canonical_bytes(
        {
            "protocol": PROTOCOL,
            "draw": number,
            "list_digest": list_digest,
            "seed": seed,
            "places": [{"team": team, "need": need, "expert": expert} for team, need, expert in drawn.places],
            "unfilled": [{"team": team, "need": need, "missing": count} for team, need, count in drawn.unfilled],
        }
    )


def order_of_followers(
    need: str,
    *,
    team: str,
    k: int,
    seed: str,
    agents: Iterable[str],
    places: Iterable[Placed],
) -> list[str]:
    """Return who follows on a team in the ``k``-th change of a need, in order: the fewest places, then the ticket."""
    loads = Counter(expert for _, _, expert in places)
    key = key_of(f"replace {need}", seed)
    return sorted(agents, key=lambda one: (loads[one], ticket(key, team, str(k), one, hash_name=HASH), one))
