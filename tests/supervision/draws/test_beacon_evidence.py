"""Values and rules that somebody changed in the database are found, and true ones pass."""

from datetime import date

from supervision import clock
from supervision.beacons.models import BeaconRule
from supervision.beacons.queries import load_chain
from supervision.draws import services
from supervision.draws.checking.check import check_all
from supervision.draws.rules import EntryWay
from supervision.draws.services import beacons as steps
from supervision.parameters.rules import Certainty
from tests.factories import Make
from tests.supervision.beacons.vectors import rule_of
from tests.supervision.draws.beacon_world import (
    RAW,
    BeaconWorld,
    drawn,
    due,
    lotteries,
    make_beacon_world,
)
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import OPERATOR, make_world, refused


def test_a_plan_whose_rule_is_not_loaded_cannot_be_frozen(make: Make, visits: Visits) -> None:
    world = make_world(make, beacon_rule="gone@0123")
    with refused("beacon-rule-unknown"):
        world.freeze()


def test_a_value_that_its_source_never_published_is_found_whoever_let_it_in(beacon: BeaconWorld) -> None:
    session, draw = beacon.world.session, beacon.committed()
    forged, attempt = "0" * 64, beacon.attempts(draw)[0]
    with clock.at(due(beacon, draw)):
        # as somebody writes it who has the whole machine and all the secrets, and tried values until one pleased
        told = {"value": forged, "way": EntryWay.PASTED, "actor": beacon.world.lead}
        entry = steps._enter(session, draw, attempt, evidence=RAW, **told)
        steps._settle(session, draw, attempt, entry=entry, evidence=RAW.encode(), actor=beacon.world.lead)
        services.carry_out(session, draw, actor=beacon.world.lead, operator=OPERATOR)
    bad = check_all(session, OPERATOR).bad
    assert [(one.table, one.column, one.evidence) for one in bad] == [
        ("beacon_values", "value", "what the source published")
    ]


def test_a_signed_value_passes_the_check(beacon: BeaconWorld) -> None:
    drawn(beacon)
    assert not check_all(beacon.world.session, OPERATOR).bad


def test_a_typed_value_passes_the_check(make: Make, visits: Visits) -> None:
    beacon = make_beacon_world(make, rule=lotteries())
    draw = beacon.committed()
    with clock.at(due(beacon, draw)):
        beacon.type_in(draw, 0)
        assert beacon.type_in(draw, 1) is not None
    assert not check_all(beacon.world.session, OPERATOR).bad


def test_a_rule_whose_text_was_changed_in_the_database_decides_nothing(beacon: BeaconWorld) -> None:
    session = beacon.world.session
    own = rule_of("drand-quicknet", code="drand-own", delay_seconds=1)
    session.add(
        BeaconRule(
            identifier=f"drand-own@{'0' * 24}", code="drand-own", effective_from=date(2025, 1, 1), text=own.document,
            name_zh="规则", name_en="Rule", basis="tests", certainty=Certainty.DEFAULT, note="",
        )
    )  # fmt: skip
    session.flush()
    with refused("beacon-rule-changed"):
        load_chain(session, f"drand-own@{'0' * 24}")
