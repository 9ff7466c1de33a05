"""Reading follow-ups: the register of open ones, one with its history, and how they read in public."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any  # columns of any type

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload

from joint_inspections.follow_ups.models import FollowUp, FollowUpChange
from joint_inspections.follow_ups.rules import FollowUpEnding, FollowUpState, FollowUpStep
from joint_inspections.records.rules import Disposal
from joint_inspections.visits.blinding import not_hidden
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import of_department
from supervision import clock
from supervision.departments.models import Department
from supervision.entities.models import Entity
from supervision.errors import NotFound
from supervision.items.models import Item
from supervision.listing import ListQuery, Page, load_page
from supervision.permissions import Actor, Permission

EXPORT_BATCH = 500
# by when the next step is due, whoever takes it
NEXT_DUE = sa.func.coalesce(FollowUp.step_due_on, FollowUp.round_due_on, FollowUp.due_on)
_SORTS: dict[str, Any] = {"due": NEXT_DUE, "entity": Entity.sort_key, "department": FollowUp.department_id}
Condition = sa.ColumnElement[bool]


def visible_to(viewer: Actor) -> Condition:
    """Follow-ups of joint and own work, for those who see plans; of the whole district for those who look across."""
    if not viewer.may(Permission.PLAN_VIEW):
        return sa.false()
    if viewer.sees_whole_district:
        return sa.true()
    joint = FollowUp.visit_id.in_(sa.select(Visit.id).where(of_department(viewer.department_id)))
    own = sa.or_(FollowUp.department_id == viewer.department_id, joint)
    return sa.and_(own, not_hidden(FollowUp.visit_id, viewer))


def _overdue() -> Condition:
    return sa.and_(FollowUp.state == FollowUpState.OPEN, clock.today() > NEXT_DUE)


def _moved_late() -> Condition:
    """Follow-ups whose deadline was moved although it had passed: the coordinator looks at these."""
    return FollowUp.id.in_(
        sa.select(FollowUpChange.follow_up_id).where(
            FollowUpChange.step == FollowUpStep.DEADLINE_MOVED, FollowUpChange.overdue
        )
    )


def list_follow_ups(session: Session, viewer: Actor, query: ListQuery) -> Page[FollowUp]:
    """List follow-ups, the one due first at the top.

    Search by entity or visit number; filters state, kind, department (code), overdue and moved ("yes").
    """
    return load_page(
        session, _selected(viewer, query), query, sorts=_SORTS, default_sort="due", tie_breaker=FollowUp.id
    )


def iterate_follow_ups(session: Session, viewer: Actor, query: ListQuery) -> Iterator[FollowUp]:
    """Yield everything the list finds in its order, for the download."""
    column = _SORTS.get(query.sort, _SORTS["due"])
    ordered = column.desc() if query.sort in _SORTS and query.descending else column.asc()
    statement = _selected(viewer, query).order_by(ordered, FollowUp.id)
    yield from session.scalars(statement.execution_options(yield_per=EXPORT_BATCH))


def _selected(viewer: Actor, query: ListQuery) -> sa.Select[Any]:
    joined = sa.select(FollowUp).join(FollowUp.visit).join(Visit.entity)
    visit = joinedload(FollowUp.visit)
    return joined.where(visible_to(viewer), *_filters(query)).options(
        visit.joinedload(Visit.entity), visit.lazyload(Visit.members)
    )


def _filters(query: ListQuery) -> list[Condition]:
    found: list[Condition] = []
    if query.q:
        named = Entity.name.contains(query.q, autoescape=True)
        found.append(sa.or_(named, Entity.unit_id == query.q.upper(), Visit.number == query.q))
    if state := query.filters.get("state"):
        found.append(FollowUp.state == FollowUpState(state))
    if kind := query.filters.get("kind"):
        found.append(FollowUp.kind == Disposal(kind))
    if code := query.filters.get("department"):
        found.append(FollowUp.department_id.in_(sa.select(Department.id).where(Department.code == code)))
    if query.filters.get("mark") == "overdue":
        found.append(_overdue())
    if query.filters.get("mark") == "moved":
        found.append(_moved_late())
    return found


def get_follow_up(session: Session, viewer: Actor, follow_up_id: int) -> FollowUp:
    """Return the follow-up, or refuse as if it did not exist."""
    found = session.scalar(sa.select(FollowUp).where(FollowUp.id == follow_up_id, visible_to(viewer)))
    if found is None:
        raise NotFound
    return found


def get_for_change(session: Session, viewer: Actor, follow_up_id: int) -> FollowUp:
    """Return the follow-up as :func:`get_follow_up` does and hold its row, so that no step is taken twice."""
    session.execute(sa.select(FollowUp.id).where(FollowUp.id == follow_up_id).with_for_update())
    found = get_follow_up(session, viewer, follow_up_id)
    session.refresh(found)
    return found


def list_changes(session: Session, follow_up: FollowUp) -> Sequence[FollowUpChange]:
    """List what was done to a follow-up, newest first."""
    statement = (
        sa.select(FollowUpChange).where(FollowUpChange.follow_up_id == follow_up.id).order_by(FollowUpChange.id.desc())
    )
    return session.scalars(statement).unique().all()


def list_of_visit(session: Session, visit_id: int) -> Sequence[FollowUp]:
    """List the follow-ups of a visit."""
    statement = sa.select(FollowUp).where(FollowUp.visit_id == visit_id).order_by(FollowUp.id)
    return session.scalars(statement.options(lazyload(FollowUp.visit))).all()


@dataclass(frozen=True, slots=True)
class OpenCounts:
    """Follow-ups of a department, or of all: still open, and past their deadline."""

    open: int
    overdue: int


def count_open(session: Session, viewer: Actor) -> OpenCounts:
    """Count the open follow-ups of the viewer's department; of all departments for those who look across."""
    scope = sa.true() if viewer.sees_whole_district else FollowUp.department_id == viewer.department_id
    row = session.execute(
        sa.select(sa.func.count(), sa.func.count().filter(_overdue()))
        .select_from(FollowUp)
        .where(scope, FollowUp.state == FollowUpState.OPEN)
    ).one()
    return OpenCounts(*row)


Standings = Mapping[tuple[int, str], Sequence[tuple[str, FollowUpState, FollowUpEnding | None]]]


# written down once: public pages ask it often
_STANDINGS = (
    sa.select(FollowUp.visit_id, Department.code, Item.code, FollowUp.state, FollowUp.ending)
    .join(FollowUp.department)
    .join(FollowUp.item)
    .where(FollowUp.visit_id.in_(sa.bindparam("visit_ids", expanding=True)))
    .order_by(FollowUp.id)
)


def load_standings(session: Session, visit_ids: Collection[int]) -> Standings:
    """Return by visit and department code how the follow-up of each item stands: (item code, state, ending)."""
    found: dict[tuple[int, str], list[tuple[str, FollowUpState, FollowUpEnding | None]]] = defaultdict(list)
    for visit_id, department, item, state, ending in session.execute(_STANDINGS, {"visit_ids": list(visit_ids)}):
        found[visit_id, department].append((item, state, ending))
    return found
