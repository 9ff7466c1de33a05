"""Is the log still the one that was signed? Everything is computed anew from the leaves (T15, T43).

What is kept outside the database decides: the file beside the key, and checkpoints that others kept. Who can write
the whole database can make it agree with itself, but not with a signature that is out of reach.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from sampling.hash_tree import HashTree
from sampling.hashing import LOG_HASH
from sampling.merkle import leaf_hash
from sampling.signed_notes import SignatureState, VerifierKey, parse_note, parse_verifier_key, statement_text
from sampling.witnessing import Seen
from supervision.draws.log import NO_DRAW
from supervision.draws.models import Draw, LogLeaf
from supervision.draws.rules import LogEvent, moment_text
from supervision.transparency import queries
from supervision.transparency.keyring import CHECKPOINT, Keyring
from supervision.transparency.models import LogCheckpoint, LogCosignature, LogKey, LogWitness, WitnessStatement
from supervision.transparency.rules import Fault, Found


@dataclass(frozen=True, slots=True)
class Source:
    """A checkpoint and where it comes from, in words for people."""

    name: str
    seen: Seen


def check_log(session: Session, keyring: Keyring, *, outside: Sequence[Source] = ()) -> list[Found]:
    """Return every fault of the log, the first changed leaf named; ``outside`` are checkpoints that others kept."""
    tree, found = _read_leaves(session)
    size = queries.log_size(session)
    if not found and size != tree.size:
        found.append(Found(Fault.HEAD_WRONG, {"size": size, "found": tree.size}))
    found += _check_keys(session)
    # of two that say the same, what others kept is named first
    sources = [*outside, *_own_sources(session, keyring)]
    found += _check_sources(tree, sources, keys=known_keys(session, keyring))
    return [*found, *_check_heads(session), *_check_witnesses(session)]


def check_kept(session: Session, keyring: Keyring) -> list[Found]:
    """Check quickly, for the start of the application, that the log still holds what it signed last."""
    kept = keyring.kept()
    if kept is None:
        return []
    tree, found = _read_leaves(session)
    return [*found, *_check_sources(tree, [Source(CHECKPOINT, kept)], keys=known_keys(session, keyring))]


def _read_leaves(session: Session) -> tuple[HashTree, list[Found]]:
    """Return the tree of the leaves up to the first bad one."""
    tree = HashTree()
    # the event as bare text: one that no program ever wrote must be found, not stumbled over
    event = sa.type_coerce(LogLeaf.event, sa.String)
    statement = (
        sa.select(LogLeaf.index, LogLeaf.leaf, LogLeaf.leaf_hash, event, LogLeaf.digest, LogLeaf.at, Draw.number)
        .outerjoin(Draw, Draw.id == LogLeaf.draw_id)
        .order_by(LogLeaf.index)
        .execution_options(yield_per=2000)
    )
    with session.execute(statement) as rows:
        for index, leaf, kept_hash, *told, at, number in rows:
            if index != tree.size:
                return tree, [Found(Fault.LEAF_MISSING, {"index": tree.size})]
            computed = leaf_hash(LOG_HASH, leaf.encode())
            if computed.hex() != kept_hash or not _says(leaf, (*told, moment_text(at), number or NO_DRAW)):
                return tree, [Found(Fault.LEAF_CHANGED, {"index": index})]
            tree.append(computed)
    return tree, []


def _says(leaf: str, told: tuple[object, ...]) -> bool:
    """Tell whether the columns beside the leaf's text say what it says."""
    try:
        body = json.loads(leaf)
    except ValueError:
        return False
    return told == tuple(body.get(name) for name in ("event", "digest", "at", "draw"))


def _entered_keys(session: Session) -> set[tuple[int, str]]:
    return {(index, key) for index, key in session.execute(sa.select(LogKey.leaf_index, LogKey.verifier_key))}


def known_keys(session: Session, keyring: Keyring) -> list[VerifierKey]:
    """Return the keys the database names, and the one in the folder of keys whatever the database says."""
    own = keyring.signer()
    texts = {key for _, key in _entered_keys(session)} | ({own.verifier_key} if own else set())
    return [parse_verifier_key(text) for text in sorted(texts)]


def _check_keys(session: Session) -> list[Found]:
    named = set()
    columns = sa.select(LogLeaf.index, LogLeaf.leaf, LogLeaf.digest)
    for index, leaf, digest in session.execute(columns.where(LogLeaf.event == LogEvent.KEY)):
        key = str(json.loads(leaf).get("key"))
        if digest == hashlib.sha256(key.encode()).hexdigest():
            named.add((index, key))
    return [Found(Fault.KEY_UNNAMED, {"key": key}) for _, key in sorted(_entered_keys(session) ^ named)]


def _own_sources(session: Session, keyring: Keyring) -> list[Source]:
    own = [Source(f"log_checkpoints {one.size}", Seen.parse(one.note)) for one in queries.list_checkpoints(session)]
    kept = keyring.kept()
    return [*own, Source(CHECKPOINT, kept)] if kept is not None else own


def _check_sources(tree: HashTree, sources: Sequence[Source], *, keys: Sequence[VerifierKey]) -> list[Found]:
    """Compare the tree with every checkpoint; each that still fits narrows down where the log was changed."""
    found, good, told = [], 0, False
    for source in sorted(sources, key=lambda one: one.seen.checkpoint.size):
        checkpoint = source.seen.checkpoint
        if source.seen.signed_by(keys) is not SignatureState.VALID:
            found.append(Found(Fault.FORGED, {"source": source.name}))
        elif checkpoint.size > tree.size:
            facts = {"source": source.name, "size": checkpoint.size, "found": tree.size}
            found.append(Found(Fault.ROLLBACK, facts))
        elif tree.head(checkpoint.size) == checkpoint.head:
            good = max(good, checkpoint.size)
        elif not told:
            told = True
            facts = {"source": source.name, "size": checkpoint.size, "since": good, "until": checkpoint.size - 1}
            found.append(Found(Fault.REWRITTEN, facts))
    return found


def _check_heads(session: Session) -> list[Found]:
    """Hold the columns of each checkpoint against its note."""
    wrong = []
    for one in queries.list_checkpoints(session):
        checkpoint = Seen.parse(one.note).checkpoint
        if (checkpoint.size, checkpoint.head.hex()) != (one.size, one.head):
            wrong.append(Found(Fault.FORGED, {"source": f"log_checkpoints {one.size}"}))
    return wrong


def _check_witnesses(session: Session) -> list[Found]:
    """Check every signature kept for a witness anew."""
    texts = {one.size: parse_note(one.note).text for one in session.scalars(sa.select(LogCheckpoint))}
    found = [
        Found(Fault.COSIGNATURE_WRONG, {"witness": one.witness.holder})
        for one in session.scalars(sa.select(LogCosignature).order_by(LogCosignature.id))
        if not _holds(one.witness, f"{texts.get(one.size, '')}\n{one.line}", seen_at=one.seen_at)
    ]
    statements = sa.select(WitnessStatement, Draw).join(Draw, Draw.id == WitnessStatement.draw_id)
    for statement, draw in session.execute(statements.order_by(Draw.id)):
        said = statement_text(
            draw=draw.number,
            commitment_digest=str(draw.commitment_digest),
            record_digest=str(draw.record_digest),
        )
        if not statement.note.startswith(f"{said}\n") or not _holds(statement.witness, statement.note):
            found.append(Found(Fault.COSIGNATURE_WRONG, {"witness": statement.witness.holder}))
    return found


def _holds(witness: LogWitness, note: str, *, seen_at: datetime | None = None) -> bool:
    key: VerifierKey = parse_verifier_key(witness.verifier_key)
    try:
        checks = parse_note(note).check([key])
    except ValueError:
        return False
    return all(
        check.state is SignatureState.VALID
        and (seen_at is None or check.seen_at == int(seen_at.astimezone(UTC).timestamp()))
        for check in checks
    )
