"""The moment of a public value's round: who names one that was already out, or another than the rule gives, is told."""

import json

import pytest

from sampling.beacon_rounds import NETWORKS, ROUND_RULES, check_rounds
from sampling.canonical import canonical_bytes
from sampling.commitment import Beacon
from sampling.identifiers import unix_seconds, written_moment
from sampling.verification import verify_files
from tests.sampling.bundle_making import committed, least_files
from tests.sampling.log_making import SEEN_AT, drawn_files, found
from tests.sampling.test_public_value import VALUE, settled, with_leaves

COMMITTED_AT = "2026-11-22T08:00:00Z"
QUICKNET = NETWORKS["drand-quicknet"]
RULE = "drand-quicknet@30dce5da62243e4bb2ecf272"
# ten minutes after the commitment, by hand: (1795335000 - 1692803367) / 3 + 1
FIRST = 34_177_212
BEFORE = "24500123"


def beacon(number=FIRST, **values):
    return Beacon(**{"source": "drand-quicknet", "round": str(number), "rule": RULE, **values})


def codes(*order, committed_at=COMMITTED_AT):
    return [(one.severity.value, one.code) for one in check_rounds(order, committed_at=committed_at)]


def test_the_first_round_after_the_delay_agrees():
    (told,) = check_rounds([beacon()], committed_at=COMMITTED_AT)
    assert (told.severity, told.code) == ("ok", "beacon-round-agrees")
    assert told.parameters["at"] == "2026-11-22T08:10:00Z"
    assert "2026-11-22T08:10:00Z" in told.zh
    assert "2026-11-22T08:10:00Z" in told.en


@pytest.mark.parametrize("number", [FIRST - 1, FIRST + 1, FIRST - 199, "9" * 40, "x", "0", f"0{FIRST}", "+1"])
def test_no_other_round_does(number):
    (told,) = check_rounds([beacon(number)], committed_at=COMMITTED_AT)
    assert (told.severity, told.code) == ("difference", "beacon-not-first")
    assert told.parameters["expected"] == str(FIRST)


def test_nor_the_same_round_of_another_source():
    assert codes(beacon(source="drand-default")) == [("difference", "beacon-not-first")]
    assert codes(beacon(source="own")) == [("difference", "beacon-not-first")]


def test_a_round_that_was_out_before_the_commitment_is_told_in_plain_words():
    last_before = FIRST - 200
    assert QUICKNET.time_of(str(last_before)) == unix_seconds(COMMITTED_AT)
    for number in (BEFORE, last_before, 1):
        assert codes(beacon(number)) == [("difference", "beacon-known-before")]
        assert codes(beacon(number, rule="own-rule")) == [("withheld", "beacon-known-before")]
    (told,) = check_rounds([beacon(BEFORE)], committed_at=COMMITTED_AT)
    assert told.zh == (
        "drand-quicknet 第 24500123 期产生于 2025-12-21T07:55:33Z，不晚于承诺（2026-11-22T08:00:00Z）："
        "承诺之前即可得知该随机数，结果可能是挑选的"
    )
    assert told.en == (
        "round 24500123 of drand-quicknet came at 2025-12-21T07:55:33Z, not later than the commitment "
        "(2026-11-22T08:00:00Z): its value could be known before anything was fixed, and the outcome chosen"
    )


def test_of_an_unknown_rule_only_the_moments_are_held_against_each_other():
    assert codes(beacon(FIRST - 199, rule="own-rule")) == [("ok", "beacon-round-later")]
    assert codes(beacon(rule="own-rule", source="lottery-cn")) == []
    assert codes(beacon("x", rule="own-rule")) == []
    assert codes(beacon("9" * 60, rule="own-rule")) == []


def test_a_round_that_follows_one_without_a_value_comes_first_after_its_time_and_the_delay():
    following = FIRST + (24 * 3600 + 600) // 3
    agrees = ("ok", "beacon-round-agrees")
    assert codes(beacon(), beacon(following)) == [agrees, agrees]
    assert codes(beacon(), beacon(following + 1)) == [agrees, ("difference", "beacon-not-first")]
    lottery = beacon("ssq.20261124", source="lottery-cn", rule="lotteries-cn@1")
    assert codes(beacon(), lottery, beacon(following)) == [agrees, ("ok", "beacon-round-later")]


def test_a_commitment_before_the_first_round_of_a_network_gets_the_first():
    assert codes(beacon(1), committed_at="0001-01-01T00:00:00Z") == [("ok", "beacon-round-agrees")]


@pytest.mark.parametrize("name", sorted(NETWORKS))
@pytest.mark.parametrize("offset", [-(10**9), -1, 0, 1, 2, 3, 29, 30, 31, 10**8 + 1])
def test_the_first_round_from_a_moment_is_not_before_it_and_the_one_before_is(name, offset):
    network = NETWORKS[name]
    moment = network.genesis + offset
    first = network.first_from(moment)
    assert network.time_of(first) >= moment
    assert first == "1" or network.time_of(str(int(first) - 1)) < moment


def with_round(number, *, rule, source="drand-quicknet", **changes):
    """Make a bundle with the log of a draw that committed to this round."""
    case = committed(least_files(), beacon_value=VALUE)
    named = {"source": source, "round": str(number), "rule": rule}
    commitment = canonical_bytes({**json.loads(case.files["commitment.json"]), "beacon": named})
    files = drawn_files(type(case)(files={**case.files, "commitment.json": commitment}, beacon_value=VALUE))
    return with_leaves(files, settled(**{**named, **changes}))


def test_a_bundle_is_verified_with_its_round():
    good = verify_files(with_round(FIRST, rule=RULE))
    assert (good.exit_code, "beacon-round-agrees" in found(good, "ok")) == (0, True)
    known = verify_files(with_round(BEFORE, rule=RULE))
    assert (known.exit_code, found(known, "difference")) == (1, {"beacon-known-before"})
    chosen = verify_files(with_round(FIRST + 1, rule=RULE))
    assert (chosen.exit_code, found(chosen, "difference")) == (1, {"beacon-not-first"})
    own = verify_files(with_round(BEFORE, rule="own-rule"))
    assert own.exit_code == 3
    assert "beacon-known-before" in found(own, "withheld")


def test_a_bundle_without_record_is_checked_too():
    files = with_round(BEFORE, rule=RULE)
    del files["record.json"], files["log.json"]
    assert "beacon-known-before" in found(verify_files(files), "difference")


def test_a_witness_after_the_true_moment_of_the_round_is_late_whatever_the_log_says():
    late = "2026-11-22T09:30:00Z"
    files = with_round(FIRST, rule=RULE, known_from=late)
    assert verify_files(files).exit_code == 0
    early = with_round(FIRST - 300, rule="own-rule", known_from=late)
    assert QUICKNET.time_of(str(FIRST - 300)) < SEEN_AT
    assert "commitment-unwitnessed" in found(verify_files(early), "withheld")


def test_moments_are_written_as_they_are_read():
    for seconds in (0, 68_256_000, 951_782_399, 951_782_400, 4_107_542_399, 253_402_300_799):
        assert unix_seconds(written_moment(seconds)) == seconds
    assert set(ROUND_RULES) == {f"{one.source}@{name.partition('@')[2]}" for name, one in ROUND_RULES.items()}
