"""Departments: read by everybody signed in, renamed by the system administrator, codes fixed for ever."""

import pytest
from sqlalchemy.orm import Session

from supervision.catalogue_files import FOLDER
from supervision.departments import services
from supervision.departments.catalogue import load_departments
from supervision.departments.queries import get_department, list_departments
from supervision.errors import Conflict, Forbidden, Invalid
from supervision.permissions import Role
from tests.factories import Make
from tests.pages import Browser


def test_loading_keeps_what_an_administrator_corrected(session: Session, make: Make) -> None:
    assert load_departments(session, FOLDER) == 30
    department = get_department(session, "SCJG")
    names = {"name_zh": "区市场监管局", "name_en": "", "fields": ""}
    services.rename_department(session, department, **names, version=1, actor=make.actor(Role.SYSTEM_ADMIN))
    assert load_departments(session, FOLDER) == 0
    assert get_department(session, "SCJG").name_zh == "区市场监管局"
    assert [one.code for one in list_departments(session)][:2] == ["SCJG", "WSJK"]


def test_a_rename_is_refused_to_others_to_the_late_and_to_the_nameless(session: Session, make: Make) -> None:
    department = make.department("QA")
    names = {"name_zh": "新名", "name_en": "", "fields": ""}
    for role in (Role.LEAD, Role.COORDINATOR, Role.SECURITY_ADMIN):
        with pytest.raises(Forbidden):
            services.rename_department(session, department, **names, version=1, actor=make.actor(role))
    administrator = make.actor(Role.SYSTEM_ADMIN)
    with pytest.raises(Conflict):
        services.rename_department(session, department, **names, version=0, actor=administrator)
    with pytest.raises(Invalid):
        services.rename_department(session, department, **{**names, "name_zh": ""}, version=1, actor=administrator)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_departments_are_listed_and_renamed(session: Session, make: Make, browse: Browser, language: str) -> None:
    administrator = browse(make.user(Role.SYSTEM_ADMIN), language=language)
    administrator.get("/departments/")
    load_departments(session, FOLDER)
    reader = browse(make.user(Role.INSPECTOR), language=language)
    page = reader.get("/departments/").text
    assert "SCJG" in page
    assert "/departments/SCJG/edit" not in page
    reader.get("/departments/SCJG/edit", status=403)
    form = {
        "version": 1,
        "name_zh": "区市场监管局",
        "name_en": "Market Regulation",
        "fields": "食品",
        "phone": "021-0000-0101",
    }
    for wrong in ("call me", "1", "021<b>", "0" * 41):
        refused = administrator.post("/departments/SCJG/edit", {**form, "phone": wrong}, status=200).text
        assert "error-summary" in refused
    administrator.post("/departments/SCJG/edit", form)
    assert "error-summary" in administrator.post("/departments/SCJG/edit", form, status=200).text
    administrator.get("/departments/NONE/edit", status=404)
    assert browse().get("/departments/", status=302).location.startswith("/sign-in")
    session.expire_all()
    assert get_department(session, "SCJG").name_zh == "区市场监管局"
    assert get_department(session, "SCJG").phone == "021-0000-0101"
    assert "021-0000-0101" in reader.get("/departments/").text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_who_suspends_a_department_is_shown_the_accounts_that_go_on_working(
    make: Make, browse: Browser, language: str
) -> None:
    department = make.department("QS")
    administrator = browse(make.user(Role.SYSTEM_ADMIN), language=language)
    assert "department-accounts" not in administrator.get("/departments/QS/state").text
    users = [make.user(Role.LEAD, department=department) for _number in range(9)]
    users[8].active = False
    page = administrator.get("/departments/QS/state").text
    assert [one.username in page for one in users] == [True] * 8 + [False]
    administrator.post("/departments/QS/state", {"version": 1, "reason": "merged"})
    assert f"/users/{users[0].id}" in administrator.get("/departments/QS/state").text
