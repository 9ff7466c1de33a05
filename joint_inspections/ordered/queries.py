"""Reading orders. They are known to the bodies that go, to the coordinator and to oversight, and to nobody else."""

from collections.abc import Collection, Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from joint_inspections.ordered.knowledge import Often, how_often
from joint_inspections.ordered.models import OrderedApproval, OrderedInspection, OrderedParticipant
from joint_inspections.ordered.rules import OrderedKind, OrderState
from joint_inspections.visits.blinding import not_hidden
from joint_inspections.visits.models import Visit, VisitMember
from joint_inspections.visits.rules import FALLEN_AWAY
from supervision import clock
from supervision.departments.models import Department
from supervision.entities.models import Entity
from supervision.errors import NotFound
from supervision.items.models import Item
from supervision.items.queries import get_published_list
from supervision.listing import ListQuery, Page, load_page
from supervision.notifications.queries import actors_holding
from supervision.permissions import Actor, Permission

TOLD_DAYS = 7
Condition = sa.ColumnElement[bool]


def concerns(department_id: int | None) -> Condition:
    """Orders under which a department goes."""
    bodies = sa.select(OrderedParticipant.order_id).where(OrderedParticipant.department_id == department_id)
    return OrderedInspection.id.in_(bodies)


def visible_to(viewer: Actor) -> Condition:
    """Orders that the viewer may know of.

    A second look stays hidden from whoever must not see its first visit, and from the first team.
    """
    if not (viewer.may(Permission.PLAN_VIEW) and viewer.may(Permission.VISIT_VIEW)):
        return sa.false()
    concerned = sa.true() if viewer.sees_whole_district else concerns(viewer.department_id)
    own = sa.select(VisitMember.visit_id).where(VisitMember.inspector_id == viewer.inspector_id)
    looked_at = sa.and_(
        OrderedInspection.kind == OrderedKind.SECOND_LOOK,
        OrderedInspection.origin_visit_id.in_(own) if viewer.inspector_id is not None else sa.false(),
    )
    hidden = not_hidden(sa.func.coalesce(OrderedInspection.origin_visit_id, 0), viewer)
    return sa.and_(concerned, hidden, sa.not_(looked_at))


def get_order(session: Session, viewer: Actor, order_id: int) -> OrderedInspection:
    """Return the order, or refuse as if it did not exist."""
    found = session.scalar(sa.select(OrderedInspection).where(OrderedInspection.id == order_id, visible_to(viewer)))
    if found is None:
        raise NotFound
    return found


def may_see(session: Session, viewer: Actor, order: OrderedInspection) -> bool:
    """Say whether the viewer may open the page of an order."""
    seen = sa.select(OrderedInspection.id).where(OrderedInspection.id == order.id, visible_to(viewer))
    return session.scalar(seen) is not None


def get_order_for_change(session: Session, viewer: Actor, order_id: int) -> OrderedInspection:
    """Return the order as :func:`get_order` does and hold it, its visit first, as every step of a visit does."""
    order = get_order(session, viewer, order_id)
    if order.visit_id is not None:
        session.execute(sa.select(Visit.id).where(Visit.id == order.visit_id).with_for_update())
    session.execute(sa.select(OrderedInspection.id).where(OrderedInspection.id == order_id).with_for_update())
    if order.visit is not None:
        session.expire(order.visit)
    session.expire(order)
    return order


def order_of(session: Session, visit: Visit) -> OrderedInspection | None:
    """Return the order of a visit, if it has one."""
    return session.scalar(sa.select(OrderedInspection).where(OrderedInspection.visit_id == visit.id))


def orders_after(session: Session, viewer: Actor, visit: Visit) -> Sequence[OrderedInspection]:
    """List the orders by which a visit is looked at again, as far as the viewer may know of them."""
    statement = sa.select(OrderedInspection).where(OrderedInspection.origin_visit_id == visit.id, visible_to(viewer))
    return session.scalars(statement.order_by(OrderedInspection.id)).all()


def list_orders(session: Session, viewer: Actor, query: ListQuery) -> Page[OrderedInspection]:
    """List the orders with search, filters and sorting, newest first."""
    statement = (
        sa.select(OrderedInspection)
        .join(OrderedInspection.entity)
        .where(visible_to(viewer), *_filters(query))
        .options(selectinload(OrderedInspection.visit).lazyload("*"))
    )
    return load_page(
        session,
        statement,
        query,
        sorts={
            "number": OrderedInspection.number,
            "entity": Entity.sort_key,
            "planned_on": OrderedInspection.planned_on,
            "state": OrderedInspection.state,
            "complete_by": OrderedInspection.complete_by,
        },
        default_sort="-number",
        tie_breaker=OrderedInspection.id,
    )


def _filters(query: ListQuery) -> list[Condition]:
    found: list[Condition] = []
    if query.q:
        found.append(
            sa.or_(
                Entity.name.contains(query.q, autoescape=True),
                Entity.unit_id == query.q.upper(),
                OrderedInspection.number.startswith(query.q.upper(), autoescape=True),
            )
        )
    if kind := query.filters.get("kind"):
        found.append(OrderedInspection.kind == OrderedKind(kind))
    if state := query.filters.get("state"):
        found.append(OrderedInspection.state == OrderState(state))
    if ground := query.filters.get("ground"):
        found.append(OrderedInspection.ground_code == ground)
    if code := query.filters.get("department"):
        body = sa.select(Department.id).where(Department.code == code).scalar_subquery()
        bodies = sa.select(OrderedParticipant.order_id).where(OrderedParticipant.department_id == body)
        found.append(OrderedInspection.id.in_(bodies))
    if urgent := query.filters.get("urgent"):
        found.append(OrderedInspection.urgent.is_(True) if urgent == "yes" else late())
    return found


def incomplete() -> Condition:
    """Urgent orders under which something is not in writing yet: a head's word on the order, or on the team."""
    bodies = sa.select(OrderedParticipant.order_id).where(OrderedParticipant.order_id == OrderedInspection.id)
    said = OrderedParticipant.department_id.in_(_written())
    begun_or_not = sa.select(Visit.id).where(
        Visit.id == OrderedInspection.visit_id, Visit.approved_at.is_(None), Visit.state.not_in(FALLEN_AWAY)
    )
    open_order = bodies.where(sa.not_(said)).exists()
    return sa.and_(
        OrderedInspection.urgent.is_(True),
        OrderedInspection.state == OrderState.SENT,
        sa.or_(open_order, begun_or_not.exists()),
    )


def _written() -> sa.Select[int]:
    return sa.select(OrderedApproval.department_id).where(OrderedApproval.order_id == OrderedInspection.id)


def late() -> Condition:
    """Urgent orders that should stand in writing by now (R-3.11)."""
    return sa.and_(incomplete(), OrderedInspection.complete_by < clock.today())


def list_to_decide(session: Session, viewer: Actor, *, limit: int = 200) -> Sequence[OrderedInspection]:
    """List the orders on which the viewer's body has yet to say something in writing, urgent ones first."""
    if not viewer.may(Permission.PLAN_APPROVE):
        return []
    waiting = sa.or_(
        OrderedInspection.state == OrderState.WAITING,
        sa.and_(OrderedInspection.state == OrderState.SENT, OrderedInspection.urgent.is_(True)),
    )
    statement = (
        sa.select(OrderedInspection)
        .where(waiting, concerns(viewer.department_id), sa.literal(viewer.department_id).not_in(_written()))
        .where(visible_to(viewer))
        .order_by(OrderedInspection.urgent.desc(), OrderedInspection.planned_on, OrderedInspection.id)
        .limit(limit)
    )
    return session.scalars(statement).all()


def list_incomplete(session: Session, viewer: Actor, *, limit: int = 200) -> Sequence[OrderedInspection]:
    """List the urgent orders of the viewer's body that are not complete in writing, the most pressing first."""
    statement = (
        sa.select(OrderedInspection)
        .where(incomplete(), visible_to(viewer))
        .order_by(OrderedInspection.complete_by, OrderedInspection.id)
        .limit(limit)
    )
    return session.scalars(statement).all()


def list_ended(session: Session) -> Sequence[OrderedInspection]:
    """List the orders that were refused or cancelled in the last days."""
    since = clock.now() - timedelta(days=TOLD_DAYS)
    statement = sa.select(OrderedInspection).where(OrderedInspection.ended_at >= since)
    return session.scalars(statement.order_by(OrderedInspection.id)).all()


def often(session: Session, order: OrderedInspection) -> Often | None:
    """Return how the visit of an order stands beside others to the enterprise, if one is too many."""
    counted = how_often(session, order.entity_id, order.planned_on)
    return counted if counted is not None and counted.over else None


def list_heads(session: Session, department_id: int) -> list[Actor]:
    """List the heads of a department, who approve orally in an emergency."""
    return [one for one in actors_holding(session, Permission.PLAN_APPROVE) if one.department_id == department_id]


def list_orderable_items(session: Session, department_ids: Collection[int] | None = None) -> Sequence[Item]:
    """List the items of the list in force that can be ordered, of some departments or all (R-1.01)."""
    version = get_published_list(session)
    statement = sa.select(Item).where(Item.list_id == version.id, Item.suspended.is_(False))
    if department_ids is not None:
        statement = statement.where(Item.department_id.in_(department_ids))
    return session.scalars(statement.order_by(Item.department_id, Item.code)).all()


def items_again(session: Session, visit: Visit) -> list[Item]:
    """Return the items of a visit as the list in force has them now; what is off the list is not inspected again."""
    codes = {one.item.code for one in visit.plan_version.items}
    return [one for one in list_orderable_items(session) if one.code in codes]
