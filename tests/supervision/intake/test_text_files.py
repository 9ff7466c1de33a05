"""Text files: every usual encoding and separator is read, nothing is guessed, every refusal names the line."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.entities.models import Entity
from supervision.intake.rules import UploadState
from supervision.permissions import Role
from tests.factories import Make, make_uscc
from tests.supervision.importing import Importer

HEADER = "统一社会信用代码,企业名称,企业类型,行业代码,所属街道,成立日期,经营范围"
RARE = "上海㐂𠮷䶮𬍛有限公司"


def line(number: int, *, name: str = "", scope: str = "") -> str:
    name = name or f"上海文本{number}号有限公司"
    return f"{make_uscc(700_000 + number)},{name},有限责任公司,H6210,街道013,2019-03-05,{scope}"


@pytest.fixture
def person(code_tables: Make, importer: Callable[..., Importer]) -> Importer:
    return importer(code_tables.user(Role.COORDINATOR))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le-bom", "utf-16-be-bom"])
def test_every_usual_encoding_arrives_unchanged(person: Importer, session: Session, encoding: str) -> None:
    text = "\r\n".join([HEADER, line(1, name=RARE), line(2)]) + "\r\n"
    marked = {"utf-16-le-bom": "utf-16-le", "utf-16-be-bom": "utf-16-be"}
    content = ("\ufeff" + text).encode(marked[encoding]) if encoding in marked else text.encode(encoding)
    upload = person.take(person.send(content, "名单.csv"))
    assert (upload.state, upload.rows_new) == (UploadState.APPLIED, 2)
    assert session.scalar(sa.select(Entity.name).where(Entity.uscc == make_uscc(700_001))) == RARE


def test_private_code_points_of_old_fonts_become_the_characters_of_today(person: Importer, session: Session) -> None:
    content = "\n".join([HEADER, line(1, name="上海\ue863有限公司")]).encode()
    person.take(person.send(content))
    assert session.scalar(sa.select(Entity.name).where(Entity.uscc == make_uscc(700_001))) == "上海䶮有限公司"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_usual_separator_is_found(person: Importer, separator: str) -> None:
    text = "\n".join([HEADER, line(1), line(2)]).replace(",", separator)
    assert person.send(text).rows_new == 2


def test_a_declared_separator_is_believed(person: Importer) -> None:
    assert person.send("sep=;\n" + "\n".join([HEADER, line(1)]).replace(",", ";")).rows_new == 1


def test_quotation_marks_separators_and_line_breaks_inside_cells(person: Importer, session: Session) -> None:
    scope = '"餐饮,服务;\r\n销售""特色""食品"'
    upload = person.take(person.send(f"{HEADER}\r\n{line(1, scope=scope)}\r\n{line(2)}\r\n"))
    assert upload.rows_new == 2
    found = session.scalar(sa.select(Entity.business_scope).where(Entity.uscc == make_uscc(700_001)))
    assert found == '餐饮,服务;\n销售"特色"食品'


def test_row_numbers_are_those_of_the_spreadsheet_even_after_line_breaks_in_cells(person: Importer) -> None:
    broken = line(2).replace("2019-03-05", "昨天")
    upload = person.send(f"{HEADER}\n\n{line(1, scope=chr(34) + '甲' + chr(10) + '乙' + chr(34))}\n{broken}\n")
    assert ",4," in person.mistakes(upload)


MIXED = HEADER.encode() + b"\n" + line(1).encode() + b"\n" + line(2).encode("gb18030") + b"\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (MIXED, "line 3 cannot be read"),
        ((HEADER + "\n" + line(1)).encode()[:-1] + "业".encode()[:2], "line 2 cannot be read"),
        (f"{HEADER}\n{line(1)}\0\n".encode(), "Line 2 holds a NUL byte"),
        (f"{HEADER}\n{line(1)}\n".encode("utf-16-le"), "Line 1 holds a NUL byte"),
        (f"{HEADER}\n{line(1)}\n".encode("utf-32"), "Line 1 holds a NUL byte"),
        (b"\xff\xfe" + f"{HEADER}\n".encode("utf-16-le") + b"\x00\xd8", "cannot be read as text"),
        (f"{HEADER}\n".encode("gb18030") + b"\x80\xff\xff\n", "Line 2 cannot be read as text"),
        (f'{HEADER}\n"{line(1)}\n'.encode(), "quotation marks"),
        (f'{HEADER}\n"{"长" * 200_000}",x\n'.encode(), "far too long"),
        (f"{HEADER}{',x' * 300}\n".encode(), "beyond 256 columns"),
        (b"\n\n\n", "No header row"),
        (("ä¸Šæµ·,å\u0090\u008dç§°\n" * 3).encode(), "No header row"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_names_the_line(person: Importer, content: bytes, said: str) -> None:
    upload = person.send(content)
    assert upload.state is UploadState.REFUSED, upload.summary
    assert said in person.page(upload), upload.summary


def test_ragged_rows_are_wrong_instead_of_shifted(person: Importer, session: Session) -> None:
    upload = person.send("\n".join([HEADER, line(1), line(2) + "餐饮,多一格", "只有一格,两格", line(3)]))
    assert (upload.rows_new, upload.rows_wrong) == (2, 2)
    page = person.page(upload)
    assert "probably shifted" in page
    assert "its end is missing" in page


def test_digits_protected_against_the_spreadsheet_are_read(person: Importer, session: Session) -> None:
    first, second = line(1), line(2)
    protected = first.replace(make_uscc(700_001), f'"=""{make_uscc(700_001)}"""')
    tabbed = second.replace(make_uscc(700_002), f"\t{make_uscc(700_002)}")
    assert person.send("\n".join([HEADER, protected, tabbed])).rows_new == 2


def test_headers_in_other_words_and_order_with_unknown_columns(person: Importer) -> None:
    cells = line(1).split(",")
    names = [
        "备注",
        "ＸＫ＿ＸＤＲ＿ＭＣ",
        "统一社会信用代码（必填）",
        "类　型*",
        "街道（乡镇）",
        "行业代码：",
        "成立\n日期",
        "身份证号",
    ]
    values = ["x", cells[1], cells[0], "1100", "310106013", "6210", "2019/3/5", "310106199001011234"]
    quoted = ",".join(f'"{name}"' for name in names)
    upload = person.send(f"{quoted}\n{','.join(values)}\n")
    assert (upload.rows_new, upload.rows_wrong) == (1, 0), (upload.summary, person.mistakes(upload))
    assert upload.summary["unknown"] == ["备注", "身份证号"]
    assert "310106199001011234" not in str(upload.summary["first"])


def test_a_header_repeated_on_every_page_is_passed_over(person: Importer) -> None:
    assert person.send("\n".join([HEADER, line(1), HEADER, line(2)])).rows_read == 2


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (0, "91310106MA000CT71"),
        (0, "9131O106MA000CT71F"),
        (0, "9.13101E+17"),
        (0, "DROP TABLE entities;--"),
        (0, ""),
        (1, ""),
        (1, "   \u3000"),
        (1, "长" * 201),
        (1, "上海\u202e有限公司"),
        (1, "上海\ufeff有限公司"),
        (2, "火星企业"),
        (3, "ZZ99"),
        (4, "外滩街道"),
        (5, "2999-01-01"),
        (5, "{{7*7}}"),
        (6, "长" * 5001),
    ],
)
def test_each_wrong_cell_is_refused_alone_with_reason_and_remedy(person: Importer, column: int, value: str) -> None:
    cells = line(1).split(",")
    cells[column] = value
    upload = person.send("\n".join([HEADER, ",".join(cells), line(2)]))
    assert (upload.rows_new, upload.rows_wrong) == (1, 1), upload.summary
    file = person.mistakes(upload)
    assert ",2," in file
    assert file.count("\n") >= 2


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_the_register_exports_is_read_back_as_the_same(
    person: Importer, make: Make, ending: str, language: str
) -> None:
    make.entity(name="=1+1有限公司", address="-5号楼", registration_number="310106000099999")
    person.session.commit()
    person.visitor.client.set_cookie("lang", language)
    response = person.visitor.get(f"/entities/export?format={ending}")
    content = response.data
    response.close()
    upload = person.send(content, f"导出.{ending}")
    assert upload.rows_wrong == 0, person.mistakes(upload)
    assert (upload.rows_read, upload.rows_same) == (2, 2), (upload.summary, person.mistakes(upload))
