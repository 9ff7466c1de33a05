"""Too frequent visits, fruitless repeats, and two inspections through one door (R-1.45, R-3.04 to R-3.06)."""

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.encounters import messages, services
from joint_inspections.encounters.frequency import check_entity, check_frequency
from joint_inspections.encounters.fruitless import barred_inspectors, list_returning
from joint_inspections.encounters.models import JointOffer
from joint_inspections.encounters.queries import count_offers, find_matches, find_partners, list_crowded
from joint_inspections.encounters.rules import OfferState, Period, doors, period_sums, span
from joint_inspections.records.models import ItemResult, Section
from joint_inspections.visits import services as visits
from joint_inspections.visits.approving import approve_visit
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import VisitState
from supervision import clock
from supervision.audit.queries import list_history
from supervision.errors import Forbidden, NotFound
from supervision.parameters.models import Parameter
from supervision.permissions import Role
from tests.joint_inspections.conftest import District, refused
from tests.joint_inspections.encounters.conftest import block, offered
from tests.joint_inspections.test_caps import collect
from tests.pages import Browser, words


def test_periods_are_calendar_days_weeks_and_months() -> None:
    day = date(2026, 12, 30)
    assert span(Period.WEEK, day) == (date(2026, 12, 28), date(2027, 1, 3))
    assert span(Period.MONTH, day) == (date(2026, 12, 1), date(2026, 12, 31))
    sums = period_sums(day, [day, date(2027, 1, 2)], {Period.DAY: 1, Period.WEEK: 2, Period.MONTH: 3})
    assert [(one.counted, one.over) for one in sums] == [(1, True), (2, True), (1, False)]


def test_visits_that_go_together_are_one_door() -> None:
    day = date(2026, 11, 24)
    assert doors([(1, day), (2, day), (3, day), (4, day)], [(1, 2), (3, 2)]) == {1: day, 4: day}


def test_a_too_frequent_visit_is_warned_of_or_blocked_as_the_parameter_says(
    session: Session, drawn: District, browse: Browser
) -> None:
    visit = drawn.visit
    drawn.accept(visit)
    collect(drawn, visit, drawn_by_lot=False)
    assert [one.period for one in check_frequency(session, visit).over] == [Period.DAY]
    assert check_entity(session, visit.entity_id, visit.planned_on).over
    assert "Too frequent: more visits" in words(browse(drawn.user(Role.LEAD)).get(f"/visits/{visit.id}").text)
    approve_visit(session, visit, actor=drawn.actor(Role.HEAD))
    block(session)
    with refused("too-frequent"):
        approve_visit(session, visit, actor=drawn.actor(Role.HEAD, drawn.other))


def test_oversight_lets_a_blocked_visit_pass_for_the_sums_it_saw(
    session: Session, drawn: District, browse: Browser
) -> None:
    visit = drawn.visit
    drawn.accept(visit)
    collect(drawn, visit, drawn_by_lot=False)
    block(session)
    address = f"/visits/{visit.id}/too-frequent"
    for role in (Role.HEAD, Role.LEAD, Role.COORDINATOR):
        browse(drawn.user(role)).get(address, status=403)
        browse(drawn.user(role)).get("/visits/too-frequent", status=403)
        with pytest.raises(Forbidden):
            services.let_frequent_pass(session, visit, reason_code="clue", note="x", actor=drawn.actor(role))
    page = browse(drawn.user(Role.OVERSIGHT))
    page.post(address, {"reason": "clue", "note": ""}, status=200)
    page.post(address, {"reason": "clue", "note": "群众举报，须当日核查。"})
    session.expire_all()
    assert not check_frequency(session, visit).blocks
    assert "encounter_overridden" in [one.event for one in list_history(session, "visit", visit.id)]
    approve_visit(session, visit, actor=drawn.actor(Role.HEAD))
    collect(drawn, drawn.visit, drawn_by_lot=False)
    assert not check_frequency(session, visit).blocks, "one department on one day is one visit"
    visit.planned_on += timedelta(days=1)
    session.flush()
    assert check_frequency(session, visit).override is None, "another day needs another decision"


def test_a_visit_of_a_later_week_changes_no_answer(session: Session, drawn: District, pair: tuple[Visit, Visit], browse: Browser) -> None:  # fmt: skip  # noqa: E501
    first, second = pair
    second.planned_on = clock.today() + timedelta(days=7)
    session.flush()
    people = [drawn.user(role) for role in (Role.LEAD, Role.HEAD, Role.COORDINATOR, Role.OVERSIGHT)]
    pages = (f"/visits/{first.id}", "/visits/too-frequent", "/visits/together")

    def told() -> list[str]:
        session.commit()
        shown = []
        for user in people:
            for page in pages:
                answer = browse(user).client.get(page)
                shown.append(f"{answer.status_code} " + re.sub(r"\b[0-9a-f]{16}\b", "", words(answer.text)))
        return shown

    hidden = told()
    assert not find_matches(session, first)
    second.state = VisitState.APPROVED
    assert told() == hidden
    second.planned_on = clock.today()
    assert told() != hidden


def test_who_found_nothing_as_often_as_allowed_is_replaced_or_kept_by_oversight(
    session: Session, drawn: District, pair: tuple[Visit, Visit], browse: Browser
) -> None:
    done, visit = pair
    drawn.finish(done)
    stays = next(one for one in done.team_now if one.department_id == drawn.lead.id)
    if stays.inspector_id not in {one.inspector_id for one in visit.team_now}:
        visit.team_now[0].inspector_id = stays.inspector_id
    session.flush()
    session.expire_all()
    stop = sa.update(Parameter).where(Parameter.code == "fruitless-checks-stop")
    session.execute(stop.values(value="2"))
    assert not barred_inspectors(session, done.entity_id, clock.today())
    session.execute(stop.values(value="1"))
    barred = barred_inspectors(session, done.entity_id, clock.today())
    assert barred == {one.inspector_id: 1 for one in done.team_now}
    assert not barred_inspectors(session, drawn.visits[2].entity_id, clock.today())
    assert not barred_inspectors(session, done.entity_id, clock.today() + timedelta(days=366))
    returning = list_returning(session, visit)
    assert {one.member.inspector_id for one in returning} == set(barred) & {one.inspector_id for one in visit.team_now}
    drawn.accept(visit)
    with refused("fruitless-checks"):
        approve_visit(session, visit, actor=drawn.actor(Role.HEAD))
    page = browse(drawn.user(Role.OVERSIGHT))
    for one in returning:
        address = f"/visits/{visit.id}/fruitless/{one.member.inspector_id}"
        browse(drawn.user(Role.HEAD)).get(address, status=403)
        page.post(address, {"reason": "no-other-officer", "note": "本部门仅两人具备资格。"})
    page.get(f"/visits/{visit.id}/fruitless/999999", status=404)
    session.expire_all()
    approve_visit(session, visit, actor=drawn.actor(Role.HEAD))
    found = session.scalars(sa.select(ItemResult).join(Section).where(Section.visit_id == done.id)).first()
    assert found is not None
    found.result_code = "2"
    session.flush()
    assert not barred_inspectors(session, done.entity_id, clock.today()), "a check that found something is no vain one"


def test_two_visits_go_together_and_count_as_one(
    session: Session, drawn: District, pair: tuple[Visit, Visit], browse: Browser
) -> None:
    first, second = pair
    assert find_matches(session, first) == [second]
    offer = offered(session, drawn, pair)
    assert not find_matches(session, first)
    assert len(list(messages.offers(session))) == 1
    services.answer_offer(session, offer, together=True, text="", actor=drawn.actor(Role.LEAD))
    assert find_partners(session, second) == [first]
    assert first.planned_on == second.planned_on
    with refused("offer-moved-on"):
        services.answer_offer(session, offer, together=False, text="no", actor=drawn.actor(Role.LEAD))
    first.state = second.state = VisitState.APPROVED
    session.flush()
    assert not check_frequency(session, first).over
    assert not list_crowded(session, drawn.actor(Role.OVERSIGHT), period=Period.DAY, day=clock.today())
    with refused("goes-together"):
        visits.reschedule_visit(
            session, first, planned_on=clock.today(), reason="x", actor=drawn.inspector(first.leader)
        )
    shown = words(browse(drawn.user(Role.HEAD)).get(f"/visits/{first.id}").text)
    assert "One visit together with" in shown
    services.withdraw_offer(session, offer, text="设备故障", actor=drawn.actor(Role.LEAD))
    assert offer.state is OfferState.WITHDRAWN
    assert check_frequency(session, first).over
    (crowded,) = list_crowded(session, drawn.actor(Role.OVERSIGHT), period=Period.DAY, day=clock.today())
    assert crowded.counted == 2
    assert count_offers(session, drawn.actor(Role.COORDINATOR)).made == 1
    assert [one.event for one in list_history(session, "joint_offer", offer.id)][::-1] in (
        ["joint_offered", "joint_answered", "joint_withdrawn"],
        ["joint_withdrawn", "joint_answered", "joint_offered"],
    )


def test_two_leads_cannot_offer_each_other_at_once_and_a_declined_offer_needs_a_reason(
    session: Session, drawn: District, pair: tuple[Visit, Visit]
) -> None:
    offer = offered(session, drawn, pair)
    with pytest.raises(NotFound):
        offered(session, drawn, (pair[1], pair[0]))
    twice = JointOffer(visit_id=pair[1].id, other_id=pair[0].id, pair=offer.pair, state=OfferState.WAITING,
                       planned_on=clock.today(), offered_at=clock.now())  # fmt: skip
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        session.add(twice)
    with refused("reason-needed"):
        services.answer_offer(session, offer, together=False, text="", actor=drawn.actor(Role.LEAD))
    with pytest.raises(Forbidden):
        services.answer_offer(session, offer, together=True, text="", actor=drawn.actor(Role.LEAD, drawn.other))
    services.answer_offer(session, offer, together=False, text="时间冲突", actor=drawn.actor(Role.LEAD))
    assert find_matches(session, pair[0]) == [pair[1]]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_read_well(
    session: Session, drawn: District, pair: tuple[Visit, Visit], browse: Browser, language: str
) -> None:
    first, second = pair
    lead = browse(drawn.user(Role.LEAD), language=language)
    lead.get("/visits/together")
    lead.get(f"/visits/{first.id}")
    address = f"/visits/{first.id}/together/{second.id}"
    lead.get(address)
    far = clock.today() + timedelta(days=30)
    lead.post(address, {"planned_on": far.isoformat(), "text": ""}, status=200)
    lead.post(address, {"planned_on": clock.today().isoformat(), "text": "一起去"})
    offer = session.scalars(sa.select(JointOffer)).one()
    page = f"/visits/together/{offer.id}"
    for visit in (first, second):
        assert page in lead.get(f"/visits/{visit.id}").text, "the page of the visit leads to the offer"
    lead.get(page)
    browse(drawn.user(Role.INSPECTOR)).get(page, status=403)
    stranger = drawn.make.user(Role.LEAD, department=drawn.make.department())
    browse(stranger).get(page, status=404)
    lead.post(page, {"answer": "apart", "text": ""}, page=page, status=200)
    lead.post(page, {"answer": "together", "text": ""}, page=page)
    lead.get("/visits/together")
    lead.post(f"{page}/withdrawal", {"grounds": "改期"}, page=page)
    first.state = second.state = VisitState.APPROVED
    session.flush()
    oversight = browse(drawn.user(Role.OVERSIGHT), language=language)
    oversight.get("/visits/too-frequent")
    assert first.entity.name in oversight.get("/visits/too-frequent?period=day").text
    oversight.get("/visits/too-frequent/export?period=day")
    oversight.get(f"/visits/{first.id}/too-frequent")
    browse(drawn.user(Role.HEAD), language=language).get(f"/visits/{first.id}")
