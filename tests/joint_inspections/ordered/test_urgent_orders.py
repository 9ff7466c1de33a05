"""Urgent inspections: sent at once on oral approval, completed in writing, published only then (R-3.11)."""

from datetime import timedelta

from sqlalchemy.orm import Session

from joint_inspections.notices import services as notices
from joint_inspections.ordered.deciding import decide_order
from joint_inspections.ordered.rules import OrderState
from joint_inspections.records import services as records
from joint_inspections.records.reviewing import approve_record
from joint_inspections.visits.approving import approve_visit
from joint_inspections.visits.rules import VisitState
from supervision import clock
from supervision.permissions import Role
from supervision.plans.rules import TaskState
from tests.joint_inspections.conftest import LETTERHEAD, refused
from tests.joint_inspections.ordered.conftest import Office


def test_an_urgent_order_goes_at_once_and_is_completed_in_writing(office: Office, session: Session) -> None:
    district, order = office.district, office.urgent()
    visit = order.visit
    assert visit is not None
    assert visit.number is not None
    assert order.complete_by is not None
    assert order.complete_by > clock.today()
    district.accept(visit)
    leader = district.inspector(visit.leader)
    records.begin_visit(session, visit, actor=leader)
    assert visit.state is VisitState.ON_SITE
    assert not order.in_writing
    for department in (district.lead, district.other):
        decide_order(session, order, agreed=True, note="", actor=district.actor(Role.HEAD, department))
    assert order.in_writing
    assert (visit.state, visit.approved_at is not None) == (VisitState.ON_SITE, True)


def test_an_urgent_visit_is_not_published_before_it_stands_in_writing(office: Office, session: Session) -> None:
    district, order = office.district, office.urgent()
    visit = order.visit
    assert visit is not None
    district.accept(visit)
    leader = district.inspector(visit.leader)
    records.begin_visit(session, visit, actor=leader)
    notices.issue_notice(session, visit, language="zh", letterhead=LETTERHEAD, actor=leader)
    records.set_outcome(session, visit, code="normal", note="", actor=leader)
    district.sign(visit)
    district.ask_party(visit)
    records.submit_record(session, visit, actor=leader)
    approve_record(session, visit, note="", actor=district.actor(Role.REVIEWER))
    with refused("approval-missing"):
        district.publish(visit)
    for department in (district.lead, district.other):
        approve_visit(session, visit, actor=district.actor(Role.HEAD, department))
    district.publish(visit)
    assert visit.state is VisitState.PUBLISHED


def test_a_visit_that_is_not_urgent_waits_for_its_approvals_and_notice(office: Office, session: Session) -> None:
    visit = office.approve(office.order())
    office.district.accept(visit)
    with refused("no-notice"):
        records.begin_visit(session, visit, actor=office.district.inspector(visit.leader))


def test_an_urgent_order_names_a_head_of_the_lead_department(office: Office) -> None:
    with refused("oral-head"):
        office.urgent(oral=None)
    with refused("urgent-today"):
        office.urgent(planned_on=clock.today() + timedelta(days=1))


def test_a_head_who_knows_nothing_of_an_urgent_order_stops_it(office: Office, session: Session) -> None:
    order = office.urgent()
    decide_order(session, order, agreed=False, note="没有同意过", actor=office.district.actor(Role.HEAD))
    assert order.visit is not None
    assert (order.state, order.visit.state) == (OrderState.REFUSED, VisitState.CANCELLED)
    assert order.visit.task.state is TaskState.ABANDONED
