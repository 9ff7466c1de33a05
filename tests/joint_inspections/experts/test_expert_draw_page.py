"""The worked example of docs/expert-draw.md, command by command, and the rules of the platform held against it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from joint_inspections.experts.rules import Line, Need, digest_of, draw_experts, key_of, seed_of
from tests.joint_inspections.experts import recomputing

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "expert-draw.md").read_text("utf-8")
EXAMPLES = re.findall(r"```sh\n(.*?)```\n```text\n(.*?)```", PAGE, re.DOTALL)
UNIT = "91310106MA1FY00001"


def test_the_page_has_its_six_steps() -> None:
    assert len(EXAMPLES) == 6


@pytest.mark.parametrize(("command", "output"), EXAMPLES, ids=range(1, len(EXAMPLES) + 1))
def test_each_command_of_the_page_prints_what_the_page_says(tmp_path: Path, command: str, output: str) -> None:
    (tmp_path / "python").symlink_to(sys.executable)
    path = f"{tmp_path}{os.pathsep}{os.defpath}"
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=ROOT, env={"PATH": path, "LC_ALL": "C"}, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.stdout == output, done.stderr


def test_the_platform_draws_whom_the_page_draws() -> None:
    content = re.search(r"'(\{\"contributions\".*?\})'", PAGE)
    assert content is not None
    listed = json.loads(content.group(1))
    secret, value = "0f" * 32, "ab" * 32
    seed = seed_of(digest_of(content.group(1).encode()), {"system": secret, "SFJ": value})
    assert seed in PAGE
    assert key_of("match N1", seed) in PAGE
    ties = {("X-0002", UNIT)}
    drawn = draw_experts(
        [Need("N1", "食品安全", 1)],
        [Line(one["expert"], tuple(one["needs"])) for one in listed["experts"]],
        teams={"A": [UNIT]},
        ties=ties,
        seed=seed,
    )
    assert set(drawn.places) == recomputing.draw(listed, {"A": [UNIT]}, ties, seed)
    assert drawn.places[0][2] == EXAMPLES[-1][1].split()[1]
