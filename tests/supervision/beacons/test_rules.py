"""Beacon rules: their names bind their text, and the rounds follow from the commitment's moment alone."""

import hashlib
import struct
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from sampling import identifiers
from sampling.beacon_rounds import NETWORKS, ROUND_RULES, Network, RoundRule, check_rounds
from sampling.commitment import Beacon
from supervision.beacons.catalogue import load_beacon_rules
from supervision.beacons.models import BeaconRule
from supervision.beacons.queries import find_usable, list_usable, load_chain
from supervision.beacons.rules import (
    LEAST_POSSIBILITIES,
    BeaconKind,
    Rule,
    current_attempt,
    first_round,
    schedule,
)
from supervision.catalogue_files import FOLDER
from supervision.draws.rules import moment_text
from tests.factories import Make
from tests.supervision.beacons.vectors import MOMENT, QUICKNET_ROUND, make_signer, pulse_rule, rule_of, shipped

CODES = ["drand-quicknet", "drand-default", "nist-pulse", "lotteries-cn"]
GROUPS = {
    "drand-default": ("176f93498eac9ca337150b46d21dd58673ea4e3581185f869672e59fa4cb390a", b""),
    "drand-quicknet": ("f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e", b"quicknet"),
}


@pytest.mark.parametrize("code", list(GROUPS))
def test_the_hash_of_a_drand_chain_binds_the_key_we_verify_with(code: str) -> None:
    facts, (group, name) = rule_of(code).parameters, GROUPS[code]
    told = struct.pack(">Iq", facts["period"], facts["genesis"])
    told += bytes.fromhex(facts["public_key"]) + bytes.fromhex(group) + name
    assert hashlib.sha256(told).hexdigest() == facts["chain"]


@pytest.mark.parametrize("code", CODES)
def test_the_name_of_a_rule_fits_a_commitment_and_binds_every_word_of_it(code: str) -> None:
    rule = rule_of(code)
    assert identifiers.is_identifier(rule.identifier)
    assert identifiers.is_identifier(rule.source)
    assert identifiers.is_identifier(first_round(rule, MOMENT).name)
    others = [
        rule_of(code, delay_seconds=rule.delay_seconds + 1),
        rule_of(code, wait_hours=rule.wait_hours + 1),
        rule_of(code, tries=rule.tries + 1),
        rule_of(code, source="another"),
        rule_of(code, url="https://example.org/{round}"),
        Rule.read({**shipped(code), "then": "lotteries-cn@0"}),
    ]
    assert len({rule.identifier, *(one.identifier for one in others)}) == len(others) + 1


def test_the_joined_lotteries_have_more_possibilities_than_two_to_the_sixty_fourth() -> None:
    rule = rule_of("lotteries-cn")
    assert [game.possibilities for game in rule.games] == [17_721_088, 21_425_712, 2_035_800]
    assert rule.possibilities == 772_966_647_645_076_684_800 > LEAST_POSSIBILITIES
    with pytest.raises(ValueError, match="fewer than"):
        rule_of("lotteries-cn", games=shipped("lotteries-cn")["parameters"]["games"][:2])


def test_lotteries_whose_round_could_not_be_named_in_a_commitment_are_refused() -> None:
    games = rule_of("lotteries-cn").parameters["games"]
    longer = [{**game, "code": f"{game['code']}-of-the-whole-country"} for game in games]
    assert not identifiers.is_identifier("+".join(f"{game['code']}.20261124" for game in longer))
    with pytest.raises(ValueError, match="name of a round"):
        rule_of("lotteries-cn", games=longer)


@pytest.mark.parametrize(
    "values", [{"tries": 0}, {"wait_hours": 0}, {"delay_seconds": -1}, {"code": ""}, {"games": []}]
)
def test_a_rule_that_cannot_work_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=":"):
        rule_of("lotteries-cn", **values)


def test_the_round_we_have_comes_when_the_network_says() -> None:
    at = datetime(2023, 9, 15, 11, 0, 3, tzinfo=UTC)
    rule = rule_of("drand-quicknet")
    for earlier in (0, 1, 2):
        found = first_round(rule, at - timedelta(seconds=earlier))
        assert (found.name, found.due_at) == (str(QUICKNET_ROUND), at)
    assert first_round(rule, at + timedelta(seconds=1)).name == str(QUICKNET_ROUND + 1)


@given(st.datetimes(datetime(2025, 1, 1), datetime(2040, 1, 1)), st.sampled_from(CODES))  # noqa: DTZ001 - made aware below
def test_no_round_comes_before_the_delay_and_none_is_left_out(naive: datetime, code: str) -> None:
    committed_at, rule = naive.replace(tzinfo=UTC), rule_of(code)
    attempts = schedule([rule, rule_of("lotteries-cn")], committed_at)
    earliest = committed_at
    for attempt in attempts:
        wanted = earliest + timedelta(seconds=attempt.rule.delay_seconds)
        assert attempt.round.begins_at >= wanted
        assert attempt.round.due_at >= attempt.round.begins_at
        assert attempt.round == first_round(attempt.rule, wanted)
        earliest = attempt.lapses_at or earliest
    assert [one.lapses_at is None for one in attempts] == [False] * (len(attempts) - 1) + [True]
    assert schedule([rule, rule_of("lotteries-cn")], committed_at) == attempts


def test_the_clock_alone_moves_from_one_round_to_the_next() -> None:
    attempts = schedule([rule_of("drand-quicknet"), rule_of("lotteries-cn")], MOMENT)
    assert len(attempts) == 3 + 4
    for attempt in attempts[:-1]:
        assert attempt.lapses_at is not None
        assert current_attempt(attempts, attempt.lapses_at - timedelta(microseconds=1)) is attempt
        assert current_attempt(attempts, attempt.lapses_at) is attempts[attempt.place + 1]
    assert current_attempt(attempts, MOMENT + timedelta(days=3650)) is attempts[-1]


def test_lotteries_are_taken_on_the_first_day_on_which_each_is_drawn() -> None:
    monday_night = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)  # 21:30 in the district: the Monday draws are over
    found = first_round(rule_of("lotteries-cn"), monday_night)
    assert found.name == "ssq.20261124+dlt.20261125+qlc.20261125"
    assert found.begins_at == datetime(2026, 11, 24, 13, 15, tzinfo=UTC)
    assert found.due_at == datetime(2026, 11, 25, 14, 25, tzinfo=UTC)


def test_a_pulse_bears_its_minute_without_colons() -> None:
    _key, certificate = make_signer()
    found = first_round(pulse_rule(certificate), MOMENT + timedelta(seconds=1))
    assert (found.name, found.due_at) == ("20261123T080100Z", MOMENT + timedelta(minutes=1))


def test_shipped_rules_are_loaded_once_and_never_change(session: Session, make: Make) -> None:
    make.catalogues()
    rows = {row.code: row for row in session.scalars(sa.select(BeaconRule))}
    assert set(rows) == set(CODES)
    assert load_beacon_rules(session, FOLDER) == 0
    chain = load_chain(session, rows["drand-quicknet"].identifier)
    assert [rule.code for rule in chain] == ["drand-quicknet", "lotteries-cn"]
    assert all(row.rule.identifier == row.identifier for row in rows.values())
    for change in (sa.update(BeaconRule).values(name_zh="x"), sa.delete(BeaconRule)):
        with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
            session.execute(change)


def test_a_pulse_without_the_certificate_of_its_signer_cannot_be_chosen(session: Session, make: Make) -> None:
    make.catalogues()
    assert {row.code for row in list_usable(session, on=MOMENT.date())} == set(CODES) - {"nist-pulse"}
    assert find_usable(session, "nist-pulse", on=MOMENT.date()) is None
    assert find_usable(session, "drand-quicknet", on=datetime(2024, 12, 31, tzinfo=UTC).date()) is None


def test_the_verifier_knows_the_shipped_networks_and_their_rules(session: Session, make: Make) -> None:
    make.catalogues()
    rows = [row for row in session.scalars(sa.select(BeaconRule)) if row.rule.kind is BeaconKind.DRAND]
    shipped = {row.identifier: row.rule for row in rows}
    assert {
        rule.source: Network(rule.parameters["genesis"], rule.parameters["period"]) for rule in shipped.values()
    } == NETWORKS
    assert {
        name: RoundRule(rule.source, rule.delay_seconds, rule.wait_hours) for name, rule in shipped.items()
    } == ROUND_RULES


@pytest.mark.parametrize("seconds", [0, 1, 2, 29, 30, 86_399, 31_536_001])
@pytest.mark.parametrize("code", ["drand-quicknet", "drand-default"])
def test_the_verifier_finds_each_round_that_the_platform_chooses(
    session: Session, make: Make, code: str, seconds: int
) -> None:
    make.catalogues()
    committed_at = MOMENT + timedelta(seconds=seconds)
    row = find_usable(session, code, on=MOMENT.date())
    assert row is not None
    attempts = schedule(load_chain(session, row.identifier), committed_at)
    order = [Beacon(one.source, one.round.name, one.rule.identifier) for one in attempts]
    found = check_rounds(order, committed_at=moment_text(committed_at))
    # of the lotteries, which follow, nothing is known there
    assert [one.code for one in found] == ["beacon-round-agrees"] * row.rule.tries
