"""Opening follow-ups from approved records, closing them, opening them again, moving a deadline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any  # a record is JSON

from sqlalchemy.orm import Session

from joint_inspections.follow_ups.models import FollowUp, FollowUpChange
from joint_inspections.follow_ups.queries import list_of_visit
from joint_inspections.follow_ups.rules import (
    ENDINGS,
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
from supervision.errors import Conflict, Forbidden, Invalid
from supervision.parameters.queries import get_number
from supervision.permissions import Actor, Permission
from supervision.workdays.queries import get_calendar

EVENTS: Mapping[FollowUpStep, Event] = {
    FollowUpStep.OPENED: Event.FOLLOW_UP_OPENED,
    FollowUpStep.CLOSED: Event.FOLLOW_UP_CLOSED,
    FollowUpStep.REOPENED: Event.FOLLOW_UP_REOPENED,
    FollowUpStep.DEADLINE_MOVED: Event.FOLLOW_UP_DEADLINE_MOVED,
    FollowUpStep.KIND_CHANGED: Event.FOLLOW_UP_REOPENED,
    FollowUpStep.DROPPED: Event.FOLLOW_UP_CLOSED,
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
            if item_id not in ordered and follow_up.ending is not FollowUpEnding.DROPPED:
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
    today, term = clock.today(), TERMS[kind]
    return due_after(today, term, get_number(session, term.parameter, on=today), get_calendar(session))


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
    if follow_up.kind is order.kind and follow_up.ending is not FollowUpEnding.DROPPED:
        return
    late = is_overdue(follow_up.state, follow_up.due_on, today=clock.today())
    follow_up.state = state_after(follow_up.state, FollowUpStep.KIND_CHANGED)
    follow_up.kind, follow_up.due_on = order.kind, _due_on(session, order.kind)
    _forget_ending(follow_up)
    _write(session, follow_up, FollowUpStep.KIND_CHANGED, actor=actor, overdue=late)


def _forget_ending(follow_up: FollowUp) -> None:
    follow_up.ending, follow_up.closing_note = None, ""
    follow_up.closed_on, follow_up.closed_by = None, None


def may_change(follow_up: FollowUp, actor: Actor) -> bool:
    """Say whether the actor answers for this follow-up: a lead of the department it belongs to."""
    return actor.may(Permission.FOLLOW_UP_CLOSE) and actor.department_id == follow_up.department_id


def _require_change(follow_up: FollowUp, version: int, actor: Actor) -> None:
    if not may_change(follow_up, actor):
        raise Forbidden("not-own-follow-up", "A lead of the department that found the problem does this.")
    if version != follow_up.version:
        raise Conflict("changed-meanwhile", "Somebody changed this follow-up meanwhile. Read it again first.")


def close_follow_up(session: Session, follow_up: FollowUp, closing: Closing, *, version: int, actor: Actor) -> None:
    """Close a follow-up: how it ended, on which day, and what shows it (R-1.35)."""
    _require_change(follow_up, version, actor)
    if closing.ending not in ENDINGS[follow_up.kind]:
        raise Invalid("ending-not-offered", "This ending does not go with this follow-up.", field="ending")
    visited = follow_up.visit.visited_at
    earliest = clock.local(visited).date() if visited else closing.closed_on
    if not earliest <= closing.closed_on <= clock.today():
        raise Invalid("closed-on", "Choose a day from %(first)s to today.", field="closed_on", first=earliest)
    _end(session, follow_up, closing, step=FollowUpStep.CLOSED, actor=actor)


def _end(session: Session, follow_up: FollowUp, closing: Closing, *, step: FollowUpStep, actor: Actor) -> None:
    late = is_overdue(follow_up.state, follow_up.due_on, today=clock.today())
    follow_up.state = state_after(follow_up.state, step)
    follow_up.ending, follow_up.closing_note = closing.ending, closing.note
    follow_up.closed_on, follow_up.closed_by = closing.closed_on, actor.user_id
    _write(session, follow_up, step, actor=actor, text=closing.note, overdue=late)


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
    late = is_overdue(follow_up.state, follow_up.due_on, today=clock.today())
    follow_up.state = state_after(follow_up.state, FollowUpStep.DEADLINE_MOVED)
    follow_up.due_on = due_on
    _write(session, follow_up, FollowUpStep.DEADLINE_MOVED, actor=actor, text=reason, overdue=late)


def _require_future(due_on: date) -> None:
    if due_on < clock.today():
        raise Invalid("due-in-past", "Choose today or a later day.", field="due_on")


def _write(
    session: Session, follow_up: FollowUp, step: FollowUpStep, *, actor: Actor, text: str = "", overdue: bool = False
) -> None:
    """Add the line of the history and the one entry of the log."""
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
        },
    )
