"""What `verify` says of bundles that are whole, tampered with, public, or malformed."""

import io
import json
import zipfile

import pytest

from sampling.bundle import Bundle
from sampling.canonical import canonical_bytes
from sampling.drawing import draw
from sampling.errors import SamplingError
from sampling.publication import public_files
from sampling.verification import verify, verify_files, verify_path
from tests.sampling.bundle_making import (
    VECTORS,
    committed,
    least_case,
    least_files,
    least_rules,
    random_case,
)


def drawn_files(case=None):
    case = case or least_case()
    record = draw(Bundle.from_files(case.files), case.secrets, case.beacon_value)
    return {**case.files, "record.json": record.to_bytes()}


def edited_record(files, edit):
    record = json.loads(files["record.json"])
    edit(record)
    return {**files, "record.json": canonical_bytes(record)}


def codes(report, severity):
    return {finding.code for finding in report.findings if finding.severity == severity}


def test_every_changed_byte_of_a_bundle_is_reported():
    files = drawn_files()
    untouched = verify_files(files)
    assert untouched.exit_code == 3
    for name, data in files.items():
        for place in range(len(data)):
            changed = bytearray(data)
            changed[place] ^= 1 << (place % 7)
            report = verify_files({**files, name: bytes(changed)})
            assert report.exit_code in {1, 2}, (name, place, bytes(changed))


def test_every_dropped_doubled_or_swapped_line_is_reported():
    files = drawn_files()
    for name in ("frame.tsv", "excluded.tsv", "roster.tsv", "ties.tsv", "mapping.tsv"):
        lines = files[name].splitlines(keepends=True)
        for i in range(len(lines)):
            for changed in (lines[:i] + lines[i + 1 :], lines[: i + 1] + lines[i:], lines[1:] + lines[:1]):
                report = verify_files({**files, name: b"".join(changed)})
                assert report.exit_code in {1, 2}, (name, i)
                assert any(f.parameters.get("file") == name for f in report.findings if f.code == "committed-fact")


def test_a_swapped_unit_is_named():
    def swap(record):
        record["selected"][0]["unit"] = "U6" if record["selected"][0]["unit"] != "U6" else "U4"

    files = drawn_files()
    before = json.loads(files["record.json"])["selected"][0]["unit"]
    report = verify_files(edited_record(files, swap))
    assert report.exit_code == 1
    named = [finding for finding in report.findings if finding.code == "selected-missing"]
    assert [finding.parameters["unit"] for finding in named] == [before]
    assert before in named[0].zh
    assert before in named[0].en


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda r: r.update(seed="0" * 64), "record-fact"),
        (lambda r: r.update(entity_key="0" * 32), "record-fact"),
        (lambda r: r.update(commitment_digest="0" * 64), "record-fact"),
        (lambda r: r.update(draw="other"), "record-fact"),
        (lambda r: r.update(beacon_value="x"), "beacon-value-surplus"),
        (lambda r: r["contributions"][0].update(secret="0" * 64), "contribution-wrong"),
        (lambda r: r["contributions"].pop(), "contribution-missing"),
        (lambda r: r["contributions"].reverse(), "order"),
        (lambda r: r["strata"][0].update(size=5), "stratum-count"),
        (lambda r: r["selected"].reverse(), "order"),
        (lambda r: r["selected"].pop(), "selected-missing"),
        (lambda r: r["selected"][0].update(ticket="0" * 64), "ticket-differs"),
        (lambda r: r["selected"][0].update(stratum="B"), "stratum-differs"),
        (lambda r: r["reserve"].pop(), "reserve-missing"),
        (lambda r: r["teams"].pop(), "team-missing"),
        (lambda r: r["teams"][0].update(units=[]), "team-units"),
        (lambda r: r["teams"][0]["members"].pop(), "member-missing"),
        (lambda r: r["teams"][0]["members"][0].update(inspector="I9"), "member-surplus"),
        (lambda r: [m.update(lead=not m["lead"]) for m in r["teams"][0]["members"]], "member-differs"),
        (lambda r: r["teams"].reverse(), "order"),
        (
            lambda r: r["unfilled"].append({"department": "SCJG", "team": "U1", "unit": "", "missing": 1}),
            "unfilled-differs",
        ),
    ],
)
def test_each_lie_in_a_record_has_its_own_name(edit, code):
    report = verify_files(edited_record(drawn_files(), edit))
    assert report.exit_code == 1
    assert code in codes(report, "difference")


def test_a_public_bundle_says_what_it_withholds():
    files = drawn_files()
    public = public_files(Bundle.from_files(files))
    assert set(public) == set(files) - {"ties.tsv", "mapping.tsv"}
    report = verify_files(public)
    assert report.exit_code == 3
    assert codes(report, "withheld") == {"file-withheld", "teams-not-recomputed", "log-missing"}


@pytest.mark.parametrize("name", sorted(path.name for path in VECTORS.iterdir()))
def test_every_worked_bundle_verifies_in_its_public_form(name):
    files = {path.name: path.read_bytes() for path in (VECTORS / name).iterdir()}
    public = public_files(Bundle.from_files(files))
    report = verify_files(public)
    assert report.exit_code == 3, report.to_text()
    assert not codes(report, "difference")
    if json.loads(files["rules.json"])["strata"] == "confidential":
        record = json.loads(files["record.json"])
        shown = b"".join(public.values()).decode()
        hidden = [record["seed"], record["entity_key"], *(row["ticket"] for row in record["selected"])]
        hidden += [entry["secret"] for entry in record["contributions"]]
        assert not [text for text in hidden if text in shown]


def test_teams_of_public_bundles_are_never_doubted_without_reason():
    for number in range(150):
        files = drawn_files(random_case(number))
        report = verify_files({name: data for name, data in files.items() if name not in {"ties.tsv", "mapping.tsv"}})
        assert report.exit_code == 3, (number, report.to_text())


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda r: r["teams"][0]["members"][0].update(inspector="I9"), "member-over-cap"),
        (lambda r: r["teams"][0]["members"].pop(), "order"),
        (lambda r: r["teams"].pop(), "team-missing"),
        (lambda r: [m.update(lead=not m["lead"]) for m in r["teams"][0]["members"]], "member-differs"),
    ],
)
def test_impossible_teams_are_found_without_the_ties(edit, code):
    files = edited_record(drawn_files(), edit)
    report = verify_files({name: data for name, data in files.items() if name not in {"ties.tsv", "mapping.tsv"}})
    assert report.exit_code == 1
    assert code in codes(report, "difference")


def test_a_certain_and_an_impossible_stratum_are_warned_of():
    rules = least_rules(allocation={"kind": "count", "strata": {"A": {"count": 9}, "B": {"count": 0}}})
    report = verify(Bundle.from_files(drawn_files(committed(least_files(**{"rules.json": canonical_bytes(rules)})))))
    assert {"stratum-certain", "stratum-impossible"} <= codes(report, "warning")


def test_a_thin_department_is_warned_of():
    rules = least_rules()
    rules["teams"]["departments"][0]["per_team"] = 3
    report = verify_files(drawn_files(committed(least_files(**{"rules.json": canonical_bytes(rules)}))))
    assert "department-thin" in codes(report, "warning")


def test_a_folder_and_a_zip_file_give_the_same_report(tmp_path):
    files = drawn_files()
    folder = tmp_path / "bundle"
    folder.mkdir()
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            (folder / name).write_bytes(data)
            archive.writestr(f"some folder/{name}", data)
    assert verify_path(folder) == verify_path(tmp_path / "bundle.zip")


def test_a_zip_bomb_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("commitment.json", b"0" * 50_000_000)
    report = verify_path(tmp_path / "bomb.zip")
    assert (report.exit_code, report.findings[0].code) == (2, "bundle-suspicious")


def test_a_zip_file_with_a_file_twice_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "twice.zip", "w") as archive:
        archive.writestr("a/rules.json", b"{}")
        archive.writestr("b/rules.json", b"{}")
    assert verify_path(tmp_path / "twice.zip").findings[0].code == "bundle-file-twice"


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04" + b"\0" * 40])
def test_a_broken_zip_file_is_invalid_input(tmp_path, content):
    (tmp_path / "broken.zip").write_bytes(content)
    assert verify_path(tmp_path / "broken.zip").exit_code == 2


def test_half_a_zip_file_is_invalid_input(tmp_path):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in drawn_files().items():
            archive.writestr(name, data)
    data = bytearray(whole.getvalue())
    data[60:80] = b"\xff" * 20
    (tmp_path / "torn.zip").write_bytes(bytes(data))
    assert verify_path(tmp_path / "torn.zip").exit_code == 2


def test_a_draw_refuses_files_that_were_not_committed_to():
    case = least_case()
    files = {**case.files, "ties.tsv": b""}
    with pytest.raises(SamplingError, match=r"ties\.tsv is not the file") as caught:
        draw(Bundle.from_files(files), case.secrets)
    assert caught.value.code == "file-not-committed"


@pytest.mark.parametrize(
    ("secrets", "value", "code"),
    [
        ({"SCJG": "a" * 64}, None, "contribution-missing"),
        ({"SCJG": "a" * 64, "system": "c" * 64}, None, "contribution-wrong"),
        ({"SCJG": "a" * 64, "system": "b" * 64, "XFJY": "c" * 64}, None, "contribution-unknown"),
        ({"SCJG": "a" * 64, "system": "b" * 64}, "1", "beacon-value-surplus"),
        ({"SCJG": "A" * 64, "system": "b" * 64}, None, "digest-malformed"),
    ],
)
def test_a_draw_refuses_a_reveal_that_does_not_fit(secrets, value, code):
    with pytest.raises(SamplingError) as caught:
        draw(Bundle.from_files(least_case().files), secrets, value)
    assert caught.value.code == code


def test_a_draw_with_a_beacon_needs_its_value():
    case = committed(least_files(), beacon_value="v")
    with pytest.raises(SamplingError) as caught:
        draw(Bundle.from_files(case.files), case.secrets)
    assert caught.value.code == "beacon-value-missing"


def test_the_report_is_readable_by_programs():
    report = json.loads(verify_files(drawn_files()).to_json())
    assert report["exit_code"] == 3
    assert {"code", "severity", "parameters", "zh", "en"} == set(report["findings"][0])
