"""What a fairness certificate says: the chances of each stratum, department and inspector.

Only whole numbers, so that the report has one digest: ten-thousandths of a chance (`_bp`), hundredths of a visit,
millionths of a tail (`_ppm`). Units are counted, never named.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any  # a report read back is plain JSON

from sampling.fairness import LABEL


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on something is worth a warning.

    `gap_bp`: how far an inspector's visits may be from the department's mean, as a share of it; `pair_bp`: how often
    the same colleague may come along; `level_ppm`: how unlikely a deviation must be to be called one.
    """

    gap_bp: int = 2_000
    pair_bp: int = 5_000
    level_ppm: int = 1_000


@dataclass(frozen=True, slots=True)
class StratumChances:
    """How often the units of a stratum came up; `tail_ppm`: how often chance alone gives differences as large."""

    stratum: str
    size: int
    drawn: int
    lowest_bp: int
    highest_bp: int
    tail_ppm: int


@dataclass(frozen=True, slots=True)
class InspectorChances:
    """An inspector's chance of a place and expected visits.

    `carries`: has more visits from earlier draws than the colleague with the fewest; `apart`: the expected visits are
    further from the mean than the limit allows.
    """

    inspector: str
    chance_bp: int
    visits: int
    carries: bool
    apart: bool


@dataclass(frozen=True, slots=True)
class PairChances:
    """How often the same two go together, as a share of the teams of the one who serves less."""

    ideal_bp: int
    highest_bp: int
    highest: tuple[str, ...]
    often: int


@dataclass(frozen=True, slots=True)
class EmptyPlaces:
    """Runs with places nobody could be given, places in all, and how many of them because of recusals alone."""

    runs: int
    places: int
    recused: int


@dataclass(frozen=True, slots=True)
class DepartmentChances:
    """A department: who can be drawn, with which chances, and what stands in the way."""

    department: str
    listed: int
    per_team: int
    ideal_bp: int
    ideal_visits: int
    inspectors: tuple[InspectorChances, ...]
    unqualified: tuple[str, ...]
    without_cap: tuple[str, ...]
    # units of the pool for which recusals leave too few inspectors, or so few that all of them must go
    units_impossible: int
    units_certain: int
    empty: EmptyPlaces
    pairs: PairChances

    @property
    def agents(self) -> int:
        """Count who can be drawn."""
        return len(self.inspectors)


@dataclass(frozen=True, slots=True)
class FairnessReport:
    """The fairness certificate of one frozen draw."""

    draw: str
    inputs_digest: str
    recusals_known: bool
    confidential: bool
    asked: int
    runs: int
    mode: str
    to_draw: int
    limits: Limits
    strata: tuple[StratumChances, ...]
    departments: tuple[DepartmentChances, ...]
    homeless_runs: int
    homeless_units: int

    def to_json(self) -> dict[str, Any]:
        """Give the report as plain values, all of them texts, truths and whole numbers."""
        return {"format": LABEL, **_plain(asdict(self))}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "FairnessReport":
        """Read back a report that was kept."""
        values = {name: found[name] for name in cls.__slots__}
        return cls(
            **{
                **values,
                "limits": Limits(**found["limits"]),
                "strata": tuple(StratumChances(**one) for one in found["strata"]),
                "departments": tuple(_department_from(one) for one in found["departments"]),
            }
        )


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Turn tuples into lists, as JSON has them."""
    return {name: _plain_value(value) for name, value in values.items()}


def _plain_value(value: object) -> object:
    if isinstance(value, dict):
        return _plain(value)
    return [_plain_value(one) for one in value] if isinstance(value, list | tuple) else value


def _department_from(found: Mapping[str, Any]) -> DepartmentChances:
    return DepartmentChances(
        **{
            **found,
            "inspectors": tuple(InspectorChances(**one) for one in found["inspectors"]),
            "unqualified": tuple(found["unqualified"]),
            "without_cap": tuple(found["without_cap"]),
            "empty": EmptyPlaces(**found["empty"]),
            "pairs": PairChances(**{**found["pairs"], "highest": tuple(found["pairs"]["highest"])}),
        }
    )
