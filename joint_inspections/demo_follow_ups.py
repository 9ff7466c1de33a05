"""Demonstration: most problems of the past are settled, some are still open, a few are overdue."""

from datetime import datetime, time, timedelta

import sqlalchemy as sa

from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.follow_ups.rules import ENDINGS
from joint_inspections.follow_ups.services import Closing, close_follow_up, move_deadline
from joint_inspections.records.rules import Disposal
from supervision import clock
from supervision.demo.history import People
from supervision.demo.registry import Demo

NOTES = {
    Disposal.CORRECTION: "经复查，问题已改正，复查照片存档。",
    Disposal.CASE: "已移送执法办案机构，移送材料存档。",
    Disposal.REFERRAL: "已书面告知有权处理的部门，告知函存档。",
}
OTHERWISE = "已纳入日常监管。"
# share of follow-ups closed when their deadline has passed, and before; of the others half get more time
CLOSED_LATER, CLOSED_EARLIER, MORE_TIME = 0.9, 0.4, 0.5


def load(demo: Demo) -> None:
    """Let the leads of the departments close what followed the problems of past visits, or move the deadline."""
    demo.session.expire_all()
    source, people = demo.random("follow-ups"), People(demo)
    for follow_up in demo.session.scalars(sa.select(FollowUp).order_by(FollowUp.id)).all():
        opened_on, lead = clock.local(follow_up.opened_at).date(), people.of(follow_up.department.code)
        closed_on, late = opened_on + timedelta(days=source.randrange(2, 12)), follow_up.due_on < demo.today
        chance, more_time = source.random(), source.random() < MORE_TIME
        if chance < (CLOSED_LATER if late else CLOSED_EARLIER) and closed_on < demo.today:
            closing = Closing(ENDINGS[follow_up.kind][0], NOTES.get(follow_up.kind, OTHERWISE), closed_on)
            with clock.at(datetime.combine(closed_on, time(16), clock.SHANGHAI)):
                close_follow_up(demo.session, follow_up, closing, version=follow_up.version, actor=lead)
        elif late and more_time:
            with clock.at(datetime.combine(follow_up.due_on, time(10), clock.SHANGHAI)):
                move_deadline(
                    demo.session, follow_up, reason="当事人申请延期，经核实确有困难。",
                    due_on=demo.today + timedelta(days=10), version=follow_up.version, actor=lead,
                )  # fmt: skip
