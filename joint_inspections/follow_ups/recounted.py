"""Deadlines of follow-ups that another calendar would move (see ``workdays.recounting``)."""

from collections.abc import Collection, Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.follow_ups.models import FollowUp, FollowUpChange
from joint_inspections.follow_ups.rules import TERMS, FollowUpState, FollowUpStep, next_workday
from joint_inspections.records.rules import Disposal
from supervision import clock
from supervision.errors import NotFound
from supervision.labels import N_
from supervision.parameters.queries import get_parameter
from supervision.workdays.recounting import Deadline, Kind, Recount

# steps that set the deadline: by counting, or by what a person chose
COUNTED = (FollowUpStep.OPENED, FollowUpStep.KIND_CHANGED)
CHOSEN = (FollowUpStep.DEADLINE_MOVED, FollowUpStep.REOPENED, FollowUpStep.EXTENDED)
# steps from which a round is counted
ROUNDS = (FollowUpStep.EVIDENCE_SENT, FollowUpStep.EVIDENCE_RETURNED, FollowUpStep.REINSPECTION_NEEDED)


def _newest(session: Session, follow_up: FollowUp, steps: Collection[FollowUpStep]) -> tuple[FollowUpStep, date] | None:
    """Return the newest of these steps with its day."""
    statement = sa.select(FollowUpChange.step, FollowUpChange.changed_at).where(
        FollowUpChange.follow_up_id == follow_up.id, FollowUpChange.step.in_(steps)
    )
    found = session.execute(statement.order_by(FollowUpChange.id.desc()).limit(1)).first()
    return (found.step, clock.local(found.changed_at).date()) if found else None


def _counted_from(session: Session, follow_up: FollowUp) -> date | None:
    """Return the day from which the present deadline was counted; None where a person has set it."""
    newest = _newest(session, follow_up, COUNTED + CHOSEN)
    return newest[1] if newest and newest[0] in COUNTED else None


def _in_working_days(session: Session, code: str) -> bool:
    try:
        return get_parameter(session, code, on=clock.today()).unit == "working_days"
    except NotFound:
        return False


def _open(session: Session) -> Iterator[FollowUp]:
    yield from session.scalars(sa.select(FollowUp).where(FollowUp.state == FollowUpState.OPEN).order_by(FollowUp.id))


def closings(session: Session, recount: Recount) -> Iterator[Deadline]:
    """Deadlines of open follow-ups; one that somebody set stays, but for a last day that becomes a day off.

    What the enterprise has until then (an order to correct) is the party's time.
    """
    counted = {one for one, term in TERMS.items() if _in_working_days(session, term.parameter)}
    for one in _open(session):
        start = _counted_from(session, one) if one.kind in counted else None
        after = next_workday(one.due_on, recount.new) if start is None else recount.shift(start, one.due_on)
        party, name = one.kind is Disposal.CORRECTION, one.visit.number or ""
        yield Deadline(one, "due_on", ("follow_up", one.id), name, one.due_on, after, for_party=party)


def rounds(session: Session, recount: Recount) -> Iterator[Deadline]:
    """Days of a round of corrections: the department looks at what came, or the enterprise sends again."""
    for one in _open(session):
        newest = _newest(session, one, ROUNDS)
        if one.round_due_on is not None and newest is not None:
            step, start = newest
            after, party = recount.shift(start, one.round_due_on), step is not FollowUpStep.EVIDENCE_SENT
            subject, name = ("follow_up", one.id), one.visit.number or ""
            yield Deadline(one, "round_due_on", subject, name, one.round_due_on, after, for_party=party)


KINDS = (
    Kind("follow_ups.due_on", N_("Follow-up to be closed"), closings),
    Kind("follow_ups.round_due_on", N_("Round of a correction"), rounds),
)
