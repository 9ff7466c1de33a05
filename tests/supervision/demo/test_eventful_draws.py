"""What the demonstration shows beside smooth draws, told from the loaded database and through the public pages."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.beacons.models import BeaconRule
from supervision.beacons.queries import list_usable
from supervision.config import Config
from supervision.demo.cli import build
from supervision.demo.demonstration_values import CODE, SOURCE
from supervision.demo.registry import Demo
from supervision.draws.beacon_models import BeaconValue
from supervision.draws.models import Draw, DrawProposal, DrawUnit
from supervision.draws.queries import standing_of
from supervision.draws.rules import ENDED, DrawState, ProposalKind, ProposalState, UnitState
from supervision.draws.services.redrawing import DEFAULT_RULE
from supervision.draws.witness_models import Witness
from supervision.parameters.queries import get_parameter
from supervision.schema import upgrade_to_newest
from tests.conftest import SECRET
from wsgi import create_app


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Demo]]:
    """A small demonstration, loaded once for the questions below, which change nothing."""
    folder: Path = tmp_path_factory.mktemp("eventful") / "demo"
    folder.mkdir()
    config = Config(
        instance=folder, database_url=f"sqlite:///{folder / 'demo.sqlite3'}", secret_key=SECRET,
        secure_cookies=False, testing=True, demo=True,
    )  # fmt: skip
    app = create_app(config)
    upgrade_to_newest(app.extensions["engine"])
    with app.app_context():
        demo = build(app.extensions["engine"], seed=5, scale=0.02)
    yield app, demo
    app.extensions["engine"].dispose()


@pytest.fixture
def session(loaded: tuple[Flask, Demo]) -> Iterator[Session]:
    """A session over it."""
    with Session(loaded[0].extensions["engine"]) as made:
        yield made


def draws(session: Session, *conditions: sa.ColumnElement[bool]) -> list[Draw]:
    return list(session.scalars(sa.select(Draw).where(*conditions).order_by(Draw.id)))


def follower_of(session: Session, draw: Draw) -> Draw:
    return session.scalars(sa.select(Draw).where(Draw.parent_id == draw.id)).one()


def test_a_void_draw_names_who_kept_the_secret_and_its_task_was_drawn_with_a_witness(session: Session) -> None:
    (void,) = draws(session, Draw.state == DrawState.VOID)
    assert (void.end_reason, void.end_note) == ("contribution-withheld", "XFJY")
    after = follower_of(session, void)
    assert (after.task_id, after.state) == (void.task_id, DrawState.OPENED)
    named = session.scalars(sa.select(Witness).where(Witness.draw_id == after.id)).one()
    assert next(one for one in after.contributions if one.by == named.by).revealed_at is not None


def test_an_abandoned_draw_was_drawn_anew_by_agreement_and_another_waits_for_oversight(session: Session) -> None:
    done, waiting = draws(session, Draw.state == DrawState.ABANDONED)
    redraws = sa.select(DrawProposal).where(DrawProposal.kind == ProposalKind.REDRAW).order_by(DrawProposal.id)
    first, second = session.scalars(redraws).all()
    assert (first.draw_id, first.state, first.decided_department) == (done.id, ProposalState.AGREED, "OVERSIGHT")
    assert (second.draw_id, second.state) == (waiting.id, ProposalState.OPEN)
    assert follower_of(session, done).state is DrawState.OPENED


def test_values_of_the_demonstration_are_named_so_and_nobody_can_choose_them(session: Session) -> None:
    for value in session.scalars(sa.select(BeaconValue)).all():
        assert value.source == SOURCE
    used, ended = session.scalars(
        sa.select(BeaconRule).where(BeaconRule.code == CODE).order_by(BeaconRule.effective_from)
    ).all()
    assert "演示" in used.name_zh
    assert "demonstration" in used.name_en.lower()
    assert "演示" in ended.name_zh
    today = clock.today()
    assert CODE not in {row.code for row in list_usable(session, on=today)}
    assert CODE in {row.code for row in list_usable(session, on=ended.effective_from - timedelta(days=1))}
    assert get_parameter(session, DEFAULT_RULE, on=today).value != CODE


def test_one_draw_waits_for_a_real_public_value(session: Session) -> None:
    (waiting,) = draws(session, Draw.state == DrawState.COMMITTED, Draw.beacon_rule != "")
    standing = standing_of(session, waiting)
    assert standing is not None
    assert standing.value is None
    assert standing.current.source == "drand-quicknet"


def test_a_unit_was_struck_by_two_bodies_and_the_reserve_was_visited(session: Session) -> None:
    struck = session.scalars(sa.select(DrawUnit).where(DrawUnit.state == UnitState.STRUCK)).one()
    reserve = session.scalars(
        sa.select(DrawUnit).where(DrawUnit.draw_id == struck.draw_id, DrawUnit.state == UnitState.RESERVE)
    ).one()
    visit = session.scalars(
        sa.select(Visit).where(Visit.draw_id == struck.draw_id, Visit.entity_id == reserve.entity_id)
    ).one()
    assert visit.published_at is not None
    proposal = session.scalars(sa.select(DrawProposal).where(DrawProposal.kind == ProposalKind.STRIKE)).one()
    assert proposal.proposed_department != proposal.decided_department


def test_who_came_for_a_struck_unit_stands_in_one_cell_that_phones_can_break(
    loaded: tuple[Flask, Demo], session: Session
) -> None:
    struck, reserve = (
        session.scalars(sa.select(DrawUnit).where(DrawUnit.state == state)).one()
        for state in (UnitState.STRUCK, UnitState.RESERVE)
    )
    number = session.get_one(Draw, struck.draw_id).number
    page = loaded[0].test_client().get(f"/public/draws/{number}").text
    assert f"<span><code>{struck.entity.unit_id}</code> → <code>{reserve.entity.unit_id}</code></span>" in page


def test_a_confidential_draw_is_opened(session: Session) -> None:
    assert [one.state for one in draws(session, Draw.confidential.is_(True))] == [DrawState.OPENED]


def test_nobody_was_at_a_door_before_the_draw(session: Session) -> None:
    visited = sa.select(Visit.visited_at, Draw.drawn_at).join(Draw, Draw.id == Visit.draw_id)
    rows = session.execute(visited.where(Visit.visited_at.is_not(None))).all()
    assert rows
    assert [row for row in rows if row.visited_at < row.drawn_at] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_printed_addresses_lead_to_pages_that_a_stranger_can_use(loaded: tuple[Flask, Demo], language: str) -> None:
    app, demo = loaded
    witness, notice, finished, *corrections = (door.path for door in demo.doors)
    assert corrections
    for path, offered in (
        (witness, "<form"), (notice, f"{notice}/recusal"), (f"{notice}/recusal", "<form"),
        (finished, f"{finished}/rating"), (f"{finished}/rating", "<form"), (f"{finished}/reply", "<form"),
        *((path, "<form") for path in corrections),
    ):  # fmt: skip
        answer = app.test_client().get(path, query_string={"lang": language})
        assert (answer.status_code, offered in answer.text) == (200, True), path


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_public_page_of_every_draw_opens(loaded: tuple[Flask, Demo], session: Session, language: str) -> None:
    client = loaded[0].test_client()
    for draw in draws(session):
        answer = client.get(f"/public/draws/{draw.number}", query_string={"lang": language})
        assert answer.status_code == 200, draw.number


@pytest.mark.parametrize(
    ("language", "after", "instead"),
    [
        ("zh", "在本次抽取终止之后进行", "由本次抽取替代"),
        ("en", "drawn after this draw had ended", "this draw came instead of it"),
    ],
)
def test_pages_lead_from_a_draw_that_ended_to_the_next_and_back(
    loaded: tuple[Flask, Demo], session: Session, language: str, after: str, instead: str
) -> None:
    client = loaded[0].test_client()
    for ended in draws(session, Draw.state.in_(ENDED)):
        page = client.get(f"/public/draws/{ended.number}", query_string={"lang": language}).text
        followers = draws(session, Draw.parent_id == ended.id)
        assert page.count(after) == len(followers)
        for follower in followers:
            assert instead in client.get(f"/public/draws/{follower.number}", query_string={"lang": language}).text


@pytest.mark.parametrize(("language", "said"), [("zh", "涉及内部分类"), ("en", "This draw is confidential")])
def test_only_a_confidential_draw_is_said_to_be_one(
    loaded: tuple[Flask, Demo], session: Session, language: str, said: str
) -> None:
    client = loaded[0].test_client()
    for draw in draws(session):
        page = client.get(f"/public/draws/{draw.number}", query_string={"lang": language}).text
        assert (said in page) == draw.confidential
