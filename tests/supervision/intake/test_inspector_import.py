"""Inspectors come from their own department's lead; what is not in the file stays as it is."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.departments.models import Department
from supervision.inspectors.models import Inspector
from supervision.intake.rules import UploadState
from supervision.permissions import Role
from tests.factories import Make
from tests.supervision.importing import Importer

HEADER = "姓名,执法证号,有效期至,发证机关,部门,职务,可检查事项\n"


@pytest.fixture
def own(make: Make) -> Department:
    return make.department("SCJG")


@pytest.fixture
def person(make: Make, own: Department, importer: Callable[..., Importer]) -> Importer:
    return importer(make.user(Role.LEAD, department=own))


def test_inspectors_of_the_own_department_are_taken(
    session: Session, make: Make, own: Department, person: Importer
) -> None:
    item = make.item(own)
    session.commit()
    text = (
        f"{HEADER}王五,0906 0001234,2028年12月31日,上海市人民政府,部门SCJG,科员,全部\n"
        f"赵六,０９０６０００１２３５,2028/12/31,上海市人民政府,,科员,{item.code}\n"
    )
    upload = person.take(person.send(text, kind="inspectors"))
    assert (upload.state, upload.rows_new) == (UploadState.APPLIED, 2), person.mistakes(upload)
    first, second = session.scalars(sa.select(Inspector).order_by(Inspector.certificate_number)).all()
    assert (first.name, first.certificate_number, first.all_items) == ("王五", "09060001234", True)
    assert second.certificate_valid_until == date(2028, 12, 31)
    assert [one.item_code for one in second.qualifications] == [item.code]
    again = person.send(text, kind="inspectors")
    assert (again.rows_same, again.rows_new, again.rows_changed) == (2, 0, 0)
    partial = person.send("姓名,执法证号,有效期至\n王五,09060001234,2030-12-31\n", kind="inspectors")
    assert partial.rows_changed == 1
    person.take(partial)
    session.expire_all()
    assert (first.post, first.all_items, str(first.certificate_valid_until)) == ("科员", True, "2030-12-31")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("王五,09060001234,2028-12-31,,别的部门,,", "names another department than yours"),
        ("王五,0906-1,2028-12-31,,,,", "Not a code"),
        ("王五,123,2028-12-31,,,,", "Not a code"),
        ("王五,,2028-12-31,,,,", "Nothing is filled in"),
        (",09060001234,2028-12-31,,,,", "Nothing is filled in"),
        ("王五,09060001234,,,,,", "Nothing is filled in"),
        ("王五,09060001234,28-12-31,,,,", "four digits"),
        ("王五,09060001234,2028-12-31,,,,SCJG-999999", "Not on the list"),
        ("王五,TAKEN00001,2028-12-31,,,,", "entered in another department"),
    ],
)
def test_wrong_rows_say_why(make: Make, person: Importer, row: str, said: str) -> None:
    make.inspector(make.department("WSJK"), certificate_number="TAKEN00001")
    make.session.commit()
    upload = person.send(f"{HEADER}{row}\n", kind="inspectors")
    assert upload.rows_wrong == 1, upload.summary
    assert said in person.page(upload)


def test_an_expired_certificate_is_a_warning(person: Importer) -> None:
    upload = person.send(f"{HEADER}王五,09060001234,2020-12-31,,,,\n", kind="inspectors")
    assert (upload.rows_wrong, upload.rows_warned) == (0, 1)


def test_a_coordinator_imports_no_inspectors(make: Make, importer: Callable[..., Importer]) -> None:
    importer(make.user(Role.COORDINATOR)).visitor.get("/imports/new/inspectors", status=403)
