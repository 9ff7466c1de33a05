"""The worked bundles of the protocol, and a second reading of its text."""

import json

import pytest

from sampling.bundle import Bundle, read_bundle
from sampling.canonical import canonical_bytes
from sampling.drawing import draw
from sampling.records import parse_record
from sampling.reveal import parse_reveal
from sampling.verification import verify
from tests.sampling.bundle_making import VECTORS, random_case
from tests.sampling.second_implementation import second_record

CASES = sorted(path.name for path in VECTORS.iterdir())


def test_all_worked_bundles_are_here():
    assert len(CASES) == 22


@pytest.mark.parametrize("name", CASES)
def test_a_worked_bundle_gives_the_same_bytes(name):
    reveal = parse_reveal((VECTORS / name / "reveal.json").read_bytes())
    record = draw(read_bundle(VECTORS / name), reveal.secrets, reveal.beacon_value)
    assert record.to_bytes() == (VECTORS / name / "record.json").read_bytes()
    assert parse_record(record.to_bytes()) == record


@pytest.mark.parametrize("name", CASES)
def test_a_worked_bundle_verifies_as_far_as_shown(name):
    bundle = read_bundle(VECTORS / name)
    report = verify(bundle)
    # the round that the worked bundles name was made up: it was out eleven months before their commitment
    known = [] if bundle.commitment.beacon is None else ["beacon-known-before"]
    told = [finding.code for finding in report.findings if finding.severity == "withheld"]
    assert told == ["log-missing", *known]
    assert report.exit_code == 3


@pytest.mark.parametrize("name", CASES)
def test_the_second_implementation_agrees_on_the_worked_bundles(name):
    files = {path.name: path.read_bytes() for path in (VECTORS / name).iterdir()}
    reveal = json.loads(files["reveal.json"])
    secrets = {entry["by"]: entry["secret"] for entry in reveal["contributions"]}
    assert canonical_bytes(second_record(files, secrets, reveal["beacon_value"])) == files["record.json"]


@pytest.mark.parametrize("start", range(0, 400, 50))
def test_two_implementations_agree_on_random_bundles(start):
    for number in range(start, start + 50):
        case = random_case(number)
        record = draw(Bundle.from_files(case.files), case.secrets, case.beacon_value)
        second = second_record(case.files, case.secrets, case.beacon_value)
        assert json.loads(record.to_bytes()) == second, number
        report = verify(Bundle.from_files({**case.files, "record.json": record.to_bytes()}))
        assert report.exit_code == 3, (number, report.to_text())
