"""What phones send: each carried out exactly once, with an answer that stays the same."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.field.models import FieldClash, FieldOperation, FieldOutcome
from joint_inspections.records.models import RecordVersion
from joint_inspections.visits.rules import VisitState
from tests.joint_inspections.conftest import District
from tests.joint_inspections.field.conftest import MakePhone, leader_of, mate_of
from tests.joint_inspections.field.phone import Json, Phone, entry_digest, record_digest, section_digest


def outcomes(answer: Json) -> list[str]:
    return [f"{one['outcome']} {one['code']}".strip() for one in answer["results"]]


def fill_all(phone: Phone, visit: int) -> None:
    """Fill in and sign the phone's own sections."""
    for section in phone.visit(visit)["sections"]:
        if section["own"]:
            for item in section["items"]:
                phone.answer_well(visit, section["id"], item["id"])
            phone.write("sign", visit, section=section["id"], seen=section_digest(section), file=None)


def refuse(phone: Phone, visit: int, *, second: int) -> Json:
    """Note that the enterprise refused to sign."""
    seen = record_digest(phone.visit(visit))
    said = {"how": "refused", "name": "", "role": "", "file": None, "reason": "负责人不在场", "second": second}
    return phone.write("party", visit, seen=seen, **said)


def test_a_whole_visit_is_recorded_from_two_phones_that_were_offline(
    session: Session, ready: District, phone_of: MakePhone
) -> None:
    visit = ready.visit
    first = phone_of(leader_of(ready, visit))
    second = phone_of(mate_of(ready, visit, department=ready.other.id)[1])
    for phone in (first, second):
        phone.write("arrive", visit.id)
        fill_all(phone, visit.id)
    first.write("outcome", visit.id, code="normal", note="", base={"code": "", "note": ""})
    for phone in (first, second):
        answer = phone.send()
        assert answer.status_code == 200, answer.text
        assert set(outcomes(answer.get_json())) == {"applied"}
    first.load()
    held = first.visit(visit.id)
    assert held["digest"] == record_digest(held)
    refuse(first, visit.id, second=mate_of(ready, visit, department=ready.other.id)[0].inspector_id)
    first.write("submit", visit.id, seen=record_digest(held))
    assert outcomes(first.send().get_json()) == ["applied", "waiting second-awaited"]
    second.load()
    party = second.visit(visit.id)["party"]
    assert (party["standing"], party["second"]["inspector"]) == (
        "unconfirmed",
        second.open_session()["user"]["inspector"],
    )
    second.write("confirm", visit.id, entry=party["id"], agrees=True, remark="")
    assert outcomes(second.send().get_json()) == ["applied"]
    session.expire_all()
    assert ready.visit.state is VisitState.SUBMITTED
    assert session.scalar(sa.select(sa.func.count()).select_from(RecordVersion)) == 1


def test_what_the_phone_computes_is_what_the_platform_says(ready: District, phone_of: MakePhone) -> None:
    phone = phone_of(leader_of(ready, ready.visit))
    phone.write("arrive", ready.visit.id)
    fill_all(phone, ready.visit.id)
    phone.send()
    phone.load()
    held = phone.visit(ready.visit.id)
    for section in held["sections"]:
        assert section["digest"] == section_digest(section)
        assert [one["digest"] for one in section["items"]] == [
            entry_digest(one["id"], one["entry"]) for one in section["items"]
        ]


def test_the_same_operation_again_gets_the_same_answer_and_is_done_once(
    session: Session, ready: District, phone_of: MakePhone
) -> None:
    phone = phone_of(leader_of(ready, ready.visit))
    operation = phone.write("arrive", ready.visit.id)
    first = phone.send([operation]).get_json()["results"]
    for _ in range(3):
        assert phone.send([operation, operation]).get_json()["results"] == first * 2
    assert session.scalar(sa.select(sa.func.count()).select_from(FieldOperation)) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(FieldOutcome)) == 1


def test_the_same_number_with_other_content_is_refused_and_both_are_kept(
    session: Session, ready: District, phone_of: MakePhone
) -> None:
    phone = phone_of(leader_of(ready, ready.visit))
    phone.write("arrive", ready.visit.id)
    phone.send()
    section = phone.visit(ready.visit.id)["sections"][0]
    operation = phone.answer_well(ready.visit.id, section["id"], section["items"][0]["id"])
    phone.send([operation])
    other = {**operation, "made_at": "2026-11-23T10:30:00+08:00"}
    later = phone.answer_well(ready.visit.id, section["id"], section["items"][1]["id"])
    for _ in range(2):
        answer = phone.send([other, later])
        assert answer.status_code == 409
        assert outcomes(answer.get_json()) == ["repeated uuid-taken", "applied"]
    assert len(session.scalars(sa.select(FieldClash)).all()) == 1


def test_a_refused_operation_stops_no_other(session: Session, ready: District, phone_of: MakePhone) -> None:
    visit = ready.visit
    phone = phone_of(mate_of(ready, visit, department=ready.lead.id)[1])
    own, foreign = phone.visit(visit.id)["sections"]
    phone.write("outcome", visit.id, code="normal", note="", base={"code": "", "note": ""})
    phone.write("arrive", visit.id)
    phone.answer_well(visit.id, foreign["id"], foreign["items"][0]["id"])
    phone.answer_well(visit.id, own["id"], own["items"][0]["id"])
    assert outcomes(phone.send().get_json()) == [
        "refused leader-only", "applied", "refused other-department", "applied",
    ]  # fmt: skip


def test_two_who_change_one_item_get_a_conflict_that_shows_what_is_stored(ready: District, phone_of: MakePhone) -> None:
    visit = ready.visit
    first, second = (
        phone_of(leader_of(ready, visit)), phone_of(mate_of(ready, visit, department=ready.lead.id)[1])
    )  # fmt: skip
    section = first.visit(visit.id)["sections"][0]["id"]
    item = first.visit(visit.id)["sections"][0]["items"][0]["id"]
    first.write("arrive", visit.id)
    first.answer_well(visit.id, section, item)
    second.answer_well(visit.id, section, item, unchecked_reason="")
    second.fill(visit.id, section, item, problem="冰箱温度过高", result="5", disposal="correction")
    assert set(outcomes(first.send().get_json())) == {"applied"}
    answer = second.send().get_json()
    assert outcomes(answer) == ["applied", "applied"]
    mine = first.fill(visit.id, section, item, problem="别的")
    answer = first.send([mine]).get_json()
    assert outcomes(answer) == ["applied"] or outcomes(answer) == ["conflict item-changed"]
