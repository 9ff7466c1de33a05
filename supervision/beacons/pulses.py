"""Pulses in the format of NIST IR 8213 (beacon 2.0): signed with RSA over the fields in a fixed order.

Each field is written with its length in four bytes before it, numbers with four or eight bytes, big end first.
``outputValue`` is the SHA-512 over the same bytes and the signature. Beacons differ in whether the signature's length
stands before it there (INMETRO writes it, NIST does not), so the rule says which.
"""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any  # JSON of the source

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA512

from supervision.beacons.evidence import (
    field_wrong,
    hex_of,
    not_signed,
    number_of,
    other_round,
    read_json,
    text_of,
    value_differs,
)
from supervision.beacons.rules import Rule, pulse_name

RSA_SHA512 = 0
HASH_BYTES = 64
NO_ERROR = 0


def verify(rule: Rule, round_name: str, raw: str) -> str:
    """Return the pulse's output value if it is the pulse of the round and its signature holds; refuse otherwise."""
    outer = read_json(raw)
    pulse = outer.get("pulse", outer)
    if not isinstance(pulse, dict):
        raise field_wrong("pulse")
    _check_round(rule, pulse, round_name)
    message, signature = signed_bytes(pulse), bytes.fromhex(hex_of(pulse, "signatureValue"))
    _check_signature(rule, message, signature)
    value = output_value(rule, message, signature)
    if hex_of(pulse, "outputValue", size=HASH_BYTES) != value:
        raise value_differs()
    return value


def _check_round(rule: Rule, pulse: Mapping[str, Any], round_name: str) -> None:
    try:
        at = datetime.fromisoformat(text_of(pulse, "timeStamp"))
    except ValueError as error:
        raise field_wrong("timeStamp") from error
    if at.tzinfo is None or at.microsecond or pulse_name(at) != round_name:
        raise other_round(round_name)
    if not text_of(pulse, "uri").startswith(str(rule.parameters["uri_prefix"])):
        raise field_wrong("uri")
    if number_of(pulse, "period") != int(rule.parameters["period_ms"]):
        raise field_wrong("period")
    # another suite is another signature; a pulse with a fault in it is not to be used
    if number_of(pulse, "cipherSuite") != RSA_SHA512 or number_of(pulse, "statusCode") != NO_ERROR:
        raise field_wrong("statusCode")


def _check_signature(rule: Rule, message: bytes, signature: bytes) -> None:
    certificate = x509.load_der_x509_certificate(base64.b64decode(str(rule.parameters["certificate"])))
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise not_signed()
    try:
        key.verify(signature, message, PKCS1v15(), SHA512())
    except InvalidSignature as error:
        raise not_signed() from error


def output_value(rule: Rule, message: bytes, signature: bytes) -> str:
    """Return the output value that follows from the signed bytes and the signature."""
    length = _number(len(signature), 4) if rule.parameters["signature_length_in_output"] else b""
    return hashlib.sha512(message + length + signature).hexdigest()


def signed_bytes(pulse: Mapping[str, Any]) -> bytes:
    """Return the bytes that a pulse's signature is made over."""
    outside = pulse.get("external")
    listed = pulse.get("listValues")
    if not isinstance(outside, dict):
        raise field_wrong("external")
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise field_wrong("listValues")
    return b"".join(
        (
            _text(pulse, "uri"),
            _text(pulse, "version"),
            _number(number_of(pulse, "cipherSuite", below=1 << 32), 4),
            _number(number_of(pulse, "period", below=1 << 32), 4),
            _hash(pulse, "certificateId"),
            _number(number_of(pulse, "chainIndex"), 8),
            _number(number_of(pulse, "pulseIndex"), 8),
            _text(pulse, "timeStamp"),
            _hash(pulse, "localRandomValue"),
            _hash(outside, "sourceId"),
            _number(number_of(outside, "statusCode", below=1 << 32), 4),
            _hash(outside, "value"),
            *(_hash(one, "value") for one in listed),
            _hash(pulse, "precommitmentValue"),
            _number(number_of(pulse, "statusCode", below=1 << 32), 4),
        )
    )


def _text(found: Mapping[str, Any], name: str) -> bytes:
    data = text_of(found, name).encode()
    return _number(len(data), 4) + data


def _hash(found: Mapping[str, Any], name: str) -> bytes:
    data = bytes.fromhex(hex_of(found, name))
    return _number(len(data), 4) + data


def _number(value: int, size: int) -> bytes:
    return value.to_bytes(size, "big")
