"""What a phone may learn by sending changes: nothing of visits still secret, nothing once it is revoked."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.field.models import FieldDevice, FieldOperation
from supervision import clock
from supervision.audit.models import AuditEntry
from tests.joint_inspections.conftest import District
from tests.joint_inspections.field.conftest import MakePhone, leader_of
from tests.joint_inspections.field.phone import Phone


def send_of(phone: Phone, visit_id: int) -> dict[str, object]:
    """Send a change of a visit, known to the phone or not; return what the platform says, its number left out."""
    phone.visits.setdefault(visit_id, {"form": None})
    operation = phone.write("outcome", visit_id, code="normal", note="", base={"code": "", "note": ""})
    (said,) = [one for one in phone.send().get_json()["results"] if one["id"] == operation["id"]]
    return {name: value for name, value in said.items() if name not in {"id", "at"}}


def test_nobody_learns_by_a_change_that_they_were_drawn_for_a_visit_of_later_weeks(
    session: Session, ready: District, phone_of: MakePhone
) -> None:
    visit = ready.visit
    phone = phone_of(leader_of(ready, visit))
    visit.planned_on = clock.today() + timedelta(days=14)
    session.flush()
    assert send_of(phone, visit.id) == send_of(phone, 999_999)
    assert session.scalars(sa.select(FieldOperation.visit_id)).all() == [None, None]


def test_a_visit_shown_beside_an_answer_is_on_record_as_seen(
    session: Session, ready: District, phone_of: MakePhone
) -> None:
    visit, user = ready.visit, leader_of(ready, ready.visit)
    planned, visit.planned_on = visit.planned_on, clock.today() + timedelta(days=14)
    session.flush()
    phone = phone_of(user)
    visit.planned_on = planned
    session.flush()
    assert visit.id not in phone.visits
    send_of(phone, visit.id)
    assert "sections" in phone.visits[visit.id]
    seen = sa.select(sa.func.count()).where(
        AuditEntry.subject_kind == "visit_page", AuditEntry.subject_id == str(visit.id),
        AuditEntry.actor_id == user.id,
    )  # fmt: skip
    assert session.scalar(seen) == 1
    send_of(phone, visit.id)
    assert session.scalar(seen) == 1


def test_a_revoked_phone_is_shown_no_visit_beside_its_answers(
    session: Session, ready: District, phone_of: MakePhone
) -> None:
    phone = phone_of(leader_of(ready, ready.visit))
    session.get_one(FieldDevice, phone.id).revoked_at = clock.now()
    session.flush()
    phone.write("arrive", ready.visit.id)
    said = phone.send().get_json()
    assert [one["code"] for one in said["results"]] == ["device-revoked"]
    assert said["visits"] == []
