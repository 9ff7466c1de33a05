"""One visit from the draw to the public page, and who may take which step."""

import json

import pytest
from sqlalchemy.orm import Session

from joint_inspections.notices import services as notices
from joint_inspections.records import reviewing
from joint_inspections.records import services as records
from joint_inspections.records.entries import SentItem, entry_of
from joint_inspections.results import queries as results_queries
from joint_inspections.results import services as results
from joint_inspections.visits.approving import approve_visit
from joint_inspections.visits.rules import MemberState, VisitState
from supervision.accounts.models import UserRole
from supervision.accounts.queries import actor_of
from supervision.audit.queries import list_history
from supervision.draws.rules import DrawState
from supervision.errors import Forbidden, WrongState
from supervision.inspectors.rules import InspectorStatus
from supervision.permissions import Role
from tests.joint_inspections.conftest import LETTERHEAD, District, filled, refused
from tests.pages import Browser


def test_a_draw_makes_a_visit_per_unit_with_two_inspectors_of_each_department_and_one_leader(drawn: District) -> None:
    assert len(drawn.visits) == 3
    for visit in drawn.visits:
        assert visit.state is VisitState.ASSIGNED
        departments = sorted(member.department_id for member in visit.members)
        assert departments == sorted([drawn.lead.id, drawn.lead.id, drawn.other.id, drawn.other.id])
        assert [member.department_id for member in visit.members if member.lead] == [drawn.lead.id]


def test_the_whole_life_ends_with_every_result_published_and_the_draw_open(session: Session, drawn: District) -> None:
    for visit in drawn.visits:
        drawn.finish(visit)
        assert drawn.draw is not None
        assert drawn.draw.state is DrawState.DRAWN
        drawn.publish(visit)
        assert visit.state is VisitState.PUBLISHED
    assert drawn.draw is not None
    assert drawn.draw.state is DrawState.OPENED
    events = [entry.event.value for entry in list_history(session, "visit", drawn.visit.id)]
    assert events[0] == "result_published"
    assert events.count("assignment_accepted") == 4
    assert events[-6:-4] == ["visit_approved", "visit_approved"]


def test_steps_out_of_order_are_refused(session: Session, drawn: District) -> None:
    visit = drawn.visit
    leader = drawn.inspector(visit.leader)
    with refused("not-approved"):
        notices.issue_notice(session, visit, language="zh", letterhead=LETTERHEAD, actor=leader)
    with refused("no-notice"):
        records.begin_visit(session, visit, actor=leader)
    with refused("team-not-ready"):
        approve_visit(session, visit, actor=drawn.actor(Role.HEAD))
    drawn.approve(visit)
    with refused("no-notice"):
        records.begin_visit(session, visit, actor=leader)
    with pytest.raises(WrongState):
        records.submit_record(session, visit, actor=leader)
    with pytest.raises(WrongState):
        results.release_part(session, visit, actor=drawn.actor(Role.REVIEWER))


def test_approved_visits_of_a_day_are_numbered_one_after_the_other(drawn: District) -> None:
    for visit in drawn.visits:
        drawn.approve(visit)
    serials = sorted(int(str(visit.number).rpartition("-")[2]) for visit in drawn.visits)
    assert serials == [1, 2, 3]


def test_an_inspector_whose_certificate_runs_out_stops_the_visit_at_the_door(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.approve(visit)
    leader = drawn.inspector(visit.leader)
    notices.issue_notice(session, visit, language="zh", letterhead=LETTERHEAD, actor=leader)
    member = visit.team_now[0]
    member.inspector.certificate_valid_until = visit.created_at.date().replace(year=2020)
    with refused("two-inspectors"):
        records.begin_visit(session, visit, actor=leader)


def test_an_inspector_suspended_after_the_draw_stops_the_visit_at_the_door(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.approve(visit)
    leader = drawn.inspector(visit.leader)
    notices.issue_notice(session, visit, language="zh", letterhead=LETTERHEAD, actor=leader)
    visit.team_now[0].inspector.status = InspectorStatus.SUSPENDED
    with refused("two-inspectors"):
        records.begin_visit(session, visit, actor=leader)


def test_the_record_needs_the_leader_an_outcome_and_every_signature(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    leader = drawn.inspector(visit.leader)
    mate = drawn.inspector(next(one for one in visit.team_now if not one.lead))
    with refused("leader-only"):
        records.submit_record(session, visit, actor=mate)
    with refused("leader-only"):
        records.set_outcome(session, visit, code="normal", note="", actor=mate)
    with refused("no-outcome"):
        records.submit_record(session, visit, actor=leader)
    records.set_outcome(session, visit, code="normal", note="", actor=leader)
    with refused("sections-open"):
        records.submit_record(session, visit, actor=leader)


def test_a_refused_visit_is_submitted_without_signatures_but_with_what_happened(
    session: Session, drawn: District
) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    leader = drawn.inspector(visit.leader)
    with refused("note-needed"):
        records.set_outcome(session, visit, code="refused", note="", actor=leader)
    records.set_outcome(session, visit, code="refused", note="门卫拒绝进入", actor=leader)
    version = records.submit_record(session, visit, actor=leader)
    content = json.loads(version.content)
    assert content["outcome"] == "refused"
    assert [section["results"] for section in content["departments"]] == [[], []]


def test_who_was_ever_on_the_team_and_who_is_no_reviewer_cannot_review(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.submit(visit)
    replaced = drawn.make.inspector(drawn.lead)
    visit.members.append(
        type(visit.members[0])(
            inspector_id=replaced.id, department_id=drawn.lead.id, state=MemberState.REPLACED, lead=False
        )
    )
    session.flush()
    on_team = drawn.inspector_user(visit.team_now[0])
    on_team.role_rows = [UserRole(role=Role.INSPECTOR), UserRole(role=Role.REVIEWER)]
    session.flush()
    for actor in (
        actor_of(on_team),
        drawn.make.actor(Role.REVIEWER, Role.INSPECTOR, department=drawn.lead, inspector=replaced),
        drawn.make.actor(Role.REVIEWER, department=drawn.make.department()),
        drawn.actor(Role.HEAD),
        drawn.actor(Role.LEAD),
    ):
        with pytest.raises(Forbidden):
            reviewing.approve_record(session, visit, note="", actor=actor)
        with pytest.raises(Forbidden):
            reviewing.return_record(session, visit, reason_code="incomplete", note="", faults=["outcome"], actor=actor)
    reviewing.approve_record(session, visit, note="", actor=drawn.actor(Role.REVIEWER, drawn.other))
    assert visit.state is VisitState.ACCEPTED


def test_a_reviewer_cannot_write_into_the_form(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.submit(visit)
    section = drawn.sections(visit)[0]
    with pytest.raises(Forbidden):
        records.save_section(session, visit, section, [], actor=drawn.actor(Role.REVIEWER))
    with pytest.raises(Forbidden):
        records.reopen_section(session, visit, section, reason="x", actor=drawn.actor(Role.REVIEWER))


def test_inspectors_of_another_department_neither_fill_in_nor_sign_nor_reopen_a_section(
    session: Session, drawn: District
) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    own, foreign = drawn.sections(visit)
    actor = drawn.inspector(drawn.member_of(visit, own))
    sent = [SentItem(filled(row), entry_of(row).digest) for row in foreign.item_results]
    with refused("other-department"):
        records.save_section(session, visit, foreign, sent, actor=actor)
    drawn.fill(visit, foreign)
    with refused("other-department"):
        records.sign_section(session, visit, foreign, seen=records.stored_digest(foreign), actor=actor)
    records.sign_section(
        session,
        visit,
        foreign,
        seen=records.stored_digest(foreign),
        actor=drawn.inspector(drawn.member_of(visit, foreign)),
    )
    with refused("other-department"):
        records.reopen_section(session, visit, foreign, reason="x", actor=actor)
    with refused("section-signed"):
        drawn.fill(visit, foreign)


def test_nothing_unapproved_is_published(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.submit(visit)
    with pytest.raises(WrongState):
        results.release_part(session, visit, actor=drawn.actor(Role.REVIEWER))
    assert results_queries.count_publications(session).published == 0


def test_the_page_of_a_visit_leads_its_team_to_it_on_the_phone(drawn: District, browse: Browser) -> None:
    visit = drawn.visit
    assert visit.leader is not None
    page, link = f"/visits/{visit.id}?lang=zh", f'href="/field/?lang=zh#/visit/{visit.id}"'
    member = browse(drawn.inspector_user(visit.leader))
    assert link not in member.get(page).text, "nothing can be done there before the inspection is approved"
    drawn.begin(visit)
    assert link in member.get(page).text
    assert link.replace("zh", "en") in member.get(page.replace("zh", "en")).text
    assert "/field/" not in browse(drawn.user(Role.HEAD)).get(page).text
    done = drawn.visits[-1]
    drawn.submit(done)
    assert done.leader is not None
    assert "#/visit/" not in browse(drawn.inspector_user(done.leader)).get(f"/visits/{done.id}").text
