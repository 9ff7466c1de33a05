"""Sections 2 and 3: secrets, their digests, the seed, and the keys made from it.

Every formula hashes lines of text ending in LF, the first of which says what the hash is for, so that no
digest of one kind can be passed off as one of another.
"""

import re
from collections.abc import Mapping

from sampling import identifiers
from sampling.errors import RevealError
from sampling.hashing import PROTOCOL, lines_digest

_DICE = re.compile(r"[1-6]{50,}")
_KEY_LENGTH = 32

ENTITIES = "entities"
LEAD = "lead"
DEAL = "deal"


def contribution_digest(*, hash_name: str, draw: str, by: str, secret: str) -> str:
    """Give the digest a party hands over in place of its secret of 64 lower-case hex digits (section 2)."""
    identifiers.identifier(draw, what="draw")
    identifiers.contributor(by)
    identifiers.digest(secret, what="secret")
    return lines_digest(hash_name, f"{PROTOCOL} contribution", draw, by, secret)


def dice_secret(*, hash_name: str, draw: str, by: str, digits: str) -> str:
    """Turn at least 50 throws of a witness's die, written 1-6, into a secret (section 2)."""
    identifiers.identifier(draw, what="draw")
    identifiers.contributor(by)
    if _DICE.fullmatch(digits) is None:
        raise RevealError("dice-malformed")
    return lines_digest(hash_name, f"{PROTOCOL} dice", draw, by, digits)


def seed(*, hash_name: str, commitment_digest: str, secrets: Mapping[str, str], beacon_value: str | None) -> str:
    """Mix the commitment, all secrets sorted by party, and the beacon's value into the seed (section 3)."""
    revealed = [f"{by}:{secrets[by]}" for by in sorted(secrets)]
    lines = [f"{PROTOCOL} seed", commitment_digest, *revealed, f"beacon:{beacon_value or ''}"]
    return lines_digest(hash_name, *lines)


def key(label: str, *, hash_name: str, seed: str) -> str:
    """Give the key for one purpose: the first 32 hex digits of H(protocol, label, seed) (section 3)."""
    return lines_digest(hash_name, f"{PROTOCOL} {label}", seed)[:_KEY_LENGTH]
