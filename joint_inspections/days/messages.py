"""Whom days off concern: the lead who decides, the inspector who asked, leader and lead where a visit lies on them."""

from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.days import queries
from joint_inspections.days.models import LeaveRequest
from joint_inspections.days.rules import LeaveState
from joint_inspections.visits.models import Visit, VisitMember
from joint_inspections.visits.queries import disclosed
from joint_inspections.visits.rules import BEFORE_VISIT, MemberState
from supervision import clock
from supervision.accounts.models import User
from supervision.inspectors.models import Absence, Inspector
from supervision.labels import N_
from supervision.notifications.queries import actors_holding
from supervision.notifications.sources import Kind, Waiting
from supervision.permissions import Permission

# what was decided longer ago is told to nobody who was away meanwhile: their list of requests shows it
TOLD_FOR = timedelta(days=14)


def to_decide(session: Session) -> Iterator[Waiting]:
    """Requests for leave that a lead decides."""
    statement = (
        sa.select(LeaveRequest.id, Inspector.department_id, Inspector.id)
        .join(Inspector, Inspector.id == LeaveRequest.inspector_id)
        .where(LeaveRequest.state == LeaveState.WAITING)
    )
    rows = session.execute(statement.order_by(LeaveRequest.id)).all()
    for viewer in actors_holding(session, Permission.INSPECTOR_EDIT):
        for request_id, department_id, inspector_id in rows:
            if department_id == viewer.department_id and inspector_id != viewer.inspector_id:
                yield Waiting(viewer.user_id or 0, str(request_id), {}, {"request_id": request_id})


def decided(session: Session) -> Iterator[Waiting]:
    """Own requests that have been decided of late."""
    statement = (
        sa.select(User.id, LeaveRequest.id, LeaveRequest.starts_on)
        .join(User, User.inspector_id == LeaveRequest.inspector_id)
        .where(
            User.active,
            LeaveRequest.state.in_([LeaveState.APPROVED, LeaveState.REFUSED]),
            LeaveRequest.decided_at >= clock.now() - TOLD_FOR,
        )
        .order_by(LeaveRequest.id)
    )
    for user_id, request_id, day in session.execute(statement):
        yield Waiting(user_id, str(request_id), {"day": day})


def clashes(session: Session) -> Iterator[Waiting]:
    """Disclosed visits on a day off of somebody of the team: told to the leader and to the lead of that inspector."""
    statement = (
        sa.select(Visit, VisitMember)
        .join(VisitMember, VisitMember.visit_id == Visit.id)
        .join(Absence, Absence.inspector_id == VisitMember.inspector_id)
        .where(
            disclosed(),
            Visit.state.in_(BEFORE_VISIT),
            Visit.planned_on >= clock.today(),
            Visit.planned_on.between(Absence.starts_on, Absence.ends_on),
            VisitMember.state != MemberState.REPLACED,
        )
        .order_by(Visit.id, VisitMember.id)
    )
    rows = session.execute(statement).unique().all()
    leads = [(one.user_id or 0, one.department_id) for one in actors_holding(session, Permission.INSPECTOR_EDIT)]
    leaders = queries.users_of(session, {one.leader.inspector_id for one, _member in rows if one.leader is not None})
    for visit, member in rows:
        told = {user_id for user_id, department_id in leads if department_id == member.department_id}
        if visit.leader is not None and visit.leader.inspector_id in leaders:
            told.add(leaders[visit.leader.inspector_id])
        key = f"{member.id}-{visit.planned_on:%Y%m%d}"
        for user_id in sorted(told):
            yield Waiting(user_id, key, {"day": visit.planned_on}, {"day": visit.planned_on.isoformat()})


KINDS = (
    Kind(
        "leave-to-decide", N_("Leave to decide"), N_("A request for leave waits for your decision."), "leave.decide",
        to_decide,
    ),
    Kind(
        "leave-decided", N_("Own leave decided"), N_("Your request for leave from %(day)s has been decided."),
        "leave.index", decided,
    ),
    Kind(
        "visit-on-leave", N_("Visits on a day off"),
        N_("Somebody of a team is away on %(day)s, the day of an inspection. Choose another day or let the machine "
           "replace them."),
        "day_calendars.month", clashes, urgent=True,
    ),
)  # fmt: skip
