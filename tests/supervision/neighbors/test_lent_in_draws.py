"""Lent inspectors are ordinary lines of a roster for their task, counted in the open, and nobody's afterwards."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.draws import services
from supervision.draws.bundles import full_bundle, public_bundle
from supervision.draws.models import DrawPseudonym
from supervision.draws.queries import list_leaves
from supervision.draws.rosters import build_roster
from supervision.inspectors.models import Inspector, InspectorLoan
from supervision.inspectors.queries import list_eligible
from tests.factories import Make
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.test_whole_path import verify
from tests.supervision.draws.world import World, make_world, refused, table
from tests.supervision.verify_page.conftest import Engine


@pytest.fixture
def short(make: Make, visits: Visits) -> World:
    """Two departments, the second with one inspector of its own."""
    world = make_world(make, inspectors=1)
    for _ in range(4):
        world.inspectors.append(make.inspector(world.departments[0]))
    return world


def loan_of(session: Session, inspector: Inspector) -> InspectorLoan:
    return session.scalars(sa.select(InspectorLoan).where(InspectorLoan.inspector_id == inspector.id)).one()


def on_roster(world: World) -> set[int]:
    return {one.inspector_id for one in build_roster(world.session, world.task, on=clock.today())}


def test_with_somebody_lent_the_roster_is_enough_and_the_digest_is_over_their_line(short: World) -> None:
    with refused("too-few-inspectors"), short.session.begin_nested():
        short.freeze()
    lent = short.make.lent(short.task, short.departments[1])
    draw = short.freeze()
    roster = table(short.session, draw, "roster.tsv")
    code = short.departments[1].code
    assert [row[0] for row in roster if row[1] == code] == [f"{code}-0001", f"{code}-0002"], "an ordinary line"
    assert lent.certificate_number in {row[1] for row in table(short.session, draw, "mapping.tsv")}
    assert draw.roster_sizes[code] == [2, 2]
    frozen = json.loads(list_leaves(short.session, draw)[0].leaf)
    assert frozen["lent"] == {code: 1}, "the exception stands in the log, where everybody sees it"
    assert short.session.scalar(sa.select(DrawPseudonym).where(DrawPseudonym.inspector_id == lent.id))


def test_a_draw_without_lent_people_says_nothing_of_them(make: Make, visits: Visits) -> None:
    world = make_world(make)
    assert "lent" not in json.loads(list_leaves(world.session, world.freeze())[0].leaf)


def test_both_verifiers_agree_on_a_draw_with_lent_people(
    short: World, visits: Visits, tmp_path: Path, engine: Engine
) -> None:
    short.make.lent(short.task, short.departments[1])
    draw = short.drawn()
    visits.done = True
    services.open_draw(short.session, draw, actor=short.lead)
    files = full_bundle(short.session, draw)
    code, found = verify(files, draw.number, tmp_path)
    assert (code, "log-proven" in found["ok"]) == (0, True), found
    assert verify(public_bundle(short.session, draw), draw.number, tmp_path)[0] == 3
    assert [report["exit_code"] for report in engine.verify(files)] == [0]


def test_somebody_is_lent_for_one_task_and_to_no_other(short: World) -> None:
    lent = short.make.lent(short.task, short.departments[1])
    assert lent.id in on_roster(short)
    other = short.make.task(plan=short.task.plan_version.plan)
    assert lent.id not in {one.inspector_id for one in build_roster(short.session, other, on=clock.today())}
    department, today = short.departments[1].id, clock.today()
    assert lent not in list_eligible(short.session, department, (), on=today), "no plan counts on them"
    assert lent in list_eligible(short.session, department, (), on=today, task_number=short.task.number)


@pytest.mark.parametrize(
    ("column", "days"), [("ended_on", 0), ("ends_on", -1), ("starts_on", 1)], ids=["ended", "ends early", "begins late"]
)
def test_a_loan_that_is_over_or_does_not_cover_the_task_leaves_the_roster(short: World, column: str, days: int) -> None:
    lent = short.make.lent(short.task, short.departments[1])
    assert lent.id in on_roster(short)
    day = {"ended_on": clock.today(), "ends_on": short.task.ends_on, "starts_on": short.task.starts_on}[column]
    setattr(loan_of(short.session, lent), column, day + timedelta(days=days))
    short.session.flush()
    assert lent.id not in on_roster(short)
