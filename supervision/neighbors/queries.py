"""Reading requests to borrow inspectors, and who is lent on them."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.departments.models import Department
from supervision.errors import NotFound
from supervision.inspectors.models import Inspector, InspectorLoan, NeighborArea
from supervision.listing import ListQuery, Page, load_page
from supervision.neighbors.models import LoanRequest
from supervision.neighbors.rules import LoanState
from supervision.permissions import Actor
from supervision.plans.models import Task
from supervision.plans.rules import TaskState


def scope(viewer: Actor) -> sa.ColumnElement[bool]:
    """Limit requests to those of the viewer's department; the coordinator and oversight see all."""
    return sa.true() if viewer.sees_whole_district else LoanRequest.department_id == viewer.department_id


def get_request(session: Session, viewer: Actor, request_id: int) -> LoanRequest:
    """Return a request of the viewer's department, or of any for who sees the whole district; refuse others."""
    found = session.scalar(sa.select(LoanRequest).where(LoanRequest.id == request_id, scope(viewer)))
    if found is None:
        raise NotFound
    return found


def find_by_number(session: Session, number: str) -> LoanRequest | None:
    """Return the request with this number."""
    return session.scalar(sa.select(LoanRequest).where(LoanRequest.number == number))


def list_requests(session: Session, viewer: Actor, query: ListQuery) -> Page[LoanRequest]:
    """List requests by number or task, with filters."""
    statement = sa.select(LoanRequest).join(LoanRequest.task).where(scope(viewer))
    if query.q:
        statement = statement.where(
            sa.or_(
                LoanRequest.number.contains(query.q.upper(), autoescape=True),
                Task.title.icontains(query.q, autoescape=True),
                Task.number.startswith(query.q, autoescape=True),
            )
        )
    if state := query.filters.get("state"):
        statement = statement.where(LoanRequest.state == LoanState(state))
    if code := query.filters.get("department"):
        statement = statement.where(
            LoanRequest.department_id.in_(sa.select(Department.id).where(Department.code == code))
        )
    if area := query.filters.get("area"):
        statement = statement.where(LoanRequest.area_code == area)
    sorts = {"number": LoanRequest.number, "asked_at": LoanRequest.asked_at, "wanted": LoanRequest.wanted}
    return load_page(session, statement, query, sorts=sorts, default_sort="-asked_at", tie_breaker=LoanRequest.id)


def list_of_task(session: Session, viewer: Actor, task: Task) -> Sequence[LoanRequest]:
    """List the requests about a task that the viewer may see, the newest first."""
    statement = sa.select(LoanRequest).where(LoanRequest.task_id == task.id, scope(viewer))
    return session.scalars(statement.order_by(LoanRequest.id.desc())).all()


def list_waiting(session: Session) -> Sequence[LoanRequest]:
    """List the requests that wait for an answer, or granted ones whose people are still to be entered."""
    statement = sa.select(LoanRequest).where(LoanRequest.state.in_([LoanState.ASKED, LoanState.GRANTED]))
    found = session.scalars(statement.order_by(LoanRequest.id)).all()
    return [one for one in found if one.state is LoanState.ASKED or awaits_people(session, one)]


def awaits_people(session: Session, request: LoanRequest) -> bool:
    """Say whether a granted request has places for people and its task is still to be frozen."""
    preparing = request.task.state is TaskState.PREPARING
    return preparing and request.state is LoanState.GRANTED and count_running(session, request) < (request.granted or 0)


def list_areas(session: Session, *, on: date) -> Sequence[NeighborArea]:
    """List the areas that lie beside the district on a day."""
    beside = sa.or_(NeighborArea.effective_until.is_(None), NeighborArea.effective_until >= on)
    statement = sa.select(NeighborArea).where(NeighborArea.effective_from <= on, beside)
    return session.scalars(statement.order_by(NeighborArea.code)).all()


def list_loans(session: Session, request: LoanRequest) -> Sequence[InspectorLoan]:
    """List who was lent on a request, those still here first."""
    statement = sa.select(InspectorLoan).where(InspectorLoan.request_number == request.number)
    return session.scalars(statement.order_by(InspectorLoan.ended_on.is_not(None), InspectorLoan.id)).all()


def count_running(session: Session, request: LoanRequest) -> int:
    """Count the people of a request whose loan is not over."""
    statement = sa.select(sa.func.count()).select_from(InspectorLoan)
    return session.scalar(statement.where(*_running(request))) or 0


def _running(request: LoanRequest) -> tuple[sa.ColumnElement[bool], ...]:
    return InspectorLoan.request_number == request.number, InspectorLoan.ended_on.is_(None)


def list_loans_of(session: Session, inspector: Inspector) -> list[tuple[InspectorLoan, LoanRequest | None]]:
    """List an inspector's loans with the request of each, the newest first."""
    statement = (
        sa.select(InspectorLoan, LoanRequest)
        .outerjoin(LoanRequest, LoanRequest.number == InspectorLoan.request_number)
        .where(InspectorLoan.inspector_id == inspector.id)
        .order_by(InspectorLoan.id.desc())
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def promised(session: Session, task: Task, department_id: int) -> int:
    """Count the people granted for a department in a task who have not been entered yet."""
    statement = sa.select(LoanRequest).where(
        LoanRequest.task_id == task.id,
        LoanRequest.department_id == department_id,
        LoanRequest.state == LoanState.GRANTED,
    )
    return sum(max(0, (one.granted or 0) - count_running(session, one)) for one in session.scalars(statement))
