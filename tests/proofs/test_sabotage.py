"""Would the tests notice? Each sabotage is put into a copy of the code, and a named test must fail with it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from supervision import clock
from tests.proofs.effort import FULL, ON_POSTGRESQL, WHOLE, proof
from tests.proofs.sabotages import SABOTAGES, Sabotage

PROJECT = Path(__file__).resolve().parents[2]
PARTS = ("sampling", "supervision", "joint_inspections", "punishments", "reports", "tests")
FILES = ("wsgi.py", "pyproject.toml", "Makefile")
ROTATING = 3

pytestmark = pytest.mark.skipif(ON_POSTGRESQL, reason="the copies are tried on SQLite")


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=[one.name for one in SABOTAGES])
def test_every_sabotage_still_fits_the_code(sabotage: Sabotage) -> None:
    source = (PROJECT / sabotage.file).read_text(encoding="utf-8")
    assert source.count(sabotage.old) == 1
    path, _, name = sabotage.caught_by.partition("::")
    assert not name or f"def {name}(" in (PROJECT / path).read_text(encoding="utf-8")


@pytest.mark.skipif(not WHOLE, reason="runs whole tests in copies: make proof")
@pytest.mark.timeout(3600)
def test_every_sabotage_is_noticed(tmp_path: Path) -> None:
    for part in PARTS:
        shutil.copytree(PROJECT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in FILES:
        shutil.copy(PROJECT / file, tmp_path / file)
    with proof("sabotage") as tally:
        for one in chosen():
            noticed = _tries(tmp_path, one)
            tally.note(right=noticed, what=f"{one.name}: {one.caught_by} does not notice")
        tally.facts["sabotages"] = [one.name for one in chosen()]


def chosen() -> list[Sabotage]:
    """Return all of them, or the three whose turn it is today."""
    if FULL:
        return list(SABOTAGES)
    first = clock.today().toordinal() * ROTATING
    return [SABOTAGES[(first + place) % len(SABOTAGES)] for place in range(ROTATING)]


def _tries(copy: Path, one: Sabotage) -> bool:
    """Say whether the named test passes before and fails after."""
    path = copy / one.file
    honest = path.read_text(encoding="utf-8")
    if _run(copy, one.caught_by):
        return False
    path.write_text(honest.replace(one.old, one.new), encoding="utf-8")
    try:
        return _run(copy, one.caught_by) == 1
    finally:
        path.write_text(honest, encoding="utf-8")


def _run(copy: Path, test: str) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", "-p", "no:cacheprovider", test]
    # the slice must notice: at full length the honest run alone may take longer than a test is given
    slice_ = {name: value for name, value in os.environ.items() if name != "PROOF"}
    return subprocess.run(command, cwd=copy, env=slice_, capture_output=True, check=False, timeout=600).returncode
