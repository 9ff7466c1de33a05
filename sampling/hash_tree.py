"""Section 8: the tree of the log, kept so that it grows and proves quickly (RFC 9162 section 2.1).

`sampling.merkle` computes heads and proofs from the entries, as the RFC defines them. A log that is asked for
many proofs keeps the heads of all complete subtrees instead: a leaf is added in constant time on average, and
every proof, also of an earlier size, takes a number of steps that grows with the square of the logarithm.
"""

from collections.abc import Iterable

from sampling.hashing import LOG_HASH, hash_starter


class HashTree:
    """A growing Merkle tree over leaf hashes; `_levels[k][i]` is the head of leaves i·2^k … (i+1)·2^k − 1."""

    __slots__ = ("_levels", "_start")

    def __init__(self, leaf_hashes: Iterable[bytes] = (), *, hash_name: str = LOG_HASH) -> None:
        self._start = hash_starter(hash_name)
        self._levels: list[list[bytes]] = [[]]
        for leaf in leaf_hashes:
            self.append(leaf)

    @property
    def size(self) -> int:
        """Give the number of leaves."""
        return len(self._levels[0])

    def append(self, leaf_hash: bytes) -> None:
        """Add a leaf by its hash, and the heads of the subtrees it completes."""
        head, height = leaf_hash, 0
        self._levels[0].append(head)
        while len(self._levels[height]) % 2 == 0:
            head = self._node(self._levels[height][-2], head)
            height += 1
            if height == len(self._levels):
                self._levels.append([])
            self._levels[height].append(head)

    def copy(self) -> "HashTree":
        """Give a tree that grows on its own."""
        other = HashTree()
        other._start, other._levels = self._start, [list(level) for level in self._levels]
        return other

    def leaf(self, index: int) -> bytes:
        """Give the hash of one leaf."""
        if not 0 <= index < self.size:
            raise IndexError(index)
        return self._levels[0][index]

    def head(self, size: int | None = None) -> bytes:
        """Give the head of the first `size` leaves; of all when no size is given."""
        size = self.size if size is None else size
        if not 0 <= size <= self.size:
            raise IndexError(size)
        return self._range(0, size) if size else self._start(b"").digest()

    def inclusion_proof(self, index: int, *, size: int) -> list[bytes]:
        """Prove that leaf `index` is in the tree of the first `size` leaves (section 2.1.3.1)."""
        if not 0 <= index < size <= self.size:
            raise IndexError(index)
        proof: list[bytes] = []
        low, high = 0, size
        while high - low > 1:
            middle = low + _half(high - low)
            if index < middle:
                proof.append(self._range(middle, high))
                high = middle
            else:
                proof.append(self._range(low, middle))
                low = middle
        return proof[::-1]

    def consistency_proof(self, old_size: int, *, size: int) -> list[bytes]:
        """Prove that the tree of `old_size` leaves is the beginning of that of `size` leaves (section 2.1.4.1)."""
        if not 0 < old_size <= size <= self.size:
            raise IndexError(old_size)
        proof: list[bytes] = []
        low, high, known = 0, size, True
        while old_size < high:
            middle = low + _half(high - low)
            if old_size <= middle:
                proof.append(self._range(middle, high))
                high = middle
            else:
                proof.append(self._range(low, middle))
                low, known = middle, False
        return proof[::-1] if known else [self._range(low, high), *proof[::-1]]

    def _range(self, low: int, high: int) -> bytes:
        count = high - low
        height = count.bit_length() - 1
        if count == 1 << height and low % count == 0:
            return self._levels[height][low >> height]
        middle = low + _half(count)
        return self._node(self._range(low, middle), self._range(middle, high))

    def _node(self, left: bytes, right: bytes) -> bytes:
        return self._start(b"\x01" + left + right).digest()


def _half(count: int) -> int:
    """Give the largest power of two smaller than `count`."""
    return 1 << ((count - 1).bit_length() - 1)
