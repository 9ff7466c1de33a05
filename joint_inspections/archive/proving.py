"""What the log says of a package: its manifest is a leaf, the head of the audit log another, under one checkpoint."""

import json
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.archive.verifier import PROOF_FORMAT
from joint_inspections.visits.models import Visit
from sampling.canonical import canonical_bytes
from sampling.hash_tree import HashTree
from sampling.signed_notes import parse_note, parse_verifier_key
from supervision.draws.log import append_platform_leaf
from supervision.draws.models import LogLeaf
from supervision.draws.rules import SEALED_EVENTS, LogEvent
from supervision.transparency import queries, services, trees
from supervision.transparency.keyring import keyring_of
from supervision.transparency.models import LogCheckpoint


@dataclass(frozen=True, slots=True)
class Anchored:
    """Where the log speaks of a package; all None where there is no log to sign."""

    leaf_index: int | None = None
    anchor_index: int | None = None
    checkpoint_size: int | None = None


def anchor(session: Session, manifest: str) -> Anchored:
    """Log the head of the audit log and the digest of a manifest, then sign."""
    keyring = keyring_of(session)
    if keyring is None:
        return Anchored()
    services.anchor_audit(session, region=keyring.region)
    head = queries.newest_of(session, LogEvent.AUDIT)
    leaf = append_platform_leaf(session, LogEvent.ARCHIVED, region=keyring.region, digest=manifest, fields={})
    signed = services.make_checkpoint(session, keyring)
    return Anchored(leaf.index, head.index if head is not None else None, signed.size)


def proof_bytes(session: Session, visit: Visit, anchored: Anchored) -> bytes:
    """Return proof.json, the same whenever it is made anew."""
    if anchored.checkpoint_size is None or anchored.leaf_index is None:
        return canonical_bytes({"format": PROOF_FORMAT, "checkpoint": None})
    signed = queries.get_checkpoint(session, anchored.checkpoint_size)
    tree = trees.signed_tree(session, signed)
    head = None if anchored.anchor_index is None else queries.get_leaf(session, anchored.anchor_index)
    return canonical_bytes(
        {
            "format": PROOF_FORMAT,
            # the log's own signature alone: those of witnesses come later and would change the file
            "checkpoint": signed.note,
            "keys": _keys_on(session, signed),
            "leaf": _proven(queries.get_leaf(session, anchored.leaf_index), tree),
            "anchor": None if head is None else _proven(head, tree),
            "draw": [_proven(one, tree) for one in _leaves_of_draw(session, visit, size=signed.size)],
        }
    )


def _keys_on(session: Session, signed: LogCheckpoint) -> list[str]:
    signers = {(name, line[:4]) for name, line in parse_note(signed.note).signatures}
    keys = [one.verifier_key for one in queries.list_keys(session)]
    return [one for one in keys if (parse_verifier_key(one).name, parse_verifier_key(one).key_id) in signers]


def _leaves_of_draw(session: Session, visit: Visit, *, size: int) -> list[LogLeaf]:
    """Return what the log says of the visit's draw, without what names enterprises and inspectors of other visits."""
    if visit.draw_id is None:
        return []
    statement = sa.select(LogLeaf).where(
        LogLeaf.draw_id == visit.draw_id, LogLeaf.index < size, LogLeaf.event.not_in(SEALED_EVENTS)
    )
    return list(session.scalars(statement.order_by(LogLeaf.index)))


def _proven(leaf: LogLeaf, tree: HashTree) -> dict[str, object]:
    return {
        "index": leaf.index,
        "leaf": json.loads(leaf.leaf),
        "proof": [step.hex() for step in tree.inclusion_proof(leaf.index, size=tree.size)],
    }
