"""Phones: whose they are, what they carry, what becomes of a lost one."""

import gzip
import json
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from joint_inspections.field.models import FieldDevice, FieldOperation
from joint_inspections.messages import phones
from joint_inspections.visits.rules import MemberState
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.audit.queries import list_history
from supervision.permissions import Role
from tests.joint_inspections.conftest import District
from tests.joint_inspections.field.conftest import MakePhone, leader_of, mate_of
from tests.joint_inspections.field.phone import Phone
from tests.pages import Browser


def test_the_session_tells_who_is_signed_in_and_nobody_when_nobody_is(ready: District, browse: Browser) -> None:
    assert browse().client.get("/field/api/session").get_json()["user"] is None
    user = leader_of(ready, ready.visit)
    said = browse(user).client.get("/field/api/session").get_json()
    assert said["user"] == {"id": user.id, "name": user.name, "inspector": user.inspector_id}
    assert said["csrf"]
    lead = browse(ready.user(Role.LEAD)).client.get("/field/api/session").get_json()
    assert lead["user"]["inspector"] is None


def test_a_phone_belongs_to_one_person(ready: District, phone_of: MakePhone, browse: Browser) -> None:
    phone = phone_of(leader_of(ready, ready.visit))
    assert phone.register().get_json() == {"id": phone.id, "state": "active"}
    other = Phone(browse(mate_of(ready, ready.visit, department=ready.other.id)[1]).client, phone.random, id=phone.id)
    answer = other.register()
    assert (answer.status_code, answer.get_json()["code"]) == (409, "device-taken")
    assert other.load().status_code == 404
    assert other.send([]).status_code == 404


def test_the_package_holds_the_own_disclosed_visits_and_everything_needed(ready: District, phone_of: MakePhone) -> None:
    visit = ready.visit
    phone = phone_of(leader_of(ready, visit))
    said = phone.ask("GET", f"/field/api/package?device={phone.id}").get_json()
    own = [
        one for one in ready.visits if leader_of(ready, visit).inspector_id in {m.inspector_id for m in one.team_now}
    ]
    assert sorted(one["id"] for one in said["visits"]) == sorted(one.id for one in own)
    held = next(one for one in said["visits"] if one["id"] == visit.id)
    assert held["notice"]["check_url"].startswith("http")
    assert held["me"] == {"inspector": leader_of(ready, visit).inspector_id, "department": ready.lead.id, "leads": True}
    assert [one["own"] for one in held["sections"]] == [True, False]
    assert all(item["points"] and item["results"] for one in held["sections"] for item in one["items"])
    assert said["texts"]["rights"]["zh"]
    assert said["texts"]["prohibitions"]["en"]
    assert {one["code"] for one in said["result_codes"]} >= {"1", "5", "8"}
    assert all(one["zh"] != one["en"] for one in said["disposals"])


def test_a_package_that_has_not_changed_is_not_sent_again(
    session: Session, ready: District, phone_of: MakePhone
) -> None:
    phone = phone_of(leader_of(ready, ready.visit))
    again = phone.load()
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Package-Expires"]
    phone.write("arrive", ready.visit.id)
    phone.send()
    assert phone.load().status_code == 200


def test_a_package_is_packed_for_who_can_unpack_it(ready: District, phone_of: MakePhone) -> None:
    phone = phone_of(leader_of(ready, ready.visit))
    address = f"/field/api/package?device={phone.id}"
    packed = phone.client.get(address, headers={"Accept-Encoding": "gzip"})
    plain = phone.client.get(address)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert json.loads(gzip.decompress(packed.data))["visits"] == plain.get_json()["visits"]
    assert len(packed.data) * 2 < len(plain.data)


def test_who_sees_which_visit_is_on_record_once_a_day(session: Session, ready: District, phone_of: MakePhone) -> None:
    phone = phone_of(leader_of(ready, ready.visit))
    phone.etag = ""
    phone.load()
    seen = sa.select(sa.func.count()).where(
        AuditEntry.subject_kind == "visit_page", AuditEntry.subject_id == str(ready.visit.id)
    )
    assert session.scalar(seen) == 1


def test_the_statements_of_a_package_do_not_grow_with_its_visits(
    session: Session, drawn: District, phone_of: MakePhone
) -> None:
    user = leader_of(drawn, drawn.visit)
    phone = phone_of(user)
    counts = []
    for _ in range(2):
        statements: list[str] = []

        def see(*arguments: object, statements: list[str] = statements) -> None:
            statements.append(str(arguments[2]))

        event.listen(session.get_bind().engine, "before_cursor_execute", see)
        phone.etag = ""
        phone.load()
        event.remove(session.get_bind().engine, "before_cursor_execute", see)
        counts.append((len(phone.visits), len(statements)))
        for visit in drawn.visits:
            if user.inspector_id not in {one.inspector_id for one in visit.team_now}:
                member = next(one for one in visit.team_now if one.department_id == drawn.lead.id and not one.lead)
                member.inspector_id = user.inspector_id or 0
        session.flush()
        session.expire_all()
        phone.load()
    assert counts[1][0] >= counts[0][0]
    assert counts[1][1] <= counts[0][1] + 1, counts
    assert counts[1][1] < 40, counts


def test_who_was_replaced_carries_the_visit_no_longer_and_their_entries_are_refused(
    session: Session, ready: District, phone_of: MakePhone
) -> None:
    visit = ready.visit
    member, user = mate_of(ready, visit, department=ready.lead.id)
    phone = phone_of(user)
    phone.write("arrive", visit.id)
    member.state = MemberState.REPLACED
    session.flush()
    assert [one["code"] for one in phone.send().get_json()["results"]] == ["not-on-team"]
    assert session.scalars(sa.select(FieldOperation.visit_id)).all() == [visit.id]
    phone.load()
    assert visit.id not in phone.visits


def test_a_visit_one_never_was_on_answers_like_one_that_does_not_exist(
    session: Session, ready: District, phone_of: MakePhone
) -> None:
    stranger = ready.make.user(Role.INSPECTOR, department=ready.lead, inspector=ready.make.inspector(ready.lead))
    phone = phone_of(stranger)
    assert phone.visits == {}
    phone.visits = {ready.visit.id: {"form": None}, 999_999: {"form": None}}
    for visit in phone.visits:
        phone.write("arrive", visit)
    first, second = phone.send().get_json()["results"]
    assert {**first, "id": "", "at": ""} == {**second, "id": "", "at": ""}
    assert first["code"] == "not-found"
    assert session.scalars(sa.select(FieldOperation.visit_id)).all() == [None, None]


def test_a_revoked_phone_is_told_to_wipe_and_what_it_sends_is_kept_and_refused(
    session: Session, ready: District, phone_of: MakePhone, browse: Browser
) -> None:
    visit, user = ready.visit, leader_of(ready, ready.visit)
    phone = phone_of(user)
    operation = phone.write("arrive", visit.id)
    assert phone.id in browse(user).get("/phones/").text
    browse(user).post(f"/phones/{phone.id}/revocation", {"reason": "掉在出租车上"})
    assert browse().client.get(f"/field/api/devices/{phone.id}").get_json() == {"state": "revoked"}
    assert not phone.open_session()["user"]
    assert {call().get_json()["code"] for call in calls_of(phone)} == {"device-revoked"}
    assert phone.queue
    # the owner signs in anew on that very phone
    phone.client = browse(user).client
    phone.open_session()
    answers = [call() for call in calls_of(phone)]
    assert {(one.status_code, one.get_json()["code"]) for one in answers} == {(403, "device-revoked")}
    assert phone.results[operation["id"]]["code"] == "device-revoked"
    assert session.scalar(sa.select(sa.func.count()).select_from(FieldOperation)) == 1
    session.expire_all()
    assert ready.visit.visited_at is None
    page = browse(user).get(f"/visits/{visit.id}")
    assert "This phone had been revoked" in page.text


def calls_of(phone: Phone) -> list[Callable[[], TestResponse]]:
    """Every call of the interface that a phone makes for its owner."""
    digest = "a" * 64
    return [
        phone.load,
        phone.send,
        lambda: phone.ask("GET", f"/field/api/operations?device={phone.id}"),
        lambda: phone.ask("POST", "/field/api/devices", {"id": phone.id, "name": "x"}),
        lambda: phone.ask(
            "POST", "/field/api/files", {"device": phone.id, "sha256": digest, "size": 9, "type": "image/png"}
        ),
        lambda: phone.ask("PUT", f"/field/api/files/{digest}", b"123", Upload_Offset="0"),
    ]


def test_only_the_sessions_of_a_revoked_phone_end_and_its_owner_is_told_of_the_next_one(
    session: Session, ready: District, phone_of: MakePhone, browse: Browser
) -> None:
    user = leader_of(ready, ready.visit)
    lost, kept, desk = phone_of(user), phone_of(user), browse(user)
    desk.post(f"/phones/{lost.id}/revocation", {"reason": "遗失"})
    assert not lost.open_session()["user"]
    assert kept.load().status_code in {200, 304}
    again = phone_of(user)
    told = {(one.user_id, one.key) for one in phones(session)}
    assert told == {(user.id, kept.id), (user.id, again.id)}
    assert ended(session, lost.id) == 1


def ended(session: Session, device_id: str) -> int:
    """How many sessions ended with a phone, as the log says."""
    (entry,) = [one for one in list_history(session, "device", device_id) if one.event is Event.DEVICE_REVOKED]
    return int(entry.details["sessions"])


def test_phones_are_told_apart_by_browser_and_first_contact(
    session: Session, ready: District, phone_of: MakePhone, browse: Browser
) -> None:
    user = leader_of(ready, ready.visit)
    phone_of(user), phone_of(user)
    for number, device in enumerate(session.scalars(sa.select(FieldDevice).order_by(FieldDevice.id))):
        device.browser = f"Mozilla/5.0 (Linux; Android 1{number}) Chrome/14{number}.0 Mobile"
    session.commit()
    for language, said in (("zh", "首次登记"), ("en", "First registered")):
        page = browse(user, language=language).get("/phones/").text
        assert said in page
        assert "Android 10" in page
        assert "Android 11" in page


def test_the_security_administrator_revokes_and_nobody_else(
    session: Session, ready: District, phone_of: MakePhone, browse: Browser
) -> None:
    phone = phone_of(leader_of(ready, ready.visit))
    page, revoke, said = "/phones/in-use", f"/phones/{phone.id}/revocation", {"reason": "遗失"}
    mate = browse(mate_of(ready, ready.visit, department=ready.other.id)[1])
    mate.get(revoke, status=404)
    mate.post(revoke, said, page="/phones/", status=404)
    for role in (Role.LEAD, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN):
        browse(ready.make.user(role, department=ready.lead)).get(page, status=403)
    for language in ("zh", "en"):
        guard = browse(ready.make.user(Role.SECURITY_ADMIN), language=language)
        assert leader_of(ready, ready.visit).name in guard.get(page).text
    guard.post(revoke, {"reason": ""}, status=200)
    guard.post(revoke, said)
    assert phone.id not in guard.get(page).text
    assert browse().client.get(f"/field/api/devices/{phone.id}").get_json() == {"state": "revoked"}
    guard.get(revoke)
    guard.post(revoke, said, page="/account", status=409)


def test_an_unknown_phone_is_unknown(browse: Browser) -> None:
    answer = browse().client.get("/field/api/devices/0b8f7a52-6f0e-4b76-9c5d-3f7a1f4a7c11")
    assert answer.get_json() == {"state": "unknown"}
    assert browse().client.get("/field/api/devices/x").status_code == 400
