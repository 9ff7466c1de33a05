"""Every read of the log."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.draws.hooks import Watching
from supervision.draws.models import Draw, LogHead, LogLeaf
from supervision.draws.rules import SEALED_EVENTS, SHOWN, LogEvent
from supervision.errors import NotFound
from supervision.transparency.models import LogCheckpoint, LogCosignature, LogKey, LogWitness, WitnessStatement
from supervision.transparency.rules import FEWEST_WITNESSES


def log_size(session: Session) -> int:
    """Return the number of leaves."""
    return session.scalar(sa.select(LogHead.size)) or 0


def find_newest(session: Session) -> LogCheckpoint | None:
    """Return the newest signed checkpoint."""
    return session.scalar(sa.select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(1))


def get_checkpoint(session: Session, size: int) -> LogCheckpoint:
    """Return the checkpoint of a size, or refuse."""
    found = session.get(LogCheckpoint, size)
    if found is None:
        raise NotFound
    return found


def list_checkpoints(session: Session, *, beyond: int = 0) -> list[LogCheckpoint]:
    """List the checkpoints of more than ``beyond`` leaves, the smallest first."""
    statement = sa.select(LogCheckpoint).where(LogCheckpoint.size > beyond)
    return list(session.scalars(statement.order_by(LogCheckpoint.size)))


def list_keys(session: Session) -> list[LogKey]:
    """List every key of the log, oldest first; each is in force until the next began."""
    return list(session.scalars(sa.select(LogKey).order_by(LogKey.id)))


def list_witnesses(session: Session) -> list[LogWitness]:
    """List the witnesses, those that have ended last."""
    statement = sa.select(LogWitness).order_by(LogWitness.ended_at.is_not(None), LogWitness.id)
    return list(session.scalars(statement))


def get_witness(session: Session, witness_id: int) -> LogWitness:
    """Return a witness or refuse."""
    found = session.get(LogWitness, witness_id)
    if found is None:
        raise NotFound
    return found


def find_witness(session: Session, verifier_key: str) -> LogWitness | None:
    """Return the witness with this key."""
    return session.scalar(sa.select(LogWitness).where(LogWitness.verifier_key == verifier_key))


def active_witnesses(session: Session) -> list[LogWitness]:
    """List the witnesses whose cosignatures are taken in."""
    return [one for one in list_witnesses(session) if one.ended_at is None]


def list_cosignatures(session: Session, size: int, *, first: bool = False) -> list[LogCosignature]:
    """List the newest (or first) cosignature of each witness on the checkpoint of a size, as the register has them."""
    ordered = sa.select(LogCosignature).where(LogCosignature.size == size)
    found: dict[int, LogCosignature] = {}
    for one in session.scalars(ordered.order_by(LogCosignature.seen_at, LogCosignature.id)):
        if not first or one.witness_id not in found:
            found[one.witness_id] = one
    return [found[number] for number in sorted(found)]


def cosigned_note(session: Session, checkpoint: LogCheckpoint, *, first: bool = False) -> str:
    """Return a checkpoint with the lines of all its witnesses, their newest or their first ones."""
    return checkpoint.note + "".join(one.line for one in list_cosignatures(session, checkpoint.size, first=first))


@dataclass(frozen=True, slots=True)
class LastSeen:
    """A witness and the newest checkpoint it saw."""

    witness: LogWitness
    size: int | None
    seen_at: datetime | None


def last_seen(session: Session) -> list[LastSeen]:
    """Return of every witness what it saw last."""
    found: dict[int, tuple[int, datetime]] = {}
    newest = sa.select(LogCosignature.witness_id, sa.func.max(LogCosignature.seen_at)).group_by(
        LogCosignature.witness_id
    )
    pairs = sa.tuple_(LogCosignature.witness_id, LogCosignature.seen_at)
    statement = sa.select(LogCosignature.witness_id, LogCosignature.size, LogCosignature.seen_at).where(
        pairs.in_(newest)
    )
    for witness_id, size, seen_at in session.execute(statement.order_by(LogCosignature.size)):
        found[witness_id] = (size, seen_at)
    return [LastSeen(one, *found.get(one.id, (None, None))) for one in list_witnesses(session)]


@dataclass(frozen=True, slots=True)
class ShownLeaf:
    """A leaf as everybody may see it: of a strike or replacement in a sealed draw only its place and hash."""

    index: int
    leaf_hash: str
    sealed: bool
    event: LogEvent | None = None
    draw: str = ""
    at: datetime | None = None
    leaf: str | None = None


def list_leaves(session: Session, *, start: int, count: int, newest_first: bool = False) -> list[ShownLeaf]:
    """List leaves ``start`` to ``start + count - 1``."""
    statement = (
        sa.select(LogLeaf, Draw.number, Draw.state)
        .outerjoin(Draw, Draw.id == LogLeaf.draw_id)
        .where(LogLeaf.index >= start, LogLeaf.index < start + count)
        .order_by(LogLeaf.index.desc() if newest_first else LogLeaf.index)
    )
    return [_shown(leaf, number or "", opened=state in SHOWN) for leaf, number, state in session.execute(statement)]


def _shown(leaf: LogLeaf, number: str, *, opened: bool) -> ShownLeaf:
    if leaf.event in SEALED_EVENTS and not opened:
        return ShownLeaf(index=leaf.index, leaf_hash=leaf.leaf_hash, sealed=True)
    return ShownLeaf(
        index=leaf.index,
        leaf_hash=leaf.leaf_hash,
        sealed=False,
        event=leaf.event,
        draw=number,
        at=leaf.at,
        leaf=leaf.leaf,
    )


def body_of(leaf: LogLeaf) -> dict[str, object]:
    """Return what a leaf says, by field."""
    found: dict[str, object] = json.loads(leaf.leaf)
    return found


def get_leaf(session: Session, index: int) -> LogLeaf:
    """Return the leaf at a place of the log, or refuse."""
    found = session.get(LogLeaf, index)
    if found is None:
        raise NotFound
    return found


def audit_anchors(session: Session) -> dict[int, str]:
    """Return the hash of each audit entry that stands in the log, by the entry's number."""
    leaves = session.scalars(sa.select(LogLeaf).where(LogLeaf.event == LogEvent.AUDIT).order_by(LogLeaf.index))
    return {int(str(body_of(leaf)["entries"])): leaf.digest for leaf in leaves}


def newest_of(session: Session, event: LogEvent) -> LogLeaf | None:
    """Return the newest leaf of a kind."""
    statement = sa.select(LogLeaf).where(LogLeaf.event == event).order_by(LogLeaf.index.desc()).limit(1)
    return session.scalar(statement)


def first_checkpoint_with(session: Session, index: int, *, witnesses: int) -> LogCheckpoint | None:
    """Return the checkpoint holding a leaf that first had enough witnesses; else the earliest holding it."""
    found = _first_witnessed(session, index, witnesses) if witnesses else None
    holding = sa.select(LogCheckpoint).where(LogCheckpoint.size > index).order_by(LogCheckpoint.size).limit(1)
    return session.scalar(holding) if found is None else session.get(LogCheckpoint, found)


def _first_witnessed(session: Session, index: int, witnesses: int) -> int | None:
    """Follow the cosignatures in the order of their times until one checkpoint has enough."""
    seen: defaultdict[int, set[int]] = defaultdict(set)
    statement = (
        sa.select(LogCosignature.size, LogCosignature.witness_id)
        .where(LogCosignature.size > index)
        .order_by(LogCosignature.seen_at, LogCosignature.size)
    )
    with session.execute(statement.execution_options(yield_per=200)) as rows:
        for size, witness in rows:
            seen[size].add(witness)
            if len(seen[size]) >= witnesses:
                return size
    return None


def watching(session: Session, draw: Draw, until: datetime | None) -> Watching:
    """Count the active witnesses, and those whose cosignatures in time stand on one checkpoint with the commitment.

    As ``verify`` counts: the signatures of several checkpoints are not added up.
    """
    committed = sa.select(LogLeaf.index).where(LogLeaf.draw_id == draw.id, LogLeaf.event == LogEvent.COMMITTED)
    index, seen = session.scalar(committed), 0
    if index is not None and until is not None:
        counts = (
            sa.select(sa.func.count(LogCosignature.witness_id.distinct()).label("count"))
            .where(LogCosignature.size > index, LogCosignature.seen_at <= until)
            .group_by(LogCosignature.size)
            .subquery()
        )
        seen = session.scalar(sa.select(sa.func.max(counts.c.count))) or 0
    return Watching(active=len(active_witnesses(session)), seen=seen, needed=FEWEST_WITNESSES)


def list_statements(session: Session, draw: Draw) -> Sequence[WitnessStatement]:
    """List the statements of witnesses on a draw, in the order of the register."""
    statement = sa.select(WitnessStatement).where(WitnessStatement.draw_id == draw.id)
    return session.scalars(statement.order_by(WitnessStatement.witness_id)).all()


def find_statement(session: Session, draw: Draw, witness: LogWitness) -> WitnessStatement | None:
    """Return what a witness stated about a draw."""
    return session.get(WitnessStatement, (draw.id, witness.id))


def signer_keys(session: Session, sizes: Iterable[int]) -> list[str]:
    """Return the keys of the log of every time, and of the witnesses who cosigned these checkpoints."""
    cosigned = sa.select(LogCosignature.witness_id).where(LogCosignature.size.in_(list(sizes)))
    witnesses = sa.select(LogWitness.verifier_key).where(LogWitness.id.in_(cosigned)).order_by(LogWitness.id)
    return [*(key.verifier_key for key in list_keys(session)), *session.scalars(witnesses)]
