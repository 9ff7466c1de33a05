"""Registers that are made up for measuring, and the operator's command that draws from them."""

import io
import random
from pathlib import Path

from measuring import python, run

from sampling import freezing

KEY = "0123456789abcdef" * 2
PROVINCES = 31


def cost(command: list[str], **environment: str) -> dict[str, float]:
    """Run a command and give its seconds, processor seconds and megabytes."""
    used = run(command, **environment)
    return {"seconds": used.seconds, "processor": used.processor, "megabytes": used.megabytes}


def select(folder: Path, frame: Path, rules: Path, backend: str, *more: str) -> list[str]:
    """Give the command that draws from a frame."""
    out = str(folder / "selection.json")
    named = ["--frame", str(frame), "--rules", str(rules), "--entity-key", KEY, "--backend", backend, "--output", out]
    return python("-m", "sampling", "select", *named, *more)


def written_frame(folder: Path, size: int) -> Path:
    """Write a frame of so many units, if it is not there yet."""
    path = folder / f"frame-{size}.tsv"
    if not path.exists():
        chance = random.Random(1)  # noqa: S311 - data for a measurement, the same every time
        with path.open("wb") as stream:
            for begin in range(0, size, 100_000):
                numbers = range(begin, begin + 100_000)
                part = io.BytesIO()
                part.writelines(b"91310106%010d\tP%02d\n" % (n, chance.randrange(PROVINCES)) for n in numbers)
                stream.write(part.getvalue())
    return path


def rules_file(*, rate_bp: int = 0, total: int = 0) -> bytes:
    """Give rules that draw a share of every province, or a total."""
    strata = {f"P{number:02d}": {"rate_bp": rate_bp} for number in range(PROVINCES)}
    allocation = {"kind": "total", "total": total} if total else {"kind": "rate", "strata": strata}
    return freezing.rules_json(
        {
            "protocol": "double-random-draw/1",
            "hash": "sha256",
            "draw": "000000-2026-0001",
            "strata": "public",
            "allocation": allocation,
            "reserve": 10,
            "teams": {"mode": "none"},
        }
    )


def written_rules(folder: Path, **numbers: int) -> Path:
    """Write the same."""
    path = folder / "rules.json"
    path.write_bytes(rules_file(**numbers))
    return path
