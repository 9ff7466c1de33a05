"""The printed notice: complete, embedded, the same bytes each time, and safe whatever people are called."""

import io
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import zxingcpp
from pypdf import PdfReader

from joint_inspections.notices.rules import NoticeData, NoticeDepartment, NoticeItem, NoticeMember, NoticeSource
from joint_inspections.notices.wording import PROHIBITIONS, REMEDIES, RIGHTS
from reports.documents.notice import draw_notice
from reports.documents.notice_words import words
from supervision import rendering

VERIFY_URL = "https://supervision.example/notices/check/AbCdEfGhIjKlMnOpQrSt"
DRAW_URL = "https://supervision.example/public/verify/310106-2026-0007"
NOTICE = NoticeData(
    number="310106202611220001",
    issued_on=date(2026, 11, 20),
    district="上海市静安区",
    entity_name="上海试用餐饮管理有限公司",
    unit_id="91310106MA1FY0001X",
    address="试用路123号4层",
    departments=(
        NoticeDepartment(
            "区市场监督管理局",
            (NoticeItem("食品经营许可检查", "《食品安全法》第一百一十条", "实地核查"),),
            "021-0000-1001",
        ),
        NoticeDepartment(
            "区卫生健康委员会",
            (NoticeItem("公共场所卫生检查", "《公共场所卫生管理条例》第十条", "抽样检测"),),
            "021-0000-1002",
        ),
    ),
    planned_on=date(2026, 11, 25),
    members=(
        NoticeMember("王小䶮", "区市场监督管理局", "09000000001", True),
        NoticeMember("李四", "区卫生健康委员会", "09000000003", False),
    ),
    source=NoticeSource("年度抽查计划", "31010620260012", "310106202611010003", "310106-2026-0007", DRAW_URL),
    materials=("营业执照", "食品经营许可证"),
    rights=("有权要求检查人员出示行政执法证件。", "有权陈述和申辩。"),
    prohibitions=(
        "严禁逐利检查。",
        "严禁干扰企业正常生产经营。",
        "严禁任意处罚。",
        "严禁下达检查指标。",
        "严禁变相检查。",
    ),
    remedies=("本通知书只告知检查安排。", "可以自知道该决定之日起60日内申请行政复议。"),
    times_inspected=7,
    times_drawn=3,
    verify_url=VERIFY_URL,
)


def read_back(pdf: bytes) -> str:
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return "".join(text.split())


def squeezed(text: str) -> str:
    return "".join(text.split())


def spoken(data: NoticeData) -> list[str]:
    texts = [data.number, data.entity_name, data.unit_id, data.address]
    texts += [data.source.kind, data.source.plan_number, data.source.task_number, data.source.draw_number, DRAW_URL]
    texts += [*data.materials, *data.rights, *data.remedies, *data.prohibitions]
    for department in data.departments:
        texts += [department.name, department.phone]
        texts += [text for item in department.items for text in (item.name, item.method, item.legal_basis)]
    for member in data.members:
        texts += [member.name, member.certificate_number]
    return texts


def test_every_sentence_of_the_notice_can_be_read_back() -> None:
    read = read_back(draw_notice(NOTICE))
    for text in [
        *spoken(NOTICE),
        "行政检查通知书",
        "上海市静安区市场监督管理局",
        "上海市静安区卫生健康委员会",
        "行政检查 7 次，其中随机抽查 3 次",
        "2026年11月25日",
        "组长",
        "第2页，共2页",
    ]:
        assert squeezed(text) in read, text


def test_every_department_has_a_place_for_its_seal_with_its_telephone() -> None:
    read = read_back(draw_notice(NOTICE))
    seals = read.partition("发出机关与联系电话")[2].partition("送达回证")[0]
    for body, phone in (
        ("上海市静安区市场监督管理局", "021-0000-1001"),
        ("上海市静安区卫生健康委员会", "021-0000-1002"),
    ):
        assert body in seals
        assert phone in seals
    assert seals.count("（印章）2026年11月20日") == 2
    silent = replace(NOTICE, departments=tuple(replace(one, phone="") for one in NOTICE.departments))
    assert read_back(draw_notice(silent)).count("联系电话：未登记") == 2


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_visit_of_three_departments_takes_two_sheets(language: str) -> None:
    item = NoticeItem("食品经营许可检查", "《食品安全法》第一百一十条", "实地核查、抽样检测")
    bodies = tuple(NoticeDepartment(f"区试用监督管理第{one}局", (item, item), "021-0000-1001") for one in "一二三")
    team = tuple(NoticeMember("王小二", "区试用监督管理第一局", f"0900000000{one}", one == 0) for one in range(6))
    fixed = {"rights": RIGHTS[language], "remedies": REMEDIES[language], "prohibitions": PROHIBITIONS[language]}
    papers = ("营业执照", "食品经营许可证", "健康证明", "清洗记录", "检测报告", "进货台账")
    full = replace(NOTICE, departments=bodies, members=team, materials=papers, language=language, **fixed)
    assert len(PdfReader(io.BytesIO(draw_notice(full))).pages) == 2


def test_the_english_notice_speaks_english_around_the_same_facts() -> None:
    read = read_back(draw_notice(replace(NOTICE, language="en", district="Jing'an District")))
    for text in [
        *spoken(NOTICE),
        "Notice of Administrative Inspection",
        "25 November 2026",
        "Team leader",
        "inspected your unit 7 time(s) this year, 3 of them by random draw",
        "page 2 of 2",
    ]:
        assert squeezed(text) in read, text
    assert "行政检查通知书" not in read


@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_fonts_are_embedded_and_no_standard_font_is_named(language: str) -> None:
    pdf = draw_notice(replace(NOTICE, language=language))
    fonts = {}
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():
            fonts[font["/BaseFont"]] = font.get_object()["/FontDescriptor"].get_object()
    assert fonts
    for name, descriptor in fonts.items():
        assert "NotoSansSC" in name
        assert "/FontFile2" in descriptor
    assert b"Helvetica" not in pdf


def test_the_same_notice_has_the_same_bytes() -> None:
    assert draw_notice(NOTICE) == draw_notice(NOTICE)
    assert draw_notice(NOTICE) != draw_notice(replace(NOTICE, times_inspected=8))


def painted_squares(pdf: bytes) -> np.ndarray:
    """Paint the filled squares of the first page, as a phone's camera would see the code."""
    page = PdfReader(io.BytesIO(pdf)).pages[0]
    numbers = [[float(value) for value in values] for values, name in page.get_contents().operations if name == b"re"]
    squares = [(x, y, side) for x, y, side, height in numbers if side == height]
    unit = squares[0][2]
    places = [(round(x / unit), round(y / unit)) for x, y, _ in squares]
    size = max(max(place) for place in places) + 4
    dark = np.zeros((size, size), dtype=bool)
    for column, row in places:
        dark[size - 1 - row, column] = True
    return np.where(np.kron(dark, np.ones((6, 6))) > 0, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_code_leads_to_the_verify_page(language: str) -> None:
    picture = painted_squares(draw_notice(replace(NOTICE, language=language)))
    assert [one.text for one in zxingcpp.read_barcodes(picture)] == [VERIFY_URL]


def test_names_that_look_like_markup_stay_names() -> None:
    hostile = "<b>甲&乙</b><img src='file:///etc/passwd'/><a href='javascript:x'>丙</a>]]>"
    pdf = draw_notice(replace(NOTICE, entity_name=hostile, number="1&<i>2</i>", remedies=(hostile,)))
    assert squeezed(hostile) in read_back(pdf)
    for marker in (b"/JavaScript", b"/URI", b"/OpenAction", b"/Launch"):
        assert marker not in pdf


def test_a_character_without_a_glyph_is_named_and_never_vanishes() -> None:
    pdf = draw_notice(replace(NOTICE, entity_name="䶮𠮷酒家😀\u202e\x07店"))
    assert "䶮〓(U+20BB7)酒家〓(U+1F600)店" in read_back(pdf)


def test_names_of_two_hundred_characters_and_many_items_still_fit() -> None:
    items = tuple(NoticeItem("检" * 200, "法" * 200) for _ in range(40))
    long = replace(
        NOTICE,
        entity_name="长" * 200,
        address="A" * 300,
        departments=(NoticeDepartment("部" * 100, items),),
        materials=("料" * 300,) * 20,
        members=(NoticeMember("名" * 60, "部" * 100, "09" * 10, True),),
    )
    assert read_back(draw_notice(long)).count("检" * 200) >= 1


def test_a_notice_without_members_or_materials_says_so() -> None:
    read = read_back(draw_notice(replace(NOTICE, members=(), materials=(), departments=(), address="")))
    assert "检查人员确定后另行告知" in read
    assert "无需事先准备材料" in read


def test_lower_floors_get_it_by_name(app: object) -> None:
    assert rendering.render("notice", NOTICE).startswith(b"%PDF-")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_heading_of_a_long_notice_stands_alone_at_the_foot_of_a_page(language: str) -> None:
    said = words(language)
    headings = (said.departments, said.team, said.materials, said.frequency, said.rights, said.remedies, said.seals)
    item = NoticeItem("食品经营许可检查", "《食品安全法》第一百一十条", "实地核查")
    fixed = {"rights": RIGHTS[language], "remedies": REMEDIES[language], "prohibitions": PROHIBITIONS[language]}
    for count in range(1, 26, 2):
        bodies = tuple(replace(one, items=(item,) * count) for one in NOTICE.departments)
        full = replace(NOTICE, departments=bodies, materials=("营业执照",) * 7, language=language, **fixed)
        for number, page in enumerate(PdfReader(io.BytesIO(draw_notice(full))).pages, start=1):
            text = squeezed(page.extract_text())
            for heading in headings:
                found, _, after = text.partition(squeezed(heading))
                foot = squeezed(said.foot.format(number=NOTICE.number, page=number, pages=""))[:20]
                assert found == text or len(after.replace(foot, "")) > 20, (count, heading)
