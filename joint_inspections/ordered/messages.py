"""Whom orders wait for; no message names an enterprise or a cause."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from joint_inspections.ordered.queries import list_ended, list_incomplete, list_to_decide
from supervision import clock
from supervision.labels import N_
from supervision.notifications.queries import actors_holding
from supervision.notifications.sources import Kind, Waiting
from supervision.permissions import Permission


def to_decide(session: Session) -> Iterator[Waiting]:
    """Orders on which a head has yet to decide."""
    for viewer in actors_holding(session, Permission.PLAN_APPROVE):
        for order in list_to_decide(session, viewer):
            if order.ordered_by != viewer.user_id:
                yield Waiting(viewer.user_id or 0, str(order.id), {"number": order.number}, {"order_id": order.id})


def to_complete(session: Session) -> Iterator[Waiting]:
    """Urgent orders whose papers are due, for leads and heads; told again on each day after the deadline."""
    today = clock.today()
    people = {one.user_id: one for held in HOLDERS for one in actors_holding(session, held)}
    for viewer in people.values():
        for order in list_incomplete(session, viewer):
            late = order.complete_by is not None and order.complete_by < today
            key = f"{order.id}-{today.isoformat()}" if late else str(order.id)
            values: dict[str, int | date | str] = {"number": order.number, "day": order.complete_by or today}
            yield Waiting(viewer.user_id or 0, key, values, {"order_id": order.id})


def ended(session: Session) -> Iterator[Waiting]:
    """Orders that a head refused or a lead took back in the last days, for who gave them."""
    for order in list_ended(session):
        if order.ordered_by is not None and order.ended_by != order.ordered_by:
            yield Waiting(order.ordered_by, str(order.id), {"number": order.number}, {"order_id": order.id})


HOLDERS = (Permission.PLAN_DRAFT, Permission.PLAN_APPROVE)
KINDS = (
    Kind(
        "order-to-decide",
        N_("Orders to inspect that wait for your decision"),
        N_("Order %(number)s to inspect waits for your decision."),
        "orders.show",
        to_decide,
        urgent=True,
    ),
    Kind(
        "order-to-complete",
        N_("Urgent inspections to complete in writing"),
        N_("The urgent order %(number)s is to be completed in writing by %(day)s."),
        "orders.show",
        to_complete,
        urgent=True,
    ),
    Kind(
        "order-ended",
        N_("Orders to inspect refused or cancelled"),
        N_("Your order %(number)s to inspect was refused or cancelled."),
        "orders.show",
        ended,
    ),
)
