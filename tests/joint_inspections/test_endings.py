"""Inspections that end without being carried out: beyond the yearly cap, or left undone by their task (R-1.44)."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from joint_inspections.visits.caps import count_over_cap
from joint_inspections.visits.endings import (
    agree_to_end,
    find_ending,
    list_left_over,
    list_to_agree,
    propose_ending,
    refuse_beyond_cap,
    refuse_to_end,
)
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import VisitState
from joint_inspections.visits.services import declare_recusal
from reports.statistics.queries import count_not_carried_out
from supervision import clock
from supervision.accounts.queries import actor_of
from supervision.audit.queries import list_history
from supervision.draws.queries.proposals import list_to_judge
from supervision.draws.rules import DrawState
from supervision.permissions import Role
from supervision.plans.queries import progress
from supervision.plans.rules import TaskState
from tests.joint_inspections.conftest import District, refused
from tests.joint_inspections.test_caps import collect
from tests.pages import Browser


def events(drawn: District, visit: Visit) -> list[str]:
    """What the log says of the end of an inspection, oldest first."""
    found = [one.event.value for one in list_history(drawn.session, "visit", visit.id)]
    return [event for event in found[::-1] if "ending" in event or event == "visit_not_carried_out"]


def finish_others(drawn: District, visit: Visit) -> None:
    """Bring every other visit of the draw to its publication."""
    for one in drawn.visits:
        if one is not visit:
            drawn.finish(one)
            drawn.publish(one)


def test_what_oversight_does_not_let_through_ends_and_the_task_is_done_without_it(
    session: Session, drawn: District, browse: Browser
) -> None:
    visit, draw = drawn.visit, drawn.draw
    assert draw is not None
    finish_others(drawn, visit)
    drawn.accept(visit)
    collect(drawn, visit, 2)
    assert draw.task.state is TaskState.RUNNING
    page = browse(drawn.user(Role.OVERSIGHT))
    url = f"/visits/{visit.id}/cap"
    assert f"{url}/refusal" in page.get(url).text
    assert (
        "Say why it does not go beyond the cap."
        in page.post(f"{url}/refusal", {"grounds": ""}, status=200, page=url).text
    )
    page.post(f"{url}/refusal", {"grounds": "全年已检查两次，不再增加。"}, page=url)
    session.expire_all()
    assert visit.state is VisitState.NOT_CARRIED_OUT
    assert (draw.state, draw.task.state) == (DrawState.OPENED, TaskState.FINISHED)
    assert events(drawn, visit) == ["visit_not_carried_out"]
    assert count_over_cap(session, drawn.actor(Role.OVERSIGHT)) == 0
    told = browse(drawn.inspector_user(visit.team_now[0])).get(f"/visits/{visit.id}").text
    assert "全年已检查两次，不再增加。" in told
    assert "Yearly cap reached" in told
    public = browse().get(f"/public/draws/{draw.number}").text
    assert "Not inspected: Yearly cap reached" in public
    assert "不再增加" not in public
    rows = progress(session, drawn.actor(Role.LEAD))
    assert (count_not_carried_out(session, rows), {row.drawn for row in rows}) == (1, {3})
    with refused("visit-state"):
        refuse_beyond_cap(session, visit, note="x", actor=drawn.actor(Role.OVERSIGHT))


def test_only_oversight_refuses_and_only_beyond_the_cap(session: Session, drawn: District, browse: Browser) -> None:
    visit = drawn.visit
    with refused("cap-not-reached"):
        refuse_beyond_cap(session, visit, note="x", actor=drawn.actor(Role.OVERSIGHT))
    collect(drawn, visit, 2)
    for role in (Role.HEAD, Role.LEAD, Role.COORDINATOR):
        with refused("oversight-only"):
            refuse_beyond_cap(session, visit, note="x", actor=drawn.actor(role))
        browse(drawn.user(role)).post(f"/visits/{visit.id}/cap/refusal", {"grounds": "x"}, status=403, page="/")
    assert visit.state is VisitState.ASSIGNED


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_a_task_left_undone_is_proposed_by_the_lead_and_agreed_by_the_head(
    session: Session, drawn: District, browse: Browser, language: str
) -> None:
    visit, draw = drawn.visit, drawn.draw
    assert draw is not None
    finish_others(drawn, visit)
    url = f"/visits/{visit.id}/not-carried-out"
    browse(drawn.user(Role.LEAD)).get(url, status=403)
    with clock.at(clock.now() + timedelta(days=1)):
        lead, head = browse(drawn.user(Role.LEAD), language=language), browse(drawn.user(Role.HEAD), language=language)
        home = lead.get("/").text
        assert f'/visits/{visit.id}"' in home
        assert visit.entity.name not in home, "who reads a name before the visit is noted on its page"
        assert url in lead.get(f"/visits/{visit.id}").text
        browse(drawn.user(Role.LEAD, drawn.other)).get(url, status=403)
        head.get(f"{url}/decision", status=404)
        assert "yearly-cap" not in lead.get(url).text
        lead.post(url, {"reason": "team-short", "note": ""}, status=200)
        lead.post(url, {"reason": "team-short", "note": "名单已无人可派"})
        assert f'/visits/{visit.id}"' in head.get("/").text
        assert f"{url}/decision" in head.get(f"/visits/{visit.id}").text
        browse(drawn.user(Role.HEAD, drawn.other)).get(f"{url}/decision", status=404)
        head.get(f"{url}/decision")
        head.post(f"{url}/decision", {"decision": "refused", "note": ""}, status=200)
        session.expire_all()
        assert visit.state is VisitState.ASSIGNED
        head.post(f"{url}/decision", {"decision": "agreed", "note": ""})
        session.expire_all()
        assert visit.state is VisitState.NOT_CARRIED_OUT
        assert "名单已无人可派" in head.get(f"/visits/{visit.id}").text
    assert (draw.state, draw.task.state) == (DrawState.OPENED, TaskState.FINISHED)
    assert events(drawn, visit) == ["visit_ending_proposed", "visit_not_carried_out"]


def test_a_refused_end_leaves_the_inspection_to_be_made(session: Session, drawn: District) -> None:
    visit = drawn.visit
    lead, head, oversight = (drawn.actor(role) for role in (Role.LEAD, Role.HEAD, Role.OVERSIGHT))
    with refused("may-not-end-visit"):
        propose_ending(session, visit, reason_code="emergency", note="台风", actor=lead)
    with clock.at(clock.now() + timedelta(days=1)):
        assert set(list_left_over(session, lead)) == set(drawn.visits)
        with refused("cap-by-oversight"):
            propose_ending(session, visit, reason_code="yearly-cap", note="x", actor=lead)
        propose_ending(session, visit, reason_code="emergency", note="台风", actor=lead)
        with refused("ending-proposed"):
            propose_ending(session, visit, reason_code="emergency", note="台风", actor=lead)
        assert visit not in list_left_over(session, lead)
        assert list(list_to_agree(session, head)) == list(list_to_agree(session, oversight)) == [visit]
        assert list_to_judge(session, drawn.actor(Role.HEAD, drawn.other)) == [], "nothing that two bodies decide"
        refuse_to_end(session, visit, note="台风已过，应当补检", actor=oversight)
        assert (visit.state, find_ending(session, visit)) == (VisitState.ASSIGNED, None)
        propose_ending(session, visit, reason_code="emergency", note="台风", actor=lead)
        agree_to_end(session, visit, actor=oversight)
    assert events(drawn, visit)[-3:] == ["visit_ending_refused", "visit_ending_proposed", "visit_not_carried_out"]


def test_beyond_the_cap_the_proposal_of_the_lead_is_decided_first(session: Session, drawn: District) -> None:
    visit, oversight = drawn.visit, drawn.actor(Role.OVERSIGHT)
    drawn.accept(visit)
    collect(drawn, visit, 2)
    with clock.at(clock.now() + timedelta(days=1)):
        propose_ending(session, visit, reason_code="emergency", note="台风", actor=drawn.actor(Role.LEAD))
        with refused("ending-waits"):
            refuse_beyond_cap(session, visit, note="x", actor=oversight)
        refuse_to_end(session, visit, note="以年度上限为由作出决定", actor=oversight)
        refuse_beyond_cap(session, visit, note="x", actor=oversight)
    assert find_ending(session, visit) is not None


def test_nobody_agrees_to_their_own_proposal(session: Session, drawn: District) -> None:
    visit = drawn.visit
    both = actor_of(drawn.make.user(Role.LEAD, Role.HEAD, department=drawn.lead))
    with clock.at(clock.now() + timedelta(days=1)):
        propose_ending(session, visit, reason_code="emergency", note="台风", actor=both)
        with refused("own-proposal"):
            agree_to_end(session, visit, actor=both)


def test_a_recusal_about_an_inspection_that_ended_waits_for_nobody(
    session: Session, drawn: District, browse: Browser
) -> None:
    visit = drawn.visit
    member = next(one for one in visit.team_now if one.department_id == drawn.lead.id)
    declare_recusal(session, visit, reason_code="kinship", statement="x", actor=drawn.inspector(member))
    collect(drawn, visit, 2)
    assert visit.entity.name in browse(drawn.user(Role.HEAD)).get("/recusals/").text
    refuse_beyond_cap(session, visit, note="x", actor=drawn.actor(Role.OVERSIGHT))
    assert visit.entity.name not in browse(drawn.user(Role.HEAD)).get("/recusals/").text
