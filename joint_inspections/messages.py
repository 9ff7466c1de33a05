"""Whom inspections wait for: each kind tells only what the person's own pages would, from the day they would (T13)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any  # columns of any type

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.field.models import FieldDevice
from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.follow_ups.queries import NEXT_DUE
from joint_inspections.follow_ups.rules import FollowUpState
from joint_inspections.records.models import RecordVersion
from joint_inspections.records.queries import list_to_review
from joint_inspections.signatures.queries import list_to_confirm
from joint_inspections.visits.approvals import load_desk
from joint_inspections.visits.models import Visit, VisitMember
from joint_inspections.visits.queries import disclosed, list_recusals
from joint_inspections.visits.rules import BEFORE_VISIT, RECORDING, MemberState, VisitState
from supervision import clock
from supervision.accounts.models import User
from supervision.labels import N_
from supervision.notifications.queries import actors_holding
from supervision.notifications.sources import Kind, Waiting
from supervision.permissions import Permission

TOLD_FOR = timedelta(days=7)


def assignments(session: Session) -> Iterator[Waiting]:
    """Assignments that an inspector has neither accepted nor declared a recusal for."""
    statement = _members(Visit.state.in_(BEFORE_VISIT), VisitMember.state == MemberState.ASSIGNED)
    for user_id, member_id, visit_id, day in session.execute(statement):
        yield Waiting(user_id, str(member_id), {"day": day}, {"visit_id": visit_id})


def records_due(session: Session) -> Iterator[Waiting]:
    """Records that are due today or overdue."""
    statement = _members(
        Visit.state.in_(RECORDING),
        VisitMember.lead.is_(True),
        Visit.record_due_on <= clock.today(),
        day=Visit.record_due_on,
    )
    for user_id, _member, visit_id, due in session.execute(statement):
        yield Waiting(user_id, str(visit_id), {"day": due}, {"visit_id": visit_id})


def records_returned(session: Session) -> Iterator[Waiting]:
    """Records that a reviewer sent back to the team; each version of a record that is sent back is told anew."""
    newest = sa.select(sa.func.max(RecordVersion.version_no)).where(RecordVersion.visit_id == Visit.id)
    statement = _members(Visit.state == VisitState.RETURNED).add_columns(newest.scalar_subquery())
    for user_id, _member, visit_id, day, version in session.execute(statement):
        yield Waiting(user_id, f"{visit_id}-{version}", {"day": day}, {"visit_id": visit_id})


def _members(*conditions: sa.ColumnElement[bool], day: Any = Visit.planned_on) -> sa.Select[Any]:
    """Select user, place on the team, visit and a day of visits already disclosed to their teams."""
    return (
        sa.select(User.id, VisitMember.id, Visit.id, day)
        .join(VisitMember, VisitMember.inspector_id == User.inspector_id)
        .join(Visit, Visit.id == VisitMember.visit_id)
        .where(User.active, VisitMember.state != MemberState.REPLACED, disclosed(), *conditions)
        .order_by(VisitMember.id)
    )


def approvals(session: Session) -> Iterator[Waiting]:
    """Inspections on a head's desk: one message a day, however many."""
    for viewer in actors_holding(session, Permission.PLAN_APPROVE):
        if count := len(load_desk(session, viewer).ready):
            yield Waiting(viewer.user_id or 0, clock.today().isoformat(), {"count": count})


def recusals(session: Session) -> Iterator[Waiting]:
    """Recusals that a head decides."""
    for viewer in actors_holding(session, Permission.RECUSAL_DECIDE):
        for recusal in list_recusals(session, viewer, waiting=True):
            yield Waiting(viewer.user_id or 0, str(recusal.id))


def reviews(session: Session) -> Iterator[Waiting]:
    """Records that wait for review: one message a day for each reviewer."""
    for viewer in actors_holding(session, Permission.RECORD_REVIEW):
        if count := len(list_to_review(session, viewer)):
            yield Waiting(viewer.user_id or 0, clock.today().isoformat(), {"count": count})


def follow_ups(session: Session) -> Iterator[Waiting]:
    """Follow-ups of a department past their deadline."""
    statement = sa.select(FollowUp.id, FollowUp.department_id, NEXT_DUE).where(
        FollowUp.state == FollowUpState.OPEN, clock.today() > NEXT_DUE
    )
    overdue = session.execute(statement.order_by(FollowUp.id)).all()
    for viewer in actors_holding(session, Permission.FOLLOW_UP_CLOSE):
        for follow_up_id, department_id, due in overdue:
            if department_id == viewer.department_id:
                values = {"day": due}
                yield Waiting(viewer.user_id or 0, str(follow_up_id), values, {"follow_up_id": follow_up_id})


def refusals(session: Session) -> Iterator[Waiting]:
    """Refusals that a colleague noted and named one as the second officer of."""
    second = sa.select(User.id, User.inspector_id).where(User.active, User.inspector_id.is_not(None))
    users = {inspector: user for user, inspector in session.execute(second)}
    for entry in list_to_confirm(session):
        if entry.second_id in users and users[entry.second_id] != entry.noted_by:
            day = {"day": clock.local(entry.noted_at).date()}
            yield Waiting(users[entry.second_id], str(entry.id), day, {"visit_id": entry.visit_id})


def phones(session: Session) -> Iterator[Waiting]:
    """Phones registered of late, told to their owners: whoever did not do it revokes them."""
    since = clock.now() - TOLD_FOR
    statement = sa.select(FieldDevice.user_id, FieldDevice.id, FieldDevice.registered_at).where(
        FieldDevice.registered_at >= since, FieldDevice.revoked_at.is_(None)
    )
    for user_id, device_id, registered_at in session.execute(statement.order_by(FieldDevice.id)):
        yield Waiting(user_id, device_id, {"day": clock.local(registered_at).date()})


KINDS = (
    Kind(
        "refusal-to-confirm",
        N_("Refusals to confirm as the second officer"),
        N_("On %(day)s a colleague noted that an enterprise refused to sign, and named you. Say whether it is so."),
        "signatures.index",
        refusals,
        urgent=True,
    ),
    Kind(
        "phone-registered",
        N_("Phones registered for you"),
        N_("A phone was registered for your account on %(day)s. If it was not you, revoke it at once."),
        "phones.index",
        phones,
    ),
    Kind(
        "assignment",
        N_("Assignments to answer"),
        N_("You are assigned to an inspection on %(day)s. Accept it, or declare a recusal."),
        "visits.show",
        assignments,
    ),
    Kind(
        "record-due",
        N_("Records that are due"),
        N_("The record of an inspection you lead was due on %(day)s."),
        "visits.show",
        records_due,
    ),
    Kind(
        "record-returned",
        N_("Records returned by the reviewer"),
        N_("The record of your inspection of %(day)s was returned by the reviewer."),
        "visits.show",
        records_returned,
    ),
    Kind(
        "approvals",
        N_("Inspections to approve"),
        N_("%(count)s inspections wait for your approval."),
        "approvals.index",
        approvals,
    ),
    Kind(
        "recusal",
        N_("Recusals to decide"),
        N_("A recusal waits for your decision."),
        "recusals.index",
        recusals,
        urgent=True,
    ),
    Kind("reviews", N_("Records to review"), N_("%(count)s records wait for your review."), "reviews.index", reviews),
    Kind(
        "follow-up-overdue",
        N_("Follow-ups past their deadline"),
        N_("A follow-up of your department was due on %(day)s."),
        "follow_ups.show",
        follow_ups,
    ),
)
