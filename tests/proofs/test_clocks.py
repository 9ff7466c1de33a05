"""Setting the clock back opens no window again, and no step stands in public before the one it follows (T11, T12)."""

from datetime import timedelta

import pytest

from supervision import clock
from supervision.draws import services
from supervision.draws.checking.check import check_all
from supervision.draws.queries import list_leaves
from supervision.draws.queries.public import get_public_draw
from supervision.draws.rules import DrawState
from supervision.errors import WrongState
from tests.factories import Make
from tests.proofs.district import OPERATOR, another_task, head, small_world
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import World, refused


@pytest.fixture
def world(make: Make, visits: Visits) -> World:
    """A small district."""
    return small_world(make)


@pytest.mark.parametrize("hours", [1, 30, 24 * 400])
def test_a_clock_set_back_leaves_the_log_and_every_row_in_order(world: World, visits: Visits, hours: int) -> None:
    now = clock.now()
    draw = world.freeze()
    with clock.at(now - timedelta(hours=hours)):
        world.seal_all(draw)
        services.commit(world.session, draw, actor=world.lead)
    with clock.at(now - timedelta(hours=2 * hours)):
        world.reveal_all(draw)
        services.carry_out(world.session, draw, actor=world.lead, operator=OPERATOR)
        visits.done = True
        services.open_draw(world.session, draw, actor=world.lead)
        shown = get_public_draw(world.session, draw.number)
    moments = [leaf.at for leaf in list_leaves(world.session, draw)]
    assert moments == sorted(moments)
    assert moments[0] >= now.replace(microsecond=0)
    told = [shown.frozen_at.replace(microsecond=0), shown.committed_at, shown.drawn_at, shown.opened_at]
    assert told == sorted(moment for moment in told if moment is not None)
    assert check_all(world.session, OPERATOR).bad == ()


def test_a_deadline_that_has_passed_by_the_log_stays_passed(world: World, visits: Visits) -> None:
    draw, now = world.committed(), clock.now()
    with clock.at(now + timedelta(days=20)):
        another_task(world).freeze()
    with clock.at(now + timedelta(minutes=1)), refused("reveal-too-late"):
        world.reveal_all(draw)


def test_numbers_go_on_in_the_year_the_log_has_reached(world: World, visits: Visits) -> None:
    now = clock.now()
    first = world.freeze()
    with clock.at(now - timedelta(days=400)):
        second = another_task(world).freeze()
    assert int(second.number[-4:]) == int(first.number[-4:]) + 1
    assert second.number[:-4] == first.number[:-4]


def test_no_void_by_a_clock_set_back_after_the_secrets_are_in(world: World, visits: Visits) -> None:
    draw = world.committed()
    services.propose_void(world.session, draw, reason="wrong-rules", note="n", actor=head(world, 0))
    world.reveal_all(draw)
    with clock.at(clock.now() - timedelta(days=3)), pytest.raises(WrongState):
        services.approve_void(world.session, draw, actor=head(world, 1))
    assert draw.state is DrawState.COMMITTED
