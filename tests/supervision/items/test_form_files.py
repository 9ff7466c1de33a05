"""Forms as files of ODK and Kobo: handed out, validated by pyxform and ODK Validate, read back, refused when bad."""

import io
import zipfile
from pathlib import Path

import pytest
from pyxform.xls2xform import convert
from sqlalchemy.orm import Session

from supervision.accounts.models import User
from supervision.catalogue_files import FOLDER
from supervision.departments.queries import get_department
from supervision.items import forming, services
from supervision.items.catalogue import load_item_catalogue
from supervision.items.models import Item, ItemList
from supervision.items.queries import find_item, form_content, list_items, list_joint_items
from supervision.items.rules import AnswerKind, FormContent, FormStep, PhraseContent, PointContent
from supervision.permissions import Role
from tests.factories import Make
from tests.pages import Browser
from tests.supervision.items.form_file_making import HEADER, read, xlsx

SEND = "/items/draft/forms/send"


@pytest.fixture
def published(session: Session) -> ItemList:
    """The shipped catalogue as version 1."""
    return load_item_catalogue(session, FOLDER)


@pytest.fixture
def draft(session: Session, make: Make, published: ItemList) -> ItemList:
    """A draft of version 2."""
    return services.begin_draft(session, actor=make.actor(Role.COORDINATOR))


@pytest.fixture
def lead(session: Session, make: Make, published: ItemList) -> User:
    """The lead of the market regulation department."""
    return make.user(Role.LEAD, department=get_department(session, "SCJG"))


def item_of(session: Session, version: ItemList, code: str = "SCJG-03") -> Item:
    """Load an item of a version."""
    item = find_item(session, version.id, code)
    assert item is not None
    return item


def point(question: str, kind: AnswerKind, **values: object) -> PointContent:
    """A check point; what is not given is empty."""
    plain: dict[str, object] = dict.fromkeys(
        ("question_en", "unit", "minimum", "maximum", "legal_clause", "guidance_zh", "guidance_en"), ""
    )
    values = {"options": (), "veto": False, **values}
    return PointContent(**{**plain, "question_zh": question, "kind": kind, **values})  # type: ignore[arg-type]  # columns


COLD = point("温度", AnswerKind.NUMBER, question_en="Temperature", unit="℃", minimum="-40", maximum="-12.5", photo=True)
EVERYTHING = FormContent(
    (
        point("是否？", AnswerKind.YES_NO, question_en="Is it?", legal_clause="《法》第一条", guidance_zh="先看\n再问",
              guidance_en="Look first", veto=True, photo=True),
        point("选哪个？", AnswerKind.CHOICE, options=("符合|Compliant", "不符合"), photo=True),
        COLD,
        point("数量", AnswerKind.NUMBER, unit="个", guidance_zh="数一数"),
        point("至多", AnswerKind.NUMBER, maximum="8", veto=True),
        point("说明", AnswerKind.TEXT, guidance_zh="依据：无", guidance_en="末行\n依据：另一条"),
        point("拍全景", AnswerKind.PHOTO, question_en="Overview"),
        point("=1+1 是否等于2？", AnswerKind.YES_NO),
    ),
    (PhraseContent("未公示", "Not displayed"), PhraseContent("过期")),
)  # fmt: skip


@pytest.mark.parametrize("scope", ["every kind of check point", "shipped"])
def test_what_is_handed_out_is_valid_and_read_back_the_same(
    session: Session, browse: Browser, make: Make, lead: User, draft: ItemList, tmp_path: Path, scope: str
) -> None:
    item = item_of(session, draft)
    if scope != "shipped":
        writer = make.actor(Role.LEAD, department=lead.department)
        forming.change_form(session, item, EVERYTHING, version=item.version, step=FormStep.WHOLE, actor=writer)
        session.commit()
    data = browse(lead).get(f"/items/{item.id}/form.xlsx").data
    (tmp_path / "form.xlsx").write_bytes(data)
    made = convert(tmp_path / "form.xlsx", validate=True)
    assert [one for one in made.warnings if "max-pixels" not in one] == []
    assert item.check_points[0].question_zh in made.xform
    for target in ("", "SCJG-03"):
        reading = read(tmp_path, data, target=target)
        assert reading.remarks == []
        (found,) = reading.items.values()
        assert found.form(FormContent()) == form_content(item)
        assert set(found.results or ()) == set(item.allowed_results)


def test_a_joint_item_is_one_form_with_a_group_for_each_department(
    session: Session, browse: Browser, lead: User, published: ItemList, tmp_path: Path
) -> None:
    joint = list_joint_items(session, published.id)[0]
    data = browse(lead).get(f"/items/joint/{joint.id}/form.xlsx").data
    reading = read(tmp_path, data, target="")
    assert reading.remarks == []
    assert list(reading.items) == [part.item.code for part in joint.parts]
    for part in joint.parts:
        assert reading.items[part.item.code].form(FormContent()) == form_content(part.item)
    form = convert(tmp_path / "form.xlsx").xform
    assert all(f"department_{one.code}" in form for one in joint.departments)


def test_all_forms_of_a_department_come_in_one_file(
    session: Session, browse: Browser, lead: User, published: ItemList, tmp_path: Path
) -> None:
    visitor = browse(lead)
    reading = read(tmp_path, visitor.get("/items/forms/SCJG.xlsx").data, target="")
    own = list_items(session, published.id, department_id=lead.department_id)
    assert reading.remarks == []
    assert {code: found.form(FormContent()) for code, found in reading.items.items()} == {
        item.code: form_content(item) for item in own
    }
    visitor.get("/items/forms/NONE.xlsx", status=404)
    visitor.get("/items/forms/SCJG.xlsx?list=99", status=404)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_file_is_looked_at_and_then_taken(
    session: Session, browse: Browser, lead: User, draft: ItemList, language: str
) -> None:
    item, visitor = item_of(session, draft), browse(lead, language=language)
    survey = [
        HEADER,
        ("begin_group", "kitchen", "后厨", "Kitchen"),
        ("note", "n", "先出示证件", "Show your card"),
        ("select_one yn", "q1", "是否公示？", "Displayed?"),
        ("image", "q1_photo", "照片", "Photo"),
        ("integer", "q2", "人数", "People"),
        ("select_one kind", "q3", "类型", "Kind"),
        ("end_group", "", "", ""),
    ]
    choices = [
        ("list name", "name", "label"),
        ("yn", "yes", "是"),
        ("yn", "no", "否"),
        ("kind", 1, "甲"),
        ("kind", 2, "乙"),
    ]
    visitor.get(SEND)
    sent = {"file": (io.BytesIO(xlsx(survey, choices)), "kobo.xlsx"), "item": "SCJG-03"}
    where = visitor.post(SEND, sent, content_type="multipart/form-data").location
    shown = visitor.get(where).text
    assert "是否公示？" in shown
    versions = {"versions": f"{item.id}:{item.version}"}
    assert visitor.post(where, versions, status=422).text.count('role="alert"') == 1, "what is left out must be read"
    visitor.post(where, {"versions": f"{item.id}:7", "seen": "y"}, status=422)
    visitor.post(where, {**versions, "seen": "y"})
    session.expire_all()
    assert [(one.question_zh, one.kind, one.photo) for one in item.check_points] == [
        ("是否公示？", AnswerKind.YES_NO, True),
        ("人数", AnswerKind.NUMBER, False),
        ("类型", AnswerKind.CHOICE, False),
    ]
    assert item.check_points[0].guidance_zh == "先出示证件"
    assert item.check_points[2].options == ["甲", "乙"]
    assert item.phrases, "wordings that the file does not speak of stay"
    visitor.post(where, {**versions, "seen": "y"}, page=SEND, status=422)


def _bomb() -> bytes:
    stream = io.BytesIO(xlsx([HEADER]))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/huge.bin", bytes(40_000_000))
    return stream.getvalue()


def _macros() -> bytes:
    stream = io.BytesIO(xlsx([HEADER]))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.xlsx", _bomb, "unpacks to far more"),
        ("a.xlsx", _macros, "contains macros"),
        ("a.xlsx", lambda: b"PK\x03\x04 cut off", "damaged"),
        ("a.xlsx", lambda: b"<html></html>", "web page"),
        ("a.xlsx", lambda: b"", "empty"),
        ("a.csv", lambda: b"type,name,label\n", "ending .csv"),
        ("a.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ending .xls"),
        ("a.xlsx", lambda: xlsx([HEADER], survey_name="Sheet1"), "no sheet “survey”"),
        ("a.xlsx", lambda: xlsx([("问题", "答案")]), "must hold the columns"),
    ],
)
def test_bad_files_are_refused_in_words(
    session: Session, browse: Browser, lead: User, draft: ItemList, name: str, data: object, words: str
) -> None:
    content = data()  # type: ignore[operator]  # made when the test runs
    sent = {"file": (io.BytesIO(content), name), "item": "SCJG-03"}
    page = browse(lead).post(SEND, sent, content_type="multipart/form-data", status=422)
    assert words in page.text


def test_other_departments_neither_see_a_file_nor_lose_their_items(
    session: Session, make: Make, browse: Browser, lead: User, published: ItemList, draft: ItemList
) -> None:
    joint = list_joint_items(session, draft.id)[0]
    visitor = browse(lead)
    data = visitor.get(f"/items/joint/{joint.id}/form.xlsx").data
    sent = {"file": (io.BytesIO(data), "joint.xlsx"), "item": ""}
    where = visitor.post(SEND, sent, content_type="multipart/form-data").location
    shown = visitor.get(where).text
    assert "belongs to another department" in shown
    other = browse(make.user(Role.LEAD, department=get_department(session, "WSJK")))
    other.get(where, status=404)
    browse(make.user(Role.INSPECTOR)).get(where, status=403)
    browse(make.user(Role.INSPECTOR)).get(SEND, status=403)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_whole_form_is_read_on_paper_and_on_a_phone(
    session: Session, make: Make, browse: Browser, published: ItemList, draft: ItemList, language: str
) -> None:
    joint = list_joint_items(session, published.id)[0]
    visitor = browse(make.user(Role.INSPECTOR), language=language)
    paper = visitor.get(f"/items/joint/{joint.id}/form").text
    assert str(sum(len(part.item.check_points) for part in joint.parts)) in paper
    assert all(part.item.code in paper for part in joint.parts)
    visitor.get(f"/items/joint/{joint.id}/form?as=phone")
    some = "&".join(f"item={part.item.id}" for part in joint.parts)
    visitor.get(f"/items/forms?{some}")
    visitor.get(f"/items/forms?{some}&as=phone")
    visitor.get("/items/forms", status=302)
    visitor.get("/items/forms?item=x&item=999999", status=404)
    hidden = item_of(session, draft)
    visitor.get(f"/items/forms?item={hidden.id}", status=404)
    visitor.get(f"/items/{hidden.id}/form.xlsx", status=404)
