"""RFC 9162 section 2.1: tree heads, inclusion proofs and consistency proofs.

Leaf = H(0x00 ‖ entry), node = H(0x01 ‖ left ‖ right), the head of no entries is H of nothing. One tree
covers the frame's lines, one the excluded lines (in the draw's hash), one the log (always SHA-256). The
different first bytes keep a node from being passed off as a leaf.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from sampling.hashing import HashStarter, hash_starter

GROUP = 4096


def leaf_hash(hash_name: str, entry: bytes) -> bytes:
    """Give H(0x00 ‖ entry)."""
    return hash_starter(hash_name)(b"\x00" + entry).digest()


def node_hash(hash_name: str, *, left: bytes, right: bytes) -> bytes:
    """Give H(0x01 ‖ left ‖ right)."""
    return hash_starter(hash_name)(b"\x01" + left + right).digest()


def tree_head(hash_name: str, entries: Iterable[bytes]) -> bytes:
    """Give the head of the tree over the entries, one after the other; a national register takes no memory."""
    tree = GrowingTree(hash_name)
    tree.add(entries)
    return tree.head()


class GrowingTree:
    """The tree over entries that come one after the other, held as the heads of its full subtrees so far.

    The left half of RFC 9162 is the largest power of two smaller than the number of entries. So there is one full
    subtree for each binary digit of the number of entries, and two of one size make one of the next.
    """

    def __init__(self, hash_name: str) -> None:
        """Begin with no entry."""
        self._start = hash_starter(hash_name)
        self._subtrees: list[tuple[int, bytes]] = []

    def add(self, entries: Iterable[bytes]) -> None:
        """Add entries; only whole multiples of `GROUP` may be followed by more."""
        start = self._start
        waiting = iter(entries)
        while group := list(islice(waiting, GROUP)):
            self.add_subtree(_subtree(start, group), leaves=len(group))

    def add_subtree(self, head: bytes, *, leaves: int) -> None:
        """Add the head over the next `leaves` entries: a power of two that divides their place, or the last ones."""
        while self._subtrees and self._subtrees[-1][0] == leaves:
            left = self._subtrees.pop()[1]
            head = self._start(b"\x01" + left + head).digest()
            leaves *= 2
        self._subtrees.append((leaves, head))

    def head(self) -> bytes:
        """Give the head over everything added so far."""
        if not self._subtrees:
            return self._start(b"").digest()
        head = self._subtrees[-1][1]
        for _, left in reversed(self._subtrees[:-1]):
            head = self._start(b"\x01" + left + head).digest()
        return head


def full_subtrees(hash_name: str, entries: Iterable[bytes], *, first: int) -> Iterator[tuple[int, int, bytes]]:
    """Give (place, leaves, head) of full subtrees that cover the entries, the first of which is leaf number `first`.

    Whoever holds one part of a tree computes these alone; in order of place they go into a `GrowingTree`.
    """
    start = hash_starter(hash_name)
    waiting = iter(entries)
    place = first
    # at most the largest power of two that divides the place, within reason
    while group := list(islice(waiting, min(place & -place, GROUP) or GROUP)):
        while group:
            leaves = 1 << (len(group).bit_length() - 1)
            yield place, leaves, _subtree(start, group[:leaves])
            place += leaves
            del group[:leaves]


def _subtree(start: HashStarter, entries: Iterable[bytes]) -> bytes:
    level = [start(b"\x00" + entry).digest() for entry in entries]
    while len(level) > 1:
        level = _level_above(start, level)
    return level[0]


def _level_above(start: HashStarter, level: list[bytes]) -> list[bytes]:
    above = [start(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]
    if len(level) % 2:
        above.append(level[-1])
    return above


def inclusion_proof(hash_name: str, entries: Sequence[bytes], *, index: int) -> list[bytes]:
    """Give the neighbors on the way from the leaf at `index` up to the head (RFC 9162 section 2.1.3.1)."""
    if not 0 <= index < len(entries):
        raise IndexError(index)
    start = hash_starter(hash_name)
    level = [start(b"\x00" + entry).digest() for entry in entries]
    proof: list[bytes] = []
    while len(level) > 1:
        neighbor = index ^ 1
        if neighbor < len(level):
            proof.append(level[neighbor])
        level = _level_above(start, level)
        index //= 2
    return proof


def verify_inclusion(
    hash_name: str, *, entry: bytes, index: int, size: int, proof: Sequence[bytes], head: bytes
) -> bool:
    """Tell whether the proof leads from the entry to the head (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last = index, size - 1
    found = leaf_hash(hash_name, entry)
    for neighbor in proof:
        if last == 0:
            return False
        if position % 2 or position == last:
            found = node_hash(hash_name, left=neighbor, right=found)
            while position % 2 == 0 and position:
                position, last = position // 2, last // 2
        else:
            found = node_hash(hash_name, left=found, right=neighbor)
        position, last = position // 2, last // 2
    return last == 0 and found == head


def consistency_proof(hash_name: str, entries: Sequence[bytes], *, old_size: int) -> list[bytes]:
    """Prove that the tree of the first `old_size` entries is the beginning of this one (section 2.1.4.1)."""
    if not 0 < old_size <= len(entries):
        raise IndexError(old_size)
    return _subproof(hash_name, entries, old_size=old_size, known=True)


def _subproof(hash_name: str, entries: Sequence[bytes], *, old_size: int, known: bool) -> list[bytes]:
    size = len(entries)
    if old_size == size:
        return [] if known else [tree_head(hash_name, entries)]
    half = 1 << ((size - 1).bit_length() - 1)
    left, right = entries[:half], entries[half:]
    if old_size <= half:
        lower = _subproof(hash_name, left, old_size=old_size, known=known)
        return [*lower, tree_head(hash_name, right)]
    lower = _subproof(hash_name, right, old_size=old_size - half, known=False)
    return [*lower, tree_head(hash_name, left)]


def verify_consistency(
    hash_name: str, *, old_size: int, size: int, proof: Sequence[bytes], old_head: bytes, head: bytes
) -> bool:
    """Tell whether the old tree is the beginning of the new one (RFC 9162 section 2.1.4.2)."""
    if not 0 < old_size <= size:
        return False
    if old_size == size:
        return not proof and old_head == head
    path = list(proof) if old_size & (old_size - 1) else [old_head, *proof]
    if not path:
        return False
    position, last = old_size - 1, size - 1
    while position % 2:
        position, last = position // 2, last // 2
    return _consistent(hash_name, path, position=position, last=last) == (old_head, head)


def _consistent(hash_name: str, path: list[bytes], *, position: int, last: int) -> tuple[bytes, bytes] | None:
    """Rebuild both heads from the path; None when the path has the wrong length."""
    old = new = path[0]
    for neighbor in path[1:]:
        if last == 0:
            return None
        if position % 2 or position == last:
            old = node_hash(hash_name, left=neighbor, right=old)
            new = node_hash(hash_name, left=neighbor, right=new)
            while position % 2 == 0 and position:
                position, last = position // 2, last // 2
        else:
            new = node_hash(hash_name, left=new, right=neighbor)
        position, last = position // 2, last // 2
    return (old, new) if last == 0 else None
