"""What the worker does each day, with the very function it calls."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from supervision import clock
from supervision.draws.rules import LogEvent
from supervision.jobs import handlers
from supervision.transparency import daily, queries
from tests.supervision.draws.world import World
from tests.supervision.transparency.conftest import Log


@dataclass
class Work:
    """What a handler is given, as far as this one looks at it."""

    session: Session
    arguments: dict[str, Any]


def test_the_workers_day_anchors_and_signs_and_may_be_done_again(world: World, log: Log) -> None:
    world.committed()
    handler = handlers.find(daily.JOB)
    assert handler is not None
    assert handler.daily
    first = handler.run(Work(log.session, {}))  # type: ignore[arg-type]  # it needs no more
    log.session.commit()
    assert log.newest().size == queries.log_size(log.session) == first["size"]  # type: ignore[index]  # a mapping
    again = handler.run(Work(log.session, {}))  # type: ignore[arg-type]  # as above
    assert again["leaves"] <= 1  # type: ignore[index, operator]  # nothing but what was audited meanwhile
    with clock.at(clock.now() + timedelta(days=40)):
        handler.run(Work(log.session, {}))  # type: ignore[arg-type]  # as above
    registers = [
        one.event for one in queries.list_leaves(log.session, start=0, count=99) if one.event is LogEvent.REGISTER
    ]
    assert len(registers) == 2


def test_a_database_without_keys_of_a_log_is_left_alone(world: World, log: Log, monkeypatch: Any) -> None:
    monkeypatch.setattr(daily, "keyring_of", lambda _: None)
    assert daily.carry(Work(log.session, {})) == {"leaves": 0}  # type: ignore[arg-type]  # as above
