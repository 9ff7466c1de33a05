"""What the worker does again and again between jobs, beside the daily work: short looks that leave no row behind.

A look must not mind being left out, done late, or done by two workers at once.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from supervision.db import is_busy

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Tick:
    """One look and when it is due next, by the monotonic clock."""

    seconds: float
    run: Callable[[Flask], object]
    due: float = 0.0


_ticks: dict[str, Tick] = {}


def every(seconds: float, name: str, run: Callable[[Flask], object]) -> None:
    """Let the worker call ``run(app)`` about every so many seconds."""
    _ticks[name] = Tick(seconds, run)


def look(app: Flask) -> None:
    """Call what is due; one that fails is told in the log and tried again in its turn."""
    for name, tick in _ticks.items():
        if time.monotonic() < tick.due:
            continue
        try:
            tick.run(app)
        except Exception as error:  # the worker goes on, whatever is wrong
            if is_busy(error):
                log.info("%s: the database is busy; later", name)
            else:
                log.exception("%s could not be done", name)
        tick.due = time.monotonic() + tick.seconds
