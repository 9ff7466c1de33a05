"""Counting ordered inspections, which stand in no figure of random ones: who ordered what, and what came of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from joint_inspections.codes.rules import Quarter
from joint_inspections.ordered.models import OrderedInspection
from joint_inspections.ordered.queries import visible_to
from joint_inspections.ordered.rules import GROUNDS, OrderedKind, OrderState
from joint_inspections.results.models import PublishedPart
from joint_inspections.results.queries import in_force
from supervision import clock
from supervision.departments.models import Department
from supervision.parameters.models import Reason
from supervision.parameters.queries import list_reasons
from supervision.permissions import Actor


@dataclass(frozen=True, slots=True)
class OrderedCount:
    """Orders of one quarter, leading department, kind and ground, counted by the names that :func:`_told` yields."""

    quarter: Quarter
    department: Department
    kind: OrderedKind
    ground: Reason
    counts: Counter[str]


def count_ordered(session: Session, viewer: Actor, *, year: int, department: str = "") -> list[OrderedCount]:
    """Count the orders given in a year, each once at the department that leads, as far as the viewer may know of them.

    Nothing is told of who asked for an inspection: a ground is a code of the list.
    """
    orders = _orders_of(session, viewer, year)
    results = _results(session, orders)
    sums: dict[tuple[Quarter, int, OrderedKind, str], Counter[str]] = {}
    bodies: dict[int, Department] = {}
    for one in orders:
        lead = one.departments[0]
        if department not in ("", lead.code):
            continue
        bodies[lead.id] = lead
        key = (Quarter.of(clock.local(one.ordered_at).date()), lead.id, one.kind, one.ground_code)
        sums.setdefault(key, Counter()).update(_told(one, results))
    grounds = {one.code: one for one in list_reasons(session, GROUNDS)}
    found = [
        OrderedCount(quarter, bodies[body], kind, grounds[ground], counts)
        for (quarter, body, kind, ground), counts in sums.items()
    ]
    kinds = list(OrderedKind)
    return sorted(
        found, key=lambda one: (one.quarter.number, one.department.code, kinds.index(one.kind), one.ground.code)
    )


def total(rows: Sequence[OrderedCount]) -> Counter[str]:
    """Add the rows up."""
    return sum((one.counts for one in rows), Counter())


def _orders_of(session: Session, viewer: Actor, year: int) -> Sequence[OrderedInspection]:
    given = OrderedInspection.ordered_at
    first, after = clock.begin_of(date(year, 1, 1)), clock.begin_of(date(year + 1, 1, 1))
    statement = sa.select(OrderedInspection).where(visible_to(viewer), given >= first, given < after)
    return session.scalars(
        statement.options(selectinload(OrderedInspection.visit).lazyload("*")).order_by(OrderedInspection.id)
    ).all()


def _results(session: Session, orders: Sequence[OrderedInspection]) -> dict[int, bool]:
    """Return, by visit with a published part in force, whether any department found a problem."""
    visits = {one.visit_id for one in orders if one.visit_id is not None}
    statement = sa.select(PublishedPart.visit_id, PublishedPart.has_problem).where(
        in_force(), PublishedPart.visit_id.in_(visits)
    )
    found: dict[int, bool] = {}
    for visit_id, problem in session.execute(statement):
        found[visit_id] = found.get(visit_id, False) or problem
    return found


def _told(order: OrderedInspection, results: dict[int, bool]) -> Iterator[str]:
    """Yield under which names an order counts."""
    yield "ordered"
    if order.urgent:
        yield "urgent"
        if _in_time(order):
            yield "in_time"
    if order.visit is not None and order.visit.visited_at is not None:
        yield "visited"
    if order.visit_id in results:
        yield "published"
        if results[order.visit_id]:
            yield "problem"
    if order.state in {OrderState.REFUSED, OrderState.CANCELLED}:
        yield order.state.value


def _in_time(order: OrderedInspection) -> bool:
    """Say whether the last word in writing on an urgent order and its team came by the deadline (R-3.11)."""
    visit = order.visit
    written = {one.department_id for one in order.approvals if one.agreed} >= {one.id for one in order.departments}
    if order.complete_by is None or visit is None or visit.approved_at is None or not written:
        return False
    last = max(visit.approved_at, *(one.decided_at for one in order.approvals))
    return clock.local(last).date() <= order.complete_by
