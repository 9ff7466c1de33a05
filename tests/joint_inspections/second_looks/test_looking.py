"""Who looks again sees nothing of the first result; both are compared when theirs is in; the first team explains."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from joint_inspections.archive.queries import readable_by as packages_of
from joint_inspections.codes.rules import Quarter
from joint_inspections.follow_ups.queries import visible_to as follow_ups_of
from joint_inspections.ordered.deciding import decide_order
from joint_inspections.ordered.queries import may_see as may_see_order
from joint_inspections.ordered.services import cancel_order
from joint_inspections.records.models import RecordVersion
from joint_inspections.second_looks import queries, services
from joint_inspections.second_looks.messages import desks
from joint_inspections.second_looks.models import SecondLook
from joint_inspections.second_looks.rules import Cause, Judged, LookState
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import list_visits_of_entity, visible_to
from joint_inspections.visits.queries import may_see as may_see_visit
from joint_inspections.visits.rules import VisitKind
from supervision import clock
from supervision.accounts.models import User, UserRole
from supervision.accounts.queries import actor_of
from supervision.audit.queries import list_history
from supervision.permissions import Actor, Role
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import add_workdays
from tests.joint_inspections.conftest import refused
from tests.joint_inspections.second_looks.conftest import Second, same_as_first


def sees(second: Second, viewer: Actor, visit: Visit) -> bool:
    """Whether any query that shows visits shows this one."""
    session = second.session
    ways = (
        session.scalar(sa.select(Visit.id).where(Visit.id == visit.id, visible_to(viewer))),
        visit in list_visits_of_entity(session, viewer, visit.entity_id),
        session.scalar(sa.select(Visit.id).where(Visit.id == visit.id, packages_of(viewer))),
    )
    return any(ways)


def test_only_reviewers_without_a_part_in_the_first_look_are_offered(second: Second) -> None:
    look, district = second.draw().looks[0], second.district
    fresh = second.reviewer()
    second.district.make.user(Role.REVIEWER, department=second.district.make.department())
    member = look.origin.team_now[0]
    on_team = district.inspector_user(member)
    second.session.add(UserRole(user_id=on_team.id, role=Role.REVIEWER))
    second.session.flush()
    offered = {one.id for one in queries.list_possible_reviewers(second.session, look)}
    # the reviewer of the other department released a part but approved nothing
    assert offered == {fresh.id, district.user(Role.REVIEWER, district.other).id}
    for user in (on_team, district.user(Role.REVIEWER)):
        with refused("reviewer-had-part"):
            services.assign_reviewer(second.session, look, reviewer_id=user.id, actor=second.runs)
    with refused("may-not-run"):
        services.assign_reviewer(second.session, look, reviewer_id=fresh.id, actor=district.actor(Role.LEAD))


def test_the_first_visit_is_hidden_from_who_looks_again_until_theirs_is_handed_in(second: Second) -> None:
    session = second.session
    user = second.reviewer()
    viewer, visit = actor_of(user), second.district.visits[0]
    assert sees(second, viewer, visit)
    found = second.draw()
    look = next(one for one in found.looks if one.origin_visit_id == visit.id)
    services.assign_reviewer(session, look, reviewer_id=user.id, actor=second.runs)
    assert not sees(second, viewer, visit)
    assert sees(second, viewer, second.district.visits[1])
    # nobody else is any wiser, and the first team sees its visit as before
    assert sees(second, second.district.actor(Role.LEAD), visit)
    assert sees(second, second.district.inspector(visit.leader), visit)
    services.hand_in_desk(session, look, same_as_first(second, look), actor=viewer)
    assert sees(second, viewer, visit)


def workday(second: Second) -> date:
    """The next working day."""
    return add_workdays(clock.today(), 1, get_calendar(second.session))


def second_visit(second: Second, look: SecondLook) -> Visit:
    """Order a second team, and let the heads approve; the district has people enough who were not there before."""
    district = second.district
    for department in (district.lead, district.other):
        for _number in range(2):
            district.make.inspector(department)
    order = services.order_second_visit(
        second.session, look, department_ids=[district.lead.id, district.other.id],
        item_codes=[one.code for one in district.items], planned_on=workday(second), actor=second.runs,
    )  # fmt: skip
    for department in (district.lead, district.other):
        decide_order(second.session, order, agreed=True, note="", actor=district.actor(Role.HEAD, department))
    assert order.visit is not None
    return order.visit


def test_a_second_team_goes_without_anybody_of_the_first(second: Second) -> None:
    look = second.draw().looks[0]
    with refused("may-not-run"):
        services.order_second_visit(
            second.session, look, department_ids=[], item_codes=[], planned_on=clock.today(),
            actor=second.district.actor(Role.LEAD),
        )  # fmt: skip
    visit = second_visit(second, look)
    assert (look.state, visit.kind, visit.entity_id) == (
        LookState.ORDERED,
        VisitKind.SECOND_LOOK,
        look.origin.entity_id,
    )
    first = {one.inspector_id for one in look.origin.members}
    assert len(visit.team_now) == 4
    assert not first & {one.inspector_id for one in visit.team_now}
    assert look.order is not None
    assert look.origin.number not in look.order.facts
    reviewer = second.reviewer()
    for step in (
        lambda: second_visit(second, look),
        lambda: services.assign_reviewer(second.session, look, reviewer_id=reviewer.id, actor=second.runs),
    ):
        with refused("second-look-state"):
            step()


@pytest.mark.parametrize("ending", ["refused", "cancelled"])
def test_an_order_that_came_to_nothing_leaves_the_look_free(second: Second, ending: str) -> None:
    look, district = second.draw().looks[0], second.district
    if ending == "refused":
        for department in (district.lead, district.other):
            district.make.inspector(department)
            district.make.inspector(department)
        order = services.order_second_visit(
            second.session, look, department_ids=[district.lead.id], item_codes=[district.items[0].code],
            planned_on=workday(second), actor=second.runs,
        )  # fmt: skip
        decide_order(second.session, order, agreed=False, note="近期已多次检查", actor=district.actor(Role.HEAD))
    else:
        second_visit(second, look)
        order = look.order
        assert order is not None
        coordinator = actor_of(district.make.user(Role.COORDINATOR))
        cancel_order(second.session, order, reason="企业已停业", actor=coordinator)
    assert services.is_free(look)
    reviewer = second.reviewer()
    services.assign_reviewer(second.session, look, reviewer_id=reviewer.id, actor=second.runs)
    assert (look.state, look.order, look.ordered_id) == (LookState.DESK, None, None)


def test_a_lead_on_the_second_team_sees_neither_the_first_visit_nor_its_package_nor_its_follow_ups(
    second: Second,
) -> None:
    session, district = second.session, second.district
    look = second.draw().looks[0]
    visit = second_visit(second, look)
    viewer = replace(district.inspector(visit.team_now[0]), roles=frozenset({Role.INSPECTOR, Role.LEAD}))
    assert not sees(second, viewer, look.origin)
    assert look.order is not None
    assert not may_see_order(session, viewer, look.order)
    assert "second_looks" in str(follow_ups_of(viewer))
    # the rest of the department is no less entitled than before
    assert sees(second, district.actor(Role.LEAD), look.origin)
    look.state = LookState.COMPARED
    session.flush()
    assert sees(second, viewer, look.origin)


def test_a_lead_who_was_on_the_first_team_sees_neither_the_order_nor_its_visit(second: Second) -> None:
    look = second.draw().looks[0]
    visit = second_visit(second, look)
    first = replace(second.district.inspector(look.origin.leader), roles=frozenset({Role.INSPECTOR, Role.LEAD}))
    other = second.district.actor(Role.LEAD)
    assert look.order is not None
    assert [may_see_order(second.session, one, look.order) for one in (first, other)] == [False, True]
    with clock.at(clock.begin_of(visit.planned_on) + timedelta(hours=10)):
        assert [may_see_visit(second.session, one, visit.id) for one in (first, other)] == [False, True]
        look.state = LookState.COMPARED
        second.session.flush()
        assert may_see_visit(second.session, first, visit.id)


def test_a_body_whose_only_head_was_on_the_first_team_is_not_sent(second: Second) -> None:
    look, district = second.draw().looks[0], second.district
    first = [one.inspector_id for one in look.origin.members if one.department_id == district.lead.id]
    heads = [user for user in second.session.scalars(sa.select(User)) if Role.HEAD in user.roles]
    heads = [user for user in heads if user.department_id == district.lead.id]
    second.session.execute(sa.update(User).where(User.inspector_id.in_(first)).values(inspector_id=None))
    for head, inspector_id in zip(heads, first, strict=False):
        head.inspector_id = inspector_id
    second.session.flush()
    assert len(heads) <= len(first), "every head was on the first team"
    with refused("no-head-left"):
        second_visit(second, look)
    assert look.state is LookState.CHOSEN


def test_an_approved_second_record_is_compared_at_once_and_only_once(second: Second) -> None:
    session, district = second.session, second.district
    look = second.draw().looks[0]
    visit = second_visit(second, look)
    assert visit not in queries.list_finished(session, Quarter.of(clock.today()))
    with clock.at(clock.begin_of(visit.planned_on) + timedelta(hours=10)):
        district.finish(visit)
    version = session.scalars(sa.select(RecordVersion).where(RecordVersion.visit_id == visit.id)).one()
    assert (look.state, look.second_digest, len(look.items)) == (LookState.COMPARED, version.digest, 3)
    assert all(one.agrees for one in look.items)
    services.SecondRecords().after_approval(
        session, visit, version, record=json.loads(version.content), actor=district.actor(Role.REVIEWER)
    )
    events = [one.event.value for one in list_history(session, "second_look", look.id)]
    assert sorted(events) == ["second_look_handed_in", "second_look_ordered"]
    assert visit not in queries.list_finished(session, Quarter.of(clock.today()))


def test_every_item_must_be_answered_by_the_one_at_the_desk(second: Second) -> None:
    look, user = second.at_desk()
    said = same_as_first(second, look)
    with refused("items-missing"):
        services.hand_in_desk(second.session, look, said[1:], actor=actor_of(user))
    with refused("other-desk"):
        services.hand_in_desk(second.session, look, said, actor=second.runs)
    services.hand_in_desk(second.session, look, said, actor=actor_of(user))
    with refused("second-look-state"):
        services.hand_in_desk(second.session, look, said, actor=actor_of(user))


def test_differences_are_explained_by_the_first_team_alone(second: Second) -> None:
    look, user = second.at_desk()
    said = same_as_first(second, look)
    said[0] = Judged(said[0].code, "2", {}, "台账缺三天")
    services.hand_in_desk(second.session, look, said, actor=actor_of(user))
    different, same = look.items[0], look.items[1]
    assert (different.agrees, different.second_result, different.note, same.agrees) == (False, "2", "台账缺三天", True)
    leader = second.district.inspector(look.origin.leader)
    with refused("not-first-team"):
        services.explain(second.session, look, different, cause=Cause.OTHER, text="x", actor=second.runs)
    with refused("nothing-to-explain"):
        services.explain(second.session, look, same, cause=Cause.OTHER, text="x", actor=leader)
    services.explain(second.session, look, different, cause=Cause.CHANGED, text="当日已补齐", actor=leader)
    assert [(one.cause, one.text) for one in different.explanations] == [(Cause.CHANGED, "当日已补齐")]


def test_sums_count_items_by_department_and_leave_out_what_could_not_be_told(second: Second) -> None:
    look, user = second.at_desk()
    said = same_as_first(second, look)
    said[0], said[1] = Judged(said[0].code, "2", {}), Judged(said[1].code, "?", {})
    services.hand_in_desk(second.session, look, said, actor=actor_of(user))
    found = queries.sums(second.session, second.runs)
    assert (found.whole.pairs, found.whole.agreeing) == (2, 1)
    assert [one.pairs for _, one in found.by_department] == [1, 1]
    worded = {item.code: bool(item.name_zh) for item, _ in found.by_item}
    assert worded == {one.code: True for one in said if one.result != "?"}
    stranger = second.district.make.user(Role.LEAD, department=second.district.make.department())
    assert queries.sums(second.session, actor_of(stranger)).whole.pairs == 0


def test_the_desk_is_told_without_a_word_of_the_visit(second: Second) -> None:
    look, user = second.at_desk()
    (waiting,) = desks(second.session)
    assert (waiting.user_id, dict(waiting.values), dict(waiting.arguments)) == (user.id, {}, {"look_id": look.id})
