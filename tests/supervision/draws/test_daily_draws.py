"""The worker keeps the deadlines of draws each day, whoever forgot the clock's own command."""

from datetime import timedelta

from flask import Flask

from supervision import clock
from supervision.draws import services
from supervision.draws.rules import OVERSIGHT, DrawState
from supervision.jobs.cli import ask_daily, run_waiting
from tests.supervision.draws.test_witnesses import named
from tests.supervision.draws.world import World


def test_the_worker_declares_void_what_was_not_revealed_in_time(app: Flask, world: World) -> None:
    draw = world.committed()
    world.session.commit()
    with clock.at(clock.now() + timedelta(hours=25)):
        assert ask_daily(app) == clock.today()
        run_waiting(app)
    world.session.refresh(draw)
    assert draw.state is DrawState.VOID


def test_the_worker_ends_links_of_witnesses_that_nobody_needs_any_more(app: Flask, world: World) -> None:
    draw = world.freeze()
    witness, _token = named(world, draw)
    services.propose_void(
        world.session, draw, reason="plan-withdrawn", note="", actor=world.actor(f"head {world.departments[1].code}")
    )
    services.approve_void(world.session, draw, actor=world.actor(OVERSIGHT))
    world.session.commit()
    with clock.at(clock.now() + timedelta(days=31)):
        ask_daily(app)
        run_waiting(app)
    world.session.refresh(witness)
    assert (witness.token_hash, witness.contact, witness.public_name) == (None, "", "王某")
