"""An inspector's own work of today and this week, loaded in a handful of queries whatever its size."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.visits.models import Visit, VisitMember
from joint_inspections.visits.rules import OPEN_FOR_TEAM, MemberState, VisitKind, VisitState, week_end
from supervision import clock
from supervision.departments.models import Department
from supervision.entities.models import Entity
from supervision.inspectors.models import Inspector
from supervision.items.models import Item
from supervision.permissions import Actor, Permission
from supervision.plans.models import PlanItem, Task

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Body:
    """A department by its names."""

    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Duty:
    """An item to check, by its names."""

    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Mate:
    """Somebody on the team."""

    name: str
    department: Body
    lead: bool
    state: MemberState


@dataclass(frozen=True, slots=True)
class Assignment:
    """A visit as the card of an inspector shows it."""

    visit_id: int
    number: str | None
    kind: VisitKind
    state: VisitState
    own_state: MemberState
    leads: bool
    planned_on: date
    record_due_on: date | None
    entity_name: str
    address: str
    task_title: str
    team: tuple[Mate, ...]
    duties: tuple[tuple[Body, tuple[Duty, ...]], ...]


# Statements are written down once: an inspector opens this page many times a day, and building a statement takes
# longer than asking it.
_OWN_VISITS = (
    sa.select(
        Visit.id,
        Visit.number,
        Visit.kind,
        Visit.state,
        Visit.planned_on,
        Visit.record_due_on,
        VisitMember.state.label("own_state"),
        VisitMember.lead,
        Entity.name,
        Entity.address,
        Task.title,
        Task.plan_version_id,
    )
    .join(VisitMember, VisitMember.visit_id == Visit.id)
    .join(Entity, Entity.id == Visit.entity_id)
    .join(Task, Task.id == Visit.task_id)
    .where(
        VisitMember.inspector_id == sa.bindparam("inspector_id"),
        VisitMember.state != MemberState.REPLACED,
        Visit.state.in_(OPEN_FOR_TEAM),
        Visit.planned_on <= sa.bindparam("disclosed_until"),  # as queries.disclosed() has it
    )
    .order_by(Visit.planned_on, Visit.id)
    .limit(MOST_SHOWN)
)
_TEAMS = (
    sa.select(
        VisitMember.visit_id,
        VisitMember.lead,
        VisitMember.state,
        Inspector.name,
        Department.code,
        Department.name_zh,
        Department.name_en,
    )
    .join(Inspector, Inspector.id == VisitMember.inspector_id)
    .join(Department, Department.id == VisitMember.department_id)
    .where(
        VisitMember.visit_id.in_(sa.bindparam("visit_ids", expanding=True)),
        VisitMember.state != MemberState.REPLACED,
    )
    .order_by(VisitMember.lead.desc(), VisitMember.department_id, VisitMember.id)
)
_DUTIES = (
    sa.select(
        PlanItem.plan_version_id,
        Item.name_zh.label("item_zh"),
        Item.name_en.label("item_en"),
        Department.code,
        Department.name_zh,
        Department.name_en,
    )
    .join(Item, Item.id == PlanItem.item_id)
    .join(Department, Department.id == Item.department_id)
    .where(PlanItem.plan_version_id.in_(sa.bindparam("versions", expanding=True)))
    .order_by(PlanItem.position, Item.code)
)


def list_assignments(session: Session, viewer: Actor) -> list[Assignment]:
    """List the viewer's open visits up to the end of this week, earliest first. Later ones stay unknown."""
    if viewer.inspector_id is None or not viewer.may(Permission.VISIT_INSPECT):
        return []
    asked = {"inspector_id": viewer.inspector_id, "disclosed_until": week_end(clock.today())}
    rows = session.execute(_OWN_VISITS, asked).all()
    if not rows:
        return []
    teams = _teams(session, [row.id for row in rows])
    duties = _duties(session, {row.plan_version_id for row in rows})
    return [
        Assignment(
            visit_id=row.id,
            number=row.number,
            kind=row.kind,
            state=row.state,
            own_state=row.own_state,
            leads=row.lead,
            planned_on=row.planned_on,
            record_due_on=row.record_due_on,
            entity_name=row.name,
            address=row.address,
            task_title=row.title,
            team=tuple(teams[row.id]),
            duties=duties[row.plan_version_id],
        )
        for row in rows
    ]


def _teams(session: Session, visit_ids: list[int]) -> dict[int, list[Mate]]:
    rows = session.execute(_TEAMS, {"visit_ids": visit_ids})
    found: dict[int, list[Mate]] = defaultdict(list)
    for row in rows:
        found[row.visit_id].append(Mate(row.name, Body(row.code, row.name_zh, row.name_en), row.lead, row.state))
    return found


def _duties(session: Session, versions: set[int]) -> dict[int, tuple[tuple[Body, tuple[Duty, ...]], ...]]:
    rows = session.execute(_DUTIES, {"versions": sorted(versions)})
    grouped: dict[int, dict[Body, list[Duty]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        body = Body(row.code, row.name_zh, row.name_en)
        grouped[row.plan_version_id][body].append(Duty(row.item_zh, row.item_en))
    return {version: tuple((body, tuple(duties)) for body, duties in grouped[version].items()) for version in versions}
