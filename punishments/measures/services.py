"""Asking a measure with a listing, answering it, lifting it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from punishments.credit_lists.hearing import Grounds, intend_listing
from punishments.credit_lists.models import Listing
from punishments.credit_lists.rules import CreditList
from punishments.measures.models import Measure, MeasureDefinition
from punishments.measures.queries import list_of_listing
from punishments.measures.rules import (
    ANSWER_PARAMETER,
    LIVING,
    MeasureState,
    check_applied_on,
    check_definition,
    check_step,
    end_of,
)
from punishments.penalties.models import Penalty
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.departments.models import Department
from supervision.errors import Forbidden, Invalid
from supervision.parameters.queries import get_number
from supervision.permissions import Actor, Permission
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import add_workdays


@dataclass(frozen=True, slots=True)
class Asked:
    """The one measure a proposal asks for, and of whom (R-5.05)."""

    definition: MeasureDefinition
    department: Department


def intend_with_measure(
    session: Session,
    penalty: Penalty,
    *,
    credit_list: CreditList,
    grounds: Grounds,
    asked: Asked,
    actor: Actor,
) -> Listing:
    """Intend a listing together with the measure that is to follow from it: the party is told of both as one."""
    definition = asked.definition
    check_definition(
        triggers=definition.triggers,
        target=definition.target,
        credit_list=credit_list.value,
        effective_from=definition.effective_from,
        effective_until=definition.effective_until,
        on=clock.today(),
    )
    if not asked.department.active:
        raise Invalid("department-closed", "Choose a department that is active.", field="department")
    listing = intend_listing(
        session,
        penalty,
        credit_list=credit_list,
        grounds=grounds,
        details={"measure": definition.code, "edition": definition.edition, "asked_of": asked.department.code},
        actor=actor,
    )
    session.add(
        Measure(
            listing_id=listing.id,
            definition_id=definition.id,
            department_id=asked.department.id,
            state=MeasureState.PROPOSED,
        )
    )
    session.flush()
    return listing


class MeasuresFollowListings:
    """Begins, drops and lifts measures with the listing they rest on."""

    def listing_began(self, session: Session, listing: Listing, *, actor: Actor) -> None:
        """Ask the implementing department for its answer."""
        for measure in list_of_listing(session, listing.id):
            check_step(measure.state, MeasureState.WAITING)
            measure.state, measure.asked_at = MeasureState.WAITING, clock.now()
            measure.answer_due_on = answer_due_on(session, clock.today())
            measure.ends_on = end_of(listing.ends_on or clock.today(), measure.definition.effective_until)
            details = {"due": measure.answer_due_on.isoformat(), "asked_of": measure.department.code}
            record(session, Event.MEASURE_ASKED, actor=actor, subject=("measure", measure.id), details=details)

    def listing_refused(self, session: Session, listing: Listing, *, actor: Actor) -> None:  # noqa: ARG002 - protocol
        """Drop what was proposed with a refused listing; the refusal's own entry tells it."""
        for measure in list_of_listing(session, listing.id):
            check_step(measure.state, MeasureState.DROPPED)
            measure.state = MeasureState.DROPPED
        session.flush()

    def listing_ended(self, session: Session, listing: Listing, *, actor: Actor) -> None:
        """Lift what still binds; nobody has to remember it (feature 126)."""
        for measure in list_of_listing(session, listing.id):
            if measure.state in LIVING:
                lift_measure(session, measure, on=listing.ended_on or clock.today(), actor=actor)


def answer_due_on(session: Session, asked_on: date) -> date:
    """Return the last working day for the answer."""
    return add_workdays(asked_on, get_number(session, ANSWER_PARAMETER, on=asked_on), get_calendar(session))


def lift_measure(session: Session, measure: Measure, *, on: date, actor: Actor) -> None:
    """Lift one measure, never later than its own end."""
    check_step(measure.state, MeasureState.LIFTED)
    before = measure.state
    measure.state, measure.lifted_on = MeasureState.LIFTED, min(on, measure.ends_on or on)
    details = {"before": before.value, "lifted_on": measure.lifted_on.isoformat()}
    record(session, Event.MEASURE_LIFTED, actor=actor, subject=("measure", measure.id), details=details)


def answer_applied(session: Session, measure: Measure, *, applied_on: date, actor: Actor) -> None:
    """The implementing department applied the measure on a day."""
    _lock_for_answer(session, measure, MeasureState.APPLIED, actor)
    starts_on = measure.listing.starts_on or clock.today()
    ends_on = measure.ends_on or clock.today()
    check_applied_on(applied_on, starts_on=starts_on, ends_on=ends_on, today=clock.today())
    measure.state, measure.applied_on = MeasureState.APPLIED, applied_on
    _answer(session, measure, actor, details={"applied_on": applied_on.isoformat()})


def answer_not_applicable(session: Session, measure: Measure, *, reason: str, actor: Actor) -> None:
    """The implementing department cannot apply the measure and says why."""
    _lock_for_answer(session, measure, MeasureState.NOT_APPLICABLE, actor)
    if not reason:
        raise Invalid("answer-reason", "Give the reason why the measure cannot be applied.", field="reason")
    measure.state, measure.answer_reason = MeasureState.NOT_APPLICABLE, reason
    _answer(session, measure, actor, reason=reason, details={"answer": "not applicable"})


def _lock_for_answer(session: Session, measure: Measure, target: MeasureState, actor: Actor) -> None:
    if not actor.may(Permission.MEASURE_ANSWER) or actor.department_id != measure.department_id:
        raise Forbidden("answer-own", "Only the lead of the implementing department answers a measure.")
    session.refresh(measure, with_for_update={"of": Measure})
    check_step(measure.state, target)
    if measure.ends_on is not None and measure.ends_on < clock.today():
        check_step(MeasureState.LIFTED, target)


def _answer(session: Session, measure: Measure, actor: Actor, *, details: dict[str, object], reason: str = "") -> None:
    measure.answered_by, measure.answered_at = actor.user_id, clock.now()
    record(
        session, Event.MEASURE_ANSWERED, actor=actor, subject=("measure", measure.id), reason=reason, details=details
    )


# one object, so that registering it at every start of an application changes nothing
MEASURES_FOLLOW_LISTINGS = MeasuresFollowListings()
