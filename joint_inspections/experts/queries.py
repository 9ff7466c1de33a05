"""Reading requests, draws of experts and their places. Who goes is known as late as the visit itself (T13)."""

import json
from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, object_session

from joint_inspections.experts.models import ExpertChange, ExpertDraw, ExpertPlace, ExpertRequest
from joint_inspections.experts.rules import ExpertDrawState, PlaceState, can_serve, split_fields
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import disclosed, managed_by
from joint_inspections.visits.rules import FALLEN_AWAY
from supervision.draws.log import lock_log
from supervision.draws.models import Draw
from supervision.errors import NotFound
from supervision.inspectors.models import Expert
from supervision.inspectors.rules import InspectorStatus
from supervision.listing import ListQuery, Page, load_page
from supervision.permissions import Actor
from supervision.plans.models import PlanParticipant, Task


def list_fields(session: Session, *, on: date) -> list[tuple[str, int]]:
    """List the special fields of experts engaged up to a day, and how many there are of each."""
    counts: dict[str, int] = {}
    for expert in _engaged(session, on=on):
        for field in split_fields(expert.fields):
            counts[field] = counts.get(field, 0) + 1
    return sorted(counts.items())


def list_serving(session: Session, field: str, *, on: date) -> list[Expert]:
    """List the experts who may be sent for a field up to a day."""
    return [
        one
        for one in _engaged(session, on=on)
        if can_serve(one.fields, field, status=one.status, engaged_until=one.engaged_until, on=on)
    ]


def _engaged(session: Session, *, on: date) -> Sequence[Expert]:
    statement = sa.select(Expert).where(Expert.status == InspectorStatus.ACTIVE, Expert.engaged_until >= on)
    return session.scalars(statement.order_by(Expert.id)).all()


def list_requests(session: Session, task_id: int, *, visit_id: int | None = None) -> Sequence[ExpertRequest]:
    """List the requests that stand for a task, or for one visit."""
    statement = sa.select(ExpertRequest).where(
        ExpertRequest.task_id == task_id,
        ExpertRequest.visit_id.is_not_distinct_from(visit_id),
        ExpertRequest.withdrawn_at.is_(None),
    )
    return session.scalars(statement.order_by(ExpertRequest.id)).all()


def get_request(session: Session, request_id: int, *, task: Task) -> ExpertRequest:
    """Return a request of a task that stands, or refuse."""
    found = session.get(ExpertRequest, request_id)
    if found is None or found.withdrawn_at is not None or found.task_id != task.id:
        raise NotFound
    return found


def find_of_draw(session: Session, draw: Draw) -> ExpertDraw | None:
    """Return the draw of experts that follows a draw of inspectors."""
    return session.scalar(sa.select(ExpertDraw).where(ExpertDraw.draw_id == draw.id))


def list_of_visit(session: Session, visit: Visit) -> Sequence[ExpertDraw]:
    """List the draws of experts made for one visit alone, the newest last."""
    statement = sa.select(ExpertDraw).where(ExpertDraw.visit_id == visit.id).order_by(ExpertDraw.id)
    return session.scalars(statement).all()


def list_of_task(session: Session, viewer: Actor, task_id: int) -> Sequence[ExpertDraw]:
    """List the draws of experts of a task that the viewer may know of."""
    statement = sa.select(ExpertDraw).where(ExpertDraw.task_id == task_id, _readable_by(viewer))
    return session.scalars(statement.order_by(ExpertDraw.id)).all()


def _readable_by(viewer: Actor) -> sa.ColumnElement[bool]:
    """Draws of the viewer's own tasks; one for a single visit only once that is disclosed, for it tells of it."""
    tasks = sa.select(Task.id).join(PlanParticipant, PlanParticipant.plan_version_id == Task.plan_version_id)
    own = ExpertDraw.task_id.in_(tasks.where(PlanParticipant.department_id == viewer.department_id))
    visits = sa.select(Visit.id).where(disclosed(), managed_by(viewer))
    return sa.and_(
        sa.true() if viewer.sees_whole_district else own,
        sa.or_(ExpertDraw.visit_id.is_(None), ExpertDraw.visit_id.in_(visits)),
    )


def list_expert_draws(session: Session, viewer: Actor, query: ListQuery) -> Page[ExpertDraw]:
    """List the draws of experts of a viewer's tasks, the newest first."""
    statement = (
        sa.select(ExpertDraw)
        .join(Task, Task.id == ExpertDraw.task_id)
        .where(_readable_by(viewer))
        .options(joinedload(ExpertDraw.task).lazyload("*"), joinedload(ExpertDraw.draw).lazyload("*"))
    )
    if query.q:
        by_number = (column.startswith(query.q, autoescape=True) for column in (ExpertDraw.number, Task.number))
        statement = statement.where(sa.or_(*by_number, Task.title.icontains(query.q, autoescape=True)))
    if state := query.filters.get("state"):
        statement = statement.where(ExpertDraw.state == ExpertDrawState(state))
    sorts = {"number": ExpertDraw.number, "frozen_at": ExpertDraw.frozen_at}
    return load_page(session, statement, query, sorts=sorts, default_sort="-frozen_at", tie_breaker=ExpertDraw.id)


def get_expert_draw(session: Session, viewer: Actor, expert_draw_id: int) -> ExpertDraw:
    """Return a draw of experts of a task of the viewer's department; of one visit only once that is disclosed."""
    found = session.scalar(sa.select(ExpertDraw).where(ExpertDraw.id == expert_draw_id, _readable_by(viewer)))
    if found is None:
        raise NotFound
    return found


def hold_expert_draw(session: Session, expert_draw: ExpertDraw) -> None:
    """Hold the row of a draw of experts, so that two changes come one after the other."""
    # the log before the row, as in every step of a draw: whoever strikes an enterprise holds the log already
    lock_log(session)
    session.execute(sa.select(ExpertDraw.id).where(ExpertDraw.id == expert_draw.id).with_for_update())
    session.refresh(expert_draw, ["state", "version", "record", "places", "changes"])


def list_places(session: Session, visit: Visit, *, replaced: bool = False) -> Sequence[ExpertPlace]:
    """List the experts on a visit now, those replaced too if asked for."""
    statement = sa.select(ExpertPlace).where(ExpertPlace.visit_id == visit.id)
    if not replaced:
        statement = statement.where(ExpertPlace.state != PlaceState.REPLACED)
    return session.scalars(statement.order_by(ExpertPlace.need, ExpertPlace.id)).all()


def get_place(session: Session, visit: Visit, place_id: int) -> ExpertPlace:
    """Return a place on a visit that the caller may see, or refuse."""
    found = session.get(ExpertPlace, place_id)
    if found is None or found.visit_id != visit.id or found.state is PlaceState.REPLACED:
        raise NotFound
    return found


def list_changes(session: Session, visit: Visit) -> Sequence[ExpertChange]:
    """List the replacements of experts on the team of a visit."""
    draws = sa.select(ExpertPlace.expert_draw_id).where(ExpertPlace.visit_id == visit.id)
    statement = sa.select(ExpertChange).where(ExpertChange.team == visit.team, ExpertChange.expert_draw_id.in_(draws))
    return session.scalars(statement.order_by(ExpertChange.id)).all()


def experts_of(visit: Visit) -> Sequence[ExpertPlace]:
    """Return the experts who take part in a visit, wherever the visit was loaded."""
    session = object_session(visit)
    return experts_of_visits(session, [visit.id]).get(visit.id, ()) if session is not None else ()


def experts_of_visits(session: Session, ids: Collection[int]) -> dict[int, list[ExpertPlace]]:
    """Return the experts who take part in many visits, by visit: they declared no interest, knowing the enterprise."""
    statement = sa.select(ExpertPlace).where(
        ExpertPlace.visit_id.in_(list(ids)), ExpertPlace.state == PlaceState.ACCEPTED
    )
    found: dict[int, list[ExpertPlace]] = {}
    for place in session.scalars(statement.order_by(ExpertPlace.need, ExpertPlace.id)):
        found.setdefault(place.visit_id, []).append(place)
    return found


def own_places(session: Session, viewer: Actor) -> Sequence[ExpertPlace]:
    """List an expert's own places on disclosed visits that take place, the next first."""
    if viewer.expert_id is None:
        return []
    statement = (
        sa.select(ExpertPlace)
        .join(Visit, Visit.id == ExpertPlace.visit_id)
        .where(
            ExpertPlace.expert_id == viewer.expert_id,
            ExpertPlace.state != PlaceState.REPLACED,
            Visit.state.not_in(FALLEN_AWAY),
            disclosed(),
        )
        .order_by(Visit.planned_on.desc(), ExpertPlace.id)
    )
    return session.scalars(statement).all()


def get_own_place(session: Session, viewer: Actor, place_id: int) -> ExpertPlace:
    """Return a place of the viewer, or refuse as if it did not exist."""
    found = next((one for one in own_places(session, viewer) if one.id == place_id), None)
    if found is None:
        raise NotFound
    return found


def list_waiting_for_value(session: Session, visit: Visit) -> Sequence[ExpertDraw]:
    """List the draws of experts for a visit that wait for another body's value."""
    return [one for one in list_of_visit(session, visit) if one.state is ExpertDrawState.FROZEN]


def lines_of(expert_draw: ExpertDraw) -> dict[str, int]:
    """Return who is who in a draw of experts: the register's number by the name in the list."""
    return {one["expert"]: int(one["id"]) for one in json.loads(expert_draw.mapping)["experts"]}


def ties_of(expert_draw: ExpertDraw) -> set[tuple[str, str]]:
    """Return (name in the list, unit) of whoever may not go there."""
    return {(one[0], one[1]) for one in json.loads(expert_draw.ties)["ties"]}
