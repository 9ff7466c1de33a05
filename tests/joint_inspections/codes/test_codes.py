"""What an enterprise does by the code on its notice, and who may read it."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.codes import queries, services
from joint_inspections.codes.models import ArrivalAnswer, VisitRating
from joint_inspections.codes.rules import Breach, Quarter, Question, may_be_shown
from joint_inspections.notices import services as notices
from joint_inspections.notices.models import Notice
from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.audit.queries import list_history
from supervision.permissions import Role
from tests.joint_inspections.conftest import LETTERHEAD, District, refused
from tests.pages import Browser

FOUR = dict.fromkeys(Question, 4)
REMARK = "they ate our noodles"
SENT = {"lawful": "5", "clear": "4", "sparing": "3", "fair": "5"}


def notice_of(session: Session, visit: Visit) -> Notice:
    return session.scalars(sa.select(Notice).where(Notice.visit_id == visit.id)).one()


def noticed(drawn: District) -> Notice:
    """A visit approved by everybody, with its notice in the enterprise's hands."""
    visit = drawn.visit
    drawn.approve(visit)
    leader = drawn.inspector(visit.leader)
    return notices.issue_notice(drawn.session, visit, language="zh", letterhead=LETTERHEAD, actor=leader)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_enterprise_says_who_stands_at_its_door(
    session: Session, drawn: District, browse: Browser, language: str
) -> None:
    notice = noticed(drawn)
    phone, page = browse(language=language), f"/notices/check/{notice.token}"
    assert f"{page}/arrival" in phone.get(page).text
    empty = phone.post(f"{page}/arrival", {"as_announced": "no", "remark": ""}, status=200)
    assert 'id="remark-error"' in empty.text
    phone.post(f"{page}/arrival", {"as_announced": "no", "remark": "a third man without a certificate"})
    phone.post(f"{page}/arrival", {"as_announced": "yes", "remark": "is left out"})
    said = session.scalars(sa.select(ArrivalAnswer).order_by(ArrivalAnswer.id)).all()
    assert [(one.as_announced, one.remark) for one in said] == [
        (False, "a third man without a certificate"),
        (True, ""),
    ]
    inside = browse(drawn.user(Role.LEAD), language=language).get(f"/visits/{notice.visit_id}").text
    assert "a third man without a certificate" in inside


def test_nothing_is_said_before_the_day_or_by_a_notice_that_no_longer_holds(
    session: Session, drawn: District, browse: Browser
) -> None:
    notice = noticed(drawn)
    page = f"/notices/check/{notice.token}"
    with clock.at(clock.now() - timedelta(days=1)):
        assert not services.may_confirm(notice)
    notice.visit.planned_on += timedelta(days=1)
    session.flush()
    assert browse().get(f"{page}/arrival", status=302).location.endswith(page)
    with refused("not-the-day"):
        services.confirm_arrival(session, notice, as_announced=True, remark="")


def test_a_code_is_no_pulpit(session: Session, drawn: District) -> None:
    notice = noticed(drawn)
    for _ in range(services.MOST_ANSWERS):
        services.confirm_arrival(session, notice, as_announced=False, remark="x")
    with refused("enough-said"):
        services.confirm_arrival(session, notice, as_announced=True, remark="")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_enterprise_rates_once_after_the_visit(
    session: Session, drawn: District, browse: Browser, language: str
) -> None:
    visit = drawn.visit
    notice = noticed_and_begun(drawn)
    phone, page = browse(language=language), f"/notices/check/{notice.token}"
    missing = phone.post(f"{page}/rating", {**SENT, "fair": "9"}, status=200)
    assert 'id="fair-error"' in missing.text
    phone.post(f"{page}/rating", {**SENT, "breaches": ["treats"], "comment": REMARK})
    (rating,) = session.scalars(sa.select(VisitRating))
    assert (rating.lawful, rating.clear, rating.sparing, rating.fair) == (5, 4, 3, 5)
    assert rating.breaches == [Breach.TREATS]
    phone.get(f"{page}/rating", status=302)
    entry = list_history(session, "visit", visit.id, limit=1)[0]
    assert entry.details == {}
    assert entry.actor_id is None
    with refused("not-to-rate"):
        services.rate_visit(session, visit, marks=FOUR, breaches=[], comment="")


def noticed_and_begun(drawn: District) -> Notice:
    drawn.begin(drawn.visit)
    return notice_of(drawn.session, drawn.visit)


def test_a_visit_is_not_rated_before_it_took_place_nor_long_after(session: Session, drawn: District) -> None:
    notice = noticed(drawn)
    assert not services.may_rate(session, notice.visit)
    notice = noticed_again(drawn)
    assert services.may_rate(session, notice.visit)
    with clock.at(clock.now() + timedelta(days=31)):
        assert not services.may_rate(session, notice.visit)


def noticed_again(drawn: District) -> Notice:
    visit = drawn.visits[1]
    drawn.begin(visit)
    return notice_of(drawn.session, visit)


@pytest.mark.parametrize("role", [Role.LEAD, Role.HEAD, Role.INSPECTOR, Role.REVIEWER, Role.COORDINATOR])
def test_nobody_but_oversight_reads_a_single_rating(
    session: Session, drawn: District, browse: Browser, role: Role
) -> None:
    notice = noticed_and_begun(drawn)
    services.rate_visit(session, notice.visit, marks=FOUR, breaches=[Breach.GIFTS], comment=REMARK)
    person = drawn.inspector_user(drawn.visit.team_now[0]) if role is Role.INSPECTOR else drawn.user(role)
    visitor = browse(person)
    allowed = role not in {Role.INSPECTOR, Role.REVIEWER}
    assert REMARK not in visitor.get("/ratings", status=200 if allowed else 403).text
    if role not in {Role.COORDINATOR, Role.REVIEWER}:  # who do not open a visit that is under way
        assert REMARK not in visitor.get(f"/visits/{notice.visit_id}").text
    oversight = browse(drawn.make.user(Role.OVERSIGHT))
    assert REMARK in oversight.get("/ratings").text
    assert REMARK in oversight.get("/ratings?mark=breach").text


def test_departments_read_sums_of_five_when_nobody_can_rate_any_more(
    session: Session, drawn: District, browse: Browser
) -> None:
    fake_ratings(session, drawn, 3)
    lead, later = drawn.actor(Role.LEAD), clock.now() + timedelta(days=140)
    assert [one.marks for one in queries.rating_sums(session, lead)] == [None]
    with clock.at(later):
        assert [one.marks for one in queries.rating_sums(session, lead)] == [None]
        assert [one.rated for one in queries.rating_sums(session, lead)] == [0], "not even how many"
    make_minimum(session, 3)
    assert [one.marks for one in queries.rating_sums(session, lead)] == [None]
    with clock.at(later):
        (sums,) = queries.rating_sums(session, lead)
        assert sums.marks is not None
        assert (sums.rated, sums.marks[Question.CLEAR], sums.breaches) == (3, 4.0, 3)
        assert str(Quarter.of(drawn.visit.planned_on)) in browse(drawn.user(Role.LEAD)).get("/ratings").text


def fake_ratings(session: Session, drawn: District, count: int) -> None:
    for visit in drawn.visits[:count]:
        drawn.begin(visit)
        services.rate_visit(session, visit, marks=FOUR, breaches=[Breach.QUOTA], comment="")


def make_minimum(session: Session, value: int) -> None:
    statement = "UPDATE parameters SET value = :value WHERE code = 'rating-group-minimum'"
    session.execute(sa.text(statement), {"value": str(value)})


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        (date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 6, 30), date(2026, 6, 30)),
        (date(2026, 7, 1), date(2026, 9, 30)),
        (date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_quarters_end_where_they_do(day: date, ends: date) -> None:
    assert Quarter.of(day).ends_on == ends


def test_sums_are_shown_only_of_enough_and_only_when_they_stand_still() -> None:
    quarter = Quarter(2026, 3)
    shown = {"days_to_rate": 30, "fewest": 5}
    assert not may_be_shown(quarter, 5, today=date(2026, 10, 30), **shown)
    assert may_be_shown(quarter, 5, today=date(2026, 10, 31), **shown)
    assert not may_be_shown(quarter, 4, today=date(2027, 10, 31), **shown)


def test_the_enterprise_answers_the_result(session: Session, drawn: District, browse: Browser) -> None:
    visit = drawn.visit
    drawn.submit(visit)
    notice = notice_of(session, visit)
    page, phone = f"/notices/check/{notice.token}", browse()
    assert f"{page}/reply" in phone.get(page).text
    phone.post(f"{page}/reply", {"text": "", "signed_by": ""}, status=200)
    phone.post(f"{page}/reply", {"text": "The lamp was mended on the same day.", "signed_by": "卢经理"})
    for person in (drawn.user(Role.LEAD), drawn.user(Role.REVIEWER)):
        assert "The lamp was mended" in browse(person).get(f"/visits/{visit.id}").text
    assert "The lamp was mended" not in phone.get(page).text, "whoever finds the paper does not read the answer"


def test_a_code_that_does_not_exist_opens_nothing(browse: Browser) -> None:
    for page in ("arrival", "rating", "reply"):
        browse().get(f"/notices/check/nothing/{page}", status=404)
