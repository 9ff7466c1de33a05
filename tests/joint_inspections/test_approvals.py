"""Every participating department's own head approves an inspection (R-3.08), and nothing starts before (R-3.11)."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from joint_inspections.notices import services as notices
from joint_inspections.notices.models import Notice
from joint_inspections.notices.queries import digest_of_visit
from joint_inspections.records import services as records
from joint_inspections.visits.approvals import load_desk
from joint_inspections.visits.approving import approve_visit
from joint_inspections.visits.models import Visit, VisitApproval
from joint_inspections.visits.rules import VisitState
from supervision import clock
from supervision.accounts.models import UserRole
from supervision.accounts.queries import actor_of
from supervision.audit.queries import list_history
from supervision.draws import services as draws
from supervision.errors import Forbidden
from supervision.permissions import Role
from tests.joint_inspections.conftest import LETTERHEAD, District, refused
from tests.pages import Browser, words


def approvals_in_log(session: Session, visit: Visit) -> list[dict[str, object]]:
    return [dict(one.details) for one in list_history(session, "visit", visit.id) if one.event == "visit_approved"]


def test_an_inspection_is_approved_only_when_every_head_has_approved(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.accept(visit)
    approve_visit(session, visit, actor=drawn.actor(Role.HEAD, drawn.other), note="同意")
    assert (visit.state, visit.number) == (VisitState.ASSIGNED, None)
    assert visit.departments_to_approve == [drawn.lead]
    leader = drawn.inspector(visit.leader)
    with refused("not-approved"):
        notices.issue_notice(session, visit, language="zh", letterhead=LETTERHEAD, actor=leader)
    approve_visit(session, visit, actor=drawn.actor(Role.HEAD))
    assert visit.state is VisitState.APPROVED
    assert str(visit.number).startswith("310106-")
    assert visit.departments_to_approve == []
    newest, oldest = approvals_in_log(session, visit)
    assert oldest == {"department": drawn.other.code, "number": None, "waiting": [drawn.lead.code]}
    assert newest == {"department": drawn.lead.code, "number": visit.number, "waiting": []}


def test_a_department_approves_once_and_only_by_its_own_head(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.accept(visit)
    stranger = drawn.make.department()
    for actor in (
        drawn.actor(Role.HEAD, stranger),
        drawn.actor(Role.LEAD),
        drawn.actor(Role.REVIEWER),
        drawn.inspector(visit.leader),
    ):
        with pytest.raises(Forbidden):
            approve_visit(session, visit, actor=actor)
    approve_visit(session, visit, actor=drawn.actor(Role.HEAD))
    with refused("already-approved"):
        approve_visit(session, visit, actor=actor_of(drawn.make.user(Role.HEAD, department=drawn.lead)))
    assert len(visit.approvals) == len(approvals_in_log(session, visit)) == 1


def test_a_head_on_the_team_leaves_the_approval_to_another_head(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.accept(visit)
    on_team = drawn.inspector_user(visit.team_now[0])
    on_team.role_rows = [UserRole(role=Role.INSPECTOR), UserRole(role=Role.HEAD)]
    session.flush()
    with refused("own-visit"):
        approve_visit(session, visit, actor=actor_of(on_team))


def test_an_approved_inspection_comes_back_to_the_head_whose_inspector_is_replaced(
    session: Session, drawn: District
) -> None:
    visit = drawn.visit
    drawn.approve(visit)
    member = next(one for one in visit.team_now if one.department_id == drawn.other.id)
    assert drawn.draw is not None
    draws.replace_inspector(
        session,
        drawn.draw,
        team=visit.team,
        inspector_id=member.inspector_id,
        ground="illness",
        actor=drawn.actor(Role.HEAD),
    )
    assert visit.state is VisitState.ASSIGNED
    assert (visit.approved_by, visit.approved_at) == (None, None)
    assert visit.departments_to_approve == [drawn.other]
    assert visit in load_desk(session, drawn.actor(Role.HEAD, drawn.other)).incomplete
    assert visit in load_desk(session, drawn.actor(Role.HEAD)).elsewhere
    assert len(visit.approvals) == 2, "what was approved stays on record"


def test_no_notice_and_no_arrival_while_an_approval_is_missing_whatever_the_state_says(
    session: Session, drawn: District
) -> None:
    visit = drawn.visit
    drawn.accept(visit)
    approve_visit(session, visit, actor=drawn.actor(Role.HEAD))
    visit.state, visit.number = VisitState.APPROVED, "310106-20260101-0001"
    session.flush()
    leader = drawn.inspector(visit.leader)
    with refused("approval-missing"):
        notices.issue_notice(session, visit, language="zh", letterhead=LETTERHEAD, actor=leader)
    paper = {"number": "1", "digest": "0", "pdf": b"", "issued_at": clock.now(), "holds_for": digest_of_visit(visit)}
    session.add(Notice(visit_id=visit.id, **paper))
    with refused("approval-missing"):
        records.begin_visit(session, visit, actor=leader)


def test_approvals_are_evidence_that_the_database_keeps(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.approve(visit)
    for change in (sa.update(VisitApproval).values(note="x"), sa.delete(VisitApproval)):
        with pytest.raises((IntegrityError, OperationalError, sa.exc.DBAPIError)), session.begin_nested():
            session.execute(change)


def test_heads_see_what_waits_for_them_and_approve_several_at_once(
    session: Session, drawn: District, browse: Browser
) -> None:
    first, second, third = drawn.visits
    for visit in (first, second):
        drawn.accept(visit)
    lead_head, other_head = browse(drawn.user(Role.HEAD)), browse(drawn.user(Role.HEAD, drawn.other))
    ticked = {"visit": [str(first.id), str(second.id)]}
    answer = lead_head.post("/visits/approvals", ticked, page="/visits/approvals")
    assert answer.status_code == 302
    session.expire_all()
    assert {first.state, second.state} == {VisitState.ASSIGNED}
    desk = load_desk(session, drawn.actor(Role.HEAD, drawn.other))
    assert (desk.ready, desk.incomplete) == ([first, second], [third])
    listed = words(other_head.get("/visits/approvals").text)
    assert listed.count(f"still to approve: Department {drawn.other.code}") == 2
    other_head.post("/visits/approvals", ticked, page="/visits/approvals")
    session.expire_all()
    assert {first.state, second.state} == {VisitState.APPROVED}
    assert first.number != second.number


def test_a_ticked_inspection_of_strangers_is_not_known_and_nothing_else_is_approved(
    session: Session, drawn: District, browse: Browser
) -> None:
    visit = drawn.visit
    drawn.accept(visit)
    stranger = browse(drawn.user(Role.HEAD, drawn.make.department()))
    stranger.post("/visits/approvals", {"visit": str(visit.id)}, page="/visits/approvals", status=404)
    head = browse(drawn.user(Role.HEAD))
    both = {"visit": [str(visit.id), "999999"]}
    head.post("/visits/approvals", both, page="/visits/approvals", status=404)
    assert approvals_in_log(session, visit) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_says_what_is_next_and_who_must_do_it_at_every_stage(
    session: Session, drawn: District, browse: Browser, language: str
) -> None:
    visit = drawn.visit
    page = browse(drawn.user(Role.LEAD), language=language)

    def shown() -> str:
        return words(page.get(f"/visits/{visit.id}").text)

    says = {
        "answer": {"en": "Accept the assignment or declare a recusal", "zh": "接受任务或者申请回避"},
        "approve": {"en": "Approve the inspection", "zh": "审批本次检查"},
        "notice": {"en": "Issue the inspection notice for this day", "zh": "出具对该日期和检查组有效的检查通知书"},
        "arrive": {"en": "confirm the arrival", "zh": "确认到达"},
        "form": {"en": "Fill in and sign off", "zh": "填写并签署本部门检查表"},
        "hand in": {"en": "Hand the record in for review", "zh": "提交检查记录"},
        "review": {"en": "Review the record", "zh": "审核检查记录"},
    }
    name = {"en": drawn.other.name_en, "zh": drawn.other.name_zh}[language]
    assert says["answer"][language] in shown()
    drawn.accept(visit)
    approve_visit(session, visit, actor=drawn.actor(Role.HEAD))
    text = shown()
    assert says["approve"][language] in text
    assert name in text.partition(says["approve"][language])[2][:120]
    approve_visit(session, visit, actor=drawn.actor(Role.HEAD, drawn.other))
    assert says["notice"][language] in shown()
    leader = drawn.inspector(visit.leader)
    notices.issue_notice(session, visit, language="zh", letterhead=LETTERHEAD, actor=leader)
    assert says["arrive"][language] in shown()
    records.begin_visit(session, visit, actor=leader)
    assert says["form"][language] in shown()
    records.set_outcome(session, visit, code="normal", note="", actor=leader)
    drawn.sign(visit)
    assert says["hand in"][language] in shown()
    drawn.ask_party(visit)
    records.submit_record(session, visit, actor=leader)
    assert says["review"][language] in shown()


def test_what_is_refused_at_its_very_end_leaves_no_approval_behind(
    session: Session, drawn: District, browse: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = drawn.visit
    drawn.accept(visit)
    approve_visit(session, visit, actor=drawn.actor(Role.HEAD, drawn.other))
    before = len(approvals_in_log(session, visit))
    session.commit()
    monkeypatch.setattr("joint_inspections.visits.approving.NUMBER_ATTEMPTS", 0)
    browse(drawn.user(Role.HEAD)).post("/visits/approvals", {"visit": visit.id})
    session.expire_all()
    assert (visit.state, visit.number) == (VisitState.ASSIGNED, None)
    assert visit.departments_to_approve == [drawn.lead]
    assert len(approvals_in_log(session, visit)) == before
