"""Section 5: which units. In each stratum by (ticket, unit): the first n, then the reserve list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sampling.records import DrawnUnit
from sampling.tables import Frame
from sampling.tickets import in_ticket_order, smallest_tickets


@dataclass(frozen=True, slots=True)
class Selection:
    """The selected units and the beginning of each stratum's reserve list."""

    selected: tuple[DrawnUnit, ...]
    reserve: tuple[DrawnUnit, ...]


def order(frame: Frame, *, stratum: str, entity_key: str, hash_name: str) -> tuple[DrawnUnit, ...]:
    """Give the whole order of a stratum: the selected are its first n, the reserve list all others."""
    drawn = in_ticket_order(entity_key, frame.units_of(stratum), hash_name=hash_name)
    return tuple(DrawnUnit(unit=unit, stratum=stratum, ticket=lot) for lot, unit in drawn)


def select(frame: Frame, *, counts: Mapping[str, int], reserve: int, entity_key: str, hash_name: str) -> Selection:
    """Select `counts[s]` units of each stratum and name the next `reserve` of each list."""
    selected: list[DrawnUnit] = []
    following: list[DrawnUnit] = []
    by_stratum = _units_by_stratum(frame)
    for stratum, count in sorted(counts.items()):
        units = by_stratum.get(stratum, ())
        first = smallest_tickets(entity_key, units, count=min(count + reserve, len(units)), hash_name=hash_name)
        drawn = [DrawnUnit(unit=unit, stratum=stratum, ticket=lot) for lot, unit in first]
        selected += drawn[:count]
        following += drawn[count:]
    return Selection(selected=tuple(selected), reserve=tuple(following))


def _units_by_stratum(frame: Frame) -> Mapping[str, Sequence[str]]:
    sizes = frame.sizes()
    if len(sizes) <= 1:
        return dict.fromkeys(sizes, frame.units)
    by_stratum: dict[str, list[str]] = {stratum: [] for stratum in sizes}
    for unit, stratum in zip(frame.units, frame.strata, strict=True):
        by_stratum[stratum].append(unit)
    return by_stratum
