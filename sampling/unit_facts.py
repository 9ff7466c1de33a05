"""What one enterprise can be told about itself: line, ticket, rank, chance and proof (sections 1 and 5)."""

from dataclasses import dataclass

from sampling.bundle import LOG, Bundle
from sampling.drawing import keys_of
from sampling.log_checks import logged_replacements
from sampling.merkle import inclusion_proof
from sampling.records import RECORD, DrawnUnit
from sampling.replacement import Struck
from sampling.seeds import ENTITIES
from sampling.selection import order
from sampling.strata import allocate
from sampling.tables import EXCLUDED, FRAME, lines_of


@dataclass(frozen=True, slots=True)
class Later:
    """What the log says of a unit after the draw: it was struck, or called from the reserve list."""

    kind: str
    ground: str
    out: str
    successor: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit stands in its stratum: rank from 1, the chance n/N, and the last ticket selected."""

    stratum: str
    ticket: str
    rank: int
    selected: int
    size: int
    cut_off: str | None
    later: Later | None = None
    # without log.json nobody knows what came later
    later_told: bool = False

    @property
    def is_selected(self) -> bool:
        """Tell whether the unit was drawn."""
        return self.rank <= self.selected

    @property
    def reserve_rank(self) -> int | None:
        """Give the place on the reserve list, from 1, or None for a unit that was drawn."""
        return None if self.is_selected else self.rank - self.selected


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit's line in frame.tsv or excluded.tsv with its Merkle proof; no file when it is in neither."""

    unit: str
    file: str | None = None
    line: str = ""
    line_number: int = 0
    size: int = 0
    root: str = ""
    proof: tuple[str, ...] = ()
    reason: str | None = None
    place: Place | None = None


def explain_unit(bundle: Bundle, unit: str) -> UnitFacts:
    """Say what the bundle knows of a unit; without a record there is no ticket yet."""
    position = bundle.frame.position(unit)
    if position is not None:
        return _proven(bundle, unit, FRAME, position=position, place=_place(bundle, unit))
    position = bundle.excluded.position(unit)
    if position is not None:
        reason = bundle.excluded.reasons[position]
        return _proven(bundle, unit, EXCLUDED, position=position, reason=reason)
    return UnitFacts(unit=unit)


def _proven(
    bundle: Bundle,
    unit: str,
    file: str,
    *,
    position: int,
    reason: str | None = None,
    place: Place | None = None,
) -> UnitFacts:
    lines = lines_of(bundle.files[file])
    proof = inclusion_proof(bundle.hash_name, lines, index=position)
    root = bundle.commitment.frame_root if file == FRAME else bundle.commitment.excluded_root
    return UnitFacts(
        unit=unit,
        file=file,
        line=lines[position].decode(),
        line_number=position + 1,
        size=len(lines),
        root=root,
        proof=tuple(neighbor.hex() for neighbor in proof),
        reason=reason,
        place=place,
    )


def _place(bundle: Bundle, unit: str) -> Place | None:
    stratum = bundle.frame.stratum_of(unit)
    if stratum is None or not bundle.has(RECORD):
        return None
    # The key is computed from the secrets shown, not taken from the record's word.
    record = bundle.record
    entity_key = keys_of(bundle, record.secrets, record.beacon_value).key(ENTITIES)
    drawn = order(bundle.frame, stratum=stratum, entity_key=entity_key, hash_name=bundle.hash_name)
    selected = allocate(bundle.frame.sizes(), bundle.rules.allocation)[stratum]
    rank = next(number for number, row in enumerate(drawn, 1) if row.unit == unit)
    return Place(
        stratum=stratum,
        ticket=drawn[rank - 1].ticket,
        rank=rank,
        selected=selected,
        size=len(drawn),
        cut_off=_cut_off(drawn, selected),
        later=_later(bundle, unit),
        later_told=bundle.has(LOG),
    )


def _later(bundle: Bundle, unit: str) -> Later | None:
    """Find the strike of a unit, or the one that called it; a struck unit that was called before is told as struck."""
    strikes = [event for event in logged_replacements(bundle) if isinstance(event, Struck)]
    for kind, found in (
        ("struck", [event for event in strikes if event.out == unit]),
        ("called", [event for event in strikes if event.successor == unit]),
    ):
        if found:
            return Later(kind=kind, ground=found[0].ground, out=found[0].out, successor=found[0].successor)
    return None


def _cut_off(drawn: tuple[DrawnUnit, ...], selected: int) -> str | None:
    return drawn[selected - 1].ticket if selected else None
