"""The three commands, alone with the standard library, whatever surrounds them."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sampling
from sampling.__main__ import main
from sampling.error_texts import ERROR_TEXTS
from sampling.finding_texts import FINDING_TEXTS
from tests.sampling.bundle_making import VECTORS

FOLDER = Path(sampling.__file__).parent
SOURCES = sorted(FOLDER.glob("*.py"))
ALONE = """
import runpy, sys
sys.path.insert(0, ".")
runpy.run_module("sampling", run_name="__main__")
"""
CLOCKS_AND_CHANCE = {"time", "datetime", "os", "random", "secrets", "uuid", "sqlite3", "socket", "urllib"}
PLATFORM = {"flask", "sqlalchemy", "werkzeug", "jinja2", "reportlab", "supervision", "joint_inspections"}
PLATFORM_AND_FLOORS = PLATFORM | {"punishments", "reports"}
FORBIDDEN = CLOCKS_AND_CHANCE | PLATFORM_AND_FLOORS
# a witness looks at a log by the network, keeps files, makes a key and says when; nothing is drawn by it
OF_A_WITNESS = {"note_signing.py", "witness_command.py", "witness_station.py"}


@pytest.fixture
def alone(tmp_path):
    """Copy the folder and one bundle elsewhere, as a citizen would."""
    shutil.copytree(FOLDER, tmp_path / "sampling", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(VECTORS / "case04", tmp_path / "bundle")
    return tmp_path


def run(folder, *arguments, **environment):
    """Run a command isolated from site-packages and from everything the user has set."""
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", ALONE, *arguments],
        cwd=folder,
        env={"PATH": os.defpath, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_copied_folder_draws_the_same_bytes(alone):
    (alone / "bundle" / "record.json").unlink()
    done = run(alone, "draw", "--bundle", "bundle", "--reveal", "bundle/reveal.json")
    assert done.returncode == 0, done.stderr
    assert (alone / "bundle" / "record.json").read_bytes() == (VECTORS / "case04" / "record.json").read_bytes()
    assert sorted(path.name for path in (alone / "bundle").iterdir()) == sorted(
        path.name for path in (VECTORS / "case04").iterdir()
    )


def test_the_copied_folder_verifies(alone):
    done = run(alone, "verify", "bundle", "--json")
    assert (done.returncode, json.loads(done.stdout)["exit_code"]) == (3, 3)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/St_Johns"])
@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_neither_hash_seed_nor_time_zone_matters(alone, seed, zone):
    # -I ignores PYTHONHASHSEED, so here the plain interpreter runs in the copied folder.
    done = subprocess.run(
        [sys.executable, "-S", "-m", "sampling", "draw", "--bundle", "bundle", "--reveal", "bundle/reveal.json"],
        cwd=alone,
        env={"PATH": os.defpath, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"differed" not in done.stderr
    assert (alone / "bundle" / "record.json").read_bytes() == (VECTORS / "case04" / "record.json").read_bytes()


def imports_of(source):
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield node.module


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_the_engine_knows_no_clock_no_chance_and_no_platform(source):
    allowed = set(sys.stdlib_module_names) | {"sampling", "cryptography"}
    roots = {name.partition(".")[0] for name in imports_of(source)}
    assert not roots & (PLATFORM_AND_FLOORS if source.name in OF_A_WITNESS else FORBIDDEN)
    assert roots <= allowed


def test_what_draws_and_verifies_never_takes_in_what_a_witness_does_with_clock_key_and_network():
    code = "import sampling.drawing, sampling.verification, sys; print(*(n for n in sys.modules if 'sampling.' in n))"
    done = subprocess.run([sys.executable, "-c", code], cwd=FOLDER.parent, capture_output=True, text=True, check=True)
    taken_in = {f"{name.rpartition('.')[2]}.py" for name in done.stdout.split()}
    assert "drawing.py" in taken_in
    assert not taken_in & OF_A_WITNESS


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_modules_and_functions_stay_short(source):
    text = source.read_text("utf-8")
    assert text.count("\n") <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 42, node.name


def test_every_code_used_has_its_sentences():
    used = set()
    for source in SOURCES:
        text = source.read_text("utf-8")
        used |= set(re.findall(r'(?:Error|difference|withheld|warning|agreed)\(\s*"([a-z0-9-]+)"', text))
    assert len(used) > 80
    assert not used - set(ERROR_TEXTS) - set(FINDING_TEXTS)


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("reveal.json", b"{}", "lacks the key"),
        ("reveal.json", b'{"contributions":[],"beacon_value":null}', "has not revealed"),
        ("reveal.json", b"\xff", "not valid UTF-8"),
        ("reveal.json", b'{"contributions":[],"contributions":[],"beacon_value":null}', "duplicate JSON key"),
        ("commitment.json", b"[]", "must be a JSON object"),
        ("commitment.json", None, "lacks commitment.json"),
        ("frame.tsv", None, "lacks frame.tsv"),
        ("frame.tsv", b"U1\n", "must have 2 columns"),
        ("frame.tsv", b"U1\tA\n", "not the file that was committed to"),
        ("rules.json", b"{}", "lacks the key"),
        ("rules.json", b"{", "not valid JSON"),
        ("roster.tsv", b"I1\tSCJG\t1\t0\n", "must have 5 columns"),
        ("ties.tsv", b"I1 U1\n", "must have 2 columns"),
        ("mapping.tsv", b"", "do not name the same inspectors"),
        ("excluded.tsv", b"X\n", "must have 2 columns"),
    ],
)
def test_bad_input_ends_with_code_2_and_a_clear_message(alone, capsys, file, content, message):
    path = alone / "bundle" / file
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    (alone / "bundle" / "record.json").unlink()
    arguments = ["draw", "--bundle", str(alone / "bundle"), "--reveal", str(alone / "bundle" / "reveal.json")]
    assert main(arguments) == 2
    assert message in capsys.readouterr().err
    assert not (alone / "bundle" / "record.json").exists()


def test_a_missing_folder_or_reveal_ends_with_code_2(alone, capsys):
    assert main(["verify", str(alone / "nowhere")]) == 2
    assert main(["draw", "--bundle", str(alone / "bundle"), "--reveal", str(alone / "nowhere")]) == 2
    assert "cannot read" in capsys.readouterr().err


def test_a_ticket_shows_line_ticket_rank_chance_and_proof(alone, capsys):
    record = json.loads((alone / "bundle" / "record.json").read_bytes())
    drawn = record["selected"][0]
    assert main(["ticket", "--bundle", str(alone / "bundle"), drawn["unit"]]) == 0
    shown = capsys.readouterr().out
    for text in (drawn["unit"], drawn["ticket"], "rank: 1 /", "selected", "proof 1", "chance"):
        assert text in shown
    excluded = (alone / "bundle" / "excluded.tsv").read_text().split("\t")[0]
    assert main(["ticket", "--bundle", str(alone / "bundle"), excluded]) == 0
    assert "excluded, reason" in capsys.readouterr().out
    assert main(["ticket", "--bundle", str(alone / "bundle"), "NOBODY"]) == 0
    assert "not in the register" in capsys.readouterr().out
    assert main(["ticket", "--json", "--bundle", str(alone / "bundle"), drawn["unit"]]) == 0
    assert json.loads(capsys.readouterr().out)["place"]["rank"] == 1


def test_a_ticket_before_the_draw_has_no_number_yet(alone, capsys):
    unit = (alone / "bundle" / "frame.tsv").read_text().split("\t")[0]
    (alone / "bundle" / "record.json").unlink()
    assert main(["ticket", "--bundle", str(alone / "bundle"), unit]) == 0
    assert "not drawn" in capsys.readouterr().out


def test_drawing_again_changes_nothing_and_repairs_a_damaged_record(alone, capsys):
    arguments = ["draw", "--bundle", str(alone / "bundle"), "--reveal", str(alone / "bundle" / "reveal.json")]
    before = (alone / "bundle" / "record.json").read_bytes()
    assert main(arguments) == 0
    assert "differed" not in capsys.readouterr().err
    (alone / "bundle" / "record.json").write_bytes(before[:100])
    assert main(arguments) == 0
    assert "differed" in capsys.readouterr().err
    assert (alone / "bundle" / "record.json").read_bytes() == before


@pytest.mark.parametrize("arguments", [["--help"], ["verify", "--help"], ["ticket", "-h"], ["draw", "--help"]])
def test_the_help_explains_each_command_in_both_languages_on_any_terminal(alone, arguments):
    done = run(alone, *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert "例 example" in done.stdout
    assert "python -m sampling" in done.stdout
    plain = subprocess.run(
        [sys.executable, "-S", "-m", "sampling", *arguments],
        cwd=alone,
        env={"PATH": os.defpath, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        encoding="ascii",
        check=False,
    )
    assert (plain.returncode, plain.stderr) == (0, "")


@pytest.mark.parametrize("arguments", [[], ["verify"], ["ticket", "X"], ["draw", "--bundle", "bundle"], ["predict"]])
def test_an_incomplete_command_shows_its_help_and_ends_with_code_2(alone, arguments):
    done = run(alone, *arguments)
    assert done.returncode == 2
    assert "例 example" in done.stderr
    assert "命令写法不完整或者有误" in done.stderr.splitlines()[-1]


def test_a_code_is_found_however_it_was_typed_and_in_a_zip_file(alone, capsys):
    unit = (alone / "bundle" / "frame.tsv").read_text().split("\t")[0]
    archive = shutil.make_archive(str(alone / "packed"), "zip", alone, "bundle")
    assert main(["ticket", "--bundle", archive, f" {unit[:8].lower()} {unit[8:].lower()}"]) == 0
    shown = capsys.readouterr().out
    assert unit in shown
    assert "commitment.json" in shown


def test_an_unreadable_bundle_has_a_verdict_without_a_number(alone, capsys):
    assert main(["verify", str(alone / "nowhere")]) == 2
    assert capsys.readouterr().out.startswith("输入无法读取或不合规")
