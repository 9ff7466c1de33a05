"""Reading listings."""

from collections.abc import Iterator, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from punishments.credit_lists.models import Listing
from punishments.credit_lists.rules import ListingState
from punishments.penalties.models import Penalty
from supervision.departments.models import Department
from supervision.entities.models import Entity
from supervision.errors import Forbidden, NotFound
from supervision.listing import ListQuery, Page, load_page
from supervision.permissions import Actor, Permission


def get_listing(session: Session, viewer: Actor, listing_id: int) -> Listing:
    """Return the listing for people who may see punishments."""
    listing = session.get(Listing, listing_id)
    if listing is None or not viewer.may(Permission.PUNISHMENT_VIEW):
        raise NotFound
    return listing


def list_listings(session: Session, viewer: Actor, query: ListQuery, *, on: date) -> Page[Listing]:
    """List listings with search by number, party or document, filters by department and state on the day ``on``."""
    if not viewer.may(Permission.PUNISHMENT_VIEW):
        raise Forbidden("no-listings", "Your roles do not allow you to read listings.")
    statement = sa.select(Listing).join(Penalty, Listing.penalty_id == Penalty.id).join(Entity)
    if query.q:
        statement = statement.where(
            sa.or_(
                Listing.number.contains(query.q, autoescape=True),
                Entity.name.contains(query.q, autoescape=True),
                Penalty.document_number.contains(query.q, autoescape=True),
                Entity.unit_id == query.q.upper(),
            )
        )
    if code := query.filters.get("department"):
        statement = statement.where(Penalty.department_id.in_(sa.select(Department.id).where(Department.code == code)))
    for condition in _in_state(query.filters.get("state", ""), on):
        statement = statement.where(condition)
    return load_page(
        session,
        statement,
        query,
        tie_breaker=Listing.id,
        default_sort="-proposed_at",
        sorts={"proposed_at": Listing.proposed_at, "ends_on": Listing.ends_on, "entity": Entity.sort_key},
    )


def _in_state(state: str, on: date) -> Iterator[sa.ColumnElement[bool]]:
    if state == ListingState.IN_FORCE:
        yield running(on)
    elif state == ListingState.ENDED:
        yield sa.or_(Listing.state == ListingState.ENDED, run_out(on))
    elif state:
        yield Listing.state == ListingState(state)


def running(on: date | sa.BindParameter[date]) -> sa.ColumnElement[bool]:
    """Return the condition of a listing that is in force on a day, whether or not its end has been noted."""
    return sa.and_(Listing.state == ListingState.IN_FORCE, Listing.ends_on >= on)


def run_out(on: date) -> sa.ColumnElement[bool]:
    """Return the condition of a listing whose term has run out without its end being noted yet."""
    return sa.and_(Listing.state == ListingState.IN_FORCE, Listing.ends_on < on)


def list_run_out(session: Session, *, on: date) -> Sequence[Listing]:
    """List and lock the listings whose end is still to be noted."""
    return session.scalars(sa.select(Listing).where(run_out(on)).order_by(Listing.id).with_for_update(of=Listing)).all()


def list_of_penalty(session: Session, penalty_id: int) -> Sequence[Listing]:
    """List what was proposed or decided from one penalty, newest first."""
    statement = sa.select(Listing).where(Listing.penalty_id == penalty_id).order_by(Listing.id.desc())
    return session.scalars(statement).all()


def list_of_entity(session: Session, entity_id: int) -> Sequence[Listing]:
    """List all listings of an entity, newest first."""
    statement = sa.select(Listing).join(Penalty).where(Penalty.entity_id == entity_id)
    return session.scalars(statement.order_by(Listing.id.desc())).all()


# written down once: the public page of an entity asks it often
_IN_FORCE_OF_ENTITY = (
    sa.select(Listing)
    .join(Penalty)
    .where(Penalty.entity_id == sa.bindparam("entity_id"), running(sa.bindparam("on")))
    .order_by(Listing.starts_on.desc(), Listing.id)
)


def list_in_force_of_entity(session: Session, entity_id: int, *, on: date) -> Sequence[Listing]:
    """List the listings of an entity that are in force on a day: what the public may read."""
    return session.scalars(_IN_FORCE_OF_ENTITY, {"entity_id": entity_id, "on": on}).all()


def list_waiting(session: Session, viewer: Actor) -> Sequence[Listing]:
    """List the proposals that wait for the viewer's decision: those of the own department prepared by others."""
    if viewer.department_id is None or not viewer.may(Permission.LISTING_DECIDE):
        return []
    statement = (
        sa.select(Listing)
        .join(Penalty)
        .where(
            Listing.state == ListingState.PROPOSED,
            Penalty.department_id == viewer.department_id,
        )
        .order_by(Listing.proposed_at, Listing.id)
    )
    return [one for one in session.scalars(statement) if viewer.user_id not in one.prepared_by]


def list_next_steps(session: Session, viewer: Actor, *, on: date) -> Sequence[Listing]:
    """List the listings of the own department on which its lead can act: notice, statement, service of the decision."""
    if viewer.department_id is None or not viewer.may(Permission.PENALTY_EDIT):
        return []
    period_over = sa.and_(Listing.state == ListingState.NOTICED, Listing.statement_due_on < on)
    statement = (
        sa.select(Listing)
        .join(Penalty)
        .where(
            Penalty.department_id == viewer.department_id,
            sa.or_(Listing.state.in_((ListingState.INTENDED, ListingState.DECIDED)), period_over),
        )
        .order_by(Listing.proposed_at, Listing.id)
    )
    return session.scalars(statement).all()


def newest_serial(session: Session, prefix: str) -> int:
    """Return the highest serial number given under ``prefix``, 0 when none was."""
    newest = session.scalar(sa.select(sa.func.max(Listing.number)).where(Listing.number.startswith(prefix)))
    return int(newest.removeprefix(prefix)) if newest else 0
