"""New departments are entered, old ones suspended, by the system administrator, with reasons, and never deleted."""

import pytest
from sqlalchemy.orm import Session

from supervision.audit.events import Event
from supervision.audit.queries import list_history
from supervision.departments import register
from supervision.departments.queries import find_department, get_department, list_departments
from supervision.departments.rules import RESERVED_CODES
from supervision.draws import rules as draw_rules
from supervision.errors import Conflict, Forbidden, Invalid
from supervision.permissions import Role
from tests.factories import Make
from tests.pages import Browser

NEW = {"name_zh": "区样板局", "name_en": "", "fields": "样板", "phone": "", "reason": "某编办〔2026〕1号"}


def test_no_code_of_a_party_of_draws_is_free_for_a_department(session: Session, make: Make) -> None:
    assert RESERVED_CODES == draw_rules.RESERVED_CODES
    for code in (*RESERVED_CODES, "A", "1A", "a1", "A-B", "A" * 17):
        with pytest.raises(Invalid):
            register.create_department(session, code, **NEW, actor=make.actor(Role.SYSTEM_ADMIN))


def test_codes_and_names_are_given_once(session: Session, make: Make) -> None:
    administrator = make.actor(Role.SYSTEM_ADMIN)
    register.create_department(session, "YBJ", **NEW, actor=administrator)
    with pytest.raises(Invalid, match="There is a department with the code YBJ already"):
        register.create_department(session, "YBJ", **{**NEW, "name_zh": "别名"}, actor=administrator)
    with pytest.raises(Invalid, match="has this name already"):
        register.create_department(session, "YBJ2", **NEW, actor=administrator)
    with pytest.raises(Invalid, match="Give the reason"):
        register.create_department(session, "YBJ2", **{**NEW, "name_zh": "别名", "reason": ""}, actor=administrator)


def test_others_neither_enter_nor_suspend(session: Session, make: Make) -> None:
    department = make.department("QA")
    for role in (Role.LEAD, Role.COORDINATOR, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        with pytest.raises(Forbidden):
            register.create_department(session, "YBJ", **NEW, actor=make.actor(role))
        with pytest.raises(Forbidden):
            register.set_active(session, department, active=False, reason="x", version=1, actor=make.actor(role))


def test_a_step_on_an_old_state_or_twice_is_refused(session: Session, make: Make) -> None:
    department, administrator = make.department("QA"), make.actor(Role.SYSTEM_ADMIN)
    with pytest.raises(Conflict):
        register.set_active(session, department, active=False, reason="x", version=0, actor=administrator)
    register.set_active(session, department, active=False, reason="x", version=1, actor=administrator)
    with pytest.raises(Conflict):
        register.set_active(session, department, active=False, reason="x", version=2, actor=administrator)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_administrator_enters_suspends_and_resumes_on_pages(
    session: Session, make: Make, browse: Browser, language: str
) -> None:
    administrator = browse(make.user(Role.SYSTEM_ADMIN), language=language)
    reader = browse(make.user(Role.LEAD, department=make.department("QB")), language=language)
    administrator.get("/departments/new")
    refused = administrator.post("/departments/new", {**NEW, "code": "beacon"}, status=200).text
    assert "error-summary" in refused
    administrator.post("/departments/new", {**NEW, "code": "ybj"})
    assert get_department(session, "YBJ").active
    administrator.get("/departments/YBJ/state")
    assert "error-summary" in administrator.post("/departments/YBJ/state", {"version": 1}, status=200).text
    administrator.post("/departments/YBJ/state", {"version": 1, "reason": "并入他局"})
    late = administrator.post("/departments/YBJ/state", {"version": 1, "reason": "并入他局"}, status=200).text
    assert "error-summary" in late
    session.expire_all()
    assert "YBJ" not in {one.code for one in list_departments(session)}
    assert "YBJ" not in reader.get("/departments/").text
    assert "/departments/YBJ/state" in administrator.get("/departments/").text
    assert "并入他局" in administrator.get("/departments/YBJ/state").text
    administrator.post("/departments/YBJ/state", {"version": 2, "reason": "恢复"})
    session.expire_all()
    found = find_department(session, "YBJ")
    assert found is not None
    assert found.active
    events = [entry.event for entry in list_history(session, "department", "YBJ")]
    assert events == [Event.DEPARTMENT_RESUMED, Event.DEPARTMENT_SUSPENDED, Event.DEPARTMENT_CREATED]
    for path in ("/departments/new", "/departments/YBJ/state"):
        reader.get(path, status=403)
    administrator.get("/departments/NONE/state", status=404)
