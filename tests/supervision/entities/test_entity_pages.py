"""The pages of the register: who sees what, what each form does and refuses."""

import csv
import io
import re
from datetime import date

import pytest
from sqlalchemy.orm import Session

from supervision.audit.queries import list_history
from supervision.entities import queries, services
from supervision.entities.models import Entity, Tag
from supervision.entities.rules import EntityStatus, RiskClass
from supervision.permissions import Role
from tests.factories import Make, make_uscc
from tests.pages import Browser

FORM = {
    "uscc": make_uscc(900_001),
    "registration_number": "",
    "type_code": "1100",
    "industry_code": "H6210",
    "sub_district_code": "310106013",
    "address": "试用路1号",
    "legal_representative": "李四",
    "contact_phone": "021-62001234",
    "business_scope": "餐饮服务",
    "registered_on": "2020-01-02",
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_opens_in_both_languages(session: Session, make: Make, browse: Browser, language: str) -> None:
    session.add(Tag(code="food", name_zh="餐饮", name_en="Food"))
    entity = make.entity(low_touch=True)
    visitor = browse(make.user(Role.COORDINATOR), language=language)
    for page in (
        "/entities/",
        "/entities/?q=不存在的",
        "/entities/new",
        f"/entities/{entity.id}",
        f"/entities/{entity.id}/correct",
        f"/entities/{entity.id}/status",
        f"/entities/{entity.id}/tags",
        f"/entities/{entity.id}/low-touch",
        f"/entities/{entity.id}/risk-class",
    ):
        text = visitor.get(page).text
        assert ("检查对象" in text) == (language == "zh"), page


def test_wrong_roles_are_refused_and_the_public_is_sent_to_sign_in(make: Make, browse: Browser) -> None:
    entity = make.entity()
    browse(make.user(Role.SYSTEM_ADMIN)).get("/entities/", status=403)
    browse(make.user(Role.AUDIT_ADMIN)).get(f"/entities/{entity.id}", status=403)
    inspector = browse(make.user(Role.INSPECTOR))
    inspector.get(f"/entities/{entity.id}")
    for step in ("correct", "status", "tags", "low-touch", "risk-class"):
        inspector.get(f"/entities/{entity.id}/{step}", status=403)
    inspector.get("/entities/new", status=403)
    assert "/sign-in" in browse().get("/entities/", status=302).headers["Location"]


def test_an_entity_nobody_registered_is_not_found(make: Make, browse: Browser) -> None:
    browse(make.user(Role.LEAD)).get("/entities/999999", status=404)


def test_the_risk_class_does_not_exist_for_an_inspector(session: Session, make: Make, browse: Browser) -> None:
    entity = make.entity(risk_class=RiskClass.D, name="上海丁级酒楼有限公司")
    make.entity(risk_class=RiskClass.A, name="上海甲级酒楼有限公司")
    services.set_risk_class(
        session,
        entity,
        RiskClass.D,
        as_of=date(2026, 1, 1),
        source="一月分类",
        version=entity.version,
        actor=make.actor(Role.LEAD),
    )
    inspector, lead = browse(make.user(Role.INSPECTOR)), browse(make.user(Role.LEAD))
    for page in ("/entities/", f"/entities/{entity.id}"):
        assert "isk class" not in inspector.get(page).text
        assert "isk class" in lead.get(page).text
    assert "上海甲级" in inspector.get("/entities/?risk=D").text, "an unknown filter changes nothing"
    assert "上海甲级" not in lead.get("/entities/?risk=D").text
    assert "Risk class" not in inspector.get("/entities/export").text
    assert "Risk class" in lead.get("/entities/export").text


def test_the_telephone_number_is_for_leads_and_never_exported(make: Make, browse: Browser) -> None:
    entity = make.entity(contact_phone="021-55550000")
    assert "021-55550000" in browse(make.user(Role.LEAD)).get(f"/entities/{entity.id}").text
    assert "021-55550000" not in browse(make.user(Role.INSPECTOR)).get(f"/entities/{entity.id}").text
    assert "021-55550000" not in browse(make.user(Role.HEAD)).get(f"/entities/{entity.id}").text
    assert "021-55550000" not in browse(make.user(Role.LEAD)).get("/entities/export").text


def test_the_download_holds_what_search_and_filters_find(make: Make, browse: Browser) -> None:
    for number in range(25):
        make.entity(name=f"上海下载{number}号商店", sub_district_code="310106014")
    make.entity(name="上海下载别处商店", sub_district_code="310106015")
    visitor = browse(make.user(Role.LEAD))
    text = visitor.get("/entities/export?format=csv&q=下载&sub_district=310106014&page=2").text
    *rows, watermark = csv.reader(io.StringIO(text.lstrip("\ufeff")))
    assert len(rows) == 26
    assert len(watermark) == 1
    assert all("别处" not in row[1] for row in rows)
    with visitor.get("/entities/export?format=xlsx&q=下载") as response:
        assert response.data.startswith(b"PK")


def test_a_lead_registers_an_entity(session: Session, make: Make, browse: Browser) -> None:
    make.entity()
    visitor = browse(make.user(Role.LEAD))
    response = visitor.post("/entities/new", {**FORM, "name": "上海新设餐饮有限公司"})
    entity = queries.find_by_uscc(session, FORM["uscc"])
    assert entity is not None
    assert response.headers["Location"].endswith(f"/entities/{entity.id}")
    assert entity.contact_phone == "021-62001234"
    page = visitor.get("/entities/?q=新设").text
    assert "上海新设餐饮有限公司" in page
    visitor.get("/imports/new/entities")
    assert "/imports/new/entities" in page
    assert "62001234" not in str([entry.details for entry in list_history(session, "entity", entity.id)])


def test_a_failing_check_character_is_confirmed_not_refused(session: Session, make: Make, browse: Browser) -> None:
    make.entity()
    visitor = browse(make.user(Role.LEAD))
    data = {**FORM, "name": "厦门试点餐饮有限公司", "uscc": "91350100m0001tgqxm"}
    page = visitor.post("/entities/new", data, status=200)
    assert "check character" in page.text
    assert 'name="confirm_code"' in page.text
    visitor.post("/entities/new", {**data, "confirm_code": "y"})
    entity = queries.find_by_uscc(session, "91350100M0001TGQXM")
    assert entity is not None
    assert entity.uscc_confirmed
    assert "confirmed by a person" in visitor.get(f"/entities/{entity.id}").text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"uscc": "9135010"}, "18 characters"),
        ({"uscc": "91440300192203821I"}, "without I, O, S, V and Z"),
        ({"uscc": ""}, "Give a credit code"),
        ({"uscc": "", "registration_number": "注册一号"}, "A registration number has"),
        ({"name": ""}, "required"),
        ({"name": "上" * 201}, "200"),
        ({"name": "上海\u202e商店"}, "invisible"),
        ({"type_code": "0000"}, "valid choice"),
        ({"registered_on": "2026-02-30"}, "valid date"),
        ({"registered_on": "2999-01-01"}, "future"),
        ({"registered_on": "1839-12-31"}, "year of registration"),
        ({"contact_phone": "请致电"}, "phone number"),
    ],
)
def test_a_wrong_entry_is_named_with_its_remedy(make: Make, browse: Browser, change: dict[str, str], said: str) -> None:
    make.entity()
    visitor = browse(make.user(Role.LEAD))
    page = visitor.post("/entities/new", {**FORM, "name": "上海误填有限公司", **change}, status=200)
    assert said in page.text


def test_a_look_alike_name_is_asked_about_and_never_merged(session: Session, make: Make, browse: Browser) -> None:
    make.entity(name="上海东方(静安)餐饮有限公司")
    visitor = browse(make.user(Role.LEAD))
    data = {**FORM, "name": "上海東方（静安）餐饮有限公司"}
    page = visitor.post("/entities/new", data, status=200)
    assert "上海东方(静安)餐饮有限公司" in page.text
    assert queries.find_by_uscc(session, FORM["uscc"]) is None
    visitor.post("/entities/new", {**data, "confirm_name": "y"})
    entity = queries.find_by_uscc(session, FORM["uscc"])
    assert entity is not None
    assert len(queries.list_look_alikes(session, entity.name)) == 2
    assert "look-alike name" in visitor.get(f"/entities/{entity.id}").text


def test_a_code_already_registered_is_refused_beside_its_field(make: Make, browse: Browser) -> None:
    known = make.entity()
    page = browse(make.user(Role.LEAD)).post(
        "/entities/new", {**FORM, "name": "上海另一家有限公司", "uscc": known.uscc}, status=200
    )
    assert f"{known.name} is already registered" in page.text


def _correction(entity: Entity, **changes: str) -> dict[str, str]:
    return {
        "name": entity.name,
        "uscc": entity.uscc or "",
        "registration_number": entity.registration_number or "",
        "type_code": entity.type_code,
        "industry_code": entity.industry_code,
        "sub_district_code": entity.sub_district_code,
        "address": entity.address,
        "legal_representative": entity.legal_representative,
        "contact_phone": entity.contact_phone,
        "business_scope": entity.business_scope,
        "registered_on": entity.registered_on.isoformat(),
        "version": str(entity.version),
        "reason": "按营业执照更正",
        **changes,
    }


def test_a_correction_shows_before_and_after_in_the_history(session: Session, make: Make, browse: Browser) -> None:
    entity = make.entity(address="旧路1号")
    visitor = browse(make.user(Role.LEAD))
    url = f"/entities/{entity.id}/correct"
    visitor.post(url, _correction(entity, address="新路2号", contact_phone="13800001234"))
    text = re.sub(r"\s+", " ", visitor.get(f"/entities/{entity.id}").text)
    assert "<del>旧路1号</del> → 新路2号" in text
    assert "按营业执照更正" in text
    (entry,) = list_history(session, "entity", entity.id)
    assert entry.details["contact_phone"] == {"changed": True}
    assert "13800001234" not in str(entry.details)


def test_a_page_left_open_while_somebody_changed_the_entity_is_refused(
    session: Session, make: Make, browse: Browser
) -> None:
    entity = make.entity()
    visitor = browse(make.user(Role.LEAD))
    old = _correction(entity, address="甲路1号")
    visitor.post(f"/entities/{entity.id}/correct", _correction(entity, address="乙路2号"))
    page = visitor.post(f"/entities/{entity.id}/correct", old, status=409)
    assert "Somebody changed this entity" in page.text
    session.refresh(entity)
    assert entity.address == "乙路2号"


def test_status_tags_low_touch_and_class_have_their_own_steps(session: Session, make: Make, browse: Browser) -> None:
    session.add(Tag(code="food", name_zh="餐饮", name_en="Food safety"))
    entity = make.entity()
    visitor = browse(make.user(Role.COORDINATOR))

    def step(name: str, **data: str) -> None:
        session.refresh(entity)
        visitor.post(f"/entities/{entity.id}/{name}", {"version": str(entity.version), **data})

    step("tags", tags="food", reason="重点行业")
    step("low-touch", reason="连续三年无问题")
    step("risk-class", risk_class="C", as_of="2026-01", source="一月分类")
    step("status", status="revoked", since="2026-01-05", reason="沪市监罚〔2026〕1号")
    session.refresh(entity)
    assert entity.status is EntityStatus.REVOKED
    assert entity.low_touch
    assert entity.risk_class is RiskClass.C
    text = visitor.get(f"/entities/{entity.id}").text
    assert "Food safety" in text
    flat = re.sub(r"\s+", " ", text)
    for told in (
        "Status: <del>In operation (since 2020-01-01)</del> → Licence revoked (since 2026-01-05)",
        "Tags: <del>—</del> → food",
        "Low-touch list: <del>no</del> → yes",
        "Risk class: <del>B</del> → C (2026-01)",
    ):
        assert told in flat, told
    assert len(list_history(session, "entity", entity.id)) == 4
    for filters, found in (("tag=food", True), ("low_touch=no", False), ("status=revoked", True)):
        assert (entity.name in visitor.get(f"/entities/?{filters}").text) is found, filters


def test_a_tampered_form_is_a_clear_refusal(make: Make, browse: Browser) -> None:
    entity = make.entity()
    visitor = browse(make.user(Role.LEAD))
    for version in ("", "x", "99999999999999999999"):
        data = {"version": version, "reason": "试", "status": "closed", "since": "2026-01-05"}
        response = visitor.client.post(
            f"/entities/{entity.id}/status",
            data={"csrf_token": visitor.token(f"/entities/{entity.id}/status"), **data},
        )
        assert response.status_code in {200, 409}, version
    assert entity.status is EntityStatus.ACTIVE


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_lead_is_told_who_suspends_an_entry(browse: Browser, make: Make, language: str) -> None:
    entity, suspended = make.entity(), make.entity(status=EntityStatus.SUSPENDED)
    lead, coordinator = (browse(make.user(role), language=language) for role in (Role.LEAD, Role.COORDINATOR))
    assert 'value="suspended"' not in lead.get(f"/entities/{entity.id}/status").text
    assert 'value="suspended"' in coordinator.get(f"/entities/{entity.id}/status").text
    page = lead.get(f"/entities/{suspended.id}").text
    assert {"zh": "只有统筹协调机构可以设置名录暂停", "en": "Only the district coordinator suspends"}[language] in page
    assert f"/entities/{suspended.id}/status" not in page
    lead.get(f"/entities/{suspended.id}/status", status=403)
    assert 'value="active"' in coordinator.get(f"/entities/{suspended.id}/status").text
