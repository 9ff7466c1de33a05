"""JSON, tables and rules: what is written how, and what is refused."""

import hashlib
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampling import freezing, identifiers, seeds
from sampling.bundle import Bundle
from sampling.canonical import canonical_bytes, parse_canonical, parse_json
from sampling.error_texts import ERROR_TEXTS
from sampling.errors import RulesError, SamplingError
from sampling.finding_texts import FINDING_TEXTS
from sampling.hashing import lines_digest
from sampling.rules import read_rules
from sampling.tables import RosterLine, parse_frame, parse_mapping, parse_roster
from tests.sampling.bundle_making import least_case, least_files, least_rules


def test_keys_are_sorted_by_utf_16_code_units():
    # U+1F600 is written D83D DE00 and so stands before U+FB33, though its code point is larger.
    assert canonical_bytes({"\ufb33": 1, "\U0001f600": 2, "a": 3}) == '{"a":3,"\U0001f600":2,"\ufb33":1}'.encode()


def test_text_is_escaped_as_rfc_8785_does():
    text = '\b\t\n\f\r"\\\x00\x1f\x7f\u2028é中'
    assert canonical_bytes(text) == '"\\b\\t\\n\\f\\r\\"\\\\\\u0000\\u001f\x7f\u2028é中"'.encode()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
        ),
    )
)
def test_canonical_json_is_read_back_as_written(value):
    data = canonical_bytes(value)
    assert parse_canonical(data, name="f") == value
    assert json.loads(data) == value


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"a":1,"a":1}', "json-duplicate-key"),
        (b'{"a":{"b":1,"b":2}}', "json-duplicate-key"),
        (b"1.0", "json-number-not-integer"),
        (b"1e2", "json-number-not-integer"),
        (b"NaN", "json-number-not-integer"),
        (b"-Infinity", "json-number-not-integer"),
        (b"9007199254740992", "json-integer-too-large"),
        (b"-9007199254740992", "json-integer-too-large"),
        (b"1" * 5_000, "json-integer-too-large"),
        (b"-0", "json-not-canonical"),
        (b"01", "json-unreadable"),
        (b'{"b":1,"a":2}', "json-not-canonical"),
        (b'{"a": 1}', "json-not-canonical"),
        (b"{}\n", "json-not-canonical"),
        (b'"\\u0061"', "json-not-canonical"),
        (b'"\\ud800"', "json-lone-surrogate"),
        (b'{"\\ud800":1}', "json-lone-surrogate"),
        (b"\xef\xbb\xbf{}", "json-unreadable"),
        (b"\xff", "text-not-utf8"),
        (b"[" * 100_000, "json-too-deep"),
        (b"[" * 900 + b"]" * 900, "json-too-deep"),
        (b"", "json-unreadable"),
    ],
)
def test_json_that_readers_could_disagree_on_is_refused(data, code):
    with pytest.raises(SamplingError) as caught:
        parse_canonical(data, name="f.json")
    assert caught.value.code == code


@pytest.mark.parametrize("value", [1.5, b"x", {1: 2}, {3}, 2**53, [object()]])
def test_values_that_are_not_of_the_protocol_cannot_be_written(value):
    with pytest.raises(SamplingError):
        canonical_bytes(value)


@pytest.mark.parametrize("text", ["", "a" * 65, "a b", "a:b", "a,b", "é", "a\t", "\x7f", "a\n", None, 7])
def test_malformed_identifiers_are_refused(text):
    assert not identifiers.is_identifier(text)
    with pytest.raises(SamplingError):
        identifiers.identifier(text, what="unit")


def test_identifiers_may_be_any_other_printable_ascii():
    for character in map(chr, range(33, 127)):
        assert identifiers.is_identifier(character) == (character not in ":,")
    assert identifiers.is_identifier("a" * 64)


@pytest.mark.parametrize("text", ["-1", "+1", "01", "", "1000001", "1e3", "١", "1.0", " 1", "9" * 5000])
def test_malformed_numbers_are_refused(text):
    with pytest.raises(SamplingError):
        identifiers.number(text, what="cap")


def test_numbers_go_from_nothing_to_a_million():
    assert [identifiers.number(text, what="cap") for text in ("0", "7", "1000000")] == [0, 7, 1_000_000]


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01 00:00:00Z",
        "2026-01-01T00:00:00+08:00",
        None,
    ],
)
def test_times_the_calendar_does_not_have_are_refused(text):
    with pytest.raises(SamplingError):
        identifiers.moment(text, what="at")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"U1\tA", "line-without-end"),
        (b"U1\tA\r\n", "identifier-malformed"),
        (b"\n", "line-columns"),
        (b"U1\n", "line-columns"),
        (b"U1\tA\tB\n", "line-columns"),
        (b"U2\tA\nU1\tA\n", "line-unsorted"),
        (b"U1\tA\nU1\tB\n", "line-duplicate"),
        (b"U:1\tA\n", "identifier-malformed"),
        (b"\xef\xbb\xbfU1\tA\n", "identifier-malformed"),
        (b"U1\t\xff\n", "text-not-utf8"),
    ],
)
def test_a_malformed_frame_is_refused(data, code):
    with pytest.raises(SamplingError) as caught:
        parse_frame(data, salted=False)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("I1\tgroups\t1\t0\t*", "department-reserved"),
        ("I1\tsystem\t1\t0\t*", "department-reserved"),
        ("I1\tbeacon\t1\t0\t*", "department-reserved"),
        ("I1\tSCJG\t01\t0\t*", "number-malformed"),
        ("I1\tSCJG\t1\t-1\t*", "number-malformed"),
        ("I1\tSCJG\t1\t0\t", "identifier-malformed"),
        ("I1\tSCJG\t1\t0\tB,A", "qualifications-unsorted"),
        ("I1\tSCJG\t1\t0\tA,A", "qualifications-unsorted"),
        ("I1\tSCJG\t1\t0\tA,*", "qualification-reserved"),
    ],
)
def test_a_malformed_roster_is_refused(line, code):
    with pytest.raises(SamplingError) as caught:
        parse_roster(f"{line}\n".encode())
    assert caught.value.code == code


def changed_rules(path, value):
    rules = json.loads(json.dumps(least_rules()))
    *way, last = path
    place = rules
    for step in way:
        place = place[step]
    if value is KeyError:
        del place[last]
    else:
        place[last] = value
    return rules


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["hash"], "md5"), (["protocol"], "double-random-draw/2"), (["draw"], ""), (["strata"], "secret"),
        (["reserve"], -1), (["reserve"], True), (["reserve"], "1"), (["reserve"], KeyError), (["more"], 1),
        (["allocation", "kind"], "all"), (["allocation", "strata", "A"], {"count": -1}),
        (["allocation", "strata", "A"], {"count": 1, "min": 1}), (["allocation", "strata", "a:b"], {"count": 1}),
        (["allocation"], {"kind": "total", "total": 1, "weights": {"A": 0}}),
        (["allocation"], {"kind": "rate", "strata": {"A": {"min": 1}}}),
        (["teams", "mode"], "pair"), (["teams", "departments"], []), (["teams", "departments", 0, "lead"], False),
        (["teams", "departments", 0, "lead"], 1), (["teams", "departments", 0, "per_team"], 0),
        (["teams", "departments", 0, "code"], "groups"), (["teams", "departments", 0, "qualifications"], ["*"]),
        (["teams", "groups"], 3), (["teams"], {"mode": "none", "departments": []}),
    ],
)  # fmt: skip
def test_malformed_rules_are_refused_when_frozen(path, value):
    with pytest.raises(SamplingError):
        freezing.rules_json(changed_rules(path, value))


def test_departments_are_unique_and_one_leads():
    department = least_rules()["teams"]["departments"][0]
    for departments in ([department, department], [department, {**department, "code": "XFJY"}]):
        with pytest.raises(RulesError):
            read_rules(changed_rules(["teams", "departments"], departments))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"excluded.tsv": b"U1\tscope\n"}, "unit-framed-and-excluded"),
        ({"mapping.tsv": b""}, "mapping-not-roster"),
        ({"frame.tsv": b"U1\tC\n"}, "stratum-without-rule"),
        ({"frame.tsv": b"U1\tA\t" + b"0" * 32 + b"\n"}, "line-columns"),
    ],
)
def test_files_that_contradict_each_other_are_refused(changes, code):
    with pytest.raises(SamplingError) as caught:
        freezing.commitment_json(
            draw="310106-2026-0007", hash_name="sha256", plan_digest="0" * 64, files=least_files(**changes),
            contributions={"SCJG": "0" * 64, "system": "1" * 64}, beacon=None, committed_at="2026-11-22T08:00:00Z",
        )  # fmt: skip
    assert caught.value.code == code
    with pytest.raises(SamplingError) as caught:
        Bundle.from_files({**least_case().files, **changes})
    assert caught.value.code == code


@pytest.mark.parametrize(
    "contributions",
    [{"system": "0" * 64}, {"SCJG": "0" * 64}, {"beacon": "0" * 64, "A": "1" * 64}, {"SCJG": "0", "system": "1" * 64}],
)
def test_a_commitment_needs_two_parties(contributions):
    with pytest.raises(SamplingError):
        freezing.commitment_json(
            draw="310106-2026-0007", hash_name="sha256", plan_digest="0" * 64, files=least_files(),
            contributions=contributions, beacon=None, committed_at="2026-11-22T08:00:00Z",
        )  # fmt: skip


def test_nobody_stands_in_the_mapping_twice():
    with pytest.raises(SamplingError, match="one certificate"):
        freezing.mapping_tsv([("I1", "沪A1", "0" * 32), ("I2", "沪A1", "1" * 32)])
    assert parse_mapping(freezing.mapping_tsv([("I1", "沪A1", "0" * 32)]))[0].certificate == "沪A1"


def test_the_formulas_of_secrets_are_those_of_the_text():
    told = b"double-random-draw/1 contribution\nD\nSCJG\n" + b"a" * 64 + b"\n"
    digest = seeds.contribution_digest(hash_name="sha256", draw="D", by="SCJG", secret="a" * 64)
    assert digest == hashlib.sha256(told).hexdigest()
    dice = "123456" * 9
    thrown = f"double-random-draw/1 dice\nD\nSCJG\n{dice}\n".encode()
    assert seeds.dice_secret(hash_name="sha256", draw="D", by="SCJG", digits=dice) == hashlib.sha256(thrown).hexdigest()
    for bad in ("1" * 49, "1" * 49 + "7", "1" * 50 + "\n"):
        with pytest.raises(SamplingError):
            seeds.dice_secret(hash_name="sha256", draw="D", by="SCJG", digits=bad)
    assert lines_digest("sha256", "a", "b") == hashlib.sha256(b"a\nb\n").hexdigest()


def test_frozen_and_register_digests_are_those_of_the_text():
    files = least_files()
    inner = {name: hashlib.sha256(files[name]).hexdigest() for name in files}
    told = canonical_bytes({"contribution": "0" * 64, "files": inner})
    assert freezing.frozen_digest(files, "0" * 64, "sha256") == hashlib.sha256(told).hexdigest()
    assert freezing.register_digest(["b", "a"]) == hashlib.sha256(b"a\nb\n").hexdigest()


def test_errors_survive_the_way_between_processes_and_speak_both_languages():
    error = RulesError("stratum-without-rule", stratum="A")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(again), again.code, again.zh, again.en) == (RulesError, error.code, error.zh, error.en)


def test_every_sentence_has_both_languages_and_the_same_parameters():
    for zh, en in [*ERROR_TEXTS.values(), *FINDING_TEXTS.values()]:
        assert any(character > "\u4e00" for character in zh)
        assert set(_parameters(en)) <= set(_parameters(zh)) | {"spare"}


def _parameters(text):
    return [part.partition("}")[0] for part in text.split("{")[1:]]


def test_the_roster_is_written_sorted_with_its_codes():
    lines = [
        RosterLine("I2", "SCJG", 1, 0, ()),
        RosterLine("I1", "SCJG", 2, 1, ("B", "A")),
        RosterLine("I3", "X", 1, 0),
    ]
    assert freezing.roster_tsv(lines) == b"I1\tSCJG\t2\t1\tA,B\nI2\tSCJG\t1\t0\t-\nI3\tX\t1\t0\t*\n"


def test_lenient_json_is_enough_for_what_is_not_hashed():
    assert parse_json(b'{ "a" : 1 }\n', name="reveal.json") == {"a": 1}
