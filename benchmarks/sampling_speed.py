"""How fast the draw is, beside `consistent_sampler` on the same identifiers, in one run.

Install the rival away from this repository and say where it is:

    python -m pip install --target /tmp/rival consistent_sampler
    PYTHONPATH=/tmp/rival:. python benchmarks/sampling_speed.py

Ratios are what counts; seconds and bytes depend on the machine. Memory is what tracemalloc sees beyond the
list of identifiers both sides are given. Without the rival only our own figures are printed.
"""

import gc
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable
from importlib import import_module
from itertools import islice

from sampling import freezing
from sampling.bundle import Bundle
from sampling.drawing import draw
from sampling.seeds import contribution_digest
from sampling.tables import RosterLine
from sampling.tickets import smallest_tickets

SIZES = (100_000, 1_000_000)
KEY = "0123456789abcdef0123456789abcdef"
UNITS = 5_000
DEPARTMENTS = ("SCJG", "XFJY", "JYJ")
Measured = tuple[float, float]


def main() -> None:
    """Measure and print."""
    rival = _rival()
    for size in SIZES:
        units = [f"91310106{number:010d}" for number in range(size)]
        count = size // 100
        ours = _measured(lambda units=units, count=count: smallest_tickets(KEY, units, count=count, hash_name="sha256"))
        print(f"draw {count:,} of {size:,}: {ours[0]:.2f} s, {ours[1] / 1e6:.1f} MB")
        if rival is not None:
            theirs = _measured(
                lambda units=units, count=count: list(
                    islice(rival(units, seed=KEY, with_replacement=False, take=count), count)
                )
            )
            print(f"    consistent_sampler: {theirs[0]:.2f} s, {theirs[1] / 1e6:.1f} MB")
            print(
                f"    ours is {theirs[0] / ours[0]:.1f} times as fast and takes {ours[1] / theirs[1]:.3f} of the memory"
            )
    _print_teams(ties_per_inspector=5, spare=1.3)
    _print_teams(ties_per_inspector=1_500, spare=1.0)


def _rival() -> Callable[..., Iterable[object]] | None:
    try:
        return import_module("consistent_sampler").sampler
    except ImportError:
        sys.stdout.write("consistent_sampler is not installed: see the head of this file\n")
        return None


def _measured(work: Callable[[], object]) -> Measured:
    """Give the best of two times, and the peak of memory in a run of its own."""
    seconds = min(_seconds(work) for _ in range(2))
    gc.collect()
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return seconds, float(peak)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _print_teams(*, ties_per_inspector: int, spare: float) -> None:
    bundle, secrets = team_bundle(units=UNITS, ties_per_inspector=ties_per_inspector, spare=spare)
    start = time.perf_counter()
    record = draw(bundle, secrets)
    seconds = time.perf_counter() - start
    missing = sum(row.missing for row in record.unfilled)
    print(
        f"whole draw with teams for {UNITS:,} units, {len(DEPARTMENTS)} departments, {ties_per_inspector} ties each, "
        f"{spare:.1f} places offered per place needed: {seconds:.2f} s, {missing} places empty"
    )


def team_bundle(*, units: int, ties_per_inspector: int, spare: float) -> tuple[Bundle, dict[str, str]]:
    """Make a bundle in which every unit is drawn and three departments send two inspectors each."""
    codes = [f"91310106{number:010d}" for number in range(units)]
    cap = 50
    people = int(units * 2 * spare / cap)
    roster = [RosterLine(f"{code}{i:04}", code, cap, i % 4) for code in DEPARTMENTS for i in range(people)]
    ties = [
        (line.inspector, codes[(j * 7919 + n * 104729) % units])
        for j, line in enumerate(roster)
        for n in range(ties_per_inspector)
    ]
    rules = {
        "protocol": "double-random-draw/1",
        "hash": "sha256",
        "draw": "310106-2026-0001",
        "strata": "public",
        "allocation": {"kind": "count", "strata": {"all": {"count": units}}},
        "reserve": 0,
        "teams": {
            "mode": "visit",
            "departments": [
                {"code": code, "lead": code == "SCJG", "per_team": 2, "qualifications": []} for code in DEPARTMENTS
            ],
        },
    }
    files = {
        "frame.tsv": freezing.frame_tsv((unit, "all") for unit in codes),
        "excluded.tsv": b"",
        "roster.tsv": freezing.roster_tsv(roster),
        "ties.tsv": freezing.ties_tsv(ties),
        "mapping.tsv": freezing.mapping_tsv((line.inspector, f"{i:011}", f"{i:032x}") for i, line in enumerate(roster)),
        "rules.json": freezing.rules_json(rules),
    }
    secrets = {"SCJG": "a" * 64, "system": "b" * 64}
    digests = {
        by: contribution_digest(hash_name="sha256", draw="310106-2026-0001", by=by, secret=secret)
        for by, secret in secrets.items()
    }
    commitment = freezing.commitment_json(
        draw="310106-2026-0001",
        hash_name="sha256",
        plan_digest="0" * 64,
        files=files,
        contributions=digests,
        beacon=None,
        committed_at="2026-11-22T08:00:00Z",
    )
    return Bundle.from_files({**files, "commitment.json": commitment}), secrets


if __name__ == "__main__":
    main()
