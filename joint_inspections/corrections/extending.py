"""More time to correct: asked for by the enterprise before the deadline, decided by the head of the department."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from joint_inspections.corrections.chain import Said, add_link, told
from joint_inspections.corrections.models import CorrectionEntry
from joint_inspections.corrections.queries import Correction, find_sending
from joint_inspections.corrections.rules import (
    EntryKind,
    Span,
    Stage,
    asked_in_time,
    extension_span,
    may_follow,
    require_follow,
)
from joint_inspections.corrections.services import require_room, require_seen
from joint_inspections.follow_ups.rules import FollowUpStep
from joint_inspections.follow_ups.services import extend_deadline, take_step
from supervision import clock
from supervision.errors import Conflict, Forbidden, Invalid, WrongState
from supervision.labels import N_
from supervision.parameters.queries import get_number
from supervision.permissions import PUBLIC, Actor, Permission
from supervision.workdays.queries import get_calendar


@dataclass(frozen=True, slots=True)
class Request:
    """What an enterprise asks for: until when, why, who asks; begun at that moment."""

    send_id: str
    day: date
    reason: str
    said_by: str
    begun_at: datetime


def may_ask(session: Session, correction: Correction, *, today: date | None = None) -> bool:
    """Say whether more time can be asked for: in time, nothing asked is unanswered, and not granted often enough."""
    if correction.extension is not None or not may_follow(correction.stage, EntryKind.EXTENSION_ASKED):
        return False
    if not asked_in_time(correction.follow_up.due_on, today=today or clock.today()):
        return False
    most = get_number(session, "correction-extensions", on=clock.today())
    return correction.count(EntryKind.EXTENDED, EntryKind.EXTENSION_REFUSED) < most


def days_to_grant(session: Session, correction: Correction) -> Span:
    """Return which new deadlines may be asked for and set (working days, parameter)."""
    today = clock.today()
    working_days = get_number(session, "correction-extension-working-days", on=today)
    return extension_span(
        correction.follow_up.due_on, today=today, working_days=working_days, calendar=get_calendar(session)
    )


def ask_extension(session: Session, correction: Correction, request: Request) -> CorrectionEntry:
    """Keep the request for more time; the same page sent again returns what is kept."""
    before = find_sending(session, request.send_id)
    if before is not None:
        if (before.follow_up_id, before.day, before.text) != (correction.follow_up.id, request.day, request.reason):
            raise Conflict(
                "sending-differs",
                N_("This page was sent before with other content. Open it anew and send what is still missing."),
            )
        return before
    require_follow(correction.stage, EntryKind.EXTENSION_ASKED)
    require_room(session, correction)
    if not may_ask(session, correction, today=clock.local(request.begun_at).date()):
        raise WrongState(
            "extension-not-open",
            N_("More time is asked for before the deadline, and only as often as it may be granted."),
        )
    _require_day(session, correction, request.day)
    said = Said(
        EntryKind.EXTENSION_ASKED, request.reason, said_by=request.said_by, day=request.day, send_id=request.send_id
    )
    entry = add_link(session, correction, said)
    kept = correction.follow_up.round_due_on
    take_step(
        session, correction.follow_up, FollowUpStep.EXTENSION_ASKED, actor=PUBLIC, round_due_on=kept,
        details=told(entry),
    )  # fmt: skip
    return entry


def _require_day(session: Session, correction: Correction, day: date | None) -> date:
    span = days_to_grant(session, correction)
    if day is None or not span.first <= day <= span.last:
        raise Invalid(
            "extension-day", N_("Choose a day from %(first)s to %(last)s."), field="day", first=span.first,
            last=span.last,
        )  # fmt: skip
    return day


def may_decide_extension(correction: Correction, actor: Actor) -> bool:
    """Say whether the actor answers the request that waits: a head of the department."""
    own = actor.department_id == correction.follow_up.department_id
    return correction.extension is not None and own and actor.may(Permission.CORRECTION_EXTEND)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the head decides: granted until a day or refused, why, and having read which last entry."""

    granted: bool
    day: date | None
    reason: str
    seen: int


def decide_extension(session: Session, correction: Correction, answer: Answer, *, actor: Actor) -> CorrectionEntry:
    """Grant more time or refuse it, with the reason; a granted day is the new deadline of the order."""
    follow_up = correction.follow_up
    if actor.department_id != follow_up.department_id or not actor.may(Permission.CORRECTION_EXTEND):
        raise Forbidden("not-own-head", N_("The head of the department that ordered the correction decides this."))
    require_seen(correction, answer.seen)
    if correction.extension is None or correction.stage is Stage.DONE:
        raise WrongState("no-extension", N_("No request for more time waits here."))
    late = not asked_in_time(follow_up.due_on, today=clock.today())
    kind = EntryKind.EXTENDED if answer.granted else EntryKind.EXTENSION_REFUSED
    day = _require_day(session, correction, answer.day) if answer.granted else None
    said = Said(kind, answer.reason, day=day, late=late, made_by=actor.user_id)
    entry = add_link(session, correction, said)
    if day is not None:
        # the department's own step stays due; the enterprise's is the new deadline itself
        kept = None if correction.stage is Stage.AWAITED else follow_up.round_due_on
        extend_deadline(
            session, follow_up, day, reason=answer.reason, actor=actor, round_due_on=kept, details=told(entry)
        )
    else:
        take_step(
            session, follow_up, FollowUpStep.EXTENSION_REFUSED, actor=actor, text=answer.reason,
            round_due_on=follow_up.round_due_on, details=told(entry),
        )  # fmt: skip
    return entry
