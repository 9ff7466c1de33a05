"""The register of witnesses, and the cosignatures they hand in."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from sampling.errors import SamplingError
from sampling.signed_notes import SignatureState, VerifierKey, parse_verifier_key
from sampling.witnessing import Seen
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.seals import SEAL, seal_of
from supervision.audit.services import record
from supervision.errors import Conflict, Forbidden, Invalid, WrongState
from supervision.labels import N_
from supervision.permissions import PUBLIC, Actor, Permission, system_actor
from supervision.transparency import queries
from supervision.transparency.models import LogCheckpoint, LogCosignature, LogWitness
from supervision.transparency.rules import CLOCK_TOLERANCE, REPEAT_AFTER

_WRONG_TIME = N_("The time of the cosignature cannot be right. Set the clock of the witness, then sign again.")


def add_witness(session: Session, *, holder: str, verifier_key: str, contact: str, actor: Actor) -> LogWitness:
    """Enter a witness by its public key; the key was compared with its owner on another way."""
    _check_may(actor)
    key = read_witness_key(verifier_key)
    if queries.find_witness(session, key.text) is not None:
        raise Conflict("witness-key-known", N_("This key is entered already. Look at the list of witnesses."))
    if any(parse_verifier_key(one.verifier_key).name == key.name for one in queries.active_witnesses(session)):
        raise Conflict("witness-name-known", N_("A witness with this key name is active. End it first."))
    witness = LogWitness(
        holder=holder, verifier_key=key.text, contact=contact, added_by=actor.user_id, added_at=clock.now()
    )
    session.add(witness)
    session.flush()
    record(
        session,
        Event.LOG_WITNESS_ADDED,
        actor=actor,
        subject=("log_witness", witness.id),
        details={"holder": holder, "key": key.text, SEAL: seal_of(session, witness)},
    )
    return witness


def read_witness_key(text: str) -> VerifierKey:
    """Read the public key of a witness, or refuse it beside its field."""
    try:
        key = parse_verifier_key(text.strip())
    except SamplingError as error:
        raise Invalid(
            "witness-key-malformed",
            N_("This is no public key of a witness. It looks like name+1a2b3c4d+BASE64; copy it whole."),
            field="verifier_key",
        ) from error
    if not key.is_witness:
        raise Invalid(
            "witness-key-kind",
            N_("This key does not cosign. Let the witness make one: flask log witness --key FILE --name NAME"),
            field="verifier_key",
        )
    return key


def end_witness(session: Session, witness: LogWitness, *, reason: str, actor: Actor) -> None:
    """Take no more cosignatures of a witness; those that are there stay."""
    _check_may(actor)
    session.refresh(witness, with_for_update=True)
    if witness.ended_at is not None:
        raise WrongState("witness-ended", N_("This witness has ended already."))
    witness.ended_at, witness.ended_by, witness.end_reason = clock.now(), actor.user_id, reason
    session.flush()
    record(
        session,
        Event.LOG_WITNESS_ENDED,
        actor=actor,
        subject=("log_witness", witness.id),
        reason=reason,
        details={SEAL: seal_of(session, witness)},
    )


def _check_may(actor: Actor) -> None:
    is_platform = actor.user_id is None and actor != PUBLIC
    if not actor.may(Permission.LOG_WITNESS_EDIT) and not is_platform:
        raise Forbidden("witness-register", N_("Only the security administrator keeps the register of witnesses."))


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A checkpoint of this log as a registered witness signed it: the line, and the time it bears."""

    checkpoint: LogCheckpoint
    witness: LogWitness
    line: str
    moment: datetime


def read_cosignature(session: Session, text: str) -> Cosigned:
    """Check what a witness hands in, changing nothing; the signature is all the access."""
    seen = _parse(text)
    checkpoint = queries.get_checkpoint(session, seen.checkpoint.size)
    if not checkpoint.note.startswith(f"{seen.note.text}\n"):
        raise Conflict(
            "checkpoint-differs",
            N_("This log signed another checkpoint with %(size)s leaves. If it showed you this one, keep it: a fork."),
            size=checkpoint.size,
        )
    for witness in queries.active_witnesses(session):
        key = parse_verifier_key(witness.verifier_key)
        for check, line in zip(seen.note.check([key]), _lines(text), strict=True):
            if check.state is SignatureState.VALID and check.seen_at is not None:
                moment = _moment(session, checkpoint, check.seen_at)
                return Cosigned(checkpoint=checkpoint, witness=witness, line=line, moment=moment)
    raise Invalid("cosignature-unknown", N_("No signature of a registered witness holds on this checkpoint."))


def find_kept(session: Session, cosigned: Cosigned) -> LogCosignature | None:
    """Return what is kept of this witness on this checkpoint already, unless the new time is worth keeping too."""
    listed = queries.list_cosignatures(session, cosigned.checkpoint.size)
    kept = next((one for one in listed if one.witness_id == cosigned.witness.id), None)
    return kept if kept is not None and cosigned.moment < kept.seen_at + REPEAT_AFTER else None


def take_cosignature(session: Session, text: str) -> LogCosignature:
    """Keep the cosignature of a registered witness on a checkpoint of this log.

    The same line again changes nothing. A witness that looks every hour at an unchanged log signs it anew, and the
    later time is kept too.
    """
    cosigned = read_cosignature(session, text)
    session.refresh(cosigned.witness, with_for_update=True)  # the same line sent twice at once is kept once
    return find_kept(session, cosigned) or _keep(session, cosigned)


def _parse(text: str) -> Seen:
    try:
        return Seen.parse(text)
    except SamplingError as error:
        raise Invalid("note-malformed", N_("This is no signed note of a checkpoint.")) from error


def _lines(text: str) -> list[str]:
    return [f"{line}\n" for line in text.rpartition("\n\n")[2][:-1].split("\n")]


def _moment(session: Session, checkpoint: LogCheckpoint, seen_at: int) -> datetime:
    """Return the time a cosignature bears, or refuse one that cannot be right."""
    try:
        moment = datetime.fromtimestamp(seen_at, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise Invalid("cosignature-time", _WRONG_TIME) from error
    earliest = queries.get_leaf(session, checkpoint.size - 1).at
    if not earliest - CLOCK_TOLERANCE <= moment <= clock.now() + CLOCK_TOLERANCE:
        raise Invalid("cosignature-time", _WRONG_TIME)
    return moment


def _keep(session: Session, cosigned: Cosigned) -> LogCosignature:
    witness, size = cosigned.witness, cosigned.checkpoint.size
    cosignature = LogCosignature(size=size, witness_id=witness.id, seen_at=cosigned.moment, line=cosigned.line)
    cosignature.witness = witness
    session.add(cosignature)
    session.flush()
    record(
        session,
        Event.LOG_COSIGNED,
        actor=system_actor(witness.holder),
        subject=("log_witness", witness.id),
        details={"size": size},
    )
    return cosignature
