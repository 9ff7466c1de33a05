"""Contributions: sealed as digests, committed to, revealed (draw protocol, section 2, reveal form)."""

import re
from datetime import datetime

from sqlalchemy.orm import Session

from sampling import freezing as engine
from sampling.bundle import FROZEN_FILES
from sampling.commitment import COMMITMENT
from sampling.seeds import contribution_digest, dice_secret
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.draws.bundles import read_files, store_file
from supervision.draws.log import append_leaf
from supervision.draws.models import Contribution, Draw
from supervision.draws.queries import list_unrevealed, lock_draw, party_in, reveal_due_at
from supervision.draws.rules import SYSTEM, WITHHELD, DrawState, LogEvent, check_move, moment_text
from supervision.draws.services.ending import end_as_void
from supervision.draws.services.rights import check_leads
from supervision.errors import Conflict, Forbidden, Invalid, WrongState
from supervision.labels import N_
from supervision.permissions import Actor, system_actor

_HEX = re.compile(r"[0-9a-f]{64}")
_DICE = re.compile(r"[1-6]{50,200}")


def seal(session: Session, draw: Draw, *, digest: str, actor: Actor) -> Contribution:
    """Take in the digest of a party's secret. Until the commitment the party may replace its own."""
    lock_draw(session, draw)
    entry = _own_entry(draw, actor)
    if draw.state is not DrawState.FROZEN:
        raise WrongState("sealing-over", N_("The draw is committed. No contribution can be sealed any more."))
    digest = digest.strip().lower()
    if _HEX.fullmatch(digest) is None:
        raise Invalid("digest-malformed", N_("A digest has 64 characters, digits and a to f."), field="digest")
    if entry.digest == digest:
        return entry
    if any(other.digest == digest for other in draw.contributions):
        raise Conflict("digest-taken", N_("Another party has sealed this digest. Make a secret of your own."))
    if any(other.sealed_by == actor.user_id for other in draw.contributions if other is not entry):
        raise Forbidden("one-person-one-party", N_("One person cannot contribute for two parties."))
    entry.digest, entry.sealed_by, entry.sealed_at = digest, actor.user_id, clock.now()
    append_leaf(session, draw, LogEvent.CONTRIBUTED, digest=digest, fields={"by": entry.by})
    record(
        session,
        Event.DRAW_CONTRIBUTED,
        actor=actor,
        subject=("draw", draw.id),
        details={"number": draw.number, "by": entry.by, "digest": digest},
    )
    return entry


def _own_entry(draw: Draw, actor: Actor) -> Contribution:
    entry = party_in(draw, actor)
    if entry is None:
        raise Forbidden("not-a-party", N_("You cannot contribute to this draw: your body is not one of its parties."))
    return entry


def commit(session: Session, draw: Draw, *, actor: Actor) -> Draw:
    """Fix the commitment over files and digests and show its digest to everybody; a retry changes nothing."""
    lock_draw(session, draw)
    check_leads(draw.task, actor)
    if draw.commitment_digest is not None and draw.state is not DrawState.VOID:
        return draw
    check_move(draw.state, DrawState.COMMITTED)
    digests = {entry.by: entry.digest for entry in draw.contributions if entry.digest}
    missing = [entry.by for entry in draw.contributions if entry.by not in digests]
    if missing:
        raise WrongState(
            "not-all-sealed", N_("Still missing: the contribution of %(parties)s."), parties=", ".join(missing)
        )
    draw.committed_at = clock.now().replace(microsecond=0)
    data = engine.commitment_json(
        draw=draw.number,
        hash_name=draw.hash_name,
        plan_digest=str(draw.task.plan_version.digest),
        files=read_files(session, draw, FROZEN_FILES),
        contributions=digests,
        beacon=None,
        committed_at=moment_text(draw.committed_at),
    )
    draw.commitment_digest = store_file(session, draw, COMMITMENT, data)
    draw.state = DrawState.COMMITTED
    append_leaf(session, draw, LogEvent.COMMITTED, digest=draw.commitment_digest)
    record(
        session,
        Event.DRAW_COMMITTED,
        actor=actor,
        subject=("draw", draw.id),
        details={"number": draw.number, "digest": draw.commitment_digest},
    )
    return draw


def reveal(session: Session, draw: Draw, *, secret: str, actor: Actor) -> Contribution:
    """Take in a party's secret if it is the one it sealed; ``secret`` is 64 hex digits or 50 and more dice throws.

    Revealing the same secret again changes nothing. The draw itself is another step, so that a fault there
    does not lose what was revealed.
    """
    lock_draw(session, draw)
    entry = _own_entry(draw, actor)
    if draw.state is not DrawState.COMMITTED and entry.secret is None:
        raise WrongState("reveal-not-now", N_("Secrets are revealed after the commitment and before the draw."))
    found = _checked_secret(draw, entry, secret)
    if entry.secret is not None:
        return entry
    _check_in_time(session, draw, clock.now())
    entry.secret, entry.revealed_at = found, clock.now()
    record(
        session,
        Event.DRAW_REVEALED,
        actor=actor,
        subject=("draw", draw.id),
        details={"number": draw.number, "by": entry.by},
    )
    return entry


def _checked_secret(draw: Draw, entry: Contribution, typed: str) -> str:
    """Return the secret that was typed; spaces and line breaks of a slip read aloud do not matter."""
    text = "".join(typed.split()).lower()
    candidates = [text] if _HEX.fullmatch(text) else []
    if _DICE.fullmatch(text):
        candidates.append(dice_secret(hash_name=draw.hash_name, draw=draw.number, by=entry.by, digits=text))
    if not candidates:
        raise Invalid(
            "secret-malformed",
            N_("Type the 64 characters of the slip (digits and a to f), or at least 50 dice throws (1 to 6)."),
            field="secret",
        )
    for secret in candidates:
        if _digest(draw, entry, secret) == entry.digest:
            return secret
    raise Invalid(
        "secret-wrong",
        N_("This is not the secret that your body sealed in this draw. Compare the slip's number and check code."),
        field="secret",
    )


def _digest(draw: Draw, entry: Contribution, secret: str) -> str:
    return contribution_digest(hash_name=draw.hash_name, draw=draw.number, by=entry.by, secret=secret)


def _check_in_time(session: Session, draw: Draw, now: datetime) -> None:
    due = reveal_due_at(session, draw)
    if due is not None and now > due:
        raise WrongState("reveal-too-late", N_("The time to reveal has passed; the draw is void."))


def expire_reveals(session: Session) -> list[Draw]:
    """Declare void, in public and naming who is to blame, every draw whose parties did not reveal in time."""
    expired = []
    for draw in list_unrevealed(session):
        lock_draw(session, draw)
        silent = [entry.by for entry in draw.contributions if entry.secret is None and entry.by != SYSTEM]
        if draw.state is DrawState.COMMITTED and silent:
            end_as_void(
                session,
                draw,
                reason=WITHHELD,
                note=", ".join(silent),
                fields={"withheld": silent},
                actor=system_actor(),
            )
            expired.append(draw)
    return expired
