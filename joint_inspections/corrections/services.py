"""Rounds of a correction: the enterprise hands in, the department accepts, sends back or looks again on site.

Every step adds one link to the chain, one line to the history of the follow-up and one entry to the audit log.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from joint_inspections.corrections.chain import Said, add_link, told
from joint_inspections.corrections.models import CorrectionEntry, CorrectionFile, CorrectionOrder
from joint_inspections.corrections.queries import Correction, find_sending
from joint_inspections.corrections.rules import (
    OF_ENTERPRISE,
    EntryKind,
    Span,
    Stage,
    asked_in_time,
    may_follow,
    require_follow,
    resend_span,
)
from joint_inspections.evidence.queries import find_sealed
from joint_inspections.evidence.rules import IMAGES
from joint_inspections.follow_ups.rules import FollowUpEnding, FollowUpStep
from joint_inspections.follow_ups.services import Closing, close_follow_up, may_change, take_step
from joint_inspections.ordered.services import order_again
from supervision import clock
from supervision.errors import Conflict, Forbidden, Invalid, WrongState
from supervision.labels import N_
from supervision.parameters.queries import get_number
from supervision.permissions import PUBLIC, Actor
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import add_workdays

# what an enterprise may send as a file
TYPES = IMAGES | {"application/pdf"}


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that has arrived, and how the sender named it."""

    sha256: str
    name: str


@dataclass(frozen=True, slots=True)
class Sending:
    """What an enterprise sends: under an identifier of its page, so that twice is once; begun at that moment."""

    send_id: str
    text: str
    said_by: str
    files: Sequence[SentFile]
    begun_at: datetime


def may_send(correction: Correction) -> bool:
    """Say whether it is the enterprise's turn, or it may add to what it has sent."""
    return may_follow(correction.stage, EntryKind.SENT)


def send_evidence(session: Session, correction: Correction, sending: Sending) -> CorrectionEntry:
    """Keep what the enterprise sends; in time is what was begun on the day of the deadline, Shanghai time.

    The same sending again returns what is kept; the same identifier with other content is refused.
    """
    before = find_sending(session, sending.send_id)
    if before is not None:
        return _same(before, correction, sending)
    require_follow(correction.stage, EntryKind.SENT)
    require_room(session, correction)
    files = _files(session, sending)
    late = not asked_in_time(correction.follow_up.due_on, today=clock.local(sending.begun_at).date())
    said = Said(EntryKind.SENT, sending.text, said_by=sending.said_by, late=late, send_id=sending.send_id)
    entry = add_link(session, correction, said, files=files)
    review = get_number(session, "correction-review-working-days", on=clock.today())
    take_step(
        session, correction.follow_up, FollowUpStep.EVIDENCE_SENT, actor=PUBLIC,
        round_due_on=add_workdays(clock.today(), review, get_calendar(session)), details=told(entry),
    )  # fmt: skip
    return entry


def _same(before: CorrectionEntry, correction: Correction, sending: Sending) -> CorrectionEntry:
    kept = (before.follow_up_id, before.text, before.said_by, [one.sha256 for one in before.files])
    if kept != (correction.follow_up.id, sending.text, sending.said_by, [one.sha256 for one in sending.files]):
        raise Conflict(
            "sending-differs",
            N_("This page was sent before with other content. Open it anew and send what is still missing."),
        )
    return before


def require_room(session: Session, correction: Correction) -> None:
    """Refuse more than a code may say: whatever else there is goes to the department on paper."""
    most = get_number(session, "correction-sendings", on=clock.today())
    if correction.count(*OF_ENTERPRISE) >= most:
        raise WrongState("enough-said", N_("Enough was said by this code. Please call the department."))


def _files(session: Session, sending: Sending) -> list[CorrectionFile]:
    most = get_number(session, "correction-files", on=clock.today())
    if len(sending.files) > most:
        raise Invalid("too-many-sent", N_("Send at most %(most)s files at once."), field="files", most=most)
    found = []
    for position, one in enumerate(sending.files, 1):
        sealed = find_sealed(session, one.sha256)
        if sealed is None or sealed.media_type not in TYPES:
            raise Invalid("not-shown", N_("Send photos (JPEG, PNG, WebP) or PDF."), field="files")
        found.append(
            CorrectionFile(
                position=position, sha256=one.sha256, size=sealed.size, media_type=sealed.media_type, name=one.name
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Decision:
    """What a department decides: on which last entry, why, and by when what is missing is to be sent."""

    kind: EntryKind
    text: str
    seen: int
    # by when what is missing is to be sent, or on which day somebody looks again
    day: date | None = None


DECISIONS = (EntryKind.ACCEPTED, EntryKind.RETURNED, EntryKind.REINSPECTION)


def may_decide(correction: Correction, actor: Actor) -> bool:
    """Say whether the actor decides on this correction now; what another body has in hand waits for its answer."""
    follow_up = correction.follow_up
    return may_change(follow_up, actor) and correction.stage is not Stage.DONE and follow_up.step_due_on is None


def offered(correction: Correction) -> list[EntryKind]:
    """Return what can be decided at this stage; nothing while a re-inspection that was ordered is still to end."""
    if correction.order_runs:
        return []
    return [one for one in DECISIONS if may_follow(correction.stage, one)]


def days_to_resend(session: Session, correction: Correction) -> Span:
    """Return by which days what is missing may be asked for."""
    today = clock.today()
    working_days = get_number(session, "correction-resend-working-days", on=today)
    return resend_span(
        correction.follow_up.due_on, today=today, working_days=working_days, calendar=get_calendar(session)
    )


def decide(session: Session, correction: Correction, decision: Decision, *, actor: Actor) -> CorrectionEntry:
    """Decide on what was sent (R-1.35): accepted closes the follow-up, sent back asks for another round."""
    if not may_change(correction.follow_up, actor):
        raise Forbidden("not-own-follow-up", "A lead of the department that found the problem does this.")
    require_seen(correction, decision.seen)
    if correction.follow_up.step_due_on is not None:
        raise WrongState("answer-awaited", N_("Another body has this matter. It closes with the answer of that body."))
    if decision.kind not in DECISIONS:
        raise Invalid("decision", N_("Choose one of the decisions offered."), field="decision")
    require_follow(correction.stage, decision.kind)
    if correction.order_runs:
        raise WrongState(
            "reinspection-runs", N_("Decide when the re-inspection has ended: its record says what was found.")
        )
    day = _day(session, correction, decision)
    # on which day somebody looks again is not told: the entry is read by the enterprise
    said_day = day if decision.kind is EntryKind.RETURNED else None
    late = not asked_in_time(correction.follow_up.due_on, today=clock.today())
    said = Said(decision.kind, decision.text, day=said_day, late=late, made_by=actor.user_id)
    entry = add_link(session, correction, said)
    if decision.kind is EntryKind.ACCEPTED:
        closing = Closing(FollowUpEnding.CORRECTED, decision.text, clock.today())
        follow_up = correction.follow_up
        close_follow_up(session, follow_up, closing, version=follow_up.version, actor=actor, details=told(entry))
    else:
        _go_on(session, correction, entry, day=day, actor=actor)
    return entry


def require_seen(correction: Correction, seen: int) -> None:
    """Refuse to decide what was not read: something came, or somebody decided, meanwhile."""
    if seen != correction.seen:
        raise Conflict(
            "correction-moved-on", N_("Something was sent or decided on this correction meanwhile. Read it first.")
        )


def days_to_look_again(session: Session) -> Span:
    """Return on which days somebody may look again on site."""
    today = clock.today()
    days = get_number(session, "correction-reinspection-working-days", on=today)
    return Span(today, add_workdays(today, days, get_calendar(session)))


def _day(session: Session, correction: Correction, decision: Decision) -> date | None:
    if decision.kind is EntryKind.ACCEPTED:
        return None
    if decision.kind is EntryKind.REINSPECTION:
        again = days_to_look_again(session)
        if decision.day is None or not again.first <= decision.day <= again.last:
            raise Invalid(
                "look-again-day", N_("Choose a day from %(first)s to %(last)s."), field="planned_on",
                first=again.first, last=again.last,
            )  # fmt: skip
        return decision.day
    span = days_to_resend(session, correction)
    if decision.day is None or not span.first <= decision.day <= span.last:
        raise Invalid(
            "resend-day",
            N_("Choose a day from %(first)s to %(last)s; more time is granted by the head, on request."),
            field="day",
            first=span.first,
            last=span.last,
        )
    return decision.day


def _go_on(session: Session, correction: Correction, entry: CorrectionEntry, *, day: date | None, actor: Actor) -> None:
    if entry.kind is EntryKind.RETURNED:
        step, due_on = FollowUpStep.EVIDENCE_RETURNED, day
    else:
        step, due_on = FollowUpStep.REINSPECTION_NEEDED, days_to_look_again(session).last
        _order(session, correction, entry, planned_on=day, actor=actor)
    # what may be sent until the deadline itself needs no day of its own
    own = due_on if due_on != correction.follow_up.due_on else None
    take_step(session, correction.follow_up, step, actor=actor, text=entry.text, round_due_on=own, details=told(entry))


def _order(
    session: Session, correction: Correction, entry: CorrectionEntry, *, planned_on: date | None, actor: Actor
) -> None:
    """Order the re-inspection of this one item by the department; its head approves it like every other (R-3.08)."""
    follow_up = correction.follow_up
    order = order_again(
        session,
        follow_up.visit,
        department_ids=[follow_up.department_id],
        item_codes=[follow_up.item.code],
        facts=follow_up.problem,
        planned_on=planned_on or clock.today(),
        actor=actor,
    )
    session.add(CorrectionOrder(entry_id=entry.id, order_id=order.id))
    session.flush()
