"""When chances may be measured, and from where on a number is worth a warning or an alarm."""

from supervision.draws.rules import DrawState
from supervision.errors import WrongState
from supervision.labels import N_

BEFORE_THE_DRAW = frozenset({DrawState.FROZEN, DrawState.COMMITTED})
PERCENT_BP = 100
MILLION = 1_000_000


def check_measurable(state: DrawState) -> None:
    """Chances are measured between the freeze and the draw: then they can still be of use."""
    if state not in BEFORE_THE_DRAW:
        raise WrongState(
            "not-before-draw",
            N_("Chances are measured after the freeze and before the draw. Download the bundle of an opened draw."),
        )
