"""What a source published is accepted as it is and refused with anything changed."""

import json
from typing import Any  # evidence is JSON

import pytest

from sampling import identifiers
from supervision.beacons import drand, lotteries, pulses
from supervision.beacons.rules import Rule, schedule
from supervision.beacons.sources import address
from supervision.errors import Invalid
from tests.supervision.beacons.vectors import (
    DEFAULT,
    INMETRO,
    MOMENT,
    QUICKNET,
    make_pulse,
    make_signer,
    pulse_rule,
    rule_of,
)

KEY, CERTIFICATE = make_signer()
AT = "20261123T080000Z"
CHAINS: list[tuple[str, dict[str, Any]]] = [("drand-quicknet", QUICKNET), ("drand-default", DEFAULT)]


def refused(code: str) -> Any:
    return pytest.raises(Invalid, check=lambda error: error.code == code)


@pytest.mark.parametrize(("code", "published"), CHAINS)
def test_a_real_round_is_verified(code: str, published: dict[str, Any]) -> None:
    rule, name = rule_of(code), str(published["round"])
    value = drand.verify(rule, name, json.dumps(published))
    assert value == published["randomness"]
    assert identifiers.beacon_value(value) == value
    without = {key: text for key, text in published.items() if key != "randomness"}
    shouted = {key: text.upper() if isinstance(text, str) else text for key, text in published.items()}
    assert drand.verify(rule, name, json.dumps(without)) == drand.verify(rule, name, json.dumps(shouted)) == value


@pytest.mark.parametrize(("code", "published"), CHAINS)
def test_another_round_than_the_rule_asks_for_is_refused(code: str, published: dict[str, Any]) -> None:
    rule = rule_of(code)
    with refused("evidence-round"):
        drand.verify(rule, str(published["round"] + 1), json.dumps(published))
    with refused("evidence-signature"):
        drand.verify(rule, str(published["round"] + 1), json.dumps({**published, "round": published["round"] + 1}))


@pytest.mark.parametrize(("code", "published"), CHAINS)
def test_a_changed_digit_anywhere_is_refused(code: str, published: dict[str, Any]) -> None:
    rule, name = rule_of(code), str(published["round"])
    for field in ("signature", "previous_signature", "randomness"):
        if field in published:
            text = published[field]
            for place in (0, len(text) // 2, len(text) - 1):
                other = "0" if text[place] != "0" else "1"
                changed = {**published, field: text[:place] + other + text[place + 1 :]}
                with pytest.raises(Invalid):
                    drand.verify(rule, name, json.dumps(changed))


def test_a_round_of_the_other_chain_is_refused() -> None:
    for code, published in (("drand-quicknet", DEFAULT), ("drand-default", QUICKNET)):
        with pytest.raises(Invalid):
            drand.verify(rule_of(code), str(published["round"]), json.dumps(published))


@pytest.mark.parametrize(
    "raw",
    ["", "{", "[]", "1", '"x"', "null", "[" * 10_000, "{}", '{"round": "657413"}', '{"round": true}', '{"round": -1}',
     '{"round": 1e400}', '{"round": 18446744073709551616}', '{"round": 657413}', '{"round": 657413, "signature": 5}',
     '{"round": 657413, "signature": "zz"}', json.dumps({**QUICKNET, "signature": "00" * 48}),
     json.dumps({**QUICKNET, "signature": "ff" * 48}),
     json.dumps({**QUICKNET, "signature": QUICKNET["signature"] + "00"}),
     "x" * 30_000],
)  # fmt: skip
def test_nonsense_is_refused_and_never_a_fault(raw: str) -> None:
    with pytest.raises(Invalid):
        drand.verify(rule_of("drand-quicknet"), "657413", raw)
    with pytest.raises(Invalid):
        pulses.verify(pulse_rule(CERTIFICATE), AT, raw)


def test_the_fields_of_a_pulse_are_written_as_a_real_beacon_writes_them() -> None:
    pulse = json.loads(INMETRO)["pulse"]
    rule = pulse_rule(CERTIFICATE, signature_length_in_output=True)
    message, signature = pulses.signed_bytes(pulse), bytes.fromhex(pulse["signatureValue"])
    assert pulses.output_value(rule, message, signature) == pulse["outputValue"]
    assert pulses.output_value(pulse_rule(CERTIFICATE), message, signature) != pulse["outputValue"]


def test_the_real_pulse_is_refused_with_a_certificate_that_did_not_sign_it() -> None:
    rule = pulse_rule(
        CERTIFICATE, signature_length_in_output=True, uri_prefix="https://beacon.inmetro.gov.br/beacon/2.0/"
    )
    with refused("evidence-signature"):
        pulses.verify(rule, "20200709T115300Z", INMETRO)


@pytest.mark.parametrize("with_length", [False, True])
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_signed_pulse_is_verified(*, with_length: bool, wrapped: bool) -> None:
    rule = pulse_rule(CERTIFICATE, signature_length_in_output=with_length)
    pulse = make_pulse(KEY, rule, MOMENT)
    value = pulses.verify(rule, AT, json.dumps({"pulse": pulse} if wrapped else pulse))
    assert value == pulse["outputValue"].lower()
    assert len(value) == 128
    assert identifiers.beacon_value(value) == value


@pytest.mark.parametrize(
    "changes",
    [{"statusCode": 1}, {"cipherSuite": 1}, {"period": 30000}, {"uri": "https://elsewhere.example/pulse/1"},
     {"timeStamp": "2026-11-23T08:01:00.000Z"}],
)  # fmt: skip
def test_a_well_signed_pulse_that_the_rule_does_not_ask_for_is_refused(changes: dict[str, Any]) -> None:
    rule = pulse_rule(CERTIFICATE)
    with pytest.raises(Invalid):
        pulses.verify(rule, AT, json.dumps(make_pulse(KEY, rule, MOMENT, **changes)))


@pytest.mark.parametrize(
    "changes",
    [{"localRandomValue": "12" * 64}, {"pulseIndex": 2}, {"signatureValue": "00" * 256}, {"outputValue": "00" * 64},
     {"listValues": []}, {"listValues": 5}, {"external": None}, {"precommitmentValue": 7}, {"timeStamp": "today"},
     {"timeStamp": "2026-11-23T08:00:00.000"}, {"chainIndex": "2"}],
)  # fmt: skip
def test_a_pulse_changed_after_it_was_signed_is_refused(changes: dict[str, Any]) -> None:
    rule = pulse_rule(CERTIFICATE)
    with pytest.raises(Invalid):
        pulses.verify(rule, AT, json.dumps({**make_pulse(KEY, rule, MOMENT), **changes}))


def test_a_pulse_signed_by_somebody_else_is_refused() -> None:
    rule, (stranger, _theirs) = pulse_rule(CERTIFICATE), make_signer()
    with refused("evidence-signature"):
        pulses.verify(rule, AT, json.dumps(make_pulse(stranger, rule, MOMENT)))


RESULTS = {"ssq": "9 14 1 5 22 31 + 7", "dlt": "35,3,12,18,29，11 4", "qlc": "01 04 09 12 18 25 30"}
VALUE = "ssq.010509142231.07+dlt.0312182935.0411+qlc.01040912182530"


def test_the_same_numbers_give_the_same_string_however_they_are_typed() -> None:
    rule = rule_of("lotteries-cn")
    assert lotteries.read_results(rule, RESULTS) == VALUE
    again = {"ssq": "01、05、09、14、22、31 07", "dlt": "03 12 18 29 35 04 11", "qlc": "30 25 18 12 9 4 1"}
    assert lotteries.read_results(rule, again) == VALUE
    assert identifiers.beacon_value(VALUE) == VALUE


@pytest.mark.parametrize(
    ("game", "typed"),
    [("ssq", "1 2 3 4 5 6"), ("ssq", "1 2 3 4 5 6 7 8"), ("ssq", "1 2 3 4 5 34 7"), ("ssq", "1 2 3 4 5 6 17"),
     ("ssq", "1 1 3 4 5 6 7"), ("ssq", "0 2 3 4 5 6 7"), ("ssq", ""), ("ssq", "a b c d e f g"),
     ("ssq", "1 2 3 4 5 6 ７７"),
     ("dlt", "1 2 3 4 5 6 6"), ("dlt", "1 2 3 4 5 6 13"), ("qlc", "1 2 3 4 5 6 31")],
)  # fmt: skip
def test_what_no_lottery_can_show_is_refused_with_the_field_named(game: str, typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        lotteries.read_results(rule_of("lotteries-cn"), {**RESULTS, game: typed})
    assert caught.value.field == game


def test_the_address_of_a_round_follows_from_the_rule() -> None:
    def first(rule: Rule) -> str:
        return address(schedule([rule], MOMENT)[0])

    assert first(rule_of("drand-quicknet")).startswith("https://api.drand.sh/52db9ba70e0cc0f6")
    assert first(pulse_rule(CERTIFICATE)) == "https://beacon.nist.gov/beacon/2.0/pulse/time/1795421400000"
    assert first(rule_of("lotteries-cn")) == ""
