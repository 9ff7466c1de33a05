"""What stands behind an inspection that was ordered: departments and items of one visit, in the form visits know.

It is no plan: nobody drafts, lists, counts or publishes it, nothing is drawn under it, and it has no plan number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from supervision import clock
from supervision.departments.models import Department
from supervision.items.models import Item, ItemList
from supervision.permissions import Actor
from supervision.plans.models import Plan, PlanItem, PlanParticipant, PlanVersion, Task
from supervision.plans.rules import (
    FEWEST_INSPECTORS,
    Agreement,
    PlanKind,
    PlanState,
    Stratification,
    TaskSource,
    TaskState,
    TeamMode,
)
from supervision.plans.serials import next_serial

# region 6 + C (有因) + date 8 + serial 3: never the number of a task under a plan, which is digits alone
MARK = "C"
SERIAL_DIGITS = 3


@dataclass(frozen=True, slots=True)
class OrderedWork:
    """What an order asks for; the lead department comes first."""

    number: str
    title: str
    departments: Sequence[Department]
    items: Sequence[Item]
    item_list: ItemList
    # inspectors each department sends, by its code
    per_team: Mapping[str, int]
    planned_on: date
    ends_on: date


def next_order_number(session: Session, *, region: str, day: date) -> str:
    """Return the number of the next order of a day."""
    prefix = f"{region}{MARK}{day:%Y%m%d}"
    return f"{prefix}{next_serial(session, f'order:{prefix}'):0{SERIAL_DIGITS}d}"


def make_order_task(session: Session, work: OrderedWork, *, actor: Actor) -> Task:
    """Make the task of an ordered inspection; the order writes the audit entry of its step."""
    now, lead = clock.now(), work.departments[0]
    plan = Plan(
        year=work.planned_on.year,
        kind=PlanKind.JOINT if len(work.departments) > 1 else PlanKind.DEPARTMENT,
        lead_department=lead,
        created_by=actor.user_id,
        created_at=now,
    )
    version = PlanVersion(
        plan=plan,
        version_no=1,
        state=PlanState.ORDERED,
        title=work.title,
        item_list=work.item_list,
        starts_on=work.planned_on,
        ends_on=work.ends_on,
        scope={},
        stratification=Stratification.NONE,
        allocation={},
        team_mode=TeamMode.VISIT,
        drafted_by=actor.user_id,
        created_at=now,
        participants=[
            PlanParticipant(
                department=one,
                position=place,
                is_lead=one is lead,
                per_team=work.per_team.get(one.code, FEWEST_INSPECTORS),
                agreement=Agreement.AGREED,
            )
            for place, one in enumerate(work.departments)
        ],
        items=[PlanItem(item=one, position=place) for place, one in enumerate(work.items)],
    )
    task = Task(
        number=work.number,
        plan_version=version,
        source=TaskSource.ORDERED,
        title=work.title,
        state=TaskState.RUNNING,
        starts_on=work.planned_on,
        ends_on=work.ends_on,
        created_by=actor.user_id,
        created_at=now,
    )
    session.add(task)
    session.flush()
    return task
