"""From the freeze to the opened bundle: what the platform draws, the engine alone reproduces."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from supervision.config import PROJECT
from supervision.draws import services
from supervision.draws.bundles import bundle_zip, full_bundle, public_bundle
from supervision.draws.queries import list_leaves
from supervision.draws.rules import DrawState
from supervision.errors import NotFound
from supervision.plans.rules import Stratification, TaskState, TeamMode
from tests.factories import Make
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import World, make_world

VERSIONS = [
    {},
    {"team_mode": TeamMode.GROUP, "group_count": 3},
    {"stratification": Stratification.RISK},
]


def verify(files: dict[str, bytes], number: str, folder: Path) -> tuple[int, dict[str, set[str]]]:
    """Run the verifier as a citizen would; return its exit code and the codes found by severity."""
    bundle = folder / "bundle.zip"
    bundle.write_bytes(bundle_zip(files, number=number))
    command = [sys.executable, "-m", "sampling", "verify", str(bundle), "--json"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    found: dict[str, set[str]] = {}
    for finding in json.loads(done.stdout)["findings"]:
        found.setdefault(finding["severity"], set()).add(finding["code"])
    return done.returncode, found


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("departments", [1, 2])
def test_the_whole_path_is_reproduced_by_the_verifier(
    make: Make, visits: Visits, tmp_path: Path, departments: int, version: dict[str, object]
) -> None:
    world = make_world(make, departments=departments, **version)
    draw = world.drawn()
    assert visits.begun == [draw.number]
    assert world.task.state is TaskState.RUNNING
    visits.done = True
    services.open_draw(world.session, draw, actor=world.lead)
    assert draw.state is DrawState.OPENED
    assert world.task.state is TaskState.FINISHED
    code, found = verify(full_bundle(world.session, draw), draw.number, tmp_path)
    assert code == 0, found
    assert "log-proven" in found["ok"]
    code, found = verify(public_bundle(world.session, draw), draw.number, tmp_path)
    assert code == 3, found
    assert "log-missing" not in found["withheld"]
    assert "mapping.tsv" not in public_bundle(world.session, draw)


def test_leaves_tell_the_order_of_events(world: World, visits: Visits) -> None:
    draw = world.drawn()
    visits.done = True
    services.open_draw(world.session, draw, actor=world.lead)
    leaves = list_leaves(world.session, draw)
    events = [leaf.event.value for leaf in leaves]
    assert events == ["frozen", "contributed", "contributed", "committed", "drawn", "opened"]
    indexes = [leaf.index for leaf in leaves]
    assert indexes == sorted(indexes)
    assert leaves[3].digest == draw.commitment_digest
    assert leaves[4].digest == draw.record_digest


@pytest.mark.parametrize("name", ["frame.tsv", "excluded.tsv", "roster.tsv", "ties.tsv", "mapping.tsv", "record.json"])
def test_a_changed_file_is_a_difference(world: World, visits: Visits, tmp_path: Path, name: str) -> None:
    world.make.entity(status="deregistered")
    draw = world.drawn()
    visits.done = True
    services.open_draw(world.session, draw, actor=world.lead)
    files = full_bundle(world.session, draw)
    files[name] = tampered(files[name])
    code, found = verify(files, draw.number, tmp_path)
    assert code in {1, 2}, found
    assert found.get("difference") or found.get("invalid")


def tampered(data: bytes) -> bytes:
    """Change one digit, or write a line where there was none."""
    for place in range(len(data) - 1, -1, -1):
        if chr(data[place]).isdigit():
            digit = b"1" if data[place : place + 1] != b"1" else b"2"
            return data[:place] + digit + data[place + 1 :]
    return b"T1-0001\t91310106MA000000000\n"


def test_a_sealed_draw_has_no_bundle(world: World) -> None:
    draw = world.drawn()
    with pytest.raises(NotFound):
        full_bundle(world.session, draw)
    with pytest.raises(NotFound):
        public_bundle(world.session, draw)
