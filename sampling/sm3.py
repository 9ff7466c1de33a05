"""SM3 (GB/T 32905-2016) in plain Python, for interpreters whose OpenSSL was built without it.

It offers the part of hashlib's interface that the engine uses. It is slow and only a fallback: the same
digests, some hundred times slower than OpenSSL.
"""

import struct

START = (0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E)
_MASK = 0xFFFFFFFF
_BLOCK = 64
_EARLY_ROUNDS = 16


def _turn(word: int, by: int) -> int:
    by %= 32
    return ((word << by) | (word >> (32 - by))) & _MASK


# T_j of the standard, already turned by the number of its round.
ROUND_CONSTANTS = tuple(
    _turn(0x79CC4519 if round_number < _EARLY_ROUNDS else 0x7A879D8A, round_number) for round_number in range(64)
)


def _expand(block: bytes) -> list[int]:
    words = list(struct.unpack(">16I", block))
    for j in range(16, 68):
        mixed = words[j - 16] ^ words[j - 9] ^ _turn(words[j - 3], 15)
        spread = mixed ^ _turn(mixed, 15) ^ _turn(mixed, 23)
        words.append(spread ^ _turn(words[j - 13], 7) ^ words[j - 6])
    return words


def _compress(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    words = _expand(block)
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        early = j < _EARLY_ROUNDS
        a12 = _turn(a, 12)
        ss1 = _turn((a12 + e + ROUND_CONSTANTS[j]) & _MASK, 7)
        boolean_ab = a ^ b ^ c if early else (a & b) | (a & c) | (b & c)
        boolean_ef = e ^ f ^ g if early else (e & f) | (~e & g)
        tt1 = (boolean_ab + d + (ss1 ^ a12) + (words[j] ^ words[j + 4])) & _MASK
        tt2 = (boolean_ef + h + ss1 + words[j]) & _MASK
        a, b, c, d = tt1, a, _turn(b, 9), c
        e, f, g, h = tt2 ^ _turn(tt2, 9) ^ _turn(tt2, 17), e, _turn(f, 19), g
    return tuple(old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True))


class PlainSM3:
    """A running SM3 hash with hashlib's `update`, `copy`, `digest` and `hexdigest`."""

    __slots__ = ("_length", "_pending", "_state")

    def __init__(self, data: bytes = b"") -> None:
        """Start a hash, with the first bytes if there are any."""
        self._state: tuple[int, ...] = START
        self._pending = b""
        self._length = 0
        self.update(data)

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""
        self._length += len(data)
        waiting = self._pending + data
        whole = len(waiting) - len(waiting) % _BLOCK
        for start in range(0, whole, _BLOCK):
            self._state = _compress(self._state, waiting[start : start + _BLOCK])
        self._pending = waiting[whole:]

    def copy(self) -> "PlainSM3":
        """Fork the running hash."""
        fork = PlainSM3()
        fork._state, fork._pending, fork._length = self._state, self._pending, self._length
        return fork

    def digest(self) -> bytes:
        """Give the 32 bytes of the digest without ending the running hash."""
        padding = b"\x80" + b"\x00" * ((-self._length - 9) % _BLOCK) + struct.pack(">Q", self._length * 8)
        state = self._state
        tail = self._pending + padding
        for start in range(0, len(tail), _BLOCK):
            state = _compress(state, tail[start : start + _BLOCK])
        return struct.pack(">8I", *state)

    def hexdigest(self) -> str:
        """Give the digest in lower-case hex."""
        return self.digest().hex()
