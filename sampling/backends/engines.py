"""What the backends have in common that let a database or a cluster hash: the frame never leaves it but for the root.

A table has no order, so these backends sort; and none of these engines knows SM3. With the root every line is checked
as in a file. Without it the form of every line is checked, and that no unit occurs twice only among those drawn.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence

from sampling import identifiers
from sampling.backends.frames import Candidate, FrameFacts, Wanted, ranked
from sampling.errors import BackendError
from sampling.selection import Selection

SHA256 = "sha256"
UNIT_FORM, SALT_FORM = identifiers.IDENTIFIER, "[0-9a-f]{32}"
# Databases look for one wrong character much faster than they count sixty-four right ones.
FOREIGN, LONGEST = UNIT_FORM.partition("]")[0].replace("[", "[^", 1) + "]", 64
Tally = tuple[str | None, int, str | None]
_TICKET_DIGITS, _BOUND_DIGITS = 64, 16


class EngineFrame(ABC):
    """A frame in an engine: columns `unit`, `stratum`, and `salt` where the strata are confidential."""

    @abstractmethod
    def tally(self) -> list[Tally]:
        """Count the units of each stratum, and name a cell of it that is not as section 0 says, if there is one."""

    @abstractmethod
    def survey_in_order(self, hash_name: str) -> FrameFacts:
        """Go through all lines in order, check them, and compute the root."""

    @abstractmethod
    def find_below(self, bounds: Mapping[str, str], *, entity_key: str) -> list[Candidate]:
        """Give (stratum, ticket, unit) of all units whose ticket in hex is at most their stratum's bound."""

    def survey(self, hash_name: str, *, rooted: bool) -> FrameFacts:
        """Check the frame's form and say what it holds."""
        _require_sha256(hash_name)
        tallies = self.tally()
        for stratum, _, malformed in tallies:
            if malformed is not None or not identifiers.is_identifier(stratum):
                raise BackendError("cell-malformed", value=ascii(malformed if malformed is not None else stratum)[:80])
        if rooted:
            return self.survey_in_order(hash_name)
        return FrameFacts(sizes=dict(sorted((str(stratum), size) for stratum, size, _ in tallies)), root=None)

    def select(
        self, facts: FrameFacts, *, counts: Mapping[str, int], reserve: int, entity_key: str, hash_name: str
    ) -> Selection:
        """Let the engine keep the small tickets and put them in order."""
        _require_sha256(hash_name)
        wanted = Wanted(counts=counts, reserve=reserve, sizes=facts.sizes)
        kept = self.find_below(_in_hex(wanted.cut_offs()), entity_key=entity_key)
        if not wanted.suffices(kept):
            kept = self.find_below(_in_hex(wanted.without_cut_offs()), entity_key=entity_key)
        _check_once(kept)
        return ranked(kept, wanted)


def columns(*, salted: bool) -> tuple[str, ...]:
    """Give the columns of the frame."""
    return ("unit", "stratum", "salt") if salted else ("unit", "stratum")


def _require_sha256(hash_name: str) -> None:
    if hash_name != SHA256:
        raise BackendError("backend-without-hash", name=hash_name)


def _in_hex(cut_offs: Mapping[str, int]) -> dict[str, str]:
    return {stratum: f"{bound:0{_BOUND_DIGITS}x}".ljust(_TICKET_DIGITS, "f") for stratum, bound in cut_offs.items()}


def _check_once(kept: Sequence[Candidate]) -> None:
    twice = [unit for unit, count in Counter(unit for _, _, unit in kept).items() if count > 1]
    if twice:
        raise BackendError("unit-twice", unit=min(twice))
