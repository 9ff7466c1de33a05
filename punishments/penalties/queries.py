"""Reading penalties."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any  # a select over joined rows

import sqlalchemy as sa
from sqlalchemy.orm import Session

from punishments.penalties.models import Penalty
from punishments.penalties.rules import ORDER_58_FROM as EARLIEST
from punishments.penalties.rules import (
    PenaltyState,
    Procedure,
    Publicity,
    Severity,
    is_published,
    publicity,
    regime_of,
    shown_on_public_pages,
    under_order_36,
)
from supervision.departments.models import Department
from supervision.entities.models import Entity
from supervision.errors import Forbidden, NotFound
from supervision.listing import ListQuery, Page, load_page
from supervision.parameters.queries import get_number
from supervision.permissions import Actor, Permission


def get_penalty(session: Session, viewer: Actor, penalty_id: int) -> Penalty:
    """Return the penalty; people without the right to see penalties learn nothing of it."""
    penalty = session.get(Penalty, penalty_id)
    if penalty is None or not viewer.may(Permission.PUNISHMENT_VIEW):
        raise NotFound
    return penalty


def list_penalties(session: Session, viewer: Actor, query: ListQuery) -> Page[Penalty]:
    """List penalties of all departments with search by document, entity, code or violation."""
    return load_page(
        session,
        _selected(viewer, query),
        query,
        tie_breaker=Penalty.id,
        default_sort="-decided_on",
        sorts={
            "decided_on": Penalty.decided_on,
            "document_number": Penalty.document_number,
            "entity": Entity.sort_key,
            "fine": Penalty.fine_fen,
            "public_until": Penalty.public_until,
        },
    )


def iterate_penalties(session: Session, viewer: Actor, query: ListQuery) -> Iterator[Penalty]:
    """Yield all penalties a list has, newest first, without holding them."""
    statement = _selected(viewer, query).order_by(Penalty.decided_on.desc(), Penalty.id)
    for penalty in session.scalars(statement.execution_options(yield_per=500)):
        yield penalty
        session.expunge(penalty)


def _selected(viewer: Actor, query: ListQuery) -> sa.Select[Any]:
    if not viewer.may(Permission.PUNISHMENT_VIEW):
        raise Forbidden("no-penalties", "Your roles do not allow you to read penalties.")
    statement = sa.select(Penalty).join(Entity, Penalty.entity_id == Entity.id)
    if query.q:
        statement = statement.where(
            sa.or_(
                Penalty.document_number.contains(query.q, autoescape=True),
                Penalty.violation_type.contains(query.q, autoescape=True),
                Entity.name.contains(query.q, autoescape=True),
                Entity.unit_id == query.q.upper(),
            )
        )
    for condition in _conditions(query):
        statement = statement.where(condition)
    return statement


def _conditions(query: ListQuery) -> Iterator[sa.ColumnElement[bool]]:
    filters = query.filters
    if code := filters.get("department"):
        yield Penalty.department_id.in_(sa.select(Department.id).where(Department.code == code))
    if severity := filters.get("severity"):
        yield Penalty.severity == Severity(severity)
    if state := filters.get("state"):
        yield Penalty.state == PenaltyState(state)
    if since := day_of(filters.get("since", "")):
        yield Penalty.decided_on >= since
    if until := day_of(filters.get("until", "")):
        yield Penalty.decided_on <= until


def day_of(text: str) -> date | None:
    """Return the day of an ISO date typed into an address, None when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def list_of_entity(session: Session, entity_id: int, *, limit: int = 50) -> Sequence[Penalty]:
    """List the penalties of an entity, newest first."""
    statement = sa.select(Penalty).where(Penalty.entity_id == entity_id)
    return session.scalars(statement.order_by(Penalty.decided_on.desc(), Penalty.id.desc()).limit(limit)).all()


# written down once: the public page of an entity asks it often
_PUBLIC_OF_ENTITY = (
    sa.select(Penalty)
    .where(
        Penalty.entity_id == sa.bindparam("entity_id"),
        Penalty.state == PenaltyState.IN_FORCE,
        Penalty.procedure == Procedure.ORDINARY,
        Penalty.public_from <= sa.bindparam("on"),
        Penalty.public_until >= sa.bindparam("on"),
    )
    .order_by(Penalty.decided_on.desc(), Penalty.id.desc())
)


def list_public_of_entity(session: Session, entity_id: int, *, on: date) -> list[Penalty]:
    """List the penalties of an entity that the public may read on a day (R-4.02, R-4.07)."""
    found = session.scalars(_PUBLIC_OF_ENTITY, {"entity_id": entity_id, "on": on})
    return [one for one in found if shown_on_public_pages(one.kinds, one.procedure)]


def compute_publicity(
    session: Session,
    *,
    decided_on: date,
    severity: Severity,
    kinds: Sequence[str],
    procedure: Procedure,
    safety_field: bool,
) -> Publicity:
    """Return the publicity period by the parameters in force on the day of the decision (R-4.06).

    Decisions older than Order 58 are treated as under it: their longest period has run out either way.
    """
    day = max(decided_on, EARLIEST)
    if under_order_36(decided_on):
        least, most = f"publicity-{severity.value}-min-months", f"publicity-{severity.value}-max-months"
    else:
        least = "publicity-58-safety-min-months" if safety_field else "publicity-58-min-months"
        most = "publicity-58-max-months"
    return publicity(
        decided_on=decided_on,
        published=is_published(severity, kinds, procedure, decided_on=decided_on),
        regime=regime_of(decided_on),
        least=get_number(session, least, on=day),
        most=get_number(session, most, on=day),
    )
