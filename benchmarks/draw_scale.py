"""The draw of a national register: tickets a second, ten and 180 million units, in one run.

    PYTHONPATH=. python benchmarks/draw_scale.py [tickets] [millions] [nation]
        [--folder DIR] [--units 180000000]

Files are written to a folder under --folder (default: the system's temporary one; 6 GB for 180 million units) and
removed at the end. Both sides of a ratio are measured in the same run; processor time counts all cores and does not
count other programs.
"""

import argparse
import hashlib
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
from measuring import keep
from scale_frames import KEY, PROVINCES, cost, select, written_frame, written_rules

from sampling.backends import accelerated, line_scanning
from sampling.backends.line_hashing import hash_texts, keep_small
from sampling.tickets import smallest_tickets

LARGE, NATION = 10_000_000, 180_000_000
NAME = "draw_scale"
_CORE_SECONDS = 3.0


def main() -> None:
    """Measure what is asked for, or everything."""
    parts = {
        "tickets": measure_tickets,
        "millions": measure_millions,
        "nation": measure_nation,
    }
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*parts, []], metavar="PART")
    parser.add_argument("--folder", default=None)
    parser.add_argument("--units", type=int, default=NATION)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="draw-scale-") as folder:
        for name in options.parts or parts:
            keep(NAME, {name: parts[name](Path(folder), options.units)})


def measure_tickets(_folder: Path, _units: int) -> dict[str, object]:
    """Hash `key:unit` on one core from the bytes of a frame, between two runs of openssl on the same core."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    before = _openssl()
    lines = line_scanning.BATCH
    raw = b"".join(b"91310106%010d\tP%02d\n" % (number, number % PROVINCES) for number in range(lines))
    frame = accelerated.Batch(*_padded(raw))
    scanned = accelerated._scan(frame, columns=2)
    tickets, kept = np.empty((2, lines), dtype=np.uint32), np.empty(lines, dtype=np.int64)
    key, places = accelerated._words(KEY.encode()), scanned.places
    bounds = np.full(PROVINCES, (1 << 64) // 1000, dtype=np.uint64)

    def hashed() -> None:
        hash_texts(None, frame.data, places[0], places[1], lines, key, ord(":"), tickets)

    def drawn() -> None:
        accelerated._scan(frame, columns=2)
        hashed()
        keep_small(tickets, lines, scanned.numbers, bounds, kept)

    result = {name: round(lines / _processor_seconds(work)) for name, work in (("hashed", hashed), ("drawn", drawn))}
    openssl = (before + _openssl()) / 2
    codes = _codes(lines)
    plain = _processor_seconds(lambda: smallest_tickets(KEY, codes, count=100, hash_name="sha256"))
    os.sched_setaffinity(0, set(range(os.cpu_count() or 1)))
    return {
        "openssl_64_bytes_per_second": round(openssl),
        "tickets_per_second_hashing_alone": result["hashed"],
        "tickets_per_second_reading_hashing_keeping": result["drawn"],
        "tickets_per_second_plain_python": round(lines / plain),
        "ratio_hashing_alone": round(result["hashed"] / openssl, 2),
        "ratio_reading_hashing_keeping": round(result["drawn"] / openssl, 2),
    }


def _openssl() -> float:
    """Give the SHA-256 hashes of 64 bytes a second that openssl reaches on one core, by processor time."""
    command = ["openssl", "speed", "-evp", "sha256", "-bytes", "64", "-seconds", "3"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(re.findall(r"([0-9.]+)k\s*$", shown)[0]) * 1000 / 64


def _processor_seconds(work: Callable[[], object]) -> float:
    work()
    begin, times = time.process_time(), 0
    while time.process_time() - begin < _CORE_SECONDS:
        work()
        times += 1
    return (time.process_time() - begin) / times


def _codes(count: int) -> list[str]:
    return [f"91310106{number:010d}" for number in range(count)]


def _padded(raw: bytes) -> tuple[np.ndarray, int, int]:
    margin = line_scanning.MARGIN
    data = np.zeros(len(raw) + 2 * margin, dtype=np.uint8)
    data[margin : margin + len(raw)] = np.frombuffer(raw, dtype=np.uint8)
    return data, margin, margin + len(raw)


def measure_millions(folder: Path, _units: int) -> dict[str, object]:
    """Draw 1 % of ten million units, Merkle root and all, as an operator does, with every backend."""
    frame, rules = written_frame(folder, LARGE), written_rules(folder, rate_bp=100)
    result: dict[str, object] = {"units": LARGE}
    cold = {"NUMBA_CACHE_DIR": str(folder / "cache")}
    outputs = set()
    for name, backend, environment in (
        ("accelerated_compiling_first", "accelerated", cold),
        ("accelerated", "accelerated", cold),
        ("plain", "plain", {}),
        ("duckdb", "duckdb", {}),
    ):
        command = select(folder, frame, rules, backend)
        result[name] = cost(command, **environment)
        outputs.add(hashlib.sha256((folder / "selection.json").read_bytes()).hexdigest())
    result["identical"] = len(outputs) == 1
    return result


def measure_nation(folder: Path, units: int) -> dict[str, object]:
    """Draw 10,000 of a national register in 31 provinces from Parquet, and from a file with its root."""
    parquet, frame = folder / "nation.parquet", folder / "nation.tsv"
    # a third of a frame's bytes change from line to line, as in a register sorted by credit code
    source = (
        f"SELECT printf('91%016d', i * 7919) AS unit, printf('P%02d', i * 31 % 97 % {PROVINCES}) AS stratum "
        f"FROM range({units}) AS numbers (i)"
    )
    with duckdb.connect() as connection:
        connection.execute("SET memory_limit = '2GB'")
        connection.execute(f"COPY ({source}) TO '{parquet}'")
    rules = written_rules(folder, total=10_000)
    result: dict[str, object] = {"units": units, "parquet_megabytes": parquet.stat().st_size >> 20}
    result["duckdb_from_parquet"] = cost(select(folder, parquet, rules, "duckdb", "--without-root"))
    outputs = {hashlib.sha256((folder / "selection.json").read_bytes()).hexdigest()}
    with duckdb.connect() as connection:
        connection.execute("SET memory_limit = '2GB'")
        connection.execute(
            f"COPY (SELECT * FROM '{parquet}') TO '{frame}' "
            "(FORMAT csv, DELIMITER '\t', HEADER false, QUOTE '', ESCAPE '')"
        )
    result["file_megabytes"] = frame.stat().st_size >> 20
    result["accelerated_from_file"] = cost(select(folder, frame, rules, "accelerated", "--without-root"))
    outputs.add(hashlib.sha256((folder / "selection.json").read_bytes()).hexdigest())
    result["accelerated_from_file_with_root"] = cost(select(folder, frame, rules, "accelerated"))
    result["identical"] = len(outputs) == 1
    for path in (parquet, frame):
        path.unlink()
    return result


if __name__ == "__main__":
    main()
