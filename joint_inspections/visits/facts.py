"""What plans need to know of visits: who was visited for what, and how far each plan has come."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.visits.models import Visit, VisitMember
from joint_inspections.visits.rules import OFF_THE_LIST, MemberState, VisitKind
from supervision.clock import SHANGHAI, local
from supervision.items.models import Item
from supervision.plans.facts import VisitFact
from supervision.plans.models import PlanItem, PlanParticipant, PlanVersion, Task
from supervision.plans.progress import Counts


def visits_between(session: Session, start: date, end: date) -> Iterator[VisitFact]:
    """Yield every random visit carried out from ``start`` to ``end``, with its items and the inspectors who went.

    Ordered ones count for no cap, bar nobody from a pool and are nobody's turn (R-3.05).
    """
    first = datetime.combine(start, time.min, SHANGHAI)
    after = datetime.combine(end + timedelta(days=1), time.min, SHANGHAI)
    within = sa.and_(Visit.kind == VisitKind.RANDOM, Visit.visited_at >= first, Visit.visited_at < after)
    inspectors: dict[int, set[int]] = defaultdict(set)
    went = (
        sa.select(VisitMember.visit_id, VisitMember.inspector_id)
        .join(Visit, Visit.id == VisitMember.visit_id)
        .where(within, VisitMember.state != MemberState.REPLACED)
    )
    for row in session.execute(went):
        inspectors[row.visit_id].add(row.inspector_id)
    items: dict[int, set[str]] = defaultdict(set)
    for listed in session.execute(
        sa.select(PlanItem.plan_version_id, Item.code).join(Item, Item.id == PlanItem.item_id)
    ):
        items[listed.plan_version_id].add(listed.code)
    visits = (
        sa.select(Visit.id, Visit.entity_id, Visit.visited_at, Task.plan_version_id)
        .join(Task, Task.id == Visit.task_id)
        .where(within)
        .order_by(Visit.id)
    )
    for visit in session.execute(visits):
        yield VisitFact(
            entity_id=visit.entity_id,
            visited_on=local(visit.visited_at).date(),
            item_codes=frozenset(items[visit.plan_version_id]),
            inspector_ids=frozenset(inspectors[visit.id]),
        )


def count_progress(session: Session, plan_ids: Collection[int]) -> Counts:
    """Count per plan and department: drawn and visited; results count what each department has published.

    A joint visit counts for each department in it.
    """
    statement = (
        sa.select(
            PlanVersion.plan_id,
            PlanParticipant.department_id,
            sa.func.count(),
            sa.func.count(Visit.visited_at),
        )
        .select_from(Visit)
        .join(Task, Task.id == Visit.task_id)
        .join(PlanVersion, PlanVersion.id == Task.plan_version_id)
        .join(PlanParticipant, PlanParticipant.plan_version_id == PlanVersion.id)
        .where(PlanVersion.plan_id.in_(plan_ids), Visit.state.not_in(OFF_THE_LIST))
        .group_by(PlanVersion.plan_id, PlanParticipant.department_id)
    )
    return {(plan, department): (drawn, visited, 0) for plan, department, drawn, visited in session.execute(statement)}
