"""The same draw on numpy and numba: straight from the frame's bytes, a batch of lines for each core.

Whatever the kernel was not made for, a malformed line above all, is left to `PlainFrame`, which either says exactly
what is wrong or does the work itself. The tickets of the few units that are kept are computed again with hashlib.
"""

import io
import os
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import IO, Any, TypeVar  # numpy's arrays are passed on to numba, which is untyped

import numpy as np

from sampling.backends.frames import Candidate, FrameFacts, Wanted, ranked
from sampling.backends.lanes import LANES
from sampling.backends.line_hashing import fold, hash_texts, keep_small
from sampling.backends.line_scanning import (
    BATCH,
    LONGEST_LINE,
    MARGIN,
    SLOTS,
    UNUSUAL,
    are_frame_lines,
    end_of_lines,
    number_strata,
    split_lines,
)
from sampling.backends.plain import PlainFrame
from sampling.frame_lines import frame_columns
from sampling.merkle import GrowingTree
from sampling.selection import Selection
from sampling.tickets import ticket

_READ = 1 << 23
_MOST_BYTES = BATCH * LONGEST_LINE + _READ
_COLON, _LEAF = ord(":"), 0
_Done = TypeVar("_Done")


class UnusualError(Exception):
    """The bytes are not what the kernel was made for."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Whole lines in an array of bytes that goes on beyond them."""

    data: Any
    begin: int
    end: int

    def text(self, begin: int, end: int) -> bytes:
        """Give some bytes as such."""
        found: bytes = self.data[begin:end].tobytes()
        return found


@dataclass(frozen=True, slots=True)
class Scanned:
    """The places of a batch's lines, and the strata in the order in which they occur."""

    batch: Batch
    places: Any
    numbers: Any
    count: int
    strata: tuple[str, ...]
    sizes: tuple[int, ...]

    def unit(self, line: int) -> bytes:
        """Give the unit of a line."""
        return self.batch.text(self.places[0, line], self.places[1, line])


@dataclass(frozen=True, slots=True)
class AcceleratedFrame:
    """A frame.tsv; `opened` opens it anew for each reading."""

    opened: Callable[[], IO[bytes]]
    salted: bool

    def survey(self, hash_name: str, *, rooted: bool = True) -> FrameFacts:
        """Read the file once: form, order, sizes and root."""
        try:
            return self.survey_quickly(hash_name, rooted=rooted)
        except UnusualError:
            return self._plain.survey(hash_name, rooted=rooted)

    def select(
        self, facts: FrameFacts, *, counts: Mapping[str, int], reserve: int, entity_key: str, hash_name: str
    ) -> Selection:
        """Read the file once more and keep the smallest tickets."""
        wanted = Wanted(counts=counts, reserve=reserve, sizes=facts.sizes)
        try:
            kept = self._kept(wanted.cut_offs(), entity_key=entity_key, hash_name=hash_name)
            if wanted.suffices(kept):
                return ranked(kept, wanted)
        except UnusualError:
            pass
        return self._plain.select(facts, counts=counts, reserve=reserve, entity_key=entity_key, hash_name=hash_name)

    @property
    def _plain(self) -> PlainFrame:
        return PlainFrame(opened=self.opened, salted=self.salted)

    def survey_quickly(self, hash_name: str, *, rooted: bool = True) -> FrameFacts:
        """Do the same, or raise UnusualError."""

        def look(batch: Batch) -> tuple[Scanned, bytes]:
            scanned = _scan(batch, columns=frame_columns(salted=self.salted))
            return scanned, _head(scanned, hash_name) if rooted else b""

        sizes: Counter[str] = Counter()
        tree = GrowingTree(hash_name)
        last = b""
        for scanned, head in self._for_each_batch(look):
            if scanned.unit(0) <= last:
                raise UnusualError
            last = scanned.unit(scanned.count - 1)
            sizes.update(dict(zip(scanned.strata, scanned.sizes, strict=True)))
            tree.add_subtree(head, leaves=scanned.count)
        return FrameFacts(sizes=dict(sorted(sizes.items())), root=tree.head().hex() if rooted else None)

    def _kept(self, cut_offs: Mapping[str, int], *, entity_key: str, hash_name: str) -> list[Candidate]:
        key = _words(entity_key.encode())

        def look(batch: Batch) -> list[Candidate]:
            scanned = _scan(batch, columns=frame_columns(salted=self.salted))
            lines = _lines_below(scanned, cut_offs, key=key, hash_name=hash_name)
            units = [(scanned.strata[scanned.numbers[line]], scanned.unit(line).decode()) for line in lines]
            return [(stratum, ticket(entity_key, unit, hash_name=hash_name), unit) for stratum, unit in units]

        return [candidate for kept in self._for_each_batch(look) for candidate in kept]

    def _for_each_batch(self, look: Callable[[Batch], _Done]) -> Iterator[_Done]:
        """Look at all batches on all cores and give what was found in the order of the file."""
        workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        running: deque[Future[_Done]] = deque()
        with self.opened() as stream, ThreadPoolExecutor(workers) as pool:
            for batch in _batches(stream):
                running.append(pool.submit(look, batch))
                if len(running) > 2 * workers:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()


def table_root(hash_name: str, data: bytes) -> str | None:
    """Give the root over the lines of a table of two columns, or three as a salted frame has; None for any other."""
    salted = data.partition(b"\n")[0].count(b"\t") > 1
    try:
        return AcceleratedFrame(opened=partial(io.BytesIO, data), salted=salted).survey_quickly(hash_name).root
    except UnusualError:
        return None


def _batches(stream: IO[bytes]) -> Iterator[Batch]:
    """Cut a file into batches of `BATCH` lines; the last one may be shorter."""
    data, begin, end = np.zeros(2 * MARGIN, dtype=np.uint8), MARGIN, MARGIN
    while True:
        place, found = end_of_lines(data, begin, end, BATCH)
        if found == BATCH:
            yield Batch(data, begin, place)
            begin = place
            continue
        if end - begin > _MOST_BYTES:
            raise UnusualError
        rest = end - begin
        larger = np.empty(rest + _READ + 2 * MARGIN, dtype=np.uint8)
        larger[MARGIN : MARGIN + rest] = data[begin:end]
        read = _read_into(stream, larger.data[MARGIN + rest : MARGIN + rest + _READ])
        data, begin, end = larger, MARGIN, MARGIN + rest + read
        if read == 0:
            break
    if end > begin:
        yield Batch(data, begin, end)


def _read_into(stream: IO[bytes], room: memoryview) -> int:
    """Read until the room is full or the file at its end."""
    done = 0
    while done < len(room):
        part = stream.read(len(room) - done)
        if not part:
            break
        room[done : done + len(part)] = part
        done += len(part)
    return done


def _scan(batch: Batch, *, columns: int) -> Scanned:
    data = batch.data
    places, numbers = np.empty((4, BATCH), dtype=np.int32), np.empty(BATCH, dtype=np.int32)
    count = split_lines(data, batch.begin, batch.end, columns, places)
    if count == UNUSUAL or not are_frame_lines(data, places, count, columns):
        raise UnusualError
    slots, first_lines = np.empty(SLOTS, dtype=np.int32), np.empty(BATCH, dtype=np.int32)
    sizes = np.empty(BATCH, dtype=np.int32)
    found = number_strata(data, places, count, slots, first_lines, sizes, numbers)
    begins, ends = places[1, first_lines[:found]] + 1, places[2, first_lines[:found]]
    strata = tuple(batch.text(begin, end).decode() for begin, end in zip(begins, ends, strict=True))
    return Scanned(batch, places, numbers, count, strata, tuple(sizes[:found].tolist()))


def _head(scanned: Scanned, hash_name: str) -> bytes:
    """Give the head of the tree over the lines of a batch."""
    digests = np.empty((8, scanned.count + 4 * LANES), dtype=np.uint32)
    sm3 = True if hash_name == "sm3" else None
    places = scanned.places
    hash_texts(sm3, scanned.batch.data, places[0], places[3], scanned.count, _words(b""), _LEAF, digests)
    fold(sm3, digests, scanned.count)
    head: bytes = digests[:, 0].astype(">u4").tobytes()
    return head


def _lines_below(scanned: Scanned, cut_offs: Mapping[str, int], *, key: Any, hash_name: str) -> list[int]:
    """Give the lines of a batch whose ticket is at most their stratum's cut-off."""
    if any(stratum not in cut_offs for stratum in scanned.strata):
        raise UnusualError
    bounds = np.array([cut_offs[stratum] for stratum in scanned.strata], dtype=np.uint64)
    tickets = np.empty((2, scanned.count), dtype=np.uint32)
    kept = np.empty(scanned.count, dtype=np.int64)
    places = scanned.places
    sm3 = True if hash_name == "sm3" else None
    hash_texts(sm3, scanned.batch.data, places[0], places[1], scanned.count, key, _COLON, tickets)
    found = keep_small(tickets, scanned.count, scanned.numbers, bounds, kept)
    lines: list[int] = kept[:found].tolist()
    return lines


def _words(data: bytes) -> Any:
    return np.frombuffer(data, dtype=">u4").astype(np.uint32)
