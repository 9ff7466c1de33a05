"""Demonstration: inspections ordered for a cause: one public, one urgent and open, one re-inspection waiting."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from joint_inspections.demo import Writer
from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.ordered.deciding import decide_order
from joint_inspections.ordered.models import OrderedInspection
from joint_inspections.ordered.queries import list_orderable_items
from joint_inspections.ordered.rules import OrderedKind
from joint_inspections.ordered.services import Oral, order_again, order_inspection
from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.demo.office import LEAD, Office, office_hour
from supervision.demo.registry import Demo
from supervision.entities.models import Entity
from supervision.entities.rules import EntityStatus
from supervision.errors import RuleBroken
from supervision.items.models import Item
from supervision.permissions import Actor
from supervision.workdays.queries import get_calendar

DONE_DAYS_AGO = 12
WITH_FIRE = ("scjg", "xfjy")


def load(demo: Demo) -> None:
    """Give three orders, each at another point of its life."""
    demo.session.expire_all()
    office, writer = Office(demo), Writer(demo)
    entities = _entities(demo)
    if len(entities) > 1:
        _done(demo, office, writer, entities[0])
        with clock.at(office_hour(demo.today)):
            _urgent(demo, office, entities[1])
    with clock.at(office_hour(demo.today)):
        _again(demo, office)


def _entities(demo: Demo) -> list[Entity]:
    """Two enterprises in business, the same for the same seed."""
    ids = demo.session.scalars(
        sa.select(Entity.id).where(Entity.status == EntityStatus.ACTIVE, Entity.industry_code.startswith("H"))
    )
    known = sorted(ids)
    chosen = demo.random("orders").sample(known, min(2, len(known)))
    return [demo.session.get_one(Entity, one) for one in chosen]


def _order(
    demo: Demo, office: Office, entity: Entity, bodies: Sequence[str], *, day: date, **values: object
) -> OrderedInspection | None:
    """Order the first item of each department for which there are people to send; None where there are too few."""
    heads = [office.head(code) for code in bodies]
    fitting = [one for one in list_orderable_items(demo.session) if _applies(one, entity)]
    for place in range(len(fitting)):
        items = [own[place % len(own)] for head in heads if (own := _own(fitting, head))]
        if len(items) < len(heads):
            return None
        try:
            with demo.session.begin_nested():
                return order_inspection(
                    demo.session,
                    kind=OrderedKind.TRIGGERED,
                    entity_id=entity.id,
                    item_ids=[one.id for one in items],
                    participants=[one.department_id for one in items],
                    planned_on=day,
                    region=demo.district_code,
                    actor=office.lead(LEAD),
                    **values,  # type: ignore[arg-type]
                )
        except RuleBroken:
            continue
    return None


def _own(items: Sequence[Item], head: Actor) -> list[Item]:
    return [one for one in items if one.department_id == head.department_id]


def _applies(item: Item, entity: Entity) -> bool:
    return not item.industries or entity.industry_code.startswith(tuple(item.industries))


def _done(demo: Demo, office: Office, writer: Writer, entity: Entity) -> None:
    """A complaint of two weeks ago, looked into and published."""
    day, calendar = demo.today - timedelta(days=DONE_DAYS_AGO), get_calendar(demo.session)
    while not calendar.is_workday(day):
        day -= timedelta(days=1)
    with clock.at(datetime.combine(day, time(8), clock.SHANGHAI)):
        order = _order(
            demo, office, entity, (LEAD,), day=day, ground_code="complaint",
            facts="反映后厨生熟食品混放、从业人员未戴口罩，请核查食品加工操作情况。",
        )  # fmt: skip
        if order is None:
            return
        decide_order(demo.session, order, agreed=True, note="", actor=office.head(LEAD))
    prefix = f"{demo.district_code}-{day:%Y%m%d}-"
    numbered = sa.select(sa.func.count()).select_from(Visit).where(Visit.number.startswith(prefix))
    writer.serials[day] = demo.session.scalar(numbered) or 0
    if order.visit is not None:
        writer.finish(order.visit, lambda code: office.lead(code.lower()))


def _urgent(demo: Demo, office: Office, entity: Entity) -> None:
    """Danger reported this morning: the team is on its way, nothing is in writing yet."""
    head = office.head(LEAD)
    oral = Oral(head.user_id or 0, clock.now() - timedelta(minutes=20))
    for bodies in (WITH_FIRE, (LEAD,)):
        order = _order(
            demo, office, entity, bodies, day=clock.today(), ground_code="accident", urgent=True, oral=oral,
            facts="燃气软管破损并有气味，须立即核查用气和消防安全。",
        )  # fmt: skip
        if order is not None:
            return


def _again(demo: Demo, office: Office) -> None:
    """A problem of a past visit is to be looked at again; the head has yet to approve."""
    lead, calendar = office.lead(LEAD), get_calendar(demo.session)
    statement = (
        sa.select(FollowUp).where(FollowUp.department_id == lead.department_id).order_by(FollowUp.id.desc()).limit(5)
    )
    day = demo.today + timedelta(days=1)
    while not calendar.is_workday(day):
        day += timedelta(days=1)
    for follow_up in demo.session.scalars(statement).all():
        try:
            with demo.session.begin_nested():
                order_again(
                    demo.session,
                    follow_up.visit,
                    department_ids=[follow_up.department_id],
                    item_codes=[follow_up.item.code],
                    facts=f"核查整改情况：{follow_up.problem}",
                    planned_on=day,
                    actor=lead,
                )
        except RuleBroken:
            continue
        return
