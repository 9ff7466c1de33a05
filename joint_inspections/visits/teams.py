"""A team is put together and changed: whoever names it, the steps of its visit are the same."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.visits.models import Recusal, Visit, VisitMember
from joint_inspections.visits.rules import (
    MemberState,
    MemberStep,
    RecusalDecision,
    VisitStep,
    member_after,
    state_after,
)
from supervision import clock
from supervision.permissions import Actor


@dataclass(frozen=True, slots=True)
class Place:
    """An inspector whom a department sends."""

    inspector_id: int
    department_id: int
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Who leaves a team, who comes instead if anybody, and the team's leader afterwards."""

    out_id: int
    successor: Place | None
    leader_id: int | None


def seats(places: Iterable[Place]) -> list[VisitMember]:
    """Return the members of a team that has just been named; each has yet to answer."""
    return [
        VisitMember(
            inspector_id=one.inspector_id,
            department_id=one.department_id,
            lead=one.lead,
            state=MemberState.ASSIGNED,
            joined_at=clock.now(),
        )
        for one in places
    ]


def change_team(session: Session, visit: Visit, change: Change, *, actor: Actor) -> None:
    """Let somebody follow on a team whose visit has not begun."""
    for member in visit.team_now:
        if member.inspector_id == change.out_id:
            member.state, member.lead = member_after(member.state, MemberStep.REPLACE), False
            _close_recusals(session, member, change.successor, actor=actor)
    if change.successor is not None:
        visit.members += seats([change.successor])
    for member in visit.team_now:
        member.lead = member.inspector_id == change.leader_id
    # the body whose team changed approves anew; the approvals of the others stand
    visit.state = state_after(visit.state, VisitStep.CHANGE_TEAM)
    visit.approved_by = visit.approved_at = visit.reported_at = None


def _close_recusals(session: Session, member: VisitMember, successor: Place | None, *, actor: Actor) -> None:
    """Note on every recusal of the place who came instead; one still waiting has been answered by the replacement."""
    for recusal in session.scalars(sa.select(Recusal).where(Recusal.member_id == member.id)):
        if recusal.decision is RecusalDecision.WAITING:
            recusal.decision, recusal.decided_by = RecusalDecision.GRANTED, actor.user_id
            recusal.decided_at = clock.now()
        if recusal.decision is RecusalDecision.GRANTED and recusal.replacement_id is None:
            recusal.replacement_id = successor.inspector_id if successor else None
