"""Two departments that witness the demonstration's log: their keys are made at load, and they saw every checkpoint."""

from datetime import timedelta
from pathlib import Path

from sampling.note_signing import Signer, note_of
from sampling.signed_notes import COSIGNATURE, parse_note
from sampling.witness_command import write_private
from supervision import clock
from supervision.demo.registry import Demo
from supervision.permissions import system_actor
from supervision.transparency import queries, services
from supervision.transparency.keyring import keyring_of
from supervision.transparency.services import add_witness, take_cosignature

# who it is, name of the key, how long after the newest entry it looked
WITNESSES = (
    ("静安区司法局（执法监督）", "witness-sfj.jingan", timedelta(minutes=4)),
    ("静安区大数据中心", "witness-dsj.jingan", timedelta(minutes=9)),
)
CONTACT = "演示用，无真实联系方式"


def load(demo: Demo) -> None:
    """Anchor what is there, sign, and let both witnesses cosign every checkpoint at its time."""
    session = demo.session
    keyring = keyring_of(session)
    if keyring is None:
        return
    services.anchor_daily(session, keyring)
    services.make_checkpoint(session, keyring)
    for holder, name, later in WITNESSES:
        signer = Signer.generate(name, kind=COSIGNATURE)
        keep_key(keyring.folder / f"{name}.key", signer)
        add_witness(
            session, holder=holder, verifier_key=signer.verifier_key, contact=CONTACT, actor=system_actor("demo")
        )
        for checkpoint in queries.list_checkpoints(session):
            text = parse_note(checkpoint.note).text
            seen_at = min(queries.get_leaf(session, checkpoint.size - 1).at + later, clock.now())
            line = signer.signature(text, seen_at=int(seen_at.timestamp()))
            take_cosignature(session, note_of(text, [line]))


def keep_key(path: Path, signer: Signer) -> None:
    """Keep a witness's key beside the others, so that whoever shows the demonstration can cosign with it."""
    path.unlink(missing_ok=True)
    write_private(path, signer)
