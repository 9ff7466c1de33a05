"""A year is loaded by its official notice, with every line that cannot be taken named, and kept as an edition."""

import io
import json
import re
from datetime import date

import pytest
from sqlalchemy.orm import Session

from supervision.catalogue_files import FOLDER, read_catalogue
from supervision.errors import Conflict, Invalid, WrongState
from supervision.permissions import Role
from supervision.workdays import notices, services
from supervision.workdays.notices import Day
from supervision.workdays.queries import get_calendar, list_editions, list_exceptions
from supervision.workdays.rules import DayKind
from supervision.workdays.services import Proposal
from tests.factories import Make
from tests.pages import Browser

# 国办发明电〔2025〕7号
NOTICE = """国务院办公厅关于2026年部分节假日安排的通知
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2026年元旦、春节等放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。
"""
# made up for the test: a year whose notice is not out
NEXT = """一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至13日（周六）放假调休，共9天。1月30日（周六）、2月14日（周日）上班。
"""


def messages(text: str, year: int) -> list[tuple[int, str]]:
    found = notices.read(text, year)
    assert found.faults
    return [(one.line, one.message % dict(one.parameters)) for one in found.faults]


def test_the_notice_as_published_gives_the_shipped_days_of_the_year() -> None:
    found = notices.read(NOTICE, 2026)
    assert found.faults == ()
    shipped = {
        row["date"]: row["type"] for row in read_catalogue(FOLDER, "workday_exceptions") if "2026" in row["date"]
    }
    assert {str(one.day): one.kind.value for one in found.days} == shipped
    assert {one.name for one in found.days if one.day.month == 2 and one.kind is DayKind.HOLIDAY} == {"春节"}


def test_a_table_gives_days_in_chinese_or_english_words() -> None:
    table = "日期,类型,名称\n2027-01-01,放假,元旦\n\n2027/01/30,上班,\n"
    assert notices.read(table, 2027).days == (
        Day(date(2027, 1, 1), DayKind.HOLIDAY, "元旦"),
        Day(date(2027, 1, 30), DayKind.WORKDAY, ""),
    )
    assert notices.decode(table.encode("gb18030")) == table
    with pytest.raises(Invalid):
        notices.decode(b"\xff\xff\xff\x00")


@pytest.mark.parametrize(
    ("text", "year", "line", "says"),
    [
        ("元旦：1月1日（周四）至3日放假，共3天。", 2027, 1, "周五"),
        ("\n元旦：1月1日至3日放假，共4天。", 2027, 2, "4 days, its dates give 3"),
        ("元旦：1月3日至1日放假。", 2027, 1, "ends before it begins"),
        ("国庆节：9月31日放假。", 2027, 1, "no 9-31"),
        (NOTICE, 2027, 1, "This is the notice for 2026."),
        ("清明节：4月5日上班。", 2027, 1, "Monday to Friday are working days anyway"),
        ("date,type,name\n2027-13-01,holiday,x", 2027, 2, "is no day"),
        ("date,type,name\n2026-01-01,holiday,x", 2027, 2, "does not lie in 2027"),
        ("date,type,name\n2027-01-01,feast,x", 2027, 2, "is no type"),
        ("date,type,name\n2027-01-01,holiday,x\n2027-01-01,holiday,x", 2027, 3, "stands twice"),
        ("无关文字", 2027, 1, "No day was found"),
    ],
)
def test_what_cannot_be_taken_is_named_with_its_line(text: str, year: int, line: int, says: str) -> None:
    assert any(number == line and says in message for number, message in messages(text, year))


def test_every_change_is_an_edition_and_the_first_keeps_what_was_loaded(session: Session, make: Make) -> None:
    make.catalogues()
    coordinator = make.actor(Role.COORDINATOR)
    before = services.current(session, 2027)
    assert before.days
    assert not before.announced
    proposal = Proposal(2027, notices.read(NEXT, 2027).days, announced=True)
    services.change_year(session, proposal, reason="国办发明电〔2026〕7号", actor=coordinator)
    newest, first = list_editions(session, 2027)
    assert [len(one.days) for one in (first, newest)] == [len(before.days), 14]
    assert [(one.edition_no, one.announced) for one in (first, newest)] == [(1, False), (2, True)]
    assert not get_calendar(session).is_provisional(date(2027, 3, 1))
    assert {one.day for one in list_exceptions(session, 2027)} == {one.day for one in proposal.days}
    assert get_calendar(session).is_workday(date(2027, 2, 14))
    with pytest.raises(WrongState):
        services.change_year(session, proposal, reason="again", actor=coordinator)
    with pytest.raises(Conflict):
        services.change_year(session, before, reason="x", actor=coordinator, seen="0" * 64)
    with pytest.raises(Invalid):
        services.preview(session, Proposal(2027, (Day(date(2026, 1, 1), DayKind.HOLIDAY, ""),), announced=True))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_year_is_loaded_on_its_page_after_a_preview(
    session: Session, make: Make, browse: Browser, language: str
) -> None:
    make.catalogues()
    browse(make.user(Role.LEAD)).get("/workdays/2027/load", status=403)
    visitor = browse(make.user(Role.COORDINATOR), language=language)
    page = "/workdays/2027/load"
    assert visitor.post(page, {"document": "x"}, status=422)
    wrong = visitor.post(page, {"document": "x", "text": "元旦：1月1日（周四）放假。"}, status=422).text
    assert "2027-01-01" in wrong
    file = (io.BytesIO(NEXT.encode()), "notice.txt")
    preview = visitor.post(
        page, {"document": "国办发明电〔2026〕7号", "file": file}, status=200, content_type="multipart/form-data"
    ).text
    assert not list_editions(session, 2027)
    sent = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', preview).group(1)  # type: ignore[union-attr]
        for name in ("days", "announced", "seen", "reason")
    }
    sent["days"] = sent["days"].replace("&#34;", '"')
    assert sent["reason"] == "国办发明电〔2026〕7号"
    assert len(json.loads(sent["days"])) == 14
    visitor.post("/workdays/2027/apply", {**sent, "reason": ""}, page=page, status=422)
    visitor.post("/workdays/2027/apply", {**sent, "seen": "0"}, page=page, status=422)
    visitor.post("/workdays/2027/apply", {**sent, "days": "["}, page=page, status=422)
    visitor.post("/workdays/2027/apply", {**sent, "days": '[["2027-01-01","x",""]]'}, page=page, status=422)
    visitor.post("/workdays/2027/apply", sent, page=page)
    assert "2027-2" in visitor.get("/workdays/2027").text
