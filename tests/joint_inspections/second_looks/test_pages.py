"""The pages of second looks, for everybody who may and may not see them, in both languages."""

import re

import pytest

from joint_inspections.ordered.deciding import decide_order
from joint_inspections.second_looks import services
from joint_inspections.second_looks.models import SecondLook, SecondLookRound
from joint_inspections.second_looks.rules import LookState, RoundState
from supervision import clock
from supervision.accounts.queries import actor_of
from supervision.permissions import Role
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import add_workdays
from tests.joint_inspections.conftest import District
from tests.joint_inspections.second_looks.conftest import Second, same_as_first
from tests.pages import Browser

BOTH = pytest.mark.parametrize("language", ["zh", "en"])


def test_a_whole_choice_by_the_pages(second: Second, browse: Browser) -> None:
    runs, lead = browse(second.oversight), browse(second.district.user(Role.LEAD))
    runs.post("/second-looks/rounds", {"quarter": str(second.quarter)}, page="/second-looks/")
    (found,) = second.session.query(SecondLookRound).all()
    page = f"/second-looks/rounds/{found.id}"
    secrets = []
    for who in (runs, lead):
        shown = who.get(f"{page}/number").text
        own = re.search(r'id="own-number"[^>]*>([0-9a-f]{64})<', shown)
        digest = re.search(r'name="digest"[^>]*value="([0-9a-f]{64})"', shown)
        assert own
        assert digest
        secrets.append(own.group(1))
        who.post(f"{page}/number", {"digest": "12"}, status=422)
        who.post(f"{page}/number", {"digest": digest.group(1)})
    wrong = runs.post(f"{page}/opening", {"secret": "f" * 64}, page=page, status=422)
    assert "not the number that you sealed" in wrong.text
    for who, secret in zip((runs, lead), secrets, strict=True):
        who.post(f"{page}/opening", {"secret": secret}, page=page)
    second.session.expire_all()
    assert found.state is RoundState.DRAWN
    assert "everything is as it is kept" in runs.get(page).text
    # who sealed a number learns nothing of what was chosen
    assert not any(str(one.number) in lead.get(page).text for one in second.district.visits)
    lead.get(f"{page}/record.json", status=403)
    assert runs.get(f"{page}/record.json").json["seed"] == found.seed


@BOTH
def test_pages_of_a_choice_and_of_looks_in_both_languages(second: Second, browse: Browser, language: str) -> None:
    found = second.draw()
    runs = browse(second.oversight, language=language)
    runs.get("/second-looks/")
    runs.get(f"/second-looks/rounds/{found.id}")
    look = found.looks[0]
    runs.get(f"/second-looks/{look.id}")
    user = second.reviewer()
    runs.post(f"/second-looks/{look.id}/reviewer", {"reviewer": ""}, page=f"/second-looks/{look.id}", status=422)
    runs.post(f"/second-looks/{look.id}/reviewer", {"reviewer": str(user.id)}, page=f"/second-looks/{look.id}")
    desk = browse(user, language=language)
    assert f"/second-looks/{look.id}/desk" in desk.get("/second-looks/").text
    shown = desk.get(f"/second-looks/{look.id}/desk").text
    assert look.origin.entity.name not in shown
    assert str(look.origin.number) not in shown
    picture = re.search(rf"/second-looks/{look.id}/desk/[0-9a-f-]+\.jpg", shown)
    assert picture
    assert desk.get(picture.group(0)).mimetype == "image/jpeg"
    codes = re.findall(r'name="result-([^"]+)"', shown)
    desk.post(f"/second-looks/{look.id}/desk", {f"result-{codes[0]}": "1"}, status=422)
    answers = {f"result-{code}": "2" if number == 0 else "1" for number, code in enumerate(codes)}
    desk.post(f"/second-looks/{look.id}/desk", answers)
    second.session.expire_all()
    assert look.state is LookState.COMPARED
    runs.get(f"/second-looks/{look.id}")
    runs.get("/second-looks/")
    leader = browse(second.district.inspector_user(look.origin.leader), language=language)  # type: ignore[arg-type]
    page = f"/second-looks/{look.id}/items/{look.items[0].id}"
    assert page in leader.get(f"/second-looks/{look.id}").text
    leader.post(page, {"cause": "", "text": ""}, status=422)
    leader.post(page, {"cause": "changed", "text": "当日已改正"})
    assert "当日已改正" in runs.get(f"/second-looks/{look.id}").text


@BOTH
def test_oversight_orders_a_second_team_from_the_page_of_a_look(second: Second, browse: Browser, language: str) -> None:
    district = second.district
    for department in (district.lead, district.other):
        district.make.inspector(department)
        district.make.inspector(department)
    look = second.draw().looks[0]
    runs, page = browse(second.oversight, language=language), f"/second-looks/{look.id}"
    asked = {
        "lead": str(district.other.id), "items": [str(one.id) for one in district.items],
        "planned_on": add_workdays(clock.today(), 1, get_calendar(second.session)).isoformat(),
    }  # fmt: skip
    runs.post(f"{page}/order", asked | {"items": []}, page=page, status=422)
    led_by_other = [str(one.id) for one in district.items if one.department_id == district.lead.id]
    runs.post(f"{page}/order", asked | {"items": led_by_other}, page=page, status=422)
    runs.post(f"{page}/order", asked | {"planned_on": "2020-01-02"}, page=page, status=422)
    browse(district.user(Role.LEAD)).post(f"{page}/order", asked, page="/second-looks/", status=403)
    assert look.state is LookState.CHOSEN
    runs.post(f"{page}/order", asked, page=page)
    second.session.refresh(look)
    assert look.state is LookState.ORDERED
    assert look.order is not None
    assert look.order.departments[0].id == district.other.id
    shown = runs.get(page).text
    assert f"/orders/{look.ordered_id}" in shown
    assert f"{page}/order" not in shown
    runs.post(f"{page}/order", asked, page="/second-looks/", status=409)
    decide_order(second.session, look.order, agreed=False, note="近期已多次检查", actor=district.actor(Role.HEAD))
    shown = runs.get(page).text
    assert {"zh": "该任务未能执行", "en": "This order came to nothing"}[language] in shown
    assert f"{page}/order" in shown


def test_nothing_is_ordered_for_items_that_left_the_list(second: Second, browse: Browser) -> None:
    look = second.draw().looks[0]
    for one in second.district.items:
        one.suspended = True
    second.session.flush()
    shown = browse(second.oversight).get(f"/second-looks/{look.id}").text
    assert "no item of the first visit is on the list in force" in shown
    assert f"/second-looks/{look.id}/order" not in shown


def test_before_both_are_compared_nobody_but_oversight_knows_of_a_look(second: Second, browse: Browser) -> None:
    look, user = second.at_desk()
    district, address = second.district, f"/second-looks/{look.id}"
    outsiders = (
        district.user(Role.LEAD), district.user(Role.HEAD), district.inspector_user(look.origin.team_now[0]), user,
        district.make.user(Role.COORDINATOR),
    )  # fmt: skip
    for one in outsiders:
        browse(one).get(address, status=404)
        assert str(look.origin.number) not in browse(one).get("/second-looks/").text
    other = district.user(Role.REVIEWER, district.other)
    browse(other).get(f"{address}/desk", status=404)
    browse(user).get(f"/visits/{look.origin_visit_id}", status=404)
    entity = browse(user).get(f"/entities/{look.origin.entity_id}").text
    assert str(look.origin.number) not in entity
    assert str(look.origin.number) in browse(other).get(f"/entities/{look.origin.entity_id}").text
    browse(user).get(f"/visits/{look.origin_visit_id}/evidence/", status=404)
    browse(user).get(f"/visits/{look.origin_visit_id}/papers", status=404)
    services.hand_in_desk(second.session, look, same_as_first(second, look), actor=actor_of(user))
    for one in outsiders[:3]:
        browse(one).get(address)
    browse(district.make.user(Role.LEAD, department=district.make.department())).get(address, status=404)
    browse(district.make.user(Role.SYSTEM_ADMIN)).get(address, status=403)


def test_a_number_is_sealed_once_a_body_and_dropping_is_for_oversight(second: Second, browse: Browser) -> None:
    found = second.freeze()
    second.seal(found, second.district.actor(Role.LEAD))
    head = browse(second.district.user(Role.HEAD))
    head.get(f"/second-looks/rounds/{found.id}/number", status=302)
    head.post(f"/second-looks/rounds/{found.id}/drop", {"reason": "x"}, page="/second-looks/", status=403)
    runs = browse(second.oversight)
    page = f"/second-looks/rounds/{found.id}"
    runs.post(f"{page}/drop", {"reason": ""}, page=page, status=422)
    runs.post(f"{page}/drop", {"reason": "号码遗失"}, page=page)
    assert "号码遗失" in runs.get(page).text


def test_nothing_of_second_looks_is_in_a_package(drawn: District) -> None:
    from joint_inspections.archive.related import related_tables  # noqa: PLC0415 - a look across the rooms

    assert not [one.table.name for one in related_tables() if one.table.name.startswith("second_look")]
    assert SecondLook.__tablename__.startswith("second_look")
    assert drawn.visits
