"""A source of values that is no public one: with it the demonstration shows past draws that took in a value.

No real value can be had for an invented past. So values are signed here with a key that is made at load and kept
nowhere, under a rule that says in both languages what it is, and which a later version takes out of use: nobody can
choose it in a plan.
"""

import base64
import csv
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any  # a pulse is JSON

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from cryptography.hazmat.primitives.serialization import Encoding

from supervision import clock
from supervision.beacons import pulses
from supervision.beacons.catalogue import NAME, load_beacon_rules
from supervision.beacons.rules import Attempt, BeaconKind
from supervision.demo.registry import Demo

CODE, SOURCE, URI = "demonstration-only", "demonstration-not-public", "demonstration:pulse/"
IN_USE_DAYS_AGO, ENDED_DAYS_AGO = 60, 15
PERIOD_MS, KEY_BITS = 60_000, 2048
HASH_DIGITS = 128
NAMES = {
    "name_zh": "演示用随机值（非公共随机源，仅供演示）",
    "name_en": "Demonstration value (no public source; demonstration data only)",
}
BASIS = (
    "演示数据：由加载演示时生成、随即销毁的密钥签名，不具有任何证明力。 "
    "Demonstration data, signed with a key made at load and then thrown away; it proves nothing."
)
ENDED = {
    "name_zh": "演示用随机值（已停用）",
    "name_en": "Demonstration value (out of use)",
}


@dataclass(frozen=True, slots=True)
class Source:
    """Whoever signs the values, while the demonstration is loaded."""

    key: RSAPrivateKey
    certificate: str

    @classmethod
    def make(cls, began: datetime) -> "Source":
        """Make a key and a certificate that says what it is."""
        key = generate_private_key(65537, KEY_BITS)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "demonstration data, no public source")])
        made = (
            x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(began)
            .not_valid_after(began + timedelta(days=IN_USE_DAYS_AGO)).sign(key, SHA256())
        )  # fmt: skip
        return cls(key, base64.b64encode(made.public_bytes(Encoding.DER)).decode())

    def pulse(self, attempt: Attempt) -> str:
        """Return the signed value of a round, as a source would publish it."""
        said: dict[str, Any] = {
            "uri": f"{URI}{attempt.round.name}", "version": "Version 2.0", "cipherSuite": 0, "period": PERIOD_MS,
            "certificateId": "0" * HASH_DIGITS, "chainIndex": 1, "pulseIndex": 1,
            "timeStamp": attempt.round.due_at.astimezone(UTC).isoformat(timespec="milliseconds"),
            "localRandomValue": secrets.token_hex(HASH_DIGITS // 2), "listValues": [],
            "external": {"sourceId": "0" * HASH_DIGITS, "statusCode": 0, "value": "0" * HASH_DIGITS},
            "precommitmentValue": "0" * HASH_DIGITS, "statusCode": 0,
        }  # fmt: skip
        message = pulses.signed_bytes(said)
        signature = self.key.sign(message, PKCS1v15(), SHA512())
        output = pulses.output_value(attempt.rule, message, signature)
        return json.dumps({**said, "signatureValue": signature.hex(), "outputValue": output})


def make_source(demo: Demo) -> Source:
    """Load the rule as districts load rules of their own, then the version that ends it; return who signs."""
    began, ended = (demo.today - timedelta(days=days) for days in (IN_USE_DAYS_AGO, ENDED_DAYS_AGO))
    source = Source.make(clock.begin_of(began))
    with TemporaryDirectory() as folder:
        rows = [_row(began.isoformat(), source.certificate, NAMES), _row(ended.isoformat(), "", ENDED)]
        with (Path(folder) / f"{NAME}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        load_beacon_rules(demo.session, Path(folder))
    return source


def _row(since: str, certificate: str, names: dict[str, str]) -> dict[str, str]:
    parameters = {
        "url": "", "period_ms": PERIOD_MS, "uri_prefix": URI, "signature_length_in_output": False,
        "certificate": certificate,
    }  # fmt: skip
    return {
        "code": CODE, "effective_from": since, "kind": BeaconKind.PULSE.value, "source": SOURCE,
        "parameters": json.dumps(parameters), "delay_seconds": "600", "wait_hours": "24", "tries": "3",
        "then": "lotteries-cn", **names, "basis": BASIS, "certainty": "default", "note": "",
    }  # fmt: skip
