"""Bundles with the log and the witnesses of their draw, signed with keys of the tests."""

import base64
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sampling import freezing, merkle, signed_notes
from sampling.bundle import Bundle
from sampling.canonical import canonical_bytes
from sampling.commitment import parse_commitment
from sampling.drawing import draw
from sampling.transparency_log import leaf_bytes
from tests.sampling.bundle_making import DRAW, least_case

ORIGIN = "log.jingan.example"
# the moment of every leaf, by a witness's clock
SEEN_AT = 1_795_334_400
SIGNERS = {
    name: (Ed25519PrivateKey.from_private_bytes(name.encode().ljust(32, b".")), kind)
    for name, kind in ((ORIGIN, 1), ("witness-a", 4), ("witness-b", 4))
}


def public_key(name):
    return SIGNERS[name][0].public_key().public_bytes_raw()


def keys(names=SIGNERS):
    return [signed_notes.verifier_key(name, kind=SIGNERS[name][1], public=public_key(name)) for name in names]


def signed(text, names, seen_at=SEEN_AT):
    lines = []
    for name in names:
        private, kind = SIGNERS[name]
        key_id = signed_notes.key_id(name, kind=kind, public=public_key(name))
        if kind == 4:
            signature = seen_at.to_bytes(8, "big") + private.sign(signed_notes.cosigned_text(text, seen_at=seen_at))
        else:
            signature = private.sign(text.encode())
        lines.append(f"— {name} {base64.b64encode(key_id + signature).decode()}\n")
    return f"{text}\n{''.join(lines)}"


def checkpoint(entries, names=SIGNERS, seen_at=SEEN_AT):
    head = base64.b64encode(merkle.tree_head("sha256", entries)).decode()
    return signed(f"{ORIGIN}\n{len(entries)}\n{head}\n", names, seen_at)


def events_of(files):
    commitment = parse_commitment(files["commitment.json"])
    own = commitment.contribution_digest_of("system")
    record = Bundle.from_files(files).record
    return [
        ("frozen", freezing.frozen_digest(files, own, commitment.hash_name), {}),
        ("contributed", commitment.contribution_digest_of("SCJG"), {"by": "SCJG"}),
        ("committed", commitment.digest, {}),
        ("drawn", record.digest, {}),
        ("opened", freezing.opened_digest(files, commitment.hash_name), {}),
    ]


def logged(files, events=None, *, names=SIGNERS, others=(), seen_at=SEEN_AT):
    """Build log.json over some leaves of other draws and the events of this one."""
    events = events_of(files) if events is None else events
    at = "2026-11-22T08:00:00Z"
    foreign = [
        leaf_bytes(log=ORIGIN, event="committed", draw=d, digest="1" * 64, at=at) for d in ("310106-2026-0005", *others)
    ]
    own = [leaf_bytes(log=ORIGIN, event=e, draw=DRAW, digest=d, at=at, fields=f) for e, d, f in events]
    entries = [*foreign, *own]
    early = len(foreign) + 3
    leaves = [
        {
            "index": i,
            "leaf": json.loads(entry),
            "proof": [step.hex() for step in merkle.inclusion_proof("sha256", entries, index=i)],
        }
        for i, entry in enumerate(entries)
    ]
    consistency = merkle.consistency_proof("sha256", entries, old_size=min(early, len(entries)))
    log = {
        "checkpoint": checkpoint(entries, names),
        "keys": keys(),
        "leaves": leaves,
        "committed": {
            "checkpoint": checkpoint(entries[:early], names, seen_at),
            "consistency": [step.hex() for step in consistency],
        },
    }
    return {**files, "log.json": canonical_bytes(log)}


def drawn_files(case=None):
    case = case or least_case()
    record = draw(Bundle.from_files(case.files), case.secrets, case.beacon_value)
    return {**case.files, "record.json": record.to_bytes()}


def relogged(files, edit):
    log = json.loads(files["log.json"])
    edit(log)
    return {**files, "log.json": canonical_bytes(log)}


def found(report, severity):
    return {finding.code for finding in report.findings if finding.severity == severity}


def statement_keys():
    return [signed_notes.verifier_key(name, kind=1, public=public_key(name)) for name in ("witness-a", "witness-b")]


def note_of(text, name):
    key_id = signed_notes.key_id(name, kind=1, public=public_key(name))
    signature = base64.b64encode(key_id + SIGNERS[name][0].sign(text.encode())).decode()
    return f"{text}\n— {name} {signature}\n"
