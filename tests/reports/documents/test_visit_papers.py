"""The papers of a visit as PDFs: complete, embedded, the same bytes each time, with a code that can be scanned."""

import csv
import hashlib
import io
import re
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from joint_inspections.follow_ups.queries import list_of_visit
from joint_inspections.notices.wording import PROHIBITIONS
from joint_inspections.papers import services
from joint_inspections.papers.models import VisitPaper
from joint_inspections.papers.rules import (
    BLANK,
    WRITTEN,
    Drawings,
    Facts,
    Lines,
    PaperData,
    PaperKind,
    Seals,
    Table,
    Writing,
)
from joint_inspections.papers.speaking import Words
from joint_inspections.papers.wording import TEXTS
from reports.documents.visit_paper import draw_visit_paper
from supervision.config import PROJECT
from supervision.items.units import measured, unit_names
from supervision.permissions import Role
from tests.joint_inspections.conftest import District, district, drawn
from tests.joint_inspections.evidence.files import drawing
from tests.joint_inspections.papers.conftest import CHECK, LETTERHEAD, issue, with_problem, write
from tests.reports.documents.test_notice import painted_squares, read_back, squeezed

__all__ = ["district", "drawn"]
LANGUAGES = ["zh", "en"]
# what hands clues on to others is read in the tests of transfers
TITLES = {
    PaperKind.APPROVAL: ("行政检查审批表", "Inspection Approval Form"),
    PaperKind.RECORD: ("现场检查笔录", "On-site Inspection Record"),
    PaperKind.QUESTIONING: ("询问笔录", "Questioning Record"),
    PaperKind.INQUEST: ("勘验笔录", "Inquest Record"),
    PaperKind.SAMPLING: ("抽样记录", "Sampling Record"),
    PaperKind.RESULT: ("检查结果告知书", "Notice of Inspection Result"),
    PaperKind.ORDER: ("责令改正通知书", "Order to Correct"),
}
# says that a name was not seen in a published text
DOUBT = ("待与司法部公布的行政检查文书格式核对", "still to be checked against the ministry")


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Each language of papers."""
    return str(request.param)


@pytest.fixture
def papers(drawn: District, language: str) -> dict[PaperKind, VisitPaper]:
    """A paper of each kind of one visit on which a problem was found."""
    session, visit = drawn.session, drawn.visit
    with_problem(drawn, visit, meanwhile=lambda: [write(drawn, visit, kind) for kind in WRITTEN])
    leader = drawn.inspector(visit.leader)
    item = list_of_visit(session, visit.id)[0].item.code
    series = {
        PaperKind.APPROVAL: f"approval:{drawn.lead.code}",
        PaperKind.RECORD: "record",
        PaperKind.RESULT: "result",
        PaperKind.ORDER: f"order:{item}",
        **{kind: f"{kind.value}:1" for kind in WRITTEN},
    }
    return {
        kind: issue(
            session,
            visit,
            series[kind],
            drawn.actor(Role.REVIEWER) if kind is PaperKind.RESULT else leader,
            language=language,
        )
        for kind in TITLES
    }


def all_texts(facts: object) -> list[str]:
    """Every text of a paper's data."""
    if isinstance(facts, str):
        return [facts]
    if isinstance(facts, dict):
        return [text for key, value in facts.items() if key not in KEPT_BACK for text in all_texts(value)]
    return [text for one in facts for text in all_texts(one)] if isinstance(facts, list) else []


# not printed as they stand: language and kind, patterns with places
KEPT_BACK = {"language", "kind", "foot", "others", "bodies", "district"}


def test_every_paper_can_be_read_back_whole(papers: dict[PaperKind, VisitPaper], language: str) -> None:
    place = LANGUAGES.index(language)
    for kind, paper in papers.items():
        read = without_furniture(paper)
        for text in all_texts(paper.facts):
            for line in text.splitlines():
                assert squeezed(line) in read, f"{kind}: {line}"
        assert squeezed(TITLES[kind][place]) in read
        assert (squeezed(DOUBT[place]) in read) is kind.probable, kind


def without_furniture(paper: VisitPaper) -> str:
    """The text of a paper without the feet of its sheets."""
    return re.sub(rf"{paper.number}(第\d+页，共\d+页|page\d+of\d+)", "", read_back(paper.pdf))


def test_every_paper_says_what_the_law_wants_on_it(
    papers: dict[PaperKind, VisitPaper], drawn: District, language: str
) -> None:
    said, visit = Words(language), drawn.visit
    wanted = [
        visit.entity.name,
        visit.draw.number,
        visit.draw.task.number,
        said("times"),
        said("assistants"),
        said("right_statement"),
        said("right_recusal"),
        said("prohibitions"),
        *PROHIBITIONS[language],
        said.name(drawn.lead),
    ]
    remedy = "提起行政诉讼" if language == "zh" else "bring suit"
    for kind, paper in papers.items():
        read = read_back(paper.pdf)
        for text in [*wanted, remedy, visit.leader.inspector.certificate_number if visit.leader else ""]:
            assert squeezed(text) in read, f"{kind}: {text}"
    basis = drawn.items[0].legal_basis
    assert all(squeezed(basis) in read_back(paper.pdf) for paper in papers.values())


def test_the_record_names_problem_disposal_party_and_reviewer(
    papers: dict[PaperKind, VisitPaper], language: str
) -> None:
    read = read_back(papers[PaperKind.RECORD].pdf)
    told = {
        "zh": ["冷库门封条破损", "责令改正", "拒绝签名", "负责人不在场，员工不愿签字", "审核通过"],
        "en": [
            "冷库门封条破损",
            "Correction ordered",
            "refused to sign",
            "负责人不在场，员工不愿签字",
            "Approved",
        ],
    }
    for text in told[language]:
        assert squeezed(text) in read, text


def test_every_font_is_embedded(papers: dict[PaperKind, VisitPaper]) -> None:
    for paper in papers.values():
        for page in PdfReader(io.BytesIO(paper.pdf)).pages:
            for font in page["/Resources"]["/Font"].values():
                assert "NotoSansSC" in font["/BaseFont"]
                assert "/FontFile2" in font.get_object()["/FontDescriptor"].get_object()
        assert b"Helvetica" not in paper.pdf


def test_every_code_leads_to_the_page_of_its_own_paper(papers: dict[PaperKind, VisitPaper]) -> None:
    for paper in papers.values():
        found = [one.text for one in zxingcpp.read_barcodes(painted_squares(paper.pdf))]
        assert found == [CHECK + paper.token]
    assert len({paper.token for paper in papers.values()}) == len(TITLES)


def test_blank_forms_carry_neither_number_nor_code(drawn: District, language: str) -> None:
    drawn.approve(drawn.visit)
    for kind in BLANK:
        pdf = services.blank_form(drawn.session, drawn.visit, kind, language=language, letterhead=LETTERHEAD)
        read = read_back(pdf)
        assert squeezed(drawn.visit.entity.name) in read
        assert squeezed(Words(language)("blank_number")) in read
        content = PdfReader(io.BytesIO(pdf)).pages[0].get_contents()
        assert content is not None
        squares = [values for values, name in content.operations if name == b"re" and values[2] == values[3]]
        assert not squares


def paper_of(**changes: object) -> PaperData:
    """A small paper."""
    data = PaperData(
        kind="order",
        title="责令改正通知书",
        number="310106-20261123-0001-ZG01",
        number_line="编号：310106-20261123-0001-ZG01",
        language="zh",
        bodies=("区市场监督管理局",),
        district="上海市静安区",
        others="等{count}个部门",
        opening=("责令改正。",),
        blocks=(Facts("问题", (("存在的问题", "门封条破损"),)),),
        verify_url=CHECK + "abc",
        scan="扫码核验本文书",
        foot="{number} 第{page}页，共{pages}页",
    )
    return replace(data, **changes)  # type: ignore[arg-type]


def test_the_same_paper_has_the_same_bytes() -> None:
    assert draw_visit_paper(paper_of()) == draw_visit_paper(paper_of())
    assert draw_visit_paper(paper_of()) != draw_visit_paper(paper_of(opening=("另一份。",)))


def test_what_looks_like_markup_or_a_place_stays_text() -> None:
    hostile = "<b>甲&乙</b><img src='file:///etc/passwd'/>{number}{0}]]>"
    blocks = (
        Facts("事实", (("问题", hostile),)),
        Lines("说明", (hostile, hostile)),
        Table("表", ("一",), ((hostile,),), (1,)),
        Seals("机关", ((hostile, ""),), "（印章）"),
    )
    pdf = draw_visit_paper(paper_of(blocks=blocks, addressee=hostile))
    assert read_back(pdf).count(squeezed(hostile)) == 6
    for marker in (b"/JavaScript", b"/URI", b"/OpenAction", b"/Launch"):
        assert marker not in pdf


def test_texts_longer_than_a_sheet_go_on_over_the_next() -> None:
    long = "检" * 4000
    pdf = draw_visit_paper(paper_of(blocks=(Facts("长", (("问题", long),)), Table("表", ("一",), ((long,),), (1,)))))
    assert read_back(pdf).count("检") == 8000


def test_no_row_of_short_facts_is_torn_over_two_sheets() -> None:
    source = "年度抽查计划：计划编号；抽查任务编号；随机抽取编号；" * 3
    for before in range(26, 40):
        facts = Facts("来源", tuple((f"第{no}项", "短") for no in range(before)))
        last = Facts("", (("任务来源", source), ("次数", "0 次")))
        pages = PdfReader(io.BytesIO(draw_visit_paper(paper_of(blocks=(facts, last))))).pages
        # a torn row would leave its strip, empty or not, on both sheets
        assert [squeezed(source) in squeezed(page.extract_text()) for page in pages].count(True) == 1


def test_lines_to_write_on_begin_on_the_sheet_that_has_room() -> None:
    facts = Facts("来源", tuple((f"第{no}项", "短") for no in range(16)))
    pages = PdfReader(io.BytesIO(draw_visit_paper(paper_of(blocks=(facts, Writing("勘验经过", 20)))))).pages
    assert ["勘验经过" in squeezed(page.extract_text()) for page in pages] == [True, False]


def test_no_heading_stands_alone_at_the_foot_of_a_page() -> None:
    for lines in range(20, 48):
        above = Lines("前文", tuple(f"第{no}行" for no in range(lines)), numbered=False)
        below = Table("检查结果表头", ("一", "二"), (("甲", "乙"),) * 30, (1, 1))
        facts = Facts("事实表头", (("存在的问题", "门封条破损"),))
        for block, title, first in ((below, "检查结果表头", "甲"), (facts, "事实表头", "门封条破损")):
            pages = PdfReader(io.BytesIO(draw_visit_paper(paper_of(blocks=(above, block))))).pages
            texts = [page.extract_text() for page in pages]
            (page,) = [text for text in texts if title in text]
            assert first in page.partition(title)[2], lines


def test_drawn_signatures_stand_small_over_their_digests() -> None:
    data, picture = paper_of(), drawing(3)
    digest = hashlib.sha256(picture).hexdigest()
    block = Drawings("手写签名", (("当事人 王店长", digest), ("市场监管局 张三", "b" * 64)))
    stream = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").save(stream, "JPEG")
    pdf = draw_visit_paper(replace(data, blocks=(block,), pictures={digest: stream.getvalue()}))
    assert digest in read_back(pdf)
    assert "b" * 64 in read_back(pdf)
    (image,) = PdfReader(io.BytesIO(pdf)).pages[0].images
    assert image.image is not None
    assert pdf == draw_visit_paper(replace(data, blocks=(block,), pictures={digest: stream.getvalue()}))


def test_months_are_no_name_of_a_month_and_english_papers_speak_english() -> None:
    assert [measured("6", "月", one) for one in ("zh", "en")] == ["6 个月", "6 months"]
    assert [measured("1", "月", one) for one in ("zh", "en")] == ["1 个月", "1 month"]
    assert measured("3", "人", "en") == "3 persons"
    assert measured("0.5", "mg/L", "en") == "0.5 mg/L"
    assert measured("7.2", "", "en") == "7.2"
    with (PROJECT / "supervision/catalogues/check_points.csv").open(encoding="utf-8") as stream:
        units = {row["unit"] for row in csv.DictReader(stream)}
    assert not [unit for unit in units if not unit_names(unit)[1].isascii() and unit not in {"℃", "mg/m³", "Ω"}]


def test_many_bodies_are_named_by_the_first_and_their_number() -> None:
    read = read_back(draw_visit_paper(paper_of(bodies=tuple(f"区第{no}监督局" for no in range(9)))))
    assert "上海市静安区第0监督局" in read
    assert "等9个部门" in read


def test_every_text_has_the_same_places_in_both_languages() -> None:
    for key, (chinese, english) in TEXTS.items():
        assert set(re.findall(r"{(\w+)}", chinese)) == set(re.findall(r"{(\w+)}", english)), key
        assert chinese, key
        assert english, key
