"""Reading for the public pages what the rooms below publish; lists of results with one filter more than theirs."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar  # a select over publications

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from joint_inspections.results.models import Publication, Withdrawal
from joint_inspections.visits.models import Visit
from punishments.credit_lists.queries import list_in_force_of_entity
from punishments.penalties.queries import day_of
from punishments.penalties.queries import list_public_of_entity as list_public_penalties
from reports.portal.facts import (
    DrawFacts,
    EntityFacts,
    ListingFacts,
    Named,
    PenaltyFacts,
    PlanFacts,
    ResultFacts,
    draw_facts,
    entity_facts,
    listing_facts,
    named,
    penalty_facts,
    plan_facts,
    result_facts,
)
from supervision.draws.models import Draw, LogLeaf
from supervision.draws.queries import list_overdue, list_public_draws
from supervision.entities.models import Entity, EntityType, Industry, SubDistrict
from supervision.errors import NotFound
from supervision.items.models import ResultCode
from supervision.listing import PAGE_SIZES, ListQuery, Page, load_page
from supervision.plans.models import Plan, PlanVersion, Task
from supervision.plans.progress import counts
from supervision.plans.queries import list_published_plans

T = TypeVar("T")


# plans


def list_plans(session: Session, query: ListQuery) -> Page[PlanFacts]:
    """List the published plans with their counts."""
    page = list_published_plans(session, query)
    return Page(counted_plans(session, list(page.items)), page.total, page.capped)


def counted_plans(session: Session, versions: list[PlanVersion]) -> list[PlanFacts]:
    """Return the facts of these versions with what was drawn, visited and published under their plans."""
    found = counts(session, [one.plan_id for one in versions])
    return [plan_facts(one, [value for (plan, _), value in found.items() if plan == one.plan_id]) for one in versions]


# draws


def list_draws(session: Session, query: ListQuery) -> Page[DrawFacts]:
    """List the draws as the public knows them."""
    page, overdue = list_public_draws(session, query), {draw.id for draw in list_overdue(session)}
    return Page([draw_facts(one, overdue=one.id in overdue) for one in page.items], page.total, page.capped)


def is_overdue(session: Session, number: str) -> bool:
    """Say whether a draw is still sealed although its window has ended."""
    return any(draw.number == number for draw in list_overdue(session))


def find_draw(session: Session, number: str) -> Draw | None:
    """Return the draw with this number."""
    return session.scalar(sa.select(Draw).where(Draw.number == number))


def list_draws_of_plan(session: Session, number: str) -> list[DrawFacts]:
    """List the draws under one plan, newest first."""
    statement = (
        sa.select(Draw)
        .join(Task, Task.id == Draw.task_id)
        .join(PlanVersion, PlanVersion.id == Task.plan_version_id)
        .join(Plan, Plan.id == PlanVersion.plan_id)
        .where(Plan.number == number)
        .order_by(Draw.id.desc())
    )
    overdue = {draw.id for draw in list_overdue(session)}
    return [draw_facts(one, overdue=one.id in overdue) for one in session.scalars(statement)]


# results


def list_results(session: Session, query: ListQuery) -> Page[ResultFacts]:
    """List the newest version of every published result: search, filters and sorting of the public list."""
    page = load_page(
        session,
        _results(query),
        query,
        sorts={
            "published_at": Publication.published_at,
            "visited_on": Publication.visited_on,
            "entity": Publication.entity_name,
        },
        default_sort="-published_at",
        tie_breaker=Publication.id,
    )
    return Page([result_facts(one) for one in page.items], page.total, page.capped)


def iterate_results(session: Session, query: ListQuery) -> Iterator[ResultFacts]:
    """Yield everything the list has, newest first."""
    statement = _results(query).order_by(Publication.published_at.desc(), Publication.id)
    for publication in session.scalars(statement.execution_options(yield_per=500)):
        yield result_facts(publication)
        session.expunge(publication)


_Newer = aliased(Publication)
_NEWEST_ONLY = ~sa.exists().where(_Newer.visit_id == Publication.visit_id, _Newer.version_no > Publication.version_no)


def newest_only() -> sa.ColumnElement[bool]:
    """Return the condition of a version that none has replaced."""
    return _NEWEST_ONLY


def in_force() -> sa.ColumnElement[bool]:
    """Return the condition of a version that is neither replaced nor withdrawn."""
    return sa.and_(newest_only(), Publication.id.not_in(sa.select(Withdrawal.publication_id)))


def _results(query: ListQuery) -> sa.Select[Any]:
    statement = sa.select(Publication).where(newest_only())
    if query.q:
        statement = statement.where(
            sa.or_(
                Publication.entity_name.contains(query.q, autoescape=True),
                Publication.number == query.q,
                Publication.content.contains(f'"unit_id":"{query.q.upper()}"', autoescape=True),
            )
        )
    for condition in _conditions(query):
        statement = statement.where(condition)
    return statement


def _conditions(query: ListQuery) -> Iterator[sa.ColumnElement[bool]]:
    # the snapshot is canonical JSON with sorted keys, so a department or a result stands in it in one form only
    if code := query.filters.get("department"):
        yield Publication.content.contains(f'{{"code":"{code}","items":', autoescape=True)
    if code := query.filters.get("result"):
        yield Publication.content.contains(f'{{"code":"{code}","en":', autoescape=True)
        yield in_force()
    if problem := query.filters.get("problem"):
        yield Publication.has_problem.is_(problem == "yes")
        yield in_force()
    if since := day_of(query.filters.get("since", "")):
        yield Publication.visited_on >= since
    if until := day_of(query.filters.get("until", "")):
        yield Publication.visited_on <= until


def publish_due_on(session: Session, number: str) -> tuple[date | None, datetime | None]:
    """Return the last day to publish the visit with this number, and when it was first published."""
    row = session.execute(
        sa.select(Visit.publish_due_on, Visit.published_at)
        .join(Publication, Publication.visit_id == Visit.id)
        .where(Publication.number == number)
        .limit(1)
    ).first()
    return (row.publish_due_on, row.published_at) if row else (None, None)


def list_result_words(session: Session) -> list[Named]:
    """List the wordings of results in their official order."""
    rows = session.scalars(sa.select(ResultCode).order_by(ResultCode.position, ResultCode.code))
    return [named(one) for one in rows]


# entities


# statements written down once: the page of an entity is opened often, and building them takes longer than asking them
_ENTITY = (
    sa.select(
        Entity.id, Entity.unit_id, Entity.name, Entity.status, Entity.status_since,
        EntityType.code, EntityType.name_zh, EntityType.name_en,
        Industry.code, Industry.name_zh, Industry.name_en,
        SubDistrict.code, SubDistrict.name_zh, SubDistrict.name_en,
    )
    .join(EntityType, EntityType.code == Entity.type_code)
    .join(Industry, Industry.code == Entity.industry_code)
    .join(SubDistrict, SubDistrict.code == Entity.sub_district_code)
    .where(Entity.unit_id == sa.bindparam("unit_id"))
)  # fmt: skip
_RESULTS = (
    sa.select(Publication)
    .where(Publication.entity_id == sa.bindparam("entity_id"), _NEWEST_ONLY)
    .order_by(Publication.visited_on.desc(), Publication.id.desc())
    .limit(100)
)


def get_entity(session: Session, unit_id: str) -> tuple[int, EntityFacts]:
    """Return the internal id and the public facts of an entity, or refuse."""
    row = session.execute(_ENTITY, {"unit_id": unit_id}).first()
    if row is None:
        raise NotFound
    kind, industry, sub_district = (Named(*row[place : place + 3]) for place in (5, 8, 11))
    return row.id, entity_facts(row, kind=kind, industry=industry, sub_district=sub_district)


def list_types(session: Session) -> dict[str, Named]:
    """Return the types of entities by code."""
    return {one.code: named(one) for one in session.scalars(sa.select(EntityType))}


def list_sub_districts(session: Session) -> dict[str, Named]:
    """Return the sub-districts by code."""
    return {one.code: named(one) for one in session.scalars(sa.select(SubDistrict))}


def list_penalties_of(session: Session, entity_id: int, *, on: date) -> list[PenaltyFacts]:
    """List the penalties of an entity that are in their publicity period."""
    return [penalty_facts(one) for one in list_public_penalties(session, entity_id, on=on)]


def list_listings_of(session: Session, entity_id: int, *, on: date) -> list[ListingFacts]:
    """List the listings of an entity in force."""
    return [listing_facts(one) for one in list_in_force_of_entity(session, entity_id, on=on)]


def list_results_of(session: Session, entity_id: int) -> list[ResultFacts]:
    """List the published results of an entity, newest visit first."""
    return [result_facts(one) for one in session.scalars(_RESULTS, {"entity_id": entity_id})]


# all of a list, and how fresh it is


def iterate(read: Callable[[Session, ListQuery], Page[T]], session: Session, query: ListQuery) -> Iterator[T]:
    """Yield every row of a paged list."""
    number = 1
    while True:
        page = read(session, replace(query, page=number, size=PAGE_SIZES[-1]))
        yield from page.items
        if len(page.items) < PAGE_SIZES[-1]:
            return
        number += 1


def newest_change(session: Session) -> dict[str, datetime | None]:
    """Return when plans, draws and results last changed."""
    return {
        "plans": session.scalar(sa.select(sa.func.max(PlanVersion.published_at))),
        "draws": session.scalar(sa.select(sa.func.max(LogLeaf.at))),
        "results": session.scalar(
            sa.select(sa.func.max(sa.func.coalesce(Withdrawal.withdrawn_at, Publication.published_at))).select_from(
                sa.outerjoin(Publication, Withdrawal, Withdrawal.publication_id == Publication.id)
            )
        ),
    }
