"""The joint list is public: field, items, objects, lead, partners, ratio and category (R-1.40, R-1.42)."""

import csv
import io
import json

import pytest
from sqlalchemy.orm import Session

from supervision.catalogue_files import FOLDER
from supervision.departments.queries import get_department
from supervision.items import services
from supervision.items.catalogue import load_item_catalogue
from supervision.items.models import ItemList, JointItem
from supervision.items.queries import list_joint_items
from supervision.items.rules import ItemCategory
from supervision.permissions import Role
from tests.factories import Make
from tests.pages import Browser


@pytest.fixture
def published(session: Session) -> ItemList:
    """The shipped catalogue as version 1."""
    return load_item_catalogue(session, FOLDER)


def joint_of(session: Session, version: ItemList, code: str) -> JointItem:
    """A joint item of a version."""
    return next(one for one in list_joint_items(session, version.id) if one.code == code)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everybody_reads_the_joint_list_and_each_joint_item(
    session: Session, browse: Browser, published: ItemList, language: str
) -> None:
    citizen = browse(language=language)
    assert "/public/items/joint" in citizen.get("/public/items").text
    page = citizen.get("/public/items/joint").text
    for expected in ("JOINT-01", "SCJG-03", "餐饮服务(H62)", "餐饮服务提供者"):
        assert expected in page
    joint = joint_of(session, published, "JOINT-01")
    shown = citizen.get(f"/public/items/joint/{joint.id}").text
    assert f"/public/items/{joint.parts[0].item_id}" in shown
    assert f"/items/joint/{joint.id}" not in shown.replace(f"/public/items/joint/{joint.id}", "")
    item_page = citizen.get(f"/public/items/{joint.parts[0].item_id}").text
    assert f"/public/items/joint/{joint.id}" in item_page


def test_it_is_searched_filtered_sorted_and_paged(browse: Browser, published: ItemList) -> None:
    citizen = browse(language="en")

    def codes(query: str) -> list[str]:
        text = citizen.get(f"/public/items/joint?size=50&{query}").text
        return [code for code in (f"JOINT-{number:02d}" for number in range(1, 19)) if code in text]

    assert len(codes("")) == 18
    assert codes("q=SCJG-09") == ["JOINT-03"]
    assert codes("q=电梯") == ["JOINT-03"]
    assert "JOINT-10" in codes("department=GAFJ")
    assert "JOINT-03" not in codes("department=GAFJ")
    general, key = codes("category=general"), codes("category=key")
    assert sorted(general + key) == codes("")
    assert "JOINT-01" in key
    assert codes("q=nothing-like-it") == []
    citizen.get("/public/items/joint?sort=-ratio&page=1&list=9&department=%00")


def test_a_draft_is_shown_to_those_who_work_on_it_alone(
    session: Session, make: Make, browse: Browser, published: ItemList
) -> None:
    draft = services.begin_draft(session, actor=make.actor(Role.COORDINATOR))
    joint = joint_of(session, draft, "JOINT-01")
    joint.name_zh = "草稿里的名字"
    session.commit()
    citizen = browse(language="zh")
    assert "草稿里的名字" not in citizen.get("/public/items/joint?list=2").text
    citizen.get(f"/public/items/joint/{joint.id}", status=404)
    staff = browse(make.user(Role.COORDINATOR), language="zh")
    assert "草稿里的名字" in staff.get("/items/joint?list=2").text
    staff.get(f"/items/joint/{joint.id}")
    browse(make.user(Role.INSPECTOR)).get(f"/items/joint/{joint.id}", status=404)


def test_without_a_list_the_page_says_so(browse: Browser) -> None:
    for language in ("zh", "en"):
        browse(language=language).get("/public/items/joint")


def test_category_and_objects_are_those_of_the_items(session: Session, published: ItemList) -> None:
    joint = joint_of(session, published, "JOINT-01")
    assert joint.category is ItemCategory.KEY
    assert joint.object_types == list(dict.fromkeys(part.item.object_type for part in joint.parts))


@pytest.mark.parametrize(("key", "rows"), [("item_list", 110), ("joint_list", 18)])
def test_both_lists_are_open_data_with_their_notes(
    session: Session, browse: Browser, published: ItemList, key: str, rows: int
) -> None:
    get_department(session, "SCJG").phone = "021-0000-1111"
    session.commit()
    for language in ("zh", "en"):
        assert f"/public/data/{key}.csv" in browse(language=language).get("/public/data").text
    data = json.loads(browse(language="en").get(f"/public/data/{key}.json").text)
    assert (data["dataset"], len(data["rows"])) == (key, rows)
    assert data["notes"]["last_update"]
    fields = list(data["notes"]["fields"])
    assert all(list(row) == fields for row in data["rows"])
    text = browse().get(f"/public/data/{key}.csv").text.removeprefix("\ufeff")
    table = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["code"] for row in table] == [row["code"] for row in data["rows"]]
    assert "021-0000-1111" not in text


def test_open_data_holds_the_version_in_force_and_nothing_of_the_draft(
    session: Session, make: Make, browse: Browser, published: ItemList
) -> None:
    draft = services.begin_draft(session, actor=make.actor(Role.COORDINATOR))
    joint_of(session, draft, "JOINT-01").name_zh = "草稿里的名字"
    session.commit()
    data = json.loads(browse().get("/public/data/joint_list.json").text)
    assert {row["version"] for row in data["rows"]} == {1}
    first = data["rows"][0]
    assert (first["lead"], first["partners"], first["items"]) == ("SCJG", "STHJ;XFJY", "SCJG-03;STHJ-02;XFJY-02")
    assert (first["ratio"], first["category"], first["level"]) == ("10%", "key", "district")


def test_without_a_list_the_files_are_empty(browse: Browser) -> None:
    assert json.loads(browse().get("/public/data/item_list.json").text)["rows"] == []
