"""Whatever comes, it is read strictly: a refusal that names the place, never a fault, nothing kept."""

import json

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from joint_inspections.field.models import FieldOperation
from tests.joint_inspections.conftest import District
from tests.joint_inspections.field.conftest import MakePhone, leader_of
from tests.joint_inspections.field.phone import Phone

UUID = "0b8f7a52-6f0e-4b76-9c5d-3f7a1f4a7c11"


@pytest.fixture
def phone(ready: District, phone_of: MakePhone) -> Phone:
    return phone_of(leader_of(ready, ready.visit))


def kept(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(FieldOperation)) or 0


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"kind": "delete"}, "operations[0].kind"),
        ({"kind": None}, "operations[0].kind"),
        ({"more": 1}, "operations[0].more"),
        ({"visit": "1"}, "operations[0].visit"),
        ({"visit": True}, "operations[0].visit"),
        ({"visit": 2**31}, "operations[0].visit"),
        ({"visit": 0}, "operations[0].visit"),
        ({"id": UUID.upper()}, "operations[0].id"),
        ({"id": "../../etc"}, "operations[0].id"),
        ({"made_at": "2026-11-23T09:30:00"}, "operations[0].made_at"),
        ({"made_at": "2026-13-23T09:30:00Z"}, "operations[0].made_at"),
        ({"place": {"latitude": 91, "longitude": 0, "accuracy": 1}}, "operations[0].place.latitude"),
        ({"place": {"latitude": 1, "longitude": 0}}, "operations[0].place.accuracy"),
        ({"body": {"x": 1}}, "operations[0].body.x"),
        ({"body": []}, "operations[0].body"),
        ({"form": "x"}, "operations[0].form"),
    ],
)
def test_a_wrong_operation_is_refused_with_its_place_and_nothing_is_kept(
    session: Session, phone: Phone, ready: District, change: dict[str, object], place: str
) -> None:
    good = phone.write("arrive", ready.visit.id)
    answer = phone.ask("POST", "/field/api/operations", {"device": phone.id, "operations": [{**good, **change}, good]})
    assert answer.status_code == 400, answer.text
    assert answer.mimetype == "application/problem+json"
    said = answer.get_json()
    assert said["field"] == place
    assert said["zh"] != said["en"]
    assert kept(session) == 0


def test_a_missing_field_is_named(phone: Phone, ready: District) -> None:
    good = phone.write("arrive", ready.visit.id)
    del good["form"]
    answer = phone.send([good])
    assert (answer.status_code, answer.get_json()["field"]) == (400, "operations[0].form")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"\xff\xfe", b"null", b"[]", b"1e400", b'{"a":1,"a":2}', b"[" * 5000,
        b'{"device":' + b"9" * 5000 + b"}", b'{"device": NaN, "operations": []}',
        b'{"device": "\\ud800", "operations": []}', b'{"device": -0.0}',
    ],
)  # fmt: skip
def test_no_body_is_a_fault(session: Session, phone: Phone, body: bytes) -> None:
    for url in ("/field/api/operations", "/field/api/devices", "/field/api/files"):
        headers = {"X-CSRF-Token": phone.csrf}
        answer = phone.client.post(url, data=body, content_type="application/json", headers=headers)
        assert answer.status_code == 400, (url, answer.text)
        assert answer.get_json()["code"]
    assert kept(session) == 0


def test_forms_and_bodies_without_token_are_refused(phone: Phone) -> None:
    headers = {"X-CSRF-Token": phone.csrf}
    sent = phone.client.post("/field/api/operations", data={"device": phone.id}, headers=headers)
    assert sent.status_code == 415
    answer = phone.client.post("/field/api/operations", json={"device": phone.id, "operations": []})
    assert (answer.status_code, answer.get_json()["code"]) == (400, "csrf")


def test_a_call_that_is_too_large_is_refused(phone: Phone) -> None:
    answer = phone.ask("POST", "/field/api/operations", {"device": phone.id, "operations": ["x" * 1000] * 5000})
    assert answer.status_code == 413
    answer = phone.ask("POST", "/field/api/operations", {"device": phone.id, "operations": [{}] * 101})
    assert (answer.status_code, answer.get_json()["field"]) == (400, "operations")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=JSON)
def test_any_json_anywhere_is_read_or_refused(ready: District, phone: Phone, value: object) -> None:
    visit = ready.visit.id
    section = phone.visit(visit)["sections"][0]
    held = section["items"][0]
    body = {"section": section["id"], "item": held["id"], "base": held["digest"], "entry": held["entry"]}
    good = {**phone.write("arrive", visit), "kind": "item", "body": body}
    for name in good:
        wrong = json.dumps({"device": phone.id, "operations": [{**good, "id": phone.new_id(), name: value}]}).encode()
        answer = phone.ask("POST", "/field/api/operations", json.loads(wrong))
        assert answer.status_code in {200, 400, 409}, answer.text
    for name in ("section", "item", "base", "entry"):
        answer = phone.send([{**good, "id": phone.new_id(), "body": {**body, name: value}}])
        assert answer.status_code in {200, 400}, answer.text
    for name in held["entry"]:
        entry = {**held["entry"], name: value}
        answer = phone.send([{**good, "id": phone.new_id(), "body": {**body, "entry": entry}}])
        assert answer.status_code in {200, 400}, answer.text


def test_text_with_invisible_characters_is_kept_and_refused(phone: Phone, ready: District) -> None:
    visit = ready.visit.id
    phone.write("arrive", visit)
    section = phone.visit(visit)["sections"][0]
    phone.fill(visit, section["id"], section["items"][0]["id"], problem="x\u200by")
    phone.fill(visit, section["id"], section["items"][1]["id"], problem="x\x00y")
    said = phone.send().get_json()["results"]
    assert [one["code"] for one in said] == ["", "text-not-clean", "text-not-clean"]
