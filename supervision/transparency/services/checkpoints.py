"""Signing: one checkpoint for each size of the log, never one that does not continue the one before."""

from collections.abc import Sequence

from sqlalchemy import event
from sqlalchemy.orm import Session

from sampling.hash_tree import HashTree
from sampling.note_signing import Signer, checkpoint_text, note_of
from supervision.draws.log import lock_log
from supervision.errors import RuleBroken
from supervision.transparency import queries, trees
from supervision.transparency.keyring import CHECKPOINT, Keyring
from supervision.transparency.models import LogCheckpoint
from supervision.transparency.rules import Fault
from supervision.transparency.services.keys import current_signer

_PENDING = "log checkpoint to keep"


def make_checkpoint(session: Session, keyring: Keyring, *, signers: Sequence[Signer] = ()) -> LogCheckpoint:
    """Sign the log as it stands; the same size gives the same checkpoint.

    The log does not sign what contradicts its last signature, neither the one in the database nor the one in the
    file beside the key: that file is written once the transaction is committed. ``signers`` are given by a change of
    keys, where the old and the new one sign together.
    """
    head = lock_log(session)
    # the first key is a leaf itself, so it comes before the size is read
    hands = list(signers) or [current_signer(session, keyring)]
    newest = queries.find_newest(session)
    if newest is not None and newest.size == head.size:
        return newest
    tree = trees.tree_of(session, newest, size=head.size)
    _check_continues(tree, newest, keyring)
    text = checkpoint_text(origin=keyring.origin, size=tree.size, head=tree.head())
    made = LogCheckpoint(
        size=tree.size,
        head=tree.head().hex(),
        note=note_of(text, (hand.signature(text) for hand in hands)),
    )
    session.add(made)
    session.flush()
    trees.remember(made, tree)
    session.info[_PENDING] = (keyring, made.note)
    return made


def _check_continues(tree: HashTree, newest: LogCheckpoint | None, keyring: Keyring) -> None:
    signed = [(newest.size, newest.head, f"log_checkpoints {newest.size}")] if newest else []
    kept = keyring.kept()
    if kept is not None:
        signed.append((kept.checkpoint.size, kept.checkpoint.head.hex(), CHECKPOINT))
    for size, head, source in signed:
        if size > tree.size:
            raise RuleBroken(Fault.ROLLBACK, Fault.ROLLBACK.label, source=source, size=size, found=tree.size)
        if tree.head(size).hex() != head:
            raise RuleBroken(Fault.REWRITTEN, Fault.REWRITTEN.label, source=source, size=size, since=0, until=size - 1)


@event.listens_for(Session, "after_commit")
def _keep(session: Session) -> None:
    """Keep the newest signature outside the database, once it is in it."""
    if session.in_nested_transaction():
        return
    pending = session.info.pop(_PENDING, None)
    if pending is not None:
        keyring, note = pending
        keyring.keep(note)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_PENDING, None)
