"""Reading the register of experts, who assist and never count as inspectors (R-1.08)."""

from collections.abc import Sequence
from typing import Any  # select statements over any row type

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.departments.models import Department
from supervision.errors import NotFound
from supervision.inspectors.models import Expert
from supervision.inspectors.rules import InspectorStatus
from supervision.listing import ListQuery, Page, load_page
from supervision.permissions import Actor, Permission

_SORTS = {
    "name": Expert.sort_key,
    "organization": Expert.organization,
    "department": Expert.department_id,
    "engaged_until": Expert.engaged_until,
}


def get_expert(session: Session, expert_id: int) -> Expert:
    """Return the expert or refuse."""
    found = session.get(Expert, expert_id)
    if found is None:
        raise NotFound
    return found


def may_edit(viewer: Actor, expert: Expert) -> bool:
    """Say whether this viewer keeps this entry: the lead of the department that engaged the expert."""
    return viewer.may(Permission.INSPECTOR_EDIT) and viewer.department_id == expert.department_id


def list_experts(session: Session, query: ListQuery) -> Page[Expert]:
    """List experts by name, pinyin initials, organization or field; everybody with the registers sees them."""
    return load_page(session, _filtered(query), query, sorts=_SORTS, default_sort="name", tie_breaker=Expert.id)


def iterate_experts(session: Session, query: ListQuery) -> Sequence[Expert]:
    """Return all experts a list has found, for exports, in the list's order."""
    column = _SORTS.get(query.sort, Expert.sort_key)
    order = column.desc() if query.descending and query.sort in _SORTS else column.asc()
    found: Sequence[Expert] = session.scalars(_filtered(query).order_by(order, Expert.id)).all()
    return found


def _filtered(query: ListQuery) -> sa.Select[Any]:
    statement = sa.select(Expert)
    if query.q:
        parts = (Expert.name, Expert.organization, Expert.fields)
        initials = Expert.initials.startswith(query.q.lower(), autoescape=True)
        statement = statement.where(sa.or_(initials, *(one.contains(query.q, autoescape=True) for one in parts)))
    if code := query.filters.get("department"):
        departments = sa.select(Department.id).where(Department.code == code)
        statement = statement.where(Expert.department_id.in_(departments))
    if status := query.filters.get("status"):
        statement = statement.where(Expert.status == InspectorStatus(status))
    if engaged := query.filters.get("engaged"):
        running = Expert.engaged_until >= clock.today()
        statement = statement.where(running if engaged == "yes" else ~running)
    return statement
