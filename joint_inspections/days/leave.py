"""Leave: asked for by the inspector, decided by the lead; approved, it is an absence in the register of inspectors."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.days.models import LeaveRequest
from joint_inspections.days.rules import LeaveState, LeaveStep, check_leave, leave_after
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Conflict, Forbidden, Invalid, NotFound
from supervision.inspectors.models import Absence, Inspector
from supervision.inspectors.rules import AbsenceKind
from supervision.inspectors.services import record_absence
from supervision.permissions import Actor, Permission

MOST_SHOWN = 200


def list_own(session: Session, viewer: Actor) -> Sequence[LeaveRequest]:
    """List what the viewer asked for, newest first."""
    statement = sa.select(LeaveRequest).where(LeaveRequest.inspector_id == viewer.inspector_id)
    return session.scalars(statement.order_by(LeaveRequest.id.desc()).limit(MOST_SHOWN)).all()


def list_of_department(session: Session, viewer: Actor, *, waiting: bool) -> Sequence[LeaveRequest]:
    """List the requests that a lead decides, or has decided."""
    state = LeaveRequest.state == LeaveState.WAITING
    order = LeaveRequest.starts_on.asc() if waiting else LeaveRequest.id.desc()
    statement = _decided_by(viewer).where(state if waiting else sa.not_(state)).order_by(order, LeaveRequest.id)
    return session.scalars(statement.limit(MOST_SHOWN)).all()


def _decided_by(viewer: Actor) -> sa.Select[LeaveRequest]:
    allowed = Inspector.department_id == viewer.department_id if viewer.may(Permission.INSPECTOR_EDIT) else sa.false()
    return sa.select(LeaveRequest).join(Inspector, Inspector.id == LeaveRequest.inspector_id).where(allowed)


def get_to_decide(session: Session, viewer: Actor, request_id: int) -> LeaveRequest:
    """Return a request of the viewer's department and hold it, or refuse as if there were none."""
    return _get(session, _decided_by(viewer).where(LeaveRequest.id == request_id))


def get_own(session: Session, viewer: Actor, request_id: int) -> LeaveRequest:
    """Return a request of the viewer's own and hold it, or refuse as if there were none."""
    own = LeaveRequest.inspector_id == viewer.inspector_id
    return _get(session, sa.select(LeaveRequest).where(LeaveRequest.id == request_id, own))


def _get(session: Session, statement: sa.Select[LeaveRequest]) -> LeaveRequest:
    found = session.scalar(statement.with_for_update(of=LeaveRequest))
    if found is None:
        raise NotFound
    return found


def ask(
    session: Session, inspector: Inspector, kind: AbsenceKind, *, starts_on: date, ends_on: date, note: str,
    actor: Actor,
) -> LeaveRequest:  # fmt: skip
    """Let an inspector ask not to be sent on some days."""
    if actor.inspector_id != inspector.id:
        raise Forbidden("leave-of-another", "Everybody asks for their own leave; the lead notes it for others.")
    check_leave(starts_on, ends_on, today=clock.today())
    # the register's row is held: two requests for the same days at once meet here
    session.execute(sa.select(Inspector.id).where(Inspector.id == inspector.id).with_for_update())
    _refuse_overlap(session, inspector, starts_on, ends_on)
    request = LeaveRequest(
        inspector=inspector,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        note=note,
        state=LeaveState.WAITING,
        asked_at=clock.now(),
    )
    session.add(request)
    session.flush()
    _record(session, Event.LEAVE_ASKED, request, actor=actor)
    return request


def _refuse_overlap(session: Session, inspector: Inspector, first: date, last: date) -> None:
    waiting = sa.select(LeaveRequest.id).where(
        LeaveRequest.inspector_id == inspector.id,
        LeaveRequest.state == LeaveState.WAITING,
        LeaveRequest.starts_on <= last,
        LeaveRequest.ends_on >= first,
    )
    noted = sa.select(Absence.id).where(
        Absence.inspector_id == inspector.id, Absence.starts_on <= last, Absence.ends_on >= first
    )
    if session.scalar(waiting.limit(1)) is not None or session.scalar(noted.limit(1)) is not None:
        raise Conflict(
            "leave-overlap", "For some of these days you have asked already, or an absence is on record. See below."
        )


def decide(session: Session, request: LeaveRequest, *, approved: bool, note: str, actor: Actor) -> None:
    """Decide a request: approved, the absence stands in the register and counts for rosters and replacements."""
    if not actor.may(Permission.INSPECTOR_EDIT) or actor.department_id != request.inspector.department_id:
        raise Forbidden("inspector-of-another", "Only the lead of the inspector's department keeps this entry.")
    if actor.inspector_id == request.inspector_id:
        raise Forbidden("own-leave", "Nobody decides their own leave. Ask another lead of the department.")
    if not approved and not note:
        raise Invalid("note-needed", "Say why the leave is refused.", field="note")
    request.state = leave_after(request.state, LeaveStep.APPROVE if approved else LeaveStep.REFUSE)
    request.decided_by, request.decided_at, request.decision_note = actor.user_id, clock.now(), note
    if approved:
        absence = record_absence(
            session, request.inspector, request.kind, starts_on=request.starts_on, ends_on=request.ends_on, actor=actor
        )
        request.absence_id = absence.id
    session.flush()
    _record(session, Event.LEAVE_DECIDED, request, actor=actor, approved=approved)


def withdraw(session: Session, request: LeaveRequest, *, actor: Actor) -> None:
    """Let the inspector take back what nobody has decided yet."""
    if actor.inspector_id != request.inspector_id:
        raise Forbidden("leave-of-another", "Everybody asks for their own leave; the lead notes it for others.")
    request.state = leave_after(request.state, LeaveStep.WITHDRAW)
    session.flush()
    _record(session, Event.LEAVE_WITHDRAWN, request, actor=actor)


def _record(session: Session, event: Event, request: LeaveRequest, *, actor: Actor, **more: object) -> None:
    """Note the days; why somebody is away stands in the register, not in the log."""
    details = {"from": request.starts_on.isoformat(), "to": request.ends_on.isoformat(), **more}
    record(session, event, actor=actor, subject=("inspector", request.inspector_id), details=details)
