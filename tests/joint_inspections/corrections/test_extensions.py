"""More time: asked for in time by the enterprise, granted or refused by the head, as often as the parameter says."""

from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from joint_inspections.corrections import extending
from joint_inspections.corrections.rules import EntryKind
from joint_inspections.follow_ups.queries import list_changes
from joint_inspections.follow_ups.rules import Card, FollowUpStep
from supervision import clock
from supervision.audit.queries import list_history
from supervision.permissions import Role
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import add_workdays
from tests.joint_inspections.conftest import refused
from tests.joint_inspections.corrections.conftest import Order


def test_the_head_grants_what_the_enterprise_asked_for(session: Session, order: Order) -> None:
    due = order.follow_up.due_on
    asked = order.ask()
    assert (order.now.extension, order.follow_up.due_on) == (asked, due)
    order.answer()
    assert order.follow_up.due_on == asked.day == add_workdays(due, 10, get_calendar(session))
    assert order.now.extension is None
    step = list_changes(session, order.follow_up)[0]
    assert (step.step, step.note) == (FollowUpStep.EXTENDED, "情况属实。")
    assert list_history(session, "follow_up", order.follow_up.id)[0].event.value == "deadline_extended"


def test_more_time_is_decided_on_once_unless_the_parameter_says_otherwise(session: Session, order: Order) -> None:
    order.ask()
    with refused("extension-not-open"):
        order.ask()
    order.answer(granted=False)
    assert not extending.may_ask(session, order.now)
    with refused("extension-not-open"):
        order.ask()


def test_it_is_asked_for_until_the_last_minute_of_the_deadline_in_shanghai(session: Session, order: Order) -> None:
    due = order.follow_up.due_on
    last = datetime.combine(due, time(23, 59, 59), clock.SHANGHAI)
    with clock.at(last + timedelta(seconds=1)):
        assert not extending.may_ask(session, order.now)
        with refused("extension-not-open"):
            order.ask()
        # the page was sent in time and took a while
        order.ask(begun_at=last)
        assert order.now.card is Card.RED
        order.answer()
        assert order.now.card is not Card.RED


@pytest.mark.parametrize("days", [0, 60])
def test_a_new_deadline_is_after_the_old_one_and_not_too_far(order: Order, days: int) -> None:
    day = order.follow_up.due_on + timedelta(days=days)
    with refused("extension-day"):
        order.ask(day=day)
    order.ask()
    with refused("extension-day"):
        order.answer(day=day)


def test_only_the_head_of_the_department_answers_and_only_what_was_read(order: Order) -> None:
    order.ask()
    district = order.district
    for actor in (order.lead, district.actor(Role.HEAD, district.other), district.make.actor(Role.COORDINATOR)):
        with refused("not-own-head"):
            order.answer(actor=actor)
    seen = order.now.seen
    order.send()
    with refused("correction-moved-on"):
        order.answer(seen=seen)
    order.answer()
    with refused("no-extension"):
        order.answer()


def test_an_extension_leaves_what_the_department_owes_due(order: Order) -> None:
    order.ask()
    order.send()
    owed = order.follow_up.next_due_on
    order.answer()
    assert order.follow_up.next_due_on == owed
    order.decide(EntryKind.RETURNED, day=order.follow_up.due_on)
    assert order.follow_up.next_due_on == order.follow_up.due_on


def test_the_same_request_again_is_kept_once(order: Order) -> None:
    send_id = str(uuid4())
    first = order.ask(send_id=send_id)
    assert order.ask(send_id=send_id).id == first.id
    with refused("sending-differs"):
        order.ask(send_id=send_id, reason="另一理由")
    with refused("sending-differs"):
        order.send(send_id=send_id)
