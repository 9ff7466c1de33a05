"""Departments come in from a file by the system administrator; codes stay, names are corrected."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from supervision.accounts.models import User
from supervision.catalogue_files import FOLDER
from supervision.departments.catalogue import load_departments
from supervision.departments.queries import find_department, get_department
from supervision.permissions import Role
from tests.factories import Make
from tests.pages import Browser
from tests.supervision.importing import Importer

As = Callable[[User], Importer]
HEADER = "区级部门名录,,,\n部门代码,部门名称,联系电话,监管领域\n"


@pytest.fixture
def person(session: Session, make: Make, importer: As) -> Importer:
    """The system administrator, who holds no right over business."""
    load_departments(session, FOLDER)
    return importer(make.user(Role.SYSTEM_ADMIN))


def test_new_ones_are_entered_and_known_ones_corrected(session: Session, person: Importer) -> None:
    content = HEADER + "zzj,区样板局,０２１-62470001,审计监督\nSCJG,区市场监管局,,食品、药品\n"
    upload = person.send(content.encode("gb18030"), kind="departments")
    assert (upload.rows_new, upload.rows_changed, upload.rows_wrong) == (1, 1, 0), person.mistakes(upload)
    assert find_department(session, "ZZJ") is None
    person.take(upload)
    assert get_department(session, "ZZJ").name_zh == "区样板局"
    changed = get_department(session, "SCJG")
    assert (changed.name_zh, changed.fields, changed.version) == ("区市场监管局", "食品、药品", 2)
    assert changed.name_en == "District Administration for Market Regulation"
    again = person.send(content, kind="departments")
    assert (again.rows_same, again.rows_new, again.rows_changed) == (2, 0, 0)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_downloaded_comes_back_without_a_change(
    make: Make, person: Importer, browse: Browser, ending: str, language: str
) -> None:
    reader = browse(make.user(Role.INSPECTOR), language=language)
    assert f"/imports/new/departments/register.{ending}" in reader.get("/departments/").text
    response = reader.get(f"/imports/new/departments/register.{ending}")
    content = response.data
    response.close()
    upload = person.send(content, f"部门.{ending}", kind="departments")
    assert (upload.rows_read, upload.rows_same) == (30, 30), person.mistakes(upload)
    assert upload.summary["unknown"] == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("SYSTEM,区样板局,,", "means another party of a draw"),
        ("oversight,区样板局,,", "means another party of a draw"),
        (",区样板局,,", "Nothing is filled in"),
        ("ZZJ,,,", "Nothing is filled in"),
        ("样板局,区样板局,,", "Not a code"),
        ("ZZJ,区市场监督管理局,,", "has this name already"),
        ("ZZJ,区样板局,,\nZZJ,区样板二局,,", "stands in row 3 already"),
        ("ZZJ,区样板局,,\nZZK,区样板局,,", "stands in row 3 already"),
    ],
)
def test_wrong_rows_say_why(person: Importer, row: str, said: str) -> None:
    upload = person.send(HEADER + row + "\n", kind="departments")
    assert upload.rows_wrong == 1, upload.summary
    assert said in person.page(upload)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_is_read_back(make: Make, person: Importer, browse: Browser, ending: str, language: str) -> None:
    visitor = browse(make.user(Role.SYSTEM_ADMIN), language=language)
    visitor.get("/imports/new/departments")
    response = visitor.get(f"/imports/new/departments/template.{ending}")
    template = response.data
    response.close()
    upload = person.send(template, f"t.{ending}", kind="departments")
    assert (upload.rows_new, upload.summary["unknown"]) == (1, []), person.mistakes(upload)


def test_only_the_system_administrator_brings_them_in(make: Make, person: Importer, browse: Browser) -> None:
    page = person.visitor.get("/imports/").text
    assert "/imports/new/departments" in page
    assert "/imports/new/entities" not in page
    person.visitor.get("/imports/new/entities", status=403)
    person.visitor.get("/imports/new/entities/register.csv", status=403)
    for role in (Role.LEAD, Role.COORDINATOR, Role.SECURITY_ADMIN):
        browse(make.user(role)).get("/imports/new/departments", status=403)
    browse().get("/imports/new/departments/register.csv", status=302)
