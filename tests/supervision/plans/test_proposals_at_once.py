"""Two leads propose to go together, or one clicks twice: between two plans one proposal waits (R-1.45)."""

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from supervision.errors import Conflict
from supervision.plans.models import Plan, PlanMessage
from supervision.plans.overlaps import propose_joining
from tests.supervision.draws.test_races import WORKERS, at_once, committed_world, engine
from tests.supervision.draws.world import World

__all__ = ["engine"]


def test_many_proposals_at_once_leave_one(engine: Engine) -> None:
    plans: list[int] = []

    def bring(world: World) -> None:
        item = world.make.item(world.departments[1])
        plans.extend((world.task.plan_version.plan_id, world.make.plan(item).id))

    world = committed_world(engine, bring)

    def click(place: int) -> int:
        there = place % 2
        actor = world.actor(world.departments[there].code)
        with Session(engine, expire_on_commit=False) as session, session.begin():
            own, other = (session.get_one(Plan, plans[one]) for one in (there, 1 - there))
            return propose_joining(session, own.newest, other=other, text="周三", actor=actor).id

    results = at_once(click)
    assert sum(isinstance(one, Conflict) for one in results) == WORKERS - 1, results
    with Session(engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(PlanMessage)) == 1
