"""What the register of inspectors tells of the past, of certificates about to end, and of who is absent today."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from supervision import clock
from supervision.accounts.models import User
from supervision.departments.models import Department
from supervision.inspectors import services
from supervision.inspectors.models import Inspector
from supervision.inspectors.queries import list_declared_ties, list_ending, list_inspectors
from supervision.inspectors.rules import AbsenceKind, InspectorContent, InspectorStatus, TieKind
from supervision.listing import ListQuery
from supervision.parameters.models import Parameter
from supervision.parameters.rules import Certainty
from supervision.permissions import Actor, Role
from tests.factories import Make
from tests.pages import Browser


@pytest.fixture
def department(make: Make) -> Department:
    """A department with an item."""
    department = make.department("QA")
    make.item(department, code="QA-1")
    return department


@pytest.fixture
def lead(make: Make, department: Department) -> User:
    """Its lead."""
    return make.user(Role.LEAD, department=department)


@pytest.fixture
def acting(make: Make, department: Department) -> Actor:
    """A lead who changes things."""
    return make.actor(Role.LEAD, department=department)


@pytest.fixture
def inspector(make: Make, department: Department) -> Inspector:
    """One of its inspectors."""
    return make.inspector(department, items=("QA-1",), name="张长宁")


def ending(make: Make, department: Department, days: int) -> Inspector:
    """An inspector whose certificate ends in so many days."""
    return make.inspector(department, certificate_valid_until=clock.today() + timedelta(days=days))


def test_the_history_tells_who_when_why_and_old_and_new(
    session: Session, browse: Browser, make: Make, inspector: Inspector, lead: User, acting: Actor
) -> None:
    content = InspectorContent("0931010600123", date(2031, 6, 30), "张长宁", "上海市人民政府")
    number = inspector.certificate_number
    services.correct_inspector(session, inspector, content, version=1, reason="证件换发", actor=acting)
    services.set_status(
        session, inspector, InspectorStatus.SUSPENDED, reason="调查期间", version=inspector.version, actor=acting
    )
    services.set_qualifications(
        session, inspector, (), all_items=True, version=inspector.version, reason="培训合格", actor=acting
    )
    services.record_absence(
        session, inspector, AbsenceKind.LEAVE, starts_on=date(2031, 1, 5), ends_on=date(2031, 1, 9), actor=acting
    )
    page = browse(lead).get(f"/inspectors/{inspector.id}").text.partition('id="history"')[2]
    for told in (
        f"<del>{number}</del> → 0931010600123", "<del>On duty</del> → Suspended", "调查期间", "证件换发", acting.name,
        "<del>QA-1</del> → Every item of the department", "Leave 2031-01-05 – 2031-01-09",
    ):  # fmt: skip
        assert told in page
    assert "培训合格" in browse(lead, language="zh").get(f"/inspectors/{inspector.id}").text


def test_an_interest_in_the_history_is_told_only_to_those_who_may_see_interests(
    session: Session, browse: Browser, make: Make, inspector: Inspector, acting: Actor
) -> None:
    firm = make.entity()
    services.declare_tie(session, inspector, TieKind.SHAREHOLDING, entity=firm, actor=acting)
    known = {Role.OVERSIGHT: True, Role.COORDINATOR: False}
    for role, told in known.items():
        page = browse(make.user(role)).get(f"/inspectors/{inspector.id}").text
        assert "Interest declared" in page
        assert (firm.unit_id in page) is told


def test_a_correction_needs_a_reason_and_one_that_changes_nothing_is_not_written(
    browse: Browser, session: Session, inspector: Inspector, lead: User
) -> None:
    visitor, address = browse(lead), f"/inspectors/{inspector.id}/correct"
    same = {
        "name": inspector.name,
        "certificate_number": inspector.certificate_number,
        "certificate_valid_until": inspector.certificate_valid_until.isoformat(),
        "version": inspector.version,
    }
    assert "error-summary" in visitor.post(address, same, status=200).text
    visitor.post(address, {**same, "reason": "核对"})
    page = visitor.get(f"/inspectors/{inspector.id}").text
    assert "Nothing was different" in page
    assert "Inspector corrected" not in page


def test_certificates_about_to_end_are_found_by_the_number_of_days(
    session: Session, make: Make, department: Department, acting: Actor
) -> None:
    ended, soon, later = (ending(make, department, days) for days in (-3, 30, 61))
    within = {"30": {ended, soon}, "60": {ended, soon}, "90": {ended, soon, later}}
    for days, expected in within.items():
        assert set(list_inspectors(session, acting, ListQuery(filters={"ends_within": days})).items) == expected


def test_the_warning_begins_when_the_parameter_says(session: Session, make: Make, department: Department) -> None:
    make.catalogues()
    inspector, today = ending(make, department, 70), clock.today()
    assert not list_ending(session, department.id, on=today)
    session.add(
        Parameter(
            code="certificate-warning-days",
            value="90",
            unit="days",
            name_zh="提醒",
            name_en="Warning",
            source="x",
            certainty=Certainty.DEFAULT,
            effective_from=today,
        )
    )
    session.flush()
    assert list(list_ending(session, department.id, on=today)) == [inspector]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_home_pages_of_lead_and_inspector_warn_of_certificates_about_to_end(
    browse: Browser, make: Make, department: Department, lead: User, language: str
) -> None:
    soon, gone = ending(make, department, 20), ending(make, department, -400)
    gone.status = InspectorStatus.LEFT
    foreign = ending(make, make.department("OTHER"), 5)
    page = browse(lead, language=language).get("/").text
    assert soon.certificate_number in page
    assert gone.certificate_number not in page
    assert foreign.certificate_number not in page
    link = page.partition("/inspectors/?department=QA")[2].partition('"')[0].replace("&amp;", "&")
    assert soon.name in browse(lead, language=language).get(f"/inspectors/?department=QA{link}").text
    own = make.user(Role.INSPECTOR, department=department, inspector=soon)
    assert 'id="own-certificate"' in browse(own, language=language).get("/").text
    rested = make.user(Role.INSPECTOR, department=department, inspector=make.inspector(department))
    assert 'id="own-certificate"' not in browse(rested, language=language).get("/").text


def test_who_is_absent_today_is_told_to_the_own_department(
    session: Session, browse: Browser, make: Make, department: Department, lead: User, acting: Actor
) -> None:
    away, here = make.inspector(department), make.inspector(department)
    today = clock.today()
    services.record_absence(session, away, AbsenceKind.ILLNESS, starts_on=today, ends_on=today, actor=acting)
    for presence, expected in (("absent", away), ("present", here)):
        assert list(list_inspectors(session, acting, ListQuery(filters={"presence": presence})).items) == [expected]
    assert "Absent until" in browse(lead).get("/inspectors/?presence=absent").text
    stranger = make.user(Role.LEAD, department=make.department("OTHER"))
    assert "Absent until" not in browse(stranger).get("/inspectors/").text


def test_interests_in_force_are_listed_for_those_who_may_see_them(
    session: Session, make: Make, department: Department, acting: Actor
) -> None:
    own, ended = make.inspector(department), make.inspector(department)
    foreign = make.inspector(make.department("OTHER"))
    foreign_lead = make.actor(Role.LEAD, department=foreign.department)
    for inspector, actor in ((own, acting), (ended, acting), (foreign, foreign_lead)):
        services.declare_tie(session, inspector, TieKind.KINSHIP, entity=make.entity(), actor=actor)
    tie = list_declared_ties(session, ended)[0][0]
    services.withdraw_tie(session, ended, tie, reason="已离职", actor=acting)
    query = ListQuery(filters={"interest": "yes"})
    assert set(list_inspectors(session, acting, query).items) == {own}
    assert set(list_inspectors(session, make.actor(Role.OVERSIGHT), query).items) == {own, foreign}
    for actor in (make.actor(Role.COORDINATOR), make.actor(Role.REVIEWER, department=department)):
        assert not list_inspectors(session, actor, query).items
