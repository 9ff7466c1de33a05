"""Whoever holds the notice asks by its code that an inspector stand back; the machine sends who follows (R-1.22)."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.notices import services as notices
from joint_inspections.notices.models import Notice
from joint_inspections.records import services as records
from joint_inspections.visits import services as visits
from joint_inspections.visits.models import Recusal, Visit
from joint_inspections.visits.requested_recusals import ask_by_code, list_askable_by_code, request_of
from joint_inspections.visits.rules import MemberState, RecusalDecision
from supervision.audit.events import Event
from supervision.audit.queries import list_history
from supervision.permissions import Role
from tests.joint_inspections.conftest import LETTERHEAD, District, refused
from tests.pages import Browser

GROUNDS = "his brother owns the shop next door"


def noticed(drawn: District) -> tuple[Visit, Notice]:
    """A visit approved by everybody, with its notice in the enterprise's hands."""
    visit = drawn.visit
    drawn.approve(visit)
    leader = drawn.inspector(visit.leader)
    notice = notices.issue_notice(drawn.session, visit, language="zh", letterhead=LETTERHEAD, actor=leader)
    return visit, notice


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_enterprise_asks_on_its_phone_and_reads_the_decision(
    session: Session, drawn: District, browse: Browser, language: str
) -> None:
    visit, notice = noticed(drawn)
    member = next(one for one in visit.team_now if one.department_id == drawn.other.id)
    phone, page = browse(language=language), f"/notices/check/{notice.token}"
    assert f"{page}/recusal" in phone.get(page).text
    assert phone.post(f"{page}/recusal", {"inspector": str(member.inspector_id)}, status=200).text.count(GROUNDS) == 0
    sent = {"inspector": str(member.inspector_id), "grounds": GROUNDS, "asked_by": "卢经理"}
    phone.post(f"{page}/recusal", sent)
    recusal = session.scalars(sa.select(Recusal)).one()
    session.refresh(member)
    assert request_of(recusal) is not None
    assert (recusal.decision, member.state) == (RecusalDecision.WAITING, MemberState.RECUSAL_ASKED)
    entry = list_history(session, "visit", visit.id, limit=1)[0]
    assert entry.event is Event.RECUSAL_REQUESTED
    assert GROUNDS not in str(entry.details), "what is said of a person stands in the request alone"
    assert {"zh": "待决定", "en": "Waiting"}[language] in phone.get(page).text
    assert GROUNDS not in phone.get(page).text, "the page of the code does not repeat what was said of a person"
    with refused("team-not-ready"):
        records.begin_visit(session, visit, actor=drawn.inspector(visit.leader))
    head = browse(drawn.user(Role.HEAD, drawn.other), language=language)
    assert GROUNDS in head.get(f"/recusals/{recusal.id}").text
    head.post(f"/recusals/{recusal.id}", {"decision": "refused", "note": "no such relation was found"})
    told = phone.get(page).text
    assert "no such relation was found" in told
    phone.post(f"{page}/recusal", sent, page=f"{page}/recusal", status=200)
    assert session.scalar(sa.select(sa.func.count()).select_from(Recusal)) == 1, "once about each inspector"


def test_what_is_granted_sends_the_next_in_the_random_order(session: Session, drawn: District) -> None:
    visit, _notice = noticed(drawn)
    member = next(one for one in visit.team_now if one.department_id == drawn.other.id)
    recusal = ask_by_code(session, visit, inspector_id=member.inspector_id, statement=GROUNDS)
    visits.decide_recusal(session, recusal, granted=True, note="", actor=drawn.actor(Role.HEAD, drawn.other))
    assert member.state is MemberState.REPLACED
    assert recusal.replacement_id is not None


def test_nothing_is_asked_of_people_who_do_not_come_or_once_the_visit_has_begun(
    session: Session, drawn: District, browse: Browser
) -> None:
    visit, notice = noticed(drawn)
    stranger = next(one for one in drawn.visits[1].team_now if one.inspector_id not in ids_of(visit))
    with refused("not-askable-by-code"):
        ask_by_code(session, visit, inspector_id=stranger.inspector_id, statement=GROUNDS)
    browse().get("/notices/check/nobody-has-this-code/recusal", status=404)
    records.begin_visit(session, visit, actor=drawn.inspector(visit.leader))
    assert list_askable_by_code(session, visit) == []
    page = f"/notices/check/{notice.token}"
    assert f"{page}/recusal" not in browse().get(page).text
    browse().get(f"{page}/recusal", status=302)
    with refused("not-askable-by-code"):
        ask_by_code(session, visit, inspector_id=visit.team_now[0].inspector_id, statement=GROUNDS)


def ids_of(visit: Visit) -> set[int]:
    return {one.inspector_id for one in visit.team_now}
