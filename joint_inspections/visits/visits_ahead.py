"""Visits still to come that are no secret: they count towards the yearly caps when a pool is built (R-1.18)."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import BEFORE_VISIT
from supervision.draws.models import Draw
from supervision.draws.rules import DrawState
from supervision.items.models import Item
from supervision.plans.facts import VisitFact
from supervision.plans.models import PlanItem, Task


def visits_ahead(session: Session, year: int) -> Iterator[VisitFact]:
    """Yield the visits of the year not begun whose draw is opened, or whose list its task shows before the visits.

    Those of sealed draws are left out: whoever drafts a plan sees live counts, and could ask for one enterprise after
    the other until a count tells that it is drawn elsewhere. They are counted when an inspection is approved.
    Inspections that were ordered are no random inspections: the caps do not count them (R-1.18).
    """
    public = sa.or_(Draw.state == DrawState.OPENED, Task.publish_list_before)
    visits = (
        sa.select(Visit.entity_id, Visit.planned_on, Task.plan_version_id)
        .join(Draw, Draw.id == Visit.draw_id)
        .join(Task, Task.id == Draw.task_id)
        .where(public, Visit.state.in_(BEFORE_VISIT), Visit.planned_on.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(Visit.id)
    )
    rows = session.execute(visits).all()
    items: dict[int, set[str]] = {row.plan_version_id: set() for row in rows}
    listed = sa.select(PlanItem.plan_version_id, Item.code).join(Item, Item.id == PlanItem.item_id)
    for version_id, code in session.execute(listed.where(PlanItem.plan_version_id.in_(items))):
        items[version_id].add(code)
    for row in rows:
        yield VisitFact(
            entity_id=row.entity_id,
            visited_on=row.planned_on,
            item_codes=frozenset(items[row.plan_version_id]),
            inspector_ids=frozenset(),
        )
