"""Reading the measure list and the measures asked of departments."""

from collections.abc import Iterator, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from punishments.credit_lists.models import Listing
from punishments.measures.models import Measure, MeasureDefinition
from punishments.measures.rules import LIVING, MeasureState, applies_to
from punishments.penalties.models import Penalty
from supervision.departments.models import Department
from supervision.entities.models import Entity
from supervision.errors import Forbidden, NotFound
from supervision.listing import ListQuery, Page, load_page
from supervision.permissions import Actor, Permission


def list_definitions(session: Session, *, credit_list: str, on: date) -> list[MeasureDefinition]:
    """List the measures of the newest edition in force on a day that may follow ``credit_list`` (R-5.01)."""
    in_force = sa.and_(
        MeasureDefinition.effective_from <= on,
        sa.or_(MeasureDefinition.effective_until.is_(None), MeasureDefinition.effective_until >= on),
    )
    newest = sa.select(sa.func.max(MeasureDefinition.effective_from)).where(in_force).scalar_subquery()
    statement = (
        sa.select(MeasureDefinition)
        .where(in_force, MeasureDefinition.effective_from == newest)
        .order_by(MeasureDefinition.category_no, MeasureDefinition.code)
    )
    return [
        one
        for one in session.scalars(statement)
        if applies_to(triggers=one.triggers, target=one.target, credit_list=credit_list)
    ]


def get_definition(session: Session, definition_id: int) -> MeasureDefinition:
    """Return one measure of the list or refuse."""
    found = session.get(MeasureDefinition, definition_id)
    if found is None:
        raise NotFound
    return found


def get_measure(session: Session, viewer: Actor, measure_id: int) -> Measure:
    """Return the measure for people who may see punishments."""
    measure = session.get(Measure, measure_id)
    if measure is None or not viewer.may(Permission.PUNISHMENT_VIEW):
        raise NotFound
    return measure


def list_measures(session: Session, viewer: Actor, query: ListQuery, *, on: date) -> Page[Measure]:
    """List measures with search by party, listing or measure; filters by implementing department and state."""
    if not viewer.may(Permission.PUNISHMENT_VIEW):
        raise Forbidden("no-measures", "Your roles do not allow you to read measures.")
    statement = (
        sa.select(Measure)
        .join(Listing, Measure.listing_id == Listing.id)
        .join(Penalty, Listing.penalty_id == Penalty.id)
        .join(Entity, Penalty.entity_id == Entity.id)
        .join(MeasureDefinition, Measure.definition_id == MeasureDefinition.id)
    )
    if query.q:
        statement = statement.where(
            sa.or_(
                Entity.name.contains(query.q, autoescape=True),
                Entity.unit_id == query.q.upper(),
                Listing.number.contains(query.q, autoescape=True),
                MeasureDefinition.name_zh.contains(query.q, autoescape=True),
            )
        )
    if code := query.filters.get("department"):
        statement = statement.where(Measure.department_id.in_(sa.select(Department.id).where(Department.code == code)))
    for condition in _in_state(query.filters.get("state", ""), on):
        statement = statement.where(condition)
    return load_page(
        session,
        statement,
        query,
        tie_breaker=Measure.id,
        default_sort="-id",
        sorts={
            "id": Measure.id,
            "answer_due_on": Measure.answer_due_on,
            "ends_on": Measure.ends_on,
            "entity": Entity.sort_key,
        },
    )


def _in_state(state: str, on: date) -> Iterator[sa.ColumnElement[bool]]:
    run_out = sa.and_(Measure.state.in_(LIVING), Measure.ends_on < on)
    if state == MeasureState.LIFTED:
        yield sa.or_(Measure.state == MeasureState.LIFTED, run_out)
    elif state:
        yield Measure.state == MeasureState(state)
        yield sa.not_(run_out)


def list_of_listing(session: Session, listing_id: int) -> Sequence[Measure]:
    """List the measures of one listing."""
    return session.scalars(sa.select(Measure).where(Measure.listing_id == listing_id).order_by(Measure.id)).all()


def list_of_entity(session: Session, entity_id: int) -> Sequence[Measure]:
    """List the measures on an entity, newest first."""
    statement = (
        sa.select(Measure)
        .join(Listing, Measure.listing_id == Listing.id)
        .join(Penalty, Listing.penalty_id == Penalty.id)
        .where(Penalty.entity_id == entity_id, Measure.state.not_in((MeasureState.PROPOSED, MeasureState.DROPPED)))
        .order_by(Measure.id.desc())
    )
    return session.scalars(statement).all()


def list_waiting(session: Session, viewer: Actor, *, on: date) -> Sequence[Measure]:
    """List the measures that wait for the answer of the viewer's department, the most urgent first."""
    if viewer.department_id is None or not viewer.may(Permission.MEASURE_ANSWER):
        return []
    statement = (
        sa.select(Measure)
        .where(
            Measure.department_id == viewer.department_id,
            Measure.state == MeasureState.WAITING,
            Measure.ends_on >= on,
        )
        .order_by(Measure.answer_due_on, Measure.id)
    )
    return session.scalars(statement).all()
