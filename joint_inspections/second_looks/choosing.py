"""Choosing visits: a frozen list, numbers sealed by two bodies, a checkpoint that came later, lots by tickets."""

import json
import re
import secrets

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from joint_inspections.codes.rules import Quarter
from joint_inspections.records.queries import newest_version
from joint_inspections.second_looks import queries
from joint_inspections.second_looks.models import SecondLook, SecondLookNumber, SecondLookRound
from joint_inspections.second_looks.rules import (
    CONTRIBUTORS,
    HASH,
    Choice,
    LookState,
    RoundState,
    choose,
    digest_of,
    how_many,
    list_bytes,
    round_after,
)
from sampling.seeds import contribution_digest
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.draws.log import append_platform_leaf
from supervision.draws.models import LogLeaf
from supervision.draws.rules import LogEvent, body_of
from supervision.errors import Conflict, Forbidden, Invalid, RuleBroken
from supervision.labels import N_
from supervision.parameters.queries import get_number
from supervision.permissions import Actor, Permission
from supervision.transparency import services as log_services
from supervision.transparency.keyring import keyring_of

HEX = re.compile(r"[0-9a-f]{64}")
# what can be computed anew, as oversight reads it
CHECKED = {
    "list": N_("The frozen list"),
    "numbers": N_("Sealed numbers"),
    "log": N_("Entries of the log"),
    "seed": N_("Seed"),
    "visits": N_("Visits chosen"),
}


def freeze_round(session: Session, quarter: Quarter, *, actor: Actor) -> SecondLookRound:
    """Freeze the finished visits of an ended quarter; from now on nothing can be put in or taken out unseen."""
    if quarter.ends_on >= clock.today():
        raise RuleBroken("quarter-running", "The list is frozen when the quarter is over.", rule="second-looks")
    if queries.find_open_round(session, quarter) is not None:
        raise _frozen_already()
    visits = queries.list_finished(session, quarter)
    if not visits:
        raise RuleBroken(
            "nothing-finished",
            "No visit of this quarter is finished that was not looked at a second time already.",
            rule="second-looks",
        )
    today, serial = clock.today(), queries.count_rounds(session, quarter) + 1
    region = (visits[0].number or "").partition("-")[0]
    number = f"{region}-F-{quarter}-{serial}"
    wanted = how_many(
        len(visits),
        percent=get_number(session, "second-look-share", on=today),
        minimum=get_number(session, "second-look-minimum", on=today),
    )
    content = list_bytes(number, str(quarter), [one.number or "" for one in visits], wanted=wanted)
    found = SecondLookRound(
        number=number,
        year=quarter.year,
        quarter=quarter.number,
        state=RoundState.FROZEN,
        content=content.decode(),
        digest=digest_of(content),
        finished=len(visits),
        wanted=wanted,
        frozen_by=actor.user_id,
        frozen_at=clock.now(),
    )
    found.leaf_index = _log(session, number, "frozen", found.digest)
    _add(session, found)
    details = {"number": number, "digest": found.digest, "finished": len(visits), "wanted": wanted}
    record(session, Event.SECOND_LOOKS_FROZEN, actor=actor, subject=("second_looks", found.id), details=details)
    return found


def _add(session: Session, row: SecondLookRound | SecondLookNumber) -> None:
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise _frozen_already() from error


def _frozen_already() -> Conflict:
    return Conflict("second-looks-frozen", "Somebody has done this already. Reload the page to see where it stands.")


def _log(session: Session, number: str, step: str, digest: str) -> int | None:
    keyring = keyring_of(session)
    if keyring is None:
        return None
    fields = {"round": number, "step": step}
    leaf = append_platform_leaf(session, LogEvent.SECOND_LOOK, region=keyring.region, digest=digest, fields=fields)
    return leaf.index


def new_secret() -> str:
    """Return a number from the operating system's source of chance, to be kept and shown to nobody."""
    return secrets.token_hex(32)


def may_seal(found: SecondLookRound, actor: Actor) -> bool:
    """Say whether the actor's body can still seal a number."""
    body = body_of(actor)
    taken = {one.by for one in found.numbers}
    return found.state is RoundState.FROZEN and actor.may(Permission.DRAW_CONTRIBUTE) and body not in {"", *taken}


def own_number(found: SecondLookRound, actor: Actor) -> SecondLookNumber | None:
    """Return the number that the actor sealed."""
    return next((one for one in found.numbers if one.user_id == actor.user_id), None)


def seal_number(session: Session, found: SecondLookRound, *, digest: str, actor: Actor) -> SecondLookNumber:
    """Seal a number by its digest; with the last one a checkpoint is taken that nobody could know before."""
    if not may_seal(found, actor):
        raise Forbidden("may-not-seal", "One person of each body seals a number, and this list takes none any more.")
    if HEX.fullmatch(digest) is None:
        raise Invalid("digest-malformed", "Enter the digest: 64 digits 0-9 and letters a-f.", field="digest")
    number = SecondLookNumber(
        round_id=found.id,
        by=body_of(actor),
        user_id=actor.user_id,
        digest=digest,
        leaf_index=_log(session, found.number, "sealed", digest),
        sealed_at=clock.now(),
    )
    _add(session, number)
    session.refresh(found, ["numbers"])
    if len(found.numbers) == CONTRIBUTORS:
        found.state, found.beacon = round_after(found.state, "seal"), _checkpoint(session)
        session.flush()
    details = {"digest": digest, "by": number.by}
    record(session, Event.SECOND_LOOKS_SEALED, actor=actor, subject=("second_looks", found.id), details=details)
    return number


def _checkpoint(session: Session) -> str:
    keyring = keyring_of(session)
    if keyring is None:
        return ""
    made = log_services.make_checkpoint(session, keyring)
    return f"{made.size}-{made.head}"


def digest_of_secret(found: SecondLookRound, secret: str, *, by: str) -> str:
    """Return the digest by which a body's number is sealed."""
    return contribution_digest(hash_name=HASH, draw=found.number, by=by, secret=secret)


def open_number(session: Session, found: SecondLookRound, *, secret: str, actor: Actor) -> None:
    """Open a sealed number; with the last one the visits are drawn."""
    own = own_number(found, actor)
    if found.state is not RoundState.SEALED or own is None or own.secret:
        raise Forbidden("may-not-open", "Whoever sealed a number opens it, once, when all are sealed.")
    said = secret.strip().lower()
    if HEX.fullmatch(said) is None or digest_of_secret(found, said, by=own.by) != own.digest:
        raise Invalid(
            "secret-other", "This is not the number that you sealed. Look for it in your note.", field="secret"
        )
    own.secret, own.opened_at = said, clock.now()
    details = {"by": own.by, "secret": said}
    record(session, Event.SECOND_LOOKS_REVEALED, actor=actor, subject=("second_looks", found.id), details=details)
    if all(one.secret for one in found.numbers):
        _draw(session, found, actor=actor)


def chosen_by(found: SecondLookRound) -> Choice:
    """Compute what the opened numbers choose, from what is kept."""
    content = json.loads(found.content)
    numbers = {one.by: one.secret for one in found.numbers}
    return choose(found.digest, content["visits"], wanted=content["wanted"], secrets=numbers, beacon=found.beacon)


def _draw(session: Session, found: SecondLookRound, *, actor: Actor) -> None:
    choice = chosen_by(found)
    visits = queries.find_visits(session, [number for _, number in choice.drawn])
    found.state, found.seed, found.drawn_at = round_after(found.state, "draw"), choice.seed, clock.now()
    _log(session, found.number, "drawn", choice.seed)
    for position, (ticket, number) in enumerate(choice.drawn, start=1):
        version = newest_version(session, visits[number])
        if version is None:
            raise RuntimeError(number)
        session.add(
            SecondLook(
                round_id=found.id,
                position=position,
                ticket=ticket,
                origin_visit_id=visits[number].id,
                first_version=version.version_no,
                first_digest=version.digest,
                state=LookState.CHOSEN,
            )
        )
    session.flush()
    details = {"seed": choice.seed, "chosen": len(choice.drawn), "beacon": found.beacon}
    record(session, Event.SECOND_LOOKS_DRAWN, actor=actor, subject=("second_looks", found.id), details=details)


def drop_round(session: Session, found: SecondLookRound, *, reason: str, actor: Actor) -> None:
    """Drop a choice before it was drawn, where a number was lost; that it was dropped stays visible."""
    if not actor.may(Permission.SECOND_LOOK_RUN):
        raise Forbidden("may-not-drop", "Enforcement oversight drops a choice.")
    found.state = round_after(found.state, "drop")
    found.drop_reason = reason
    session.flush()
    record(session, Event.SECOND_LOOKS_DROPPED, actor=actor, subject=("second_looks", found.id), reason=reason)


def recheck(session: Session, found: SecondLookRound) -> list[str]:
    """Compute anew what is known of a choice so far, and hold it against the log; return the names of what differs."""
    content = json.loads(found.content)
    opened = [one for one in found.numbers if one.secret]
    checks = {
        "list": digest_of(found.content.encode()) == found.digest and content["round"] == found.number,
        "numbers": all(digest_of_secret(found, one.secret, by=one.by) == one.digest for one in opened),
        "log": _logged(session, found),
    }
    if found.state is RoundState.DRAWN:
        choice = chosen_by(found)
        checks["seed"] = choice.seed == found.seed
        checks["visits"] = list(choice.drawn) == [(one.ticket, one.origin.number) for one in found.looks]
    return [name for name, right in checks.items() if not right]


def _logged(session: Session, found: SecondLookRound) -> bool:
    """Say whether list and sealed numbers stand in the log with the digests that are kept."""
    digests = {found.leaf_index: found.digest} | {one.leaf_index: one.digest for one in found.numbers}
    if keyring_of(session) is None and set(digests) == {None}:
        return True
    entries = sa.select(LogLeaf).where(
        LogLeaf.event == LogEvent.SECOND_LOOK, LogLeaf.index.in_([one for one in digests if one is not None])
    )
    return {one.index: one.digest for one in session.scalars(entries)} == digests
