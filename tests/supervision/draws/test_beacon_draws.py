"""Draws that wait for a public value: what is committed to, who hands the value in, how it is drawn with (T03, T04)."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from sampling.commitment import COMMITMENT, parse_commitment
from sampling.hashing import hex_digest
from sampling.seeds import contribution_digest, dice_secret
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.queries import list_history
from supervision.draws import services
from supervision.draws.beacon_models import BeaconEntry, BeaconLapse, BeaconValue
from supervision.draws.bundles import full_bundle, public_bundle, read_files
from supervision.draws.models import Contribution
from supervision.draws.queries import (
    list_changes,
    list_leaves,
    list_settled,
    list_to_enter,
    list_waiting,
)
from supervision.draws.rules import SYSTEM, DrawState, EntryWay
from supervision.draws.services.beacons import EVIDENCE_FILE
from supervision.errors import Invalid
from supervision.permissions import PUBLIC
from tests.factories import Make
from tests.supervision.beacons.vectors import DEFAULT, MOVED, QUICKNET, QUICKNET_ROUND
from tests.supervision.draws.beacon_world import (
    RAW,
    BeaconWorld,
    drawn,
    due,
)
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.test_whole_path import verify
from tests.supervision.draws.world import OPERATOR, make_world, refused


def test_the_whole_path_is_reproduced_by_the_verifier(beacon: BeaconWorld, visits: Visits, tmp_path: Path) -> None:
    session, draw = beacon.world.session, drawn(beacon)
    visits.done = True
    services.open_draw(session, draw, actor=beacon.world.lead)
    for files in (full_bundle(session, draw), public_bundle(session, draw)):
        code, found = verify(files, draw.number, tmp_path)
        assert code == 3, found
        # the log is part of the bundle; that others saw the commitment before the round is for witnesses to say
        assert found["withheld"] <= {"log-missing", "commitment-unwitnessed", "file-withheld"}
        assert not found.get("difference")
    record = json.loads(full_bundle(session, draw)["record.json"])
    assert record["beacon_value"] == QUICKNET["randomness"]
    assert services.recomputed(session, draw).digest == draw.record_digest


def test_the_commitment_names_source_round_and_rule_before_the_value_exists(beacon: BeaconWorld) -> None:
    draw = beacon.committed()
    commitment = parse_commitment(read_files(beacon.world.session, draw, [COMMITMENT])[COMMITMENT])
    assert commitment.beacon is not None
    assert (commitment.beacon.source, commitment.beacon.round) == (MOVED, str(QUICKNET_ROUND))
    assert commitment.beacon.rule == beacon.identifier == draw.beacon_rule
    assert due(beacon, draw) == beacon.begin + timedelta(minutes=10)


def test_the_log_tells_source_round_digest_and_evidence(beacon: BeaconWorld) -> None:
    draw = drawn(beacon)
    leaves = list_leaves(beacon.world.session, draw)
    assert [leaf.event.value for leaf in leaves] == [
        "frozen", "contributed", "contributed", "committed", "beacon", "drawn",
    ]  # fmt: skip
    told = json.loads(leaves[4].leaf)
    assert (told["source"], told["round"], told["rule"]) == (MOVED, str(QUICKNET_ROUND), beacon.identifier)
    assert told["digest"] == hex_digest(draw.hash_name, str(QUICKNET["randomness"]).encode())
    assert told["evidence"] == hex_digest(draw.hash_name, RAW.encode())
    assert read_files(beacon.world.session, draw, [EVIDENCE_FILE]) == {EVIDENCE_FILE: RAW.encode()}
    assert list_changes(beacon.world.session, draw) == []


def test_every_party_hands_over_digest_and_secret_and_the_database_holds_no_secret(beacon: BeaconWorld) -> None:
    world = beacon.world
    draw = world.freeze()
    code = world.departments[0].code
    digest = world.digest(draw, code)
    for secret in ("", "f" * 64, "short", world.secrets[code][:-1]):
        with refused("secret-malformed" if len(secret) != 64 else "secret-wrong"):
            services.seal(world.session, draw, digest=digest, secret=secret, actor=world.lead)
    assert draw.contributions[0].digest is None
    entry = services.seal(world.session, draw, digest=digest, secret=world.secrets[code], actor=world.lead)
    assert entry.handed_over
    assert entry.secret is None
    stored = world.session.execute(sa.select(Contribution.__table__)).mappings().all()
    assert world.secrets[code] not in str(stored)
    assert world.secrets[code] not in str([one.details for one in list_history(world.session, "draw", draw.id)])


def test_dice_may_be_handed_over_too(beacon: BeaconWorld) -> None:
    world = beacon.world
    draw, throws = world.freeze(), "123456" * 9
    code = world.departments[0].code
    secret = dice_secret(hash_name="sha256", draw=draw.number, by=code, digits=throws)
    digest = contribution_digest(hash_name="sha256", draw=draw.number, by=code, secret=secret)
    assert services.seal(world.session, draw, digest=digest, secret=throws, actor=world.lead).handed_over


def test_a_replaced_contribution_takes_its_new_secret_with_it(beacon: BeaconWorld) -> None:
    world = beacon.world
    with clock.at(beacon.begin):
        draw = world.freeze()
        world.seal_all(draw)
        world.seal_all(draw)
        services.commit(world.session, draw, actor=world.lead)
    with clock.at(due(beacon, draw)):
        beacon.hand_in(draw)
        services.carry_out(world.session, draw, actor=world.lead, operator=OPERATOR)
    record = json.loads(read_files(world.session, draw, ["record.json"])["record.json"])
    assert {one["by"]: one["secret"] for one in record["contributions"] if one["by"] != SYSTEM} == world.secrets


def test_in_the_reveal_form_a_secret_that_comes_too_early_is_refused(make: Make, visits: Visits) -> None:
    world = make_world(make)
    draw, code = world.freeze(), world.departments[0].code
    with refused("secret-too-early"):
        services.seal(
            world.session, draw, digest=world.digest(draw, code), secret=world.secrets[code], actor=world.lead
        )
    world.seal_all(draw)
    services.commit(world.session, draw, actor=world.lead)
    commitment = parse_commitment(read_files(world.session, draw, [COMMITMENT])[COMMITMENT])
    assert commitment.beacon is None
    with refused("beacon-not-now"):
        services.hand_in(world.session, draw, raw=RAW, way=EntryWay.PASTED, actor=world.lead)


def test_nobody_is_asked_to_reveal_and_nothing_expires(beacon: BeaconWorld) -> None:
    world, draw = beacon.world, beacon.committed()
    assert list_waiting(world.session, world.lead) == []
    with refused("reveal-not-needed"):
        services.reveal(world.session, draw, secret=world.secrets[world.departments[0].code], actor=world.lead)
    with clock.at(beacon.begin + timedelta(days=300)):
        assert services.expire_reveals(world.session) == []
    assert draw.state is DrawState.COMMITTED


def test_the_value_does_not_count_before_its_moment(beacon: BeaconWorld) -> None:
    draw = beacon.committed()
    with clock.at(due(beacon, draw) - timedelta(seconds=1)):
        with refused("beacon-not-due"):
            beacon.hand_in(draw)
        assert list_to_enter(beacon.world.session, beacon.world.lead) == []
        with refused("beacon-missing"):
            services.carry_out(beacon.world.session, draw, actor=beacon.world.lead, operator=OPERATOR)
    with clock.at(due(beacon, draw)):
        assert [one for one, _standing in list_to_enter(beacon.world.session, beacon.world.lead)] == [draw]
        beacon.hand_in(draw)
        assert list_to_enter(beacon.world.session, beacon.world.lead) == []


@pytest.mark.parametrize("raw", [json.dumps(DEFAULT), json.dumps({**QUICKNET, "round": QUICKNET_ROUND + 1}), "{}", ""])
def test_a_wrong_value_is_refused_and_leaves_no_trace(beacon: BeaconWorld, raw: str) -> None:
    draw = beacon.committed()
    before = len(list_leaves(beacon.world.session, draw))
    with clock.at(due(beacon, draw)), pytest.raises(Invalid):
        beacon.hand_in(draw, raw=raw)
    assert len(list_leaves(beacon.world.session, draw)) == before
    assert beacon.world.session.scalars(sa.select(BeaconEntry)).all() == []


def test_it_does_not_matter_who_hands_in_a_signed_value(beacon: BeaconWorld) -> None:
    draw = beacon.committed()
    with clock.at(due(beacon, draw)):
        settled = services.hand_in(beacon.world.session, draw, raw=RAW, way=EntryWay.PUBLIC, actor=PUBLIC)
        again = beacon.hand_in(draw)
    assert again is settled
    entries = beacon.world.session.scalars(sa.select(BeaconEntry)).all()
    assert [(one.way, one.entered_by, one.evidence) for one in entries] == [(EntryWay.PUBLIC, None, RAW)]
    noted = [one for one in list_history(beacon.world.session, "draw", draw.id) if one.event is Event.BEACON_ENTERED]
    assert len(noted) == 1


def test_what_was_handed_in_can_not_be_changed(beacon: BeaconWorld) -> None:
    drawn(beacon)
    for table in (BeaconEntry, BeaconValue):
        for statement in (sa.update(table).values(value="x"), sa.delete(table)):
            with pytest.raises(sa.exc.DBAPIError), beacon.world.session.begin_nested():
                beacon.world.session.execute(statement)


def test_a_kill_between_value_and_draw_loses_nothing(beacon: BeaconWorld, visits: Visits) -> None:
    world, draw = beacon.world, beacon.committed()
    with clock.at(due(beacon, draw)):
        beacon.hand_in(draw)
        visits.fault = True
        with pytest.raises(OSError, match="power"), world.session.begin_nested():
            services.carry_out(world.session, draw, actor=world.lead, operator=OPERATOR)
        world.session.refresh(draw)
        assert (draw.state, draw.record_digest) == (DrawState.COMMITTED, None)
        assert list_settled(world.session) == [draw]
        visits.fault = False
    with clock.at(due(beacon, draw) + timedelta(days=9)):
        services.declare_lapses(world.session)
        first = services.carry_out(world.session, draw, actor=world.lead, operator=OPERATOR).record_digest
        assert services.carry_out(world.session, draw, actor=world.lead, operator=OPERATOR).record_digest == first
    assert world.session.scalars(sa.select(BeaconLapse)).all() == []


def test_a_signed_round_cannot_be_typed(beacon: BeaconWorld) -> None:
    draw = beacon.committed()
    with clock.at(due(beacon, draw)), refused("beacon-signed"):
        beacon.type_in(draw, 0)
