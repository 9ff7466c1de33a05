"""Who learns of a visit, and when (T13, T14)."""

from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from joint_inspections.visits import services as visits
from joint_inspections.visits.assignments import list_assignments
from joint_inspections.visits.queries import count_visits, get_visit, list_visits, list_waiting_approvals
from joint_inspections.visits.rules import week_end
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.errors import NotFound
from supervision.listing import ListQuery
from supervision.permissions import Role
from tests.joint_inspections.conftest import District, refused
from tests.pages import Browser

MONDAY = date(2026, 11, 16)


def at_noon(day: date) -> datetime:
    return datetime.combine(day, time(12), clock.SHANGHAI)


@pytest.fixture
def weeks(district: District) -> District:
    """A draw on a Monday whose visits are spread over three weeks."""
    with clock.at(at_noon(MONDAY)):
        district.draw_now(days=20)
    return district


def test_visits_are_spread_over_the_working_days_in_the_order_of_the_tickets(weeks: District) -> None:
    days = [visit.planned_on for visit in weeks.visits]
    assert days == [date(2026, 11, 16), date(2026, 11, 23), date(2026, 11, 30)]


def test_an_inspector_learns_of_a_visit_in_its_week_and_not_before(session: Session, weeks: District) -> None:
    later = weeks.visits[1]
    member = weeks.inspector(later.team_now[0])
    with clock.at(at_noon(week_end(MONDAY))):
        assert later.id not in {one.visit_id for one in list_assignments(session, member)}
        with pytest.raises(NotFound):
            get_visit(session, member, later.id)
    with clock.at(at_noon(week_end(MONDAY) + timedelta(days=1))):
        assert later.id in {one.visit_id for one in list_assignments(session, member)}
        assert get_visit(session, member, later.id) is later


def test_leads_and_heads_see_only_the_number_of_later_visits(session: Session, weeks: District) -> None:
    with clock.at(at_noon(MONDAY)):
        for role in (Role.LEAD, Role.HEAD):
            viewer = weeks.actor(role, weeks.other)
            counts = count_visits(session, viewer)
            assert (counts.disclosed, counts.later) == (1, 2)
            listed = list_visits(session, viewer, ListQuery(q=weeks.visits[1].entity.name))
            assert list(listed.items) == []
            with pytest.raises(NotFound):
                get_visit(session, viewer, weeks.visits[1].id)
        for department in (weeks.lead, weeks.other):
            assert len(list_waiting_approvals(session, weeks.actor(Role.HEAD, department))) == 1
        assert list_waiting_approvals(session, weeks.actor(Role.HEAD, weeks.make.department())) == []


def test_no_page_of_anybody_names_an_entity_before_its_week(weeks: District, browse: Browser) -> None:
    hidden = [visit.entity for visit in weeks.visits[1:]]
    users = [weeks.user(role) for role in (Role.LEAD, Role.HEAD, Role.REVIEWER)]
    users += [weeks.inspector_user(member) for member in weeks.visits[1].team_now]
    users += [weeks.make.user(role) for role in (Role.COORDINATOR, Role.OVERSIGHT)]
    pages = ("/visits/", "/visits/all", "/visits/approvals", "/recusals/", "/reviews/", "/results/")
    with clock.at(at_noon(MONDAY)):
        assert weeks.visits[0].entity.name in browse(weeks.user(Role.LEAD)).get("/visits/all").text
        for user in users:
            visitor = browse(user)
            visitor.check = False
            for page in pages:
                html = visitor.client.get(page).text
                for entity in hidden:
                    assert entity.name not in html
                    assert entity.unit_id not in html
            for visit in weeks.visits[1:]:
                assert visitor.client.get(f"/visits/{visit.id}").status_code in {403, 404}


def test_the_list_of_assignments_needs_few_queries_whatever_its_size(
    weeks: District, session: Session, app: Flask, browse: Browser
) -> None:
    member = weeks.visits[0].team_now[0]
    counted: list[str] = []

    def count(*arguments: object) -> None:
        counted.append(str(arguments[2]))

    with clock.at(at_noon(MONDAY + timedelta(days=14))):
        visitor = browse(weeks.inspector_user(member))
        visitor.get("/visits/")
        session.expunge_all()
        sa.event.listen(app.extensions["engine"], "before_cursor_execute", count)
        visitor.get("/visits/")
        sa.event.remove(app.extensions["engine"], "before_cursor_execute", count)
    assert 0 < len([one for one in counted if "SAVEPOINT" not in one]) <= 12, counted


def test_the_leader_puts_a_visit_on_another_working_day_of_the_task_only(session: Session, weeks: District) -> None:
    visit = weeks.visits[0]
    leader = weeks.inspector(visit.leader)
    mate = weeks.inspector(next(one for one in visit.team_now if not one.lead))
    with clock.at(at_noon(MONDAY)):
        with refused("leader-only"):
            visits.reschedule_visit(session, visit, planned_on=MONDAY + timedelta(days=1), reason="x", actor=mate)
        with refused("not-a-workday"):
            visits.reschedule_visit(session, visit, planned_on=week_end(MONDAY), reason="x", actor=leader)
        with refused("day-outside-task"):
            visits.reschedule_visit(session, visit, planned_on=MONDAY + timedelta(days=60), reason="x", actor=leader)
        visits.reschedule_visit(session, visit, planned_on=MONDAY + timedelta(days=1), reason="x", actor=leader)
    assert visit.planned_on == MONDAY + timedelta(days=1)


def test_the_page_of_an_entity_shows_its_visits_to_those_concerned_from_their_week_on(
    weeks: District, browse: Browser
) -> None:
    visit = weeks.visits[1]
    page = f"/entities/{visit.entity_id}"
    link = f"/visits/{visit.id}"
    with clock.at(at_noon(MONDAY)):
        assert link not in browse(weeks.user(Role.LEAD)).get(page).text
    with clock.at(at_noon(visit.planned_on)):
        assert f'"{link}"' in browse(weeks.user(Role.LEAD)).get(page).text
        stranger = weeks.make.user(Role.LEAD, department=weeks.make.department())
        assert f'"{link}"' not in browse(stranger).get(page).text


def test_who_sees_visits_that_are_still_to_come_is_on_record(
    session: Session, weeks: District, browse: Browser
) -> None:
    def seen() -> list[tuple[int | None, str, str]]:
        noted = sa.select(AuditEntry).where(AuditEntry.event == Event.LIST_VIEWED).order_by(AuditEntry.seq)
        return [(one.actor_id, one.subject_kind, one.subject_id) for one in session.scalars(noted)]

    visit, lead = weeks.visits[0], weeks.user(Role.LEAD)
    oversight, member = weeks.make.user(Role.OVERSIGHT), weeks.inspector_user(weeks.visits[0].team_now[0])
    with clock.at(at_noon(MONDAY)):
        for _ in range(2):
            browse(lead).get("/visits/all")
            browse(oversight).get(f"/visits/{visit.id}")
            browse(member).get(f"/visits/{visit.id}")
        browse(oversight).get("/visits/all?q=nobody-is-called-so")
    assert seen() == [(lead.id, "visit_list", ""), (oversight.id, "visit_page", str(visit.id))]


@pytest.mark.parametrize(("language", "day"), [("zh", "2026年12月6日"), ("en", "Dec 6, 2026")])
def test_a_refusal_writes_days_as_the_language_does(weeks: District, browse: Browser, language: str, day: str) -> None:
    visit = weeks.visits[0]
    with clock.at(at_noon(MONDAY)):
        leader = browse(weeks.inspector_user(visit.leader), language=language)  # type: ignore[arg-type]  # there is one
        told = leader.post(f"/visits/{visit.id}/day", {"planned_on": "2026-12-31", "reason": "x"}, status=200).text
    assert day in told
    assert "2026-12-06" not in told
