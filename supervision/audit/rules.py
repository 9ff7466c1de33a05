"""How an audit entry is bound to all before it."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from supervision.labels import N_

GENESIS = "0" * 64
# why a chain is not whole, in words; ``first`` and ``last`` are the entries to look at
REASONS = {
    "missing": N_("Entry %(first)s is missing."),
    "unlinked": N_("Entry %(first)s does not follow the entry before it."),
    "changed": N_("Entry %(first)s was changed."),
    "rewritten": N_(
        "An entry between %(first)s and %(last)s was changed and all after it computed anew: entry %(last)s stands "
        "otherwise in the transparency log."
    ),
    "cut": N_("The end of the log was cut: entries %(first)s to %(last)s or later ones are missing."),
}
DOMAIN = b"supervision audit entry/1"

Fields = Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a chain stops being whole: the first bad entry and why.

    ``until`` is the last entry that may be a wrong one, where an anchor shows only that something before it is.
    """

    seq: int
    reason: str
    until: int = 0


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


def first_break(
    entries: Iterable[tuple[Fields, str, str]],
    *,
    key: bytes,
    expected_head: str | None,
    anchors: Mapping[int, str] | None = None,
) -> Broken | None:
    """Check ``(fields, previous, hash)`` in order; return the first break, or None when the chain is whole.

    ``expected_head`` is the hash known from outside: without it or an anchor a cut tail cannot be seen. ``anchors``
    are hashes by number that others keep: they show a chain that somebody with the key computed anew.
    """
    known = anchors or {}
    previous, seq, anchored = GENESIS, 0, 0
    for fields, stored_previous, stored_hash in entries:
        seq += 1
        reason = _fault(fields, (stored_previous, stored_hash), seq=seq, previous=previous, key=key)
        if reason:
            return Broken(seq, reason)
        if seq in known:
            if known[seq] != stored_hash:
                return Broken(anchored + 1, "rewritten", until=seq)
            anchored = seq
        previous = stored_hash
    return _cut(seq, known) or (Broken(seq, "cut") if expected_head not in {None, previous} else None)


def _fault(fields: Fields, stored: tuple[str, str], *, seq: int, previous: str, key: bytes) -> str:
    stored_previous, stored_hash = stored
    if fields["seq"] != seq:
        return "missing"
    if stored_previous != previous:
        return "unlinked"
    return "" if entry_hash(fields, previous=previous, key=key) == stored_hash else "changed"


def _cut(seq: int, anchors: Mapping[int, str]) -> Broken | None:
    """Return the first entry that is missing at the end of the chain, up to the last one anchored."""
    last = max(anchors, default=0)
    return Broken(seq + 1, "cut", until=last) if last > seq else None
