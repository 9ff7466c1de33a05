"""Section 0: `H`, which is SHA-256, or SM3 when the draw says `"hash":"sm3"`.

One draw uses one hash everywhere; the log always uses SHA-256. The hash is passed by name, so that no
function can pick another one than the draw's.
"""

import hashlib
from collections.abc import Callable
from typing import Protocol

from sampling.errors import NotationError
from sampling.sm3 import PlainSM3

PROTOCOL = "double-random-draw/1"
LOG_HASH = "sha256"


class RunningHash(Protocol):
    """The part of hashlib's interface the engine uses."""

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""

    def copy(self) -> "RunningHash":
        """Fork the running hash."""

    def digest(self) -> bytes:
        """Give the digest as bytes."""

    def hexdigest(self) -> str:
        """Give the digest in lower-case hex."""


HashStarter = Callable[[bytes], RunningHash]


def _openssl_sm3(data: bytes) -> RunningHash:
    return hashlib.new("sm3", data)


def _has_openssl_sm3() -> bool:
    try:
        hashlib.new("sm3")
    except ValueError:
        return False
    return True


_STARTERS: dict[str, HashStarter] = {
    "sha256": hashlib.sha256,
    "sm3": _openssl_sm3 if _has_openssl_sm3() else PlainSM3,
}
HASH_NAMES = tuple(sorted(_STARTERS))


def hash_starter(hash_name: str) -> HashStarter:
    """Give the function that starts a hash of this name; refuse any name but `sha256` and `sm3`."""
    starter = _STARTERS.get(hash_name)
    if starter is None:
        raise NotationError("hash-unknown", name=hash_name)
    return starter


def hex_digest(hash_name: str, data: bytes) -> str:
    """Give H(data) in lower-case hex."""
    return hash_starter(hash_name)(data).hexdigest()


def lines_digest(hash_name: str, *lines: str) -> str:
    """Give H of the lines, each followed by LF: the form of all commitments and keys of sections 2 and 3."""
    return hex_digest(hash_name, "".join(f"{line}\n" for line in lines).encode())
