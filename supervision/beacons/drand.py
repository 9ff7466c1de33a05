"""drand: the value of a round is the SHA-256 of a threshold signature that anybody can verify with the chain's key.

The signatures are checked by the library ``drand-verify``; here stand the shapes, the round, and the value.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any  # JSON of the network

import drand_verify

from supervision.beacons.evidence import hex_of, not_signed, number_of, other_round, read_json, value_differs
from supervision.beacons.rules import Rule

UNCHAINED, CHAINED = "bls-unchained-g1-rfc9380", "pedersen-bls-chained"
G1_BYTES, G2_BYTES = 48, 96


def verify(rule: Rule, round_name: str, raw: str) -> str:
    """Return the value of the round if ``raw`` is its answer and the signature holds; refuse otherwise."""
    found = read_json(raw)
    if str(number_of(found, "round")) != round_name:
        raise other_round(round_name)
    signature = hex_of(found, "signature", size=G1_BYTES if rule.parameters["scheme"] == UNCHAINED else G2_BYTES)
    _check_signature(rule, found, signature)
    value = hashlib.sha256(bytes.fromhex(signature)).hexdigest()
    if "randomness" in found and hex_of(found, "randomness") != value:
        raise value_differs()
    return value


def _check_signature(rule: Rule, found: Mapping[str, Any], signature: str) -> None:
    number, key = number_of(found, "round"), str(rule.parameters["public_key"])
    if rule.parameters["scheme"] == UNCHAINED:
        _hold(lambda: drand_verify.verify_bls_unchained_g1_rfc9380(number, signature, key))
    else:
        before = hex_of(found, "previous_signature", size=G2_BYTES)
        _hold(lambda: drand_verify.verify_pedersen_bls_chained(number, before, signature, key))


def _hold(check: Callable[[], object]) -> None:
    try:
        check()
    except (ValueError, OverflowError) as error:
        raise not_signed() from error
