"""A sheet of a file while it is being read."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from supervision.intake.cells import Cell


@dataclass(slots=True)
class Sheet:
    """Rows with their numbers as in the file; ``ragged`` rows must be as long as the header."""

    name: str
    rows: Iterator[tuple[int, list[Cell]]]
    expected: int = 0
    ragged: bool = False
    hidden: bool = False
    note: dict[str, str] = field(default_factory=dict)
