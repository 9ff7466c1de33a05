"""Reading permits. A permit of an organisation is a public fact: everybody in business reads all of them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any  # select statements over any row type

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from supervision.departments.models import Department
from supervision.entities.models import Entity
from supervision.entities.rules import normalize_code
from supervision.errors import NotFound
from supervision.listing import ListQuery, Page, load_page
from supervision.permissions import Actor, Permission
from supervision.permits.models import Permit
from supervision.permits.rules import EXPIRES_SOON, PermitKind, PermitState, Standing, standing

EXPORT_BATCH = 1000
_SORTS: dict[str, Any] = {
    "entity": Entity.sort_key,
    "decided": Permit.decided_on,
    "until": Permit.valid_until,
    "certificate": Permit.certificate_name,
}


@dataclass(frozen=True, slots=True)
class PublicPermit:
    """What the public sees of a permit: fields named one by one, so that a new column stays inside."""

    certificate_name: str
    permit_number: str
    document_number: str
    kind: PermitKind
    authority_zh: str
    authority_en: str
    decided_on: date
    valid_from: date
    valid_until: date | None
    standing: Standing


def get_permit(session: Session, permit_id: int) -> Permit:
    """Return the permit with its entity, or refuse."""
    permit = session.get(Permit, permit_id, options=[joinedload(Permit.entity)])
    if permit is None:
        raise NotFound
    return permit


def find_by_document(session: Session, department_id: int, document_number: str) -> Permit | None:
    """Return the permit of a department by the number of its decision."""
    statement = sa.select(Permit).where(
        Permit.department_id == department_id, Permit.document_number == document_number
    )
    return session.scalar(statement)


def may_edit(viewer: Actor, permit: Permit) -> bool:
    """Say whether the viewer keeps this permit: the lead of the authority."""
    return viewer.may(Permission.PERMIT_EDIT) and viewer.department_id == permit.department_id


def standing_of(permit: Permit, *, on: date) -> Standing:
    """Return how the permit stands on a day."""
    return standing(permit.state, valid_from=permit.valid_from, valid_until=permit.valid_until, on=on)


def list_permits(session: Session, viewer: Actor, query: ListQuery, *, on: date) -> Page[Permit]:
    """List permits with search by number, certificate, entity or code, filters by authority, kind and standing."""
    return load_page(
        session,
        _filtered(viewer, query, on=on),
        query,
        sorts=_SORTS,
        default_sort="-decided",
        tie_breaker=Permit.id,
    )


def iterate_permits(session: Session, viewer: Actor, query: ListQuery, *, on: date) -> Iterator[Permit]:
    """Yield everything the list finds, in the list's order, for the download."""
    column = _SORTS.get(query.sort, Permit.decided_on)
    descending = query.descending or query.sort not in _SORTS
    ordered = _filtered(viewer, query, on=on).order_by(column.desc() if descending else column.asc(), Permit.id)
    yield from session.scalars(ordered.execution_options(yield_per=EXPORT_BATCH))


def _filtered(viewer: Actor, query: ListQuery, *, on: date) -> sa.Select[Any]:
    if not viewer.may(Permission.REGISTRY_VIEW):
        raise NotFound
    statement = sa.select(Permit).join(Permit.entity).options(contains_eager(Permit.entity))
    if text := query.q:
        like = [column.contains(text, autoescape=True) for column in (Entity.name, Permit.certificate_name)]
        exact = [column == text for column in (Permit.permit_number, Permit.document_number)]
        number = normalize_code(text)
        exact += [column == number for column in (Entity.uscc, Entity.registration_number, Entity.unit_id)]
        if text.isascii() and text.isalnum():
            like.append(Entity.initials.contains(text.lower(), autoescape=True))
        statement = statement.where(sa.or_(*like, *exact))
    if code := query.filters.get("department"):
        own = sa.select(Department.id).where(Department.code == code)
        statement = statement.where(Permit.department_id.in_(own))
    if kind := query.filters.get("kind"):
        statement = statement.where(Permit.kind == PermitKind(kind))
    if stands := query.filters.get("standing"):
        statement = statement.where(_stands(Standing(stands), on=on))
    return statement


def _stands(wanted: Standing, *, on: date) -> sa.ColumnElement[bool]:
    valid, until = Permit.state == PermitState.VALID, Permit.valid_until
    soon = on + EXPIRES_SOON
    begun = sa.and_(valid, Permit.valid_from <= on)
    conditions: dict[Standing, sa.ColumnElement[bool]] = {
        Standing.INVALID: Permit.state == PermitState.INVALID,
        Standing.NOT_YET: sa.and_(valid, Permit.valid_from > on),
        Standing.EXPIRED: sa.and_(begun, until < on),
        Standing.EXPIRING: sa.and_(begun, until >= on, until <= soon),
        Standing.VALID: sa.and_(begun, sa.or_(until.is_(None), until > soon)),
    }
    return conditions[wanted]


# written down once: the public page of an entity asks them often
_OF_ENTITY = (
    sa.select(Permit)
    .where(Permit.entity_id == sa.bindparam("entity_id"))
    .order_by(Permit.decided_on.desc(), Permit.id.desc())
)
_DECIDED_OF_ENTITY = _OF_ENTITY.where(Permit.decided_on <= sa.bindparam("on"))


def list_of_entity(session: Session, entity_id: int, *, public: bool, on: date | None = None) -> Sequence[Permit]:
    """List the permits of an entity, newest decision first; ``public`` leaves out those decided after ``on``."""
    if public and on is not None:
        return session.scalars(_DECIDED_OF_ENTITY, {"entity_id": entity_id, "on": on}).all()
    return session.scalars(_OF_ENTITY, {"entity_id": entity_id}).all()


def list_public_of_entity(session: Session, entity_id: int, *, on: date) -> list[PublicPermit]:
    """List what the public sees of an entity's permits (R-4.01)."""
    return [_published(permit, on=on) for permit in list_of_entity(session, entity_id, public=True, on=on)]


def _published(permit: Permit, *, on: date) -> PublicPermit:
    return PublicPermit(
        certificate_name=permit.certificate_name,
        permit_number=permit.permit_number,
        document_number=permit.document_number,
        kind=permit.kind,
        authority_zh=permit.department.name_zh,
        authority_en=permit.department.name_en,
        decided_on=permit.decided_on,
        valid_from=permit.valid_from,
        valid_until=permit.valid_until,
        standing=standing_of(permit, on=on),
    )


def entity_ids_with_permit(names: Collection[str], *, on: date) -> sa.Select[int]:
    """Select the entities that hold, on day ``on``, a valid permit by one of these certificate names."""
    return sa.select(Permit.entity_id).where(
        Permit.certificate_name.in_(sorted(names)),
        Permit.state == PermitState.VALID,
        Permit.valid_from <= on,
        sa.or_(Permit.valid_until.is_(None), Permit.valid_until >= on),
    )


def list_certificate_names(session: Session, *, most: int = 100) -> Sequence[str]:
    """List the certificate names on record, for filters."""
    names = sa.select(Permit.certificate_name).distinct().order_by(Permit.certificate_name).limit(most)
    return session.scalars(names).all()
