"""Demonstration: what inspectors write down on site, and each paper of a visit once."""

from datetime import timedelta

from flask import current_app

from joint_inspections.demo_doorstep import Doorstep
from joint_inspections.evidence.models import Sample
from joint_inspections.papers.entries import Written, save_entry, sign_entry
from joint_inspections.papers.rules import Facts, Lines, PaperData, PaperKind, SignedState, Table
from joint_inspections.papers.services import Order, issue_paper
from joint_inspections.papers.subjects import list_subjects
from joint_inspections.papers.views import letterhead
from supervision import clock
from supervision.rendering import render
from supervision.serving import HOME

DEMAND = "五日内恢复冷藏库温度逐日记录，生熟食品分架存放并设置分区标识；逾期未改正的，依法处理。"
PERSON, ROLE = "何思远", "店长"
FIELDS = {
    PaperKind.QUESTIONING: {"place": "后厨办公区", "person_name": PERSON, "person_role": ROLE, "recusal": "不申请回避"},
    PaperKind.INQUEST: {
        "place": "后厨冷藏间", "weather": "晴", "present": f"{ROLE}{PERSON}在场",
        "found": "冷藏间面积约六平方米，三层层架；同一层放置熟制凉菜与未清洗蔬菜，未见分区标识；温度计显示 5.4 ℃。",
        "sketches": "照片二张，见现场检查记录附件。",
    },
    PaperKind.SAMPLING: {
        "place": "凉菜间", "present": f"{ROLE}{PERSON}在场", "method": "随机抽取，无菌操作，当场封样", "remarks": "",
    },
}  # fmt: skip
ROWS = {
    PaperKind.QUESTIONING: (
        {"question": "冷藏库的温度记录由谁填写？", "answer": "由当班厨师填写，本周有三日漏填。"},
        {"question": "生熟食品为何放在同一层架？", "answer": "新到货物临时放置，未及时整理，今天就改。"},
    ),
    PaperKind.INQUEST: (),
    PaperKind.SAMPLING: (
        {
            "name": "即食凉菜（拌黄瓜）", "batch": "当日制作", "base": "2 kg", "quantity": "250 g × 2",
            "seal": "JAC-2608", "recipient": "区食品药品检验所",
        },
    ),
}  # fmt: skip


def write_down(team: Doorstep) -> None:
    """Write a questioning, an inquest and a sampling down; the person questioned signs the printed paper."""
    now, department = clock.now(), team.sections()[0].department_id
    officers = [team.member(department, place) for place in (0, 1)]
    actor = team.actor(officers[0])
    for kind in (PaperKind.QUESTIONING, PaperKind.INQUEST, PaperKind.SAMPLING):
        written = Written(
            now - timedelta(minutes=30), now - timedelta(minutes=5),
            (officers[0].inspector_id, officers[1].inspector_id), FIELDS[kind], ROWS[kind],
        )  # fmt: skip
        entry = save_entry(team.session, team.visit, kind, written, entry_no=0, base=0, reason="", actor=actor)
        if kind is PaperKind.QUESTIONING:
            sign_entry(
                team.session, team.visit, entry, state=SignedState.SIGNED, name=PERSON, note="", second_id=None,
                seen=entry.digest, actor=actor,
            )  # fmt: skip


def issue_papers(team: Doorstep) -> None:
    """Issue the first paper of each kind, when the result has been told."""
    with team.at(16, days=1), current_app.test_request_context(base_url=HOME):
        known: set[PaperKind] = set()
        for subject in list_subjects(team.session, team.visit):
            if subject.waits or subject.kind in known:
                continue
            known.add(subject.kind)
            order = Order(subject.series, demand=DEMAND if subject.kind is PaperKind.ORDER else "")
            body = subject.departments[0].code.lower()
            issue_paper(team.session, team.visit, order, letterhead=letterhead(), actor=team.office.lead(body))


def laboratory_report(team: Doorstep, sample: Sample) -> bytes:
    """Return a report as a laboratory would send it; it says that it is invented."""
    rows = (
        ("菌落总数", "CFU/g", "≤ 100000", "3200", "符合"),
        ("大肠菌群", "CFU/g", "≤ 100", "未检出", "符合"),
        ("沙门氏菌", "/25 g", "不得检出", "未检出", "符合"),
    )
    facts = (("样品", sample.what), ("封样编号", sample.seal_number), ("送检", team.visit.number or ""))
    said = PaperData(
        kind="report", title="检验报告", number="", number_line="JAJY-2026-0417", language="zh", bodies=(),
        district="区食品药品检验所", others="", opening=("演示数据：本报告由演示程序生成，不具有任何证明力。",),
        blocks=(
            Facts("", facts),
            Table("检验结果", ("项目", "单位", "限值", "结果", "判定"), rows, (3, 2, 2, 2, 2)),
            Lines("结论", ("所检项目符合 GB 29921 要求。",)),
        ),
        verify_url="", scan="", foot="{number}  {page}/{pages}",
    )  # fmt: skip
    return render("visit_paper", said)
