"""Results published whole before become one part for each department; problems on record become open follow-ups."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any  # rows of any table

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.engine import Engine

from supervision import clock
from supervision.db import make_engine
from supervision.schema import alembic_config

MOMENT, DAY = "2026-03-02 02:00:00.000000", "2026-03-02"
GENERIC = {"INTEGER": 0, "BOOLEAN": 0, "DATE": DAY, "DATETIME": MOMENT}


class Old:
    """A database of the revision before, filled by plain SQL."""

    def __init__(self, path: Path) -> None:
        self.engine: Engine = make_engine(f"sqlite:///{path}")
        self.config = alembic_config(self.engine)
        command.upgrade(self.config, "0003")

    def add(self, table: str, **values: object) -> None:
        """Insert a row; columns that must be filled and are not named get something of their type."""
        raw = self.engine.raw_connection()
        raw.executescript("PRAGMA foreign_keys=OFF; PRAGMA ignore_check_constraints=ON")  # type: ignore[attr-defined]  # SQLite's own connection
        for _, name, kind, needed, default, _ in raw.execute(f"PRAGMA table_info({table})").fetchall():  # type: ignore[attr-defined]
            if needed and default is None and name != "id" and name not in values:
                values[name] = GENERIC.get(kind, "" if kind == "TEXT" else f"{table[:3]}{values.get('id', 0)}")
        names, places = ", ".join(values), ", ".join("?" * len(values))
        raw.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", list(values.values()))  # type: ignore[attr-defined]  # noqa: S608
        raw.close()
        self.engine.dispose()  # the next connection looks at keys and checks again

    def read(self, statement: str) -> list[Any]:
        """Return the rows of a statement."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(statement))]


def section(code: str, result: str, disposal: str | None) -> dict[str, object]:
    """A department's section of a record with one item."""
    item = {"code": f"I-{code}", "checked": True, "result": result, "further": None, "disposal": disposal}
    return {"code": code, "results": [result], "items": [{**item, "problem": "健康证过期" if disposal else ""}]}


def whole(number: str, version: int) -> str:
    """A result as it was published whole."""
    departments = [
        {"code": code, "name_zh": code, "name_en": code, "items": [], "results": [{"code": result, "zh": "", "en": ""}]}
        for code, result in (("A", "5" if version == 1 else "1"), ("B", "1"))
    ]
    content = {"format": "inspection-result/1", "number": number, "version": version, "unit_id": "U1"}
    return json.dumps({**content, "departments": departments, "follow_up": "open", "corrected": None})


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Old]:
    """One inspection published twice and then withdrawn, one approved and waiting."""
    old = Old(tmp_path / "old.sqlite3")
    for number, code in ((1, "A"), (2, "B")):
        old.add("departments", id=number, code=code)
        old.add("items", id=number, code=f"I-{code}")
    for table in ("entities", "draws", "users"):
        old.add(table, id=1)
    for visit, state in ((1, "published"), (2, "accepted")):
        old.add("visits", id=visit, state=state, entity_id=visit, draw_id=1, number=f"N{visit}")
        for department in (1, 2):
            old.add("sections", visit_id=visit, department_id=department, state="signed", results="[]")
        for item in (1, 2):
            old.add("item_results", section_id=2 * visit - 2 + item, item_id=item)
        record = {"departments": [section("A", "5", "correction"), section("B", "1", "none")]}
        old.add("record_versions", id=visit, visit_id=visit, version_no=1, content=json.dumps(record))
        old.add("reviews", id=visit, record_version_id=visit, decision="approved")
    for version in (1, 2):
        old.add(
            "publications", id=version, visit_id=1, entity_id=1, draw_id=1, version_no=version, number="N1",
            content=whole("N1", version), published_by=1, published_at=f"2026-03-0{version + 2} 02:00:00.000000",
        )  # fmt: skip
    old.add("withdrawals", publication_id=2, reason="误报", withdrawn_by=1)
    yield old
    old.engine.dispose()


def test_what_was_published_whole_becomes_a_part_of_each_department(old: Old) -> None:
    command.upgrade(old.config, "0004")
    parts = old.read("SELECT department_id, version_no, has_problem, unit_id, content FROM published_parts ORDER BY id")
    assert [row[:4] for row in parts] == [(1, 1, 1, "U1"), (2, 1, 0, "U1"), (1, 2, 0, "U1"), (2, 2, 0, "U1")]
    assert [json.loads(row[4])["department"]["code"] for row in parts] == ["A", "B", "A", "B"]
    assert "follow_up" not in json.loads(parts[0][4])
    assert old.read("SELECT part_id, reason FROM part_withdrawals ORDER BY part_id") == [(3, "误报"), (4, "误报")]
    standing = old.read("SELECT visit_id, department_id, published_at, to_release FROM sections ORDER BY id")
    first = "2026-03-03 02:00:00.000000"
    assert standing == [(1, 1, first, 0), (1, 2, first, 0), (2, 1, None, 1), (2, 2, None, 1)]
    assert old.read("SELECT COUNT(*) FROM publications") == [(2,)]


def test_problems_of_approved_records_become_open_follow_ups(old: Old) -> None:
    command.upgrade(old.config, "0004")
    found = old.read("SELECT visit_id, department_id, item_id, kind, state, problem FROM follow_ups ORDER BY id")
    assert found == [(visit, 1, 1, "correction", "open", "健康证过期") for visit in (1, 2)]
    assert old.read("SELECT follow_up_id, step, overdue FROM follow_up_changes") == [(1, "opened", 0), (2, "opened", 0)]


def test_the_days_to_say_how_a_problem_ended_count_from_the_districts_day(old: Old) -> None:
    with clock.at(datetime(2026, 3, 2, 17, 0, tzinfo=UTC)):  # one in the morning of the third in Shanghai
        command.upgrade(old.config, "0004")
    assert old.read("SELECT DISTINCT due_on FROM follow_ups") == [("2026-04-17",)]


def test_a_follow_up_speaks_of_the_item_as_it_was_inspected_not_of_a_later_list(old: Old) -> None:
    # a later version of the list brings the same codes again; the visit was made under the first
    old.add("items", id=11, code="I-A", list_id=2)
    command.upgrade(old.config, "0004")
    assert old.read("SELECT visit_id, item_id FROM follow_ups ORDER BY id") == [(1, 1), (2, 1)]


def test_the_new_tables_are_guarded_and_the_way_back_works(old: Old) -> None:
    command.upgrade(old.config, "0004")
    for table in ("published_parts", "part_withdrawals", "follow_up_changes"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            old.read(f"DELETE FROM {table} RETURNING 1")  # noqa: S608 - names from the line above
    command.downgrade(old.config, "0003")
    assert old.read("SELECT COUNT(*) FROM publications") == [(2,)]
    command.upgrade(old.config, "0004")
    assert old.read("SELECT COUNT(*) FROM published_parts") == [(4,)]
