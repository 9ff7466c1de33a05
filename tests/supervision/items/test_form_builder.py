"""The builder: a department's form point by point, with undo, comparison, copying and history; and who may not."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.accounts.models import User
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.catalogue_files import FOLDER
from supervision.departments.queries import get_department
from supervision.errors import Conflict, Forbidden, Invalid, WrongState
from supervision.items import building, forming, services
from supervision.items.catalogue import load_item_catalogue
from supervision.items.form_changes import list_changes
from supervision.items.models import Item, ItemList
from supervision.items.queries import find_item, form_content, load_facts
from supervision.items.rules import (
    AnswerKind,
    FormContent,
    FormStep,
    PhraseContent,
    PointContent,
    list_digest,
)
from supervision.permissions import Actor, Role
from tests.factories import Make
from tests.pages import Browser, Visitor


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


@pytest.fixture
def writer(session: Session, make: Make, published: ItemList) -> Actor:
    """The same lead as services know them."""
    return make.actor(Role.LEAD, department=get_department(session, "SCJG"))


def item_of(session: Session, version: ItemList, code: str = "SCJG-03") -> Item:
    """Load an item of a version."""
    item = find_item(session, version.id, code)
    assert item is not None
    return item


def point(question: str = "是否张贴公示？", **values: object) -> PointContent:
    """A check point of yes or no."""
    plain: dict[str, object] = dict.fromkeys(
        ("question_en", "unit", "minimum", "maximum", "legal_clause", "guidance_zh", "guidance_en"), ""
    )
    defaults = {"question_zh": question, "kind": AnswerKind.YES_NO, "options": (), "veto": False}
    return PointContent(**{**plain, **defaults, **values})  # type: ignore[arg-type]  # the columns of a check point


def typed(version: int, **values: object) -> dict[str, object]:
    """What the form of a check point sends."""
    plain = {"question_zh": "是否张贴公示？", "question_en": "Is it displayed?", "kind": "yes_no", "no": 1}
    return {"version": version, **plain, **values}


def address(item: Item, rest: str = "") -> str:
    """Return an address of the builder."""
    return f"/items/draft/items/{item.id}/form{rest}"


def change(session: Session, item: Item, form: FormContent, actor: Actor, step: FormStep = FormStep.CHANGED) -> None:
    """Change a form as its owner."""
    forming.change_form(session, item, form, version=item.version, step=step, actor=actor)
    session.flush()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_lead_builds_a_form_without_scripts(
    session: Session, browse: Browser, lead: User, draft: ItemList, language: str
) -> None:
    item, visitor = item_of(session, draft), browse(lead, language=language)
    count = len(item.check_points)
    visitor.get(address(item))
    visitor.get(address(item, "/points/new?after=2"))
    visitor.post(address(item, "/points/new"), typed(item.version, photo="y", no=3))
    session.expire_all()
    assert [len(item.check_points), item.check_points[2].question_zh] == [count + 1, "是否张贴公示？"]
    assert item.check_points[2].photo
    visitor.post(
        address(item, "/points/3/move"), page=address(item, "/points/new"), data={"version": item.version, "to": 1}
    )
    session.expire_all()
    assert item.check_points[0].question_zh == "是否张贴公示？"
    visitor.get(address(item, "/points/1"))
    number = typed(item.version, kind="number", unit="℃", minimum="0", maximum="8", no=2, photo="")
    visitor.post(address(item, "/points/1"), number)
    session.expire_all()
    assert (item.check_points[1].maximum, item.check_points[1].photo) == ("8", False)
    visitor.post(address(item, "/points/2/remove"), page=address(item, "/points/new"), data={"version": item.version})
    session.expire_all()
    assert len(item.check_points) == count
    shown = visitor.get(address(item)).text
    assert ("The form is the same" in shown) == (language == "en")
    assert ("表单相同" in shown) == (language == "zh")
    visitor.get(address(item, "/history"))
    visitor.get(address(item, "/points/99"), status=404)


def test_changes_are_taken_back_one_by_one(session: Session, draft: ItemList, writer: Actor) -> None:
    item = item_of(session, draft)
    first = form_content(item)
    second = building.with_point(first, point(photo=True), place=1)
    third = building.without_point(second, 2)
    for form in (second, third):
        change(session, item, form, writer)
    for wanted in (second, first):
        forming.undo_change(session, item, version=item.version, actor=writer)
        assert form_content(item) == wanted
    with pytest.raises(Conflict, match="no change of this form left"):
        forming.undo_change(session, item, version=item.version, actor=writer)
    change(session, item, third, writer)
    forming.undo_change(session, item, version=item.version, actor=writer)
    assert form_content(item) == first
    steps = [one.step for one in list_changes(session, item)]
    assert steps.count(FormStep.UNDONE) == 3
    noted = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == Event.ITEM_CHANGED)).all()
    assert len(noted) == len(steps), "one entry in the log for each change"


def test_a_form_changed_meanwhile_is_not_overwritten(
    session: Session, browse: Browser, lead: User, draft: ItemList, writer: Actor
) -> None:
    item, visitor = item_of(session, draft), browse(lead, language="en")
    seen = item.version
    change(session, item, building.with_point(form_content(item), point("新问题？"), place=1), writer)
    session.commit()
    refused = visitor.post(address(item, "/points/new"), typed(seen, question_zh="另一个？"), status=422)
    assert "Somebody changed this meanwhile" in refused.text
    visitor.post(
        address(item, "/points/1/remove"), page=address(item, "/points/new"), data={"version": seen}, status=409
    )
    visitor.post(address(item, "/undo"), page=address(item, "/points/new"), data={"version": seen}, status=409)
    session.expire_all()
    assert item.check_points[0].question_zh == "新问题？"


def test_wrong_check_points_are_named_with_their_remedy(
    session: Session, browse: Browser, lead: User, draft: ItemList
) -> None:
    item, visitor = item_of(session, draft), browse(lead, language="en")
    twice = item.check_points[1].question_zh
    cases = [
        ({"kind": "choice", "options": "只有一个"}, "give at least two choices"),
        ({"kind": "number", "minimum": "9", "maximum": "8"}, "lower limit is above"),
        ({"kind": "number", "minimum": "零"}, "write the limit as a number"),
        ({"question_zh": twice}, "asks the same as check point"),
        ({"question_zh": ""}, "write the question in Chinese"),
        ({"no": ""}, "Say where it stands"),
    ]
    for values, words in cases:
        page = visitor.post(address(item, "/points/new"), typed(item.version, **values), status=422)
        assert words in page.text, values
    session.expire_all()
    assert item.version == 1
    left_over = typed(item.version, minimum="1", unit="℃", options="有\n无")
    visitor.post(address(item, "/points/new"), left_over)
    session.expire_all()
    first = item.check_points[0]
    assert (first.minimum, first.unit, first.options) == ("", "", []), "what belongs to another kind is not kept"


def test_the_preview_shows_what_is_typed_and_saves_nothing(
    session: Session, browse: Browser, lead: User, draft: ItemList
) -> None:
    item, visitor = item_of(session, draft), browse(lead, language="en")
    values = typed(1, kind="choice", options="符合|Compliant\n不符合|Not compliant", photo="y")
    page = visitor.post(address(item, "/points/new"), {**values, "preview": "1"}, status=200)
    assert "Compliant" in page.text
    visitor.check = False  # a piece of a page
    piece = visitor.post(address(item, "/preview"), page=address(item, "/points/new"), data=values, status=200).text
    assert "Photo required" in piece
    assert "Not compliant" in piece
    broken = visitor.post(
        address(item, "/preview"),
        page=address(item, "/points/new"),
        data=typed(1, kind="choice", options="符合"),
        status=200,
    ).text
    assert "at least two choices" in broken
    visitor.post(
        address(item, "/preview"), page=address(item, "/points/new"), data=typed(1, kind="nonsense"), status=200
    )
    session.expire_all()
    assert item.version == 1


def test_wordings_belong_to_the_version_and_its_department(
    session: Session, browse: Browser, lead: User, published: ItemList, draft: ItemList
) -> None:
    item, old = item_of(session, draft), item_of(session, published)
    before = [one.text_zh for one in old.phrases]
    assert before, "the shipped wordings came along"
    visitor = browse(lead)
    visitor.get(address(item, "/phrases"))
    rows = {
        "rows-0-no": 2,
        "rows-0-text_zh": "甲",
        "rows-0-text_en": "",
        "rows-1-no": 1,
        "rows-1-text_zh": "乙",
        "rows-1-text_en": "B",
    }
    visitor.post(address(item, "/phrases"), {"version": item.version, **rows})
    session.expire_all()
    assert [(one.text_zh, one.text_en) for one in item.phrases] == [("乙", "B"), ("甲", "")]
    assert [one.text_zh for one in old.phrases] == before
    wrong = {"rows-0-no": 1, "rows-0-text_zh": "", "rows-0-text_en": "only English"}
    visitor.post(address(item, "/phrases"), {"version": item.version, **wrong}, status=200)
    session.expire_all()
    assert len(item.phrases) == 2


def test_points_and_wordings_are_copied_once(session: Session, browse: Browser, lead: User, draft: ItemList) -> None:
    item, source = item_of(session, draft, "SCJG-01"), item_of(session, draft)
    visitor, count = browse(lead), len(item.check_points)
    visitor.get(address(item, "/copy"))
    where = address(item, "/copy?source=SCJG-03")
    visitor.get(where)
    for _time in range(2):
        visitor.post(where, {"version": item.version, "points": ["1", "2"], "phrases": ["1"]})
        session.expire_all()
    assert [one.question_zh for one in item.check_points[count:]] == [
        one.question_zh for one in source.check_points[:2]
    ]
    assert source.phrases[0].text_zh in [one.text_zh for one in item.phrases]


def test_only_the_owner_builds_and_only_in_the_draft(
    session: Session, make: Make, browse: Browser, lead: User, published: ItemList, draft: ItemList
) -> None:
    other = make.user(Role.LEAD, department=get_department(session, "WSJK"))
    own, foreign = item_of(session, published), item_of(session, draft)
    strangers: list[tuple[Visitor, Item, int]] = [
        (browse(other), foreign, 403),
        (browse(lead), own, 403),
        (browse(make.user(Role.INSPECTOR)), foreign, 403),
        (browse(make.user(Role.COORDINATOR)), foreign, 403),
    ]
    for visitor, item, status in strangers:
        for rest in ("", "/points/new", "/points/1", "/phrases", "/copy", "/history"):
            visitor.get(address(item, rest), status=status)
        for rest in ("/points/1/move", "/points/1/remove", "/undo", "/preview"):
            visitor.post(address(item, rest), {"version": 1, "to": 2}, page="/items/lists", status=status)
    actor = make.actor(Role.LEAD, department=get_department(session, "SCJG"))
    with pytest.raises(WrongState, match="never changes"):
        change(session, own, FormContent((point(),)), actor)
    with pytest.raises(Forbidden):
        change(session, foreign, FormContent((point(),)), make.actor(Role.LEAD, department=other.department))


def test_a_form_has_an_end(session: Session, draft: ItemList, writer: Actor) -> None:
    item = item_of(session, draft)
    with pytest.raises(Invalid, match="at most 60 check points"):
        change(session, item, FormContent(tuple(point(f"第{number}问？") for number in range(61))), writer)
    with pytest.raises(Invalid, match="at most 40 standard"):
        change(session, item, FormContent((), tuple(PhraseContent(f"表述{number}") for number in range(41))), writer)
    with pytest.raises(Invalid, match="stands there twice"):
        change(session, item, FormContent((), (PhraseContent("甲"), PhraseContent("甲"))), writer)


def test_versions_of_before_keep_their_digest(session: Session, published: ItemList) -> None:
    """What was published before forms had photos and wordings is hashed as it was then."""
    facts = load_facts(session, published)
    assert facts.format == 2
    published.format = 1
    session.flush()
    old = load_facts(session, published)
    assert list_digest(old) != list_digest(facts)
    item = item_of(session, published)
    item.phrases.clear()
    session.flush()
    session.expire_all()
    assert list_digest(load_facts(session, published)) == list_digest(old)


def test_the_reader_is_told_what_to_look_at() -> None:
    form = FormContent((point(kind=AnswerKind.TEXT, veto=True), point("量？", kind=AnswerKind.NUMBER)))
    said = [message for number, message in building.advice(form) if number == 1]
    assert any("Veto works only" in message for message in said)
    assert any("no limits" in message for number, message in building.advice(form) if number == 2)
