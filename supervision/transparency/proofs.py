"""What goes with the files of an opened draw: log.json and statements.json (draw protocol, sections 1 and 8)."""

import json
import logging
from collections.abc import Iterable

import sqlalchemy as sa
from flask import has_request_context, request
from sqlalchemy.orm import Session

from sampling.bundle import LOG, STATEMENTS
from sampling.canonical import canonical_bytes
from sampling.hash_tree import HashTree
from supervision.draws.models import Draw, LogLeaf
from supervision.draws.rules import LogEvent
from supervision.errors import DomainError
from supervision.transparency import queries, services, trees
from supervision.transparency.keyring import keyring_of
from supervision.transparency.models import LogCheckpoint
from supervision.transparency.rules import FEWEST_WITNESSES
from supervision.web import database

log = logging.getLogger(__name__)


def newest_checkpoint(session: Session) -> LogCheckpoint | None:
    """Return the newest checkpoint, made now if the log grew; None where no log can be signed.

    A request that only reads signs in a short transaction of its own. A log that contradicts what it signed is
    refused: nobody is shown an older checkpoint as if nothing had happened.
    """
    keyring, newest = keyring_of(session), queries.find_newest(session)
    if keyring is None or (newest is not None and newest.size == queries.log_size(session)):
        return newest
    if not (has_request_context() and request.method in database.READING_METHODS):
        return services.make_checkpoint(session, keyring)
    with database.written_now() as own:
        size = services.make_checkpoint(own, keyring).size
    return queries.get_checkpoint(session, size)


def proofs_of(session: Session, draw: Draw) -> dict[str, bytes]:
    """Return log.json and, where witnesses stated something, statements.json of an opened draw.

    Without a log that can be signed the bundle goes out without its proof, and the verifier says so.
    """
    try:
        newest = newest_checkpoint(session)
        found = {} if newest is None else {LOG: log_json(session, draw, newest)}
    except DomainError as error:
        log.exception("no log.json for draw %s: %s", draw.number, error.code)
        found = {}
    statements = queries.list_statements(session, draw)
    if statements:
        found[STATEMENTS] = canonical_bytes(
            {
                "keys": [one.witness.verifier_key for one in statements],
                "statements": [one.note for one in statements],
            }
        )
    return found


def log_json(session: Session, draw: Draw, newest: LogCheckpoint) -> bytes:
    """Write log.json over the newest checkpoint: the draw's leaves, its neighbors', and the commitment's witnesses."""
    tree = trees.signed_tree(session, newest)
    leaves = _leaves_of(session, draw, size=newest.size)
    content: dict[str, object] = {
        "checkpoint": queries.cosigned_note(session, newest),
        "leaves": [_proven(leaf, tree) for leaf in leaves],
    }
    sizes = [newest.size]
    committed = next((leaf for leaf in leaves if (leaf.draw_id, leaf.event) == (draw.id, LogEvent.COMMITTED)), None)
    early = queries.first_checkpoint_with(session, committed.index, witnesses=FEWEST_WITNESSES) if committed else None
    if early is not None:
        sizes.append(early.size)
        content["committed"] = {
            # when they saw it first is what counts: before the public value was known
            "checkpoint": queries.cosigned_note(session, early, first=True),
            "consistency": hex_list(tree.consistency_proof(early.size, size=newest.size)),
        }
    content["keys"] = queries.signer_keys(session, sizes)
    return canonical_bytes(content)


def hex_list(proof: Iterable[bytes]) -> list[str]:
    """Write a proof as JSON carries it."""
    return [step.hex() for step in proof]


def _proven(leaf: LogLeaf, tree: HashTree) -> dict[str, object]:
    return {
        "index": leaf.index,
        "leaf": json.loads(leaf.leaf),
        "proof": hex_list(tree.inclusion_proof(leaf.index, size=tree.size)),
    }


def _leaves_of(session: Session, draw: Draw, *, size: int) -> list[LogLeaf]:
    """Return the leaves of a draw and, of the numbers before and after it, the leaf that shows the number was used."""
    own = session.scalars(sa.select(LogLeaf).where(LogLeaf.draw_id == draw.id, LogLeaf.index < size))
    found = {leaf.index: leaf for leaf in own}
    for number in neighbors(draw.number):
        beside = session.scalar(sa.select(Draw.id).where(Draw.number == number))
        leaf = _sign_of(session, beside, size=size) if beside is not None else None
        if leaf is not None:
            found[leaf.index] = leaf
    return [found[index] for index in sorted(found)]


def neighbors(number: str) -> list[str]:
    """Return the numbers before and after this one in the same year."""
    prefix, _, serial = number.rpartition("-")
    return [f"{prefix}-{one:0{len(serial)}d}" for one in (int(serial) - 1, int(serial) + 1) if one > 0]


def _sign_of(session: Session, draw_id: int, *, size: int) -> LogLeaf | None:
    """Return a draw's commitment; of one that never came so far, its beginning."""
    statement = sa.select(LogLeaf).where(
        LogLeaf.draw_id == draw_id,
        LogLeaf.event.in_((LogEvent.COMMITTED, LogEvent.FROZEN)),
        LogLeaf.index < size,
    )
    return session.scalar(statement.order_by(LogLeaf.index.desc()).limit(1))
