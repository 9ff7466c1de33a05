"""Rounds of a correction: each sending kept once, each decision by who may, nothing decided unread."""

from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.corrections import queries, services
from joint_inspections.corrections.models import CorrectionEntry
from joint_inspections.corrections.rules import EntryKind, Stage
from joint_inspections.follow_ups.queries import list_changes
from joint_inspections.follow_ups.rules import Card, FollowUpEnding, FollowUpState, FollowUpStep
from joint_inspections.follow_ups.services import reopen_follow_up
from joint_inspections.ordered.deciding import decide_order
from joint_inspections.ordered.rules import OrderedKind
from joint_inspections.visits.rules import VisitState
from supervision import clock
from supervision.audit.queries import list_history
from supervision.listing import ListQuery
from supervision.permissions import Role
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import add_workdays
from tests.joint_inspections.conftest import refused
from tests.joint_inspections.corrections.conftest import MENDED, Order

K = EntryKind


def test_two_rounds_lead_to_a_closed_correction_and_each_step_is_logged_once(session: Session, order: Order) -> None:
    assert order.now.stage is Stage.AWAITED
    first = order.send(files=2)
    assert (order.now.stage, first.number, first.late, len(first.files)) == (Stage.SENT, 1, False, 2)
    calendar = get_calendar(session)
    assert order.follow_up.next_due_on == add_workdays(clock.today(), 5, calendar)
    order.decide(K.RETURNED)
    assert order.now.stage is Stage.AWAITED
    order.send("第二轮：补充收据。")
    order.decide(K.ACCEPTED)
    assert order.now.stage is Stage.DONE
    follow_up = order.follow_up
    assert (follow_up.state, follow_up.ending) == (FollowUpState.CLOSED, FollowUpEnding.CORRECTED)
    assert follow_up.round_due_on is None
    assert [one.step for one in reversed(list_changes(session, follow_up))] == [
        FollowUpStep.OPENED,
        FollowUpStep.EVIDENCE_SENT,
        FollowUpStep.EVIDENCE_RETURNED,
        FollowUpStep.EVIDENCE_SENT,
        FollowUpStep.CLOSED,
    ]
    logged = [one.event.value for one in reversed(list_history(session, "follow_up", follow_up.id))]
    assert logged == [
        "follow_up_opened",
        "correction_sent",
        "correction_returned",
        "correction_sent",
        "follow_up_closed",
    ]


def test_what_the_enterprise_says_stays_out_of_the_log(session: Session, order: Order) -> None:
    order.send()
    entry = list_history(session, "follow_up", order.follow_up.id, limit=1)[0]
    assert MENDED not in str(entry.fields())
    assert "王经理" not in str(entry.fields())


def test_the_same_sending_again_is_kept_once_and_another_content_is_refused(session: Session, order: Order) -> None:
    send_id = str(uuid4())
    first = order.send(send_id=send_id, files=1)
    assert order.send(send_id=send_id, files=1).id == first.id
    assert session.scalar(sa.select(sa.func.count()).select_from(CorrectionEntry)) == 1
    with refused("sending-differs"):
        order.send("另一内容", send_id=send_id)
    order.decide(K.ACCEPTED)
    # the answer to a page sent again long after is still its receipt
    assert order.send(send_id=send_id, files=1).id == first.id


def test_what_began_before_midnight_in_shanghai_is_in_time_and_what_began_at_midnight_is_late(order: Order) -> None:
    due = order.follow_up.due_on
    last = datetime.combine(due, time(23, 59, 59), clock.SHANGHAI)
    with clock.at(last + timedelta(minutes=3)):
        entry = order.send(begun_at=last)
        assert not entry.late
    with clock.at(last + timedelta(seconds=1)):
        assert order.send("补充", begun_at=clock.now()).late


def test_only_the_lead_of_the_department_decides_and_only_what_was_read(order: Order) -> None:
    order.send()
    district = order.district
    for actor in (
        district.actor(Role.LEAD, district.other),
        district.actor(Role.HEAD),
        district.actor(Role.REVIEWER),
        district.make.actor(Role.COORDINATOR),
        district.inspector(district.visit.leader),
    ):
        with refused("not-own-follow-up"):
            order.decide(K.ACCEPTED, actor=actor)
    seen = order.now.seen
    order.send("还有一张收据")
    with refused("correction-moved-on"):
        order.decide(K.ACCEPTED, seen=seen)
    order.decide(K.RETURNED)
    with refused("correction-moved-on"):
        order.decide(K.ACCEPTED, seen=seen + 1)
    with refused("correction-stage"):
        order.decide(K.ACCEPTED)


def test_nothing_is_sent_or_decided_once_it_is_closed(order: Order) -> None:
    order.send()
    order.decide(K.ACCEPTED)
    with refused("correction-stage"):
        order.send()
    with refused("correction-stage"):
        order.decide(K.RETURNED)


def test_sending_back_neither_shortens_the_deadline_nor_extends_it_without_the_head(
    session: Session, order: Order
) -> None:
    order.send()
    due = order.follow_up.due_on
    span = services.days_to_resend(session, order.now)
    assert (span.first, span.last) == (due, due)
    for day in (due - timedelta(days=1), due + timedelta(days=1), None):
        with refused("resend-day"):
            order.decide(K.RETURNED, day=day)
    with clock.at(datetime.combine(due + timedelta(days=3), time(10), clock.SHANGHAI)):
        late = services.days_to_resend(session, order.now)
        assert late.first == clock.today()
        assert late.last == add_workdays(clock.today(), 5, get_calendar(session))
        order.decide(K.RETURNED, day=late.last)
        assert order.follow_up.due_on == due
        assert order.follow_up.next_due_on == late.last


def test_a_correction_is_looked_at_again_on_site_and_decided_when_that_has_ended(order: Order) -> None:
    with refused("look-again-day"):
        order.decide(K.REINSPECTION, day=clock.today() + timedelta(days=40))
    # the enterprise reads the entry, and not the day
    assert order.decide(K.REINSPECTION).day is None
    found, follow_up = order.now, order.follow_up
    assert found.stage is Stage.REINSPECTION
    assert found.order is not None
    assert (found.order.kind, found.order.origin_visit_id) == (OrderedKind.REINSPECTION, follow_up.visit_id)
    assert [one.code for one in found.order.items] == [follow_up.item.code]
    with refused("correction-stage"):
        order.send()
    assert services.offered(found) == []
    for kind in (K.RETURNED, K.ACCEPTED):
        with refused("reinspection-runs"):
            order.decide(kind)
    district = order.district
    visit = decide_order(district.session, found.order, agreed=True, note="", actor=order.head)
    again = found.order.visit
    assert again is not None, visit
    assert order.now.order_runs
    again.state = VisitState.ACCEPTED  # as the approval of its record leaves it
    order.decide(K.ACCEPTED)
    assert order.now.stage is Stage.DONE


def test_a_reinspection_that_the_head_refuses_leaves_the_decision_to_the_lead(order: Order) -> None:
    order.send()
    order.decide(K.REINSPECTION)
    again = order.now.order
    assert again is not None
    decide_order(order.session, again, agreed=False, note="暂无必要", actor=order.head)
    order.decide(K.RETURNED)
    assert order.now.stage is Stage.AWAITED


def test_a_problem_that_is_back_is_the_enterprises_turn_again(session: Session, order: Order) -> None:
    order.send()
    order.decide(K.ACCEPTED)
    follow_up = order.follow_up
    later = clock.today() + timedelta(days=9)
    reopen_follow_up(session, follow_up, reason="复发", due_on=later, version=follow_up.version, actor=order.lead)
    assert order.now.stage is Stage.AWAITED
    assert order.send().number == 3


@pytest.mark.parametrize(
    ("before", "card"),
    [(4, Card.NONE), (3, Card.YELLOW), (1, Card.YELLOW), (0, Card.YELLOW), (-1, Card.RED)],
)
def test_cards_are_computed_in_working_days_before_the_deadline(
    session: Session, order: Order, before: int, card: Card
) -> None:
    calendar = get_calendar(session)
    day = order.follow_up.due_on
    while before > 0:
        day -= timedelta(days=1)
        before -= calendar.is_workday(day + timedelta(days=1))
    if before < 0:
        day += timedelta(days=1)
    with clock.at(datetime.combine(day, time(9), clock.SHANGHAI)):
        assert order.now.card is card
        assert next(one.card for one in queries.list_corrections(session, order.lead, ListQuery()).items) is card


def test_a_code_is_no_pulpit(session: Session, order: Order) -> None:
    for number in range(20):
        order.send(f"第{number}次")
    with refused("enough-said"):
        order.send("再一次")
