"""Pages of the item list: reading, the public's view, drafting and publishing, and who may not."""

import csv
import hashlib
import io
import json

import pytest
from sqlalchemy.orm import Session

from supervision.accounts.models import User
from supervision.catalogue_files import FOLDER
from supervision.departments.queries import get_department
from supervision.items import services
from supervision.items.catalogue import load_item_catalogue
from supervision.items.models import ItemList
from supervision.items.queries import find_draft_list, find_item, get_draft_list, get_published_list, list_joint_items
from supervision.items.rules import ListState
from supervision.permissions import Role
from tests.factories import Make
from tests.pages import Browser


@pytest.fixture
def published(session: Session) -> ItemList:
    """The shipped catalogue as version 1."""
    return load_item_catalogue(session, FOLDER)


@pytest.fixture
def lead(session: Session, make: Make, published: ItemList) -> User:
    """The lead of the market regulation department."""
    return make.user(Role.LEAD, department=get_department(session, "SCJG"))


@pytest.fixture
def draft(session: Session, make: Make, published: ItemList) -> ItemList:
    """A draft of version 2."""
    return services.begin_draft(session, actor=make.actor(Role.COORDINATOR))


def _item_form(**values: object) -> dict[str, object]:
    defaults: dict[str, object] = {
        "version": 1,
        "name_zh": "餐饮服务食品安全监督检查",
        "name_en": "Catering",
        "object_type": "餐饮服务提供者",
        "method": "实地核查",
        "category": "key",
        "legal_basis": "《食品安全法》",
        "ratio": "12.5",
        "max_per_year": 1,
        "min_inspectors": 2,
        "duration_minutes": 60,
        "industries": "H62、P83",
        "allowed_results": ["1", "5"],
    }
    return {**defaults, **values}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everybody_in_business_reads_the_list(
    make: Make, browse: Browser, session: Session, published: ItemList, language: str
) -> None:
    visitor = browse(make.user(Role.INSPECTOR), language=language)
    page = visitor.get("/items/?q=食品&department=SCJG&category=key&industry=H&sort=-ratio").text
    assert "SCJG-03" in page
    assert "SCJG-01" not in page
    item = find_item(session, published.id, "SCJG-03")
    assert item is not None
    shown = visitor.get(f"/items/{item.id}").text
    assert item.check_points[0].question_zh in shown or language == "en"
    assert "20 %" in shown
    joint = list_joint_items(session, published.id)[0]
    assert joint.code in visitor.get("/items/joint?list=1").text
    assert "SCJG-03" in visitor.get(f"/items/joint/{joint.id}").text
    visitor.get("/items/lists")
    visitor.get("/items/lists/1")
    visitor.get("/items/draft/", status=403)
    visitor.get("/items/999999", status=404)
    visitor.get("/items/joint/999999", status=404)


def test_before_the_first_version_pages_say_so(make: Make, browse: Browser) -> None:
    visitor = browse(make.user(Role.COORDINATOR))
    for address in ("/items/", "/items/joint", "/items/lists", "/items/draft/"):
        assert "No item list has been published yet" in visitor.get(address).text
    assert "No item list" in browse().get("/public/items").text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_public_reads_published_versions_only(
    browse: Browser, session: Session, published: ItemList, draft: ItemList, language: str
) -> None:
    visitor = browse(language=language)
    assert "SCJG-01" in visitor.get("/public/items?q=SCJG-01").text
    visitor.get("/items/lists")
    old, new = (find_item(session, one.id, "SCJG-03") for one in (published, draft))
    assert old is not None
    assert new is not None
    visitor.get(f"/public/items/{old.id}")
    visitor.get(f"/public/items/{new.id}", status=404)
    visitor.get("/items/lists/2", status=404)
    visitor.get("/items/lists/2.json", status=404)
    assert visitor.get("/items/", status=302).location.startswith("/sign-in")
    assert "version=2" not in visitor.get("/public/items?list=2").text
    assert visitor.get("/public/items/export/csv?list=2").text.count("SCJG-03") == 1


def test_a_stranger_can_hash_the_version_alone(browse: Browser, published: ItemList) -> None:
    data = browse().get("/items/lists/1.json").data
    assert hashlib.sha256(data).hexdigest() == published.digest
    assert len(json.loads(data)["items"]) == 110


def test_the_list_is_downloaded_as_filtered(make: Make, browse: Browser, published: ItemList) -> None:
    visitor = browse(make.user(Role.LEAD))
    text = visitor.get("/items/export/csv?department=WSJK").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len({row["Item code"] for row in rows}) == 10
    assert len({(row["Item code"], row["Question in Chinese"]) for row in rows}) == len(rows) > 30
    with visitor.get("/items/export/xlsx") as response:
        assert response.data[:2] == b"PK"
    visitor.get("/items/export/exe", status=404)


def test_a_tampered_version_is_reported(browse: Browser, session: Session, published: ItemList) -> None:
    assert "agrees" in browse().get("/items/lists/1").text
    item = find_item(session, published.id, "SCJG-03")
    assert item is not None
    item.ratio_bp += 1
    session.flush()
    assert "behind the platform" in browse().get("/items/lists/1").text


def test_a_lead_drafts_and_the_coordinator_publishes(make: Make, browse: Browser, session: Session, lead: User) -> None:
    visitor = browse(lead)
    visitor.post("/items/draft/begin", page="/items/draft/")
    draft = get_draft_list(session)
    item = find_item(session, draft.id, "SCJG-03")
    assert item is not None
    visitor.post(f"/items/draft/items/{item.id}/edit", _item_form())
    session.refresh(item)
    assert (item.ratio_bp, item.version, item.industries) == (1250, 2, ["H62", "P83"])
    stale = visitor.post(f"/items/draft/items/{item.id}/edit", _item_form(), status=200).text
    assert "Somebody changed this meanwhile" in stale
    visitor.post("/items/draft/items/new", _item_form(code="SCJG-99"))
    session.expire_all()
    assert find_item(session, draft.id, "SCJG-99") is not None
    visitor.post("/items/draft/publish", page="/items/draft/", status=403)
    coordinator = browse(make.user(Role.COORDINATOR))
    assert "SCJG-99" in coordinator.get("/items/draft/").text
    coordinator.post("/items/draft/publish", {"document_number": "静双随机〔2026〕2号"}, status=409)
    new = find_item(session, draft.id, "SCJG-99")
    assert new is not None
    point = {"version": new.version, "rows-0-no": 1, "rows-0-question_zh": "问？", "rows-0-kind": "yes_no"}
    visitor.post(f"/items/draft/items/{new.id}/check-points", point)
    coordinator.post("/items/draft/publish", {"document_number": "静双随机〔2026〕2号", "note": "新增一项"})
    session.expire_all()
    assert get_published_list(session).number == 2
    changed = browse().get("/items/lists/2").text
    assert "12.5 %" in changed
    assert "SCJG-99" in changed
    visitor.post(f"/items/draft/items/{new.id}/edit", _item_form(), page="/account", status=403)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_check_points_are_added_put_in_order_and_removed_on_one_page(
    browse: Browser, session: Session, lead: User, draft: ItemList, language: str
) -> None:
    item = find_item(session, draft.id, "SCJG-09")
    assert item is not None
    address, visitor = f"/items/draft/items/{item.id}/check-points", browse(lead, language=language)
    visitor.get(address)
    rows = {
        "version": item.version,
        "rows-0-no": 2, "rows-0-question_zh": "甲？", "rows-0-kind": "yes_no",
        "rows-1-no": 1, "rows-1-question_zh": "乙温度", "rows-1-kind": "number",
        "rows-1-minimum": "0", "rows-1-maximum": "8.5",
        "rows-2-no": 3, "rows-2-question_zh": "丙", "rows-2-kind": "yes_no", "rows-2-remove": "y",
        "rows-3-no": 4, "rows-3-question_zh": "丁", "rows-3-kind": "choice",
        "rows-3-options": "有|Yes\n无|No", "rows-3-veto": "y",
        "rows-4-no": 5, "rows-4-question_zh": "", "rows-4-question_en": "", "rows-4-kind": "yes_no",
    }  # fmt: skip
    crossed = visitor.post(address, {**rows, "rows-1-maximum": "-1"}, status=200).text
    assert ("Check point 1: the lower limit" in crossed) == (language == "en")
    assert "alert-danger" in crossed
    session.expire_all()
    assert len(item.check_points) > 4
    visitor.post(address, rows)
    session.expire_all()
    assert [point.question_zh for point in item.check_points] == ["乙温度", "甲？", "丁"]
    assert item.check_points[2].options == ["有|Yes", "无|No"]
    assert item.check_points[2].veto
    assert "8.5" in visitor.get(f"/items/{item.id}").text


def test_materials_and_suspension(browse: Browser, session: Session, lead: User, draft: ItemList) -> None:
    item, visitor = find_item(session, draft.id, "SCJG-09"), browse(lead)
    assert item is not None
    rows = {"version": item.version, "rows-0-no": 2, "rows-0-name_zh": "合同", "rows-1-no": 1, "rows-1-name_zh": "执照"}
    visitor.post(f"/items/draft/items/{item.id}/materials", rows)
    session.expire_all()
    assert [one.name_zh for one in item.materials] == ["执照", "合同"]
    visitor.post(f"/items/draft/items/{item.id}/suspend", {"version": item.version, "reason": ""}, status=200)
    visitor.post(f"/items/draft/items/{item.id}/suspend", {"version": item.version, "reason": "修法"})
    session.expire_all()
    assert item.suspended
    assert "suspended" in visitor.get(f"/items/{item.id}").text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_joint_items_are_drafted_by_their_lead_or_the_coordinator(
    make: Make, browse: Browser, session: Session, lead: User, draft: ItemList, language: str
) -> None:
    joint = list_joint_items(session, draft.id)[0]
    address = f"/items/draft/joint/{joint.id}/edit"
    form = {
        "version": 1,
        "name_zh": "餐饮联合",
        "ratio": "8",
        "industries": "h62",
        "item_codes": ["SCJG-03", "XFJY-02"],
    }
    stranger = browse(make.user(Role.LEAD, department=get_department(session, "WSJK")), language=language)
    assert "alert-danger" in stranger.post(address, form, status=200).text
    visitor = browse(lead, language=language)
    visitor.post(address, {**form, "item_codes": ["SCJG-03"]}, status=200)
    visitor.post(address, form)
    session.expire_all()
    assert (joint.ratio_bp, joint.mode, [part.item.code for part in joint.parts]) == (
        800,
        "1+1",
        ["SCJG-03", "XFJY-02"],
    )
    coordinator = browse(make.user(Role.COORDINATOR), language=language)
    coordinator.post("/items/draft/joint/new", {**form, "code": "JOINT-19", "lead": "XFJY"})
    coordinator.post(f"/items/draft/joint/{joint.id}/remove", {"version": joint.version, "reason": "合并"})
    session.expire_all()
    codes = [one.code for one in list_joint_items(session, draft.id)]
    assert "JOINT-19" in codes
    assert "JOINT-01" not in codes


@pytest.mark.parametrize(
    "values",
    [
        {"ratio": "x"}, {"ratio": "1.234"}, {"ratio": "NaN"}, {"ratio": "101"}, {"ratio": "-1"}, {"ratio": "9" * 40},
        {"industries": "ZZ9"}, {"min_inspectors": "1"}, {"min_inspectors": "9" * 30}, {"category": "none"},
        {"allowed_results": []}, {"version": "x"}, {"name_zh": "甲\u202e乙"}, {"max_per_year": ""},
    ],
)  # fmt: skip
def test_bad_input_is_told_to_the_person_and_changes_nothing(
    browse: Browser, session: Session, lead: User, draft: ItemList, values: dict[str, object]
) -> None:
    item = find_item(session, draft.id, "SCJG-03")
    assert item is not None
    page = browse(lead).post(f"/items/draft/items/{item.id}/edit", _item_form(**values), status=200).text
    assert "error-summary" in page
    session.expire_all()
    assert item.version == 1


def test_drafts_are_closed_to_wrong_roles(make: Make, browse: Browser, session: Session, draft: ItemList) -> None:
    item = find_item(session, draft.id, "SCJG-03")
    assert item is not None
    for role in (Role.INSPECTOR, Role.REVIEWER, Role.OVERSIGHT, Role.HEAD):
        visitor = browse(make.user(role, department=item.department))
        visitor.get("/items/draft/", status=403)
        visitor.get(f"/items/{item.id}", status=404)
        visitor.get(f"/items/draft/items/{item.id}/edit", status=403)
        assert f'value="{draft.number}"' not in visitor.get("/items/").text
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        browse(make.user(role)).get("/items/", status=403)
    stranger = browse(make.user(Role.LEAD, department=get_department(session, "WSJK")))
    stranger.get(f"/items/draft/items/{item.id}/edit", status=403)
    assert find_draft_list(session) is draft
    assert draft.state is ListState.DRAFT


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_the_workspace_opens(
    make: Make, browse: Browser, session: Session, lead: User, draft: ItemList, language: str
) -> None:
    item, joint = find_item(session, draft.id, "SCJG-09"), list_joint_items(session, draft.id)[0]
    assert item is not None
    visitor = browse(lead, language=language)
    for step in ("edit", "check-points", "materials", "suspend"):
        visitor.get(f"/items/draft/items/{item.id}/{step}")
    for address in ("", "items/new", "joint/new", f"joint/{joint.id}/edit", f"joint/{joint.id}/remove"):
        visitor.get(f"/items/draft/{address}")
    coordinator = browse(make.user(Role.COORDINATOR), language=language)
    for address in ("/items/draft/", "/items/draft/publish", "/items/draft/joint/new", "/items/lists/2"):
        coordinator.get(address)
