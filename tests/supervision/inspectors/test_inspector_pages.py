"""Pages of the register of inspectors: who sees how much, and keeping an entry."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from supervision import clock
from supervision.accounts.models import User
from supervision.departments.models import Department
from supervision.inspectors.models import Inspector
from supervision.inspectors.queries import find_by_certificate, list_ties
from supervision.inspectors.rules import InspectorStatus
from supervision.permissions import Role
from tests.factories import Make
from tests.pages import Browser


@pytest.fixture
def department(make: Make) -> Department:
    """A department with two items."""
    department = make.department("QA")
    for code in ("QA-1", "QA-2"):
        make.item(department, code=code)
    return department


@pytest.fixture
def inspector(make: Make, department: Department) -> Inspector:
    """One of its inspectors."""
    return make.inspector(department, items=("QA-1", "QA-9"), name="张长宁", post="一级主办")


@pytest.fixture
def lead(make: Make, department: Department) -> User:
    """Its lead."""
    return make.user(Role.LEAD, department=department)


ENTRY = {
    "name": "李宁",
    "certificate_number": "0931010600123",
    "certificate_valid_until": "2029-06-30",
    "issuing_body": "上海市人民政府",
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_lead_enters_and_keeps_an_inspector(
    browse: Browser, session: Session, lead: User, make: Make, language: str
) -> None:
    visitor = browse(lead, language=language)
    visitor.post("/inspectors/new", {**ENTRY, "certificate_number": "x"}, status=200)
    visitor.post("/inspectors/new", ENTRY)
    found = find_by_certificate(session, "0931010600123")
    assert found is not None
    assert "error-summary" in visitor.post("/inspectors/new", ENTRY, status=200).text
    base = f"/inspectors/{found.id}"
    visitor.post(
        f"{base}/qualifications", {"version": found.version, "reason": "培训合格", "item_codes": ["QA-1", "QA-2"]}
    )
    session.refresh(found)
    assert [one.item_code for one in found.qualifications] == ["QA-1", "QA-2"]
    visitor.post(f"{base}/correct", {**ENTRY, "name": "李长宁", "version": found.version, "reason": "更名"})
    stale = {**ENTRY, "version": 1, "reason": "更名"}
    assert "error-summary" in visitor.post(f"{base}/correct", stale, status=200).text
    days = {"kind": "leave", "starts_on": "2026-12-01", "ends_on": "2026-12-03"}
    visitor.post(f"{base}/absences/new", {**days, "ends_on": "2026-11-30"}, status=200)
    visitor.post(f"{base}/absences/new", days)
    assert "2026" in visitor.get(base).text
    session.refresh(found)
    visitor.post(f"{base}/status", {"version": found.version, "status": "suspended", "reason": ""}, status=200)
    visitor.post(f"{base}/status", {"version": found.version, "status": "suspended", "reason": "调查"})
    session.refresh(found)
    assert (found.name, found.status) == ("李长宁", InspectorStatus.SUSPENDED)
    visitor.get("/inspectors/?q=lcn&status=suspended&validity=valid&department=QA&item=QA-1&sort=-valid_until")
    assert "调查" in visitor.get(base).text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_inspector_sees_the_own_entry_and_declares_interests(
    browse: Browser, session: Session, make: Make, inspector: Inspector, lead: User, language: str
) -> None:
    firm = make.entity(name="上海关系餐饮管理有限公司")
    user = make.user(Role.INSPECTOR, department=inspector.department, inspector=inspector)
    visitor = browse(user, language=language)
    page = visitor.get("/inspectors/mine").text
    assert inspector.certificate_number in page
    address = f"/inspectors/{inspector.id}/interests/new"
    both = {"kind": "kinship", "unit_id": firm.unit_id, "person_name": "李某"}
    visitor.post(address, {"kind": "kinship"}, status=200)
    visitor.post(address, both, status=200)
    visitor.post(address, {"kind": "kinship", "unit_id": "91310000000000000X"}, status=200)
    visitor.post(address, {"kind": "kinship", "unit_id": firm.unit_id.lower(), "statement": "表弟任经理"})
    assert list_ties(session, [inspector.id]) == [(inspector.id, firm.id)]
    assert firm.name in visitor.get("/inspectors/mine").text
    withdraw = f"/inspectors/{inspector.id}/interests/1/withdraw"
    visitor.get(withdraw, status=403)
    chief = browse(lead, language=language)
    chief.get(f"/inspectors/{inspector.id}/interests/999/withdraw", status=404)
    link = chief.get(f"/inspectors/{inspector.id}").text.partition("/interests/")[2]
    assert link.startswith("new")
    tie = chief.get(f"/inspectors/{inspector.id}").text.split("/interests/")[2].partition("/")[0]
    chief.post(f"/inspectors/{inspector.id}/interests/{tie}/withdraw", {"reason": "已离职"})
    assert list_ties(session, [inspector.id]) == []


def test_each_viewer_sees_as_much_as_concerns_them(
    browse: Browser, session: Session, make: Make, inspector: Inspector
) -> None:
    make_firm = make.entity(name="上海关系餐饮管理有限公司")
    own = make.user(Role.INSPECTOR, department=inspector.department, inspector=inspector)
    browse(own).post(f"/inspectors/{inspector.id}/interests/new", {"kind": "other", "unit_id": make_firm.unit_id})
    other = make.department("OTHER")
    sees = {
        (Role.LEAD, inspector.department): (True, True),
        (Role.HEAD, inspector.department): (True, True),
        (Role.OVERSIGHT, other): (True, True),
        (Role.COORDINATOR, other): (True, False),
        (Role.REVIEWER, inspector.department): (False, False),
        (Role.INSPECTOR, inspector.department): (False, False),
        (Role.LEAD, other): (False, False),
    }
    for (role, department), (details, ties) in sees.items():
        visitor = browse(make.user(role, department=department))
        page = visitor.get(f"/inspectors/{inspector.id}").text
        assert inspector.certificate_number in page
        assert ("一级主办" in page) is details, role
        assert ("上海关系餐饮" in page) is ties, role
        rows = visitor.get("/inspectors/export/csv").data.decode("utf-8-sig")
        assert ("QA-1" in rows) is details, role


def test_only_the_departments_lead_opens_the_forms(browse: Browser, make: Make, inspector: Inspector) -> None:
    steps = ("correct", "status", "qualifications", "absences/new", "interests/new")
    for user in (
        make.user(Role.LEAD, department=make.department("OTHER")),
        make.user(Role.COORDINATOR),
        make.user(Role.INSPECTOR, department=inspector.department),
        make.user(Role.SYSTEM_ADMIN),
    ):
        visitor = browse(user)
        for step in steps:
            visitor.get(f"/inspectors/{inspector.id}/{step}", status=403)
    assert browse().get(f"/inspectors/{inspector.id}", status=302).location.startswith("/sign-in")
    browse(make.user(Role.SECURITY_ADMIN)).get("/inspectors/", status=403)
    browse(make.user(Role.LEAD)).get("/inspectors/new", status=403)
    browse(make.user(Role.LEAD, department=inspector.department)).get("/inspectors/999999", status=404)


def test_an_unlinked_inspectors_account_is_told_what_to_do(browse: Browser, make: Make) -> None:
    assert "not linked" in browse(make.user(Role.INSPECTOR)).get("/inspectors/mine").text


def test_an_expired_certificate_and_a_lost_item_are_shown(
    browse: Browser, make: Make, inspector: Inspector, lead: User, session: Session
) -> None:
    inspector.certificate_valid_until = clock.today() - timedelta(days=1)
    session.flush()
    page = browse(lead).get(f"/inspectors/{inspector.id}").text
    assert "Expired" in page
    assert "Not on the list in force" in page


def test_an_empty_register_says_so(browse: Browser, make: Make) -> None:
    assert "No inspector has been entered yet" in browse(make.user(Role.COORDINATOR)).get("/inspectors/").text


def test_the_list_is_downloaded_as_a_workbook(browse: Browser, make: Make, inspector: Inspector) -> None:
    with browse(make.user(Role.COORDINATOR)).get("/inspectors/export/xlsx?q=张") as response:
        assert response.data[:2] == b"PK"


def test_only_who_may_import_inspectors_is_offered_it(browse: Browser, make: Make, lead: User) -> None:
    offered = "/imports/new/inspectors"
    assert offered in browse(lead).get("/inspectors/").text
    coordinator = browse(make.user(Role.COORDINATOR))
    assert offered not in coordinator.get("/inspectors/").text
    coordinator.get(offered, status=403)


def test_a_page_behind_the_last_one_leads_to_the_last(browse: Browser, inspector: Inspector, lead: User) -> None:
    visitor = browse(lead)
    moved = visitor.get("/inspectors/?page=400&sort=name&status=active", status=302)
    assert moved.location == "/inspectors/?page=1&sort=name&status=active"
    assert inspector.name in visitor.get(moved.location).text
    assert "page=" not in visitor.get("/inspectors/?page=400&q=nobody-of-that-name").text.partition("<main")[2]
