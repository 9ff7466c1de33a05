"""Demonstration: two inspections with all that belongs to them, one under way, phones, and what enterprises said."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from joint_inspections.codes.rules import BEST, Breach, Question
from joint_inspections.codes.services import confirm_arrival, may_confirm, may_rate, rate_visit, reply_to_result
from joint_inspections.demo_doorstep import Doorstep
from joint_inspections.demo_papers import issue_papers, laboratory_report, write_down
from joint_inspections.demo_phones import record_by_phone, register_phones
from joint_inspections.evidence.queries import list_samples
from joint_inspections.evidence.rules import Verdict
from joint_inspections.evidence.samples import add_result, take_sample
from joint_inspections.evidence.services import keep_bytes
from joint_inspections.notices.models import Notice
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import VisitState
from supervision import clock
from supervision.demo.people import Names
from supervision.demo.registry import Demo, Door
from supervision.labels import N_

RATED_SHARE, BREACH_SHARE = 0.5, 0.06
COMMENTS = (
    "检查高效，一次完成，没有影响营业。",
    "三个部门一起来，少跑了两趟。",
    "",
    "",
    "希望提前告知需要准备的材料。",
    "",
)
NOT_ANNOUNCED = "通知书上写的是三位检查人员，实际到场两位。"
REPLY = "已组织全体员工学习冷藏管理要求，温度记录自即日起每日填写，照片随整改材料一并提交。"
RESULT_DOOR = N_(
    "Notice %(number)s of a finished inspection, as the code on it leads there: see who came, rate the inspection and "
    "answer its result."
)


def load(demo: Demo) -> None:
    """Carry the chosen visits out, each through the services, in the order of their days."""
    demo.session.expire_all()
    chosen = demo.shared["doorsteps"]
    _rated(demo)
    archived = Doorstep(demo, demo.session.get_one(Visit, chosen["archived"]))
    inspect(archived, problem=False)
    finished = Doorstep(demo, demo.session.get_one(Visit, chosen["finished"]))
    notice = inspect(finished, problem=True)
    with finished.at(16, days=4):
        reply_to_result(demo.session, finished.visit, text=REPLY, signed_by=_name(demo, "reply"))
    demo.doors.append(Door(f"/notices/check/{notice.token}", RESULT_DOOR, {"number": notice.number}))
    under_way = Doorstep(demo, demo.session.get_one(Visit, chosen["under way"]))
    record_by_phone(under_way)
    register_phones(demo)


def inspect(team: Doorstep, *, problem: bool) -> Notice:
    """Carry one visit from its assignment to its published result, with samples and papers where there is a problem."""
    notice = team.announce()
    with team.at(9, 15):
        confirm_arrival(team.session, notice, as_announced=True, remark="")
    team.arrive()
    team.fill(problem=problem)
    if problem:
        _take_sample(team)
        with team.at(10, 50):
            write_down(team)
    team.sign()
    team.ask_party(_name(team.demo, f"party {team.visit.id}"))
    team.hand_in()
    team.publish()
    if problem:
        issue_papers(team)
        _laboratory(team)
    elif may_rate(team.session, team.visit):
        with team.at(12, days=2):
            _rate(team.demo, team.visit)
    return notice


def _name(demo: Demo, what: str) -> str:
    return Names(demo.random(what)).person()


def _take_sample(team: Doorstep) -> None:
    section = team.sections()[0]
    with team.at(10, 20):
        take_sample(
            team.session, team.visit, section=section.id, item=section.item_results[0].item_id,
            what="即食凉菜（拌黄瓜）", amount="250 g × 2", sealed=True, seal_number="JAC-2608",
            given_to="区食品药品检验所", actor=team.actor(team.member(section.department_id)),
        )  # fmt: skip


def _laboratory(team: Doorstep) -> None:
    """Add the laboratory's report some days later; the record stays as it was signed."""
    sample = list_samples(team.session, team.visit)[0]
    with team.at(15, days=5):
        data, actor = laboratory_report(team, sample), team.leader
        sha256 = keep_bytes(team.session, data, media_type="application/pdf", actor=actor)
        add_result(
            team.session, team.visit, sample, laboratory="区食品药品检验所", report_number="JAJY-2026-0417",
            reported_on=clock.today(), verdict=Verdict.PASSED, summary="所检项目符合 GB 29921 要求。", sha256=sha256,
            actor=actor,
        )  # fmt: skip


def _rated(demo: Demo) -> None:
    """Let about half of the enterprises rate by the code of their notice; one says that somebody else came."""
    source, told = demo.random("ratings"), False
    statement = (
        sa.select(Notice)
        .join(Visit, Visit.id == Notice.visit_id)
        .where(Visit.state == VisitState.PUBLISHED, Visit.outcome_code == "normal")
        .options(joinedload(Notice.visit))
        .order_by(Notice.issued_at, Notice.id)
    )
    for notice in demo.session.scalars(statement).unique().all():
        if source.random() >= RATED_SHARE:
            continue
        visit, latest = notice.visit, clock.now()
        if not told and visit.visited_at is not None:
            with clock.at(visit.visited_at):
                told = may_confirm(notice)
                if told:
                    confirm_arrival(demo.session, notice, as_announced=False, remark=NOT_ANNOUNCED)
        if visit.visited_at is not None:
            with clock.at(min(visit.visited_at + timedelta(days=source.randrange(1, 9)), latest)):
                _rate(demo, visit)


def _rate(demo: Demo, visit: Visit) -> None:
    source = demo.random(f"rating {visit.number}")
    marks = {one: min(BEST, source.randrange(3, BEST + 2)) for one in Question}
    breaches = [source.choice(list(Breach))] if source.random() < BREACH_SHARE else []
    rate_visit(demo.session, visit, marks=marks, breaches=breaches, comment=source.choice(COMMENTS))
