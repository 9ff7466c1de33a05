"""Papers of a visit as tests issue them, and records written on site."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from joint_inspections.papers import entries, services
from joint_inspections.papers.entries import Written
from joint_inspections.papers.models import SiteEntry, VisitPaper
from joint_inspections.papers.rules import PaperKind
from joint_inspections.papers.services import Letterhead, Order
from joint_inspections.records import services as records
from joint_inspections.records.reviewing import approve_record
from joint_inspections.records.rules import Disposal
from joint_inspections.visits.models import Visit, VisitMember
from supervision import clock
from supervision.departments.models import Department
from supervision.permissions import Actor, Role
from tests.joint_inspections.conftest import District

CHECK = "https://example.invalid/papers/check/"
LETTERHEAD = Letterhead(
    district={"zh": "上海市静安区", "en": "Jing'an District, Shanghai"}, verify_url=lambda token: CHECK + token
)
FIELDS = {
    PaperKind.QUESTIONING: {
        "place": "试用路1号厨房",
        "person_name": "王经理",
        "person_role": "本店店长",
        "recusal": "",
    },
    PaperKind.INQUEST: {
        "place": "试用路1号冷库",
        "weather": "晴",
        "present": "王经理（店长）\n李见证（居委会）",
        "found": "冷库温度计显示零下十二度。\n门封条破损两处。",
        "sketches": "图1 冷库平面\n照片3 门封条",
    },
    PaperKind.SAMPLING: {
        "place": "试用路1号后厨",
        "present": "王经理（店长）",
        "method": "随机抽取，2至8度冷藏",
        "remarks": "备用样品封存在店内",
    },
}
ROWS: dict[PaperKind, list[dict[str, str]]] = {
    PaperKind.QUESTIONING: [
        {"question": "冷库何时开始使用？", "answer": "去年六月。\n每天记录温度。"},
        {"question": "谁负责记录？", "answer": "厨师长。"},
    ],
    PaperKind.INQUEST: [],
    PaperKind.SAMPLING: [
        {
            "name": "酱牛肉",
            "batch": "20261120批",
            "base": "30盒",
            "quantity": "3盒",
            "seal": "FY-0007",
            "recipient": "市食品检验所",
        }
    ],
}


def issue(session: Session, visit: Visit, series: str, actor: Actor, **more: str) -> VisitPaper:
    """Issue a paper as a page would."""
    return services.issue_paper(session, visit, Order(series, **more), letterhead=LETTERHEAD, actor=actor)


def team_of(visit: Visit, department: Department) -> list[VisitMember]:
    """The inspectors whom a department sends."""
    return [one for one in visit.team_now if one.department_id == department.id]


def written(
    visit: Visit,
    department: Department,
    kind: PaperKind,
    *,
    rows: Sequence[dict[str, str]] | None = None,
    ended: timedelta = timedelta(),
    **fields: str,
) -> Written:
    """What two inspectors of a department wrote down just now."""
    first, second = (one.inspector_id for one in team_of(visit, department)[:2])
    now = clock.now()
    shown = ROWS[kind] if rows is None else rows
    return Written(now, now + ended, (first, second), {**FIELDS[kind], **fields}, shown)


def write(
    drawn: District, visit: Visit, kind: PaperKind, *, entry_no: int = 0, base: int = 0, reason: str = "", **fields: str
) -> SiteEntry:
    """Let an inspector of the lead department write something down."""
    actor = drawn.inspector(team_of(visit, drawn.lead)[0])
    said = written(visit, drawn.lead, kind, **fields)
    return entries.save_entry(
        drawn.session, visit, kind, said, entry_no=entry_no, base=base, reason=reason, actor=actor
    )


def with_problem(drawn: District, visit: Visit, *, meanwhile: Callable[[], object] = list) -> None:
    """Bring a visit to an approved record that orders a correction in the lead department's first item."""
    drawn.begin(visit)
    leader = drawn.inspector(visit.leader)
    meanwhile()
    records.set_outcome(drawn.session, visit, code="normal", note="", actor=leader)
    for section in drawn.sections(visit):
        if section.department_id == drawn.lead.id:
            problem = {"result": "5", "problem": "冷库门封条破损", "disposal": Disposal.CORRECTION}
            drawn.fill(visit, section, **problem)
        else:
            drawn.fill(visit, section)
        actor = drawn.inspector(drawn.member_of(visit, section))
        records.sign_section(drawn.session, visit, section, seen=records.stored_digest(section), actor=actor)
    drawn.ask_party(visit)
    records.submit_record(drawn.session, visit, actor=leader)
    approve_record(drawn.session, visit, note="", actor=drawn.actor(Role.REVIEWER))
