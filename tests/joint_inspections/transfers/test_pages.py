"""What each person sees of a transferred clue, and what they do not."""

import pytest
from sqlalchemy.orm import Session

from joint_inspections.follow_ups.queries import list_of_visit
from joint_inspections.transfers import messages, services
from joint_inspections.transfers.models import Transfer
from joint_inspections.transfers.queries import list_choosable
from supervision.audit.disclosure import is_noted
from supervision.audit.events import DisclosedList
from supervision.audit.queries import list_history
from supervision.permissions import Role
from tests.joint_inspections.transfers.conftest import PROBLEM, Desk
from tests.pages import Browser, words


@pytest.fixture
def sent(desk: Desk) -> Transfer:
    """A clue the third department has yet to acknowledge."""
    return desk.send()


def users(desk: Desk) -> dict[str, object]:
    make = desk.district.make
    return {
        "sender": desk.district.user(Role.LEAD),
        "receiver": desk.district.user(Role.LEAD, desk.third),
        "officer": desk.district.user(Role.CASE_OFFICER, desk.third),
        "head": desk.district.user(Role.HEAD, desk.third),
        "coordinator": make.user(Role.COORDINATOR),
        "oversight": make.user(Role.OVERSIGHT),
    }


@pytest.mark.parametrize("language", ["en", "zh_Hans_CN"])
def test_every_page_opens_for_everybody_concerned_in_both_languages(
    desk: Desk, sent: Transfer, browse: Browser, language: str
) -> None:
    for user in users(desk).values():
        visitor = browse(user, language=language)  # type: ignore[arg-type]
        assert sent.number in visitor.get("/transfers/?box=all").text
        assert PROBLEM in visitor.get(f"/transfers/{sent.id}").text
        visitor.get("/transfers/figures")
        assert visitor.get(f"/transfers/{sent.id}/letter.pdf").data.startswith(b"%PDF")
        assert visitor.get(f"/transfers/{sent.id}/files/1.jpg").mimetype == "image/jpeg"
        visitor.get("/transfers/?box=out&state=open&mark=overdue&kind=case&sort=-entity&q=x")
        visitor.get("/")
        assert visitor.get("/transfers/export?format=csv").status_code == 200


def test_the_receiver_sees_nothing_else_of_the_visit_and_every_look_is_noted(
    session: Session, desk: Desk, sent: Transfer, browse: Browser
) -> None:
    for role in (Role.LEAD, Role.CASE_OFFICER):
        user = desk.district.user(role, desk.third)
        visitor = browse(user)
        text = visitor.get(f"/transfers/{sent.id}").text
        assert desk.digests[0] in text
        assert not any(one in text for one in desk.digests[1:])
        assert f"/visits/{desk.visit.id}" not in text
        assert "/follow-ups/" not in text.partition("<main")[2]
        assert is_noted(session, actor=desk.actor(role, desk.third), what=DisclosedList.TRANSFER, subject=sent.id)
        visitor.get(f"/transfers/{sent.id}/files/2.jpg", status=404)
        visitor.get(f"/transfers/{sent.id}/files/1/original")
        refused = {404} if role is Role.LEAD else {403, 404}
        for address in ("", "/evidence/", "/papers", "/record", "/versions"):
            answer = visitor.client.get(f"/visits/{desk.visit.id}{address}")
            assert answer.status_code in refused | {404, 403}
        assert visitor.client.get(f"/follow-ups/{sent.follow_up_id}").status_code in {403, 404}
    exported = list_history(session, DisclosedList.ORIGINALS.value, f"{sent.number}-1")
    assert [one.event.value for one in exported] == ["list_exported"] * 2


def test_other_departments_and_roles_know_of_nothing(desk: Desk, sent: Transfer, browse: Browser) -> None:
    stranger = desk.district.make.department()
    for user in (desk.district.user(Role.LEAD, stranger), desk.district.user(Role.LEAD, desk.district.other)):
        visitor = browse(user)
        assert sent.number not in visitor.get("/transfers/?box=all").text
        for address in ("", "/letter.pdf", "/files/1.jpg", "/files/1/original"):
            visitor.get(f"/transfers/{sent.id}{address}", status=404)
    for role in (Role.REVIEWER, Role.ARCHIVIST, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN):
        browse(desk.district.make.user(role)).get("/transfers/", status=403)
    browse(desk.district.inspector_user(desk.visit.team_now[0])).get(f"/transfers/{sent.id}", status=403)


def test_a_lead_writes_a_clue_from_the_visit_and_the_receiver_answers_it(
    session: Session, desk: Desk, browse: Browser
) -> None:
    lead, receiver = browse(desk.district.user(Role.LEAD)), browse(desk.district.user(Role.LEAD, desk.third))
    page = f"/visits/{desk.visit.id}/transfers/new"
    link = f"{page}?item={desk.item_id}"
    assert link in lead.get(f"/visits/{desk.visit.id}").text
    filled = lead.get(link).text
    assert PROBLEM in filled
    assert len(list_choosable(session, desk.visit, desk.district.lead.id)) == 2
    assert filled.count('name="files"') == 2
    values = {
        "receiver": desk.third.code, "kind": "case", "item": str(desk.item_id), "facts": PROBLEM,
        "clause": "第三十四条", "wish": "", "files": [desk.digests[0]],
    }  # fmt: skip
    assert "Say what was found." in lead.post(page, {**values, "facts": ""}, status=422).text
    answer = lead.post(page, values)
    address = answer.headers["Location"]
    assert "handed over already" in lead.post(page, values, status=422).text
    transfer = session.query(Transfer).one()

    def step(name: str, **data: str) -> object:
        session.refresh(transfer)
        return receiver.post(f"{address}/{name}", {"version": str(transfer.version), **data}, page=address, status=302)

    step("acknowledgement")
    step("claim")
    missing = {"outcome": "case_opened", "no_case": "", "text": "已立案", "version": str(transfer.version)}
    session.refresh(transfer)
    missing["version"] = str(transfer.version)
    refused = receiver.post(f"{address}/answer", missing, page=address, status=422)
    assert "Give the number under which the case was opened." in refused.text
    receiver.post(f"{address}/answer", {**missing, "version": "1", "number": "1"}, page=address, status=409)
    step("answer", outcome="case_opened", no_case="", text="已立案", number="沪静〔2026〕88号")
    assert "沪静〔2026〕88号" in lead.get(address).text
    follow_up = f"/follow-ups/{transfer.follow_up_id}"
    assert "沪静〔2026〕88号" in words(lead.get(follow_up).text)


def test_the_follow_up_offers_the_transfer_and_shows_that_it_waits(desk: Desk, browse: Browser) -> None:
    lead = browse(desk.district.user(Role.LEAD))
    link = f"/visits/{desk.visit.id}/transfers/new?item={desk.item_id}"
    follow_up = list_of_visit(desk.session, desk.visit.id)[0]
    assert link in lead.get(f"/follow-ups/{follow_up.id}").text
    transfer = desk.send()
    text = lead.get(f"/follow-ups/{follow_up.id}").text
    assert transfer.number in text
    assert link not in text
    assert "It closes with the answer of that body." in text


def test_whoever_has_the_next_step_is_told_by_number_and_day_alone(
    session: Session, desk: Desk, sent: Transfer
) -> None:
    receiver, other = desk.actor(Role.LEAD, desk.third), desk.actor(Role.LEAD, desk.district.other)
    told = {one.user_id: one for one in messages.incoming(session)}
    assert set(told) == {receiver.user_id}
    assert other.user_id not in told
    assert dict(told[receiver.user_id or 0].values) == {"number": sent.number, "day": sent.next_due_on}
    services.give_back(session, sent, reason_code="other", text="x", version=sent.version, actor=receiver)
    coordinator = desk.district.make.actor(Role.COORDINATOR)
    assert [one.user_id for one in messages.returned(session)] == [coordinator.user_id]
    assert not list(messages.incoming(session))
