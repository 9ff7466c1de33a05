"""The phone asks of a visit what the platform asks when a record is handed in, and no more."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from joint_inspections.records.rules import CARRIED_OUT

FIELD = Path(__file__).resolve().parents[3] / "supervision" / "static" / "field"
NODE = shutil.which("node")
PROGRAM = """
import { nextStep } from "./visits.js";
let text = "";
for await (const piece of process.stdin) { text += piece; }
const { outcomes, said, party = null, required = true, me = 1, state = "on_site", team = [] } = JSON.parse(text);
const section = { id: 1, own: true, state: "signed", items: [] };
const sections = [section, { ...section, own: false }];
const outcome = { code: said, note: "" };
const visit = { id: 7, state, team, me: { leads: me === 1, inspector: me }, outcome, party, sections };
const found = { outcomes, visits: [visit], party_required: required };
const store = { operations: [], drafts: new Map(), files: new Map(), package: found };
console.log(nextStep(store, visit).code);
"""


@pytest.mark.skipif(NODE is None, reason="Node is not installed: the phone's next steps left out")
@pytest.mark.parametrize(
    ("said", "expected"),
    [("", "next-outcome"), ("normal", "next-party"), ("off-site-done", "next-party"), ("closed", "next-submit")],
)
def test_the_enterprise_is_asked_only_when_the_visit_was_carried_out(said: str, expected: str) -> None:
    assert next_step(said=said) == expected


@pytest.mark.skipif(NODE is None, reason="Node is not installed: the phone's next steps left out")
def test_nobody_is_asked_where_the_district_does_not_ask() -> None:
    assert next_step(said="normal", required=False) == "next-submit"


REFUSAL = {"how": "refused", "second": {"inspector": 2, "name": "乙"}}


@pytest.mark.skipif(NODE is None, reason="Node is not installed: the phone's next steps left out")
@pytest.mark.parametrize(
    ("standing", "me", "expected"),
    [
        ("unconfirmed", 1, "next-submit"),
        ("unconfirmed", 2, "next-confirm"),
        ("unconfirmed", 3, "next-leader"),
        ("valid", 2, "next-leader"),
        ("disputed", 1, "next-party"),
        ("outdated", 1, "next-party"),
    ],
)
def test_the_second_officer_of_a_refusal_is_asked_first_of_all(standing: str, me: int, expected: str) -> None:
    assert next_step(said="normal", party={**REFUSAL, "standing": standing}, me=me) == expected


def next_step(**said: object) -> str:
    """What the phone proposes for a visit whose sections are signed."""
    outcomes = [{"code": code, "carried_out": code in CARRIED_OUT} for code in ("normal", "off-site-done", "closed")]
    got = subprocess.run(
        [str(NODE), "--input-type=module", "--eval", PROGRAM.replace("./", FIELD.as_uri() + "/")],
        input=json.dumps({"outcomes": outcomes, **said}), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return got.stdout.strip()


@pytest.mark.skipif(NODE is None, reason="Node is not installed: the phone's next steps left out")
@pytest.mark.parametrize(("mate", "expected"), [("accepted", "next-arrive"), ("recusal_asked", "next-recusal")])
def test_nobody_goes_in_while_a_recusal_is_undecided(mate: str, expected: str) -> None:
    assert next_step(state="approved", team=[{"name": "张三", "state": mate}]) == expected
