"""What the demonstration consists of: steps that rooms and floors register, run in their order."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any  # steps hand on values of many kinds

from sqlalchemy.orm import Session

WORDS = Path(__file__).resolve().parent / "words"
CATALOGUES = Path(__file__).resolve().parent.parent / "catalogues"


@dataclass(frozen=True, slots=True)
class Door:
    """An address that only its holder knows; ``text`` is a message id that says what to do there."""

    path: str
    text: str
    places: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Demo:
    """What every step works with. Same ``seed`` and ``today``: same data."""

    session: Session
    seed: int
    today: date
    district_code: str
    secret_key: str
    # one multiplies the volumes of Jing'an; tests use a small fraction
    scale: float = 1.0
    # what earlier steps hand to later ones, by name
    shared: dict[str, Any] = field(default_factory=dict)
    sign_ins: list[tuple[str, str, str, str]] = field(default_factory=list)
    # number of a draw, party and its secret, for who carries the draw on by hand
    slips: list[tuple[str, str, str]] = field(default_factory=list)
    # what a stranger opens without signing in, by an address that stands on a paper or a slip
    doors: list[Door] = field(default_factory=list)

    def random(self, step: str) -> random.Random:
        """Return a generator of the step's own, so that steps do not disturb each other's data."""
        return random.Random(f"{self.seed}/{step}")  # noqa: S311 - invented data, nothing is drawn with it

    def amount(self, full: int) -> int:
        """Return ``full`` scaled down for tests, at least one."""
        return max(1, round(full * self.scale))


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the demonstration; ``weight`` is its share of the progress bar."""

    # a message id: it is shown while the step runs
    name: str
    order: int
    load: Callable[[Demo], None]
    weight: int = 1


_steps: dict[str, Step] = {}


def register(step: Step) -> None:
    """Add ``step``; registering the same name again replaces it."""
    _steps[step.name] = step


def steps() -> Sequence[Step]:
    """Return all steps in the order in which they run."""
    return sorted(_steps.values(), key=lambda step: (step.order, step.name))
