"""Orders and days chosen by the leader: who may, what is kept, how it is taken back."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from joint_inspections.days import services
from joint_inspections.days.day_routes import Route, find_last_move, load_route
from joint_inspections.days.models import DayMove, EntityPoint, RouteOrder
from joint_inspections.notices.services import issue_notice
from joint_inspections.visits.models import Visit, VisitMember
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.errors import NotFound
from supervision.permissions import Actor, Role
from tests.joint_inspections.conftest import LETTERHEAD, District, refused
from tests.pages import Browser

# a Monday
MONDAY = datetime(2026, 11, 23, 9, tzinfo=clock.SHANGHAI)


@pytest.fixture
def led(district: District) -> District:
    """A draw of this week in which one leader leads every visit, all on Monday, the last drawn being the nearest."""
    with clock.at(MONDAY):
        district.draw_now(days=4)
        first = district.visits[0]
        for number, visit in enumerate(district.visits):
            visit.planned_on = clock.today()
            _give_team(district, visit, first)
            place = EntityPoint(
                entity_id=visit.entity_id, longitude=121.44 + number / 100, latitude=31.2, noted_at=clock.now()
            )
            district.session.add(place)
        district.session.flush()
        district.session.expire_all()
    return district


def _give_team(district: District, visit: Visit, first: Visit) -> None:
    if visit is first:
        return
    district.session.execute(sa.delete(VisitMember).where(VisitMember.visit_id == visit.id))
    district.session.add_all(
        VisitMember(
            visit_id=visit.id,
            inspector_id=one.inspector_id,
            department_id=one.department_id,
            lead=one.lead,
            state=one.state,
        )
        for one in first.members
    )


def _leader(district: District) -> Actor:
    return district.inspector(district.visit.leader)


def _route(district: District) -> Route:
    leader = district.visit.leader
    assert leader is not None
    return load_route(district.session, _leader(district), leader.inspector, clock.today())


def _ids(route: Route) -> list[int]:
    return [one.visit.id for one in route.stops]


def test_the_leaders_order_holds_for_everybody_and_is_taken_back_step_by_step(led: District) -> None:
    session, leader = led.session, _leader(led)
    with clock.at(MONDAY):
        computed = _ids(_route(led))
        services.move_stop(session, _route(led), visit_id=computed[0], step=1, serial=0, actor=leader)
        services.move_stop(session, _route(led), visit_id=computed[0], step=1, serial=1, actor=leader)
        assert _ids(_route(led)) == [*computed[1:], computed[0]]
        mate = next(one for one in led.visit.team_now if not one.lead)
        theirs = load_route(session, led.inspector(mate), mate.inspector, clock.today())
        assert _ids(theirs) == [*computed[1:], computed[0]]
        assert theirs.by_hand
        assert not theirs.undoable
        services.undo_order(session, _route(led), serial=2, actor=leader)
        assert _ids(_route(led)) == [computed[1], computed[0], computed[2]]
        services.undo_order(session, _route(led), serial=3, actor=leader)
        assert _ids(_route(led)) == computed
        assert not _route(led).undoable
        with refused("nothing-to-undo"):
            services.undo_order(session, _route(led), serial=4, actor=leader)
    assert session.scalar(sa.select(sa.func.count()).select_from(RouteOrder)) == 4
    noted = sa.select(sa.func.count()).where(AuditEntry.event == Event.ROUTE_ORDERED)
    assert session.scalar(noted) == 4


def test_an_undone_change_is_not_undone_twice_after_a_new_one(led: District) -> None:
    session, leader = led.session, _leader(led)
    with clock.at(MONDAY):
        computed = _ids(_route(led))
        services.move_stop(session, _route(led), visit_id=computed[0], step=1, serial=0, actor=leader)
        services.undo_order(session, _route(led), serial=1, actor=leader)
        services.move_stop(session, _route(led), visit_id=computed[2], step=-1, serial=2, actor=leader)
        services.undo_order(session, _route(led), serial=3, actor=leader)
        assert _ids(_route(led)) == computed
        services.compute_again(session, _route(led), serial=4, actor=leader)
        assert not _route(led).by_hand


def test_two_changes_at_once_meet(led: District) -> None:
    with clock.at(MONDAY):
        seen = _route(led)
        first = _ids(seen)[0]
        services.move_stop(led.session, seen, visit_id=first, step=1, serial=0, actor=_leader(led))
        with refused("changed-meanwhile"):
            services.move_stop(led.session, seen, visit_id=first, step=1, serial=0, actor=_leader(led))
        with refused("changed-meanwhile"):
            services.compute_again(led.session, _route(led), serial=0, actor=_leader(led))


def test_who_does_not_lead_a_visit_moves_it_nowhere(led: District) -> None:
    mate = next(one for one in led.visit.team_now if not one.lead)
    actor = led.inspector(mate)
    with clock.at(MONDAY):
        route = load_route(led.session, actor, mate.inspector, clock.today())
        with pytest.raises(NotFound):
            services.move_stop(led.session, route, visit_id=route.stops[0].visit.id, step=1, serial=0, actor=actor)
        with refused("leader-only"):
            services.undo_order(led.session, _route(led), serial=0, actor=actor)
        with refused("leader-only"):
            services.move_day(led.session, led.visit, day=clock.today() + timedelta(1), reason="", actor=actor)


def test_the_first_stop_goes_no_earlier(led: District) -> None:
    with clock.at(MONDAY):
        route = _route(led)
        with refused("no-further"):
            services.move_stop(led.session, route, visit_id=_ids(route)[0], step=-1, serial=0, actor=_leader(led))


def test_a_day_is_changed_without_reason_before_the_notice_and_put_back(led: District) -> None:
    session, leader, visit = led.session, _leader(led), led.visit
    with clock.at(MONDAY):
        services.move_day(session, visit, day=clock.today() + timedelta(2), reason="", actor=leader)
        assert visit.id not in _ids(_route(led))
        move = find_last_move(session, leader)
        assert move is not None
        assert (move.visit_id, move.from_day) == (visit.id, clock.today())
        services.undo_move(session, visit, actor=leader)
        assert visit.planned_on == clock.today()
        assert find_last_move(session, leader) is None
        with refused("nothing-to-undo"):
            services.undo_move(session, visit, actor=leader)
    assert session.scalar(sa.select(sa.func.count()).select_from(DayMove)) == 2


def test_after_the_notice_another_day_needs_a_reason(led: District) -> None:
    with clock.at(MONDAY):
        visit = led.visit
        led.approve(visit)
        leader = _leader(led)
        issue_notice(led.session, visit, language="zh", letterhead=LETTERHEAD, actor=leader)
        day = clock.today() + timedelta(1)
        with refused("reason-after-notice"):
            services.move_day(led.session, visit, day=day, reason="", actor=leader)
        services.move_day(led.session, visit, day=day, reason="企业当日停业", actor=leader)
        assert visit.planned_on == day


def test_days_offered_are_working_days_of_this_week_within_the_task(led: District) -> None:
    with clock.at(MONDAY):
        offered = _route(led).stops[0].days
        assert offered == tuple(clock.today() + timedelta(number) for number in range(1, 5))


def test_the_page_moves_stops_and_days_by_plain_forms(led: District, browse: Browser) -> None:
    with clock.at(MONDAY):
        leader = led.visit.leader
        assert leader is not None
        visitor = browse(led.inspector_user(leader))
        computed = _ids(_route(led))
        day = clock.today().isoformat()
        sent = {"day": day, "visit": computed[0], "serial": 0, "wanted": "later"}
        visitor.post("/days/order", sent, page="/days/")
        led.session.expire_all()
        assert _ids(_route(led)) == [computed[1], computed[0], computed[2]]
        shown = visitor.get("/days/").text
        assert "Order chosen by hand" in shown
        # a page seen before the change is told so and changes nothing
        visitor.post("/days/order", sent, page="/days/")
        assert "Somebody changed this meanwhile" in visitor.get("/days/").text
        for wrong in ({}, {"serial": "x"}, {"serial": 1, "visit": "x", "wanted": "later"}):
            visitor.client.post("/days/order", data={"csrf_token": visitor.token("/days/"), **wrong})
        to = (clock.today() + timedelta(1)).isoformat()
        visitor.post(f"/days/visits/{computed[0]}/day", {"day": to}, page="/days/")
        assert "Put it back" in visitor.get("/days/").text
        visitor.post(f"/days/visits/{computed[0]}/day", {"wanted": "undo"}, page="/days/")
        led.session.expire_all()
        assert led.session.get_one(Visit, computed[0]).planned_on == clock.today()
        sunday = (clock.today() + timedelta(6)).isoformat()
        visitor.post(f"/days/visits/{computed[0]}/day", {"day": sunday}, page="/days/")
        assert led.session.get_one(Visit, computed[0]).planned_on == clock.today()


def test_a_lead_who_looks_on_gets_no_buttons(led: District, browse: Browser) -> None:
    with clock.at(MONDAY):
        leader = led.visit.leader
        assert leader is not None
        shown = browse(led.user(Role.LEAD)).get(f"/days/?inspector={leader.inspector_id}").text
        assert led.visit.entity.name in shown
        assert 'name="wanted"' not in shown


def test_the_picture_is_plain_svg_with_words_and_without_styles(led: District, browse: Browser) -> None:
    with clock.at(MONDAY):
        leader = led.visit.leader
        assert leader is not None
        shown = browse(led.inspector_user(leader)).get("/days/").text
        picture = shown[shown.index("<svg viewBox") : shown.index("</figure>")]
        assert picture.count("<circle") == 3
        assert "<title" in picture
        assert "<desc" in picture
        assert "not a map" in picture
        assert "style=" not in picture
