"""Issuing papers of a visit: who, when, numbered, kept byte for byte, superseded by a later one."""

import hashlib
import io
import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from pypdf import PdfReader
from sqlalchemy.orm import Session

from joint_inspections.follow_ups import services as follow_ups
from joint_inspections.follow_ups.queries import list_of_visit
from joint_inspections.papers import services
from joint_inspections.papers.listing import list_shown
from joint_inspections.papers.models import VisitPaper
from joint_inspections.papers.queries import list_papers
from joint_inspections.papers.record_papers import site_record
from joint_inspections.papers.rules import PaperKind, Standing, facts_of
from joint_inspections.records import services as records
from joint_inspections.records.queries import newest_version
from joint_inspections.records.reviewing import approve_record, begin_correction
from joint_inspections.signatures.services import sign_by_party
from joint_inspections.signatures.whole import record_digest
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.permissions import Role
from tests.joint_inspections.conftest import District, refused
from tests.joint_inspections.evidence.files import drawing, send
from tests.joint_inspections.papers.conftest import LETTERHEAD, issue, team_of, with_problem, write


def test_each_body_has_its_approval_form_once_its_head_approved(session: Session, drawn: District) -> None:
    visit, head = drawn.visit, drawn.actor(Role.HEAD)
    series = f"approval:{drawn.lead.code}"
    with refused("paper-waits"):
        issue(session, visit, series, head)
    drawn.approve(visit)
    paper = issue(session, visit, series, head)
    assert paper.number == f"{visit.number}-SP01"
    assert paper.digest == hashlib.sha256(paper.pdf).hexdigest()
    with refused("may-not-issue"):
        issue(session, visit, f"approval:{drawn.other.code}", head)
    inspector = drawn.inspector(team_of(visit, drawn.other)[0])
    other = issue(session, visit, f"approval:{drawn.other.code}", inspector, language="en")
    assert other.number == f"{visit.number}-SP02"


def test_every_issue_leaves_one_audit_entry_with_its_digest(session: Session, drawn: District) -> None:
    drawn.approve(drawn.visit)
    paper = issue(session, drawn.visit, f"approval:{drawn.lead.code}", drawn.actor(Role.HEAD))
    found = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == Event.VISIT_PAPER_ISSUED)).all()
    assert len(found) == 1
    assert paper.digest in str(found[0].details)


def test_the_record_is_a_paper_only_when_it_was_handed_in(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    leader = drawn.inspector(visit.leader)
    with refused("paper-waits"):
        issue(session, visit, "record", leader)
    records.set_outcome(session, visit, code="refused", note="拒绝检查", actor=leader)
    records.submit_record(session, visit, actor=leader)
    assert issue(session, visit, "record", leader).number == f"{visit.number}-JL01"
    with refused("paper-waits"):
        issue(session, visit, "result", leader)


def test_a_review_outdates_the_paper_of_the_record_and_a_new_one_supersedes_it(
    session: Session, drawn: District
) -> None:
    visit = drawn.visit
    drawn.submit(visit)
    leader = drawn.inspector(visit.leader)
    first = issue(session, visit, "record", leader)
    assert services.standing(session, first) is Standing.HOLDS
    approve_record(session, visit, note="", actor=drawn.actor(Role.REVIEWER))
    session.expire_all()
    assert services.standing(session, first) is Standing.CHANGED
    english = issue(session, visit, "record", drawn.actor(Role.REVIEWER), language="en")
    assert services.standing(session, first) is Standing.CHANGED
    second = issue(session, visit, "record", leader)
    assert services.standing(session, first) is Standing.SUPERSEDED
    assert services.standing(session, english) is Standing.HOLDS
    assert [one.number[-4:] for one in list_papers(session, visit)] == ["JL03", "JL02", "JL01"]
    assert second.pdf != first.pdf


def test_what_holds_is_superseded_only_for_a_reason(session: Session, drawn: District) -> None:
    visit, leader = drawn.visit, drawn.inspector(drawn.visit.leader)
    drawn.finish(visit)
    first = issue(session, visit, "record", leader)
    with refused("paper-holds"):
        issue(session, visit, "record", leader)
    issue(session, visit, "record", leader, reason="名称更正")
    assert services.standing(session, first) is Standing.SUPERSEDED


def test_the_result_is_told_whole_or_by_each_department(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.finish(visit)
    reviewer, other = drawn.actor(Role.REVIEWER), drawn.actor(Role.REVIEWER, drawn.other)
    with refused("may-not-issue"):
        issue(session, visit, f"result:{drawn.lead.code}", other)

    def due() -> set[PaperKind]:
        return {one.subject.kind for one in list_shown(session, visit, reviewer) if one.due}

    assert PaperKind.RESULT in due()
    issue(session, visit, f"result:{drawn.lead.code}", reviewer)
    assert PaperKind.RESULT in due()
    issue(session, visit, f"result:{drawn.other.code}", other)
    assert PaperKind.RESULT not in due()
    begin_correction(session, visit, reason_code="wrong-date", note="", actor=drawn.inspector(visit.leader))
    with refused("paper-waits"):
        issue(session, visit, "result", reviewer)


def test_an_order_to_correct_follows_its_follow_up(session: Session, drawn: District) -> None:
    visit = drawn.visit
    with_problem(drawn, visit)
    follow_up = list_of_visit(session, visit.id)[0]
    series = f"order:{follow_up.item.code}"
    with refused("may-not-issue"):
        issue(session, visit, series, drawn.actor(Role.LEAD, drawn.other))
    paper = issue(session, visit, series, drawn.actor(Role.LEAD), demand="更换门封条并复测温度")
    said = str(paper.facts)
    assert "更换门封条并复测温度" in said
    assert "冷库门封条破损" in said
    assert f"{follow_up.due_on.day}日前改正完毕" in said
    later = follow_up.due_on + timedelta(days=5)
    lead = drawn.actor(Role.LEAD)
    follow_ups.move_deadline(session, follow_up, due_on=later, reason="等待配件", version=follow_up.version, actor=lead)
    assert services.standing(session, paper) is Standing.CHANGED
    assert issue(session, visit, series, lead).number.endswith("-ZG02")


def test_papers_of_a_visit_that_was_called_off_say_so(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.approve(visit)
    paper = issue(session, visit, f"approval:{drawn.lead.code}", drawn.actor(Role.HEAD))
    visit.state = visit.state.__class__("struck")
    assert services.standing(session, paper) is Standing.ENDED
    with refused("visit-called-off"):
        issue(session, visit, f"approval:{drawn.lead.code}", drawn.actor(Role.HEAD), language="en")
    assert all(not one.may_issue and not one.due for one in list_shown(session, visit, drawn.actor(Role.HEAD)))


def test_unknown_papers_and_languages_are_refused(session: Session, drawn: District) -> None:
    drawn.approve(drawn.visit)
    head = drawn.actor(Role.HEAD)
    with refused("not-found"):
        issue(session, drawn.visit, "order:nothing", head)
    with refused("unknown-language"):
        issue(session, drawn.visit, f"approval:{drawn.lead.code}", head, language="fr")
    with refused("not-found"):
        services.blank_form(session, drawn.visit, PaperKind.ORDER, language="zh", letterhead=LETTERHEAD)


@pytest.mark.parametrize("change", [sa.update(VisitPaper).values(language="en"), sa.delete(VisitPaper)])
def test_issued_papers_are_never_changed(session: Session, drawn: District, change: sa.Update | sa.Delete) -> None:
    drawn.approve(drawn.visit)
    issue(session, drawn.visit, f"approval:{drawn.lead.code}", drawn.actor(Role.HEAD))
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), session.begin_nested():
        session.execute(change)


def test_a_record_written_on_site_becomes_a_paper_of_its_department(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    entry = write(drawn, visit, PaperKind.QUESTIONING)
    member = drawn.inspector(team_of(visit, drawn.lead)[1])
    paper = issue(session, visit, f"questioning:{entry.entry_no}", member)
    assert paper.number == f"{visit.number}-XW01"
    assert "去年六月" in str(paper.facts)
    with refused("may-not-issue"):
        issue(session, visit, "questioning:1", drawn.inspector(team_of(visit, drawn.other)[0]))
    write(drawn, visit, PaperKind.QUESTIONING, entry_no=1, base=1, recusal="申请某某回避")
    assert services.standing(session, paper) is Standing.CHANGED


def test_files_and_samples_of_the_record_stand_on_its_paper(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.finish(visit)
    subject = services.find_subject(session, visit, "record")
    version = newest_version(session, visit)
    assert version is not None
    content = json.loads(version.content)
    content["attachments"] = [
        {"no": 3, "caption": "门封条", "item": "SP-1", "point": 2, "sha256": "ab" * 32, "purpose": "photo"},
        {"no": 4, "caption": "", "item": None, "point": None, "sha256": "cd" * 32, "purpose": "sound"},
    ]
    content["samples"] = [
        {"no": 1, "what": "酱牛肉", "amount": "3盒", "seal_number": "FY-7", "given_to": "市检验所", "taken_by": "0901"}
    ]
    frame = services.frame_of(session, visit, subject, language="zh", letterhead=LETTERHEAD)
    said = str(facts_of(site_record(frame, version, content, services.codes_of(session))))
    for text in ("门封条", "SP-1-2", "ab" * 32, "录音", "酱牛肉", "FY-7", "市检验所"):
        assert text in said


def test_records_of_before_evidence_was_kept_still_become_papers(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.finish(visit)
    subject = services.find_subject(session, visit, "record")
    version = newest_version(session, visit)
    assert version is not None
    content = json.loads(version.content)
    for key in ("attachments", "samples", "signatures", "party"):
        content.pop(key, None)
    frame = services.frame_of(session, visit, subject, language="zh", letterhead=LETTERHEAD)
    assert site_record(frame, version, content, services.codes_of(session)).title == "现场检查笔录"


@pytest.mark.parametrize("how", ["signed", "refused"])
def test_the_record_shows_drawn_signatures_and_when_a_second_officer_confirmed(
    session: Session, drawn: District, how: str
) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    leader = drawn.inspector(visit.leader)
    records.set_outcome(session, visit, code="normal", note="", actor=leader)
    drawn.sign(visit)
    if how == "signed":
        digest = send(session, drawing(91), "image/png", leader)
        sign_by_party(
            session, visit, how="signed", seen=record_digest(session, visit), name="王店长", role="店长",
            file_sha256=digest, reason="", second_inspector_id=None, actor=leader,
        )  # fmt: skip
    else:
        drawn.ask_party(visit)
    records.submit_record(session, visit, actor=leader)
    paper = issue(session, visit, "record", leader)
    said = json.dumps(paper.facts, ensure_ascii=False)
    assert "pictures" not in paper.facts
    if how == "signed":
        assert digest in said
        assert sum(len(page.images) for page in PdfReader(io.BytesIO(paper.pdf)).pages) == 1
    else:
        assert "以本人账号确认" in said
        assert "手写签名" not in said
