"""Experts assist; they stand in a register of their own and get into no roster (R-1.08)."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.departments.models import Department
from supervision.errors import Conflict, Forbidden, WrongState
from supervision.inspectors import expert_services
from supervision.inspectors.expert_queries import list_experts
from supervision.inspectors.models import Expert
from supervision.inspectors.queries import list_eligible
from supervision.inspectors.rules import ExpertContent, InspectorStatus
from supervision.listing import ListQuery
from supervision.permissions import Actor, Role
from tests.factories import Make
from tests.pages import Browser

CONTENT = ExpertContent("顾长安", "市特种设备检验院", "高级工程师", "特种设备、压力容器", date(2031, 12, 31))
TYPED = {
    "name": "顾长安",
    "organization": "市特种设备检验院",
    "title": "高级工程师",
    "fields": "特种设备、压力容器",
    "engaged_until": "2031-12-31",
}


@pytest.fixture
def department(make: Make) -> Department:
    """A department that engages experts."""
    return make.department("QA")


@pytest.fixture
def acting(make: Make, department: Department) -> Actor:
    """Its lead."""
    return make.actor(Role.LEAD, department=department)


@pytest.fixture
def expert(session: Session, department: Department, acting: Actor) -> Expert:
    """An expert of the department."""
    return expert_services.enter_expert(session, CONTENT, department=department, actor=acting)


def test_an_expert_gets_into_no_roster(session: Session, make: Make, department: Department, expert: Expert) -> None:
    make.item(department, code="QA-1")
    inspector = make.inspector(department)
    assert list(list_eligible(session, department.id, {"QA-1"}, on=clock.today())) == [inspector]


def test_experts_are_found_by_name_initials_organization_and_field(
    session: Session, department: Department, expert: Expert
) -> None:
    for q in ("长安", "gca", "检验院", "压力"):
        assert list(list_experts(session, ListQuery(q=q)).items) == [expert]
    assert not list_experts(session, ListQuery(q="食品")).items
    with clock.at(clock.now() + timedelta(days=3650)):
        assert list(list_experts(session, ListQuery(filters={"engaged": "no"})).items) == [expert]
        assert not list_experts(session, ListQuery(filters={"engaged": "yes"})).items


def test_only_the_lead_of_the_department_that_engaged_the_expert_keeps_the_entry(
    session: Session, make: Make, department: Department, expert: Expert, acting: Actor
) -> None:
    stranger = make.actor(Role.LEAD, department=make.department("OTHER"))
    with pytest.raises(Forbidden):
        expert_services.enter_expert(session, CONTENT, department=department, actor=stranger)
    step = {"version": expert.version, "reason": "x"}
    for actor in (stranger, make.actor(Role.COORDINATOR), make.actor(Role.HEAD, department=department)):
        with pytest.raises(Forbidden):
            expert_services.correct_expert(session, expert, CONTENT, actor=actor, **step)
        with pytest.raises(Forbidden):
            expert_services.set_expert_status(session, expert, InspectorStatus.LEFT, actor=actor, **step)
    with pytest.raises(Conflict):
        expert_services.correct_expert(session, expert, CONTENT, actor=acting, version=99, reason="x")
    with pytest.raises(WrongState):
        expert_services.set_expert_status(session, expert, InspectorStatus.ACTIVE, actor=acting, **step)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_lead_enters_and_keeps_an_expert(
    browse: Browser, session: Session, make: Make, department: Department, language: str
) -> None:
    visitor = browse(make.user(Role.LEAD, department=department), language=language)
    visitor.get("/experts/")
    visitor.post("/experts/new", {**TYPED, "fields": ""}, status=200)
    visitor.post("/experts/new", TYPED)
    assert "error-summary" in visitor.post("/experts/new", TYPED, status=200).text  # sent twice
    expert = session.scalars(sa.select(Expert)).one()
    base = f"/experts/{expert.id}"
    visitor.post(f"{base}/correct", {**TYPED, "version": expert.version}, status=200)
    visitor.post(f"{base}/correct", {**TYPED, "title": "研究员", "version": expert.version, "reason": "晋升"})
    visitor.post(f"{base}/correct", {**TYPED, "version": 1, "reason": "x"}, status=200)
    session.refresh(expert)
    visitor.post(f"{base}/status", {"status": "suspended", "version": expert.version, "reason": "病休"})
    page = visitor.get(base).text
    assert "<del>高级工程师</del> → 研究员" in page
    assert "病休" in page
    assert "研究员" in visitor.get("/experts/export/csv?q=gca").data.decode("utf-8-sig")
    visitor.get("/experts/?sort=-engaged_until&status=suspended&department=QA&engaged=yes")


def test_everybody_with_the_registers_looks_and_nobody_else(browse: Browser, make: Make, expert: Expert) -> None:
    other = make.department("OTHER")
    for role in (Role.INSPECTOR, Role.REVIEWER, Role.OVERSIGHT, Role.COORDINATOR, Role.HEAD):
        visitor = browse(make.user(role, department=other))
        assert expert.name in visitor.get("/experts/").text
        visitor.get(f"/experts/{expert.id}")
        visitor.get(f"/experts/{expert.id}/correct", status=403)
    foreign = browse(make.user(Role.LEAD, department=other))
    for page in ("correct", "status"):
        foreign.get(f"/experts/{expert.id}/{page}", status=403)
    foreign.get("/experts/999999", status=404)
    browse(make.user(Role.SYSTEM_ADMIN)).get("/experts/", status=403)
