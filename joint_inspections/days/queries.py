"""Which visits of which days somebody may see here: never more than their own pages of visits show (T13)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any  # columns of a statement

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload

from joint_inspections.days.models import EntityPoint
from joint_inspections.days.routing import Point
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import managed_by, on_team, visible_to
from joint_inspections.visits.rules import FALLEN_AWAY
from supervision.accounts.models import User
from supervision.departments.models import Department
from supervision.entities.models import Entity, SubDistrict
from supervision.errors import NotFound
from supervision.inspectors.models import Inspector
from supervision.inspectors.queries import may_see_details
from supervision.inspectors.rules import InspectorStatus
from supervision.permissions import Actor, Permission


def manages(viewer: Actor) -> bool:
    """Say whether somebody answers for visits of a department or the district, not only for their own."""
    return viewer.may(Permission.PLAN_VIEW) and viewer.may(Permission.VISIT_VIEW)


def get_inspector_of(session: Session, viewer: Actor, inspector_id: int | None) -> Inspector:
    """Return an inspector whose days concern the viewer, or refuse as if there were none."""
    found = session.get(Inspector, inspector_id) if inspector_id is not None else None
    if found is None or not may_see_details(viewer, found):
        raise NotFound
    return found


def list_inspectors_of(session: Session, viewer: Actor, department: Department) -> Sequence[Inspector]:
    """List the inspectors on duty of a department whose days concern the viewer, by name."""
    if not (viewer.sees_whole_district or viewer.department_id == department.id):
        raise NotFound
    statement = sa.select(Inspector).where(
        Inspector.department_id == department.id, Inspector.status == InspectorStatus.ACTIVE
    )
    return session.scalars(statement.order_by(Inspector.sort_key, Inspector.id)).all()


def seen_of(viewer: Actor, inspector: Inspector) -> sa.ColumnElement[bool]:
    """Return the condition on the visits of an inspector that the viewer may see: disclosed, and their business."""
    return sa.and_(on_team(inspector.id), visible_to(viewer))


def managed(viewer: Actor) -> sa.ColumnElement[bool]:
    """Return the condition on disclosed visits that the viewer answers for."""
    return sa.and_(visible_to(viewer), managed_by(viewer))


def list_visits(session: Session, *conditions: sa.ColumnElement[bool]) -> Sequence[Visit]:
    """List the visits that still take place, by day, each with its entity and team."""
    statement = (
        sa.select(Visit)
        .where(Visit.state.not_in(FALLEN_AWAY), *conditions)
        .options(joinedload(Visit.entity).joinedload(Entity.sub_district), lazyload(Visit.draw))
        .order_by(Visit.planned_on, Visit.id)
    )
    return session.scalars(statement).all()


def between(first: date, last: date) -> sa.ColumnElement[bool]:
    """Return the condition that a visit is planned on a day from ``first`` to ``last``."""
    return Visit.planned_on.between(first, last)


def places_of(session: Session, visits: Iterable[Visit]) -> dict[int, tuple[Point | None, bool]]:
    """Return by visit where its entity lies and whether that is its own place; else its sub-district's middle."""
    wanted = list(visits)
    own = points_of(session, {one.entity_id for one in wanted})
    return {
        one.id: (own[one.entity_id], True) if one.entity_id in own else (middle_of(one.entity.sub_district), False)
        for one in wanted
    }


def points_of(session: Session, entity_ids: Iterable[int]) -> dict[int, Point]:
    """Return the places of those of the entities whose place is known."""
    columns: Any = (EntityPoint.entity_id, EntityPoint.longitude, EntityPoint.latitude)
    rows = session.execute(sa.select(*columns).where(EntityPoint.entity_id.in_(set(entity_ids))))
    return {entity_id: Point(longitude, latitude) for entity_id, longitude, latitude in rows}


def middle_of(place: SubDistrict) -> Point | None:
    """Return about where a sub-district's middle lies, if the register says so."""
    if place.longitude is None or place.latitude is None:
        return None
    return Point(place.longitude, place.latitude)


def list_places(session: Session) -> Sequence[SubDistrict]:
    """List every sub-district with its place on the schematic square."""
    return session.scalars(sa.select(SubDistrict).order_by(SubDistrict.code)).all()


def users_of(session: Session, inspector_ids: Iterable[int]) -> dict[int, int]:
    """Return the active user of each inspector who has one."""
    statement = sa.select(User.inspector_id, User.id).where(User.inspector_id.in_(set(inspector_ids)), User.active)
    return {inspector_id: user_id for inspector_id, user_id in session.execute(statement) if inspector_id is not None}
