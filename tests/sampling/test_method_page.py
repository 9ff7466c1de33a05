"""The worked example of docs/sampling-method.md, command by command."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "sampling-method.md").read_text("utf-8")
EXAMPLES = re.findall(r"```sh\n(.*?)```\n```text\n(.*?)```", PAGE, re.DOTALL)


def test_the_page_has_its_six_steps():
    assert len(EXAMPLES) == 6


@pytest.mark.parametrize(("command", "output"), EXAMPLES, ids=range(1, len(EXAMPLES) + 1))
def test_each_command_of_the_page_prints_what_the_page_says(tmp_path, command, output):
    (tmp_path / "python").symlink_to(sys.executable)
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=ROOT,
        env={"PATH": f"{tmp_path}{os.pathsep}{os.defpath}", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stdout == output, done.stderr
