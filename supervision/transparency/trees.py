"""The log's Merkle tree, read from the leaves and kept by its signed head.

A tree that was once computed for a signed checkpoint is right for that checkpoint for ever: it is found again by size
and head, and grows by the new leaves alone. Every leaf that is read is hashed anew before it counts.
"""

from collections import OrderedDict
from threading import Lock

import sqlalchemy as sa
from sqlalchemy.orm import Session

from sampling.hash_tree import HashTree
from sampling.hashing import LOG_HASH
from sampling.merkle import leaf_hash
from supervision.draws.models import LogLeaf
from supervision.errors import RuleBroken
from supervision.transparency.models import LogCheckpoint
from supervision.transparency.rules import Fault

_KEPT = 4
_trees: OrderedDict[tuple[int, str], HashTree] = OrderedDict()
_lock = Lock()


def tree_of(session: Session, signed: LogCheckpoint | None, *, size: int) -> HashTree:
    """Return the tree of the first ``size`` leaves, growing the one of a signed checkpoint where it is known."""
    known = None if signed is None or signed.size > size else _known(signed)
    tree = known.copy() if known is not None else HashTree()
    statement = sa.select(LogLeaf.index, LogLeaf.leaf, LogLeaf.leaf_hash).where(
        LogLeaf.index >= tree.size, LogLeaf.index < size
    )
    for index, leaf, kept_hash in session.execute(statement.order_by(LogLeaf.index)):
        if index != tree.size:
            raise RuleBroken(Fault.LEAF_MISSING, Fault.LEAF_MISSING.label, index=tree.size)
        found = leaf_hash(LOG_HASH, leaf.encode())
        if found.hex() != kept_hash:
            raise RuleBroken(Fault.LEAF_CHANGED, Fault.LEAF_CHANGED.label, index=index)
        tree.append(found)
    if tree.size != size:
        raise RuleBroken(Fault.LEAF_MISSING, Fault.LEAF_MISSING.label, index=tree.size)
    return tree


def signed_tree(session: Session, signed: LogCheckpoint) -> HashTree:
    """Return the tree of a signed checkpoint, or refuse when the leaves are not those that were signed."""
    tree = _known(signed)
    if tree is not None:
        return tree
    tree = tree_of(session, None, size=signed.size)
    if tree.head().hex() != signed.head:
        raise RuleBroken(
            Fault.REWRITTEN,
            Fault.REWRITTEN.label,
            source=f"log_checkpoints {signed.size}",
            size=signed.size,
            since=0,
            until=signed.size - 1,
        )
    remember(signed, tree)
    return tree


def remember(signed: LogCheckpoint, tree: HashTree) -> None:
    """Keep the tree of a checkpoint; nobody changes it any more."""
    with _lock:
        _trees[signed.size, signed.head] = tree
        while len(_trees) > _KEPT:
            _trees.popitem(last=False)


def _known(signed: LogCheckpoint) -> HashTree | None:
    with _lock:
        return _trees.get((signed.size, signed.head))
