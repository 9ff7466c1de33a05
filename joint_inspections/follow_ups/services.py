"""Opening follow-ups from approved records, closing them, opening them again, moving a deadline."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any  # a record is JSON

from sqlalchemy.orm import Session

from joint_inspections.follow_ups.models import FollowUp, FollowUpChange
from joint_inspections.follow_ups.queries import list_of_visit
from joint_inspections.follow_ups.rules import (
    ENDINGS,
    FALLEN,
    TERMS,
    FollowUpEnding,
    FollowUpState,
    FollowUpStep,
    due_after,
    is_overdue,
    state_after,
)
from joint_inspections.records.models import ItemResult, RecordVersion
from joint_inspections.records.queries import list_sections
from joint_inspections.records.rules import Disposal
from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record as note
from supervision.errors import Conflict, Forbidden, Invalid, WrongState
from supervision.parameters.queries import get_parameter
from supervision.permissions import Actor, Permission
from supervision.workdays.queries import get_calendar

EVENTS: Mapping[FollowUpStep, Event] = {
    FollowUpStep.OPENED: Event.FOLLOW_UP_OPENED,
    FollowUpStep.CLOSED: Event.FOLLOW_UP_CLOSED,
    FollowUpStep.REOPENED: Event.FOLLOW_UP_REOPENED,
    FollowUpStep.DEADLINE_MOVED: Event.FOLLOW_UP_DEADLINE_MOVED,
    FollowUpStep.KIND_CHANGED: Event.FOLLOW_UP_REOPENED,
    FollowUpStep.DROPPED: Event.FOLLOW_UP_CLOSED,
    FollowUpStep.HANDED_ON: Event.TRANSFER_SENT,
    FollowUpStep.HANDED_BACK: Event.TRANSFER_RETURNED,
    FollowUpStep.WITHDRAWN: Event.FOLLOW_UP_CLOSED,
    FollowUpStep.EVIDENCE_SENT: Event.CORRECTION_SENT,
    FollowUpStep.EVIDENCE_RETURNED: Event.CORRECTION_RETURNED,
    FollowUpStep.EXTENDED: Event.DEADLINE_EXTENDED,
    FollowUpStep.EXTENSION_ASKED: Event.EXTENSION_ASKED,
    FollowUpStep.EXTENSION_REFUSED: Event.EXTENSION_REFUSED,
    FollowUpStep.REINSPECTION_NEEDED: Event.REINSPECTION_NEEDED,
}


@dataclass(frozen=True, slots=True)
class Ordered:
    """A follow-up as the approved record orders it."""

    department_id: int
    item_id: int
    kind: Disposal
    problem: str


@dataclass(frozen=True, slots=True)
class Closing:
    """How a follow-up ended, when, and what shows it."""

    ending: FollowUpEnding
    note: str
    closed_on: date


class FollowUpsOfRecord:
    """Follows every approval (see ``records.following``): opens what the record orders."""

    def after_approval(
        self,
        session: Session,
        visit: Visit,
        version: RecordVersion,  # noqa: ARG002 - every follower is told alike
        *,
        record: Mapping[str, Any],  # noqa: ARG002 - the form it was written from names the items by their ids
        actor: Actor,
    ) -> None:
        """Open a follow-up for each problem; a correction of the record changes or drops those it had."""
        ordered = {one.item_id: one for one in _ordered(session, visit)}
        known = {one.item_id: one for one in list_of_visit(session, visit.id)}
        for item_id, order in ordered.items():
            if item_id in known:
                _change(session, known[item_id], order, actor=actor)
            else:
                _open(session, visit, order, actor=actor)
        for item_id, follow_up in known.items():
            if item_id not in ordered and follow_up.ending not in FALLEN:
                dropped = Closing(FollowUpEnding.DROPPED, "", clock.today())
                _end(session, follow_up, dropped, step=FollowUpStep.DROPPED, actor=actor)


def _ordered(session: Session, visit: Visit) -> list[Ordered]:
    return [
        Ordered(section.department_id, row.item_id, row.disposal, row.problem)
        for section in list_sections(session, visit)
        for row in section.item_results
        if _followed_up(row) and row.disposal is not None
    ]


def _followed_up(row: ItemResult) -> bool:
    return row.disposal in TERMS


def _due_on(session: Session, kind: Disposal) -> date:
    today = clock.today()
    parameter = get_parameter(session, TERMS[kind].parameter, on=today)
    term = replace(TERMS[kind], working_days=parameter.unit == "working_days")
    return due_after(today, term, int(parameter.value), get_calendar(session))


def _open(session: Session, visit: Visit, order: Ordered, *, actor: Actor) -> None:
    follow_up = FollowUp(
        visit_id=visit.id,
        department_id=order.department_id,
        item_id=order.item_id,
        kind=order.kind,
        problem=order.problem,
        state=FollowUpState.OPEN,
        due_on=_due_on(session, order.kind),
        opened_at=clock.now(),
    )
    session.add(follow_up)
    session.flush()
    _write(session, follow_up, FollowUpStep.OPENED, actor=actor)


def _change(session: Session, follow_up: FollowUp, order: Ordered, *, actor: Actor) -> None:
    """Follow a corrected record: another kind of follow-up, or one again that had been dropped, begins anew."""
    follow_up.problem = order.problem
    if follow_up.kind is order.kind and follow_up.ending not in FALLEN:
        return
    late = is_overdue(follow_up.state, follow_up.next_due_on, today=clock.today())
    follow_up.state = state_after(follow_up.state, FollowUpStep.KIND_CHANGED)
    follow_up.kind, follow_up.due_on = order.kind, _due_on(session, order.kind)
    _forget_ending(follow_up)
    _write(session, follow_up, FollowUpStep.KIND_CHANGED, actor=actor, overdue=late)


def _forget_ending(follow_up: FollowUp) -> None:
    follow_up.ending, follow_up.closing_note = None, ""
    follow_up.closed_on, follow_up.closed_by = None, None
    follow_up.step_due_on, follow_up.round_due_on = None, None


def may_change(follow_up: FollowUp, actor: Actor) -> bool:
    """Say whether the actor answers for this follow-up: a lead of the department it belongs to."""
    return actor.may(Permission.FOLLOW_UP_CLOSE) and actor.department_id == follow_up.department_id


def _require_change(follow_up: FollowUp, version: int, actor: Actor) -> None:
    if not may_change(follow_up, actor):
        raise Forbidden("not-own-follow-up", "A lead of the department that found the problem does this.")
    if version != follow_up.version:
        raise Conflict("changed-meanwhile", "Somebody changed this follow-up meanwhile. Read it again first.")


def close_follow_up(
    session: Session,
    follow_up: FollowUp,
    closing: Closing,
    *,
    version: int,
    actor: Actor,
    details: Mapping[str, str | int] | None = None,
) -> None:
    """Close a follow-up: how it ended, on which day, and what shows it (R-1.35)."""
    _require_change(follow_up, version, actor)
    if follow_up.step_due_on is not None:
        raise WrongState("answer-awaited", "Another body has this matter. It closes with the answer of that body.")
    if closing.ending not in ENDINGS[follow_up.kind]:
        raise Invalid("ending-not-offered", "This ending does not go with this follow-up.", field="ending")
    visited = follow_up.visit.visited_at
    earliest = clock.local(visited).date() if visited else closing.closed_on
    if not earliest <= closing.closed_on <= clock.today():
        raise Invalid("closed-on", "Choose a day from %(first)s to today.", field="closed_on", first=earliest)
    _end(session, follow_up, closing, step=FollowUpStep.CLOSED, actor=actor, details=details)


def withdraw_follow_ups(
    session: Session, visit: Visit, department_id: int | None, *, reason: str, actor: Actor
) -> None:
    """Cancel what is still open of a department's result that it took back: nothing rests on it any more (R-1.41)."""
    for follow_up in list_of_visit(session, visit.id):
        own = follow_up.department_id == department_id and follow_up.state is FollowUpState.OPEN
        # what another body has in hand ends with the answer of that body
        if own and follow_up.step_due_on is None:
            withdrawn = Closing(FollowUpEnding.WITHDRAWN, reason, clock.today())
            _end(session, follow_up, withdrawn, step=FollowUpStep.WITHDRAWN, actor=actor)


def take_step(
    session: Session,
    follow_up: FollowUp,
    step: FollowUpStep,
    *,
    actor: Actor,
    text: str = "",
    round_due_on: date | None = None,
    details: Mapping[str, str | int] | None = None,
) -> None:
    """Note a step that leaves the follow-up open, and by when the next one is due (None: the deadline itself).

    For rooms above that know who may take it; they hold the row (`get_for_change`).
    """
    late = is_overdue(follow_up.state, follow_up.next_due_on, today=clock.today())
    follow_up.state = state_after(follow_up.state, step)
    follow_up.round_due_on = round_due_on
    _write(session, follow_up, step, actor=actor, text=text, overdue=late, details=details)


def extend_deadline(
    session: Session,
    follow_up: FollowUp,
    due_on: date,
    *,
    reason: str,
    actor: Actor,
    round_due_on: date | None,
    details: Mapping[str, str | int],
) -> None:
    """Set the deadline that the head granted on request (see `take_step`)."""
    late = is_overdue(follow_up.state, follow_up.next_due_on, today=clock.today())
    follow_up.state = state_after(follow_up.state, FollowUpStep.EXTENDED)
    follow_up.due_on, follow_up.round_due_on = due_on, round_due_on
    _write(session, follow_up, FollowUpStep.EXTENDED, actor=actor, text=reason, overdue=late, details=details)


def _end(
    session: Session,
    follow_up: FollowUp,
    closing: Closing,
    *,
    step: FollowUpStep,
    actor: Actor,
    details: Mapping[str, str | int] | None = None,
) -> None:
    late = is_overdue(follow_up.state, follow_up.next_due_on, today=clock.today())
    follow_up.state = state_after(follow_up.state, step)
    follow_up.ending, follow_up.closing_note = closing.ending, closing.note
    follow_up.step_due_on, follow_up.round_due_on = None, None
    follow_up.closed_on, follow_up.closed_by = closing.closed_on, actor.user_id
    _write(session, follow_up, step, actor=actor, text=closing.note, overdue=late, details=details)


def reopen_follow_up(
    session: Session, follow_up: FollowUp, *, reason: str, due_on: date, version: int, actor: Actor
) -> None:
    """Open a follow-up again that was closed wrongly or whose problem is back; its history keeps how it had ended."""
    _require_change(follow_up, version, actor)
    _require_future(due_on)
    follow_up.state = state_after(follow_up.state, FollowUpStep.REOPENED)
    follow_up.due_on = due_on
    _forget_ending(follow_up)
    _write(session, follow_up, FollowUpStep.REOPENED, actor=actor, text=reason)


def move_deadline(
    session: Session, follow_up: FollowUp, *, reason: str, due_on: date, version: int, actor: Actor
) -> None:
    """Set another deadline for a stated reason; one moved after it had passed is shown to the coordinator."""
    _require_change(follow_up, version, actor)
    _require_future(due_on)
    late = is_overdue(follow_up.state, follow_up.next_due_on, today=clock.today())
    follow_up.state = state_after(follow_up.state, FollowUpStep.DEADLINE_MOVED)
    follow_up.due_on = due_on
    _write(session, follow_up, FollowUpStep.DEADLINE_MOVED, actor=actor, text=reason, overdue=late)


def hand_on(session: Session, follow_up: FollowUp, *, until: date, text: str, actor: Actor) -> None:
    """Let a follow-up wait for the answer of another body, due by ``until``. The caller has checked the right."""
    late = is_overdue(follow_up.state, follow_up.next_due_on, today=clock.today())
    follow_up.state = state_after(follow_up.state, FollowUpStep.HANDED_ON)
    follow_up.step_due_on = until
    _write(session, follow_up, FollowUpStep.HANDED_ON, actor=actor, text=text, overdue=late)


def take_back(session: Session, follow_up: FollowUp, *, text: str, actor: Actor) -> None:
    """Let a follow-up wait no longer: the other body has answered without closing it, or does nothing any more."""
    follow_up.state = state_after(follow_up.state, FollowUpStep.HANDED_BACK)
    follow_up.step_due_on = None
    _write(session, follow_up, FollowUpStep.HANDED_BACK, actor=actor, text=text)


def close_by_answer(session: Session, follow_up: FollowUp, closing: Closing, *, actor: Actor) -> None:
    """Close a follow-up with the answer of the body to which it was handed."""
    _end(session, follow_up, closing, step=FollowUpStep.CLOSED, actor=actor)


def _require_future(due_on: date) -> None:
    if due_on < clock.today():
        raise Invalid("due-in-past", "Choose today or a later day.", field="due_on")


def _write(
    session: Session,
    follow_up: FollowUp,
    step: FollowUpStep,
    *,
    actor: Actor,
    text: str = "",
    overdue: bool = False,
    details: Mapping[str, str | int] | None = None,
) -> None:
    """Add the line of the history and the one entry of the log; ``details`` are what a room above adds to it."""
    session.add(
        FollowUpChange(
            follow_up_id=follow_up.id,
            step=step,
            ending=follow_up.ending,
            note=text,
            due_on=follow_up.due_on,
            overdue=overdue,
            changed_by=actor.user_id,
            changed_at=clock.now(),
        )
    )
    session.flush()
    note(
        session,
        EVENTS[step],
        actor=actor,
        subject=("follow_up", follow_up.id),
        reason=text,
        details={
            "visit": follow_up.visit_id,
            "kind": follow_up.kind.value,
            "due_on": follow_up.due_on.isoformat(),
            "ending": follow_up.ending.value if follow_up.ending else None,
            "overdue": overdue,
            **(details or {}),
        },
    )
