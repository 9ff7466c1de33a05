"""Where the teams stand and who carries how much: the right stage, the right sums, for the right people."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joint_inspections.days.board import Board, Wanted, load_board
from joint_inspections.days.rules import Standing, TeamStage, gini, month_after, stage_of
from joint_inspections.days.workload import Workload, load_workload
from joint_inspections.records import services as records
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import VisitState, week_end
from supervision import clock
from supervision.permissions import Role
from tests.joint_inspections.conftest import District
from tests.pages import Browser


def _board(district: District, role: Role = Role.LEAD, **wanted: object) -> Board:
    return load_board(district.session, district.actor(role), Wanted(**wanted))  # type: ignore[arg-type]


def _stage(district: District, visit: Visit) -> TeamStage:
    return next(one.stage for one in _board(district).visits if one.visit.id == visit.id)


def test_the_stage_follows_the_visit_from_assignment_to_publication(drawn: District) -> None:
    visit = drawn.visit
    assert _stage(drawn, visit) is TeamStage.ASSIGNED
    drawn.accept(visit)
    assert _stage(drawn, visit) is TeamStage.ACCEPTED
    second, third = drawn.visits[1:3]
    drawn.approve(second)
    assert _stage(drawn, second) is TeamStage.APPROVED
    drawn.begin(third)
    assert _stage(drawn, third) is TeamStage.AT_THE_DOOR
    leader = drawn.inspector(third.leader)
    records.set_outcome(drawn.session, third, code="normal", note="", actor=leader)
    drawn.sign(third)
    assert _stage(drawn, third) is TeamStage.RECORDED
    drawn.ask_party(third)
    records.submit_record(drawn.session, third, actor=leader)
    assert _stage(drawn, third) is TeamStage.IN_REVIEW


@pytest.mark.parametrize("state", list(VisitState))
@pytest.mark.parametrize("flags", [(a, n, s) for a in (True, False) for n in (True, False) for s in (True, False)])
def test_every_state_has_a_stage(state: VisitState, flags: tuple[bool, bool, bool]) -> None:
    accepted, noticed, signed = flags
    today = date(2026, 11, 23)
    found = stage_of(Standing(state, today, accepted=accepted, noticed=noticed, signed=signed), today=today)
    assert (found is TeamStage.ON_THE_WAY) == (state is VisitState.APPROVED and noticed)


def test_a_day_that_has_passed_is_late_and_comes_first(drawn: District) -> None:
    last = drawn.visits[-1]
    last.planned_on = clock.today() - timedelta(days=1)
    drawn.session.flush()
    board = _board(drawn)
    assert board.shown[0].overdue == 1
    assert [one.visit.id for team in _board(drawn, late=True).shown for one in team.visits] == [last.id]
    assert [one.visit.id for team in _board(drawn, day=last.planned_on).shown for one in team.visits] == [last.id]


def test_filters_take_what_they_name(drawn: District) -> None:
    board = _board(drawn)
    assert len(board.visits) == 3
    one = board.teams[0]
    assert [team.key for team in _board(drawn, team=one.key).shown] == [one.key]
    assert _board(drawn, stage=TeamStage.PUBLISHED).shown == ()


def test_a_department_without_part_in_the_plan_sees_nothing(drawn: District) -> None:
    stranger = drawn.make.department()
    board = load_board(drawn.session, drawn.actor(Role.LEAD, stranger), Wanted())
    assert board.visits == ()
    assert _board(drawn, Role.HEAD).visits


def test_twenty_eight_teams_with_seventy_nine_entities_are_one_page(drawn: District, browse: Browser) -> None:
    assert drawn.draw is not None
    first = drawn.visit
    for number in range(79):
        drawn.session.add(
            Visit(
                task_id=first.task_id, draw_id=drawn.draw.id, entity_id=drawn.make.entity().id,
                team=f"G{number % 28 + 1:02}", state=VisitState.ASSIGNED, planned_on=clock.today(),
                created_at=clock.now(),
            )
        )  # fmt: skip
    drawn.session.flush()
    groups = [one for one in _board(drawn).shown if one.name]
    assert [one.name for one in groups] == [f"G{number:02}" for number in range(1, 29)]
    assert sum(len(one.visits) for one in groups) == 79
    shown = browse(drawn.user(Role.LEAD)).get("/days/board/").text
    assert shown.count('class="panel team-card') == 31


def test_the_head_finds_the_way_to_the_machine(drawn: District, browse: Browser) -> None:
    assert drawn.draw is not None
    assert f"/draws/{drawn.draw.id}/replace" in browse(drawn.user(Role.HEAD)).get("/days/board/").text
    assert f"/draws/{drawn.draw.id}/replace" not in browse(drawn.user(Role.LEAD)).get("/days/board/").text


def test_the_workload_counts_visits_of_everybody_on_duty(drawn: District) -> None:
    found = load_workload(drawn.session, drawn.actor(Role.LEAD), drawn.lead, first=clock.today(), last=clock.today())
    places = sum(one.department_id == drawn.lead.id for visit in drawn.visits for one in visit.team_now)
    assert sum(one.visits for one in found.rows) == places
    assert sum(one.led for one in found.rows) == 3
    assert len(found.rows) == 4
    # two of the three items are the lead department's
    assert sum(one.items for one in found.rows) == 2 * places
    (draw,) = found.draws
    assert (draw.places, draw.roster, draw.expected) == (places, 4, places / 4)
    assert draw.most <= draw.cap


def test_lent_inspectors_are_counted_apart(drawn: District, browse: Browser) -> None:
    member = next(one for one in drawn.visit.team_now if one.department_id == drawn.lead.id)
    before = _workload(drawn)
    member.inspector.lent_from_code = drawn.make.area().code
    drawn.session.flush()
    found = _workload(drawn)
    assert [one.inspector.id for one in found.lent] == [member.inspector_id]
    assert (len(before.rows), len(found.rows), before.lent) == (4, 3, ())
    assert sum(one.visits for one in (*found.rows, *found.lent)) == sum(one.visits for one in before.rows)
    page = browse(drawn.user(Role.LEAD)).get("/days/workload/").text
    assert "Lent by a neighboring area" in page
    assert "Putuo District" in page


def _workload(drawn: District) -> Workload:
    return load_workload(drawn.session, drawn.actor(Role.LEAD), drawn.lead, first=clock.today(), last=clock.today())


def test_sealed_visits_count_nowhere(drawn: District) -> None:
    for one in drawn.visits:
        one.planned_on = week_end(clock.today()) + timedelta(days=3)
    drawn.session.flush()
    later = clock.today() + timedelta(days=30)
    found = load_workload(drawn.session, drawn.actor(Role.LEAD), drawn.lead, first=clock.today(), last=later)
    assert sum(one.visits for one in found.rows) == 0
    assert found.draws == ()
    assert _board(drawn).visits == ()


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30))
def test_the_gini_coefficient_lies_between_even_and_all_with_one(values: list[int]) -> None:
    assert -1e-9 <= gini(values) < 1
    assert gini(values) == pytest.approx(gini(values[::-1]))
    assert gini([values[0]] * len(values)) == pytest.approx(0, abs=1e-9)


def test_the_gini_coefficient_of_one_who_has_all() -> None:
    assert gini([0, 0, 0, 8]) == pytest.approx(0.75)
    assert gini([]) == 0


def test_months_follow_each_other_over_the_year() -> None:
    assert month_after(date(2026, 12, 31), 1) == date(2027, 1, 1)
    assert month_after(date(2026, 1, 31), -1) == date(2025, 12, 1)
