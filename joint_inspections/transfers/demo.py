"""Demonstration: clues of the past weeks at every step, notices to leads and cases to the case units."""

from datetime import datetime, time, timedelta

import sqlalchemy as sa
from flask import current_app

from joint_inspections.papers.views import letterhead
from joint_inspections.transfers.models import Transfer
from joint_inspections.transfers.rules import Outcome, Reply, TransferKind
from joint_inspections.transfers.sending import Clue, send
from joint_inspections.transfers.services import answer, ask_extension, claim, give_back
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import FALLEN_AWAY
from supervision import clock
from supervision.accounts.models import User, UserRole
from supervision.accounts.queries import actor_of
from supervision.demo.history import People
from supervision.demo.registry import Demo
from supervision.departments.models import Department
from supervision.permissions import Actor, Role
from supervision.serving import HOME

# whose leads can sign in, and so can be looked over the shoulder
RECEIVERS = ("SCJG", "STHJ", "XFJY")
# days ago, and how far the clue has come
STORIES = ((24, "overdue"), (16, "answered"), (12, "extended"), (6, "returned"), (5, "claimed"), (1, "sent"))
SEEN = {
    "SCJG": ("后厨使用的食品添加剂标签不全，未见进货查验记录。", "食品安全法第五十三条"),
    "STHJ": ("油烟净化设施未开启，油烟直接排入居民楼道。", "大气污染防治法第八十一条"),
    "XFJY": ("二楼安全出口被货架占用，应急照明不亮。", "消防法第二十八条"),
}
FOUND = Reply(Outcome.CASE_OPENED, "经核查属实，已予立案。", number="静监立〔2026〕17号")
# each case unit has a clue that waits, and one that its officer answered
CASES = tuple((code, days, story) for days, story in ((9, "answered"), (2, "sent")) for code in RECEIVERS)


def load(demo: Demo) -> None:
    """Hand over what was seen on recent visits beside their items; follow-ups go their own ways."""
    demo.session.expire_all()
    statement = sa.select(Visit).where(
        Visit.visited_at.is_not(None), Visit.number.is_not(None), Visit.state.not_in(FALLEN_AWAY)
    )
    found = demo.session.scalars(statement.order_by(Visit.visited_at.desc(), Visit.id).limit(len(STORIES))).all()
    people = People(demo)
    # addresses on letters are made as on every page
    with current_app.test_request_context(base_url=HOME):
        for visit, (days, story) in zip(reversed(found), STORIES, strict=False):
            code = next(one for one in RECEIVERS if one != visit.plan_version.plan.lead_department.code)
            _tell(demo, visit, (TransferKind.NOTICE, code, days, story), by=people.of(code))
        for visit, (code, days, story) in zip(reversed(found), CASES, strict=False):
            _tell(demo, visit, (TransferKind.CASE, code, days, story), by=_officer(demo, code))


def _officer(demo: Demo, code: str) -> Actor:
    """Return the officer of a department's case unit who can sign in."""
    statement = sa.select(User).join(User.department).join(User.role_rows)
    return actor_of(
        demo.session.scalars(
            statement.where(Department.code == code, UserRole.role == Role.CASE_OFFICER).order_by(User.id)
        ).unique().one()
    )  # fmt: skip


def _tell(demo: Demo, visit: Visit, told: tuple[TransferKind, str, int, str], *, by: Actor) -> None:
    """Hand a clue over as many days ago as ``told`` says, no earlier than the visit; ``by`` has it in hand."""
    session, (kind, code, days, story) = demo.session, told
    receiver = session.scalars(sa.select(Department).where(Department.code == code)).one()
    sender = People(demo).of(visit.plan_version.plan.lead_department.code)
    day = demo.today - timedelta(days=days)
    day = max(day, clock.local(visit.visited_at).date()) if visit.visited_at else day
    moment = min(datetime.combine(day, time(19), clock.SHANGHAI), clock.now())
    with clock.at(moment):
        transfer = send(session, visit, Clue(kind, receiver, *SEEN[code]), letterhead=letterhead(), actor=sender)
    with clock.at(min(moment + timedelta(hours=14), clock.now())):
        _go_on(demo, transfer, story, by)


def _go_on(demo: Demo, transfer: Transfer, story: str, lead: Actor) -> None:
    session = demo.session
    if story == "returned":
        text = "不属本部门职责，建议由综合行政执法部门办理。"
        give_back(session, transfer, reason_code="not-competent", text=text, version=transfer.version, actor=lead)
    if story in {"claimed", "answered", "extended"}:
        claim(session, transfer, version=transfer.version, actor=lead)
    if story == "answered":
        answer(session, transfer, FOUND, version=transfer.version, actor=lead)
    if story == "extended":
        ask_extension(session, transfer, text="需委托检验，结果未出。", version=transfer.version, actor=lead)
