"""Asking for experts, answering, replacing: every page in both languages, and what it does not tell to whom."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from joint_inspections.experts import messages, services
from joint_inspections.experts.models import ExpertDraw, ExpertPlace, ExpertRequest
from joint_inspections.experts.rules import ExpertDrawState, PlaceState
from joint_inspections.experts.statement import ACCEPTED_WORDS
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.draws.rules import DrawState
from supervision.permissions import Role
from tests.joint_inspections.conftest import refused
from tests.joint_inspections.experts import recomputing
from tests.joint_inspections.experts.conftest import FIELD, Experts
from tests.pages import Browser

BOTH = ("zh", "en")


@pytest.mark.parametrize("language", BOTH)
def test_the_lead_asks_on_the_page_of_the_task_and_takes_it_back(
    experts: Experts, browse: Browser, language: str
) -> None:
    district = experts.district
    task = experts.make.task(plan=experts.make.plan(*district.items))
    lead = browse(district.user(Role.LEAD), language=language)
    address = f"/tasks/{task.id}/experts"
    assert address in lead.get(f"/tasks/{task.id}").text
    lead.post(address, {"field": "", "per_team": "1", "reason": ""}, status=422)
    lead.post(address, {"field": FIELD, "per_team": "2", "reason": "冷链需要专业判断"})
    assert "冷链需要专业判断" in lead.get(f"/tasks/{task.id}").text
    lead.post(address, {"field": FIELD, "per_team": "2", "reason": "再次"}, status=422)
    found = experts.session.scalars(sa.select(ExpertRequest)).one()
    other = browse(district.user(Role.LEAD, district.other), language=language)
    assert "冷链需要专业判断" in other.get(address).text
    other.post(f"{address}/{found.id}/withdrawal", page=f"/tasks/{task.id}", status=403)
    lead.post(f"{address}/{found.id}/withdrawal", page=address)
    experts.session.expire_all()
    assert found.withdrawn_at is not None
    browse(experts.make.user(Role.LEAD, department=experts.make.department())).get(address, status=404)
    browse(experts.user(experts.all[0])).get(address, status=403)


@pytest.mark.parametrize("language", BOTH)
def test_an_expert_learns_step_by_step_and_takes_part(experts: Experts, browse: Browser, language: str) -> None:
    experts.draw_with()
    visit = experts.district.visit
    place = experts.places(visit)[0]
    expert = browse(experts.user(place.expert), language=language)
    assert "/expert-work/" in expert.get("/").text
    for page in ("/expert-work/", f"/expert-work/{place.id}", f"/expert-work/{place.id}/standing-back"):
        assert visit.entity.name not in expert.get(page).text, "told before the statement"
    page = f"/expert-work/{place.id}"
    expert.post(f"{page}/acceptance", page=page, status=409)
    expert.post(f"{page}/statement", page=page)
    experts.session.expire_all()
    assert place.statement_digest == services.statement_digest(ACCEPTED_WORDS)
    shown = expert.get(page).text
    assert visit.entity.name in shown
    assert visit.leader is not None
    assert visit.leader.inspector.name not in shown
    expert.post(f"{page}/acceptance", page=page)
    experts.session.expire_all()
    assert place.state is PlaceState.ACCEPTED
    shown = expert.get(page).text
    assert visit.leader.inspector.name in shown
    assert visit.plan_version.items[0].item.check_points[0].question_zh in shown or language == "en"
    team = browse(experts.district.inspector_user(visit.leader), language=language)
    assert place.expert.name in team.get(f"/visits/{visit.id}").text
    for address in (f"/visits/{visit.id}", "/visits/all", "/experts/", "/plans/", "/entities/"):
        expert.get(address, status=403)


def test_an_expert_sees_nothing_of_others_nor_before_the_week(experts: Experts, browse: Browser) -> None:
    experts.draw_with()
    visit = experts.district.visit
    place = experts.places(visit)[0]
    stranger = next(one for one in experts.all if one.id not in {row.expert_id for row in experts.places(visit)})
    browse(experts.user(stranger)).get(f"/expert-work/{place.id}", status=404)
    expert = browse(experts.user(place.expert))
    expert.get(f"/expert-work/{place.id}")
    assert any(one.key == str(place.id) for one in messages.answers(experts.session))
    visit.planned_on = clock.today() + timedelta(days=14)
    experts.session.flush()
    expert.get(f"/expert-work/{place.id}", status=404)
    assert f"/expert-work/{place.id}" not in expert.get("/expert-work/").text
    assert not any(one.key == str(place.id) for one in messages.answers(experts.session))
    draw = place.expert_draw
    lead = browse(experts.district.user(Role.LEAD))
    assert visit.entity.name not in lead.get(f"/expert-draws/{draw.id}").text
    assert place.expert.name not in lead.get(f"/expert-draws/{draw.id}").text or place.expert_id in {
        one.expert_id for other in experts.district.visits if other.id != visit.id for one in experts.places(other)
    }


@pytest.mark.parametrize("language", BOTH)
def test_whoever_stands_back_on_the_page_is_followed(experts: Experts, browse: Browser, language: str) -> None:
    experts.draw_with()
    visit = experts.district.visit
    place = experts.places(visit)[0]
    expert = browse(experts.user(place.expert), language=language)
    page = f"/expert-work/{place.id}/standing-back"
    expert.post(page, {"ground": "tied", "note": "x"}, status=422)
    expert.post(page, {"ground": "recusal", "note": "曾在该单位任职"})
    experts.session.expire_all()
    assert place.state is PlaceState.REPLACED
    assert place.stood_back
    expert.get(f"/expert-work/{place.id}", status=404)
    follower = experts.places(visit)[0]
    assert follower.expert_id != place.expert_id
    lead = browse(experts.district.user(Role.LEAD), language=language)
    lead.post(f"/visits/{visit.id}/experts/{follower.id}/replacement", {"ground": "unavailable", "note": "住院"})
    experts.session.expire_all()
    assert not follower.stood_back
    shown = lead.get(f"/visits/{visit.id}/experts").text
    assert follower.pseudonym in shown
    lead.get(f"/visits/{visit.id}/experts/{follower.id}/replacement", status=404)
    browse(experts.district.user(Role.REVIEWER)).get(f"/visits/{visit.id}/experts", status=403)


def test_only_the_enterprise_concerned_is_barred_for_who_stood_back(experts: Experts) -> None:
    experts.draw_with()
    place = experts.places(experts.district.visit)[0]
    services.stand_back(experts.session, place, ground="recusal", note="亲属任职", actor=experts.actor(place.expert))
    barred = experts.session.scalars(sa.select(ExpertPlace).where(ExpertPlace.stood_back)).all()
    assert [one.id for one in barred] == [place.id]


@pytest.mark.parametrize("language", BOTH)
def test_experts_for_one_visit_are_drawn_with_a_value_of_another_body(
    experts: Experts, browse: Browser, language: str
) -> None:
    district = experts.district
    district.draw_now()
    visit = district.visit
    lead = browse(district.user(Role.LEAD), language=language)
    page = f"/visits/{visit.id}/experts"
    lead.post(page, {"field": FIELD, "per_team": "1", "reason": "冷库"})
    found = experts.session.scalars(sa.select(ExpertDraw)).one()
    assert lead.client.get(f"{page}/draws/{found.id}/value").status_code == 302
    lead.get(f"/expert-draws/{found.id}/record.json", status=404)
    other = browse(district.user(Role.LEAD, district.other), language=language)
    told = {one.user_id for one in messages.values(experts.session)}
    assert district.user(Role.LEAD, district.other).id in told
    assert district.user(Role.LEAD).id not in told
    assert f"{page}/draws/{found.id}/value" in other.get(f"/visits/{visit.id}").text
    other.post(f"{page}/draws/{found.id}/value", {"value": "9"}, status=422)
    other.post(f"{page}/draws/{found.id}/value", {"value": "3" * 60})
    assert [one.field for one in experts.places(visit)] == [FIELD]
    for viewer in (lead, other):
        assert experts.places(visit)[0].expert.name in viewer.get(f"/expert-draws/{found.id}").text
        assert found.number in viewer.get("/expert-draws/").text
    record = json.loads(lead.get(f"/expert-draws/{found.id}/record.json").text)
    seed = recomputing.seed_of(record["list_digest"], record["parts"])
    ties = {tuple(one) for one in record["ties"]["ties"]}
    drawn = recomputing.draw(record["list"], record["teams"], ties, seed)
    assert drawn == {(one["team"], one["need"], one["expert"]) for one in record["record"]["places"]}
    stranger = browse(experts.make.user(Role.LEAD, department=experts.make.department()))
    stranger.get(f"/expert-draws/{found.id}", status=404)
    assert found.number not in stranger.get("/expert-draws/").text


@pytest.mark.parametrize("language", BOTH)
def test_a_request_for_one_visit_is_taken_back_on_a_page(experts: Experts, browse: Browser, language: str) -> None:
    district = experts.district
    district.draw_now()
    page = f"/visits/{district.visit.id}/experts"
    lead = browse(district.user(Role.LEAD), language=language)
    other = browse(district.user(Role.LEAD, district.other), language=language)
    lead.post(page, {"field": FIELD, "per_team": "1", "reason": "冷库"})
    found = experts.session.scalars(sa.select(ExpertDraw)).one()
    address = f"{page}/draws/{found.id}/withdrawal"
    assert address in lead.get(page).text
    assert address not in other.get(page).text
    assert other.client.get(address).status_code == 302, "the other department asked for nobody"
    lead.get(address)
    lead.post(address, {"reason": ""}, status=422)
    lead.post(address, {"reason": "冷库已停用"})
    experts.session.expire_all()
    assert found.state is ExpertDrawState.DROPPED
    assert not list(messages.values(experts.session))
    assert address not in lead.get(page).text
    for viewer in (lead, other):
        viewer.get(f"/expert-draws/{found.id}")
    assert f"{page}/draws/{found.id}/value" not in other.get(f"/visits/{district.visit.id}").text


def test_nobody_joins_once_the_visit_has_begun(experts: Experts) -> None:
    experts.draw_with()
    visit = experts.district.visit
    place = experts.places(visit)[0]
    own = experts.actor(place.expert)
    services.bind(experts.session, place, statement=ACCEPTED_WORDS, actor=own)
    experts.district.begin(visit)
    with refused("experts-visit-begun"):
        services.accept(experts.session, place, actor=own)


def test_the_answer_of_an_expert_is_noted_once(experts: Experts) -> None:
    experts.draw_with()
    place = experts.places(experts.district.visit)[0]
    own = experts.actor(place.expert)
    services.bind(experts.session, place, statement=ACCEPTED_WORDS, actor=own)
    services.accept(experts.session, place, actor=own)
    with refused("expert-moved-on"):
        services.accept(experts.session, place, actor=own)
    wanted = (Event.EXPERT_BOUND, Event.EXPERT_ACCEPTED)
    noted = experts.session.scalars(sa.select(AuditEntry.event).where(AuditEntry.event.in_(wanted))).all()
    assert sorted(noted) == ["expert_accepted", "expert_bound"]
    other = next(one for one in experts.all if one.id != place.expert_id)
    with refused("not-this-expert"):
        services.stand_back(experts.session, place, ground="recusal", note="x", actor=experts.actor(other))


def test_a_void_draw_takes_its_list_with_it(experts: Experts, browse: Browser) -> None:
    found = experts.draw_with()
    lead = browse(experts.district.user(Role.LEAD))
    lead.get(f"/expert-draws/{found.id}")
    lead.get(f"/expert-draws/{found.id}/record.json", status=404)
    assert found.state_now is ExpertDrawState.DRAWN
    assert found.draw is not None
    found.draw.state = DrawState.ABANDONED
    assert found.state_now is ExpertDrawState.DROPPED
