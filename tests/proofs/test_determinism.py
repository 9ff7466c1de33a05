"""Same pool, same secrets: same bytes, whoever computes them, when, where and on which database (T18)."""

import hashlib
import os
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any  # values of a world

import pytest

from sampling.bundle import Bundle
from sampling.drawing import draw
from supervision import clock
from supervision.draws.bundles import read_files
from supervision.draws.services.drawing import recomputed
from supervision.permissions import Role
from tests.factories import Make, make_uscc
from tests.proofs.effort import ON_POSTGRESQL, SEED, effort, proof
from tests.sampling.bundle_making import random_case
from tests.sampling.second_implementation import second_record
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import World
from tests.supervision.verify_page.conftest import Engine

PROJECT = Path(__file__).resolve().parents[2]
CONDITIONS: list[dict[str, str]] = [
    {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "LC_ALL": "C", "USER": "root"},
    {"TZ": "America/Los_Angeles", "PYTHONHASHSEED": "4294967295", "LC_ALL": "C.UTF-8", "USER": "nobody"},
    {"TZ": "Asia/Shanghai", "PYTHONHASHSEED": "random", "LC_ALL": "tr_TR.UTF-8", "PYTHONOPTIMIZE": "2"},
    {"TZ": "UTC", "PYTHONHASHSEED": "0", "LC_ALL": "zh_CN.GB18030", "PYTHONUTF8": "0"},
]
# frame, excluded and rules of the district below, on every database, in every order, for every lead
FROZEN = "410a1b0f7580d7ec30771e7134412726dc004b7347177980e0afa9141ed26e32"
DAY = datetime(2026, 6, 15, 3, 0, tzinfo=UTC)

on_one_database = pytest.mark.skipif(ON_POSTGRESQL, reason="touches no database")


@on_one_database
def test_clocks_zones_hash_seeds_languages_users_and_orders_change_no_byte() -> None:
    count = effort(50, 1000)
    with proof("determinism", conditions=len(CONDITIONS)) as tally:
        for number, digests in enumerate(zip(*_under_every_condition(count), strict=True)):
            tally.note(right=len(set(digests)) == 1 and "" not in digests, what=f"case {number}: {digests}")


def _under_every_condition(count: int) -> list[list[str]]:
    """Return the digests of all cases, one list for each condition; what a run did not tell is empty."""
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.proofs.foreign_run", str(place), "0", str(count)],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT), **conditions},
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for place, conditions in enumerate(CONDITIONS)
    ]
    found = [run.communicate()[0].split() for run in runs]
    return [[*digests, *[""] * (count - len(digests))] for digests in found]


@on_one_database
def test_an_implementation_written_after_the_text_alone_agrees() -> None:
    with proof("second-implementation") as tally:
        for number in range(effort(50, 1000)):
            case = random_case(number)
            record = draw(Bundle.from_files(case.files), case.secrets, case.beacon_value)
            again = second_record(case.files, dict(case.secrets), case.beacon_value)
            tally.note(right=record.to_json() == again, what=f"case {number}")


@on_one_database
def test_the_browser_agrees(page_engine: Engine) -> None:
    with proof("browser") as tally:
        for first in range(0, effort(50, 1000), 50):
            cases = [random_case(number) for number in range(first, first + 50)]
            bundles = []
            for case in cases:
                record = draw(Bundle.from_files(case.files), case.secrets, case.beacon_value)
                bundles.append({**case.files, "record.json": record.to_bytes()})
            for number, (bundle, found) in enumerate(zip(bundles, page_engine.records(*bundles), strict=True), first):
                tally.note(right=found == bundle["record.json"], what=f"case {number}")


def test_the_database_and_the_order_of_its_rows_change_no_frozen_byte(make: Make, visits: Visits) -> None:
    orders = random.Random(SEED)  # noqa: S311 - an order of rows
    with proof("frozen-by-the-platform") as tally:
        for number in range(effort(3, 50)):
            nested = make.session.begin_nested()
            with clock.at(DAY):
                world = fixed_world(make, orders)
                drawn = world.drawn()
                files = read_files(world.session, drawn)
            told = hashlib.sha256(b"".join(files[name] for name in ("frame.tsv", "excluded.tsv", "rules.json")))
            tally.note(right=told.hexdigest() == FROZEN, what=f"order {number}: {told.hexdigest()}")
            same = recomputed(world.session, drawn).to_bytes() == files["record.json"]
            tally.note(right=same, what=f"record of order {number}")
            nested.rollback()
            make.session.expire_all()


def fixed_world(make: Make, orders: random.Random) -> World:
    """A district in which everything that is frozen without chance is fixed, its rows in any order."""
    make.catalogues()
    bodies = [make.department("SCJG"), make.department("XFJY")]
    rows: list[dict[str, Any]] = [{"uscc": make_uscc(number)} for number in range(1, 25)]
    rows += [{"uscc": make_uscc(number), "status": "deregistered"} for number in range(25, 28)]
    orders.shuffle(rows)
    entities = [make.entity(**row) for row in rows]
    items = [make.item(body, code=f"{body.code}-01", points=1) for body in bodies]
    people = [make.inspector(body) for body in bodies for _ in range(6)]
    task = make.task(plan=make.plan(*items, visit_cap=10, reserve=2))
    users = {body.code: make.user(Role.LEAD, department=body) for body in bodies}
    return World(make.session, make, bodies, entities, people, task, users)


def test_a_case_that_differs_is_told() -> None:
    """The comparison can fail: one secret more or less gives another record."""
    case = random_case(1)
    other = {**case.secrets, "system": "c" * 64}
    assert second_record(case.files, other, case.beacon_value) != second_record(
        case.files, dict(case.secrets), case.beacon_value
    )
