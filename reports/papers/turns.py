"""One at a time composes a paper: whoever asks for it meanwhile waits, and then finds it kept.

A lock of the operating system holds between threads and processes alike, and ends with whoever held it.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# papers of several draws can be composed at once; so many files stand in the folder and no more
LOCKS = 16


@contextmanager
def turn(instance: Path, draw_id: int) -> Iterator[None]:
    """Hold the lock under which papers of this draw are composed."""
    folder = instance / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"papers-{draw_id % LOCKS}.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
