"""Pages of corrections: the enterprise by its code, the department signed in, everybody else not at all."""

import io
import re
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.corrections.models import CorrectionEntry
from joint_inspections.corrections.rules import EntryKind
from joint_inspections.follow_ups.rules import FollowUpState
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.permissions import Role
from tests.guards import unguard
from tests.joint_inspections.corrections.conftest import MENDED, WHO, Order, upload
from tests.joint_inspections.corrections.test_chain import TABLES
from tests.pages import Browser

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


def said(**other: object) -> dict[str, object]:
    return {"send_id": str(uuid4()), "text": MENDED, "said_by": WHO, **other}


@LANGUAGES
def test_the_enterprise_sends_by_its_code_and_the_department_sends_it_back_and_accepts(
    session: Session, order: Order, browse: Browser, language: str
) -> None:
    phone, desk = browse(language=language), browse(order.district.user(Role.LEAD), language=language)
    inside = f"/corrections/{order.follow_up.id}"
    assert order.address in phone.get(f"/notices/check/{order.notice.token}").text
    phone.get(order.address)
    desk.get(inside)
    receipt = phone.post(order.address, said(files=[upload(1), upload(2, "收据.jpg")])).location
    assert receipt.endswith("/receipts/1")
    page = phone.get(receipt).text
    entry = session.scalars(sa.select(CorrectionEntry)).one()
    for shown in (entry.digest, "收据.jpg", MENDED, WHO, entry.files[0].sha256):
        assert shown in page
    page = desk.get(inside).text
    assert MENDED in page
    day = order.follow_up.due_on.isoformat()
    values = {"decision": "returned", "text": "请补充门封条照片。", "day": day, "seen": "1"}
    desk.post(f"{inside}/decision", values, page=inside)
    assert "请补充门封条照片。" in phone.get(order.address).text
    phone.post(order.address, said(text="已补充。", files=[upload(3)]))
    desk.post(f"{inside}/decision", {"decision": "accepted", "text": "核对无误。", "seen": "3"}, page=inside)
    session.refresh(order.follow_up)
    assert order.follow_up.state is FollowUpState.CLOSED
    for page in (phone.get(order.address).text, desk.get(inside).text):
        assert "核对无误。" in page
    desk.get(f"/follow-ups/{order.follow_up.id}")
    phone.get(f"/notices/check/{order.notice.token}")


@LANGUAGES
def test_the_same_page_sent_twice_is_one_sending(
    session: Session, order: Order, browse: Browser, language: str
) -> None:
    phone, values = browse(language=language), said()
    first = phone.post(order.address, {**values, "files": [upload()]}).location
    again = phone.post(order.address, {**values, "files": [upload()]}).location
    assert first == again
    assert len(session.scalars(sa.select(CorrectionEntry)).all()) == 1


@LANGUAGES
def test_what_cannot_be_taken_is_refused_with_its_name_and_nothing_is_kept(
    session: Session, order: Order, browse: Browser, language: str
) -> None:
    phone = browse(language=language)
    bad = (io.BytesIO(b"MZ not a picture"), "../../账本.exe")
    page = phone.post(order.address, said(files=[upload(), bad]), status=422).text
    assert "账本.exe" in page
    assert "../" not in page
    assert MENDED in page
    assert 'id="text-error"' in phone.post(order.address, said(text=" "), status=422).text
    phone.post(order.address, said(send_id="no-identifier"), status=422)
    assert session.scalars(sa.select(CorrectionEntry)).all() == []


def test_a_wrong_code_or_the_code_of_another_visit_finds_nothing(order: Order, browse: Browser) -> None:
    phone = browse()
    order.district.approve(order.district.visits[1])
    wrong = order.address.replace(str(order.notice.token), "x" * 32)
    for address in (wrong, f"{wrong}extension", f"{wrong}receipts/1", f"{order.address}receipts/7"):
        phone.get(address, status=404)
    phone.get(f"/notices/check/{order.notice.token}/corrections/999999/", status=404)
    token = phone.token(order.address)
    assert phone.client.post(wrong, data={"csrf_token": token, **said()}).status_code == 404


@LANGUAGES
def test_the_enterprise_asks_for_more_time_and_the_head_answers(
    session: Session, order: Order, browse: Browser, language: str
) -> None:
    phone, head = browse(language=language), browse(order.district.user(Role.HEAD), language=language)
    inside, page = f"/corrections/{order.follow_up.id}", f"{order.address}extension"
    day = (order.follow_up.due_on + timedelta(days=3)).isoformat()
    values = {"send_id": str(uuid4()), "said_by": WHO, "reason": "配件下周到货。", "day": day}
    early = {**values, "day": clock.today().isoformat()}
    assert 'id="day-error"' in phone.post(page, early, status=422).text
    phone.get(phone.post(page, values).location)
    phone.get(page, status=302)
    answer = {"answer": "granted", "day": day, "reason": "情况属实。", "seen": "1"}
    assert 'id="day-error"' in head.post(f"{inside}/extension", {**answer, "day": ""}, page=inside, status=422).text
    head.post(f"{inside}/extension", answer, page=inside)
    session.refresh(order.follow_up)
    assert order.follow_up.due_on.isoformat() == day
    assert "情况属实。" in phone.get(order.address).text


@LANGUAGES
def test_list_filters_export_and_home_tell_of_cards(order: Order, browse: Browser, language: str) -> None:
    order.send()
    lead = browse(order.district.user(Role.LEAD), language=language)
    link = f"/corrections/{order.follow_up.id}"
    assert link in lead.get("/corrections/?stage=sent").text
    assert f'"{link}"' not in lead.get("/corrections/?stage=awaited").text
    assert "card=red" in lead.get("/").text
    with clock.at(clock.now() + timedelta(days=60)):
        lead = browse(order.district.user(Role.LEAD), language=language)
        assert link in lead.get("/corrections/?card=red").text
        assert link not in lead.get("/corrections/?card=yellow").text
    lead = browse(order.district.user(Role.LEAD), language=language)
    for query in ("stage=done", "mark=extension", "card=none", "q=x&sort=entity", "stage=nonsense"):
        lead.get(f"/corrections/?{query}")
    exported = lead.client.get("/corrections/export?format=csv")
    assert order.follow_up.visit.number in exported.get_data(as_text=True)


def test_wrong_roles_are_refused_and_strangers_find_nothing(order: Order, browse: Browser) -> None:
    order.send(files=1)
    district, link = order.district, f"/corrections/{order.follow_up.id}"
    file = order.now.entries[0].files[0]
    for role in (Role.REVIEWER, Role.INSPECTOR, Role.SYSTEM_ADMIN):
        browse(district.make.user(role, department=district.lead)).get(link, status=403)
    stranger = browse(district.make.user(Role.LEAD, department=district.make.department()))
    for address in (link, f"{link}/files/{file.id}/view.jpg", f"{link}/files/{file.id}/original"):
        stranger.get(address, status=404)
    head, lead = browse(district.user(Role.HEAD)), browse(district.user(Role.LEAD))
    token = head.token(link)
    posted = head.client.post(f"{link}/decision", data={"csrf_token": token, "decision": "accepted"})
    assert posted.status_code == 403
    token = lead.token(link)
    assert lead.client.post(f"{link}/extension", data={"csrf_token": token}).status_code == 403


def test_pictures_are_copies_without_exif_and_originals_are_noted(
    session: Session, order: Order, browse: Browser
) -> None:
    order.send(files=1)
    lead, file = browse(order.district.user(Role.LEAD)), order.now.entries[0].files[0]
    link = f"/corrections/{order.follow_up.id}/files/{file.id}"
    copy = lead.client.get(f"{link}/view.jpg")
    assert copy.mimetype == "image/jpeg"
    assert b"Canary Camera" not in copy.data
    original = lead.client.get(f"{link}/original")
    assert b"Canary Camera" in original.data
    noted = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == Event.LIST_EXPORTED)).all()
    assert file.sha256 in str([one.details for one in noted])
    lead.get(f"/corrections/{order.follow_up.id}/files/99999/view.jpg", status=404)


def test_a_broken_chain_is_shown_to_who_decides(session: Session, order: Order, browse: Browser) -> None:
    order.send()
    unguard(session, *TABLES)
    session.execute(sa.text("UPDATE correction_entries SET text = 'x'"))
    session.expire_all()
    page = browse(order.district.user(Role.LEAD)).get(f"/corrections/{order.follow_up.id}").text
    assert re.search("The chain of this correction does not hold", page)
    assert EntryKind.SENT.label in page
