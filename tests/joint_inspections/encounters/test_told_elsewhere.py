"""What meets at one door is said where people read: on the desk of the head, notice, code, phone and PDF."""

import io
from random import Random

import pypdf
import pytest
from sqlalchemy.orm import Session

from joint_inspections.encounters import services
from joint_inspections.notices.services import facts_of_notice, issue_notice, notice_data
from joint_inspections.visits.approvals import load_desk
from joint_inspections.visits.meeting import meeting_of
from joint_inspections.visits.models import Visit
from supervision.permissions import Role
from supervision.rendering import render
from tests.joint_inspections.conftest import LETTERHEAD, District
from tests.joint_inspections.encounters.conftest import block, offered
from tests.joint_inspections.field.phone import Phone
from tests.joint_inspections.test_caps import collect
from tests.pages import Browser, words


def go_together(session: Session, drawn: District, pair: tuple[Visit, Visit]) -> None:
    """Both leads agree."""
    offer = offered(session, drawn, pair)
    services.answer_offer(session, offer, together=True, text="", actor=drawn.actor(Role.LEAD))


def test_a_blocked_visit_lies_in_a_pile_of_its_own_with_the_reason(
    session: Session, drawn: District, browse: Browser
) -> None:
    visit = drawn.visit
    drawn.accept(visit)
    head = drawn.actor(Role.HEAD)
    assert load_desk(session, head).ready == [visit]
    collect(drawn, visit, drawn_by_lot=False)
    assert load_desk(session, head).ready == [visit], "a warning bars nothing"
    block(session)
    desk = load_desk(session, head)
    assert (desk.ready, [one for one, _ in desk.barred]) == ([], [visit])
    shown = words(browse(drawn.user(Role.HEAD)).get("/visits/approvals").text)
    assert "Cannot be approved now (1)" in shown
    assert "this enterprise has 1 other visits; 1 are allowed with this one" in shown
    oversight = browse(drawn.user(Role.OVERSIGHT))
    decide = f"/visits/{visit.id}/too-frequent"
    assert decide in oversight.get("/visits/too-frequent").text, "oversight finds it without being told"
    assert not services.list_barred(session, head)
    oversight.post(decide, {"reason": "clue", "note": "群众举报。"})
    session.expire_all()
    assert load_desk(session, head).ready == [visit]
    assert decide not in oversight.get("/visits/too-frequent").text


def test_phones_carry_who_comes_along_and_what_was_let_through(
    session: Session, drawn: District, pair: tuple[Visit, Visit], browse: Browser
) -> None:
    first, second = pair
    collect(drawn, first, drawn_by_lot=False)
    go_together(session, drawn, pair)
    services.let_frequent_pass(session, first, reason_code="clue", note="群众举报。", actor=drawn.actor(Role.OVERSIGHT))
    drawn.approve(first)
    session.commit()
    phone = Phone(browse(drawn.inspector_user(first.team_now[0])).client, Random(1))  # noqa: S311 - a test repeats
    phone.register()
    phone.load()
    carried = phone.visit(first.id)
    bodies = [{"code": one.code, "zh": one.name_zh, "en": one.name_en} for one in (drawn.lead, drawn.other)]
    assert carried["together"] == [bodies]
    day = first.planned_on.isoformat()
    periods = {"period": {"zh": "当日", "en": "The day"}, "first": day, "last": day, "sum": 2, "allowed": 1}
    assert carried["too_many"] == [periods]
    assert carried["let_through"]["note"] == "群众举报。"
    assert second.id != first.id


@pytest.mark.parametrize("language", ["zh", "en"])
def test_notice_code_and_pdf_say_that_two_inspections_are_one_visit(
    session: Session, drawn: District, pair: tuple[Visit, Visit], browse: Browser, language: str
) -> None:
    first, _second = pair
    drawn.approve(first)
    leader = drawn.inspector(first.leader)
    early = issue_notice(session, first, language=language, letterhead=LETTERHEAD, actor=leader)
    go_together(session, drawn, pair)
    page = browse(drawn.inspector_user(first.leader), language=language)
    reworded = {"zh": "建议重新出具", "en": "issue a new one so that the paper says so too"}[language]
    assert reworded in page.get(f"/visits/{first.id}").text
    notice = issue_notice(session, first, language=language, letterhead=LETTERHEAD, actor=leader)
    session.commit()
    assert reworded not in page.get(f"/visits/{first.id}").text
    names = {"zh": [drawn.lead.name_zh, drawn.other.name_zh], "en": [drawn.lead.name_en, drawn.other.name_en]}[language]
    assert facts_of_notice(session, notice, language=language, letterhead=LETTERHEAD)["together"] == [names]
    said = read(notice.pdf)
    assert {"zh": "合计为一次上门", "en": "itisonevisit"}[language] in said
    assert {"zh": "合计为一次上门", "en": "itisonevisit"}[language] not in read(early.pdf)
    for paper in (early, notice):
        told = browse(None, language=language).get(f"/notices/check/{paper.token}").text
        assert {"zh": "合并为一次上门", "en": "This is one visit"}[language] in told, "the code tells of today"
        assert all(name in told for name in names)


def test_a_visit_that_was_let_through_says_why_but_not_in_whose_words(
    session: Session, drawn: District, browse: Browser
) -> None:
    visit = drawn.visit
    collect(drawn, visit, drawn_by_lot=False)
    block(session)
    services.let_frequent_pass(
        session, visit, reason_code="clue", note="举报人王某来电", actor=drawn.actor(Role.OVERSIGHT)
    )
    meeting = meeting_of(session, visit)
    assert meeting.reason is not None
    assert [(one.sum, one.allowed) for one in meeting.too_many] == [(2, 1)]
    drawn.approve(visit)
    leader = drawn.inspector(visit.leader)
    notice = issue_notice(session, visit, language="zh", letterhead=LETTERHEAD, actor=leader)
    session.commit()
    told = words(browse(None).get(f"/notices/check/{notice.token}").text)
    assert "visit number 2 with this one" in told
    assert f"Enforcement oversight let it go ahead: {meeting.reason.name_en}." in told
    data = notice_data(session, visit, number="x", language="zh", letterhead=LETTERHEAD, token="t")
    paper = read(render("notice", data))
    assert "第2次上门检查" in paper
    assert "理由：投诉举报或者线索" in paper
    assert "王某" not in told + paper, "the note is for the house alone"


def read(pdf: bytes) -> str:
    """Read a paper back as text without spaces and line breaks."""
    return "".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())
