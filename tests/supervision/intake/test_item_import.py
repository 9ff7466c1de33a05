"""The item list comes as departments keep it, a row for each check point, and goes into the draft alone (R-1.03)."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.accounts.models import User
from supervision.accounts.queries import actor_of
from supervision.catalogue_files import FOLDER
from supervision.departments.queries import get_department
from supervision.intake.amounts import Count, percentage
from supervision.intake.complaints import Wrong
from supervision.intake.models import Upload
from supervision.intake.rules import UploadState
from supervision.items import services
from supervision.items.catalogue import load_item_catalogue
from supervision.items.models import Item, ItemList
from supervision.items.queries import find_item, get_draft_list, get_published_list, item_facts, load_facts
from supervision.items.rules import AnswerKind, ItemCategory
from supervision.permissions import Role
from tests.factories import Make
from tests.pages import Browser
from tests.supervision.importing import Importer
from tests.supervision.intake.workbooks import saved, workbook

As = Callable[[User], Importer]
HEADER = (
    "序号,抽查事项编码,抽查事项,检查对象,事项类别,检查方式,检查主体,检查依据,抽查比例,"
    "抽查频次,检查人数,检查内容,作答方式,选项\n"
)
FIRST = (
    "1,SCJG-77,校外供餐单位检查,供餐单位,重点检查事项,实地核查,市场监督管理局,《食品安全法》第一百一十条,５%,1次/年,不少于2人,"
    "是否取得许可？,,\n"
)
SECOND = ",,,,,,,,,,,餐具消毒,选择,合格、不合格\n"


@pytest.fixture
def published(session: Session) -> ItemList:
    """The shipped catalogue as version 1."""
    return load_item_catalogue(session, FOLDER)


@pytest.fixture
def lead(session: Session, make: Make, published: ItemList) -> User:
    """The lead of the market regulation department."""
    return make.user(Role.LEAD, department=get_department(session, "SCJG"))


@pytest.fixture
def person(session: Session, lead: User, importer: As) -> Importer:
    """That lead, a draft being open."""
    services.begin_draft(session, actor=actor_of(lead))
    return importer(lead)


def send(person: Importer, content: str | bytes, name: str = "清单.csv") -> Upload:
    """Send a file of items."""
    return person.send(content, name, kind="items")


def drafted(session: Session, code: str) -> Item:
    """The item in the draft."""
    item = find_item(session, get_draft_list(session).id, code)
    assert item is not None
    return item


def test_rows_below_add_check_points_and_only_the_draft_changes(session: Session, person: Importer) -> None:
    before = load_facts(session, get_published_list(session))
    upload = send(person, "附件：随机抽查事项清单\n" + HEADER + FIRST + SECOND)
    assert (upload.rows_read, upload.rows_new, upload.rows_wrong) == (1, 1, 0), person.mistakes(upload)
    page = person.page(upload)
    assert "rows that belong together count as one" in page
    assert "重点检查事项" in page
    assert find_item(session, get_draft_list(session).id, "SCJG-77") is None
    person.take(upload)
    assert upload.state is UploadState.APPLIED, upload.summary
    item = drafted(session, "SCJG-77")
    assert (item.ratio_bp, item.category, item.max_per_year, item.min_inspectors) == (500, ItemCategory.KEY, 1, 2)
    assert item.allowed_results == list("12345678")
    assert [(point.question_zh, point.kind) for point in item.check_points] == [
        ("是否取得许可？", AnswerKind.YES_NO),
        ("餐具消毒", AnswerKind.CHOICE),
    ]
    assert item.check_points[1].options == ["合格", "不合格"]
    assert load_facts(session, get_published_list(session)) == before
    assert find_item(session, get_published_list(session).id, "SCJG-77") is None


def test_the_same_file_twice_changes_nothing(session: Session, person: Importer) -> None:
    person.take(send(person, HEADER + FIRST + SECOND))
    version = drafted(session, "SCJG-77").version
    again = send(person, HEADER + FIRST + SECOND)
    assert (again.rows_same, again.rows_new, again.rows_changed) == (1, 0, 0)
    person.take(again, status=422)
    assert drafted(session, "SCJG-77").version == version


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("address", ["/items/export/{}?department=SCJG", "/imports/new/items/register.{}"])
def test_what_is_downloaded_comes_back_without_a_change(
    person: Importer, lead: User, browse: Browser, address: str, ending: str, language: str
) -> None:
    response = browse(lead, language=language).get(address.format(ending))
    content = response.data
    response.close()
    upload = send(person, content, f"清单.{ending}")
    assert (upload.rows_read, upload.rows_same) == (16, 16), person.mistakes(upload)
    assert upload.summary["unknown"] == []


def test_merged_cells_of_a_workbook_and_a_percent_cell_are_read(session: Session, person: Importer) -> None:
    rows = [
        ["随机抽查事项清单"],
        ["抽查事项编码", "抽查事项", "检查对象", "事项类别", "检查方式", "检查依据", "抽查比例", "检查内容"],
        ["SCJG-78", "直播电商检查", "平台", "一般", "网络监测", "《电子商务法》", 0.07, "是否公示？"],
        ["", "", "", "", "", "", "", "是否留痕？"],
    ]
    book, sheet = workbook(rows)
    for place in ("A1:H1", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:E4", "F3:F4", "G3:G4"):
        sheet.merge_cells(place)
    upload = person.take(send(person, saved(book), "清单.xlsx"))
    assert upload.state is UploadState.APPLIED, person.mistakes(upload)
    item = drafted(session, "SCJG-78")
    assert (item.ratio_bp, [point.question_zh for point in item.check_points]) == (700, ["是否公示？", "是否留痕？"])


@pytest.mark.parametrize(
    ("written", "stored"),
    [("5%", "5%"), ("5", "5%"), ("0.05", "5%"), ("５％", "5%"), ("2.50%", "2.5%"), ("百分之三", None),
     ("百分之3", "3%"), ("1%", "1%"), ("0.3%", "0.3%"), ("1", None), ("100%", "100%"), ("0.07000000000000001", "7%"),
     ("0", "0%"), ("120%", None), ("不低于3%", None), ("0.123456", None), ("3%-5%", None)],
)  # fmt: skip
def test_ratios_are_read_in_every_usual_spelling_or_asked_back(written: str, stored: str | None) -> None:
    if stored is None:
        with pytest.raises(Wrong):
            percentage(written)
    else:
        assert percentage(written) == stored


@pytest.mark.parametrize(
    ("written", "stored"),
    [("1", 1), ("1次/年", 1), ("每年2次", 2), ("1年1次", 1), ("一年两次", 2), ("不超过３次", 3), ("不少于2人", 2),
     ("每两年1次", None), ("2年1次", None), ("若干", None), ("0", None), ("4000", None)],
)  # fmt: skip
def test_counts_are_read_with_the_words_around_them(written: str, stored: int | None) -> None:
    if stored is None:
        with pytest.raises(Wrong):
            Count(1, 366)(written)
    else:
        assert Count(1, 366)(written) == stored


WRONG_ROWS = [
    (FIRST.replace("市场监督管理局", "区卫生健康委员会"), "belongs to another department"),
    (FIRST.replace("SCJG-77", "WSJK-01"), "belongs to another department"),
    (FIRST.replace("SCJG-77", ""), "Nothing is filled in"),
    (FIRST.replace("SCJG-77", "事项一"), "Not a code"),
    (FIRST.replace("供餐单位,", ",", 1).replace("校外供餐单位检查,,", "校外供餐单位检查,,"), "cannot be without"),
    (FIRST.replace("《食品安全法》第一百一十条", ""), "cannot be without"),
    (FIRST.replace("重点检查事项", "特别事项"), "Not on the list"),
    (FIRST.replace("1次/年", "每两年1次"), "Not a whole number from 1 to 366"),
    (FIRST.replace("不少于2人", "1人"), "Not a whole number from 2 to 20"),
    (FIRST + ",,另一个名称,,,,,,,,,再问一次？,,\n", "Says something else than row 2"),
    (FIRST + ",,,,,,,,,,,消毒,选择,合格\n", "at least two choices"),
    (FIRST + ",,,,,,,,,,,,选择,合格、不合格\n", "Nothing is filled in"),
    (FIRST + FIRST.replace("77", "79") + FIRST, "stands in row 2 already"),
]


@pytest.mark.parametrize(("row", "said"), WRONG_ROWS, ids=range(len(WRONG_ROWS)))
def test_wrong_rows_say_why(person: Importer, row: str, said: str) -> None:
    upload = send(person, HEADER + row)
    assert upload.rows_wrong == 1, upload.summary
    assert said in person.page(upload)


def test_a_new_item_needs_more_than_its_name(person: Importer) -> None:
    upload = send(person, "抽查事项编码,抽查事项\nSCJG-77,新事项\nSCJG-01,改名的事项\n")
    assert (upload.rows_wrong, upload.rows_changed) == (1, 1)
    assert "a new one needs this value" in person.page(upload)


def test_columns_that_are_not_in_the_file_keep_what_is_recorded(session: Session, person: Importer) -> None:
    before = item_facts(drafted(session, "SCJG-03"))
    person.take(send(person, "抽查事项编码,抽查比例\nSCJG-03,25%\n"))
    after = item_facts(drafted(session, "SCJG-03"))
    assert after.content.ratio_bp == 2500
    assert (after.check_points, after.materials) == (before.check_points, before.materials)
    assert after.content.legal_basis == before.content.legal_basis


def test_a_wrong_check_point_keeps_the_whole_item_out_and_the_error_file_can_be_sent_again(
    session: Session, person: Importer
) -> None:
    content = HEADER + FIRST + SECOND.replace("合格、不合格", "合格") + FIRST.replace("77", "79")
    upload = send(person, content)
    assert (upload.rows_read, upload.rows_new, upload.rows_wrong) == (2, 1, 1)
    file = person.mistakes(upload)
    assert "rows of an entry are taken together" in file
    person.take(upload, "valid")
    assert find_item(session, get_draft_list(session).id, "SCJG-77") is None
    corrected = send(person, file.replace("选择,合格", "选择,合格、不合格"))
    assert (corrected.rows_new, corrected.rows_wrong) == (1, 0), person.mistakes(corrected)
    person.take(corrected)
    assert len(drafted(session, "SCJG-77").check_points) == 2


def test_taking_an_item_out_of_use_must_be_confirmed_with_a_reason(session: Session, person: Importer) -> None:
    upload = send(person, "抽查事项编码,抽查事项,停用\nSCJG-03,餐饮服务食品安全监督检查,是\n")
    assert (upload.rows_changed, upload.rows_warned) == (1, 1)
    person.take(upload, status=422)
    person.take(upload, confirm_warnings="y", reason="法规已修订")
    assert drafted(session, "SCJG-03").suspended


def test_without_a_draft_nothing_can_be_sent_and_a_published_draft_takes_nothing(
    session: Session, lead: User, importer: As, make: Make
) -> None:
    person = importer(lead)
    page = person.visitor.get("/imports/new/items").text
    assert "/items/draft/" in page
    assert 'type="file"' not in page
    person.visitor.get("/imports/new/items/register.csv", status=409)
    draft = services.begin_draft(session, actor=actor_of(lead))
    session.commit()
    upload = send(person, HEADER + FIRST)
    services.publish_list(session, draft, document_number="一号", note="", actor=make.actor(Role.COORDINATOR))
    session.commit()
    person.take(upload)
    assert upload.state is UploadState.CHECKED
    assert "No draft of the item list is open" in person.page(upload)
    assert session.scalar(sa.select(sa.func.count(Item.id)).where(Item.code == "SCJG-77")) == 0


def test_who_brings_in_items(make: Make, lead: User, importer: As) -> None:
    coordinator = importer(make.user(Role.COORDINATOR)).visitor
    page = coordinator.get("/imports/").text
    assert "/imports/new/joint_items" in page
    assert "/imports/new/entities" in page
    assert "/imports/new/items" not in page
    coordinator.get("/imports/new/items", status=403)
    importer(make.user(Role.SYSTEM_ADMIN)).visitor.get("/imports/new/items", status=403)
    importer(make.user(Role.INSPECTOR)).visitor.get("/imports/new/items/register.csv", status=403)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", ["items", "joint_items"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_templates_are_read_back(
    person: Importer, lead: User, browse: Browser, kind: str, ending: str, language: str
) -> None:
    visitor = browse(lead, language=language)
    visitor.get(f"/imports/new/{kind}")
    response = visitor.get(f"/imports/new/{kind}/template.{ending}")
    template = response.data
    response.close()
    upload = person.send(template, f"t.{ending}", kind=kind)
    assert upload.summary["unknown"] == []
    assert (upload.rows_read, upload.rows_new) == (1, 1), person.mistakes(upload)
    assert "others" not in upload.summary
    visitor.get(f"/imports/{upload.id}")
