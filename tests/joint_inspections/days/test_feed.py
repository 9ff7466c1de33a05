"""The calendar feed: by a secret address alone, poor on purpose, nothing sealed or personal in it."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar

from joint_inspections.days import feeds
from joint_inspections.days.models import CalendarFeed
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import MemberState, week_end
from supervision import clock
from supervision.accounts.models import User
from supervision.accounts.queries import actor_of
from supervision.audit.events import DisclosedList
from supervision.audit.models import AuditEntry
from supervision.parameters.models import Parameter
from supervision.permissions import Role
from tests.joint_inspections.conftest import District
from tests.pages import Browser


def _owner(district: District) -> User:
    leader = district.visit.leader
    assert leader is not None
    return district.inspector_user(leader)


def _open(district: District) -> str:
    return f"/calendar/{feeds.open_feed(district.session, actor=actor_of(_owner(district)))}.ics"


def _own(district: District) -> list[Visit]:
    owner = _owner(district)
    return [one for one in district.visits if owner.inspector_id in {member.inspector_id for member in one.team_now}]


@pytest.fixture
def named(drawn: District) -> District:
    """The district that lets feeds name enterprises."""
    row = drawn.session.scalars(sa.select(Parameter).where(Parameter.code == feeds.NAMES_ALLOWED)).one()
    drawn.session.execute(sa.update(Parameter).where(Parameter.id == row.id).values(value="1"))
    drawn.session.expire_all()
    return drawn


def test_the_feed_parses_and_holds_every_disclosed_visit_and_nothing_else(drawn: District, browse: Browser) -> None:
    address = _open(drawn)
    first, *rest = _own(drawn)
    for one in rest:
        one.planned_on = week_end(clock.today()) + timedelta(days=1)
    drawn.session.flush()
    answer = browse().get(address)
    assert answer.mimetype == "text/calendar"
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    assert [one.decoded("dtstart") for one in events] == [first.planned_on]
    assert "检查任务" in str(events[0]["summary"])
    assert len({str(one["uid"]) for one in events}) == len(events)


def test_the_feed_names_no_enterprise_no_address_and_nobody(drawn: District, browse: Browser) -> None:
    text = browse().get(_open(drawn)).data.decode().replace("\r\n ", "")
    for visit in drawn.visits:
        assert visit.entity.name not in text
        assert visit.entity.unit_id not in text
        assert not visit.entity.address or visit.entity.address not in text
        assert f"/visits/{visit.id}" not in text
        for member in visit.team_now:
            assert member.inspector.name not in text
            assert member.inspector.certificate_number not in text


def test_names_appear_only_where_the_district_says_so_and_are_noted(named: District, browse: Browser) -> None:
    text = browse().get(_open(named)).data.decode().replace("\r\n ", "")
    assert _own(named)[0].entity.name in text
    noted = sa.select(AuditEntry.actor_id).where(
        AuditEntry.subject_kind == DisclosedList.VISITS.value, AuditEntry.subject_id == "calendar"
    )
    assert named.session.scalars(noted).all() == [_owner(named).id]


def test_the_same_visits_give_the_same_bytes_and_tag(drawn: District, browse: Browser) -> None:
    address = _open(drawn)
    first = browse().get(address)
    assert first.headers["Cache-Control"] == "private, max-age=900"
    again = browse().get(address, headers={"If-None-Match": first.headers["ETag"]}, status=304)
    assert again.data == b""
    _own(drawn)[0].version += 1
    drawn.session.flush()
    assert browse().get(address, headers={"If-None-Match": first.headers["ETag"]}).data != first.data


def test_a_new_address_ends_the_old_one_and_ending_ends_all(drawn: District, browse: Browser) -> None:
    owner = actor_of(_owner(drawn))
    old, new = _open(drawn), _open(drawn)
    browse().get(old, status=404)
    browse().get(new)
    feeds.end_feed(drawn.session, actor=owner)
    browse().get(new, status=404)
    kept = drawn.session.scalars(sa.select(CalendarFeed.token_hash)).all()
    assert not any(address.partition("/calendar/")[2].removesuffix(".ics") in kept for address in (old, new))


def test_who_no_longer_inspects_has_no_feed(drawn: District, browse: Browser) -> None:
    address, owner = _open(drawn), _owner(drawn)
    owner.active = False
    drawn.session.flush()
    browse().get(address, status=404)


def test_replaced_inspectors_lose_the_visit(drawn: District, browse: Browser) -> None:
    address, owner = _open(drawn), _owner(drawn)
    for visit in _own(drawn):
        for member in visit.members:
            if member.inspector_id == owner.inspector_id:
                member.state = MemberState.REPLACED
    drawn.session.flush()
    assert Calendar.from_ical(browse().get(address).data).walk("VEVENT") == []


def test_whoever_guesses_is_made_to_wait_and_the_right_address_never(drawn: District, app: Flask) -> None:
    address, client = _open(drawn), app.test_client()
    answers = {client.get(f"/calendar/guess{number}.ics").status_code for number in range(40)}
    assert answers == {404, 429}
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("token", ["", "x" * 65, "%E4%BD%A0", "..%2f", "%00"])
def test_odd_tokens_are_unknown(drawn: District, app: Flask, token: str) -> None:
    assert app.test_client().get(f"/calendar/{token}.ics").status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_address_is_shown_once(drawn: District, browse: Browser, language: str) -> None:
    visitor = browse(_owner(drawn), language=language)
    shown = visitor.post("/days/feed/address", page="/days/feed", status=200).text
    found = re.search(r"http[^<]*/calendar/([A-Za-z0-9_-]{43})[.]ics", shown)
    assert found, "the whole address can be copied"
    token = found.group(1)
    assert token not in visitor.get("/days/feed").text
    feed = Calendar.from_ical(browse().get(f"/calendar/{token}.ics?language={language}").data)
    assert ("Inspection task" in str(feed.walk("VEVENT")[0]["summary"])) == (language == "en")
    visitor.post("/days/feed/end", page="/days/feed")
    browse().get(f"/calendar/{token}.ics", status=404)
    visitor.post("/days/feed/end", page="/days/feed", status=409)


def test_an_account_without_an_entry_in_the_register_gets_no_address(drawn: District, browse: Browser) -> None:
    user = drawn.make.user(Role.INSPECTOR, department=drawn.lead)
    user.inspector_id = None
    drawn.session.flush()
    browse(user).post("/days/feed/address", page="/days/feed", status=404)
