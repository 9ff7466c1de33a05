"""How an audit entry is bound to all before it."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

GENESIS = "0" * 64
DOMAIN = b"supervision audit entry/1"

Fields = Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a chain stops being whole: the first bad entry and why."""

    seq: int
    reason: str


def entry_bytes(fields: Fields) -> bytes:
    """Return the entry's canonical bytes: domain, then name and value of each field, each with its length.

    Lengths instead of separators: no two different entries share their bytes.
    """
    parts = [DOMAIN]
    for name in sorted(fields):
        value = fields[name]
        encoded = b"\x00" if value is None else b"\x01" + str(value).encode("utf-8", "surrogatepass")
        parts.extend(len(part).to_bytes(8, "big") + part for part in (name.encode(), encoded))
    return b"".join(parts)


def entry_hash(fields: Fields, *, previous: str, key: bytes) -> str:
    """Return the hash that binds ``fields`` to the entry before; keyed, so that the database alone cannot forge it."""
    return hmac.new(key, bytes.fromhex(previous) + entry_bytes(fields), hashlib.sha256).hexdigest()


def first_break(entries: Iterable[tuple[Fields, str, str]], *, key: bytes, expected_head: str | None) -> Broken | None:
    """Check ``(fields, previous, hash)`` in order; return the first break, or None when the chain is whole.

    ``expected_head`` is the hash known from outside (an anchor): without it a cut tail cannot be seen.
    """
    previous, seq = GENESIS, 0
    for fields, stored_previous, stored_hash in entries:
        seq += 1
        if fields["seq"] != seq:
            return Broken(seq, "missing")
        if stored_previous != previous:
            return Broken(seq, "unlinked")
        if entry_hash(fields, previous=previous, key=key) != stored_hash:
            return Broken(seq, "changed")
        previous = stored_hash
    if expected_head is not None and expected_head != previous:
        return Broken(seq, "cut")
    return None
