"""`python -m sampling select`, as the operator of a national register uses it."""

import json
import sys

import pytest

from sampling.__main__ import main
from sampling.bundle import read_bundle
from sampling.reveal import parse_reveal
from tests.sampling.bundle_making import VECTORS

CASE = VECTORS / "case02"
RECORD = json.loads((CASE / "record.json").read_bytes())
KEY = RECORD["entity_key"]


def select(*more, frame=CASE / "frame.tsv", rules=CASE / "rules.json", key=KEY):
    return main(["select", "--frame", str(frame), "--rules", str(rules), "--entity-key", key, *map(str, more)])


@pytest.mark.parametrize("backend", ["auto", "plain", "accelerated", "duckdb"])
def test_what_is_selected_is_what_the_record_says(backend, tmp_path):
    out = tmp_path / "selection.json"
    assert select("--backend", backend, "--commitment", CASE / "commitment.json", "--output", out) == 0
    found = json.loads(out.read_bytes())
    for name in ("draw", "hash", "entity_key", "strata", "selected", "reserve"):
        assert found[name] == RECORD[name]
    assert found["frame_root"] == read_bundle(CASE).commitment.frame_root


def test_the_outcome_goes_to_the_screen_where_no_file_is_named(capsys):
    assert select("--without-root") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["frame_root"] is None
    assert found["selected"] == RECORD["selected"]


def test_a_frame_that_was_not_committed_to_is_refused(tmp_path, capsys):
    frame = tmp_path / "frame.tsv"
    frame.write_bytes((CASE / "frame.tsv").read_bytes().replace(b"\tA/H62\n", b"\tB/H62\n", 1))
    assert select("--commitment", CASE / "commitment.json", frame=frame) == 2
    assert "与承诺不符（frame_root）" in capsys.readouterr().err


def test_other_rules_are_refused(tmp_path, capsys):
    rules = tmp_path / "rules.json"
    changed = json.loads((CASE / "rules.json").read_bytes())
    changed["reserve"] += 1
    rules.write_bytes(json.dumps(changed, sort_keys=True, separators=(",", ":")).encode())
    assert select("--commitment", CASE / "commitment.json", rules=rules) == 2
    assert "rules_digest" in capsys.readouterr().err


@pytest.mark.parametrize("key", ["", "0" * 31, "G" * 32, KEY.upper() + "x"])
def test_a_key_that_is_none_is_refused(key, capsys):
    assert select(key=key) == 2
    assert "32 lower-case hex digits" in capsys.readouterr().err


def test_a_library_that_is_missing_is_named_with_the_remedy(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "sampling.backends.spark_frames", None)
    assert select("--backend", "spark") == 2
    assert "python -m pip install pyspark" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("backend", "more", "said"),
    [
        ("duckdb", [], "No files found"),
        ("postgresql", ["--database", "host=127.0.0.1 port=1 connect_timeout=2"], "refused"),
        ("plain", [], "cannot read"),
    ],
)
def test_a_register_that_is_not_there_ends_with_code_2(backend, more, said, capsys, tmp_path):
    assert select("--backend", backend, *more, frame=tmp_path / "nowhere.parquet") == 2
    error = capsys.readouterr().err
    assert said in error
    assert any(ord(character) > 0x2E80 for character in error)


def test_postgresql_is_asked_over_its_connection(postgresql_connection, postgresql_address, tmp_path):
    postgresql_connection.execute("DROP TABLE IF EXISTS register")
    postgresql_connection.execute("CREATE TABLE register (unit text, stratum text)")
    rows = [line.split("\t")[:2] for line in (CASE / "frame.tsv").read_text().splitlines()]
    postgresql_connection.cursor().executemany("INSERT INTO register VALUES (%s, %s)", rows)
    out = tmp_path / "selection.json"
    more = ["--backend", "postgresql", "--database", postgresql_address, "--output", out]
    assert select(*more, "--commitment", CASE / "commitment.json", frame="register") == 0
    assert json.loads(out.read_bytes())["selected"] == RECORD["selected"]


def test_a_draw_and_its_check_can_be_plain(capsys):
    assert main(["verify", "--plain", str(CASE)]) == 3
    assert parse_reveal((CASE / "reveal.json").read_bytes()).secrets


@pytest.mark.parametrize("arguments", [["select", "--help"], ["--help"]])
def test_the_help_speaks_both_languages(arguments, capsys):
    with pytest.raises(SystemExit):
        main(arguments)
    shown = capsys.readouterr().out
    assert "select" in shown
    assert "例 example" in shown
