"""What phones send out of turn, near the equator, by digests of others, and after a section was signed."""

import pytest
from sqlalchemy.orm import Session

from joint_inspections.evidence.queries import list_attachments
from joint_inspections.evidence.samples import take_sample
from joint_inspections.field import reading
from joint_inspections.visits.rules import MemberState, SectionState
from supervision.permissions import Role
from tests.joint_inspections.conftest import District
from tests.joint_inspections.evidence.files import paper, send
from tests.joint_inspections.field.conftest import MakePhone, leader_of, mate_of
from tests.joint_inspections.field.phone import Phone, record_digest, section_digest, sha256
from tests.joint_inspections.field.test_operations import fill_all, outcomes

DATA, KIND = b"%PDF-1.7 a document of the enterprise", "application/pdf"


def begun(district: District, phone_of: MakePhone) -> Phone:
    phone = phone_of(leader_of(district, district.visit))
    phone.write("arrive", district.visit.id)
    phone.send()
    return phone


def own(phone: Phone, visit: int) -> dict[str, object]:
    return next(one for one in phone.visit(visit)["sections"] if one["own"])


def test_a_removal_that_overtakes_its_attaching_waits_for_it(
    session: Session, ready: District, phone_of: MakePhone
) -> None:
    visit, phone = ready.visit.id, begun(ready, phone_of)
    section = own(phone, visit)
    added = phone.take_photo(visit, section["id"], None, DATA, purpose="document")  # type: ignore[arg-type]
    removed = phone.write("detach", visit, attachment=added["id"], reason="拍错了")
    assert outcomes(phone.send([removed]).get_json()) == ["waiting attachment-awaited"]
    assert outcomes(phone.send([added]).get_json()) == ["applied"]
    phone.catch_up()
    assert phone.results[removed["id"]]["outcome"] == "applied"
    (kept,) = list_attachments(session, ready.visit, detached=True)
    assert kept.detached


def test_a_removal_of_what_was_refused_or_is_elsewhere(ready: District, phone_of: MakePhone) -> None:
    visit, phone = ready.visit.id, begun(ready, phone_of)
    other = next(one for one in phone.visit(visit)["sections"] if not one["own"])
    wrong = phone.take_photo(visit, other["id"], None, DATA, purpose="document")
    assert outcomes(phone.send().get_json()) == ["refused other-department"]
    phone.write("detach", visit, attachment=wrong["id"], reason="拍错了")
    assert outcomes(phone.send().get_json()) == ["applied"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [("0", "0.0000000"), ("-0", "0.0000000"), ("0.0", "0.0000000"), ("1e-7", "0.0000001"), ("-0.00000001", "0.0000000"),
     ("31.2304", "31.2304000"), ("121", "121.0000000")],
)  # fmt: skip
def test_degrees_are_kept_as_plain_numbers(said: str, kept: str) -> None:
    value = reading.read_json(f'{{"latitude": {said}, "longitude": {said}, "accuracy": {said}}}'.encode())
    if kept == "121.0000000":
        value["latitude"] = 0
    assert reading.PLACE(value, "place")["longitude"] == kept


def test_the_file_of_another_department_is_not_reached_by_its_digest(
    session: Session, ready: District, phone_of: MakePhone
) -> None:
    visit, phone, data = ready.visit.id, begun(ready, phone_of), paper("of another department")
    send(session, data, KIND, ready.make.actor(Role.INSPECTOR, department=ready.make.department()))
    session.commit()
    added = phone.take_photo(visit, own(phone, visit)["id"], None, data, purpose="document")  # type: ignore[arg-type]
    assert outcomes(phone.send().get_json()) == ["waiting file-awaited"]
    shown = phone.visit(visit)["attachments"][0]
    assert (shown["complete"], shown["type"], shown["size"]) == (False, None, None)
    begun_file = phone.ask(
        "POST", "/field/api/files", {"device": phone.id, "sha256": sha256(data), "size": len(data), "type": KIND}
    ).get_json()
    assert (begun_file["received"], begun_file["complete"]) == (0, False)
    assert phone.upload(sha256(data), kind=KIND)
    phone.catch_up()
    assert phone.results[added["id"]]["outcome"] == "applied"


def test_a_signed_section_is_opened_again_on_the_phone_and_signed_anew(
    session: Session, ready: District, phone_of: MakePhone
) -> None:
    visit, phone = ready.visit, begun(ready, phone_of)
    fill_all(phone, visit.id)
    phone.send()
    section = own(phone, visit.id)
    phone.write("reopen", visit.id, section=section["id"], reason="漏填一项")
    item = section["items"][0]["id"]  # type: ignore[index]
    phone.answer_well(visit.id, section["id"], item, unchecked_reason="")  # type: ignore[arg-type]
    phone.write("sign", visit.id, section=section["id"], seen=section_digest(own(phone, visit.id)), file=None)
    assert set(outcomes(phone.send().get_json())) == {"applied"}
    session.expire_all()
    states = {one.department_id: one.state for one in ready.sections(visit)}
    assert states[ready.lead.id] is SectionState.SIGNED
    other = next(one for one in phone.visit(visit.id)["sections"] if not one["own"])
    phone.write("reopen", visit.id, section=other["id"], reason="x")
    assert outcomes(phone.send().get_json()) == ["refused other-department"]


def test_the_package_carries_samples_and_the_digest_covers_them(
    session: Session, ready: District, phone_of: MakePhone
) -> None:
    visit, phone = ready.visit, begun(ready, phone_of)
    session.expire_all()
    before = phone.visit(visit.id)["digest"]
    section = next(one for one in ready.sections(visit) if one.department_id == ready.lead.id)
    take_sample(
        session, visit, section=section.id, item=None, what="煎炸用油", amount="500 mL", sealed=True,
        seal_number="封 1", given_to="检验所", actor=ready.inspector(visit.leader),
    )  # fmt: skip
    session.commit()
    phone.load()
    held = phone.visit(visit.id)
    assert [one["what"] for one in held["samples"]] == ["煎炸用油"]
    assert before != held["digest"] == record_digest(held)


def test_who_noted_a_refusal_does_not_confirm_it_on_the_own_phone(
    session: Session, ready: District, phone_of: MakePhone
) -> None:
    visit, leader = ready.visit, begun(ready, phone_of)
    second = mate_of(ready, visit, department=ready.other.id)
    leader.write("outcome", visit.id, code="closed", note="已关门", base={"code": "", "note": ""})
    leader.send()
    seen = record_digest(leader.visit(visit.id))
    said = {"how": "refused", "name": "", "role": "", "file": None, "reason": "拒绝", "second": second[0].inspector_id}
    leader.write("party", visit.id, seen=seen, **said)
    leader.send()
    party = leader.visit(visit.id)["party"]
    assert (party["standing"], party["confirmed_at"]) == ("unconfirmed", None)
    leader.write("confirm", visit.id, entry=party["id"], agrees=True, remark="")
    assert outcomes(leader.send().get_json()) == ["refused not-second"]
    other = phone_of(second[1])
    other.write("confirm", visit.id, entry=party["id"], agrees=False, remark="当时没有人在场")
    assert outcomes(other.send().get_json()) == ["applied"]
    leader.load()
    assert leader.visit(visit.id)["party"]["standing"] == "disputed"


def test_phones_are_told_whether_the_enterprise_is_asked(
    session: Session, ready: District, phone_of: MakePhone
) -> None:
    phone = phone_of(leader_of(ready, ready.visit))
    assert phone.ask("GET", f"/field/api/package?device={phone.id}").get_json()["party_required"] is True


def test_a_phone_opens_the_record_once_to_the_phone_of_the_enterprise(
    session: Session, ready: District, phone_of: MakePhone
) -> None:
    visit, phone = ready.visit, begun(ready, phone_of)
    phone.write("outcome", visit.id, code="closed", note="已关门", base={"code": "", "note": ""})
    phone.send()
    address = f"/field/api/visits/{visit.id}/party-link"
    seen = record_digest(phone.visit(visit.id))
    answer = phone.ask("POST", address, {"device": phone.id, "seen": seen})
    assert answer.get_json()["qr"].startswith("data:image/svg+xml")
    assert "/sign/" in answer.get_json()["url"]
    assert phone.ask("POST", address, {"device": phone.id, "seen": "0" * 64}).get_json()["code"] == "record-changed"
    assert (
        phone.ask("POST", "/field/api/visits/999999/party-link", {"device": phone.id, "seen": seen}).status_code == 404
    )


def test_a_file_of_somebody_who_left_the_team_meanwhile_is_told_as_it_stands_in_the_record(
    session: Session, ready: District, phone_of: MakePhone
) -> None:
    member, user = mate_of(ready, ready.visit, department=ready.lead.id)
    phone = phone_of(user)
    phone.write("arrive", ready.visit.id)
    section = next(one for one in phone.visit(ready.visit.id)["sections"] if one["own"])
    data = b"%PDF-1.7 before the replacement"
    attached = phone.take_photo(ready.visit.id, section["id"], None, data, purpose="document")
    phone.send()
    assert phone.waiting == [attached["id"]]
    member.state = MemberState.REPLACED
    session.commit()
    assert phone.upload(attached["body"]["file"], kind="application/pdf")
    phone.catch_up()
    assert phone.results[attached["id"]]["outcome"] == "applied"
