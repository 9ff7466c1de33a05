"""Two people at once, on a database of their own: one number, one commitment, one record."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from supervision.db import Base, make_engine
from supervision.draws import services
from supervision.draws.bundles import read_files
from supervision.draws.models import Draw, DrawUnit, LogLeaf
from supervision.draws.rules import DrawState, LogEvent
from supervision.errors import Conflict
from supervision.plans.models import Task
from tests.conftest import PASSWORD
from tests.factories import Make
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import OPERATOR, World, make_world

WORKERS = 4
_names = count(1)


@contextmanager
def own_database(folder: Path) -> Iterator[str]:
    """Yield the address of an empty database of this test's own, on the server under test."""
    if os.environ.get("TEST_DATABASE", "sqlite") == "sqlite":
        yield f"sqlite:///{folder / 'races.sqlite3'}"
        return
    from tests import postgresql  # noqa: PLC0415 - only a run on PostgreSQL needs the server

    with postgresql.own_database(f"races_{next(_names)}") as url:
        yield url


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database with real transactions."""
    with own_database(tmp_path) as url:
        made = make_engine(url, audit_key=b"k" * 32)
        Base.metadata.create_all(made)
        yield made
        made.dispose()


def committed_world(engine: Engine, bring: Callable[[World], object], **options: object) -> World:
    """Make a world and bring it to a state that every thread then sees."""
    with Session(engine, expire_on_commit=False) as session:
        world = make_world(Make(session, password=PASSWORD), **options)  # type: ignore[arg-type]
        bring(world)
        session.commit()
    return world


def at_once(work: Callable[[int], object]) -> list[object]:
    """Run the work in several threads that start together; return what each gave or raised."""
    barrier = threading.Barrier(WORKERS)
    results: list[object] = [None] * WORKERS

    def run(place: int) -> None:
        barrier.wait()
        try:
            results[place] = work(place)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_many_clicks_at_once_give_one_record(engine: Engine, visits: Visits) -> None:
    made: list[Draw] = []

    def bring(world: World) -> None:
        draw = world.committed()
        world.reveal_all(draw)
        made.append(draw)

    world = committed_world(engine, bring)

    def click(_place: int) -> str | None:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            draw = session.get_one(Draw, made[0].id)
            return services.carry_out(session, draw, actor=world.lead, operator=OPERATOR).record_digest

    digests = at_once(click)
    assert len(set(digests)) == 1, digests
    with Session(engine) as session:
        draw = session.get_one(Draw, made[0].id)
        assert draw.state is DrawState.DRAWN
        drawn = session.scalars(sa.select(LogLeaf).where(LogLeaf.event == LogEvent.DRAWN)).all()
        assert [leaf.digest for leaf in drawn] == [draw.record_digest] == [digests[0]]
        units = session.scalar(sa.select(sa.func.count()).select_from(DrawUnit))
        assert units == sum(n for _size, n in draw.strata.values())
        assert "record.json" in read_files(session, draw)
    assert visits.begun == [made[0].number]


def test_one_task_frozen_by_many_at_once_has_one_draw(engine: Engine, visits: Visits) -> None:
    world = committed_world(engine, lambda _world: None)

    def click(_place: int) -> str:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            task = session.get_one(Task, world.task.id)
            return services.freeze(session, task, actor=world.lead, operator=OPERATOR).number

    results = at_once(click)
    assert sum(isinstance(one, str) for one in results) == 1, results
    assert sum(isinstance(one, Conflict) for one in results) == WORKERS - 1, results


def test_different_tasks_at_once_get_consecutive_numbers(engine: Engine, visits: Visits) -> None:
    tasks: list[Task] = []

    def bring(world: World) -> None:
        tasks.extend(world.make.task(plan=world.task.plan_version.plan) for _ in range(WORKERS))

    world = committed_world(engine, bring)

    def click(place: int) -> str:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            task = session.get_one(Task, tasks[place].id)
            return services.freeze(session, task, actor=world.lead, operator=OPERATOR).number

    results = at_once(click)
    assert sorted(int(str(number).rpartition("-")[2]) for number in results) == [1, 2, 3, 4], results
    with Session(engine) as session:
        assert list(session.scalars(sa.select(LogLeaf.index).order_by(LogLeaf.index))) == [0, 1, 2, 3]
