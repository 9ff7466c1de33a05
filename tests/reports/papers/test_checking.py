"""Issued papers are compared with themselves and with the audit log: every single change is found and named."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from reports.papers.checking import faults
from reports.papers.models import IssuedPaper, PaperFile
from reports.papers.rules import PaperKind
from reports.papers.signing import SigningKey
from tests.guards import unguard
from tests.pages import Browser
from tests.reports.papers.conftest import url
from tests.supervision.draws.world import World

PAPERS, FILES = IssuedPaper.__table__, PaperFile.__table__
CHANGES = [
    (PAPERS, {"kind": PaperKind.SEALED}),
    (PAPERS, {"serial": 2}),
    (PAPERS, {"number": "310106-2026-0001-C9"}),
    (PAPERS, {"basis_digest": "0" * 64}),
    (PAPERS, {"digest": "0" * 64}),
    (PAPERS, {"packed": b"x"}),
    (PAPERS, {"signer": "0" * 64}),
    (PAPERS, {"issued_at": datetime(2020, 1, 1, tzinfo=UTC)}),
    (FILES, {"language": "fr"}),
    (FILES, {"digest": "0" * 64}),
    (FILES, {"size": 7}),
    (FILES, {"unsigned_digest": "0" * 64}),
    (FILES, {"unsigned_size": 7}),
    (FILES, {"unsigned_size": 10**8}),
    (FILES, {"packed": b"x"}),
]


@pytest.mark.parametrize(("table", "values"), CHANGES, ids=[f"{table.name}-{next(iter(v))}" for table, v in CHANGES])
def test_every_single_change_is_found(
    world: World,
    browse: Browser,
    session: Session,
    address: str,
    key: SigningKey,
    table: sa.Table,
    values: dict[str, object],
) -> None:
    draw = world.committed()
    browse().get(url(draw, "commitment", "json"))
    assert faults(session) == []
    unguard(session, table.name)
    change = sa.update(table).values(**values)
    session.execute(change.where(FILES.c.language == "en") if table is FILES else change)
    session.expire_all()
    found = faults(session)
    assert found
    assert found[0].startswith(values.get("number", f"{draw.number}-C1"))


def test_a_paper_that_is_gone_and_one_that_nobody_issued_are_named(
    world: World, browse: Browser, session: Session, address: str
) -> None:
    draw = world.committed()
    browse().get(url(draw, "commitment", "json"))
    unguard(session, PAPERS.name)
    unguard(session, FILES.name)
    session.execute(sa.update(PAPERS).values(number="x"))
    session.expire_all()
    assert [line.partition(":")[0] for line in faults(session)] == ["x", f"{draw.number}-C1"]
    session.execute(sa.delete(FILES))
    session.execute(sa.delete(PAPERS))
    session.expire_all()
    assert [line.partition(":")[0] for line in faults(session)] == [f"{draw.number}-C1"]


def test_the_command_names_what_differs_and_ends_with_1(
    app: Flask, world: World, session: Session, connection: sa.Connection, address: str
) -> None:
    draw, runner = world.committed(), app.test_cli_runner()
    issued = runner.invoke(args=["papers", "issue", draw.number])
    assert issued.exit_code == 0, issued.output
    assert f"{draw.number}-C1" in issued.output
    checked = runner.invoke(args=["papers", "check"])
    assert (checked.exit_code, checked.output.strip()) == (0, "全部一致 everything agrees")
    unguard(session, PAPERS.name)
    session.execute(sa.update(PAPERS).values(digest="x"))
    session.commit()
    checked = runner.invoke(args=["papers", "check"])
    assert checked.exit_code == 1
    assert f"{draw.number}-C1.json" in checked.output
    assert runner.invoke(args=["papers", "issue", "310106-2026-9999"]).exit_code == 1
