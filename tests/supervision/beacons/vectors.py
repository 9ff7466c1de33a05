"""Real rounds, and a beacon of our own: what sources publish, for tests.

The drand rounds are those that the README of ``drand-verify`` shows; the INMETRO pulse of 9 July 2020 stood on its
public page. No pulse with a certificate that fits was at hand, so a pulse is also made here with an RSA key of ours.
"""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any  # pulses are JSON

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from cryptography.hazmat.primitives.serialization import Encoding

from supervision.beacons import pulses
from supervision.beacons.rules import Rule
from supervision.catalogue_files import FOLDER, read_catalogue

QUICKNET_ROUND = 657413
MOVED = "drand-moved"
QUICKNET = {
    "round": QUICKNET_ROUND,
    "randomness": "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587",
    "signature": "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b",
}
DEFAULT = {
    "round": 3311596,
    "randomness": "647c07b2abbf7ff2afb4d670214f565e5cd9f9c91bfdcecb59a21f3c78d73920",
    "signature": (
        "a696b9409ababce45749c3a4ec369074453dd4a79967734e1390d969c8ad8d98897d217b9121e92c8ddebbddda8d92f900e3bd6bf9deb166"
        "863b1a19390d743f82774001487594c5c09e581db7365f02b70a2c8cc41ce32446ef08e4890c4754"
    ),
    "previous_signature": (
        "8ed588f2a7716fb1349e2d9803da5db0005e98a83783c353d4a08f183236a9ad91d70ddb01266f4b7c576983db464b430e65680b9e009855"
        "2758afd6c1e6afcb77e3f62fe1b93d42d1cb63abbb2205512fe12fbf74ea9c5ac3b8f5c1e283a1d8"
    ),
}
INMETRO = (Path(__file__).parent / "inmetro_pulse.json").read_text(encoding="utf-8")
MOMENT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def shipped(code: str) -> dict[str, Any]:
    """The text of a shipped rule, without what follows it."""
    row = next(row for row in read_catalogue(FOLDER, "beacon_rules") if row["code"] == code)
    return {**row, "parameters": json.loads(row["parameters"]), "then": None}


def rule_of(code: str, /, **values: Any) -> Rule:
    """A shipped rule with some parameters exchanged."""
    text = shipped(code)
    own = {name: values.pop(name) for name in list(values) if name in text}
    return Rule.read({**text, **own, "parameters": {**text["parameters"], **values}})


def quicknet_at(moment: datetime, **values: Any) -> Rule:
    """quicknet with its beginning moved so that the round we have comes at ``moment``; the key is the real one.

    It bears another name: of quicknet itself the verifier knows when each round came.
    """
    genesis = int(moment.timestamp()) - 3 * (QUICKNET_ROUND - 1)
    return rule_of("drand-quicknet", genesis=genesis, source=MOVED, **values)


def make_signer() -> tuple[RSAPrivateKey, str]:
    """A signer of pulses: its key, and its certificate as a rule holds it."""
    key = generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a beacon for tests")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(MOMENT - timedelta(days=1))
        .not_valid_after(MOMENT + timedelta(days=3650))
        .sign(key, SHA256())
    )
    return key, base64.b64encode(made.public_bytes(Encoding.DER)).decode()


def pulse_rule(certificate: str, **values: Any) -> Rule:
    """The rule of a signed pulse with this certificate."""
    return rule_of("nist-pulse", certificate=certificate, **values)


def make_pulse(key: RSAPrivateKey, rule: Rule, at: datetime, **changes: Any) -> dict[str, Any]:
    """A pulse of our own beacon, signed."""
    pulse: dict[str, Any] = {
        "uri": "https://beacon.nist.gov/beacon/2.0/chain/2/pulse/1",
        "version": "Version 2.0",
        "cipherSuite": 0,
        "period": 60000,
        "certificateId": "ab" * 64,
        "chainIndex": 2,
        "pulseIndex": 1,
        "timeStamp": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "localRandomValue": "11" * 64,
        "external": {"sourceId": "00" * 64, "statusCode": 0, "value": "00" * 64},
        "listValues": [{"uri": "", "type": kind, "value": "22" * 64} for kind in ("previous", "hour", "day")],
        "precommitmentValue": "33" * 64,
        "statusCode": 0,
        **changes,
    }
    message = pulses.signed_bytes(pulse)
    signature = key.sign(message, PKCS1v15(), SHA512())
    output = pulses.output_value(rule, message, signature)
    return {**pulse, "signatureValue": signature.hex().upper(), "outputValue": output.upper()}
