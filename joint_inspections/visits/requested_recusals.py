"""The enterprise asks that an inspector stand back: the head of the inspector's department records it (R-1.22).

The request then stands beside those that inspectors declare themselves: the inspector does not go until it is decided,
the head decides within the same time, and the machine names who follows.
"""

from datetime import date

from sqlalchemy.orm import Session

from joint_inspections.visits.models import Recusal, Visit, VisitMember
from joint_inspections.visits.rules import (
    BEFORE_VISIT,
    PARTY_REQUEST,
    MemberState,
    MemberStep,
    RecusalDecision,
    member_after,
)
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.draws.services import lock_for_change
from supervision.errors import Forbidden, Invalid, WrongState
from supervision.labels import N_, Labeled
from supervision.parameters.queries import check_reason, get_number
from supervision.permissions import Actor, Permission
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import add_workdays

ASKABLE = frozenset({MemberState.ASSIGNED, MemberState.ACCEPTED})


class Received(Labeled):
    """How the enterprise's request reached the department."""

    IN_PERSON = "in_person", N_("In person")
    LETTER = "letter", N_("By letter")
    TELEPHONE = "telephone", N_("By telephone")
    MESSAGE = "message", N_("By e-mail or message")


def list_askable(visit: Visit, actor: Actor) -> list[VisitMember]:
    """List the inspectors on the team about whom this head can record a request: their own, not asked about yet."""
    if not actor.may(Permission.RECUSAL_DECIDE) or visit.state not in BEFORE_VISIT:
        return []
    return [one for one in visit.team_now if one.department_id == actor.department_id and one.state in ASKABLE]


def record_request(
    session: Session,
    visit: Visit,
    *,
    inspector_id: int,
    received: Received,
    received_on: date,
    statement: str,
    actor: Actor,
) -> Recusal:
    """Record what the enterprise asks and on which grounds; the time to answer runs from the day it was received."""
    reason = check_reason(session, "recusal_reasons", PARTY_REQUEST)
    lock_for_change(session, visit.draw)
    session.refresh(visit, ["state"])
    if visit.state not in BEFORE_VISIT:
        raise WrongState("visit-begun", "The visit has begun, so the team can no longer change.")
    member = next((one for one in list_askable(visit, actor) if one.inspector_id == inspector_id), None)
    if member is None:
        raise Forbidden(
            "not-askable",
            "Only the head of the inspector's own department records a request, and only one at a time.",
        )
    if not clock.local(visit.created_at).date() <= received_on <= clock.today():
        raise Invalid(
            "request-day", "The day lies in the future, or before this visit was assigned.", field="received_on"
        )
    member.state = member_after(member.state, MemberStep.DECLARE)
    days = get_number(session, "recusal-reply-working-days", on=received_on)
    recusal = Recusal(
        member=member,
        reason_code=reason.code,
        statement=statement,
        asked_at=clock.now(),
        due_on=add_workdays(received_on, days, get_calendar(session)),
        decision=RecusalDecision.WAITING,
    )
    session.add(recusal)
    session.flush()
    details = {"inspector": inspector_id, "received": received.value, "received_on": received_on.isoformat()}
    record(session, Event.RECUSAL_REQUESTED, actor=actor, subject=("visit", visit.id), details=details)
    return recusal
