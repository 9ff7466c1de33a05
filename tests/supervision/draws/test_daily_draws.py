"""The worker keeps the deadlines of draws each day, whoever forgot the clock's own command."""

from datetime import timedelta

from flask import Flask

from supervision import clock
from supervision.draws.rules import DrawState
from supervision.jobs.cli import ask_daily, run_waiting
from tests.supervision.draws.world import World


def test_the_worker_declares_void_what_was_not_revealed_in_time(app: Flask, world: World) -> None:
    draw = world.committed()
    world.session.commit()
    with clock.at(clock.now() + timedelta(hours=25)):
        assert ask_daily(app) == clock.today()
        run_waiting(app)
    world.session.refresh(draw)
    assert draw.state is DrawState.VOID
