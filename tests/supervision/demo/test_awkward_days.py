"""The demonstration is loaded on whatever day somebody wants to see it, and every room of it has something to show."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from joint_inspections.archive.models import ArchivePackage
from joint_inspections.codes.models import ArrivalAnswer, ResultReply, VisitRating
from joint_inspections.encounters.frequency import check_frequency
from joint_inspections.encounters.models import EncounterOverride, JointOffer
from joint_inspections.evidence.models import Attachment, SampleResult
from joint_inspections.evidence.queries import list_attachments
from joint_inspections.field.models import FieldDevice, FieldOperation, Outcome
from joint_inspections.papers.models import VisitPaper
from joint_inspections.papers.rules import PaperKind
from joint_inspections.second_looks.models import SecondLook, SecondLookRound
from joint_inspections.second_looks.rules import LookState, RoundState
from joint_inspections.signatures.models import DrawnSignature, PartyEntry
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import week_end
from supervision import clock
from supervision.config import Config
from supervision.db import Base
from supervision.demo.cli import build
from supervision.draws.checking.check import check_all
from supervision.draws.vault import Operator
from supervision.schema import upgrade_to_newest
from supervision.workdays.queries import get_calendar
from tests.conftest import SECRET
from wsgi import create_app

# a holiday that begins a year, just after midnight; the last day of a week of holidays; a Sunday that ends a month
AWKWARD = ("2027-01-01T00:20", "2026-10-07T10:00", "2027-02-28T23:50")
# papers by which a case is handed on
HANDED_ON = {PaperKind.COPIED, PaperKind.CLUE}
ROOMS: tuple[type[Base], ...] = (
    Attachment, SampleResult, DrawnSignature, PartyEntry, VisitRating, ArrivalAnswer, ResultReply, ArchivePackage,
    FieldOperation,
)  # fmt: skip


@pytest.fixture(scope="module", params=AWKWARD)
def loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A small demonstration loaded at an awkward moment, which it still is."""
    folder: Path = tmp_path_factory.mktemp("awkward") / "demo"
    folder.mkdir()
    config = Config(
        instance=folder, database_url=f"sqlite:///{folder / 'demo.sqlite3'}", secret_key=SECRET,
        secure_cookies=False, testing=True, demo=True,
    )  # fmt: skip
    app = create_app(config)
    upgrade_to_newest(app.extensions["engine"])
    with clock.at(datetime.fromisoformat(request.param).replace(tzinfo=clock.SHANGHAI)):
        with app.app_context():
            build(app.extensions["engine"], seed=3, scale=0.02)
        yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def session(loaded: Flask) -> Iterator[Session]:
    """A session over it."""
    with Session(loaded.extensions["engine"]) as made:
        yield made


def test_every_room_has_something_to_show(session: Session) -> None:
    empty = [room.__tablename__ for room in ROOMS if not session.scalar(sa.select(sa.func.count()).select_from(room))]
    assert empty == []
    assert set(session.scalars(sa.select(VisitPaper.kind))) >= set(PaperKind) - HANDED_ON
    revoked = session.scalars(sa.select(FieldDevice).where(FieldDevice.revoked_at.is_not(None))).all()
    assert all(one.told_at for one in revoked)
    newest = [one.newest.outcome for one in session.scalars(sa.select(FieldOperation))]
    assert set(newest) == {Outcome.APPLIED, Outcome.WAITING}


def test_one_list_of_second_looks_is_frozen_and_one_visit_was_looked_at_twice(session: Session) -> None:
    states = session.scalars(sa.select(SecondLookRound.state).order_by(SecondLookRound.id)).all()
    assert states == [RoundState.FROZEN, RoundState.DRAWN]
    assert LookState.COMPARED in session.scalars(sa.select(SecondLook.state)).all()


def test_one_enterprise_is_visited_too_often_and_oversight_let_another_visit_pass(session: Session) -> None:
    let = session.scalars(sa.select(EncounterOverride)).one()
    today = session.scalars(sa.select(Visit).where(Visit.planned_on == clock.today(), Visit.visited_at.is_(None))).all()
    found = {one.id: check_frequency(session, one) for one in today}
    assert found[let.visit_id].override is not None
    assert [one for one in found.values() if one.over and one.override is None]


def test_one_visit_is_offered_together_where_the_week_still_has_a_working_day(session: Session) -> None:
    calendar, today = get_calendar(session), clock.today()
    days = [today.fromordinal(one) for one in range(today.toordinal(), week_end(today).toordinal() + 1)]
    offers = session.scalars(sa.select(JointOffer)).all()
    assert len(offers) == any(calendar.is_workday(day) for day in days)


def test_nothing_lies_in_the_future_and_no_team_came_before_its_papers(session: Session) -> None:
    now = clock.now()
    for visit in session.scalars(sa.select(Visit).where(Visit.visited_at.is_not(None))):
        assert visit.visited_at is not None
        assert visit.approved_at is not None
        assert visit.approved_at <= visit.visited_at <= now
        assert all(one.attached_at <= now for one in list_attachments(session, visit))
    assert all(moment <= now for moment in session.scalars(sa.select(VisitRating.given_at)))


def test_the_draws_and_their_log_hold(session: Session) -> None:
    assert check_all(session, Operator.of("310106", SECRET)).bad == ()
