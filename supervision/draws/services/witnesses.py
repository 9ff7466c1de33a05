"""Named witnesses: naming, links, removal, and what a witness does by the link (draw protocol, section 2; T04)."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from sampling.canonical import canonical_bytes
from sampling.hashing import LOG_HASH, hex_digest
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.departments.models import Department
from supervision.draws.log import append_leaf
from supervision.draws.models import Contribution, Draw
from supervision.draws.queries import lock_draw
from supervision.draws.queries.witnesses import entry_of, hash_of, link_ends_at, list_links_to_end, list_witnesses
from supervision.draws.rules import OVERSIGHT, DrawState, LogEvent, body_of
from supervision.draws.services.contributing import reveal_for, seal_for
from supervision.draws.services.rights import leads
from supervision.draws.witness_models import LinkFailure, Witness
from supervision.draws.witness_rules import (
    FAILURE_WINDOW,
    KINDS,
    MOST_WITNESSES,
    REMOVAL_REASONS,
    TOKEN_BYTES,
    next_code,
    shown_name,
)
from supervision.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from supervision.labels import N_
from supervision.parameters.queries import check_reason
from supervision.permissions import Actor, Permission, system_actor


@dataclass(frozen=True, slots=True)
class NewWitness:
    """Who is to be named; ``is_person`` says whether the public reads the surname alone."""

    kind: str
    name: str
    is_person: bool
    public_name: str = ""
    contact: str = ""


def may_name(draw: Draw, actor: Actor) -> bool:
    """Say whether ``actor`` names witnesses of this draw: the lead who prepares it, and oversight."""
    return actor.may(Permission.WITNESS_NAME) and (body_of(actor) == OVERSIGHT or leads(draw.task, actor))


def may_manage(draw: Draw, witness: Witness, actor: Actor) -> bool:
    """Say whether ``actor`` may take this witness off or make them a new link: the lead never whom oversight named."""
    return may_name(draw, actor) and (body_of(actor) == OVERSIGHT or witness.named_body != OVERSIGHT)


def may_renew(draw: Draw, witness: Witness, actor: Actor) -> bool:
    """Say whether ``actor`` may make a new link: once something is sealed, oversight alone.

    Who kills the old link keeps the witness from revealing, and the public would blame the witness.
    """
    entry = entry_of(witness)
    is_sealed = entry is not None and entry.digest is not None
    return may_manage(draw, witness, actor) and (body_of(actor) == OVERSIGHT or not is_sealed)


def name_witness(session: Session, draw: Draw, new: NewWitness, *, actor: Actor) -> tuple[Witness, str]:
    """Name a witness between freeze and commitment; return them with the token of their link, told only now.

    The witness becomes a party like any other: without their secret nothing is drawn.
    """
    lock_draw(session, draw)
    if not may_name(draw, actor):
        raise Forbidden("witness-refused", N_("Only the lead of the lead department and oversight name witnesses."))
    _check_frozen(draw)
    check_reason(session, KINDS, new.kind, field="kind")
    _check_new(session, draw, new)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    witness = Witness(
        draw=draw,
        by=_free_code(session, draw),
        kind=new.kind,
        public_name=new.public_name or (shown_name(new.name) if new.is_person else new.name),
        name=new.name,
        contact=new.contact,
        token_hash=hash_of(token),
        link_made_at=clock.now(),
        named_by=actor.user_id,
        named_body=body_of(actor),
        named_at=clock.now(),
    )
    session.add(witness)
    draw.contributions.append(Contribution(by=witness.by))
    session.flush()
    witness.named_at = _note(session, witness, LogEvent.WITNESS_NAMED, Event.WITNESS_NAMED, actor=actor)
    witness.link_made_at = witness.named_at
    return witness, token


def _check_frozen(draw: Draw) -> None:
    if draw.state is not DrawState.FROZEN:
        raise WrongState(
            "witness-too-late", N_("Witnesses are named, and taken off, between the freeze and the commitment only.")
        )


def _check_new(session: Session, draw: Draw, new: NewWitness) -> None:
    if not new.name.strip():
        raise Invalid("witness-nameless", N_("Give the name of the person or organisation."), field="name")
    named = [one for one in list_witnesses(session, draw) if one.removed_at is None]
    if any((one.kind, one.name) == (new.kind, new.name) for one in named):
        raise Conflict(
            "witness-named", N_("%(name)s is named already. Make a new link if the first one was lost."), name=new.name
        )
    if len(named) >= MOST_WITNESSES:
        raise Invalid(
            "too-many-witnesses", N_("A draw has at most %(most)s witnesses."), field="name", most=MOST_WITNESSES
        )


def _free_code(session: Session, draw: Draw) -> str:
    """Return a code that neither a witness of this draw, removed ones included, nor any department bears."""
    departments = session.scalars(sa.select(Department.code))
    return next_code({*departments, *(one.by for one in list_witnesses(session, draw))})


def _note(session: Session, witness: Witness, leaf: LogEvent, event: Event, *, actor: Actor) -> datetime:
    """Log a naming, a removal or a new link, in public and inside; the leaf holds the name in its digest only.

    Return the moment the log has for it.
    """
    draw = witness.draw
    told = {"by": witness.by, "draw": draw.number, "kind": witness.kind, "name": witness.public_name}
    reason = {"reason": witness.removal_reason} if witness.removal_reason else {}
    fields = {"by": witness.by, "kind": witness.kind, **reason}
    logged = append_leaf(session, draw, leaf, digest=hex_digest(LOG_HASH, canonical_bytes(told)), fields=fields)
    details = {"number": draw.number, **fields}
    record(session, event, actor=actor, subject=("draw", draw.id), details=details)
    return logged.at


def _check_manages(draw: Draw, witness: Witness, actor: Actor) -> None:
    if not may_manage(draw, witness, actor):
        raise Forbidden(
            "witness-not-yours",
            N_("The lead department or oversight looks after witnesses; after those of oversight, oversight alone."),
        )


def remove_witness(session: Session, witness: Witness, *, reason: str, actor: Actor) -> None:
    """Take a witness off who has not sealed, with a reason that the public reads; the code is never given again.

    That is what can be done when somebody never comes. Who has sealed stays: a known contribution that could be
    thrown out would let the remover choose among outcomes (T04).
    """
    draw = lock_draw(session, witness.draw)
    session.refresh(witness)
    _check_manages(draw, witness, actor)
    _check_frozen(draw)
    entry = entry_of(witness)
    if witness.removed_at is not None or entry is None:
        raise NotFound
    if entry.digest is not None:
        raise WrongState("witness-sealed", N_("This witness has sealed a contribution and can no longer be taken off."))
    check_reason(session, REMOVAL_REASONS, reason)
    draw.contributions.remove(entry)
    session.delete(entry)
    witness.removed_at, witness.removed_by, witness.removal_reason = clock.now(), actor.user_id, reason
    witness.token_hash, witness.contact = None, ""
    session.flush()
    witness.removed_at = _note(session, witness, LogEvent.WITNESS_REMOVED, Event.WITNESS_REMOVED, actor=actor)


def renew_link(session: Session, witness: Witness, *, actor: Actor) -> str:
    """Make a new link for a witness who lost theirs; the old one is dead at once. Return the new token.

    From then on a sealed contribution stays: whoever has the new link could else put their own in its place. The
    public log tells of every new link: nobody acts as the witness unseen (T04).
    """
    draw = lock_draw(session, witness.draw)
    session.refresh(witness)
    _check_manages(draw, witness, actor)
    if not may_renew(draw, witness, actor):
        raise Forbidden(
            "witness-link-oversight",
            N_("This witness has sealed a contribution. From now on only oversight makes them a new link."),
        )
    ends = link_ends_at(session, draw)
    if witness.removed_at is not None or (ends is not None and clock.now() > ends):
        raise NotFound
    token = secrets.token_urlsafe(TOKEN_BYTES)
    witness.token_hash = hash_of(token)
    entry = entry_of(witness)
    witness.seal_fixed = entry is not None and entry.digest is not None
    session.flush()
    witness.link_made_at = _note(session, witness, LogEvent.WITNESS_LINK, Event.WITNESS_LINK_MADE, actor=actor)
    return token


def seal_as_witness(
    session: Session, witness: Witness, *, digest: str, secret: str = "", request_id: str = ""
) -> Contribution:
    """Take in the digest of a witness's secret, by the link; in the beacon form the secret comes with it."""
    entry = _locked_entry(session, witness)
    if witness.seal_fixed and entry.digest != digest.strip().lower():
        raise WrongState(
            "sealed-before-this-link",
            N_("A contribution was sealed before this link was made. A new link can reveal it but not replace it."),
        )
    speaker = _speaker(witness, request_id)
    return seal_for(session, witness.draw, entry, digest=digest, secret=secret, actor=speaker)


def reveal_as_witness(session: Session, witness: Witness, *, secret: str, request_id: str = "") -> Contribution:
    """Take in a witness's secret, by the link."""
    entry = _locked_entry(session, witness)
    return reveal_for(session, witness.draw, entry, secret=secret, actor=_speaker(witness, request_id))


def _locked_entry(session: Session, witness: Witness) -> Contribution:
    lock_draw(session, witness.draw)
    session.refresh(witness)
    entry = entry_of(witness)
    if entry is None or witness.token_hash is None:
        raise NotFound
    return entry


def _speaker(witness: Witness, request_id: str) -> Actor:
    """Return who acts by a link: nobody with an account, named in the log by draw and code."""
    return Actor(user_id=None, name=f"{witness.draw.number} {witness.by}", request_id=request_id)


def count_failure(session: Session, key: str) -> None:
    """Remember a wrong link or a refused entry, and forget those that no longer count."""
    now = clock.now()
    session.execute(sa.delete(LinkFailure).where(LinkFailure.at <= now - FAILURE_WINDOW))
    session.add(LinkFailure(key=key, at=now))
    session.flush()


def end_links(session: Session) -> int:
    """End the links nobody needs any more and forget how to reach their witnesses; return how many."""
    ended = list_links_to_end(session)
    for draw, witnesses in groupby(ended, key=lambda one: one.draw):
        codes = []
        for witness in witnesses:
            witness.token_hash, witness.contact = None, ""
            codes.append(witness.by)
        details = {"number": draw.number, "by": codes}
        record(session, Event.WITNESS_LINKS_ENDED, actor=system_actor(), subject=("draw", draw.id), details=details)
    return len(ended)
