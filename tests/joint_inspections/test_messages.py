"""Whom inspections wait for: told from the day their own pages show it, and no sooner."""

from datetime import timedelta

from sqlalchemy.orm import Session

from joint_inspections.messages import KINDS
from joint_inspections.records import services as records
from joint_inspections.records.reviewing import return_record
from joint_inspections.visits.rules import week_end
from joint_inspections.visits.services import declare_recusal
from supervision import clock
from supervision.notifications.sources import Waiting
from supervision.permissions import Role
from tests.joint_inspections.conftest import District
from tests.pages import Browser

FIND = {kind.code: kind.find for kind in KINDS}


def waiting(session: Session, code: str) -> list[Waiting]:
    return list(FIND[code](session))


def test_assignments_wait_for_the_team_once_disclosed_and_until_answered(session: Session, drawn: District) -> None:
    visit = drawn.visits[0]
    users = {drawn.inspector_user(member).id for member in visit.team_now}
    later = week_end(clock.today()) + timedelta(days=1)
    visit.planned_on = later
    session.flush()
    assert not [one for one in waiting(session, "assignment") if one.arguments["visit_id"] == visit.id]
    visit.planned_on = clock.today()
    session.flush()
    told = [one for one in waiting(session, "assignment") if one.arguments["visit_id"] == visit.id]
    assert {one.user_id for one in told} == users
    drawn.accept(visit)
    assert not [one for one in waiting(session, "assignment") if one.arguments["visit_id"] == visit.id]


def test_approvals_wait_for_the_head_as_one_message(session: Session, drawn: District) -> None:
    heads = {drawn.user(Role.HEAD, department).id for department in (drawn.lead, drawn.other)}
    assert waiting(session, "approvals") == []
    for visit in drawn.visits[:2]:
        drawn.accept(visit)
    found = waiting(session, "approvals")
    assert {one.user_id for one in found} == heads
    assert {one.values["count"] for one in found} == {2}


def test_a_recusal_waits_for_the_head_of_the_inspector(session: Session, drawn: District) -> None:
    visit = drawn.visit
    member = visit.team_now[0]
    head = drawn.user(Role.HEAD, member.department).id
    declare_recusal(
        session, visit, reason_code="kinship", statement="My sister works there.", actor=drawn.inspector(member)
    )
    (found,) = waiting(session, "recusal")
    assert found.user_id == head


def test_a_record_waits_for_its_reviewers_then_for_the_team(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.submit(visit)
    reviewer = drawn.actor(Role.REVIEWER)
    assert reviewer.user_id in {one.user_id for one in waiting(session, "reviews")}
    assert waiting(session, "record-returned") == []
    return_record(
        session, visit, reason_code="incomplete", faults=["outcome"], note="One answer is missing.", actor=reviewer
    )
    team = {drawn.inspector_user(member).id for member in visit.team_now}
    assert {one.user_id for one in waiting(session, "record-returned")} == team


def test_a_record_returned_again_is_told_again(session: Session, drawn: District) -> None:
    visit, reviewer, keys = drawn.visit, drawn.actor(Role.REVIEWER), []
    drawn.submit(visit)
    for _ in range(2):
        return_record(session, visit, reason_code="incomplete", faults=["outcome"], note="x", actor=reviewer)
        keys.append({one.key for one in waiting(session, "record-returned")})
        records.submit_record(session, visit, actor=drawn.inspector(visit.leader))
    assert [len(one) for one in keys] == [1, 1]
    assert keys[0] != keys[1]


def test_a_late_record_waits_for_the_leader_alone(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    assert waiting(session, "record-due") == []
    with clock.at(clock.now() + timedelta(days=30)):
        (found,) = waiting(session, "record-due")
    assert visit.leader is not None
    assert found.user_id == drawn.inspector_user(visit.leader).id


def test_every_kind_leads_somewhere_its_reader_may_go(session: Session, drawn: District, browse: Browser) -> None:
    for one in waiting(session, "assignment")[:2]:
        user = next(
            drawn.inspector_user(member)
            for visit in drawn.visits
            for member in visit.team_now
            if drawn.inspector_user(member).id == one.user_id
        )
        browse(user).get(f"/visits/{one.arguments['visit_id']}")
