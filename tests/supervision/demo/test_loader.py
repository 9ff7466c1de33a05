"""Loading the demonstration: once, upgraded afterwards, with sign-ins that only the owner reads."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.runtime.migration import MigrationContext
from flask import Flask
from rich.cells import cell_len
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from joint_inspections.transfers.models import Transfer
from joint_inspections.transfers.rules import TransferKind, TransferState
from supervision.accounts.models import User
from supervision.catalogue_files import FOLDER, read_catalogue
from supervision.config import Config
from supervision.demo.registry import Demo, Door, steps
from supervision.demo.screen import write_sign_ins
from supervision.entities.duplicates import find_pairs, list_decisions
from supervision.entities.rules import DuplicateSign
from supervision.inspectors.models import Absence, Expert, Inspector, InspectorTie
from supervision.items.queries import get_published_list, load_facts
from supervision.items.rules import list_digest
from supervision.parameters.models import Parameter
from supervision.schema import alembic_config
from supervision.web.commands import in_both
from tests.conftest import SECRET
from wsgi import create_app


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The instance folder of a demonstration; only one of this name is ever emptied."""
    made = tmp_path / "demo"
    made.mkdir()
    return made


@pytest.fixture
def own(folder: Path) -> Iterator[Flask]:
    """An application with an instance folder and a database of its own, as ``make demo`` has."""
    config = Config(
        instance=folder, database_url=f"sqlite:///{folder / 'demo.sqlite3'}", secret_key=SECRET,
        secure_cookies=False, testing=True, demo=True,
    )  # fmt: skip
    app = create_app(config)
    yield app
    app.extensions["engine"].dispose()


def revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def cases_of(session: Session, username: str) -> set[TransferState]:
    """How far the clues are that wait for a case officer; what is answered was answered by this one."""
    officer = session.scalars(sa.select(User).where(User.username == username)).one()
    own = Transfer.receiver_id == officer.department_id
    found = session.scalars(sa.select(Transfer).where(own, Transfer.kind == TransferKind.CASE)).all()
    assert all(one.handler_id == officer.id for one in found if one.state is TransferState.ANSWERED)
    return {one.state for one in found}


def test_a_demonstration_of_an_older_version_is_upgraded_and_keeps_its_data(own: Flask, folder: Path) -> None:
    engine: Engine = own.extensions["engine"]
    command.upgrade(alembic_config(engine), "0001")
    (folder / "demo-loaded").write_text("seed 1\n")
    with engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO tags (code, name_zh, name_en) VALUES ('kept', '甲', 'a')"))
    for _ in range(2):
        result = own.test_cli_runner().invoke(args=["demo", "load", "--if-missing"])
        assert (result.exit_code, result.output) == (0, ""), result.output
    assert revision(engine) not in {None, "0001"}
    with Session(engine) as session:
        assert session.scalar(sa.text("SELECT name_zh FROM tags WHERE code = 'kept'")) == "甲"
        count = session.scalar(sa.select(sa.func.count()).select_from(Parameter))
    assert count == len(read_catalogue(FOLDER, "parameters"))


def test_a_marker_without_its_database_does_not_stop_the_loading(own: Flask, folder: Path) -> None:
    (folder / "demo-loaded").write_text("seed 1\n")
    result = own.test_cli_runner().invoke(args=["demo", "load", "--if-missing", "--scale", "0.02"])
    assert result.exit_code == 0, result.output
    assert "加载完成" in result.output
    printed = (folder / "sign-ins.txt").read_text(encoding="utf-8")
    assert "lead.scjg" in printed
    with Session(own.extensions["engine"]) as session:
        for register in (Absence, InspectorTie, Expert):
            assert (session.scalar(sa.select(sa.func.count()).select_from(register)) or 0) > 8, register.__tablename__
        assert len(list_decisions(session)) == 1
        lent = session.scalars(sa.select(Inspector).where(Inspector.lent_from_code.is_not(None))).all()
        assert [one.lent_from.name_zh for one in lent if one.lent_from] == ["普陀区"]
        for unit in ("scjg", "sthj", "xfjy"):
            assert f"case.{unit}" in printed
            assert {TransferState.SENT, TransferState.ANSWERED} == cases_of(session, f"case.{unit}")
        published = get_published_list(session)
        assert published.digest == list_digest(load_facts(session, published)), "nobody changed it behind our back"
        assert {pair.signs[0] for pair in find_pairs(session)} >= set(DuplicateSign) - {DuplicateSign.NUMBER}


def test_every_step_is_told_in_both_languages(app: Flask) -> None:
    with app.app_context():
        for step in steps():
            chinese, english = in_both(step.name)
            assert english == step.name
            assert chinese != english


def test_the_sign_ins_are_a_straight_table_with_slips_and_what_to_do_next(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    demo = Demo(session=session, seed=1, today=date(2026, 7, 14), district_code="310106", secret_key=SECRET)
    demo.sign_ins = [("lead.scjg", "abcd-efgh-J1234", "Department lead", "市场监督管理局"), ("u", "p", "Reviewer", "x")]
    demo.slips = [("N2", "SCJG", "f" * 64), ("N1", "XFJY", "0" * 64)]
    demo.doors = [Door("/witness/abc", "Page of draw %(number)s", {"number": "N1"})]
    path = tmp_path / "sign-ins.txt"
    with app.app_context():
        write_sign_ins(path, demo)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].split() == ["用户名", "User", "name", "密码", "Password", "角色", "Role", "部门", "Department"]
    column = cell_len(lines[0].partition("部门")[0])
    assert [cell_len(lines[row].rpartition("  ")[0]) + 2 for row in (2, 3)] == [column, column]
    assert [line.split()[0] for line in lines if line.endswith(("f" * 64, "0" * 64))] == ["N1", "N2"]
    assert [line.strip()[:2] for line in lines[-8::2]] == ["1.", "2.", "3.", "4."]
    door = lines.index("  http://127.0.0.1:8000/witness/abc")
    assert [line.strip() for line in lines[door + 1 : door + 3]] == ["Page of draw N1"] * 2
    assert path.stat().st_mode & 0o777 == 0o600
