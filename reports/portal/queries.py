"""Reading for the public pages what the rooms below publish (results have queries of their own)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.follow_ups.models import FollowUp, FollowUpChange
from joint_inspections.follow_ups.rules import TOLD
from joint_inspections.results.models import PartWithdrawal, PublishedPart
from punishments.credit_lists.queries import list_in_force_of_entity
from punishments.penalties.queries import list_public_of_entity as list_public_penalties
from reports.portal.facts import (
    DrawFacts,
    EntityFacts,
    ListingFacts,
    Named,
    PenaltyFacts,
    PlanFacts,
    draw_facts,
    entity_facts,
    listing_facts,
    named,
    penalty_facts,
    plan_facts,
)
from supervision.draws.models import Draw, LogLeaf
from supervision.draws.queries import list_overdue, list_public_draws
from supervision.draws.queries.witnesses import observers_of
from supervision.entities.models import Entity, EntityType, Industry, SubDistrict
from supervision.errors import NotFound
from supervision.listing import PAGE_SIZES, ListQuery, Page
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
    observers = observers_of(session, [one.id for one in page.items])
    facts = [draw_facts(one, overdue=one.id in overdue, observers=observers.get(one.id, ())) for one in page.items]
    return Page(facts, page.total, page.capped)


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


def get_entity(session: Session, unit_id: str) -> tuple[int, EntityFacts]:
    """Return the internal id and the public facts of an entity, or refuse."""
    row = session.execute(_ENTITY, {"unit_id": unit_id}).first()
    if row is None:
        raise NotFound
    kind, industry, sub_district = (Named(*map(str, row[place : place + 3])) for place in (5, 8, 11))
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
    moment = sa.func.coalesce(PartWithdrawal.withdrawn_at, PublishedPart.published_at)
    changed = sa.outerjoin(PublishedPart, PartWithdrawal, PartWithdrawal.part_id == PublishedPart.id)
    results = (session.scalar(sa.select(sa.func.max(moment)).select_from(changed)), _newest_follow_up(session))
    return {
        "plans": session.scalar(sa.select(sa.func.max(PlanVersion.published_at))),
        "draws": session.scalar(sa.select(sa.func.max(LogLeaf.at))),
        "results": max((one for one in results if one), default=None),
    }


def _newest_follow_up(session: Session) -> datetime | None:
    """Return when what the results say of follow-ups last changed; a deadline is no part of it."""
    published = sa.and_(
        PublishedPart.visit_id == FollowUp.visit_id, PublishedPart.department_id == FollowUp.department_id
    )
    changes = sa.select(sa.func.max(FollowUpChange.changed_at)).join(
        FollowUp, FollowUp.id == FollowUpChange.follow_up_id
    )
    told = FollowUpChange.step.in_(TOLD)
    return session.scalar(changes.where(told, sa.exists().where(published)))
