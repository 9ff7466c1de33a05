"""Keys of the log: the first one, a new one in place of one that was lost, and the planned change of keys."""

import hashlib

from sqlalchemy.orm import Session

from sampling.note_signing import Signer
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.draws.log import append_platform_leaf, lock_log
from supervision.draws.models import LogLeaf
from supervision.draws.rules import LogEvent
from supervision.errors import RuleBroken, WrongState
from supervision.labels import N_
from supervision.permissions import Actor, system_actor
from supervision.transparency import queries, trees
from supervision.transparency.keyring import CHECKPOINT, Keyring
from supervision.transparency.models import LogKey
from supervision.transparency.rules import Fault


def current_signer(session: Session, keyring: Keyring) -> Signer:
    """Return the private key in use; make the log's first one when it has none."""
    keys = queries.list_keys(session)
    if not keys:
        return ensure_key(session, keyring)
    signer = keyring.signer_for(keys[-1].verifier_key)
    if signer is None:
        raise keyring.unfit(keys[-1].verifier_key)
    return signer


def ensure_key(session: Session, keyring: Keyring) -> Signer:
    """Begin the log's first key. A log that has signed before and knows no key was rolled back."""
    kept = keyring.kept()
    if kept is not None:
        size = kept.checkpoint.size
        raise RuleBroken(
            Fault.ROLLBACK, Fault.ROLLBACK.label, source=CHECKPOINT, size=size, found=queries.log_size(session)
        )
    signer = keyring.signer()
    if signer is None:
        signer = keyring.new_signer()
        keyring.put_aside(signer)
        keyring.take_over(signer.verifier_key)
    _begin(session, keyring, signer, reason="", previous="", actor=system_actor("log"))
    return signer


def new_key(session: Session, keyring: Keyring, *, reason: str, actor: Actor) -> Signer:
    """Begin a key that nobody vouches for, because the one before was lost: witnesses must be told otherwise."""
    lock_log(session)
    keys = queries.list_keys(session)
    if not keys:
        return ensure_key(session, keyring)
    if keyring.signer_for(keys[-1].verifier_key) is not None:
        raise WrongState(
            "log-key-there", N_("The key of the log is in its folder. Change it with: flask log key rotate --reason …")
        )
    return _aside(session, keyring, reason=reason, previous=keys[-1].verifier_key, actor=actor)


def rotate_key(session: Session, keyring: Keyring, *, reason: str, actor: Actor) -> tuple[Signer, Signer]:
    """Begin the next key; return the old and the new one, which both sign the checkpoint that holds its leaf."""
    lock_log(session)
    old = current_signer(session, keyring)
    return old, _aside(session, keyring, reason=reason, previous=old.verifier_key, actor=actor)


def _aside(session: Session, keyring: Keyring, *, reason: str, previous: str, actor: Actor) -> Signer:
    signer = keyring.new_signer()
    keyring.put_aside(signer)
    _begin(session, keyring, signer, reason=reason, previous=previous, actor=actor)
    return signer


def _begin(session: Session, keyring: Keyring, signer: Signer, *, reason: str, previous: str, actor: Actor) -> None:
    """Log the key, enter it, audit it."""
    text = signer.verifier_key
    leaf = append_platform_leaf(
        session,
        LogEvent.KEY,
        region=keyring.region,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        fields={"key": text, "previous": previous or None},
    )
    session.add(LogKey(verifier_key=text, leaf_index=leaf.index))
    session.flush()
    record(
        session,
        Event.LOG_KEY_BEGUN,
        actor=actor,
        subject=("log", leaf.index),
        reason=reason,
        details={"key": text, "previous": previous},
    )


def resume_log(session: Session, keyring: Keyring, *, reason: str, actor: Actor) -> LogLeaf:
    """Log that the log lost entries: what was signed last, and from which size it goes on.

    Nothing is made good by it. Whoever kept a checkpoint of before sees a fork, and finds here that it is admitted.
    """
    lock_log(session)
    kept, tree = keyring.kept(), trees.tree_of(session, None, size=queries.log_size(session))
    if kept is None or (kept.checkpoint.size <= tree.size and tree.head(kept.checkpoint.size) == kept.checkpoint.head):
        raise WrongState("log-not-behind", N_("The log holds its last checkpoint: there is nothing to resume."))
    lost = kept.checkpoint
    leaf = append_platform_leaf(
        session,
        LogEvent.RESUMED,
        region=keyring.region,
        digest=lost.head.hex(),
        fields={"lost_size": lost.size},
    )
    record(
        session,
        Event.LOG_RESUMED,
        actor=actor,
        subject=("log", leaf.index),
        reason=reason,
        details={"lost_size": lost.size, "head": lost.head.hex()},
    )
    return leaf
