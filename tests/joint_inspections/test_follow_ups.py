"""A problem is followed up until its department says how it ended, and the public reads the truth of it."""

import json
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from joint_inspections.follow_ups import queries, services
from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.follow_ups.rules import (
    FollowUpEnding,
    FollowUpState,
    FollowUpStep,
    PublicStanding,
    public_standing,
)
from joint_inspections.follow_ups.services import Closing
from joint_inspections.records.rules import Disposal
from joint_inspections.results.services import withdraw_part
from supervision import clock
from supervision.audit.queries import list_history
from supervision.listing import ListQuery
from supervision.permissions import Role
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import add_workdays
from tests.joint_inspections.conftest import District, refused
from tests.joint_inspections.test_parts_of_departments import PROBLEM, correct, with_problem
from tests.pages import Browser

S, E = FollowUpState, FollowUpEnding


@pytest.fixture
def problem(drawn: District) -> FollowUp:
    """The follow-up of the first item of a visit whose record was approved today."""
    with_problem(drawn, drawn.visit)
    return queries.list_of_visit(drawn.session, drawn.visit.id)[0]


def ended(drawn: District, follow_up: FollowUp, ending: FollowUpEnding = E.CORRECTED, **other: object) -> None:
    """Let the lead of the department close it today."""
    closing = Closing(ending, "复查已改正", clock.today())
    values: dict[str, object] = {"version": follow_up.version, "actor": drawn.actor(Role.LEAD), **other}
    services.close_follow_up(drawn.session, follow_up, closing, **values)  # type: ignore[arg-type]


def test_an_approved_record_opens_one_follow_up_for_each_problem_of_the_department_that_found_it(
    session: Session, drawn: District, problem: FollowUp
) -> None:
    found = queries.list_of_visit(session, drawn.visit.id)
    section = drawn.sections(drawn.visit)[0]
    assert {one.item_id for one in found} == {row.item_id for row in section.item_results}
    assert {(one.department_id, one.kind, one.state) for one in found} == {(drawn.lead.id, Disposal.CORRECTION, S.OPEN)}
    assert problem.problem == PROBLEM
    # a period of days that ends on a day off ends with the next working day
    due, calendar = clock.today() + timedelta(days=15), get_calendar(session)
    assert problem.due_on == (due if calendar.is_workday(due) else add_workdays(due, 1, calendar))
    assert [one.event.value for one in list_history(session, "follow_up", problem.id)] == ["follow_up_opened"]


def test_the_lead_of_the_department_closes_it_and_everything_done_stays(
    session: Session, drawn: District, problem: FollowUp
) -> None:
    ended(drawn, problem)
    assert (problem.state, problem.ending, problem.closed_on) == (S.CLOSED, E.CORRECTED, clock.today())
    with refused("follow-up-state"):
        ended(drawn, problem)
    later = clock.today() + timedelta(days=5)
    lead = drawn.actor(Role.LEAD)
    services.reopen_follow_up(session, problem, reason="又发现", due_on=later, version=problem.version, actor=lead)
    assert (problem.state, problem.ending, problem.due_on) == (S.OPEN, None, later)
    services.move_deadline(
        session, problem, reason="企业申请", due_on=later + timedelta(days=2), version=problem.version, actor=lead
    )
    steps = [(one.step, one.note) for one in queries.list_changes(session, problem)]
    assert steps == [
        (FollowUpStep.DEADLINE_MOVED, "企业申请"),
        (FollowUpStep.REOPENED, "又发现"),
        (FollowUpStep.CLOSED, "复查已改正"),
        (FollowUpStep.OPENED, ""),
    ]
    assert len(list_history(session, "follow_up", problem.id)) == len(steps)


def test_nobody_else_touches_it_and_an_old_page_overwrites_nothing(drawn: District, problem: FollowUp) -> None:
    for actor in (
        drawn.actor(Role.LEAD, drawn.other),
        drawn.actor(Role.HEAD),
        drawn.actor(Role.REVIEWER),
        drawn.make.actor(Role.COORDINATOR),
    ):
        with refused("not-own-follow-up"):
            ended(drawn, problem, actor=actor)
    with refused("changed-meanwhile"):
        ended(drawn, problem, version=problem.version - 1)
    with refused("ending-not-offered"):
        ended(drawn, problem, E.DROPPED)


def test_the_day_of_closing_is_neither_before_the_visit_nor_in_the_future(
    session: Session, drawn: District, problem: FollowUp
) -> None:
    for days in (-1, 1):
        closing = Closing(E.CORRECTED, "x", clock.today() + timedelta(days=days))
        with refused("closed-on"):
            services.close_follow_up(session, problem, closing, version=problem.version, actor=drawn.actor(Role.LEAD))
    with refused("due-in-past"):
        services.move_deadline(
            session, problem, reason="x", due_on=clock.today() - timedelta(days=1), version=problem.version,
            actor=drawn.actor(Role.LEAD),
        )  # fmt: skip


def test_a_deadline_moved_after_it_had_passed_is_shown_to_the_coordinator(
    session: Session, drawn: District, problem: FollowUp
) -> None:
    coordinator = drawn.make.actor(Role.COORDINATOR)

    def marked(mark: str) -> set[int]:
        page = queries.list_follow_ups(session, coordinator, ListQuery(filters={"mark": mark}))
        return {one.id for one in page.items}

    assert (marked("overdue"), marked("moved")) == (set(), set())
    with clock.at(clock.now() + timedelta(days=30)):
        assert problem.id in marked("overdue")
        assert queries.count_open(session, coordinator).overdue == 2
        services.move_deadline(
            session, problem, reason="延期", due_on=clock.today() + timedelta(days=5), version=problem.version,
            actor=drawn.actor(Role.LEAD),
        )  # fmt: skip
        assert problem.id not in marked("overdue")
        assert marked("moved") == {problem.id}


def test_a_correction_of_the_record_drops_what_it_no_longer_orders(
    session: Session, drawn: District, problem: FollowUp
) -> None:
    ended(drawn, problem)
    correct(drawn, drawn.visit)
    assert {(one.state, one.ending) for one in queries.list_of_visit(session, drawn.visit.id)} == {
        (S.CLOSED, E.DROPPED)
    }
    correct(drawn, drawn.visit, result="8", problem="情节严重", disposal=Disposal.CASE)
    session.refresh(problem)
    assert (problem.state, problem.ending, problem.kind) == (S.OPEN, None, Disposal.CASE)
    assert problem.problem == "情节严重"


def test_a_result_taken_back_cancels_what_is_still_open_of_it_until_the_record_is_corrected(
    session: Session, drawn: District, problem: FollowUp
) -> None:
    ended(drawn, problem)
    parts = drawn.publish(drawn.visit)
    assert parts
    withdraw_part(session, drawn.visit, reason="发布有误", actor=drawn.actor(Role.REVIEWER))
    found = [(one.state, one.ending) for one in queries.list_of_visit(session, drawn.visit.id)]
    assert found == [(S.CLOSED, E.CORRECTED), (S.CLOSED, E.WITHDRAWN)]
    assert public_standing(found[1:]) is PublicStanding.NONE
    correct(drawn, drawn.visit, result="5", problem=PROBLEM, disposal=Disposal.CORRECTION)
    found = [(one.state, one.ending) for one in queries.list_of_visit(session, drawn.visit.id)]
    assert found == [(S.CLOSED, E.CORRECTED), (S.OPEN, None)]


@pytest.mark.parametrize(
    ("found", "word"),
    [
        ([], PublicStanding.NONE),
        ([(S.CLOSED, E.DROPPED)], PublicStanding.NONE),
        ([(S.OPEN, None), (S.CLOSED, E.CORRECTED)], PublicStanding.OPEN),
        ([(S.CLOSED, E.CORRECTED), (S.CLOSED, E.DROPPED)], PublicStanding.CORRECTED),
        ([(S.CLOSED, E.HANDED_OVER)], PublicStanding.HANDED_OVER),
        ([(S.CLOSED, E.HANDED_OVER), (S.CLOSED, E.CORRECTED)], PublicStanding.SETTLED),
        ([(S.CLOSED, E.SETTLED)], PublicStanding.SETTLED),
    ],
)
def test_what_is_open_outweighs_what_is_closed_in_public(
    found: list[tuple[FollowUpState, FollowUpEnding | None]], word: PublicStanding
) -> None:
    assert public_standing(found) is word


def test_the_public_reads_how_the_follow_up_stands_and_nothing_more(
    drawn: District, browse: Browser, problem: FollowUp
) -> None:
    visit, visitor = drawn.visit, browse()
    drawn.publish(visit)
    page = f"/public/results/{visit.number}"
    assert "Follow-up under way" in visitor.get(page).text
    for one in queries.list_of_visit(drawn.session, visit.id):
        ended(drawn, one, E.HANDED_OVER)
    text = visitor.get(page).text
    assert "Follow-up under way" not in text
    assert "Handed over to the body in charge" in text
    assert "复查已改正" not in text
    rows = json.loads(visitor.get("/public/data/results.json").text)["rows"]
    assert {row["department"]: row["follow_up_state"] for row in rows} == {
        drawn.lead.code: "handed_over",
        drawn.other.code: "none",
    }


def test_open_data_says_when_a_follow_up_last_changed_but_not_before_publication(
    drawn: District, browse: Browser, problem: FollowUp
) -> None:
    def last_update() -> str | None:
        about = json.loads(browse().get("/public/data/results.json").text)["notes"]
        return about["last_update"]  # type: ignore[no-any-return]  # JSON

    assert last_update() is None
    drawn.publish(drawn.visit)
    published = last_update()
    assert published
    later = clock.now() + timedelta(hours=2)
    with clock.at(later):
        services.move_deadline(
            drawn.session, problem, reason="配合", due_on=problem.due_on + timedelta(days=1), version=problem.version,
            actor=drawn.actor(Role.LEAD),
        )  # fmt: skip
        assert last_update() == published
        ended(drawn, problem)
    assert last_update() == clock.local(later).isoformat(timespec="seconds")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_of_follow_ups_read_well_and_carry_a_lead_through(
    drawn: District, browse: Browser, problem: FollowUp, language: str
) -> None:
    lead, page = browse(drawn.user(Role.LEAD), language=language), f"/follow-ups/{problem.id}"
    assert problem.problem in lead.get(page).text
    for address in (
        "/",
        "/follow-ups/",
        "/follow-ups/?state=open&mark=moved&kind=case&q=x",
        f"/visits/{drawn.visit.id}",
    ):
        lead.get(address)
    values = {"version": str(problem.version), "ending": "corrected", "closed_on": "2020-01-01", "note": "复查照片"}
    lead.post(f"{page}/closing", {**values, "note": ""}, page=page, status=200)
    lead.post(f"{page}/closing", values, page=page, status=200)
    today = clock.today().isoformat()
    lead.post(f"{page}/closing", {**values, "closed_on": today}, page=page)
    drawn.session.expire_all()
    assert problem.ending is E.CORRECTED
    lead.post(f"{page}/closing", {**values, "closed_on": today}, page=page, status=409)
    assert "复查照片" in lead.get(page).text
    reopening = {"version": str(problem.version), "due_on": "2020-01-01", "reason": "又发现"}
    lead.post(f"{page}/reopening", reopening, page=page, status=200)
    lead.post(f"{page}/reopening", {**reopening, "due_on": today}, page=page)
    drawn.session.expire_all()
    lead.post(f"{page}/deadline", {**reopening, "version": str(problem.version), "due_on": today}, page=page)
    for reader in (drawn.user(Role.HEAD), drawn.user(Role.LEAD, drawn.other), drawn.make.user(Role.OVERSIGHT)):
        assert "又发现" in browse(reader, language=language).get(page).text
        assert "/closing" not in browse(reader, language=language).get(page).text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_is_handed_out_as_it_is_filtered_and_that_is_noted(
    drawn: District, browse: Browser, problem: FollowUp, language: str
) -> None:
    lead = browse(drawn.user(Role.LEAD), language=language)
    assert "/follow-ups/export" in lead.get("/follow-ups/").text
    everything = lead.get("/follow-ups/export?format=csv&sort=entity")
    assert (problem.problem in everything.text, drawn.visit.number in everything.text) == (True, True)
    assert problem.problem not in lead.get("/follow-ups/export?format=csv&state=closed").text
    workbook = lead.get("/follow-ups/export?format=xlsx")
    assert workbook.data.startswith(b"PK")
    for response in (everything, workbook):
        response.close()
    stranger = browse(drawn.make.user(Role.LEAD, department=drawn.make.department()), language=language)
    assert problem.problem not in stranger.get("/follow-ups/export").text
    browse(drawn.user(Role.REVIEWER), language=language).get("/follow-ups/export", status=403)
    noted = [entry.details["rows"] for entry in list_history(drawn.session, "follow_up_list", "")]
    everybody = len(queries.list_of_visit(drawn.session, drawn.visit.id))
    assert noted == [0, everybody, 0, everybody], "each file handed out is noted, the newest first"


def test_another_department_does_not_know_of_it(drawn: District, browse: Browser, problem: FollowUp) -> None:
    stranger = browse(drawn.make.user(Role.LEAD, department=drawn.make.department()))
    stranger.get(f"/follow-ups/{problem.id}", status=404)
    assert drawn.visit.entity.name not in stranger.get("/follow-ups/").text
    browse(drawn.user(Role.REVIEWER)).get("/follow-ups/", status=403)
    browse(drawn.user(Role.HEAD)).post(f"/follow-ups/{problem.id}/closing", page="/", status=403)
