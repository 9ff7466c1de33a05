"""The engine of the browser beside that of Python: the same bytes, the same findings, the same words."""

import json
from collections.abc import Mapping
from functools import partial

import pytest

from reports.portal.verify_texts import MODULE, texts_module
from sampling import freezing
from sampling.bundle import BUNDLE_FILES, Bundle
from sampling.canonical import canonical_bytes
from sampling.publication import public_files
from sampling.replacement import replace_inspector, replay, strike_unit
from sampling.verification import verify_files
from tests.sampling.bundle_making import (
    VECTORS,
    committed,
    least_files,
    least_rules,
    random_case,
)
from tests.sampling.log_making import (
    SEEN_AT,
    drawn_files,
    events_of,
    keys,
    logged,
    note_of,
    relogged,
    statement_keys,
)
from tests.sampling.test_public_value import NEXT, VALUE, passed, settled, with_leaves
from tests.sampling.test_replacements import (
    leaf_of,
    other_department,
    other_stratum,
    stratum_left_out,
    with_strike_and_replacement,
)
from tests.supervision.verify_page.conftest import Engine

CASES = sorted(path.name for path in VECTORS.iterdir())


def report_of(files: Mapping[str, bytes]) -> object:
    return json.loads(verify_files(dict(files)).to_json())


def agree(engine: Engine, *bundles: Mapping[str, bytes]) -> list[dict]:
    """Expect of the browser, for each of the bundles, the report of Python, word by word."""
    found = engine.verify(*bundles)
    for number, files in enumerate(bundles):
        assert found[number] == report_of(files), number
    return found


def vector(name: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (VECTORS / name).iterdir() if path.name in BUNDLE_FILES}


def test_the_words_of_the_browser_are_those_of_the_program() -> None:
    assert MODULE.read_text("utf-8") == texts_module(), "run: python -m reports.portal.verify_texts"


@pytest.mark.parametrize("name", CASES)
def test_a_worked_bundle_gives_the_same_bytes_and_report(engine: Engine, name: str) -> None:
    files = vector(name)
    assert engine.records(files) == [files["record.json"]]
    full, public = agree(engine, files, public_files(Bundle.from_files(files)))
    assert (full["exit_code"], public["exit_code"]) == (3, 3)


@pytest.mark.parametrize("start", range(0, 400, 50))
def test_random_bundles_give_the_same_bytes_and_reports(engine: Engine, start: int) -> None:
    bundles = [drawn_files(random_case(number)) for number in range(start, start + 50)]
    assert engine.records(*bundles) == [files["record.json"] for files in bundles]
    agree(engine, *bundles)
    hidden = ("ties.tsv", "mapping.tsv")
    agree(engine, *({name: data for name, data in files.items() if name not in hidden} for files in bundles))
    agree(engine, *(public_files(Bundle.from_files(files)) for files in bundles))


FLIPPED = ("frame.tsv", "excluded.tsv", "roster.tsv", "ties.tsv", "mapping.tsv", "rules.json", "commitment.json",
           "record.json")  # fmt: skip


@pytest.mark.parametrize("name", FLIPPED)
def test_every_changed_byte_is_reported_as_python_reports_it(engine: Engine, name: str) -> None:
    files = drawn_files()
    places = [(place, 1 << (place % 7)) for place in range(len(files[name]))]
    for (place, bit), found in zip(places, engine.verify_flipped(files, name, places), strict=True):
        changed = bytearray(files[name])
        changed[place] ^= bit
        assert found["exit_code"] in {1, 2}, (place, bytes(changed))
        assert found == report_of({**files, name: bytes(changed)}), (place, bytes(changed))


def test_every_changed_byte_of_the_log_is_reported_as_python_reports_it(engine: Engine) -> None:
    files = logged(drawn_files())
    size = len(files["log.json"])
    places = [(place, 1 << (place % 7)) for place in range(0, size, 3)]
    for (place, bit), found in zip(places, engine.verify_flipped(files, "log.json", places), strict=True):
        changed = bytearray(files["log.json"])
        changed[place] ^= bit
        assert found["exit_code"], place
        assert found == report_of({**files, "log.json": bytes(changed)}), place


def test_dropped_doubled_and_swapped_lines_are_reported_alike(engine: Engine) -> None:
    files = drawn_files()
    tampered = []
    for name in FLIPPED[:5]:
        lines = files[name].splitlines(keepends=True)
        for i in range(len(lines)):
            for changed in (lines[:i] + lines[i + 1 :], lines[: i + 1] + lines[i:], lines[1:] + lines[:1]):
                tampered.append({**files, name: b"".join(changed)})  # noqa: PERF401 - three loops read better so
    assert all(report["exit_code"] in {1, 2} for report in agree(engine, *tampered))


@pytest.mark.parametrize("name", BUNDLE_FILES)
def test_a_file_replaced_by_odd_bytes_is_reported_alike(engine: Engine, name: str) -> None:
    files = logged(drawn_files())
    odd = [b"", b"\n", b"\xff\n", b"\xef\xbb\xbf{}", b"a\tb", b"a\tb\r\n", b"{}", b"[]", b"null", b"1e5", b"-0", b"NaN",
           b'{"a":1,"a":2}', b'{"a":9007199254740993}', b'{"a":01}', b'{"\xe4\xb8\xad":"\\ud800"}', b"[1.5]",
           b'{"a":[1,{"b":null,"c":"\\u00e9\\n"}]}', b"a\tb\na\tb\n", b"b\tb\na\tb\n", b"\xe4\xb8\xad\tb\n",
           b" {}", b'{"b":1,"a":2}', b'"' + b"x" * 200 + b'"']  # fmt: skip
    agree(engine, *({**files, name: data} for data in odd))


def test_each_missing_file_is_reported_alike(engine: Engine) -> None:
    files = logged(drawn_files())
    agree(engine, *({one: data for one, data in files.items() if one != name} for name in files))


def edited(files: Mapping[str, bytes], edit) -> dict[str, bytes]:
    record = json.loads(files["record.json"])
    edit(record)
    return {**files, "record.json": canonical_bytes(record)}


def test_each_lie_in_a_record_is_reported_alike(engine: Engine) -> None:
    lies = [
        lambda r: r.update(seed="0" * 64),
        lambda r: r.update(draw="other"),
        lambda r: r.update(hash="sm3"),
        lambda r: r.update(beacon_value="x"),
        lambda r: r["contributions"].pop(),
        lambda r: r["contributions"].reverse(),
        lambda r: r["contributions"].append({"by": "é", "secret": "0" * 64}),
        lambda r: r["strata"][0].update(size=5),
        lambda r: r["strata"].pop(),
        lambda r: r["selected"].reverse(),
        lambda r: r["selected"].pop(),
        lambda r: r["selected"][0].update(unit="U6"),
        lambda r: r["selected"][0].update(ticket="0" * 64),
        lambda r: r["reserve"].pop(),
        lambda r: r["teams"].pop(),
        lambda r: r["teams"].reverse(),
        lambda r: r["teams"][0].update(units=["U0", "U1"]),
        lambda r: r["teams"][0]["members"].reverse(),
        lambda r: r["teams"][0]["members"][0].update(inspector="I9"),
        lambda r: r["teams"][0]["members"][0].update(department="XFJY"),
        lambda r: r["unfilled"].append({"department": "é", "team": "U1", "unit": "", "missing": 1}),
    ]
    bundles = [edited(drawn_files(), lie) for lie in lies]
    for group in range(3):  # a bundle with groups, so that the other way of forming teams is lied about too
        files = drawn_files(random_case((4, 9, 11)[group]))
        bundles += [edited(files, lambda r: r["teams"].reverse()), edited(files, lambda r: r["selected"].reverse())]
    without_ties = [{name: data for name, data in files.items() if name != "ties.tsv"} for files in bundles]
    assert {report["exit_code"] for report in agree(engine, *bundles, *without_ties)} <= {1, 2, 3}


def test_logs_and_witnesses_are_judged_alike(engine: Engine) -> None:
    files = drawn_files()
    events = events_of(files)
    beacon = drawn_files(committed(least_files(), beacon_value="v"))
    bundles = [
        logged(files),
        logged(beacon),
        logged(files, [events[0], events[1], events[3], events[2]]),
        logged(files, [*events, events[3]]),
        logged(files, [*events, ("void", "0" * 64, {})]),
        logged(files, [*events[:3], ("drawn", "0" * 64, {}), events[4]]),
        logged(files, [*events[:2], ("contributed", "0" * 64, {"by": "XFJY"}), *events[2:]]),
        logged(files, names=["witness-a", "witness-b"]),
        logged(files, others=("310106-2026-0001", "310106-2026-0009")),
        relogged(logged(files), lambda log: log["keys"].clear()),
        relogged(logged(files), lambda log: log.pop("committed")),
        relogged(logged(beacon), lambda log: log.pop("committed")),
        relogged(logged(files), lambda log: log["committed"].update(consistency=[])),
        relogged(logged(files), lambda log: log["leaves"].reverse()),
        relogged(logged(files), lambda log: log["leaves"][0].update(index=3)),
        relogged(logged(files), lambda log: log.update(checkpoint="no note")),
    ]
    assert agree(engine, *bundles)[0]["exit_code"] == 0
    trusted = engine.verify(logged(files), keys=keys())[0]
    assert not [one for one in trusted["findings"] if one["code"] == "keys-from-bundle"]


def test_public_values_are_judged_alike(engine: Engine) -> None:
    files = drawn_files(committed(least_files(), beacon_value=VALUE))
    bundles = [
        with_leaves(files, settled()),
        with_leaves(files, settled(digest="0" * 64)),
        with_leaves(files, settled(round="4711")),
        with_leaves(files, passed(files), settled(**NEXT)),
        with_leaves(files, passed(files), settled()),
        with_leaves(files, passed(files, fallback="none")),
        with_leaves(files, settled(), seen_at=SEEN_AT + 1),
        with_leaves(files, settled(known_from="2026-11-22T07:59:00Z")),
        with_leaves(files, settled(), seen_at=2**63),
        *(public_files(Bundle.from_files(drawn_files(random_case(number)))) for number in range(40)),
    ]
    assert {report["exit_code"] for report in agree(engine, *bundles)} == {0, 1, 2, 3}


def test_changes_of_what_the_record_or_the_rules_do_not_know_are_named_alike(engine: Engine) -> None:
    files, history = with_strike_and_replacement(drawn_files())
    lies = (other_stratum, stratum_left_out, other_department)
    reports = agree(engine, *(edited(files, partial(lie, history=history)) for lie in lies))
    assert {report["exit_code"] for report in reports} == {1}


def test_replacements_in_the_log_are_replayed_alike(engine: Engine) -> None:
    bundles, agreeing = [], 0
    for number in range(40):
        files = drawn_files(random_case(number))
        bundle = Bundle.from_files(files)
        record = bundle.record
        if record.draw != "310106-2026-0007" or not record.selected or not record.teams:
            continue
        history = strike_unit(bundle, record, [], unit=record.selected[0].unit, ground="closed")
        manned = [team for team in replay(bundle, record, history).teams.values() if team.members]
        if manned:
            out = manned[0].members[0].inspector
            history.append(replace_inspector(bundle, record, history, team=manned[0].team, out=out, ground="ill"))
        told = [leaf_of(event) for event in history]
        bundles += [logged(files, events_of_any(files) + told), logged(files, events_of_any(files) + told[:1])]
    for report in agree(engine, *bundles):
        agreeing += any(one["code"] == "replacements-agree" for one in report["findings"])
    assert agreeing > 5


def events_of_any(files: Mapping[str, bytes]) -> list:
    """The events up to the draw, without contributions of parties that this bundle may not have."""
    own = events_of({**files})[:4] if b'"SCJG"' in files["commitment.json"] else []
    return own or [("frozen", "0" * 64, {})]


def test_witnesses_statements_are_judged_alike(engine: Engine) -> None:
    rules = least_rules(strata="confidential")
    units = [(f"U{n}", "AB"[n % 2], f"{n:032x}") for n in range(8)]
    changed = {"rules.json": freezing.rules_json(rules), "frame.tsv": freezing.frame_tsv(units)}
    files = drawn_files(committed(least_files(**changed)))
    public = public_files(Bundle.from_files(files))
    record = json.loads(public["record_public.json"])
    text = (
        f"double-random-draw/1 statement\n{record['draw']}\n{record['commitment_digest']}\n"
        f"{record['record_digest']}\nagrees\n"
    )
    notes = [note_of(text, "witness-a"), note_of(text, "witness-b")]

    def stated(*shown: str) -> dict[str, bytes]:
        return {**public, "statements.json": canonical_bytes({"keys": statement_keys(), "statements": list(shown)})}

    both = agree(
        engine, public, stated(*notes), stated(notes[0]), stated(notes[0], note_of("x\n", "witness-b")),
        {**public, "record_public.json": public["record_public.json"].replace(b'"U1"', b'"U9"')},
        {name: data for name, data in public.items() if name != "frame_units.tsv"},
    )  # fmt: skip
    assert any(one["code"] == "statements-hold" for one in both[1]["findings"])
