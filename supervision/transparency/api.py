"""The log for programs: checkpoints as text, keys, leaves and proofs as JSON, events as a feed.

What is asked for by number never changes, and caches may keep it for ever; what grows is kept for a minute. Witnesses
hand in what they signed here: their signature is the only key they need.
"""

import json
from typing import Any  # JSON

from flask import Blueprint, Response, jsonify, render_template, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge

from supervision import clock
from supervision.db import is_busy
from supervision.draws.rules import moment_text
from supervision.draws.tries import address_key, refuse_often
from supervision.errors import DomainError, Invalid, NotFound, TooMany
from supervision.labels import N_
from supervision.transparency import pages, queries, services, trees
from supervision.transparency.models import LogCheckpoint, LogKey
from supervision.transparency.proofs import hex_list, newest_checkpoint
from supervision.transparency.rules import LONGEST_NOTE, MOST_LEAVES, SHOWN_EVENTS
from supervision.web import database, error_pages
from supervision.web.access import public
from supervision.web.commands import both, in_both

blueprint = Blueprint("log_data", __name__, url_prefix="/log")

FOR_EVER = "public, max-age=31536000, immutable"
A_MINUTE = "public, max-age=60"
PLAIN = "text/plain; charset=utf-8"
UNREADABLE = "note-malformed"
BUSY = N_("The log is being written by somebody else. Please send it again in half a minute.")
TOO_MANY = N_("Ask for at most %(most)s leaves at once, beginning with the smaller number.")


@blueprint.errorhandler(DomainError)
def refused(error: DomainError) -> tuple[Response, int]:
    """Refuse in words a program can read, whatever the address ends in, in both languages: it passes them on as is.

    What is handed in in vain is counted: after many tries from one address it is asked to wait.
    """
    if request.method not in database.READING_METHODS:
        error = _counted(error)
    database.read_only()
    said = N_("Not found") if isinstance(error, NotFound) else error.message
    # what is no note at all is a request that cannot be read
    return problem(400 if error.code == UNREADABLE else error.status, error.code, said, **error.parameters)


def _counted(error: DomainError) -> DomainError:
    try:
        refuse_often(address_key("log"))
    except TooMany as many:
        return many
    return error


@blueprint.errorhandler(OperationalError)
def busy(error: OperationalError) -> tuple[Response | str, int]:
    """Ask a program to come again when somebody held the database for long; anything else is a fault of ours."""
    if not is_busy(error):
        return error_pages.unexpected(error)
    database.read_only()
    body, status = problem(503, "busy", BUSY)
    body.headers["Retry-After"] = str(error_pages.RETRY_SECONDS)
    return body, status


def problem(status: int, code: str, message: str, /, **places: object) -> tuple[Response, int]:
    """Answer with problem+json (RFC 9457) whose sentence stands in Chinese and English."""
    chinese, english = in_both(message, **places)
    body = jsonify(
        type=f"urn:problem:{code}", status=status, detail=both(message, **places), detail_zh=chinese, detail_en=english
    )
    body.content_type = "application/problem+json"
    return body, status


def newest() -> LogCheckpoint:
    """Return the newest checkpoint or refuse: an installation without a log has nothing to prove."""
    found = newest_checkpoint(database.session())
    if found is None:
        raise NotFound
    return found


def number_of(name: str, *, most: int, default: int) -> int:
    """Return a number asked for in the address, or refuse it by name."""
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdecimal()) or len(text) > 12 or int(text) > most:
        raise Invalid(
            "log-number",
            N_("%(name)s must be a number from 0 to %(most)s, without sign and blanks."),
            field=name,
            name=name,
            most=most,
        )
    return int(text)


def answer(content: dict[str, Any], *, fixed_by: tuple[str, ...] = ()) -> Response:
    """Answer with JSON; what is wholly asked for by number is the same for ever."""
    response = jsonify(content)
    fixed = bool(fixed_by) and all(name in request.args for name in fixed_by)
    response.headers["Cache-Control"] = FOR_EVER if fixed else A_MINUTE
    return response


@blueprint.get("/checkpoint")
@public
def checkpoint() -> Response:
    """Hand out the newest checkpoint with the cosignatures on it."""
    return note_of(newest())


@blueprint.get("/checkpoint/<int:size>")
@public
def checkpoint_of(size: int) -> Response:
    """Hand out the checkpoint of a size; cosignatures may still come, so it is kept for a minute only."""
    return note_of(queries.get_checkpoint(database.session(), size))


def note_of(found: LogCheckpoint) -> Response:
    """Answer with a signed note."""
    response = Response(queries.cosigned_note(database.session(), found), content_type=PLAIN)
    response.headers["Cache-Control"] = A_MINUTE
    return response


@blueprint.get("/keys.json")
@public
def keys() -> Response:
    """Hand out every key of the log with its period, and a checkpoint that holds the leaf which names it."""
    newest()
    session = database.session()
    listed = queries.list_keys(session)
    ends = [*(moment_text(key.began_at) for key in listed[1:]), None]
    content = [{**_key(session, key), "until": until} for key, until in zip(listed, ends, strict=True)]
    return answer({"keys": content})


def _key(session: Session, key: LogKey) -> dict[str, Any]:
    """Return a key so that somebody who trusts the one before can follow: the old key signs the leaf with the new."""
    vouching = queries.first_checkpoint_with(session, key.leaf_index, witnesses=0)
    if vouching is None:
        raise NotFound
    proof = trees.signed_tree(session, newest()).inclusion_proof(key.leaf_index, size=vouching.size)
    return {
        "key": key.verifier_key,
        "since": moment_text(key.began_at),
        "index": key.leaf_index,
        "leaf": queries.body_of(key.leaf),
        "checkpoint": vouching.note,
        "proof": hex_list(proof),
    }


@blueprint.get("/leaves.json")
@public
def leaves() -> Response:
    """Hand out leaves ``from`` up to ``to``, that one excluded; of sealed ones their hash alone."""
    size = newest().size
    end = number_of("to", most=size, default=size)
    start = number_of("from", most=size, default=max(0, end - SHOWN_EVENTS))
    if not 0 <= end - start <= MOST_LEAVES:
        raise Invalid("log-range", TOO_MANY, most=MOST_LEAVES)
    found = queries.list_leaves(database.session(), start=start, count=end - start)
    rows = [
        {"index": one.index, "hash": one.leaf_hash, "leaf": json.loads(one.leaf) if one.leaf else None} for one in found
    ]
    # never for ever: a sealed leaf shows its text one day
    return answer({"size": size, "leaves": rows})


@blueprint.get("/inclusion.json")
@public
def inclusion() -> Response:
    """Prove that leaf ``index`` is in the log of ``size`` leaves."""
    signed = newest()
    size = number_of("size", most=signed.size, default=signed.size)
    index = number_of("index", most=max(0, size - 1), default=max(0, size - 1))
    if not size:
        raise NotFound
    tree = trees.signed_tree(database.session(), signed)
    content = {
        "index": index,
        "size": size,
        "hash": tree.leaf(index).hex(),
        "proof": hex_list(tree.inclusion_proof(index, size=size)),
        "root": tree.head(size).hex(),
    }
    return answer(content, fixed_by=("index", "size"))


@blueprint.get("/consistency.json")
@public
def consistency() -> Response:
    """Prove that the log of ``to`` leaves continues that of ``from`` leaves."""
    signed = newest()
    size = number_of("to", most=signed.size, default=signed.size)
    old = number_of("from", most=size, default=size)
    if not old:
        raise NotFound
    tree = trees.signed_tree(database.session(), signed)
    proof = hex_list(tree.consistency_proof(old, size=size))
    return answer({"from": old, "to": size, "proof": proof}, fixed_by=("from", "to"))


@blueprint.get("/feed.atom")
@public
def feed() -> Response:
    """Tell of the newest events as a feed."""
    signed = newest()
    events = pages.newest_events(database.session(), size=signed.size)
    at = next((one.at for one in events if one.at is not None), None)
    text = render_template(
        "log/feed.xml",
        origin=signed.note.partition("\n")[0],
        events=events,
        # a sealed entry's own time says when something happened in a draw that nobody may know of yet
        updated=moment_text(at or clock.now()),
        moment_text=moment_text,
    )
    response = Response(text, content_type="application/atom+xml; charset=utf-8")
    response.headers["Cache-Control"] = A_MINUTE
    return response


def sent_note() -> str:
    """Return the note that was sent: as plain text, or as JSON {"note": …}."""
    # also of a request that does not say how long it is: each line of a note costs a signature to check
    request.max_content_length = LONGEST_NOTE + 1
    try:
        sent = request.get_data()
    except RequestEntityTooLarge as error:
        raise _too_long() from error
    if len(sent) > LONGEST_NOTE:
        raise _too_long()
    if request.is_json:
        content = request.get_json(silent=True)
        note = content.get("note") if isinstance(content, dict) else None
    else:
        note = sent.decode("utf-8", "replace")
    if not isinstance(note, str) or "\x00" in note:
        raise Invalid(UNREADABLE, N_("Send the signed note as plain text, or as JSON with the key note."))
    return note


def _too_long() -> Invalid:
    return Invalid("note-too-long", N_("A note has at most %(most)s bytes."), most=LONGEST_NOTE)


@blueprint.post("/cosignatures")
@public
def take_cosignature() -> tuple[Response, int]:
    """Take in the cosignature of a registered witness.

    It is checked before anything may be written: strangers, and copies of what is kept, never hold up who writes.
    """
    database.read_only()
    note = sent_note()
    cosigned = services.read_cosignature(database.session(), note)
    kept = services.find_kept(database.session(), cosigned)
    if kept is None:
        with database.written_now() as own:
            kept = services.take_cosignature(own, note)
    facts = {"size": kept.size, "witness": cosigned.witness.holder, "seen_at": moment_text(kept.seen_at)}
    return jsonify(facts), 200


@blueprint.post("/statements")
@public
def take_statement() -> tuple[Response, int]:
    """Take in a witness's statement that the full bundle of a draw verified; checked first, as a cosignature is."""
    database.read_only()
    note = sent_note()
    draw, witness = services.read_statement(database.session(), note)
    if queries.find_statement(database.session(), draw, witness) is None:
        with database.written_now() as own:
            services.take_statement(own, note)
    return jsonify({"witness": witness.holder}), 200
