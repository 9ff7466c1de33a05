"""Strikes, replacements, abandonment; what plans learn of visits."""

from sqlalchemy.orm import Session

from joint_inspections.notices import services as notices
from joint_inspections.records import services as records
from joint_inspections.visits import services as visits
from joint_inspections.visits.approving import approve_visit
from joint_inspections.visits.draw_following import VisitsOfDraw
from joint_inspections.visits.facts import count_progress, visits_between
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import MemberState, RecusalDecision, VisitState
from supervision import clock
from supervision.draws import services as draws
from supervision.permissions import Role
from tests.joint_inspections.conftest import LETTERHEAD, District, refused


def ask(session: Session, drawn: District, visit: Visit) -> tuple[object, Visit]:
    member = visit.team_now[0]
    actor = drawn.inspector(member)
    return visits.declare_recusal(session, visit, reason_code="kinship", statement="x", actor=actor), visit


def test_a_granted_recusal_sends_the_next_inspector_whom_the_own_head_approves_and_a_new_notice_names(
    session: Session, drawn: District
) -> None:
    visit = drawn.visit
    drawn.approve(visit)
    number, leader = visit.number, drawn.inspector(visit.leader)
    notices.issue_notice(session, visit, language="zh", letterhead=LETTERHEAD, actor=leader)
    member = next(one for one in visit.team_now if not one.lead)
    recusal = visits.declare_recusal(
        session, visit, reason_code="kinship", statement="x", actor=drawn.inspector(member)
    )
    other = drawn.other if member.department_id == drawn.lead.id else drawn.lead
    with refused("not-own-inspector"):
        visits.decide_recusal(session, recusal, granted=True, note="", actor=drawn.actor(Role.HEAD, other))
    visits.decide_recusal(session, recusal, granted=True, note="", actor=drawn.actor(Role.HEAD, member.department))
    assert member.state is MemberState.REPLACED
    assert recusal.replacement_id is not None
    assert recusal.replacement_id not in {one.inspector_id for one in visit.members[:4]}
    with refused("no-notice"):
        records.begin_visit(session, visit, actor=leader)
    assert visit.state is VisitState.ASSIGNED
    assert visit.departments_to_approve == [member.department]
    with refused("not-approved"):
        notices.issue_notice(session, visit, language="zh", letterhead=LETTERHEAD, actor=leader)
    own_head = drawn.actor(Role.HEAD, member.department)
    with refused("team-not-ready"):
        approve_visit(session, visit, actor=own_head)
    successor = next(one for one in visit.team_now if one.inspector_id == recusal.replacement_id)
    visits.accept_assignment(session, visit, actor=drawn.inspector(successor))
    with refused("already-approved"):
        approve_visit(session, visit, actor=drawn.actor(Role.HEAD, other))
    approve_visit(session, visit, actor=own_head)
    assert (visit.state, visit.number) == (VisitState.APPROVED, number)
    notices.issue_notice(session, visit, language="zh", letterhead=LETTERHEAD, actor=leader)
    records.begin_visit(session, visit, actor=leader)
    with refused("not-on-team"):
        visits.accept_assignment(session, visit, actor=drawn.inspector(member))


def test_a_replaced_leader_is_followed_by_the_leader_the_draw_names(session: Session, drawn: District) -> None:
    visit = drawn.visit
    leader = visit.leader
    assert leader is not None
    head = drawn.actor(Role.HEAD)
    assert drawn.draw is not None
    change = draws.replace_inspector(
        session, drawn.draw, team=visit.team, inspector_id=leader.inspector_id, ground="illness", actor=head
    )
    assert visit.leader is not None
    assert visit.leader.inspector_id == change.leader_id != leader.inspector_id


def test_a_refused_recusal_leaves_the_inspector_on_the_team(session: Session, drawn: District) -> None:
    visit = drawn.visit
    member = visit.team_now[0]
    recusal = visits.declare_recusal(
        session, visit, reason_code="other-interest", statement="x", actor=drawn.inspector(member)
    )
    head = drawn.actor(Role.HEAD, member.department)
    with refused("note-needed"):
        visits.decide_recusal(session, recusal, granted=False, note="", actor=head)
    visits.decide_recusal(session, recusal, granted=False, note="no relation found", actor=head)
    assert (member.state, recusal.decision) == (MemberState.ACCEPTED, RecusalDecision.REFUSED)
    with refused("recusal-decided"):
        visits.decide_recusal(session, recusal, granted=True, note="", actor=head)


def test_a_visit_made_keeps_who_made_it_when_somebody_is_replaced_afterwards(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    before = {one.inspector_id for one in visit.team_now}
    assert drawn.draw is not None
    draws.replace_inspector(
        session,
        drawn.draw,
        team=visit.team,
        inspector_id=visit.team_now[0].inspector_id,
        ground="illness",
        actor=drawn.actor(Role.HEAD),
    )
    assert {one.inspector_id for one in visit.team_now} == before


def test_a_struck_unit_takes_its_visit_off_and_the_draw_can_finish_without_it(
    session: Session, drawn: District
) -> None:
    first, second, third = drawn.visits
    assert drawn.draw is not None
    draws.strike_unit(
        session,
        drawn.draw,
        unit_id=first.entity.unit_id,
        ground="legal-exemption",
        evidence="沪府发〔2026〕1号",
        actor=drawn.actor(Role.HEAD),
    )
    assert first.state is VisitState.STRUCK
    for visit in (second, third):
        drawn.finish(visit)
        assert not VisitsOfDraw().visits_done(session, drawn.draw)
        drawn.publish(visit)
    assert VisitsOfDraw().visits_done(session, drawn.draw)


def test_an_abandoned_draw_cancels_its_visits_but_not_once_a_team_is_on_site(session: Session, drawn: District) -> None:
    assert drawn.draw is not None
    drawn.begin(drawn.visits[0])
    with refused("visit-state"):
        VisitsOfDraw().after_abandonment(session, drawn.draw, actor=drawn.actor(Role.HEAD))


def test_cancelled_visits_are_gone_from_everybody(session: Session, drawn: District) -> None:
    assert drawn.draw is not None
    VisitsOfDraw().after_abandonment(session, drawn.draw, actor=drawn.actor(Role.HEAD))
    assert {visit.state for visit in drawn.visits} == {VisitState.CANCELLED}


def test_plans_learn_who_was_visited_for_what_by_whom_and_how_far_each_department_is(
    session: Session, drawn: District
) -> None:
    visit = drawn.visit
    plan = visit.plan_version.plan
    today = clock.today()
    assert list(visits_between(session, today, today)) == []
    drawn.begin(visit)
    (fact,) = visits_between(session, today, today)
    assert fact.entity_id == visit.entity_id
    assert fact.visited_on == today
    assert fact.item_codes == {item.code for item in drawn.items}
    assert fact.inspector_ids == {one.inspector_id for one in visit.team_now}
    counted = count_progress(session, [plan.id])
    assert counted == {(plan.id, drawn.lead.id): (3, 1, 0), (plan.id, drawn.other.id): (3, 1, 0)}
