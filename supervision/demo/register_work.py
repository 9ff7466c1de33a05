"""What departments note in their registers: interests, absences, experts, and which look-alikes are two enterprises."""

from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from supervision import clock
from supervision.accounts.queries import actor_of, find_user
from supervision.demo.history import People
from supervision.demo.people import Names
from supervision.demo.registry import Demo
from supervision.departments.queries import get_department
from supervision.entities.duplicate_services import decide
from supervision.entities.duplicates import get_pair
from supervision.entities.models import Entity
from supervision.entities.rules import DuplicateVerdict, EntityStatus
from supervision.inspectors.expert_services import enter_expert
from supervision.inspectors.models import Inspector
from supervision.inspectors.rules import AbsenceKind, ExpertContent, InspectorStatus, TieKind
from supervision.inspectors.services import declare_tie, record_absence, withdraw_tie

DEPARTMENTS = ("SCJG", "STHJ", "XFJY", "WSJK", "YJGL")
# the trade that the open joint plans inspect, so that interests meet their draws
CATERING = "H62"
TIES = (
    (TieKind.KINSHIP, "配偶在该单位担任店长。"), (TieKind.FORMER_EMPLOYMENT, "三年内曾在该单位任职。"),
    (TieKind.SHAREHOLDING, "本人持有该单位股份。"), (TieKind.OTHER, "与该单位有债务纠纷。"),
)  # fmt: skip
RELATIVE = "近亲属，担任多家单位的法定代表人。"
# kind, days from today to the first day, length: past, present and to come
ABSENCES = (
    (AbsenceKind.LEAVE, -40, 7), (AbsenceKind.TRAINING, -2, 5), (AbsenceKind.ILLNESS, -1, 12),
    (AbsenceKind.LEAVE, 15, 10), (AbsenceKind.OTHER, 30, 3),
)  # fmt: skip
EXPERTS = (
    ("SCJG", "市特种设备检验机构", "高级工程师", "电梯、压力容器"),
    ("SCJG", "某大学食品学院", "教授", "食品工艺、食品微生物"),
    ("SCJG", "市计量测试机构", "工程师", "电子计价秤、加油机"),
    ("STHJ", "市环境监测机构", "高级工程师", "废水监测、油烟监测"),
    ("STHJ", "某环保科技公司", "工程师", "危险废物鉴别"),
    ("XFJY", "消防技术服务机构", "一级注册消防工程师", "自动消防设施"),
    ("XFJY", "某建筑设计院", "高级工程师", "建筑防火"),
    ("WSJK", "市疾病预防机构", "主任医师", "消毒、公共场所卫生"),
    ("YJGL", "某安全评价机构", "注册安全工程师", "危险化学品、有限空间"),
)


def load(demo: Demo) -> None:
    """Let the leads and the coordinator write what they know, each on a day of its own."""
    demo.session.expire_all()
    people = People(demo)
    for number, code in enumerate(DEPARTMENTS):
        _ties(demo, people, code, weeks_ago=30 - 4 * number)
        _absences(demo, people, code)
    _experts(demo, people)
    _duplicates(demo)


def _on(demo: Demo, *, days_ago: int) -> datetime:
    return datetime.combine(demo.today - timedelta(days=days_ago), time(14), clock.SHANGHAI)


def _inspectors(demo: Demo, code: str) -> list[Inspector]:
    department = get_department(demo.session, code)
    statement = sa.select(Inspector).where(
        Inspector.department_id == department.id, Inspector.status == InspectorStatus.ACTIVE
    )
    return list(demo.session.scalars(statement.order_by(Inspector.id)))


def _ties(demo: Demo, people: People, code: str, *, weeks_ago: int) -> None:
    """Each kind of interest once in a department, one in a person, and one withdrawn again."""
    source, session, lead = demo.random(f"ties {code}"), demo.session, people.of(code)
    inspectors = source.sample(_inspectors(demo, code), len(TIES) + 1)
    caterers = [row[0] for row in demo.shared["entities"]
                if row[2].startswith(CATERING) and row[4] is EntityStatus.ACTIVE]  # fmt: skip
    chosen = source.sample(caterers, min(len(TIES), len(caterers)))
    with clock.at(_on(demo, days_ago=7 * weeks_ago)):
        ties = [
            declare_tie(session, inspector, kind, entity=session.get_one(Entity, entity), statement=text, actor=lead)
            for inspector, (kind, text), entity in zip(inspectors, TIES, chosen, strict=False)
        ]
        declare_tie(session, inspectors[-1], TieKind.KINSHIP, person_name=Names(source).person(), statement=RELATIVE,
                    actor=lead)  # fmt: skip
    with clock.at(_on(demo, days_ago=7 * weeks_ago - 20)):
        withdraw_tie(session, inspectors[-2], ties[-1], reason="债务已结清，相关凭证存档。", actor=lead)


def _absences(demo: Demo, people: People, code: str) -> None:
    source = demo.random(f"absences {code}")
    for inspector, (kind, begins, length) in zip(
        source.sample(_inspectors(demo, code), len(ABSENCES)), ABSENCES, strict=True
    ):
        first = demo.today + timedelta(days=begins)
        with clock.at(min(_on(demo, days_ago=max(1, 1 - begins)), clock.now())):
            record_absence(
                demo.session, inspector, kind, starts_on=first, ends_on=first + timedelta(days=length),
                actor=people.of(code),
            )  # fmt: skip


def _experts(demo: Demo, people: People) -> None:
    source = demo.random("experts")
    names = Names(source)
    for number, (code, organization, title, fields) in enumerate(EXPERTS):
        content = ExpertContent(names.person(), organization, title, fields, _engaged_until(demo.today, number))
        with clock.at(_on(demo, days_ago=100 + 20 * number)):
            enter_expert(demo.session, content, department=get_department(demo.session, code), actor=people.of(code))


def _engaged_until(today: date, number: int) -> date:
    # the engagement of one has just ended, that of the next ends soon
    return today + timedelta(days=(-15, 25)[number] if number < 2 else 200 + 30 * number)


def _duplicates(demo: Demo) -> None:
    """Of the pairs that look alike the coordinator has decided the first: they are two enterprises."""
    pairs = demo.shared.get("twins", [])
    coordinator = find_user(demo.session, "coordinator")
    if pairs and coordinator is not None:
        with clock.at(_on(demo, days_ago=6)):
            decide(
                demo.session, get_pair(demo.session, *pairs[0]), DuplicateVerdict.DIFFERENT,
                reason="经核对营业执照，系两家独立登记的单位。", actor=actor_of(coordinator),
            )  # fmt: skip
