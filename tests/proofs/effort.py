"""How hard an attack tries: a slice with every test, the whole under ``make proof``; what it found goes to a file."""

import json
import os
import platform
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from supervision.db import sqlite_driver

RESULTS = Path(__file__).resolve().parents[2] / "benchmarks" / "results"
WHOLE = os.environ.get("PROOF", "") in {"whole", "full"}
FULL = os.environ.get("PROOF", "") == "full"
# every random choice of an attack follows from it; told in the result, so that a run can be repeated
SEED = int(os.environ.get("PROOF_SEED", "20261123"))
ON_POSTGRESQL = os.environ.get("TEST_DATABASE", "sqlite") == "postgresql"


def effort(slice_: int, whole: int, full: int | None = None) -> int:
    """Return how many of something: in the slice, under ``make proof``, under ``make proof FULL=1``."""
    if FULL:
        return full or whole
    return whole if WHOLE else slice_


@dataclass
class Tally:
    """What one attack counted."""

    passed: int = 0
    failed: list[str] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)

    def note(self, *, right: bool, what: str) -> None:
        """Count one case."""
        if right:
            self.passed += 1
        else:
            self.failed.append(what)

    @property
    def line(self) -> str:
        """The plain line."""
        return f"{self.passed} passed, {len(self.failed)} failed"


@contextmanager
def proof(name: str, **facts: object) -> Iterator[Tally]:
    """Run one attack; under ``make proof`` write its result, then fail if a case failed."""
    tally, begun = Tally(facts=dict(facts)), time.perf_counter()
    try:
        yield tally
    finally:
        if WHOLE:
            write(name, tally, seconds=time.perf_counter() - begun)
    first = "\n".join(tally.failed[:20])
    assert not tally.failed, f"{name}: {tally.line}; first:\n{first}"


def write(name: str, tally: Tally, *, seconds: float) -> None:
    """Write the result as JSON; ``summary`` prints the plain lines."""
    database = "postgresql" if ON_POSTGRESQL else "sqlite"
    RESULTS.mkdir(exist_ok=True)
    content = {
        "proof": name,
        "database": database,
        "seed": SEED,
        "passed": tally.passed,
        "failed": len(tally.failed),
        "first_failures": tally.failed[:20],
        "seconds": round(seconds, 1),
        "effort": "full" if FULL else "whole",
        "versions": versions(),
        **tally.facts,
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (RESULTS / f"{name}-{database}.json").write_text(text, encoding="utf-8")


def versions() -> dict[str, str]:
    """Return what the run stood on."""
    driver = getattr(sqlite_driver, "sqlite_version", sqlite3.sqlite_version)
    return {"python": platform.python_version(), "sqlite": str(driver), "system": platform.platform()}
