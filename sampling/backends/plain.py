"""The reference: a frame read part by part with the standard library, however long it is."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from sampling.backends.frames import Candidate, FrameFacts, Wanted, ranked
from sampling.frame_lines import FRAME, frame_columns, frame_parts
from sampling.hashing import hash_starter
from sampling.merkle import GROUP, GrowingTree
from sampling.selection import Selection
from sampling.tables import check_rising, is_rising

_BITS_BELOW = 256 - 64


@dataclass(frozen=True, slots=True)
class PlainFrame:
    """A frame.tsv; `opened` opens it anew for each reading."""

    opened: Callable[[], IO[bytes]]
    salted: bool

    def survey(self, hash_name: str, *, rooted: bool = True) -> FrameFacts:
        """Read the file once: form, order, sizes and root."""
        sizes: Counter[bytes] = Counter()
        tree = GrowingTree(hash_name)
        waiting: list[bytes] = []
        for part, units, strata in self._parts():
            sizes.update(strata)
            if rooted:
                waiting += part.split(b"\n")[:-1]
                whole = len(waiting) - len(waiting) % GROUP
                tree.add(waiting[:whole])
                del waiting[:whole]
            del units
        tree.add(waiting)
        named = {stratum.decode(): size for stratum, size in sorted(sizes.items())}
        return FrameFacts(sizes=named, root=tree.head().hex() if rooted else None)

    def select(
        self, facts: FrameFacts, *, counts: Mapping[str, int], reserve: int, entity_key: str, hash_name: str
    ) -> Selection:
        """Read the file once more and keep the smallest tickets."""
        wanted = Wanted(counts=counts, reserve=reserve, sizes=facts.sizes)
        kept = self._kept(wanted.cut_offs(), entity_key=entity_key, hash_name=hash_name)
        if not wanted.suffices(kept):
            kept = self._kept(wanted.without_cut_offs(), entity_key=entity_key, hash_name=hash_name)
        return ranked(kept, wanted)

    def _kept(self, cut_offs: Mapping[str, int], *, entity_key: str, hash_name: str) -> list[Candidate]:
        start = hash_starter(hash_name)
        before = f"{entity_key}:".encode()
        bounds = {stratum.encode(): _largest_ticket(bound) for stratum, bound in cut_offs.items()}
        return [
            (stratum.decode(), lot.hex(), unit.decode())
            for _, units, strata in self._parts()
            for unit, stratum in zip(units, strata, strict=True)
            if (lot := start(before + unit).digest()) <= bounds[stratum]
        ]

    def _parts(self) -> Iterator[tuple[bytes, list[bytes], list[bytes]]]:
        """Give the file part by part: bytes, units, strata; the order is checked across parts too."""
        columns = frame_columns(salted=self.salted)
        last: list[bytes] = []
        number = 1
        with self.opened() as stream:
            for part in frame_parts(stream, salted=self.salted):
                cells = part.replace(b"\n", b"\t").split(b"\t")[:-1]
                units = cells[::columns]
                if not is_rising([*last, *units]):
                    check_rising([unit.decode() for unit in [*last, *units]], FRAME, first=number - len(last))
                number += len(units)
                last = units[-1:]
                yield part, units, cells[1::columns]


def _largest_ticket(bound: int) -> bytes:
    return ((bound << _BITS_BELOW) | ((1 << _BITS_BELOW) - 1)).to_bytes(32)
