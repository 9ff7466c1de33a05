"""The public value of a draw in its log: another value, another round and a late witness each have a name."""

import json
from datetime import datetime

import pytest

from sampling.bundle import Bundle
from sampling.hashing import hex_digest
from sampling.identifiers import unix_seconds, written_moment
from sampling.publication import public_files
from sampling.verification import verify_files
from tests.sampling.bundle_making import BEACON, committed, least_files, random_case
from tests.sampling.log_making import SEEN_AT, drawn_files, events_of, found, logged

VALUE = "v"
DIGEST = hex_digest("sha256", VALUE.encode())
NEXT = {"source": "lottery", "round": "2", "rule": "rule-2"}


def settled(digest=DIGEST, **fields):
    return ("beacon", digest, {**BEACON, "evidence": "0" * 64, **fields})


def passed(files, fallback=NEXT):
    committed_to = next(digest for event, digest, _ in events_of(files) if event == "committed")
    return ("beacon", committed_to, {**BEACON, "reason": "no-value-in-time", "fallback": fallback})


@pytest.fixture
def files():
    return drawn_files(committed(least_files(), beacon_value=VALUE))


def with_leaves(files, *leaves, **options):
    events = events_of(files)
    return logged(files, [*events[:3], *leaves, *events[3:]], **options)


def test_a_value_is_named_to_be_compared_with_its_source(files):
    for bundle in (files, with_leaves(files, settled())):
        report = verify_files(bundle)
        named = next(one for one in report.findings if one.code == "beacon-unchecked")
        assert named.parameters == {"value": VALUE, "source": BEACON["source"], "round": BEACON["round"]}
        assert not found(report, "difference")
    assert verify_files(with_leaves(files, settled())).exit_code == 0
    without = verify_files(drawn_files())
    assert "beacon-unchecked" not in found(without, "warning")


def test_a_confidential_draw_names_its_value_too():
    cases = (case for case in map(random_case, range(400)) if case.beacon_value)
    case = next(case for case in cases if b'"confidential"' in case.files["rules.json"])
    shown = public_files(Bundle.from_files(drawn_files(case)))
    assert "record.json" not in shown
    assert "beacon-unchecked" in found(verify_files(shown), "warning")


@pytest.mark.parametrize(
    ("leaf", "code"),
    [
        (settled(digest="0" * 64), "event-digest"),
        (settled(round="4711"), "beacon-other-round"),
        (settled(source="drand-of-my-own"), "beacon-other-round"),
        (settled(rule="another-rule"), "beacon-other-round"),
    ],
)
def test_another_value_or_round_than_the_log_names_is_a_difference(files, leaf, code):
    report = verify_files(with_leaves(files, leaf))
    assert (report.exit_code, found(report, "difference")) == (1, {code})


def test_only_the_round_that_follows_by_the_rule_may_replace_one_that_passed(files):
    good = verify_files(with_leaves(files, passed(files), settled(**NEXT)))
    assert good.exit_code == 0, good.to_text()
    assert {"beacon-passed", "beacon-unchecked"} <= found(good, "warning")
    named = next(one for one in good.findings if one.code == "beacon-unchecked")
    assert named.parameters["source"] == NEXT["source"]
    for leaves in ((passed(files), settled()), (settled(**NEXT),)):
        assert found(verify_files(with_leaves(files, *leaves)), "difference") == {"beacon-other-round"}
    assert verify_files(with_leaves(files, passed(files, fallback="none"))).exit_code == 2


def test_who_cosigned_after_the_value_was_known_is_no_witness_of_the_commitment(files):
    late = verify_files(with_leaves(files, settled(), seen_at=SEEN_AT + 1))
    assert (late.exit_code, found(late, "withheld")) == (3, {"commitment-unwitnessed"})
    told = settled(known_from="2026-11-22T07:59:00Z")
    assert found(verify_files(with_leaves(files, told)), "withheld") == {"commitment-unwitnessed"}
    assert verify_files(with_leaves(files, told, seen_at=SEEN_AT - 60)).exit_code == 0
    far = verify_files(with_leaves(files, settled(), seen_at=2**63))
    assert found(far, "withheld") == {"commitment-unwitnessed"}


@pytest.mark.parametrize(
    "text",
    [
        "1970-01-01T00:00:00Z",
        "2024-02-29T23:59:59Z",
        "2026-11-22T08:00:00Z",
        "2100-03-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
    ],
)
def test_moments_are_counted_in_seconds_without_any_clock(text):
    seconds = unix_seconds(text)
    assert seconds == int(datetime.fromisoformat(text).timestamp())
    assert seconds < 0 or written_moment(seconds) == text


def test_a_changed_leaf_of_the_value_is_not_in_the_log(files):
    bundle = with_leaves(files, settled())
    log = json.loads(bundle["log.json"])
    assert [one["leaf"]["event"] for one in log["leaves"]].count("beacon") == 1
    bundle["log.json"] = bundle["log.json"].replace(DIGEST.encode(), b"f" * 64)
    assert {"event-digest", "leaf-not-in-log"} <= found(verify_files(bundle), "difference")
