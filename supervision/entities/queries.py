"""Reading the register of entities and its code tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple  # columns of any type

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.audit.queries import list_history
from supervision.entities.code_tables import begins
from supervision.entities.models import Entity, EntityTag, EntityType, Industry, RiskClassRecord, SubDistrict, Tag
from supervision.entities.names import name_skeleton
from supervision.entities.rules import EntityStatus, RiskClass
from supervision.entities.search import Search, read_search
from supervision.errors import NotFound
from supervision.listing import COUNT_CAP, ListQuery, Page
from supervision.permissions import Actor, Permission

SUBJECT = "entity"
EXPORT_BATCH = 2000
DENSE = 2000
FIRST_PAGES = 5


class ListedEntity(NamedTuple):
    """One row of the register's list; the risk class is empty for who may not know it."""

    id: int
    unit_id: str
    uscc: str | None
    registration_number: str | None
    name: str
    type_code: str
    industry_code: str
    sub_district_code: str
    status: EntityStatus
    status_since: date
    registered_on: date
    low_touch: bool
    risk_class: RiskClass | None = None


class ScopedEntity(NamedTuple):
    """What a pool needs to know of an entity."""

    id: int
    unit_id: str
    type_code: str
    industry_code: str
    sub_district_code: str
    risk_class: RiskClass | None
    status: EntityStatus
    low_touch: bool


def get_entity(session: Session, entity_id: int) -> Entity:
    """Return the entity or refuse."""
    entity = session.get(Entity, entity_id)
    if entity is None:
        raise NotFound
    return entity


def find_by_unit(session: Session, unit_id: str) -> Entity | None:
    """Return the entity with this unit id."""
    return session.scalar(sa.select(Entity).where(Entity.unit_id == unit_id))


def find_by_uscc(session: Session, uscc: str) -> Entity | None:
    """Return the entity with this credit code."""
    return session.scalar(sa.select(Entity).where(Entity.uscc == uscc))


def find_by_registration_number(session: Session, number: str) -> Entity | None:
    """Return the entity with this registration number."""
    return session.scalar(sa.select(Entity).where(Entity.registration_number == number))


# the list ---------------------------------------------------------------------------------------------------------


def may_see_risk(viewer: Actor) -> bool:
    """Say whether the viewer knows of risk classes at all (R-2.01)."""
    return viewer.may(Permission.RISK_CLASS_VIEW)


def list_entities(session: Session, viewer: Actor, query: ListQuery) -> Page[Any]:
    """List entities as :class:`ListedEntity`-like rows, with search, filters and sorting.

    Filters: type, industry (section letter or any code that begins the entity's), sub_district, status, tag,
    low_touch (yes, no) and, for those who may know it, risk.
    """
    search, filters = read_search(session, query.q), _filters(query.filters, risk=may_see_risk(viewer))
    total = _count_found(session, search, filters)
    # a word of thousands of names: the register read in its own order fills a first page sooner than the index
    in_order = search.hits > DENSE and query.page <= FIRST_PAGES
    asked = sa.select(Entity.id).where(*filters, *(search.checks if in_order else search.conditions))
    # rows are opened only for what the page shows: an index may hold all that is asked
    shown = session.scalars(_ordered(asked, query).limit(query.size).offset(query.offset)).all()
    rows = {row.id: row for row in session.execute(_ROWS[may_see_risk(viewer)], {"ids": shown})} if shown else {}
    return Page([rows[one] for one in shown], min(total, COUNT_CAP), total > COUNT_CAP)


def _count_found(session: Session, search: Search, filters: list[sa.ColumnElement[bool]]) -> int:
    """Count up to one more than the cap, with as little reading as the search allows."""
    many = search.hits > COUNT_CAP
    if search.narrowing and not filters and (many or search.exact):
        return search.hits  # more than anybody pages through, or exactly so many
    conditions = search.checks if many else search.conditions
    narrowed = sa.select(Entity.id).where(*filters, *conditions).limit(COUNT_CAP + 1)
    return session.scalar(sa.select(sa.func.count()).select_from(narrowed.subquery())) or 0


def stream_entities(session: Session, viewer: Actor, query: ListQuery) -> Iterator[Any]:
    """Yield every row the list would show, page after page, with address and legal representative: for downloads."""
    conditions = _filters(query.filters, risk=may_see_risk(viewer)) + read_search(session, query.q).conditions
    columns = _columns(risk=may_see_risk(viewer))
    statement = sa.select(*columns, Entity.address, Entity.legal_representative).where(*conditions)
    yield from session.execute(_ordered(statement, query).execution_options(yield_per=EXPORT_BATCH))


def _columns(*, risk: bool) -> list[Any]:
    return [getattr(Entity, name) for name in ListedEntity._fields if name != "risk_class" or risk]


_ROWS = {
    risk: sa.select(*_columns(risk=risk)).where(Entity.id.in_(sa.bindparam("ids", expanding=True)))
    for risk in (True, False)
}


def _ordered(statement: sa.Select[Any], query: ListQuery) -> sa.Select[Any]:
    column = _sorts().get(query.sort, Entity.sort_key)
    descending = query.descending and query.sort in _sorts()
    return statement.order_by(column.desc() if descending else column.asc(), Entity.id)


def _sorts() -> dict[str, Any]:
    return {
        "name": Entity.sort_key,
        "unit_id": Entity.unit_id,
        "registered_on": Entity.registered_on,
        "status_since": Entity.status_since,
    }


def _filters(asked: Mapping[str, str], *, risk: bool) -> list[sa.ColumnElement[bool]]:
    conditions: dict[str, Any] = {
        "type": lambda code: Entity.type_code == code,
        "industry": lambda code: begins(Entity.industry_code, code),
        "sub_district": lambda code: Entity.sub_district_code == code,
        "status": lambda value: Entity.status == EntityStatus(value),
        "tag": lambda code: _tagged((code,)),
        "low_touch": lambda value: Entity.low_touch.is_(value == "yes"),
    }
    if risk:
        conditions["risk"] = lambda value: Entity.risk_class == RiskClass(value)
    return [conditions[name](value) for name, value in asked.items() if name in conditions and value]


def _tagged(codes: Iterable[str]) -> sa.ColumnElement[bool]:
    return Entity.id.in_(sa.select(EntityTag.entity_id).where(EntityTag.tag_code.in_(list(codes))))


# scopes of plans --------------------------------------------------------------------------------------------------


def select_in_scope(
    session: Session,
    *,
    industries: Iterable[str] = (),
    types: Iterable[str] = (),
    sub_districts: Iterable[str] = (),
    tags: Iterable[str] = (),
    risk_classes: Iterable[str] = (),
    permit_names: sa.Select[Any] | None = None,
) -> Iterator[ScopedEntity]:
    """Yield the entities of a plan's scope by unit id, whatever their status: who is left out needs a reason (R-1.11).

    An empty list sets no limit. ``industries`` hold codes of any level. ``permit_names`` is a select of the ids of
    entities that hold the permits named: permits live in a room further up.
    """
    statement = sa.select(*(getattr(Entity, name) for name in ScopedEntity._fields)).where(
        *_scope(
            industries=tuple(industries),
            types=tuple(types),
            sub_districts=tuple(sub_districts),
            tags=tuple(tags),
            risk_classes=tuple(risk_classes),
        )
    )
    if permit_names is not None:
        statement = statement.where(Entity.id.in_(permit_names))
    for row in session.execute(statement.order_by(Entity.unit_id).execution_options(yield_per=10_000)):
        yield ScopedEntity._make(row)


def _scope(
    *,
    industries: tuple[str, ...],
    types: tuple[str, ...],
    sub_districts: tuple[str, ...],
    tags: tuple[str, ...],
    risk_classes: tuple[str, ...],
) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if industries:
        conditions.append(sa.or_(*(begins(Entity.industry_code, code) for code in industries)))
    if types:
        conditions.append(Entity.type_code.in_(types))
    if sub_districts:
        conditions.append(Entity.sub_district_code.in_(sub_districts))
    if tags:
        conditions.append(_tagged(tags))
    if risk_classes:
        conditions.append(Entity.risk_class.in_([RiskClass(value) for value in risk_classes]))
    return conditions


# look-alike names -------------------------------------------------------------------------------------------------


def list_look_alikes(session: Session, name: str, *, except_id: int | None = None, limit: int = 10) -> Sequence[Entity]:
    """List entities whose name differs from ``name`` in nothing, or only in what the eye does not see."""
    statement = sa.select(Entity).where(Entity.skeleton == name_skeleton(name))
    if except_id is not None:
        statement = statement.where(Entity.id != except_id)
    return session.scalars(statement.order_by(Entity.id).limit(limit)).all()


def find_look_alikes(session: Session, names: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """Return for each of ``names`` the (unit id, name) of entities with a look-alike name; for previews of imports."""
    skeletons = {name: name_skeleton(name) for name in names}
    found: dict[str, list[tuple[str, str]]] = {}
    wanted = sorted(set(skeletons.values()))
    for start in range(0, len(wanted), EXPORT_BATCH):
        statement = sa.select(Entity.skeleton, Entity.unit_id, Entity.name)
        for row in session.execute(statement.where(Entity.skeleton.in_(wanted[start : start + EXPORT_BATCH]))):
            found.setdefault(row.skeleton, []).append((row.unit_id, row.name))
    return {name: sorted(found[skeleton]) for name, skeleton in skeletons.items() if skeleton in found}


# what belongs to one entity ---------------------------------------------------------------------------------------


def list_tags_of(session: Session, entity: Entity) -> Sequence[Tag]:
    """List the tags of an entity."""
    statement = sa.select(Tag).join(EntityTag, EntityTag.tag_code == Tag.code)
    return session.scalars(statement.where(EntityTag.entity_id == entity.id).order_by(Tag.code)).all()


def list_risk_classes(session: Session, viewer: Actor, entity: Entity) -> Sequence[RiskClassRecord]:
    """List the classes of an entity, newest first; nothing for who may not know them."""
    if not may_see_risk(viewer):
        return []
    statement = sa.select(RiskClassRecord).where(RiskClassRecord.entity_id == entity.id)
    return session.scalars(statement.order_by(RiskClassRecord.as_of.desc(), RiskClassRecord.id.desc())).all()


def list_changes(session: Session, viewer: Actor, entity: Entity) -> list[AuditEntry]:
    """List what was done to an entity, newest first, without risk classes for who may not know them."""
    history = list_history(session, SUBJECT, entity.id)
    return [entry for entry in history if may_see_risk(viewer) or entry.event is not Event.RISK_CLASS_SET]


# code tables ------------------------------------------------------------------------------------------------------


def list_industries(session: Session, *, level: int | None = None, up_to: int | None = None) -> Sequence[Industry]:
    """List industries by code: of one level (1 section, 2 division, 3 group, 4 class), or down to one."""
    statement = sa.select(Industry).order_by(Industry.code)
    if level is not None:
        statement = statement.where(Industry.level == level)
    if up_to is not None:
        statement = statement.where(Industry.level <= up_to)
    return session.scalars(statement).all()


def list_sub_districts(session: Session) -> Sequence[SubDistrict]:
    """List the sub-districts by code."""
    return session.scalars(sa.select(SubDistrict).order_by(SubDistrict.code)).all()


def list_types(session: Session) -> Sequence[EntityType]:
    """List the types of entity by code."""
    return session.scalars(sa.select(EntityType).order_by(EntityType.code)).all()


def list_tags(session: Session) -> Sequence[Tag]:
    """List the tags by code."""
    return session.scalars(sa.select(Tag).order_by(Tag.code)).all()
