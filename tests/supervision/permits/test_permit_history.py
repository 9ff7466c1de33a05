"""What the page of a permit tells of its past, and how a permit is found and taken away in order."""

from datetime import date

import pytest

from supervision import clock
from supervision.departments.models import Department
from supervision.listing import ListQuery
from supervision.permissions import Role
from supervision.permits import queries, services
from supervision.permits.rules import PermitKind
from tests.factories import Make
from tests.pages import Browser
from tests.supervision.permits.test_permits import content, record


@pytest.fixture
def authority(make: Make) -> Department:
    """A department that grants permits."""
    return make.department("SCJG")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_history_tells_old_and_new(browse: Browser, make: Make, authority: Department, language: str) -> None:
    lead = make.actor(Role.LEAD, department=authority)
    permit = record(make, authority)
    changed = content(permit_number="JY-NEW-0002", kind=PermitKind.APPROVAL)
    services.correct(make.session, permit, changed, version=permit.version, reason="打印有误", actor=lead)
    services.expire(make.session, permit, version=permit.version, reason="注销申请", actor=lead)
    page = browse(make.user(Role.OVERSIGHT), language=language).get(f"/permits/{permit.id}").text
    assert "<del>JY23101060000001</del> → JY-NEW-0002" in page
    assert "打印有误" in page
    assert "注销申请" in page
    if language == "en":
        assert "<del>Ordinary permit</del> → Verification and approval" in page
        assert "<del>Valid</del> → No longer valid" in page


def test_a_permit_is_found_by_its_holders_initials_and_codes(make: Make, authority: Department) -> None:
    holder = make.entity(name="上海长宁餐饮有限公司", registration_number="310106600123")
    permit = record(make, authority, holder)
    other = record(make, authority, document_number="静食许〔2026〕2号", permit_number="JY2")
    viewer = make.actor(Role.COORDINATOR)
    for q in ("长宁", "shcncy", holder.uscc.lower(), "310106600123", "JY23101060000001"):
        found = queries.list_permits(make.session, viewer, ListQuery(q=q), on=clock.today()).items
        assert list(found) == [permit], q
        assert other not in found


def test_the_download_comes_in_the_order_of_the_list(make: Make, authority: Department) -> None:
    days = (date(2026, 1, 5), date(2026, 3, 1), date(2025, 6, 1))
    for number, day in enumerate(days):
        record(make, authority, document_number=f"N{number}", decided_on=day, valid_from=day)
    viewer = make.actor(Role.COORDINATOR)
    for query in (ListQuery(), ListQuery(sort="decided"), ListQuery(sort="entity", descending=True)):
        listed = [one.id for one in queries.list_permits(make.session, viewer, query, on=clock.today()).items]
        taken = [one.id for one in queries.iterate_permits(make.session, viewer, query, on=clock.today())]
        assert taken == listed
