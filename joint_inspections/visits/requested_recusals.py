"""The enterprise asks that an inspector stand back: by the code on its notice, or the head records it (R-1.22).

The request then stands beside those that inspectors declare themselves: the inspector does not go until it is decided,
the head decides within the same time, and the machine names who follows.
"""

import json
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.visits.models import Recusal, Visit, VisitMember
from joint_inspections.visits.origins import origin_of
from joint_inspections.visits.rules import (
    BEFORE_VISIT,
    PARTY_REQUEST,
    MemberState,
    MemberStep,
    RecusalDecision,
    member_after,
)
from joint_inspections.visits.services import recusal_due
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Forbidden, Invalid, WrongState
from supervision.labels import N_, Labeled
from supervision.parameters.queries import check_reason
from supervision.permissions import Actor, Permission, system_actor

ASKABLE = frozenset({MemberState.ASSIGNED, MemberState.ACCEPTED})


class Received(Labeled):
    """How the enterprise's request reached the department."""

    IN_PERSON = "in_person", N_("In person")
    LETTER = "letter", N_("By letter")
    TELEPHONE = "telephone", N_("By telephone")
    MESSAGE = "message", N_("By e-mail or message")
    CODE = "code", N_("By the code on the notice")


# what a head writes down for the enterprise; a request by the code writes itself
BY_HEAD = tuple(one for one in Received if one is not Received.CODE)


def list_askable(visit: Visit, actor: Actor) -> list[VisitMember]:
    """List the inspectors on the team about whom this head can record a request: their own, not asked about yet."""
    if not actor.may(Permission.RECUSAL_DECIDE) or visit.state not in BEFORE_VISIT:
        return []
    return [one for one in visit.team_now if one.department_id == actor.department_id and one.state in ASKABLE]


@dataclass(frozen=True, slots=True)
class Request:
    """What the enterprise asked, when and by which way; kept as data, because two languages read it."""

    received: Received
    received_on: date
    statement: str

    def to_text(self) -> str:
        """Return the request as a recusal keeps it."""
        return json.dumps(
            {
                "received": self.received.value,
                "received_on": self.received_on.isoformat(),
                "statement": self.statement,
            },
            ensure_ascii=False,
        )


def request_of(recusal: Recusal) -> Request | None:
    """Return the enterprise's request; None for a declaration, and for a request kept in words as was once done."""
    if recusal.reason_code != PARTY_REQUEST:
        return None
    try:
        kept = json.loads(recusal.statement)
        return Request(Received(kept["received"]), date.fromisoformat(kept["received_on"]), kept["statement"])
    except (ValueError, KeyError, TypeError):
        return None


def record_request(session: Session, visit: Visit, *, inspector_id: int, request: Request, actor: Actor) -> Recusal:
    """Record what the enterprise asks and on which grounds; the time to answer runs from the day it was received."""
    _lock(session, visit)
    member = _askable(visit, inspector_id, actor)
    if not clock.local(visit.created_at).date() <= request.received_on <= clock.today():
        raise Invalid(
            "request-day", "The day lies in the future, or before this visit was assigned.", field="received_on"
        )
    return _stand_back(session, visit, member, request=request, actor=actor)


def list_askable_by_code(session: Session, visit: Visit) -> list[VisitMember]:
    """List the inspectors about whom whoever holds the notice may still ask: each once, and before the visit."""
    if visit.state not in BEFORE_VISIT:
        return []
    asked = {one.member_id for one in list_by_code(session, visit)}
    return [one for one in visit.team_now if one.state in ASKABLE and one.id not in asked]


def list_by_code(session: Session, visit: Visit) -> list[Recusal]:
    """List what was asked by the code on the notice of a visit, oldest first."""
    statement = (
        sa.select(Recusal)
        .join(VisitMember, VisitMember.id == Recusal.member_id)
        .where(VisitMember.visit_id == visit.id, Recusal.reason_code == PARTY_REQUEST)
        .order_by(Recusal.id)
    )
    found = [(one, request_of(one)) for one in session.scalars(statement)]
    return [one for one, request in found if request is not None and request.received is Received.CODE]


def ask_by_code(session: Session, visit: Visit, *, inspector_id: int, statement: str) -> Recusal:
    """Take in what the enterprise asks by the code on its notice; the code proves that the notice is in its hands.

    About each inspector it is asked once: what was refused is objected to at the door or by the remedies of the notice.
    """
    _lock(session, visit)
    member = next((one for one in list_askable_by_code(session, visit) if one.inspector_id == inspector_id), None)
    if member is None:
        raise WrongState(
            "not-askable-by-code",
            "You have asked about this inspector already, or the team has changed. Scan the code of the newest notice.",
        )
    request = Request(Received.CODE, clock.today(), statement)
    return _stand_back(session, visit, member, request=request, actor=system_actor("code on the notice"))


def _lock(session: Session, visit: Visit) -> None:
    origin_of(visit).hold(session, visit)
    session.refresh(visit, ["state"])


def _stand_back(session: Session, visit: Visit, member: VisitMember, *, request: Request, actor: Actor) -> Recusal:
    reason = check_reason(session, "recusal_reasons", PARTY_REQUEST)
    member.state = member_after(member.state, MemberStep.DECLARE)
    recusal = Recusal(
        member=member,
        reason_code=reason.code,
        statement=request.to_text(),
        asked_at=clock.now(),
        due_on=recusal_due(session, visit, asked_on=request.received_on),
        decision=RecusalDecision.WAITING,
    )
    session.add(recusal)
    session.flush()
    details = {
        "inspector": member.inspector_id,
        "received": request.received.value,
        "received_on": request.received_on.isoformat(),
    }
    record(session, Event.RECUSAL_REQUESTED, actor=actor, subject=("visit", visit.id), details=details)
    return recusal


def _askable(visit: Visit, inspector_id: int, actor: Actor) -> VisitMember:
    if visit.state not in BEFORE_VISIT:
        raise WrongState("visit-begun", "The visit has begun, so the team can no longer change.")
    member = next((one for one in list_askable(visit, actor) if one.inspector_id == inspector_id), None)
    if member is None:
        raise Forbidden(
            "not-askable",
            "Only the head of the inspector's own department records a request, and only one at a time.",
        )
    return member
