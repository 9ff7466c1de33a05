"""Joint items come in by their lead department or the coordinator, with items of the draft of several departments."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from supervision.accounts.models import User
from supervision.accounts.queries import actor_of
from supervision.catalogue_files import FOLDER
from supervision.departments.queries import get_department
from supervision.intake.models import Upload
from supervision.items import services
from supervision.items.catalogue import load_item_catalogue
from supervision.items.models import JointItem
from supervision.items.queries import get_draft_list, get_published_list, list_joint_items, load_facts
from supervision.permissions import Role
from tests.factories import Make
from tests.pages import Browser
from tests.supervision.importing import Importer

As = Callable[[User], Importer]
HEADER = "事项编码,抽查领域,部门联合抽查事项,发起部门,配合部门,检查事项,抽查比例\n"
ONE_CELL = "JOINT-77,餐饮,夜市联合检查,区市场监督管理局,区消防救援支队,SCJG-03、XFJY-02,5%\n"
ROWS = (
    "JOINT-77,餐饮,夜市联合检查,区市场监督管理局,,餐饮服务食品安全监督检查,5%\n"
    ",,,,区消防救援支队,XFJY-02,\nJOINT-77,,,,消防救援支队,XFJY-01,\n"
)


@pytest.fixture
def lead(session: Session, make: Make) -> User:
    """The lead of the market regulation department, a draft being open."""
    load_item_catalogue(session, FOLDER)
    user = make.user(Role.LEAD, department=get_department(session, "SCJG"))
    services.begin_draft(session, actor=actor_of(user))
    return user


@pytest.fixture
def coordinator(make: Make, lead: User) -> User:
    """The district coordinator."""
    return make.user(Role.COORDINATOR)


def send(person: Importer, content: str | bytes, name: str = "清单.csv") -> Upload:
    """Send a file of joint items."""
    return person.send(content, name, kind="joint_items")


def drafted(session: Session, code: str) -> JointItem:
    """The joint item in the draft."""
    return next(one for one in list_joint_items(session, get_draft_list(session).id) if one.code == code)


@pytest.mark.parametrize(("rows", "items"), [(ONE_CELL, 2), (ROWS, 3)])
def test_items_in_one_cell_or_one_a_row(session: Session, lead: User, importer: As, rows: str, items: int) -> None:
    before = load_facts(session, get_published_list(session))
    person = importer(lead)
    upload = person.take(send(person, HEADER + rows))
    assert (upload.rows_read, upload.rows_new, upload.state.value) == (1, 1, "applied"), person.mistakes(upload)
    joint = drafted(session, "JOINT-77")
    assert (joint.ratio_bp, joint.mode, len(joint.parts), joint.field) == (500, "1+1", items, "餐饮")
    assert [one.code for one in joint.departments] == ["SCJG", "XFJY"]
    again = send(person, HEADER + rows)
    assert (again.rows_same, again.rows_changed) == (1, 0)
    assert load_facts(session, get_published_list(session)) == before


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("address", ["/items/joint/export/{}", "/imports/new/joint_items/register.{}"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_downloaded_comes_back_without_a_change(
    coordinator: User, importer: As, browse: Browser, address: str, ending: str, language: str
) -> None:
    person = importer(coordinator)
    response = browse(coordinator, language=language).get(address.format(ending))
    content = response.data
    response.close()
    upload = send(person, content, f"清单.{ending}")
    assert (upload.rows_read, upload.rows_same) == (18, 18), person.mistakes(upload)
    assert upload.summary["unknown"] == []


WRONG_ROWS = [
    (ONE_CELL.replace("XFJY-02", "XFJY-99"), "Not on the list"),
    (ONE_CELL.replace("、XFJY-02", ""), "All items belong to one department"),
    (ONE_CELL.replace("SCJG-03、XFJY-02", ""), "a new one needs this value"),
    (ONE_CELL.replace("区消防救援支队", "区卫生健康委员会"), "The items belong to these cooperating departments"),
    (ONE_CELL.replace("区市场监督管理局", "区卫生健康委员会"), "Another department leads this joint item"),
    (ONE_CELL.replace("JOINT-77", "JOINT-05").replace("区市场监督管理局", ""), "cannot be without"),
    (ONE_CELL.replace("JOINT-77", "JOINT-01").replace("区市场监督管理局", "区消防救援支队"), "names another lead"),
    (ONE_CELL.replace("5%", "不限"), "Not a percentage"),
    (ONE_CELL.replace("夜市联合检查", ""), "cannot be without"),
    (ONE_CELL.replace("JOINT-77", ""), "Nothing is filled in"),
]


@pytest.mark.parametrize(("row", "said"), WRONG_ROWS, ids=range(len(WRONG_ROWS)))
def test_wrong_rows_say_why(lead: User, importer: As, row: str, said: str) -> None:
    person = importer(lead)
    upload = send(person, HEADER + row)
    assert upload.rows_wrong == 1, upload.summary
    assert said in person.page(upload)


def test_items_of_a_suspended_department_are_named_not_stumbled_over(
    session: Session, coordinator: User, importer: As
) -> None:
    get_department(session, "WSJK").active = False
    person = importer(coordinator)
    upload = send(person, HEADER + ONE_CELL.replace("XFJY-02", "WSJK-02"))
    assert upload.rows_wrong == 1, upload.summary
    assert "区卫生健康委员会" in person.page(upload)


def test_the_coordinator_brings_in_those_of_every_department(session: Session, coordinator: User, importer: As) -> None:
    person = importer(coordinator)
    row = "JOINT-78,公共场所,泳池联合检查,区卫生健康委员会,区市场监督管理局,WSJK-02；SCJG-08,10\n"
    person.take(send(person, HEADER + row))
    assert drafted(session, "JOINT-78").lead_department.code == "WSJK"
    changed = send(person, "事项编码,抽查比例\nJOINT-78,12%\n")
    assert changed.rows_changed == 1
    person.take(changed)
    session.expire_all()
    assert (drafted(session, "JOINT-78").ratio_bp, len(drafted(session, "JOINT-78").parts)) == (1200, 2)
