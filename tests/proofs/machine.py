"""A district in one database transaction, in which anybody tries anything; `watching` looks for what must never happen.

The world is made once and every sequence of actions is undone by a savepoint; what the engine computes is counted.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any  # arguments and results of actions

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from sampling.bundle import Bundle
from sampling.drawing import draw as engine_draw
from sampling.records import Record
from supervision import clock
from supervision.accounts.models import User
from supervision.departments.models import Department
from supervision.draws import services
from supervision.draws.models import Draw
from supervision.draws.rules import SYSTEM
from supervision.draws.services import drawing
from supervision.errors import DomainError
from supervision.permissions import Actor, Role, system_actor
from supervision.plans.models import Task
from tests.conftest import PASSWORD
from tests.factories import Make
from tests.proofs.district import abandon, another_task, lottery_rule, only_visits, seal_with_secrets, small_world
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import OPERATOR, World


@dataclass(frozen=True)
class Ground:
    """What is made once: ids of everybody and everything."""

    connection: Connection
    departments: list[int]
    tasks: list[int]
    users: dict[str, int]
    begun: datetime
    # the secrets of the draws that are there from the beginning
    secrets: dict[tuple[int, str], str]


def lay_ground(engine: Engine) -> Ground:
    """Make the district, in a transaction that is never committed."""
    connection = engine.connect()
    connection.begin()
    with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        make = Make(session, password=PASSWORD)
        world = small_world(make, units=9, inspectors=4)
        plan = world.task.plan_version.plan
        second = make.task(plan=plan, ends_on=world.task.ends_on)
        items = [make.item(body) for body in world.departments]
        options: dict[str, Any] = {"visit_cap": 6, "reserve": 1, "beacon_rule": lottery_rule(session)}
        third = make.task(plan=make.plan(*items, **options), ends_on=world.task.ends_on)
        stranger = make.department()
        world.users["stranger"] = make.user(Role.HEAD, Role.LEAD, department=stranger)
        with only_visits(Visits()):
            held = _begun_already(world, third)
        session.commit()
        return Ground(
            connection=connection,
            departments=[one.id for one in world.departments],
            tasks=[world.task.id, second.id, third.id],
            users={name: user.id for name, user in world.users.items()},
            begun=clock.now(),
            secrets=held,
        )


def _begun_already(world: World, with_value: Task) -> dict[tuple[int, str], str]:
    """Draws in every state, so that a sequence need not begin at the beginning; return their parties' secrets."""
    held: dict[tuple[int, str], str] = {}
    for reached in ("sealed", "committed", "drawn", "abandoned"):
        one = another_task(world)
        draw = one.freeze()
        one.seal_all(draw)
        if reached != "sealed":
            services.commit(one.session, draw, actor=one.lead)
        if reached in {"drawn", "abandoned"}:
            one.reveal_all(draw)
            services.carry_out(one.session, draw, actor=one.lead, operator=OPERATOR)
        if reached == "abandoned":
            abandon(one, draw)
        held |= {(draw.id, by): secret for by, secret in one.secrets.items()}
    waiting = World(world.session, world.make, world.departments, [], [], with_value, world.users)
    waiting.task = world.make.task(plan=with_value.plan_version.plan, ends_on=with_value.ends_on)
    draw = waiting.freeze()
    seal_with_secrets(waiting, draw)
    services.commit(waiting.session, draw, actor=waiting.lead)
    return held


@dataclass
class Scene:
    """One sequence: a session, the people, the clock, and what the watcher knows."""

    ground: Ground
    session: Session
    world: World
    tasks: list[Task]
    visits: Visits
    now: datetime
    draws: list[int] = field(default_factory=list)
    secrets: dict[tuple[int, str], str] = field(default_factory=dict)
    computed: dict[str, set[str]] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)
    digests: dict[tuple[int, str], str] = field(default_factory=dict)
    files: dict[tuple[int, str], str] = field(default_factory=dict)
    leaves: list[str] = field(default_factory=list)
    reachable: dict[int, bool] = field(default_factory=dict)
    begins: dict[int, datetime | None] = field(default_factory=dict)
    trail: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def actor(self, name: str) -> Actor:
        """Return who acts."""
        return system_actor() if name == SYSTEM else self.world.actor(name)

    def draw(self, place: int) -> Draw | None:
        """Return one of the draws."""
        return self.session.get(Draw, self.draws[place % len(self.draws)]) if self.draws else None

    def act(self, name: str, action: Callable[[], Any]) -> Any:
        """Try an action as a request would: refused, it leaves nothing behind. A fault that is no refusal is found."""
        nested = self.session.begin_nested()
        try:
            with clock.at(self.now):
                result = action()
                self.session.flush()
        except (DomainError, sa.exc.IntegrityError) as error:
            nested.rollback()
            self.session.expire_all()
            self.counts["refused"] += 1
            self.trail.append(f"{name}: {getattr(error, 'code', type(error).__name__)}")
            return None
        except OSError:
            nested.rollback()
            self.session.expire_all()
            self.trail.append(f"{name}: the power went out")
            return None
        nested.commit()
        self.counts["done"] += 1
        self.trail.append(name)
        return result


@contextmanager
def scene(ground: Ground) -> Iterator[Scene]:
    """Begin a sequence, and undo it."""
    savepoint = ground.connection.begin_nested()
    session = Session(ground.connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
    make = Make(session, password=PASSWORD)
    tasks = [session.get_one(Task, one) for one in ground.tasks]
    users = {name: session.get_one(User, one) for name, one in ground.users.items()}
    departments = [session.get_one(Department, one) for one in ground.departments]
    world = World(session, make, departments, [], [], tasks[0], users)
    visits = Visits(disclosed=True)
    made = Scene(ground, session, world, tasks, visits, ground.begun)
    _remember(made)
    visits.day = clock.local(ground.begun).date() + timedelta(days=20)
    before = drawing.draw_record
    drawing.draw_record = counting(made)  # type: ignore[attr-defined]  # the one caller of the engine is watched
    try:
        yield made
    finally:
        drawing.draw_record = before  # type: ignore[attr-defined]
        session.close()
        savepoint.rollback()


def _remember(made: Scene) -> None:
    """Take in what is there from the beginning."""
    made.secrets = dict(made.ground.secrets)
    for draw in made.session.scalars(sa.select(Draw).order_by(Draw.id)):
        made.draws.append(draw.id)
        made.states[draw.id] = draw.state.value
        if draw.record_digest:
            made.computed[draw.number] = {draw.record_digest}


def counting(made: Scene) -> Callable[..., Record]:
    """Return the engine with a counter: every record it computes is remembered, kept or not."""

    def draw(bundle: Bundle, secrets: dict[str, str], beacon_value: str | None = None) -> Record:
        record = engine_draw(bundle, secrets, beacon_value)
        made.computed.setdefault(record.draw, set()).add(record.digest)
        return record

    return draw
