"""Registering and revoking phones, and taking what they send: kept first, then carried out, each exactly once.

A call is one transaction. Its visits are held in the order of their ids before anything is done, so that two phones
of one team never wait for each other in a circle; each operation stands in a savepoint of its own, so that a refused
one leaves nothing behind and stops no other. A number that is known gets the answer it got, whoever asks how often.
"""

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any  # stored values are JSON

import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from joint_inspections.field.applying import Verdict, apply, refused
from joint_inspections.field.models import (
    FieldClash,
    FieldDevice,
    FieldDeviceSession,
    FieldOperation,
    FieldOutcome,
)
from joint_inspections.field.queries import (
    ever_sent,
    find_operation,
    get_device,
    list_ready,
    list_waiting,
    require_active,
)
from joint_inspections.field.reading import Operation, is_clean, read_again
from joint_inspections.field.rules import MOST_DEVICES, Outcome
from joint_inspections.visits.queries import list_visits_for_change
from supervision import clock
from supervision.accounts.ending_sessions import end_named
from supervision.accounts.models import User
from supervision.accounts.queries import actor_of
from supervision.audit.disclosure import record_view
from supervision.audit.events import DisclosedList, Event
from supervision.audit.services import record
from supervision.errors import Conflict, DomainError, Invalid, WrongState
from supervision.labels import N_
from supervision.permissions import Actor, system_actor

log = logging.getLogger(__name__)
CONTACT_NOTED_EVERY = timedelta(minutes=5)
MOST_BROWSER = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What a phone is told of one operation."""

    uuid: str
    verdict: Verdict
    at: datetime
    clash: bool = False


def register_device(
    session: Session, *, device_id: str, name: str, actor: Actor, browser: str = "", signed_in: str = ""
) -> FieldDevice:
    """Register a phone for the person signed in on it; again, it stays as it is, and revoked it stays revoked.

    ``browser`` is what it calls itself, ``signed_in`` how the database names its browser session.
    """
    if not is_clean(name):
        raise Invalid("text-not-clean", "Give the phone a name without invisible characters.", field="name")
    # held so that two registrations at once count each other
    session.execute(sa.select(User.id).where(User.id == actor.user_id).with_for_update())
    found = session.get(FieldDevice, device_id)
    if found is not None:
        if found.user_id != actor.user_id:
            raise Conflict("device-taken", "This phone is registered for somebody else. Register it anew in the app.")
        require_active(found)
        note_session(session, device_id, signed_in)
        return found
    own = sa.select(sa.func.count()).where(FieldDevice.user_id == actor.user_id, FieldDevice.revoked_at.is_(None))
    if (session.scalar(own) or 0) >= MOST_DEVICES:
        raise Conflict(
            "too-many-devices",
            "You have %(most)s phones already. Revoke one that you no longer use.",
            most=MOST_DEVICES,
        )
    now = clock.now()
    device = FieldDevice(
        id=device_id, user_id=actor.user_id, name=name, registered_at=now, seen_at=now, browser=browser[:MOST_BROWSER]
    )
    session.add(device)
    session.flush()
    note_session(session, device_id, signed_in)
    record(session, Event.DEVICE_REGISTERED, actor=actor, subject=("device", device_id), details={"name": name})
    return device


def revoke_device(session: Session, device: FieldDevice, *, reason: str, actor: Actor) -> None:
    """Revoke a phone: lost, stolen or given away. What it sends from now on is kept and not carried out.

    The browser sessions in which it spoke end at once: who holds it now must sign in as its owner to go on.
    """
    if device.revoked_at is not None:
        raise WrongState("device-revoked-already", "This phone has been revoked already.")
    device.revoked_at, device.revoked_by = clock.now(), actor.user_id
    session.flush()
    spoken = sa.select(FieldDeviceSession.session_hash).where(FieldDeviceSession.device_id == device.id)
    ended = end_named(session, session.scalars(spoken).all())
    details = {"name": device.name, "owner": device.user_id, "sessions": ended}
    record(session, Event.DEVICE_REVOKED, actor=actor, subject=("device", device.id), reason=reason, details=details)


def note_session(session: Session, device_id: str, signed_in: str) -> None:
    """Note in which browser session a phone speaks, so that the session ends with it."""
    if not signed_in or session.get(FieldDeviceSession, (device_id, signed_in)) is not None:
        return
    with suppress(IntegrityError), session.begin_nested():
        session.add(FieldDeviceSession(device_id=device_id, session_hash=signed_in, noted_at=clock.now()))
        session.flush()


def note_told(session: Session, device_id: str) -> None:
    """Note the first contact of a revoked phone: it is told to wipe itself."""
    revoked = sa.select(FieldDevice).where(FieldDevice.id == device_id, FieldDevice.revoked_at.is_not(None))
    device = session.scalar(revoked.with_for_update().execution_options(populate_existing=True))
    if device is not None and device.told_at is None:
        device.told_at = clock.now()
        session.flush()
        record(session, Event.DEVICE_TOLD, actor=system_actor("field"), subject=("device", device.id))


def stale_since() -> datetime:
    """Return the moment before which a last contact is worth writing down anew."""
    return clock.now() - CONTACT_NOTED_EVERY


def note_package(
    session: Session, device_id: str, visit_ids: Sequence[int], *, actor: Actor, signed_in: str = ""
) -> None:
    """Note that a phone was in contact, and which visits not yet begun it is about to show to its owner."""
    note_session(session, device_id, signed_in)
    statement = sa.update(FieldDevice).where(FieldDevice.id == device_id)
    session.execute(statement.values(seen_at=clock.now()))
    for visit_id in visit_ids:
        record_view(session, actor=actor, what=DisclosedList.VISIT, subject=visit_id, count=1)


def take_operations(
    session: Session, device_id: str, operations: Sequence[Operation], *, actor: Actor, signed_in: str = ""
) -> tuple[list[Answer], list[int]]:
    """Keep and carry out what a phone sent, in its order; return the answers and the visits it was about.

    Of visits nothing is returned to a revoked phone, whoever may hold it now.
    """
    device = get_device(session, actor, device_id, hold=True)
    device.seen_at = clock.now()
    note_session(session, device.id, signed_in)
    if device.revoked_at is not None:
        note_told(session, device.id)
    named = {one.visit for one in operations}
    list_visits_for_change(session, actor, named)
    known = {one for one in named if ever_sent(session, one, actor.inspector_id)}
    taken = [_take(session, device, one, actor=actor, visible=one.visit in known) for one in operations]
    look_again(session, sorted(known), actor=actor)
    answers = [one if isinstance(one, Answer) else _answer(one.newest, one) for one in taken]
    return answers, sorted(known) if device.revoked_at is None else []


def _take(
    session: Session, device: FieldDevice, operation: Operation, *, actor: Actor, visible: bool
) -> FieldOperation | Answer:
    """Keep one operation and carry it out; return its row, or the answer to a number that has other content."""
    before = find_operation(session, operation.uuid)
    row = None if before is not None else _keep(session, device, operation, actor=actor, visible=visible)
    if row is None:
        return _again(session, device, operation, before or _get(session, operation.uuid), actor=actor)
    verdict = REVOKED if device.revoked_at is not None else _carry_out(session, operation, actor=actor)
    _note(session, row, verdict, actor=actor)
    return row


def _get(session: Session, uuid: str) -> FieldOperation:
    found = find_operation(session, uuid)
    if found is None:
        raise RuntimeError("an operation was kept by another and is not there")
    return found


REVOKED = Verdict(
    Outcome.REFUSED, "device-revoked", N_("This phone had been revoked when this arrived, so it was not stored.")
)
OTHER_CONTENT = Verdict(
    Outcome.REPEATED,
    "uuid-taken",
    N_("This number came before with other content. What came first counts; the other is kept to be looked at."),
)
NOT_POSSIBLE = Verdict(Outcome.REFUSED, "not-possible", N_("This could not be stored. Tell the system administrator."))


def _keep(
    session: Session, device: FieldDevice, operation: Operation, *, actor: Actor, visible: bool
) -> FieldOperation | None:
    """Keep an operation as it came; None when another phone's call kept this number in the same moment."""
    row = FieldOperation(
        uuid=operation.uuid,
        device_id=device.id,
        user_id=actor.user_id,
        visit_id=operation.visit if visible else None,
        kind=operation.kind,
        content=operation.content,
        digest=operation.digest,
        made_at=operation.made_at,
        received_at=clock.now(),
        outcomes=[],
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        return None
    return row


def _again(
    session: Session, device: FieldDevice, operation: Operation, before: FieldOperation, *, actor: Actor
) -> FieldOperation | Answer:
    """Answer a number that is known: the same content as before, other content with a refusal that is kept."""
    if before.digest == operation.digest and before.user_id == actor.user_id:
        return before
    kept = sa.select(FieldClash.id).where(
        FieldClash.operation_id == before.id,
        FieldClash.user_id == actor.user_id,
        FieldClash.digest == operation.digest,
    )
    now = clock.now()
    if session.execute(kept).first() is None:
        session.add(
            FieldClash(
                operation_id=before.id,
                device_id=device.id,
                user_id=actor.user_id,
                content=operation.content,
                digest=operation.digest,
                received_at=now,
            )
        )
        session.flush()
        details = {"operation": operation.uuid, "digest": operation.digest, "first": before.digest}
        subject = ("visit", before.visit_id) if before.visit_id else ("device", device.id)
        record(session, Event.FIELD_CLASH, actor=actor, subject=subject, details=details)
    return Answer(operation.uuid, OTHER_CONTENT, now, clash=True)


def _carry_out(session: Session, operation: Operation, *, actor: Actor) -> Verdict:
    """Carry an operation out whole, or leave nothing of it."""
    place: Mapping[str, Any] | None = place_of(operation)
    try:
        with session.begin_nested():
            return apply(session, operation, actor=actor, place=place)
    except DomainError as error:
        return refused(error)
    except (IntegrityError, DataError, StaleDataError):
        log.exception("operation %s could not be carried out", operation.uuid)
        return NOT_POSSIBLE


def place_of(operation: Operation) -> dict[str, float] | None:
    """Return the claimed place of an operation as numbers."""
    place = operation.place
    return None if place is None else {name: float(value) for name, value in place.items()}


def _note(session: Session, row: FieldOperation, verdict: Verdict, *, actor: Actor) -> FieldOutcome:
    """Write what became of an operation; what was not stored stands in the audit log too."""
    outcome = FieldOutcome(
        operation_id=row.id,
        no=len(row.outcomes) + 1,
        outcome=verdict.outcome,
        code=verdict.code,
        message=verdict.message,
        parameters=dict(verdict.parameters),
        stored=verdict.stored,
        awaits=operation_awaits(row, verdict),
        at=clock.now(),
    )
    row.outcomes.append(outcome)
    session.flush()
    if verdict.outcome in {Outcome.REFUSED, Outcome.CONFLICT}:
        details = {
            "operation": row.uuid,
            "kind": row.kind.value,
            "outcome": verdict.outcome.value,
            "code": verdict.code,
        }
        subject = ("visit", row.visit_id) if row.visit_id else ("device", row.device_id)
        record(session, Event.FIELD_NOT_STORED, actor=actor, subject=subject, details=details)
    return outcome


def operation_awaits(row: FieldOperation, verdict: Verdict) -> str:
    """Return the digest of the file an operation waits for."""
    named = read_again(row.content).body.get("file") if verdict.outcome is Outcome.WAITING else None
    return named or ""


def _answer(outcome: FieldOutcome, row: FieldOperation) -> Answer:
    verdict = Verdict(outcome.outcome, outcome.code, outcome.message, outcome.parameters, outcome.stored)
    return Answer(row.uuid, verdict, outcome.at)


def answers_of(rows: Sequence[FieldOperation]) -> list[Answer]:
    """Return what became of operations already sent."""
    return [_answer(row.newest, row) for row in rows]


def look_again(session: Session, visit_ids: Sequence[int], *, actor: Actor) -> None:
    """Look again at what waits on these visits, in the order it came: a file has become complete.

    Each is carried out for whoever sent it, if they still may; the others go on waiting. What one ends may be what
    another waits for, so it is looked at until nothing ends any more.
    """
    if not list_waiting(session, visit_ids=visit_ids):
        return
    list_visits_for_change(session, actor, visit_ids)
    while _look_once(session, visit_ids, actor=actor):
        pass


def _look_once(session: Session, visit_ids: Sequence[int], *, actor: Actor) -> bool:
    """Try each waiting operation once; say whether any has ended."""
    ended = False
    for row in list_ready(session, list_waiting(session, visit_ids=visit_ids)):
        sender = actor_of(row.user, request_id=actor.request_id)
        verdict = _carry_out(session, read_again(row.content), actor=sender) if row.user.active else NOT_POSSIBLE
        if verdict.outcome is not Outcome.WAITING:
            _note(session, row, verdict, actor=sender)
            ended = True
    return ended
