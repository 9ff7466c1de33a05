"""How the loops over bytes are compiled."""

from collections.abc import Callable
from typing import Any  # what numba makes of a function is untyped

from numba import njit


def compiled(function: Callable[..., Any]) -> Any:
    """Compile once for all runs where there is a folder to keep that in, else once for this run."""
    try:
        return njit(nogil=True, cache=True)(function)
    except RuntimeError:
        return njit(nogil=True)(function)
