"""The yearly caps are checked again when an inspection is approved (R-1.18, R-1.19)."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from joint_inspections.collected.models import CollectedInspection
from joint_inspections.visits import services as visits
from joint_inspections.visits.approvals import load_desk
from joint_inspections.visits.approving import approve_visit, override_cap
from joint_inspections.visits.caps import check_cap, count_over_cap, list_over_cap
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import CapSum, VisitState, cap_sums
from supervision import clock
from supervision.audit.queries import list_history
from supervision.errors import Forbidden
from supervision.listing import ListQuery
from supervision.permissions import Role
from tests.joint_inspections.conftest import District, refused
from tests.pages import Browser, words


def collect(
    drawn: District, visit: Visit, number: int = 1, *, item_code: str = "ELSE", drawn_by_lot: bool = True
) -> None:
    """Let another system report inspections of this year."""
    known = drawn.session.query(CollectedInspection).count()
    for serial in range(known, known + number):
        drawn.session.add(
            CollectedInspection(
                entity_id=visit.entity_id,
                department_id=drawn.other.id,
                document_number=f"JC{serial}",
                item_code=item_code,
                item_name="别的检查",
                inspected_on=visit.planned_on,
                result_code="1",
                drawn=drawn_by_lot,
                source="部门业务系统",
                recorded_at=clock.now(),
            )
        )
    drawn.session.flush()


def test_the_sums_add_this_visit_to_what_was_carried_out() -> None:
    every, item = cap_sums(2, {"A-01": 0}, cap=2, item_caps={"A-01": 1})
    assert (every, item) == (CapSum("", 2, 2), CapSum("A-01", 0, 1))
    assert (every.with_this, every.over) == (3, True)
    assert (item.with_this, item.over) == (1, False)


def test_an_inspection_beyond_the_cap_over_all_departments_is_barred_with_its_sum(
    session: Session, drawn: District
) -> None:
    visit = drawn.visit
    drawn.accept(visit)
    collect(drawn, visit)
    assert not check_cap(session, visit).over, "one earlier inspection and this one are two, and two are allowed"
    collect(drawn, visit)
    with refused("over-yearly-cap") as _:
        approve_visit(session, visit, actor=drawn.actor(Role.HEAD))
    assert check_cap(session, visit).over == (CapSum("", 2, 2),)
    assert [one for one, _ in load_desk(session, drawn.actor(Role.HEAD)).over_cap] == [visit]


def test_an_item_inspected_this_year_bars_the_inspection_even_within_the_cap_of_all(
    session: Session, drawn: District, browse: Browser
) -> None:
    visit, item = drawn.visit, drawn.items[0]
    drawn.accept(visit)
    collect(drawn, visit, item_code=item.code)
    assert check_cap(session, visit).over == (CapSum(item.code, 1, 1),)
    with refused("over-yearly-cap"):
        approve_visit(session, visit, actor=drawn.actor(Role.HEAD))
    shown = words(browse(drawn.user(Role.OVERSIGHT)).get(f"/visits/{visit.id}/cap").text)
    assert f"Item {item.name_en}, {visit.planned_on.year}" in shown
    browse(drawn.user(Role.LEAD)).get(f"/visits/{visit.id}")


def test_only_random_inspections_of_the_year_and_of_this_entity_count(session: Session, drawn: District) -> None:
    visit, other = drawn.visits[0], drawn.visits[1]
    collect(drawn, visit, 5, drawn_by_lot=False)
    collect(drawn, other, 5)
    last_year = visit.planned_on.replace(month=1, day=1) - timedelta(days=1)
    visit.planned_on, kept = last_year, visit.planned_on
    collect(drawn, visit, 5)
    visit.planned_on = kept
    session.flush()
    check = check_cap(session, visit)
    assert (check.counted, check.over) == (0, ())
    assert check_cap(session, other).counted == 5


def test_visits_of_the_platform_count_from_the_arrival_on(session: Session, drawn: District) -> None:
    first, second, _ = drawn.visits
    drawn.begin(first)
    second.entity_id, kept = first.entity_id, second.entity_id
    with session.no_autoflush:
        check = check_cap(session, second)
        second.entity_id = kept
    assert check.counted == 1
    assert {one.item for one in check.over} == {item.code for item in drawn.items}


def test_oversight_lets_it_through_with_a_reason_that_is_kept_and_shown(
    session: Session, drawn: District, browse: Browser
) -> None:
    visit = drawn.visit
    drawn.accept(visit)
    collect(drawn, visit, 2)
    oversight = drawn.user(Role.OVERSIGHT)
    page = browse(oversight)
    assert visit.entity.name in page.get("/visits/over-cap").text
    page.post(f"/visits/{visit.id}/cap", {"reason": "superior-order", "note": ""}, status=200)
    page.post(f"/visits/{visit.id}/cap", {"reason": "no-such-reason", "note": "x"}, status=200)
    assert check_cap(session, visit).blocks
    page.post(f"/visits/{visit.id}/cap", {"reason": "superior-order", "note": "市级统一部署。"})
    session.expire_all()
    check = check_cap(session, visit)
    assert check.override is not None
    assert (check.override.counted, check.override.reason_code) == (2, "superior-order")
    entries = [one for one in list_history(session, "visit", visit.id) if one.event == "cap_overridden"]
    assert [one.reason for one in entries] == ["市级统一部署。"]
    approve_visit(session, visit, actor=drawn.actor(Role.HEAD))
    approve_visit(session, visit, actor=drawn.actor(Role.HEAD, drawn.other))
    assert visit.state is VisitState.APPROVED
    shown = words(browse(drawn.user(Role.LEAD)).get(f"/visits/{visit.id}").text)
    assert "市级统一部署。" in shown
    assert "2 random inspections so far + 1 this one = 3 in the year &gt; 2 allowed" in shown


def test_an_override_holds_for_the_number_it_was_given_for(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.accept(visit)
    collect(drawn, visit, 2)
    oversight = drawn.actor(Role.OVERSIGHT)
    override_cap(session, visit, reason_code="key-item", note="x", actor=oversight)
    with refused("cap-not-reached"):
        override_cap(session, visit, reason_code="key-item", note="x", actor=oversight)
    collect(drawn, visit)
    with refused("over-yearly-cap"):
        approve_visit(session, visit, actor=drawn.actor(Role.HEAD))
    override_cap(session, visit, reason_code="key-item", note="y", actor=oversight)
    approve_visit(session, visit, actor=drawn.actor(Role.HEAD))


def test_nobody_but_oversight_lets_an_inspection_through(session: Session, drawn: District, browse: Browser) -> None:
    visit = drawn.visit
    collect(drawn, visit, 2)
    for role in (Role.HEAD, Role.LEAD, Role.COORDINATOR, Role.REVIEWER):
        with pytest.raises(Forbidden):
            override_cap(session, visit, reason_code="key-item", note="x", actor=drawn.actor(role))
        assert list_over_cap(session, drawn.actor(role), ListQuery()).total == 0
        browse(drawn.user(role)).get("/visits/over-cap", status=403)
        browse(drawn.user(role)).get(f"/visits/{visit.id}/cap", status=403)


def test_within_the_cap_there_is_nothing_to_let_through(session: Session, drawn: District) -> None:
    with refused("cap-not-reached"):
        override_cap(session, drawn.visit, reason_code="key-item", note="x", actor=drawn.actor(Role.OVERSIGHT))


def test_what_the_cap_bars_is_counted_without_teams_and_listed_by_pages(
    session: Session, drawn: District, app: Flask
) -> None:
    first, second, _ = sorted(drawn.visits, key=lambda one: (one.planned_on, one.id))
    collect(drawn, first, 2)
    collect(drawn, second, 2)
    oversight = drawn.actor(Role.OVERSIGHT)
    asked: list[str] = []

    def see(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    session.commit()
    session.expunge_all()
    sa.event.listen(app.extensions["engine"], "before_cursor_execute", see)
    assert count_over_cap(session, oversight) == 2
    sa.event.remove(app.extensions["engine"], "before_cursor_execute", see)
    assert asked
    assert not [one for one in asked if "visit_members" in one]
    pages = [list_over_cap(session, oversight, ListQuery(page=number, size=1)) for number in (1, 2, 3)]
    assert [page.total for page in pages] == [2, 2, 2]
    assert [[visit.id for visit, _ in page.items] for page in pages] == [[first.id], [second.id], []]


@pytest.mark.parametrize("reached", [True, False])
def test_an_approval_does_not_outlive_its_year_where_the_cap_of_the_next_is_reached(
    session: Session, district: District, reached: bool
) -> None:
    with clock.at(datetime(2026, 12, 14, 12, tzinfo=clock.SHANGHAI)):
        district.draw_now(days=40)
        visit = district.visit
        district.approve(visit)
        next_year, kept = date(2027, 1, 12), visit.planned_on
        if reached:
            visit.planned_on = next_year
            collect(district, visit, 2)
            visit.planned_on = kept
            session.flush()
            with refused("cap-of-that-year"):
                move(district, visit, next_year)
            assert visit.planned_on == kept
            move(district, visit, date(2026, 12, 16))
        else:
            move(district, visit, next_year)
            assert visit.planned_on == next_year
        assert visit.state is VisitState.APPROVED


def move(drawn: District, visit: Visit, day: date) -> None:
    """Put a visit on another day, as its leader."""
    visits.reschedule_visit(
        drawn.session, visit, planned_on=day, reason="closed for stocktaking", actor=drawn.inspector(visit.leader)
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_of_the_cap_read_well(session: Session, drawn: District, browse: Browser, language: str) -> None:
    visit, quiet, _ = drawn.visits
    oversight = browse(drawn.user(Role.OVERSIGHT), language=language)
    oversight.get("/visits/over-cap")
    drawn.accept(visit)
    collect(drawn, visit, 2)
    for address in (
        "/visits/over-cap",
        f"/visits/{visit.id}/cap",
        f"/visits/{quiet.id}/cap",
        f"/visits/{visit.id}",
        "/",
    ):
        oversight.get(address)
    head = browse(drawn.user(Role.HEAD), language=language)
    head.get("/visits/approvals")
    head.get(f"/visits/{visit.id}")
