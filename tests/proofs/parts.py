"""A search too long for one sitting: each part keeps what it found, and a run cut short goes on after the last one."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.proofs.effort import RESULTS, SEED

PROJECT = Path(__file__).resolve().parents[2]
STEERING = ("sampling", "supervision/draws", "supervision/beacons", "supervision/transparency", "tests/proofs")


def search_in_parts(
    search: Callable[[int], Counter[str]],
    *,
    parts: int,
    name: str = "state-machine",
    searched: Sequence[str] = STEERING,
) -> Counter[str]:
    """Run the parts that are still missing, each from a seed of its own; return the sums of all.

    Parts found by other code than today's (that of the folders ``searched``) do not count: they are searched anew.
    """
    kept, code = RESULTS / f"{name}-parts.json", digest_of_code(searched)
    found = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    if found.get("code") != code:
        found = {"code": code, "parts": {}}
    for part in range(parts):
        begin = str(SEED + part)
        if begin in found["parts"]:
            continue
        found["parts"][begin] = dict(sorted(search(int(begin)).items()))
        RESULTS.mkdir(exist_ok=True)
        kept.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return sum((Counter(found["parts"][str(SEED + part)]) for part in range(parts)), Counter())


def digest_of_code(searched: Sequence[str]) -> str:
    """Return one SHA-256 over the sources that are searched and those that search."""
    digest = hashlib.sha256()
    for folder in searched:
        for path in sorted((PROJECT / folder).rglob("*.py")):
            digest.update(f"{path.relative_to(PROJECT)}\n".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
