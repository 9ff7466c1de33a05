"""Results of lotteries, typed by two people of different bodies who do not see each other's entry."""

import json

import sqlalchemy as sa

from sampling.hashing import hex_digest
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.queries import list_history
from supervision.draws import services
from supervision.draws.beacon_models import BeaconEntry, BeaconValue
from supervision.draws.bundles import read_files
from supervision.draws.queries import (
    list_leaves,
    standing_of,
)
from supervision.draws.rules import OVERSIGHT
from supervision.draws.services.beacons import EVIDENCE_FILE
from supervision.permissions import PUBLIC, Role
from tests.supervision.draws.beacon_world import (
    OTHER_RESULTS,
    BeaconWorld,
    due,
)
from tests.supervision.draws.world import refused


def test_two_people_of_different_bodies_must_agree(typed: BeaconWorld) -> None:
    session, draw = typed.world.session, typed.committed()
    with clock.at(due(typed, draw)):
        assert typed.type_in(draw, 0) is None
        standing = standing_of(session, draw)
        assert standing is not None
        assert standing.first_of_pair is not None
        colleague = typed.world.make.actor(Role.HEAD, department=typed.world.departments[0])
        for same in (typed.world.lead, colleague):
            with refused("beacon-second"):
                services.type_in(session, draw, results=OTHER_RESULTS, actor=same)
        settled = typed.type_in(draw, 1)
    assert isinstance(settled, BeaconValue)
    assert settled.value == "ssq.010509142231.07+dlt.0312182935.0411+qlc.01040912182530"
    evidence = json.loads(read_files(session, draw, [EVIDENCE_FILE])[EVIDENCE_FILE])
    assert [one["body"] for one in evidence["typed"]] == [body.code for body in typed.world.departments]


def test_a_disagreement_is_kept_and_only_a_new_pair_settles_it(typed: BeaconWorld) -> None:
    session, draw = typed.world.session, typed.committed()
    with clock.at(due(typed, draw)):
        typed.type_in(draw, 0)
        assert typed.type_in(draw, 1, OTHER_RESULTS) is None
        standing = standing_of(session, draw)
        assert standing is not None
        assert [len(pair) for pair in standing.disagreements] == [2]
        assert (standing.first_of_pair, standing.value) == (None, None)
        assert typed.type_in(draw, 1) is None
        assert isinstance(typed.type_in(draw, 0), BeaconValue)
        standing = standing_of(session, draw)
        assert standing is not None
        assert len(standing.disagreements) == 1
    assert len(session.scalars(sa.select(BeaconEntry)).all()) == 4


def test_the_log_does_not_tell_the_second_what_the_first_has_typed(typed: BeaconWorld) -> None:
    session, draw = typed.world.session, typed.committed()
    with clock.at(due(typed, draw)):
        typed.type_in(draw, 0)
    noted = next(one for one in list_history(session, "draw", draw.id) if one.event is Event.BEACON_ENTERED)
    value = session.scalars(sa.select(BeaconEntry.value)).one()
    assert value not in str(noted.details)
    assert hex_digest(draw.hash_name, value.encode()) not in str(noted.details)
    assert [leaf.event.value for leaf in list_leaves(session, draw)][-1] == "committed"


def test_only_people_of_the_bodies_of_the_draw_type_results(typed: BeaconWorld) -> None:
    world, draw = typed.world, typed.committed()
    strangers = [
        world.make.actor(Role.LEAD, department=world.make.department()),
        world.make.actor(Role.COORDINATOR),
        world.make.actor(Role.INSPECTOR, department=world.departments[0], inspector=world.inspectors[0]),
        PUBLIC,
    ]
    with clock.at(due(typed, draw)):
        for stranger in strangers:
            with refused("beacon-refused"):
                services.type_in(world.session, draw, results=OTHER_RESULTS, actor=stranger)
        with refused("beacon-typed"):
            typed.hand_in(draw)
        services.type_in(world.session, draw, results=OTHER_RESULTS, actor=world.actor(OVERSIGHT))
