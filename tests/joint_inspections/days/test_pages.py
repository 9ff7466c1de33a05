"""Every page of the days, in both languages, for everybody whom it concerns, and nobody else."""

from datetime import timedelta

import pytest

from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.audit.events import DisclosedList
from supervision.audit.models import AuditEntry
from supervision.permissions import Role
from tests.joint_inspections.conftest import District
from tests.pages import Browser

INSPECTORS_PAGES = ("/days/", "/days/sheet", "/days/calendar/", "/days/leave/", "/days/feed")
LEADS_PAGES = (
    "/days/board/", "/days/calendar/department", "/days/calendar/department?span=month", "/days/workload/",
    "/days/leave/requests",
)  # fmt: skip
LANGUAGES = ("zh", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_inspector_opens_every_page_of_their_days(drawn: District, browse: Browser, language: str) -> None:
    assert drawn.visit.leader is not None
    visitor = browse(drawn.inspector_user(drawn.visit.leader), language=language)
    for page in INSPECTORS_PAGES:
        visitor.get(page)
    assert drawn.visit.entity.name in visitor.get("/days/").text
    assert drawn.visit.entity.name in visitor.get("/days/calendar/").text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", [Role.LEAD, Role.HEAD])
def test_leads_and_heads_open_the_pages_of_their_department(
    drawn: District, browse: Browser, language: str, role: Role
) -> None:
    visitor = browse(drawn.user(role), language=language)
    for page in LEADS_PAGES[: None if role is Role.LEAD else -1]:
        visitor.get(page)
    assert drawn.visit.entity.name in visitor.get("/days/board/").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_coordinator_chooses_a_department(drawn: District, browse: Browser, language: str) -> None:
    visitor = browse(drawn.make.user(Role.COORDINATOR), language=language)
    for page in ("/days/calendar/department", "/days/workload/"):
        for body in (drawn.lead, drawn.other):
            assert body.name_zh in visitor.get(f"{page}?department={body.code}").text or language == "en"


def test_the_days_of_another_department_answer_like_none(drawn: District, browse: Browser) -> None:
    lead, stranger = browse(drawn.user(Role.LEAD)), drawn.make.inspector(drawn.make.department())
    for page in ("/days/", "/days/sheet", "/days/calendar/"):
        assert lead.get(f"{page}?inspector={stranger.id}", status=404)
        assert lead.get(f"{page}?inspector=999999", status=404)
    for page in ("/days/calendar/department", "/days/workload/", "/days/workload/export"):
        assert lead.get(f"{page}?department={stranger.department.code}", status=404)


def test_an_inspector_sees_no_days_of_colleagues(drawn: District, browse: Browser) -> None:
    first, second = drawn.visit.team_now[:2]
    visitor = browse(drawn.inspector_user(first))
    visitor.get(f"/days/?inspector={second.inspector_id}", status=404)
    visitor.get(f"/days/calendar/?inspector={second.inspector_id}", status=404)


def test_visits_of_later_weeks_appear_on_no_page(drawn: District, browse: Browser) -> None:
    later, leader = _put_off(drawn), drawn.visit.leader
    assert leader is not None
    users = [drawn.inspector_user(leader), drawn.user(Role.LEAD), drawn.user(Role.HEAD),
             drawn.make.user(Role.COORDINATOR)]  # fmt: skip
    day = later.planned_on.isoformat()
    pages = ("/days/", "/days/sheet", "/days/calendar/", "/days/calendar/department", "/days/board/")
    for user in users:
        for page in pages:
            url = f"{page}?day={day}" + ("" if user.inspector_id else f"&inspector={leader.inspector_id}")
            found = browse(user).client.get(url, follow_redirects=True)
            assert later.entity.name not in found.text, page
    figures = browse(drawn.user(Role.LEAD)).get(f"/days/workload/?first={clock.today()}&last={day}").text
    assert later.entity.name not in figures


def _put_off(district: District) -> Visit:
    later = district.visits[-1]
    later.planned_on = clock.today() + timedelta(days=14)
    district.session.flush()
    return later


def test_reading_the_days_of_others_is_noted(drawn: District, browse: Browser) -> None:
    lead = drawn.user(Role.LEAD)
    browse(lead).get("/days/board/")
    noted = drawn.session.query(AuditEntry).filter_by(subject_kind=DisclosedList.VISITS.value, actor_id=lead.id)
    assert noted.count() == 1


def test_hostile_arguments_fall_back_to_today(drawn: District, browse: Browser) -> None:
    leader = drawn.visit.leader
    assert leader is not None
    visitor = browse(drawn.inspector_user(leader))
    for value in ("", "x", "9999-99-99", "0001-01-01", "2026-02-30", "9999-12-31"):
        visitor.get(f"/days/?day={value}")
        visitor.get(f"/days/calendar/?day={value}")
    lead = browse(drawn.user(Role.LEAD))
    for value in ("x", "9999-99-99", "-1"):
        lead.get(f"/days/board/?day={value}&team={value}&stage={value}&late={value}")
        lead.get(f"/days/workload/?first={value}&last={value}")
        lead.get(f"/days/calendar/department?span={value}&day={value}")


def test_the_workload_is_a_file_too(drawn: District, browse: Browser) -> None:
    answer = browse(drawn.user(Role.LEAD)).get("/days/workload/export?format=csv")
    leader = drawn.visit.leader
    assert leader is not None
    assert leader.inspector.name in answer.text
