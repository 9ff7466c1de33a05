"""The enterprise asks that an inspector stand back: the head records it and decides it like any recusal (R-1.22)."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from joint_inspections.visits import services as visits
from joint_inspections.visits.models import Recusal
from joint_inspections.visits.open_visits import open_visits
from joint_inspections.visits.requested_recusals import Received, Request, record_request
from joint_inspections.visits.rules import MemberState, RecusalDecision, reply_due
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.queries import list_history
from supervision.inspectors.rules import InspectorStatus
from supervision.permissions import Role
from supervision.workdays.rules import WorkCalendar
from tests.joint_inspections.conftest import District, refused
from tests.pages import Browser


def record(drawn: District, *, inspector_id: int, actor_of: Role = Role.HEAD, **changes: object) -> Recusal:
    """Record a request about somebody on the team, by the head of the lead department."""
    day = changes.get("received_on", clock.today())
    request = Request(Received.LETTER, day, "her cousin runs the shop next door")  # type: ignore[arg-type]  # a date
    return record_request(
        drawn.session, drawn.visit, inspector_id=inspector_id, request=request, actor=drawn.actor(actor_of)
    )


def test_a_request_is_decided_and_the_machine_sends_the_next(session: Session, drawn: District) -> None:
    visit = drawn.visit
    member = next(one for one in visit.team_now if one.department_id == drawn.lead.id)
    visits.accept_assignment(session, visit, actor=drawn.inspector(member))
    recusal = record(drawn, inspector_id=member.inspector_id)
    assert (recusal.reason_code, member.state) == ("party-request", MemberState.RECUSAL_ASKED)
    assert list_history(session, "visit", visit.id, limit=1)[0].event is Event.RECUSAL_REQUESTED
    with refused("not-askable"):
        record(drawn, inspector_id=member.inspector_id)
    visits.decide_recusal(session, recusal, granted=True, note="", actor=drawn.actor(Role.HEAD))
    assert (recusal.decision, member.state) == (RecusalDecision.GRANTED, MemberState.REPLACED)
    assert recusal.replacement_id is not None


def test_a_refused_request_answers_for_no_inspector_who_has_not_answered(session: Session, drawn: District) -> None:
    visit = drawn.visit
    silent, willing = [one for one in visit.team_now if one.department_id == drawn.lead.id][:2]
    visits.accept_assignment(session, visit, actor=drawn.inspector(willing))
    for member in (silent, willing):
        recusal = record(drawn, inspector_id=member.inspector_id)
        visits.decide_recusal(session, recusal, granted=False, note="no relation", actor=drawn.actor(Role.HEAD))
    assert (silent.state, willing.state) == (MemberState.ASSIGNED, MemberState.ACCEPTED)


def test_only_the_head_of_the_inspectors_department_records_it_and_only_before_the_visit(
    session: Session, drawn: District
) -> None:
    visit = drawn.visit
    own = next(one for one in visit.team_now if one.department_id == drawn.lead.id)
    other = next(one for one in visit.team_now if one.department_id == drawn.other.id)
    with refused("not-askable"):
        record(drawn, inspector_id=other.inspector_id)
    with refused("not-askable"):
        record(drawn, inspector_id=own.inspector_id, actor_of=Role.LEAD)
    for day in (clock.today() + timedelta(days=1), clock.today() - timedelta(days=1)):
        with refused("request-day"):
            record(drawn, inspector_id=own.inspector_id, received_on=day)
    drawn.begin(visit)
    with refused("visit-begun"):
        record(drawn, inspector_id=own.inspector_id)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_head_records_and_decides_by_pages(
    session: Session, drawn: District, browse: Browser, language: str
) -> None:
    visit = drawn.visit
    head = browse(drawn.user(Role.HEAD), language=language)
    url = f"/visits/{visit.id}/requested-recusal"
    assert url in head.get(f"/visits/{visit.id}").text
    member = next(one for one in visit.team_now if one.department_id == drawn.lead.id)
    head.post(url, {"inspector": str(member.inspector_id)}, status=200)
    wanted = {
        "inspector": str(member.inspector_id),
        "received": "telephone",
        "received_on": clock.today().isoformat(),
        "statement": "former employee",
    }
    answer = head.post(url, wanted)
    recusal = session.query(Recusal).one()
    assert answer.headers["Location"].endswith(f"/recusals/{recusal.id}")
    shown = head.get(f"/recusals/{recusal.id}").text
    assert "former employee" in shown
    assert {"zh": "电话", "en": "By telephone"}[language] in shown
    lead = browse(drawn.user(Role.LEAD), language=language)
    lead.get(url, status=403)
    assert url not in lead.get(f"/visits/{visit.id}").text
    stranger = drawn.make.user(Role.HEAD, department=drawn.make.department())
    browse(stranger, language=language).get(url, status=404)


def test_an_inspector_does_not_declare_what_the_enterprise_asks(drawn: District, browse: Browser) -> None:
    visit = drawn.visit
    person = browse(drawn.inspector_user(visit.team_now[0]))
    assert "party-request" not in person.get(f"/visits/{visit.id}/recusal").text


def test_the_page_of_a_visit_says_who_can_no_longer_come(session: Session, drawn: District, browse: Browser) -> None:
    visit = drawn.visit
    member = next(one for one in visit.team_now if one.department_id == drawn.lead.id)
    head, url = browse(drawn.user(Role.HEAD)), f"/visits/{visit.id}"
    assert "can no longer come" not in head.get(url).text
    member.inspector.status = InspectorStatus.SUSPENDED
    session.flush()
    told = head.get(url).text
    assert f"{member.inspector.name} can no longer come" in told
    assert f"/draws/{visit.draw_id}/replace/{member.inspector_id}" in told
    for viewer in (drawn.user(Role.HEAD, drawn.other), drawn.user(Role.LEAD)):
        assert "can no longer come" not in browse(viewer).get(url).text
    page = f"/draws/{visit.draw_id}/replace/{member.inspector_id}"
    head.post(page, {"ground": "suspended", "team": "", "confirmed": "yes"})
    session.refresh(member)
    assert member.state is MemberState.REPLACED
    struck = f"/draws/{visit.draw_id}/strike/{visit.entity_id}"
    assert struck in head.get(url).text
    head.get(struck)
    begun = next(one for one in drawn.visits[1:] if member.inspector not in {place.inspector for place in one.team_now})
    drawn.begin(begun)
    head.get(f"/draws/{visit.draw_id}/strike/{begun.entity_id}", status=404)


def test_a_draw_knows_which_visits_have_not_begun(session: Session, drawn: District) -> None:
    assert drawn.draw is not None
    first, second, third = drawn.visits
    third.planned_on += timedelta(days=14)
    drawn.begin(first)
    found = {one.entity_id: one.disclosed for one in open_visits(session, drawn.draw)}
    assert found == {second.entity_id: True, third.entity_id: False}


def test_what_was_recorded_in_one_language_is_read_in_the_other_and_nobody_is_said_to_have_declared_it(
    session: Session, drawn: District, browse: Browser
) -> None:
    visit = drawn.visit
    member = next(one for one in visit.team_now if one.department_id == drawn.lead.id)
    recusal = record(drawn, inspector_id=member.inspector_id)
    for language, words in (("zh", "书面信函"), ("en", "By letter")):
        shown = browse(drawn.user(Role.HEAD), language=language).get(f"/recusals/{recusal.id}").text
        assert words in shown
        assert "her cousin runs the shop next door" in shown
        assert "&#34;received&#34;" not in shown
    told = browse(drawn.inspector_user(member)).get(f"/visits/{visit.id}").text
    assert "The enterprise asks that you stand back." in told
    assert "You have declared a recusal" not in told
    recusal.statement = "来函，2026年11月2日：旧式记载"
    session.flush()
    assert "旧式记载" in browse(drawn.user(Role.HEAD)).get(f"/recusals/{recusal.id}").text


def test_a_recusal_is_decided_before_the_visit_it_is_about() -> None:
    calendar = WorkCalendar()
    friday, monday = date(2026, 11, 20), date(2026, 11, 23)

    def due(planned_on: date, today: date = friday) -> date:
        return reply_due(today, workdays=2, planned_on=planned_on, today=today, calendar=calendar)

    assert due(date(2026, 12, 1)) == date(2026, 11, 24)
    assert due(monday) == friday, "the working day before"
    assert due(date(2026, 11, 24)) == monday
    assert due(monday, today=monday) == monday, "never in the past"
