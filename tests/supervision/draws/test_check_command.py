"""`flask draws check` as an operator meets it: what it says, in both languages, and how it exits."""

import json
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from supervision.draws import checking
from supervision.draws.checking.findings import EVIDENCE
from supervision.draws.models import Draw, DrawUnit
from supervision.web.commands import in_both
from tests.supervision.draws.world import World


@pytest.fixture
def drawn(app: Flask, world: World) -> Draw:
    """A sealed draw."""
    return world.drawn()


def test_clean_draws_are_said_to_agree(app: Flask, drawn: Draw) -> None:
    result = app.test_cli_runner().invoke(args=["draws", "check"])
    assert result.exit_code == 0, result.output
    assert "全部一致" in result.output
    assert "1 draws" in result.output
    only = app.test_cli_runner().invoke(args=["draws", "check", drawn.number, "--json"])
    assert (only.exit_code, json.loads(only.output)["bad"]) == (0, [])


def test_the_first_bad_record_is_named_in_both_languages(app: Flask, world: World, drawn: Draw) -> None:
    world.session.execute(sa.update(Draw).where(Draw.id == drawn.id).values(frame_size=Draw.frame_size + 1))
    result = app.test_cli_runner().invoke(args=["draws", "check"])
    assert result.exit_code == 1
    first, second = result.output.splitlines()[:2]
    assert first == f"表 draws，记录 {drawn.number}，列 frame_size：与证据不符（冻结的文件）。"
    assert second == f"Table draws, record {drawn.number}, column frame_size: differs from the frozen files."


def test_programs_get_table_key_and_column(app: Flask, world: World, drawn: Draw) -> None:
    unit = world.session.scalars(sa.select(DrawUnit).where(DrawUnit.draw_id == drawn.id)).first()
    assert unit is not None
    unit.rank += 1
    world.session.flush()
    result = app.test_cli_runner().invoke(args=["draws", "check", "--json"])
    bad = json.loads(result.output)["bad"]
    assert (result.exit_code, len(bad)) == (1, 1)
    assert (bad[0]["table"], bad[0]["column"]) == ("draw_units", "rank")
    assert bad[0]["key"] == f"{drawn.number}/{unit.entity.unit_id}"


def test_a_number_that_nobody_knows_is_refused(app: Flask, drawn: Draw) -> None:
    result = app.test_cli_runner().invoke(args=["draws", "check", "310106-1999-0001"])
    assert result.exit_code == 1
    assert "310106-1999-0001" in result.output


def test_every_evidence_that_the_check_names_has_a_name_in_chinese(app: Flask) -> None:
    """What ``findings.EVIDENCE`` lists is what the parts say, and nothing they say is left in English."""
    said: set[str] = set()
    for path in Path(checking.__file__).parent.glob("*.py"):
        said |= set(re.findall(r'"((?:the|its|draw|audit) [a-z\' ]+)"', path.read_text(encoding="utf-8")))
    assert said - {"its"} <= EVIDENCE | {"audit entry"}
    with app.app_context():
        untold = [name for name in EVIDENCE if in_both(name)[0] == name]
    assert untold == []
