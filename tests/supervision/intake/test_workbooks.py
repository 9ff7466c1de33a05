"""Workbooks as WPS and Excel write them are read whole; bombs and other things under the name are refused."""

import io
from collections.abc import Callable
from datetime import date, datetime, time

import pytest
import sqlalchemy as sa
from openpyxl.styles import Font
from sqlalchemy.orm import Session

from supervision.accounts.models import User
from supervision.entities.models import Entity
from supervision.intake.rules import UploadState
from supervision.permissions import Role
from tests.factories import Make, make_uscc
from tests.supervision.importing import Importer
from tests.supervision.intake import workbooks
from tests.supervision.intake.workbooks import rewritten, saved, workbook, xlsx

As = Callable[[User], Importer]
HEADER = ["统一社会信用代码", "企业名称", "企业类型", "行业代码", "所属街道", "成立日期"]


def row(number: int, **changes: object) -> list[object]:
    """One right row, with changes by name."""
    values: dict[str, object] = {
        "code": make_uscc(600_000 + number),
        "name": f"上海表格{number}号有限公司",
        "type": 1100,
        "industry": "H6210",
        "street": "街道013",
        "day": "2019-03-05",
        **changes,
    }
    return list(values.values())


@pytest.fixture
def person(code_tables: Make, importer: As) -> Importer:
    return importer(code_tables.user(Role.COORDINATOR))


def test_dates_come_in_every_style(session: Session, person: Importer) -> None:
    days = [
        date(2019, 3, 5), datetime.combine(date(2019, 3, 5), time()), 43529, "2019-03-05", "2019/3/5", "2019.3.5",
        "20190305", 20190305,
        "2019年3月5日", "２０１９年３月５日", "2019-03-05 00:00:00", "43529", "2019 年 03 月 05 日",
    ]  # fmt: skip
    upload = person.send(xlsx([HEADER, *[row(number, day=day) for number, day in enumerate(days)]]), "日期.xlsx")
    assert (upload.rows_new, upload.rows_wrong) == (len(days), 0), person.mistakes(upload)
    person.take(upload)
    codes = [make_uscc(600_000 + number) for number in range(len(days))]
    found = session.scalars(sa.select(Entity.registered_on).where(Entity.uscc.in_(codes))).all()
    assert {str(day) for day in found} == {"2019-03-05"}


@pytest.mark.parametrize(
    "day",
    ["2019-02-29", "19-3-5", "5/3/2019", "2019年13月1日", "腊月初八", "0000-00-00", "٢٠١٩-٠٣-٠٥", 0, -5, 1e300, True,
     "2019-3", "9999-12-31", "1066-10-14"],
)  # fmt: skip
def test_impossible_and_uncertain_dates_are_refused(person: Importer, day: object) -> None:
    content = xlsx([HEADER, row(1), row(2, day=day)])
    upload = person.send(content, "日期.xlsx")
    assert (upload.state, upload.rows_new, upload.rows_wrong) == (UploadState.CHECKED, 1, 1)
    assert "Registered on" in person.mistakes(upload)


def test_a_two_row_merged_header_below_a_title_is_understood(person: Importer) -> None:
    book, sheet = workbook(
        [
            ["静安区市场主体名单（2026年）"],
            [],
            ["序号", "主体信息", None, None, "行业代码", "所属街道", "成立日期"],
            [None, "统一社会信用代码", "名  称", "类型"],
            [1, *row(1)],
            [2, *row(2)],
        ]
    )
    sheet.merge_cells("A1:G1")
    sheet.merge_cells("B3:D3")
    for column in "AEFG":
        sheet.merge_cells(f"{column}3:{column}4")
    upload = person.send(saved(book), "合并.xlsx")
    assert (upload.rows_new, upload.rows_wrong) == (2, 0), (upload.summary, person.mistakes(upload))
    assert upload.summary["header_row"] == 4
    assert upload.summary["unknown"] == ["序号"]


def test_a_value_merged_over_several_rows_belongs_to_each(person: Importer, session: Session) -> None:
    book, sheet = workbook([HEADER, row(1), row(2, street=None), row(3, street=None)])
    sheet.merge_cells("E2:E4")
    upload = person.take(person.send(saved(book), "合并.xlsx"))
    assert upload.rows_new == 3


def test_hidden_rows_and_columns_are_read_and_hidden_sheets_named(person: Importer) -> None:
    book, sheet = workbook([HEADER, row(1), row(2), row(3)])
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    book.create_sheet("底稿").sheet_state = "hidden"
    upload = person.send(saved(book), "隐藏.xlsx")
    assert upload.rows_new == 3
    assert "底稿" in person.page(upload)


def test_formulas_without_value_and_error_cells_are_told_not_lost(person: Importer) -> None:
    book, sheet = workbook([HEADER, row(1), row(2), row(3)])
    sheet["B3"] = '="上海"&"公式有限公司"'
    sheet["B4"] = "#N/A"
    sheet["B4"].data_type = "e"
    upload = person.send(saved(book), "公式.xlsx")
    assert (upload.rows_new, upload.rows_wrong) == (1, 2)
    page = person.page(upload)
    assert "formula whose result is not stored" in page
    assert "#N/A" in page


def test_codes_that_a_spreadsheet_made_numbers_are_refused_with_the_remedy(person: Importer) -> None:
    upload = person.send(xlsx([HEADER, row(1, code=914403001922038216), row(2, code="9.144E+17")]), "数字.xlsx")
    assert (upload.rows_new, upload.rows_wrong) == (0, 2)
    assert "Format the column as text" in person.page(upload)


def test_full_width_and_lower_case_codes_are_read(person: Importer, session: Session) -> None:
    wide = "".join(chr(ord(char) + 0xFEE0) for char in make_uscc(600_001))
    upload = person.send(
        xlsx([HEADER, row(1, code=wide), row(2, code=f" {make_uscc(600_002).lower()}\u3000")]), "宽.xlsx"
    )
    person.take(upload)
    found = session.scalars(sa.select(Entity.uscc).where(Entity.uscc.in_([make_uscc(600_001), make_uscc(600_002)])))
    assert len(found.all()) == 2


@pytest.mark.parametrize(
    "name",
    ["上海\u200b有限公司", "上海\u202e有限公司", "上海\ufffd有限公司", "锟斤拷有限公司", "上海\u2028有限公司\u0007"],
)
def test_names_with_hidden_or_damaged_characters_are_refused(person: Importer, name: str) -> None:
    upload = person.send(
        ("\t".join(HEADER) + "\n" + "\t".join(str(cell) for cell in row(1, name=name)) + "\n"), "x.tsv"
    )
    assert upload.rows_wrong == 1, upload.summary


def test_rare_characters_arrive_unchanged(person: Importer, session: Session) -> None:
    name = "上海㐂𠮷䶮有限公司"
    upload = person.take(person.send(xlsx([HEADER, row(1, name=name)]), "生僻字.xlsx"))
    assert upload.state is UploadState.APPLIED
    assert session.scalar(sa.select(Entity.name).where(Entity.uscc == make_uscc(600_001))) == name


def test_the_first_sheet_with_a_header_is_read(person: Importer) -> None:
    book, _ = workbook([["说明"], ["请填写第二张表"]])
    second = book.create_sheet("名单")
    for one in [HEADER, row(1), row(2)]:
        second.append(one)
    upload = person.send(saved(book), "两张表.xlsx")
    assert (upload.rows_new, upload.summary["sheet"]) == (2, "名单")


def test_a_sheet_larger_than_the_pipe_is_read_to_its_end(person: Importer) -> None:
    upload = person.send(xlsx([HEADER, *[row(number) for number in range(3000)]]), "大.xlsx")
    assert (upload.state, upload.rows_new) == (UploadState.CHECKED, 3000)


def test_styled_empty_cells_far_away_do_no_harm(person: Importer) -> None:
    book, sheet = workbook([HEADER, row(1)])
    sheet["XFD1048576"].font = Font(bold=True)
    # Excel and WPS close a cell without a value at once; openpyxl does so only without lxml
    closed = rewritten(saved(book), lambda xml: xml.replace(b' t="n"></c>', b' t="n"/>'))
    assert person.send(closed, "样式.xlsx").rows_new == 1
    opened = rewritten(closed, lambda xml: xml.replace(b' s="1" t="n"/>', b' s="1" t="n"></c>'))
    assert "beyond 256 columns" in person.page(person.send(opened, "样式2.xlsx"))


@pytest.mark.parametrize("name", sorted(workbooks.bombs()))
def test_hostile_archives_are_refused_in_words(person: Importer, name: str) -> None:
    upload = person.send(workbooks.bombs()[name], f"{name}.xlsx")
    assert upload.state is UploadState.REFUSED, upload.summary
    page = person.page(upload)
    assert "The file was not read" in page
    assert "gave-up" not in page
    assert "broke off" not in page


@pytest.mark.parametrize(
    ("content", "filename", "said"),
    [
        (b"", "a.xlsx", "The file is empty."),
        (b"", "a.csv", "The file is empty."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xlsx", "old Excel file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "password"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "a.xlsx", "web page"),
        (b"<table><tr><td>x</td></tr></table>", "a.csv", "web page"),
        ("名称,代码\n".encode(), "a.xlsx", "not an XLSX file"),
        (xlsx([["名称"]]), "a.csv", "Rename it to .xlsx"),
        (xlsx([["名称", "电话"], ["甲", "1"]]), "a.xlsx", "Unified social credit code"),
        (xlsx([["甲", "乙"], ["丙", "丁"]]), "a.xlsx", "No header row was found"),
        (xlsx([]), "a.xlsx", "No header row was found"),
        (xlsx([HEADER]), "a.xlsx", "no rows below it"),
        (xlsx([[*HEADER, "企业名称"], [*row(1), "乙"]]), "a.xlsx", "appears twice"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(person: Importer, content: bytes, filename: str, said: str) -> None:
    upload = person.send(content, filename)
    assert upload.state is UploadState.REFUSED
    assert said in person.page(upload)


@pytest.mark.parametrize("filename", ["a.xls", "a.et", "a.exe", "csv", "a.xlsm", "..", "x.csv/../../etc/passwd"])
def test_other_endings_are_refused_at_once(person: Importer, filename: str) -> None:
    page = person.visitor.post("/imports/new/entities", {"file": (io.BytesIO(b"x"), filename)}, status=422)
    assert "are not read. Send CSV or XLSX." in page.text


@pytest.mark.parametrize(
    "filename",
    [
        "../../../etc/passwd.csv",
        "C:\\temp\\名单.csv",
        "a\u202evsc.csv",
        "x" * 500 + ".csv",
        "<script>alert(1)</script>.csv",
    ],
)
def test_hostile_file_names_stay_text(person: Importer, filename: str) -> None:
    upload = person.send("甲,乙\n1,2\n", filename)
    assert "/" not in upload.filename
    assert "\u202e" not in upload.filename
    assert len(upload.filename) <= 200
    assert "<script>alert" not in person.page(upload)
