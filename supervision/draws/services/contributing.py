"""Contributions: sealed, committed to, revealed (draw protocol, section 2).

In the reveal form a party seals a digest and keeps its secret. In the beacon form the secret comes with it, encrypted
at once, so that nobody can withhold it when the public value is there.
"""

import re
from datetime import datetime

from sqlalchemy.orm import Session

from sampling import freezing as engine
from sampling.bundle import FROZEN_FILES
from sampling.commitment import COMMITMENT, Beacon
from sampling.seeds import contribution_digest, dice_secret
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.draws.bundles import read_files, store_file
from supervision.draws.hooks import after_commitment
from supervision.draws.log import append_leaf, log_moment
from supervision.draws.models import Contribution, Draw
from supervision.draws.queries import list_unrevealed, lock_draw, party_in, reveal_due_at
from supervision.draws.queries.beacons import attempts_of
from supervision.draws.rules import SYSTEM, WITHHELD, DrawState, LogEvent, check_move, moment_text
from supervision.draws.services.ending import end_as_void, secrets_missing
from supervision.draws.services.rights import check_leads
from supervision.draws.vault import parties_vault, place_of
from supervision.errors import Conflict, Forbidden, Invalid, WrongState
from supervision.labels import N_
from supervision.permissions import Actor, system_actor

_HEX = re.compile(r"[0-9a-f]{64}")
_DICE = re.compile(r"[1-6]{50,200}")


def seal(session: Session, draw: Draw, *, digest: str, secret: str = "", actor: Actor) -> Contribution:
    """Take in the digest of a party's secret. Until the commitment the party may replace its own."""
    lock_draw(session, draw)
    return seal_for(session, draw, _own_entry(draw, actor), digest=digest, secret=secret, actor=actor)


def seal_for(
    session: Session, draw: Draw, entry: Contribution, *, digest: str, secret: str = "", actor: Actor
) -> Contribution:
    """Take in one entry of a locked draw; the caller has found out who may speak for it.

    The beacon form asks for the secret too; the other refuses it, because there it must stay with its owner.
    """
    if draw.state is not DrawState.FROZEN:
        raise WrongState("sealing-over", N_("The draw is committed. No contribution can be sealed any more."))
    digest = digest.strip().lower()
    if _HEX.fullmatch(digest) is None:
        raise Invalid("digest-malformed", N_("A digest has 64 characters, digits and a to f."), field="digest")
    handed = _handed_over(draw, entry, digest=digest, typed=secret)
    if entry.digest == digest:
        return entry
    if any(other.digest == digest for other in draw.contributions):
        raise Conflict("digest-taken", N_("Another party has sealed this digest. Make a secret of your own."))
    others = [other.sealed_by for other in draw.contributions if other is not entry]
    if actor.user_id is not None and actor.user_id in others:
        raise Forbidden("one-person-one-party", N_("One person cannot contribute for two parties."))
    leaf = append_leaf(session, draw, LogEvent.CONTRIBUTED, digest=digest, fields={"by": entry.by})
    entry.digest, entry.sealed_by, entry.sealed_at = digest, actor.user_id, leaf.at
    entry.locked_secret = lock_for(session, draw, entry, handed) if handed else None
    record(
        session,
        Event.DRAW_CONTRIBUTED,
        actor=actor,
        subject=("draw", draw.id),
        details={"number": draw.number, "by": entry.by, "digest": digest},
    )
    return entry


def _handed_over(draw: Draw, entry: Contribution, *, digest: str, typed: str) -> str:
    """Return the secret that comes with a digest in the beacon form, empty in the other."""
    if draw.beacon_rule:
        return _checked_secret(draw, entry, typed, digest=digest)
    if typed.strip():
        raise Invalid(
            "secret-too-early",
            N_("In this draw the secret stays with you until the commitment. Make a new one: this one has left you."),
            field="secret",
        )
    return ""


def lock_for(session: Session, draw: Draw, entry: Contribution, secret: str) -> str:
    """Encrypt a secret for its place in a draw."""
    return parties_vault(session).lock_up(secret, draw=place_of(draw.number, entry.by))


def secrets_of(session: Session, draw: Draw) -> dict[str, str]:
    """Return every party's secret, decrypted: for the draw itself and its check, never for a page."""
    vault = parties_vault(session)
    return {
        entry.by: entry.secret or vault.take_out(str(entry.locked_secret), draw=place_of(draw.number, entry.by))
        for entry in draw.contributions
    }


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
    if draw.beacon_rule and secrets_missing(draw):
        raise WrongState("secrets-not-here", N_("Not every party has handed over its secret."))
    draw.committed_at = log_moment(session).replace(microsecond=0)
    data = engine.commitment_json(
        draw=draw.number,
        hash_name=draw.hash_name,
        plan_digest=str(draw.task.plan_version.digest),
        files=read_files(session, draw, FROZEN_FILES),
        contributions=digests,
        beacon=_beacon(session, draw),
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
    after_commitment(session, draw)
    return draw


def _beacon(session: Session, draw: Draw) -> Beacon | None:
    """Return the public value that will be mixed in, named before it exists: the rule says which."""
    attempts = attempts_of(session, draw)
    if not attempts:
        return None
    first = attempts[0]
    return Beacon(source=first.source, round=first.round.name, rule=draw.beacon_rule)


def reveal(session: Session, draw: Draw, *, secret: str, actor: Actor) -> Contribution:
    """Take in a party's secret if it is the one it sealed; ``secret`` is 64 hex digits or 50 and more dice throws.

    Revealing the same secret again changes nothing. The draw itself is another step, so that a fault there
    does not lose what was revealed.
    """
    lock_draw(session, draw)
    return reveal_for(session, draw, _own_entry(draw, actor), secret=secret, actor=actor)


def reveal_for(session: Session, draw: Draw, entry: Contribution, *, secret: str, actor: Actor) -> Contribution:
    """Take in the secret of one entry of a locked draw; the caller has found out who may speak for it."""
    if draw.beacon_rule:
        raise WrongState("reveal-not-needed", N_("In this draw the secrets were handed over when they were sealed."))
    if draw.state is not DrawState.COMMITTED and not entry.handed_over:
        raise WrongState("reveal-not-now", N_("Secrets are revealed after the commitment and before the draw."))
    found = _checked_secret(draw, entry, secret, digest=str(entry.digest))
    if entry.handed_over:
        return entry
    _check_in_time(session, draw, log_moment(session))
    entry.locked_secret = lock_for(session, draw, entry, found)
    noted = record(
        session,
        Event.DRAW_REVEALED,
        actor=actor,
        subject=("draw", draw.id),
        details={"number": draw.number, "by": entry.by},
    )
    entry.revealed_at = noted.at
    return entry


def _checked_secret(draw: Draw, entry: Contribution, typed: str, *, digest: str) -> str:
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
        if _digest(draw, entry, secret) == digest:
            return secret
    raise Invalid(
        "secret-wrong",
        N_("This is not the secret that you sealed in this draw. Compare the slip's number and check code."),
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
        silent = [entry.by for entry in draw.contributions if not entry.handed_over and entry.by != SYSTEM]
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
