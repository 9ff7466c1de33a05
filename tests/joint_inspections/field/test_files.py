"""Files in pieces, and what waits for them."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.field.models import FieldOperation
from joint_inspections.visits.rules import VisitState
from tests.joint_inspections.conftest import District
from tests.joint_inspections.field.conftest import MakePhone, leader_of
from tests.joint_inspections.field.phone import Phone, record_digest, sha256
from tests.joint_inspections.field.test_operations import outcomes

# an undone test leaves its originals in the store, so whoever needs bytes never seen makes their own
DATA = b"%PDF-1.7 " + bytes(range(256)) * 12
KIND = "application/pdf"


def attached(phone: Phone, visit: int, data: bytes = DATA, *, place: int = 0) -> str:
    """Arrive and attach a document whose bytes have not been sent."""
    if not phone.results:
        phone.write("arrive", visit)
    section = phone.visit(visit)["sections"][0]
    return str(phone.take_photo(visit, section["id"], section["items"][place]["id"], data, purpose="document")["id"])


def test_an_attachment_waits_until_its_last_byte_and_then_counts(ready: District, phone_of: MakePhone) -> None:
    visit = ready.visit.id
    phone = phone_of(leader_of(ready, ready.visit))
    attached(phone, visit)
    assert outcomes(phone.send().get_json()) == ["applied", "waiting file-awaited"]
    digest = sha256(DATA)
    said = {"device": phone.id, "sha256": digest, "size": len(DATA), "type": KIND}
    assert phone.ask("POST", "/field/api/files", said).get_json() == {
        "sha256": digest, "received": 0, "complete": False,
    }  # fmt: skip
    url = f"/field/api/files/{digest}"
    assert phone.ask("PUT", url, DATA[:1000], Upload_Offset="0").get_json()["received"] == 1000
    again = phone.ask("PUT", url, DATA[:1000], Upload_Offset="0")
    assert (again.status_code, again.get_json()["received"]) == (409, 1000)
    phone.catch_up()
    assert phone.waiting
    assert phone.ask("PUT", url, DATA[1000:], Upload_Offset="1000").get_json()["complete"] is True
    phone.catch_up()
    assert not phone.waiting
    phone.load()
    assert [one["complete"] for one in phone.visit(visit)["attachments"]] == [True]


def test_wrong_bytes_are_refused_and_the_file_begins_anew(ready: District, phone_of: MakePhone) -> None:
    phone = phone_of(leader_of(ready, ready.visit))
    data = DATA + phone.random.randbytes(20) + b"only here"
    attached(phone, ready.visit.id, data)
    phone.send()
    digest = sha256(data)
    phone.ask("POST", "/field/api/files", {"device": phone.id, "sha256": digest, "size": len(data), "type": KIND})
    wrong = phone.ask("PUT", f"/field/api/files/{digest}", data[:-1] + b"x", Upload_Offset="0")
    assert (wrong.status_code, wrong.get_json()["received"]) == (422, 0)
    assert phone.upload(digest, kind=KIND)
    phone.catch_up()
    assert not phone.waiting


def test_the_same_bytes_at_two_places_are_sent_once_and_count_at_both(ready: District, phone_of: MakePhone) -> None:
    phone = phone_of(leader_of(ready, ready.visit))
    attached(phone, ready.visit.id)
    attached(phone, ready.visit.id, place=1)
    phone.send()
    assert len(phone.waiting) == 2
    assert phone.upload(sha256(DATA), kind=KIND)
    phone.catch_up()
    assert not phone.waiting


def test_a_record_with_a_missing_file_is_handed_in_when_it_has_come(
    session: Session, ready: District, phone_of: MakePhone
) -> None:
    visit = ready.visit.id
    phone = phone_of(leader_of(ready, ready.visit))
    attached(phone, visit)
    phone.write("outcome", visit, code="refused", note="门卫拒绝进入", base={"code": "", "note": ""})
    phone.send()
    phone.write("submit", visit, seen=record_digest(phone.visit(visit)))
    assert outcomes(phone.send().get_json()) == ["waiting files-missing"]
    assert phone.upload(sha256(DATA), kind=KIND)
    session.expire_all()
    assert ready.visit.state is VisitState.SUBMITTED


def test_a_file_taken_out_before_it_came_is_awaited_no_longer_and_never_comes_back(
    session: Session, ready: District, phone_of: MakePhone
) -> None:
    visit = ready.visit.id
    phone = phone_of(leader_of(ready, ready.visit))
    name = attached(phone, visit)
    phone.send()
    attach = phone.sent[name]
    phone.write("detach", visit, attachment=name, reason="拍错了")
    assert outcomes(phone.send().get_json()) == ["applied"]
    assert phone.upload(sha256(DATA), kind=KIND)
    assert outcomes(phone.send([attach]).get_json()) == ["applied"]
    phone.load()
    assert [one["detached"] for one in phone.visit(visit)["attachments"]] == [True]
    rows = session.scalars(sa.select(FieldOperation).order_by(FieldOperation.id)).all()
    assert [[one.outcome.value for one in row.outcomes] for row in rows] == [
        ["applied"], ["waiting", "applied"], ["applied"],
    ]  # fmt: skip


def test_pieces_of_an_unknown_file_or_without_a_place_are_refused(ready: District, phone_of: MakePhone) -> None:
    phone = phone_of(leader_of(ready, ready.visit))
    url = f"/field/api/files/{'0' * 64}"
    assert phone.ask("PUT", url, b"x", Upload_Offset="0").status_code == 404
    assert phone.ask("PUT", url, b"x").status_code == 400
    assert phone.ask("PUT", url, b"x", Upload_Offset="-1").status_code == 400
    assert phone.ask("PUT", url, b"x" * (1 << 20) + b"x", Upload_Offset="0").status_code == 413
    assert phone.ask("PUT", "/field/api/files/..%2f..%2fx", b"x", Upload_Offset="0").status_code in {400, 404}
