"""Pages of borrowing: from the shortage on the task's page to lent people, in both languages and for every role."""

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from supervision import clock
from supervision.audit.models import AuditEntry
from supervision.draws import services as draws
from supervision.inspectors.models import Inspector, InspectorLoan
from supervision.neighbors.models import LoanRequest
from supervision.neighbors.rules import LoanState
from supervision.permissions import Role
from tests.pages import Browser, Visitor
from tests.supervision.draws.conftest import Visits
from tests.supervision.importing import Importer
from tests.supervision.neighbors.conftest import Borrowing

PDF = b"%PDF-1.7 agreed"
ANSWER = {
    "area_code": "310107",
    "lending_department": "普陀区市场监督管理局",
    "granted": "1",
    "document_number": "普市监函〔2026〕12号",
    "note": "原件存区协调办",
}


@pytest.fixture
def lead(borrowing: Borrowing, browse: Browser) -> Visitor:
    return browse(borrowing.world.users[borrowing.department.code])


@pytest.fixture
def coordinator(borrowing: Borrowing, browse: Browser) -> Visitor:
    return browse(borrowing.coordinator)


def the_request(borrowing: Borrowing) -> LoanRequest:
    return borrowing.world.session.scalars(sa.select(LoanRequest)).one()


def person(borrowing: Borrowing) -> dict[str, str]:
    task = borrowing.world.task
    return {
        "certificate_number": "09070012345",
        "name": "周借用",
        "certificate_valid_until": (task.ends_on + timedelta(days=30)).isoformat(),
        "starts_on": clock.today().isoformat(),
        "ends_on": task.ends_on.isoformat(),
        "qualified": "y",
    }


def test_from_the_shortage_to_lent_people_on_pages(
    borrowing: Borrowing, lead: Visitor, coordinator: Visitor, browse: Browser
) -> None:
    world, task = borrowing.world, f"/tasks/{borrowing.world.task.id}"
    world.make.area()
    page = lead.get(task).text
    assert "Too few inspectors for this task" in page
    assert f'href="{task}/borrow"' in page
    assert f"{task}/borrow" not in browse(world.users[world.departments[0].code]).get(task).text
    lead.post(f"{task}/borrow", {"wanted": "1", "reason": "仅一名执法检查人员"})
    request = the_request(borrowing)
    url = f"/borrowing/{request.id}"
    assert "Waiting for the neighboring area" in lead.get(url).text
    assert request.number in coordinator.get("/").text, "the first page says what waits"
    answer = {**ANSWER, "version": str(request.version), "document_on": clock.today().isoformat()}
    bad = coordinator.post(f"{url}/answer", {**answer, "granted": "2"}, status=200).text
    assert "At least one and at most 1 inspectors were asked for." in bad
    sent = coordinator.post(f"{url}/answer", {**answer, "proof": (io.BytesIO(PDF), "复函.pdf")})
    sent.request.environ["wsgi.input"].close()
    coordinator.post(f"{url}/people", {**person(borrowing), "ends_on": "2026-01-01"}, status=200)
    coordinator.post(f"{url}/people", person(borrowing))
    handed = lead.get(f"{url}/document")
    assert (handed.data, handed.mimetype) == (PDF, "application/pdf")
    assert "attachment" in handed.headers["Content-Disposition"]
    page = lead.get(url).text
    assert "周借用" in page
    assert "Putuo District" in page
    assert "Too few inspectors for this task" not in lead.get(task).text
    assert "Inspectors borrowed for this task" in lead.get(task).text
    lent = world.session.scalars(sa.select(Inspector).where(Inspector.lent_from_code.is_not(None))).one()
    assert "lent by Putuo District" in lead.get("/inspectors/").text
    assert "This person belongs to Putuo District" in lead.get(f"/inspectors/{lent.id}").text
    loan = world.session.scalars(sa.select(InspectorLoan)).one()
    lead.post(f"{url}/end", {"loans": "", "reason": "任务取消"}, status=200)
    lead.post(f"{url}/end", {"loans": str(loan.id), "reason": "任务取消"})
    world.session.refresh(request)
    assert request.state is LoanState.ENDED


def test_every_page_is_there_in_chinese(borrowing: Borrowing, browse: Browser) -> None:
    request = borrowing.lent()
    waiting = borrowing.world.make.task(plan=borrowing.world.task.plan_version.plan)
    own = browse(borrowing.world.users[borrowing.department.code], language="zh_Hans_CN")
    for path in (f"/tasks/{waiting.id}/borrow", f"/borrowing/{request.id}", f"/borrowing/{request.id}/end"):
        assert "借用" in own.get(path).text
    all_of_them = browse(borrowing.coordinator, language="zh_Hans_CN")
    for path in ("/borrowing/", *(f"/borrowing/{request.id}/{step}" for step in ("answer", "refusal", "people"))):
        assert "借用" in all_of_them.get(path).text
    assert "普陀区" in all_of_them.get(f"/borrowing/{request.id}").text


def test_another_department_learns_nothing_of_a_request(borrowing: Borrowing, browse: Browser) -> None:
    request = borrowing.lent()
    other = browse(borrowing.world.users[borrowing.world.departments[0].code])
    for path in ("", "/end", "/document"):
        other.get(f"/borrowing/{request.id}{path}", status=404)
    assert request.number not in other.get("/borrowing/").text
    assert request.number not in other.get(f"/tasks/{borrowing.world.task.id}").text
    assert request.number in browse(borrowing.world.users["OVERSIGHT"]).get("/borrowing/").text


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.REVIEWER, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN])
def test_who_has_no_business_with_plans_is_refused(borrowing: Borrowing, browse: Browser, role: Role) -> None:
    request = borrowing.lent()
    visitor = browse(borrowing.world.make.user(role, department=borrowing.department))
    for path in ("/borrowing/", f"/borrowing/{request.id}", f"/tasks/{borrowing.world.task.id}/borrow"):
        visitor.get(path, status=403)


def test_lead_and_coordinator_do_not_do_each_others_steps(
    borrowing: Borrowing, lead: Visitor, coordinator: Visitor
) -> None:
    request = borrowing.ask()
    for step in ("answer", "refusal", "people"):
        lead.get(f"/borrowing/{request.id}/{step}", status=403)
    coordinator.get(f"/tasks/{borrowing.world.task.id}/borrow", status=403)
    lead.post(f"/borrowing/{request.id}/withdraw", page=f"/borrowing/{request.id}")
    borrowing.world.session.refresh(request)
    assert request.state is LoanState.WITHDRAWN


def test_a_task_with_enough_inspectors_offers_nothing(borrowing: Borrowing, lead: Visitor) -> None:
    borrowing.world.make.inspector(borrowing.department)
    task = f"/tasks/{borrowing.world.task.id}"
    assert "Too few inspectors" not in lead.get(task).text
    page = lead.post(f"{task}/borrow", {"wanted": "1", "reason": "请求借用"}, status=200).text
    assert "The department has enough inspectors for this task" in page


def test_a_draw_with_lent_people_is_marked_for_everybody_in_counts_only(
    borrowing: Borrowing, lead: Visitor, browse: Browser, visits: Visits
) -> None:
    borrowing.lent()
    draw = borrowing.world.drawn()
    for page in (lead.get(f"/draws/{draw.id}").text, browse().get(f"/public/draws/{draw.number}").text):
        assert "Inspectors lent by a neighboring area" in page
        assert "Putuo District" in page
        assert "Places they were drawn for" not in page, "who was drawn is sealed"
        assert "周借用" not in page
        assert "09070012345" not in page
    visits.done = True
    draws.open_draw(borrowing.world.session, draw, actor=borrowing.world.lead)
    assert "Places they were drawn for" in browse().get(f"/public/draws/{draw.number}").text


def test_figures_tell_how_often_a_department_borrowed(borrowing: Borrowing, lead: Visitor, browse: Browser) -> None:
    borrowing.lent()
    assert "Inspectors borrowed from neighboring areas" in lead.get("/figures/").text
    other = browse(borrowing.world.users[borrowing.world.departments[0].code])
    assert "Inspectors borrowed from neighboring areas" not in other.get("/figures/").text


def test_an_area_sends_its_people_as_a_file(
    app: Flask, borrowing: Borrowing, coordinator: Visitor, lead: Visitor
) -> None:
    request = borrowing.granted()
    task = borrowing.world.task
    head = "申请编号,执法证号,姓名,证件有效期至,发证机关,借用起始日,借用截止日\n"
    days = f"{clock.today()},{task.ends_on}"
    valid = task.ends_on + timedelta(days=30)
    rows = [
        f"{request.number},09070012345,周借用,{valid},上海市人民政府,{days}",
        f"{request.number},09070012346,吴借用,{valid},上海市人民政府,{days}",
        f"310106-JY-2020-0009,09070012347,郑借用,{valid},上海市人民政府,{days}",
    ]
    files = Importer(app, borrowing.world.session, coordinator)
    upload = files.send(head + "\n".join(rows) + "\n", kind="lent_inspectors")
    mistakes = files.mistakes(upload)
    assert "more people for this request" in mistakes
    assert "No granted request has this number" in mistakes
    files.take(upload, "valid")
    assert [one.inspector.certificate_number for one in loans_of(borrowing, request)] == ["09070012345"]
    again = files.send(head + rows[0] + "\n", kind="lent_inspectors")
    assert "There is nothing to take" in files.page(again)
    assert len(loans_of(borrowing, request)) == 1
    entries = sa.select(AuditEntry).where(AuditEntry.event == "register_imported")
    assert borrowing.world.session.scalars(entries).first() is not None
    lead.get("/imports/new/lent_inspectors", status=403)


def loans_of(borrowing: Borrowing, request: LoanRequest) -> list[InspectorLoan]:
    statement = sa.select(InspectorLoan).where(InspectorLoan.request_number == request.number)
    return list(borrowing.world.session.scalars(statement))
