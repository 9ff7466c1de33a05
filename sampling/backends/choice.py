"""Which backend reads a file: the compiled kernel for a long one where it is installed and right, else plain Python.

The bytes are the same either way. Whoever wants none of it says so once (`compute_plainly`).
"""

import io
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from types import ModuleType
from typing import IO

from sampling.backends.frames import FrameFacts, Frames
from sampling.backends.plain import PlainFrame
from sampling.merkle import tree_head
from sampling.selection import Selection, select
from sampling.tables import Frame, count_lines, each_line

WORTHWHILE = 300_000
_KEY = "0123456789abcdef" * 2
_LONGEST = 64


@dataclass(slots=True)
class _Setting:
    plain: bool = False


_SETTING = _Setting()


def compute_plainly(*, wanted: bool = True) -> None:
    """Use the standard library alone from now on, or allow the kernel again."""
    _SETTING.plain = wanted


@contextmanager
def plainly(*, wanted: bool) -> Generator[None]:
    """Use the standard library alone for a while, if that is wanted."""
    before = _SETTING.plain
    _SETTING.plain = before or wanted
    try:
        yield
    finally:
        _SETTING.plain = before


@cache
def kernel(hash_name: str) -> ModuleType | None:
    """Give the accelerated backend, if its libraries are here and it draws as the plain one does.

    Importing numba takes half a second, and compiling some seconds at the very first use, so neither is done before
    somebody has a long file.
    """
    try:
        accelerated = import_module("sampling.backends.accelerated")
        return accelerated if _agrees(accelerated, hash_name) else None
    except Exception:  # noqa: BLE001 - whatever is wrong with numba here must not stop a draw
        return None


def _agrees(accelerated: ModuleType, hash_name: str) -> bool:
    """Draw from a small frame with identifiers of all lengths, with and without salts, and compare."""
    for salt in ("", "\t" + _KEY):
        lines = [f"{'u' * length}\t{'s' * (_LONGEST + 1 - length)}{salt}\n" for length in range(1, _LONGEST + 1)]
        opened = partial(io.BytesIO, "".join(lines).encode())
        drawn = []
        for frames in (PlainFrame, accelerated.AcceleratedFrame):
            frame = frames(opened=opened, salted=bool(salt))
            facts = frame.survey(hash_name)
            counts = dict.fromkeys(facts.sizes, 1)
            drawn.append((facts, frame.select(facts, counts=counts, reserve=0, entity_key=_KEY, hash_name=hash_name)))
        if drawn[0] != drawn[1]:
            return False
    return True


def file_frames(opened: Callable[[], IO[bytes]], *, salted: bool, hash_name: str) -> Frames:
    """Give the fastest backend for lines of a number not known before."""
    found = None if _SETTING.plain else kernel(hash_name)
    kind: type[PlainFrame] = found.AcceleratedFrame if found else PlainFrame
    return kind(opened=opened, salted=salted)


def table_root(hash_name: str, data: bytes) -> str:
    """Give the root of the tree over a table's lines."""
    found = _kernel_for(data, hash_name)
    root: str | None = found.table_root(hash_name, data) if found else None
    return tree_head(hash_name, each_line(data)).hex() if root is None else root


def select_from(
    frame: Frame, data: bytes, *, counts: Mapping[str, int], reserve: int, entity_key: str, hash_name: str
) -> Selection:
    """Select from a frame of which both the bytes and what they say are at hand."""
    found = _kernel_for(data, hash_name)
    if found is None:
        return select(frame, counts=counts, reserve=reserve, entity_key=entity_key, hash_name=hash_name)
    frames = found.AcceleratedFrame(opened=partial(io.BytesIO, data), salted=bool(frame.salts))
    facts = FrameFacts(sizes=frame.sizes(), root=None)
    selection: Selection = frames.select(
        facts, counts=counts, reserve=reserve, entity_key=entity_key, hash_name=hash_name
    )
    return selection


def _kernel_for(data: bytes, hash_name: str) -> ModuleType | None:
    if _SETTING.plain or count_lines(data) < WORTHWHILE:
        return None
    return kernel(hash_name)
