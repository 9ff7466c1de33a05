"""Figures of ordered inspections: apart from random ones, each order once, nothing of who asked for it."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from joint_inspections.ordered.deciding import decide_order
from joint_inspections.ordered.services import cancel_order
from reports.statistics.ordered import count_ordered, total
from supervision import clock
from supervision.permissions import Role
from tests.factories import Make
from tests.joint_inspections.conftest import District, district  # noqa: F401 - the fixture of the floor below
from tests.joint_inspections.ordered.conftest import Office, office_of
from tests.pages import Browser


@pytest.fixture
def office(district: District) -> Office:  # noqa: F811 - the fixture
    """The district with somebody to inspect."""
    return office_of(district)


def test_each_order_counts_once_with_what_came_of_it(office: Office, session: Session, make: Make) -> None:
    people, oversight = office.district, make.actor(Role.OVERSIGHT)
    visit = office.approve(office.order())
    people.finish(visit)
    people.publish(visit)
    cancel_order(session, office.order(), reason="线索已由他案处理", actor=people.actor(Role.LEAD))
    refused = office.order(ground_code="referral")
    decide_order(session, refused, agreed=False, note="线索不属实", actor=people.actor(Role.HEAD))
    urgent = office.urgent(entity_id=make.entity().id)
    assert urgent.visit is not None
    people.accept(urgent.visit)
    year = clock.today().year
    assert total(count_ordered(session, oversight, year=year))["in_time"] == 0, "nothing is in writing yet"
    office.approve(urgent)
    rows = {one.ground.code: one for one in count_ordered(session, oversight, year=year)}
    assert dict(rows["complaint"].counts) == {"ordered": 2, "visited": 1, "published": 1, "cancelled": 1}
    assert dict(rows["referral"].counts) == {"ordered": 1, "refused": 1}
    assert dict(rows["accident"].counts) == {"ordered": 1, "urgent": 1, "in_time": 1}
    assert {one.department.code for one in rows.values()} == {people.lead.code}, "at the department that leads"
    assert not count_ordered(session, oversight, year=year, department=people.other.code)
    assert not count_ordered(session, oversight, year=year - 1)
    assert total(count_ordered(session, people.actor(Role.LEAD, people.other), year=year))["ordered"] == 4
    assert not count_ordered(session, make.actor(Role.LEAD), year=year), "another department's"


def test_what_is_completed_late_is_not_in_time(office: Office, session: Session, make: Make) -> None:
    urgent = office.urgent()
    assert urgent.visit is not None
    assert urgent.complete_by is not None
    office.district.accept(urgent.visit)
    year = clock.today().year
    with clock.at(clock.begin_of(urgent.complete_by) + timedelta(days=1, hours=10)):
        office.approve(urgent)
    counts = total(count_ordered(session, make.actor(Role.OVERSIGHT), year=year))
    assert (counts["urgent"], counts["in_time"]) == (1, 0)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_and_its_download(
    office: Office, session: Session, make: Make, browse: Browser, language: str
) -> None:
    visitor = browse(make.user(Role.OVERSIGHT), language=language)
    visitor.get("/figures/ordered")
    order = office.order()
    session.commit()
    page = visitor.get(f"/figures/ordered?year={clock.today().year}&department={office.district.lead.code}").text
    assert "/figures/ordered/export/csv?" in page
    assert "/figures/ordered" in visitor.get("/figures/").text
    text = visitor.get("/figures/ordered/export/csv").text.removeprefix("\ufeff")
    (row,) = list(csv.reader(io.StringIO(text)))[1:]
    assert row[4:] == ["1", "0", "0", "0", "0", "0", "0", "0"]
    for said in (page, text):
        assert office.entity.name not in said
        assert order.facts not in said
    browse(make.user(Role.INSPECTOR)).get("/figures/ordered", status=403)
