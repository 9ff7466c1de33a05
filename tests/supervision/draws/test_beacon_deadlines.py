"""Draws that wait for a public value: until when they can be void, and what happens when no value comes (T03, T04)."""

import json
from datetime import timedelta

import sqlalchemy as sa

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.queries import list_history
from supervision.draws import services
from supervision.draws.beacon_models import BeaconLapse
from supervision.draws.models import VoidProposal
from supervision.draws.queries import (
    has_due_work,
    list_leaves,
    list_to_enter,
    list_to_judge,
    standing_of,
)
from supervision.draws.rules import DrawState
from tests.supervision.beacons.vectors import QUICKNET_ROUND
from tests.supervision.draws.beacon_world import (
    BeaconWorld,
    due,
    head,
)
from tests.supervision.draws.world import OPERATOR, refused


def test_a_draw_is_void_only_before_its_round_can_be_known(beacon: BeaconWorld) -> None:
    session, draw = beacon.world.session, beacon.committed()
    with clock.at(due(beacon, draw) - timedelta(seconds=1)):
        services.propose_void(session, draw, reason="wrong-rules", note="rates swapped", actor=head(beacon, 0))
        assert list_to_judge(session, head(beacon, 1)) == [draw]
    with clock.at(due(beacon, draw)):
        assert list_to_judge(session, head(beacon, 1)) == []
        with refused("draw-not-voidable"):
            services.approve_void(session, draw, actor=head(beacon, 1))
        session.execute(sa.delete(VoidProposal))
        session.expire_all()
        with refused("draw-not-voidable"):
            services.propose_void(session, draw, reason="wrong-rules", note="rates swapped", actor=head(beacon, 0))
    assert draw.state is DrawState.COMMITTED


def test_a_draw_can_be_void_between_commitment_and_round(beacon: BeaconWorld) -> None:
    session, draw = beacon.world.session, beacon.committed()
    with clock.at(due(beacon, draw) - timedelta(minutes=5)):
        services.propose_void(session, draw, reason="wrong-rules", note="rates swapped", actor=head(beacon, 0))
        services.approve_void(session, draw, actor=head(beacon, 1))
        assert draw.state is DrawState.VOID
    with clock.at(due(beacon, draw)), refused("beacon-not-now"):
        beacon.hand_in(draw)


def test_nobody_can_void_a_draw_for_a_value_that_does_not_come(beacon: BeaconWorld) -> None:
    draw = beacon.committed()
    with refused("void-for-value"):
        services.propose_void(
            beacon.world.session, draw, reason="beacon-unavailable", note="no answer", actor=head(beacon, 0)
        )


def test_the_clock_alone_moves_to_the_fallback_and_says_so_in_public(beacon: BeaconWorld) -> None:
    session, draw = beacon.world.session, beacon.committed()
    attempts = beacon.attempts(draw)
    lapse = attempts[0].lapses_at
    assert lapse is not None
    with clock.at(lapse - timedelta(seconds=1)):
        assert not has_due_work(session)
        assert services.declare_lapses(session) == []
    with clock.at(lapse):
        assert has_due_work(session)
        assert services.declare_lapses(session) == [draw]
        assert services.declare_lapses(session) == []
        with refused("beacon-not-due"):
            beacon.hand_in(draw)
    told = json.loads(list_leaves(session, draw)[-1].leaf)
    assert (told["event"], told["round"], told["reason"]) == ("beacon", str(QUICKNET_ROUND), "no-value-in-time")
    assert told["fallback"] == {
        "source": attempts[1].source, "round": attempts[1].round.name, "rule": attempts[1].rule.identifier,
    }  # fmt: skip
    noted = [one for one in list_history(session, "draw", draw.id) if one.event is Event.BEACON_LAPSED]
    assert len(noted) == 1


def test_a_value_that_comes_after_its_time_counts_no_more(beacon: BeaconWorld) -> None:
    draw = beacon.committed()
    second = beacon.attempts(draw)[1]
    with clock.at(second.round.due_at), refused("evidence-round"):
        beacon.hand_in(draw)
    lapses = beacon.world.session.scalars(sa.select(BeaconLapse)).all()
    assert [(one.place, one.round) for one in lapses] == [(0, str(QUICKNET_ROUND))]


def test_a_draw_for_which_no_value_ever_comes_waits_visibly(beacon: BeaconWorld) -> None:
    session, draw = beacon.world.session, beacon.committed()
    last = beacon.attempts(draw)[-1]
    with clock.at(last.round.due_at + timedelta(days=365)):
        services.declare_lapses(session)
        services.open_overdue(session)
        assert draw.state is DrawState.COMMITTED
        assert services.declare_lapses(session) == []
        standing = standing_of(session, draw)
        assert standing is not None
        assert (standing.current, standing.following, standing.is_due) == (last, None, True)
        assert [one for one, _standing in list_to_enter(session, beacon.world.lead)] == [draw]
        assert len(session.scalars(sa.select(BeaconLapse)).all()) == len(beacon.attempts(draw)) - 1
        with refused("draw-not-voidable"):
            services.propose_void(session, draw, reason="wrong-rules", note="x", actor=head(beacon, 0))
        beacon.type_in(draw, 0)
        beacon.type_in(draw, 1)
        services.carry_out(session, draw, actor=beacon.world.lead, operator=OPERATOR)
    assert draw.state is DrawState.DRAWN


def test_a_clock_set_back_does_not_bring_a_round_back(beacon: BeaconWorld) -> None:
    session, draw = beacon.world.session, beacon.committed()
    lapse = beacon.attempts(draw)[0].lapses_at
    assert lapse is not None
    with clock.at(lapse):
        services.declare_lapses(session)
    with clock.at(lapse - timedelta(hours=2)), refused("beacon-not-due"):
        beacon.hand_in(draw)


def test_a_draw_by_lotteries_is_void_only_before_the_first_of_them(typed: BeaconWorld) -> None:
    session, draw = typed.world.session, typed.committed()
    first = typed.attempts(draw)[0].round
    assert first.begins_at < first.due_at
    with clock.at(first.begins_at), refused("draw-not-voidable"):
        services.propose_void(session, draw, reason="wrong-rules", note="x", actor=head(typed, 0))
    with clock.at(first.begins_at - timedelta(seconds=1)):
        services.propose_void(session, draw, reason="wrong-rules", note="x", actor=head(typed, 0))
