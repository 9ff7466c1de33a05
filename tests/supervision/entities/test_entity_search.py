"""Search: Chinese parts of names, codes, pinyin initials; and the index that always follows the register."""

import random
from itertools import product

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.db import insert_many
from supervision.entities import queries, search
from supervision.entities.models import Entity, Tag
from supervision.entities.names import name_skeleton
from supervision.entities.queries import (
    find_by_unit,
    find_look_alikes,
    get_entity,
    list_entities,
    select_in_scope,
    stream_entities,
)
from supervision.entities.rules import EntityFacts, EntityStatus, RiskClass
from supervision.entities.services import correct_entity, set_tags
from supervision.errors import NotFound
from supervision.listing import ListQuery
from supervision.permissions import PUBLIC, Role
from tests.factories import Make, make_uscc


def found(session: Session, make: Make, q: str, **filters: str) -> list[str]:
    page = list_entities(session, make.actor(Role.LEAD), ListQuery(q=q, filters=filters, size=100))
    assert page.total == len(page.items)
    return [row.name for row in page.items]


@pytest.mark.parametrize(
    "q",
    [
        "宁",
        "大宁",
        "大宁餐饮",
        "宁餐饮管",
        "上海大宁餐饮管理有限公司",
        "上海（大宁）餐饮",
        "上海 餐饮",
        "上海　餐饮",
        "dncy",
        "DNCY",
        "ｄｎｃｙ",
        "kfc",
        "ＫＦＣ",
        "大宁 dncy",
        "9131010600000",
        "９１３１０１０６００００００００１Ｘ",
        "91310106000000001x",
        "310106600",
        "REG-310106600012345",
        "餐飲",
    ],
)
def test_every_way_of_naming_an_entity_finds_it(session: Session, make: Make, q: str) -> None:
    make.entity(name="上海大宁餐饮管理有限公司KFC店", uscc="91310106000000001X", registration_number="310106600012345")
    make.entity(name="北京便利店", uscc="92110000111111111A")
    assert found(session, make, q) == ["上海大宁餐饮管理有限公司KFC店"]


@pytest.mark.parametrize(
    "q", ["宁大", "餐管", "大饮", "ycnd", "1310106", "%", "_", "！！", "'", '"', "* OR", "大宁 北京"]
)
def test_what_no_name_contains_is_not_found(session: Session, make: Make, q: str) -> None:
    make.entity(name="上海大宁餐饮管理有限公司", uscc="91310106000000001X")
    make.entity(name="北京便利店", uscc="92110000111111111A")
    assert found(session, make, q) == []


def test_pairs_that_stand_apart_are_no_hit(session: Session, make: Make) -> None:
    make.entity(name="宁餐大宁饮餐饮")  # has 大宁, 宁餐 and 餐饮, but not 大宁餐饮
    assert found(session, make, "大宁餐饮") == []


def test_the_index_and_the_names_themselves_give_the_same_answers(
    session: Session, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters, chance = "大宁c", random.Random(26)  # noqa: S311 - names, not secrets
    viewer = make.actor(Role.LEAD)
    entities = [make.entity(name="".join(chance.choices(letters, k=chance.randint(1, 9)))) for _ in range(40)]
    words = ["".join(word) for length in (1, 2, 3, 4) for word in product(letters, repeat=length)]
    for q in [*words, "dn", "dnd", "ddnc", "dc cd", "大宁 宁大", "大宁 nd"]:
        holding = [one.id for one in entities if all(holds(one, piece) for piece in q.split())]
        answers = []
        for dense in (0, 10_000):  # read in order, read by the index
            monkeypatch.setattr(queries, "DENSE", dense)
            page = list_entities(session, viewer, ListQuery(q=q, size=100))
            answers.append([row.id for row in page.items])
            assert page.total == len(holding), q
        assert answers[0] == answers[1], q
        assert sorted(answers[0]) == sorted(holding), q


def holds(entity: Entity, piece: str) -> bool:
    return name_skeleton(piece) in entity.skeleton or (len(piece) > 1 and piece in entity.initials)


def test_a_word_in_half_the_register_is_found_without_the_index(
    session: Session, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "DENSE", 2)
    monkeypatch.setattr(queries, "COUNT_CAP", 3)
    monkeypatch.setattr(search, "MANY", 4)
    for number in range(5):
        make.entity(name=f"上海{number}号餐饮店")
    make.entity(name="北京便利店")
    viewer = make.actor(Role.LEAD)
    for q in ("餐饮", "餐饮 cyd", "餐饮店", "号餐"):
        page = list_entities(session, viewer, ListQuery(q=q))
        assert (len(page.items), page.total, page.capped) == (5, 3, True), q
    assert len(list_entities(session, viewer, ListQuery(q="餐饮", page=9)).items) == 0
    assert found(session, make, "2号餐饮") == ["上海2号餐饮店"]


def test_rare_characters_beyond_the_basic_plane_are_searchable(session: Session, make: Make) -> None:
    make.entity(name="上海𬍛𠮷䶮商店")
    assert found(session, make, "𠮷䶮") == ["上海𬍛𠮷䶮商店"]
    assert found(session, make, "𬍛") == ["上海𬍛𠮷䶮商店"]


def test_a_corrected_name_is_found_and_the_old_one_is_not(session: Session, make: Make) -> None:
    entity = make.entity(name="上海旧名商店")
    correct_entity(
        session,
        entity,
        EntityFacts(name="上海新号商店"),
        version=entity.version,
        reason="更名",
        actor=make.actor(Role.LEAD),
    )
    assert found(session, make, "新号") == ["上海新号商店"]
    assert found(session, make, "旧名") == []
    assert found(session, make, "xhsd") == ["上海新号商店"]


def test_rows_inserted_in_bulk_carry_their_keys_and_are_found_once_indexed(session: Session, make: Make) -> None:
    pattern = make.entity()
    columns = [column.name for column in Entity.__table__.columns if column.name not in {"id", *search_keys()}]
    row = {name: getattr(pattern, name) for name in columns}
    codes = [make_uscc(800_000 + number) for number in range(3)]
    rows = [{**row, "name": f"重庆{number}号面馆", "uscc": code, "unit_id": code} for number, code in enumerate(codes)]
    insert_many(session, Entity.__table__, rows, chunk=2)  # type: ignore[arg-type]
    assert found(session, make, "面馆") == []
    ids = session.execute(sa.select(Entity.id, Entity.name).where(Entity.uscc.in_(codes))).all()
    assert search.index_entities(session, [(one.id, one.name) for one in ids]) == 3
    assert len(found(session, make, "cq1hmg")) == 1
    assert search.rebuild_index(session) == 4
    assert len(found(session, make, "面馆")) == 3
    assert found(session, make, "重庆 2号") == ["重庆2号面馆"]


def search_keys() -> set[str]:
    return {"sort_key", "initials", "skeleton"}


def test_filters_narrow_and_sorts_order_the_list(session: Session, make: Make) -> None:
    first = make.entity(name="上海阿大面馆", type_code="9500", industry_code="H6210", status=EntityStatus.REVOKED)
    second = make.entity(name="上海白鹤商店", industry_code="F5211", low_touch=True, risk_class=RiskClass.D)
    third = make.entity(name="上海长宁路商店", industry_code="F5211", sub_district_code="310106014")
    session.add(Tag(code="food", name_zh="餐饮"))
    session.flush()
    set_tags(session, third, ["food"], reason="试", version=third.version, actor=make.actor(Role.LEAD))
    names = [first.name, second.name, third.name]
    assert found(session, make, "") == names
    assert found(session, make, "", type="9500") == [first.name]
    assert found(session, make, "", industry="F") == names[1:]
    assert found(session, make, "", industry="F52") == names[1:]
    assert found(session, make, "", industry="H6210") == [first.name]
    assert found(session, make, "", status="revoked") == [first.name]
    assert found(session, make, "", low_touch="yes") == [second.name]
    assert found(session, make, "", low_touch="no") == [first.name, third.name]
    assert found(session, make, "", sub_district="310106014") == [third.name]
    assert found(session, make, "", tag="food") == [third.name]
    assert found(session, make, "", risk="D") == [second.name]
    assert found(session, make, "商店", sub_district="310106014") == [third.name]
    for sort in ("name", "unit_id", "registered_on", "status_since"):
        query = ListQuery(sort=sort, descending=True)
        assert {row.name for row in list_entities(session, make.actor(Role.LEAD), query).items} == set(names)
        assert len(list(stream_entities(session, make.actor(Role.LEAD), query))) == 3


def test_who_may_not_know_the_class_gets_no_column_and_no_filter(session: Session, make: Make) -> None:
    make.entity(risk_class=RiskClass.D)
    make.entity(risk_class=RiskClass.A)
    page = list_entities(session, make.actor(Role.INSPECTOR), ListQuery(filters={"risk": "D"}))
    assert page.total == 2
    assert not any(hasattr(row, "risk_class") for row in page.items)
    assert not any(hasattr(row, "risk_class") for row in stream_entities(session, PUBLIC, ListQuery()))


def test_pages_never_overlap_when_names_are_equal(session: Session, make: Make) -> None:
    for _ in range(45):
        make.entity(name="上海同名商店")
    viewer = make.actor(Role.LEAD)
    pages = [list_entities(session, viewer, ListQuery(page=number)).items for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 5]
    assert len({row.id for page in pages for row in page}) == 45


def test_a_scope_selects_entities_by_unit_id_whatever_their_status(session: Session, make: Make) -> None:
    session.add(Tag(code="food", name_zh="餐饮"))
    one = make.entity(industry_code="H6210", type_code="9500", risk_class=RiskClass.C)
    two = make.entity(industry_code="H6220", status=EntityStatus.DEREGISTERED)
    make.entity(industry_code="F5211", sub_district_code="310106014")
    session.flush()
    set_tags(session, one, ["food"], reason="试", version=one.version, actor=make.actor(Role.LEAD))
    assert [row.unit_id for row in select_in_scope(session)] == sorted(
        session.scalars(sa.select(Entity.unit_id)), key=str.encode
    )

    def units(**scope: object) -> list[int]:
        return [row.id for row in select_in_scope(session, **scope)]  # type: ignore[arg-type]

    assert sorted(units(industries=("H62",))) == [one.id, two.id]
    assert units(industries=("H621", "X")) == [one.id]
    assert units(types=("9500",)) == [one.id]
    assert units(tags=("food",)) == [one.id]
    assert units(risk_classes=("C", "D")) == [one.id]
    assert units(industries=("H",), sub_districts=("310106014",)) == []
    assert units(permit_names=sa.select(Entity.id).where(Entity.id == two.id)) == [two.id]
    (row,) = select_in_scope(session, types=("9500",))
    assert (row.risk_class, row.status, row.low_touch) == (RiskClass.C, EntityStatus.ACTIVE, False)


def test_look_alikes_are_found_for_many_names_at_once(session: Session, make: Make) -> None:
    one = make.entity(name="上海A座(静安)商店")
    result = find_look_alikes(session, ["上海Ａ座（静安）商店", "上海А座静安商店", "上海B座商店"])
    assert result == {
        "上海Ａ座（静安）商店": [(one.unit_id, one.name)],
        "上海А座静安商店": [(one.unit_id, one.name)],
    }


def test_one_entity_by_id_and_by_unit(session: Session, make: Make) -> None:
    entity = make.entity(uscc=None, registration_number="3101066000001")
    assert get_entity(session, entity.id) is entity
    assert find_by_unit(session, "REG-3101066000001") is entity
    assert find_by_unit(session, "REG-1") is None
    with pytest.raises(NotFound):
        get_entity(session, entity.id + 1000)
    assert entity.created_at <= clock.now()
