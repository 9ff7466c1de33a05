"""From an order to a visit: who gives it, who approves it, whom the machine sends."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.ordered.checking import faults
from joint_inspections.ordered.deciding import decide_order
from joint_inspections.ordered.models import OrderedInspection
from joint_inspections.ordered.rules import OrderedKind, OrderState
from joint_inspections.ordered.services import cancel_order, order_again
from joint_inspections.ordered.team_changes import replace_on_ground
from joint_inspections.visits.caps import check_cap
from joint_inspections.visits.facts import visits_between
from joint_inspections.visits.origins import origin_of
from joint_inspections.visits.rules import VisitKind, VisitState
from joint_inspections.visits.services import accept_assignment, decide_recusal, declare_recusal
from supervision import clock
from supervision.audit.queries import list_history
from supervision.draws.models import LogLeaf
from supervision.draws.rules import LogEvent
from supervision.inspectors import services as inspectors
from supervision.inspectors.models import Inspector
from supervision.inspectors.rules import AbsenceKind, TieKind
from supervision.permissions import Role
from supervision.plans.rules import TaskState
from tests.factories import Make
from tests.joint_inspections.conftest import refused
from tests.joint_inspections.ordered.conftest import Office


def test_an_order_becomes_a_visit_when_every_head_has_approved(office: Office, session: Session) -> None:
    district, order = office.district, office.order()
    decide_order(session, order, agreed=True, note="", actor=district.actor(Role.HEAD))
    assert (order.state, order.visit) == (OrderState.WAITING, None)
    decide_order(session, order, agreed=True, note="", actor=district.actor(Role.HEAD, district.other))
    visit = order.visit
    assert visit is not None
    assert (order.state, visit.kind, visit.state) == (OrderState.SENT, VisitKind.TRIGGERED, VisitState.ASSIGNED)
    assert (visit.draw, visit.source_number) == (None, order.number)
    by_body = [one.department_id for one in visit.team_now]
    assert sorted(by_body) == sorted([district.lead.id] * 2 + [district.other.id] * 2)
    assert visit.leader is not None
    assert visit.leader.department_id == district.lead.id
    events = [one.event.value for one in reversed(list_history(session, "order", order.id))]
    assert sorted(events) == sorted(["inspection_ordered", "order_approved", "order_approved", "order_team_drawn"])


def test_the_candidates_are_logged_before_the_number_and_the_lots_can_be_computed_anew(
    office: Office, session: Session
) -> None:
    order = office.order()
    office.approve(order)
    leaves = session.scalars(sa.select(LogLeaf).where(LogLeaf.event == LogEvent.ORDERED).order_by(LogLeaf.index)).all()
    lots = order.lots
    assert lots is not None
    assert [json.loads(one.leaf)["step"] for one in leaves] == ["candidates", "lots"]
    assert [one.digest for one in leaves] == [lots.candidates_digest, lots.lots_digest]
    assert lots.leaf == f"{leaves[0].index}-{leaves[0].leaf_hash}"
    assert office.entity.unit_id not in lots.candidates + leaves[0].leaf + leaves[1].leaf
    assert not list(faults(session, order))


def test_lots_that_were_tampered_with_are_found(office: Office, session: Session) -> None:
    order = office.order()
    office.approve(order)
    assert order.lots is not None
    first, second = order.lots.places[:2]
    first.ticket, second.ticket = second.ticket, first.ticket
    with session.no_autoflush:
        assert list(faults(session, order))
    session.expunge(first)
    session.expunge(second)


def test_the_visit_goes_on_like_every_other_up_to_its_publication(office: Office, session: Session) -> None:
    district, order = office.district, office.order()
    visit = office.approve(order)
    district.finish(visit)
    district.publish(visit)
    assert visit.state is VisitState.PUBLISHED
    assert visit.task.state is TaskState.FINISHED


def test_only_own_leads_and_the_coordinator_order(office: Office, make: Make) -> None:
    district = office.district
    for role in (Role.HEAD, Role.REVIEWER, Role.OVERSIGHT):
        with refused("may-not-order"):
            office.order(actor=district.actor(role))
    with refused("may-not-order"):
        office.order(actor=district.actor(Role.LEAD, district.other))
    assert office.order(actor=make.actor(Role.COORDINATOR)).number.startswith("310106C")


def test_what_an_order_must_say(office: Office) -> None:
    district = office.district
    with refused("unknown-reason"):
        office.order(ground_code="because")
    with refused("ground-of-other-kind"):
        office.order(ground_code="reinspection")
    with refused("facts-missing"):
        office.order(facts="  ")
    with refused("items-off-list"):
        office.order(item_ids=[])
    with refused("items-of-departments"):
        office.order(participants=[district.lead.id])
    with refused("day-out-of-reach"):
        office.order(planned_on=clock.today() - timedelta(days=1))
    with refused("origin-missing"):
        office.order(kind=OrderedKind.REINSPECTION, ground_code="reinspection")


def test_nobody_approves_an_order_of_their_own_or_twice(office: Office, session: Session) -> None:
    district = office.district
    both = district.make.actor(Role.LEAD, Role.HEAD, department=district.lead)
    order = office.order(actor=both)
    with refused("self-approval"):
        decide_order(session, order, agreed=True, note="", actor=both)
    decide_order(session, order, agreed=True, note="", actor=district.actor(Role.HEAD))
    with refused("already-decided"):
        decide_order(session, order, agreed=True, note="", actor=district.actor(Role.HEAD))
    with refused("not-own-head"):
        decide_order(session, order, agreed=True, note="", actor=district.make.actor(Role.HEAD))


def test_a_refusal_by_one_head_ends_the_order(office: Office, session: Session) -> None:
    district, order = office.district, office.order()
    with refused("note-needed"):
        decide_order(session, order, agreed=False, note=" ", actor=district.actor(Role.HEAD))
    decide_order(session, order, agreed=False, note="线索不属实", actor=district.actor(Role.HEAD))
    assert (order.state, order.ending_note) == (OrderState.REFUSED, "线索不属实")
    with refused("order-moved-on"):
        decide_order(session, order, agreed=True, note="", actor=district.actor(Role.HEAD, district.other))


def test_too_few_who_can_be_sent_stop_the_order(office: Office, session: Session) -> None:
    staff = session.scalars(sa.select(Inspector).where(Inspector.department_id == office.district.other.id)).all()
    for one in staff[:3]:
        inspectors.record_absence(
            session, one, AbsenceKind.LEAVE, starts_on=clock.today(), ends_on=clock.today(),
            actor=office.district.actor(Role.LEAD, office.district.other),
        )  # fmt: skip
    with refused("too-few-candidates"):
        office.order()


def test_caps_and_pools_do_not_count_ordered_visits(office: Office, session: Session) -> None:
    visit = office.approve(office.order())
    office.district.begin(visit)
    assert list(visits_between(session, clock.today(), clock.today())) == []
    assert (check_cap(session, visit).sums, check_cap(session, visit).blocks) == ((), False)


def test_a_cancelled_order_takes_its_visit_along_but_not_one_that_has_begun(office: Office, session: Session) -> None:
    district, order = office.district, office.order()
    office.approve(order)
    with refused("may-not-cancel"):
        cancel_order(session, order, reason="x", actor=district.actor(Role.HEAD))
    with refused("reason-needed"):
        cancel_order(session, order, reason=" ", actor=district.actor(Role.LEAD))
    cancel_order(session, order, reason="举报人撤回，线索已核实", actor=district.actor(Role.LEAD))
    assert order.visit is not None
    assert (order.state, order.visit.state) == (OrderState.CANCELLED, VisitState.CANCELLED)
    second = office.order()
    district.begin(office.approve(second))
    with refused("order-begun"):
        cancel_order(session, second, reason="x", actor=district.actor(Role.LEAD))


def test_the_next_in_the_logged_order_follows_whoever_steps_back(office: Office, session: Session) -> None:
    district, order = office.district, office.order()
    visit = office.approve(order)
    assert order.lots is not None
    own = [one for one in order.lots.places if one.department_id == district.lead.id]
    leader = visit.leader
    assert leader is not None
    assert leader.inspector_id == own[0].inspector_id
    recusal = declare_recusal(session, visit, reason_code="kinship", statement="", actor=district.inspector(leader))
    decide_recusal(session, recusal, granted=True, note="", actor=district.actor(Role.HEAD))
    assert visit.leader is not None
    assert visit.leader.inspector_id == own[1].inspector_id
    now = {one.inspector_id for one in visit.team_now if one.department_id == district.lead.id}
    assert now == {own[1].inspector_id, own[2].inspector_id}
    assert recusal.replacement_id == own[2].inspector_id
    assert [one.in_id for one in order.replacements] == [own[2].inspector_id]


def test_a_replacement_cannot_be_steered(office: Office, session: Session) -> None:
    district, order = office.district, office.order()
    visit = office.approve(order)
    member = next(one for one in visit.team_now if one.department_id == district.lead.id)
    with refused("ground-not-in-register"):
        replace_on_ground(
            session, order, inspector_id=member.inspector_id, ground="leave", evidence="x",
            actor=district.actor(Role.HEAD),
        )  # fmt: skip
    with refused("statement-missing"):
        replace_on_ground(
            session, order, inspector_id=member.inspector_id, ground="emergency", evidence=" ",
            actor=district.actor(Role.HEAD),
        )  # fmt: skip
    with refused("not-own-inspector"):
        replace_on_ground(
            session, order, inspector_id=member.inspector_id, ground="emergency", evidence="x",
            actor=district.actor(Role.LEAD),
        )  # fmt: skip
    assert order.lots is not None
    third = [one for one in order.lots.places if one.department_id == district.lead.id][2]
    inspectors.record_absence(
        session, third.inspector, AbsenceKind.LEAVE, starts_on=clock.today(), ends_on=clock.today(),
        actor=district.actor(Role.LEAD),
    )  # fmt: skip
    fourth = [one for one in order.lots.places if one.department_id == district.lead.id][3]
    done = replace_on_ground(
        session, order, inspector_id=member.inspector_id, ground="emergency", evidence="抽调防汛",
        actor=district.actor(Role.HEAD),
    )  # fmt: skip
    assert done.in_id == fourth.inspector_id
    assert done.passed == [[third.inspector.certificate_number, "register"]]


def test_when_nobody_is_left_the_place_stays_empty(office: Office, session: Session) -> None:
    district, order = office.district, office.order()
    visit = office.approve(order)
    for _ in range(3):
        member = next(one for one in visit.team_now if one.department_id == district.lead.id)
        replace_on_ground(
            session, order, inspector_id=member.inspector_id, ground="emergency", evidence="抽调",
            actor=district.actor(Role.HEAD),
        )  # fmt: skip
    assert sum(one.department_id == district.lead.id for one in visit.team_now) == 1
    assert order.replacements[-1].in_id is None


def test_the_body_whose_team_changed_approves_anew(office: Office, session: Session) -> None:
    district, order = office.district, office.order()
    visit = office.approve(order)
    district.approve(visit)
    assert visit.state is VisitState.APPROVED
    member = next(one for one in visit.team_now if one.department_id == district.other.id)
    origin_of(visit).replace(
        session, visit, inspector_id=member.inspector_id, ground="emergency", actor=district.actor(Role.HEAD)
    )
    assert visit.state is VisitState.ASSIGNED
    assert [one.id for one in visit.departments_to_approve] == [district.other.id]


def test_a_visited_enterprise_is_inspected_again_for_some_items(office: Office, session: Session) -> None:
    district = office.district
    visit = office.approve(office.order())
    district.finish(visit)
    again = order_again(
        session,
        visit,
        department_ids=[district.other.id],
        item_codes=[district.items[2].code],
        facts="核查整改情况",
        planned_on=clock.today(),
        actor=district.actor(Role.LEAD, district.other),
    )
    assert (again.kind, again.origin_visit_id) == (OrderedKind.REINSPECTION, visit.id)
    decide_order(session, again, agreed=True, note="", actor=district.actor(Role.HEAD, district.other))
    assert again.visit is not None
    assert again.visit.kind is VisitKind.REINSPECTION
    assert {one.department_id for one in again.visit.team_now} == {district.other.id}


def test_a_second_look_sends_nobody_of_the_first_team(office: Office, session: Session, make: Make) -> None:
    district = office.district
    visit = office.approve(office.order())
    district.finish(visit)
    look = office.order(
        kind=OrderedKind.SECOND_LOOK,
        ground_code="second-look",
        origin_visit_id=visit.id,
        actor=make.actor(Role.OVERSIGHT),
    )
    second = office.approve(look)
    assert not {one.inspector_id for one in second.members} & {one.inspector_id for one in visit.members}


def test_whoever_has_an_interest_in_the_enterprise_is_no_candidate(office: Office, session: Session) -> None:
    tied = office.district.make.inspector(office.district.lead)
    inspectors.declare_tie(
        session, tied, TieKind.KINSHIP, entity=office.entity,
        actor=office.district.actor(Role.LEAD),
    )  # fmt: skip
    order = office.order()
    office.approve(order)
    assert order.lots is not None
    assert tied.certificate_number not in order.lots.candidates


@pytest.mark.parametrize("ground", ["complaint", "referral", "media", "other-department", "data-anomaly"])
def test_every_ground_can_be_named(office: Office, ground: str) -> None:
    assert isinstance(office.order(ground_code=ground), OrderedInspection)


def test_accepting_needs_a_place_on_the_team(office: Office, session: Session, make: Make) -> None:
    visit = office.approve(office.order())
    stranger = make.inspector(office.district.lead)
    actor = make.actor(Role.INSPECTOR, department=office.district.lead, inspector=stranger)
    with refused("not-on-team"):
        accept_assignment(session, visit, actor=actor)
