"""One loan for the demonstration: a joint plan with one place more than a department can fill, and whom Putuo lends."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from supervision import clock
from supervision.demo.office import COOPERATING, JOINT_ITEM, Office, Order, office_hour
from supervision.demo.people import Names
from supervision.demo.registry import Demo
from supervision.departments.models import Department
from supervision.departments.queries import get_department
from supervision.inspectors.models import Inspector
from supervision.inspectors.queries import list_absences
from supervision.inspectors.rules import AbsenceKind, InspectorStatus
from supervision.inspectors.services import record_absence
from supervision.items.models import Item, JointItem, JointItemPart
from supervision.neighbors import lending, services
from supervision.neighbors.rules import Answer, LentPerson, Shortage
from supervision.neighbors.shortages import count_visits, list_shortages
from supervision.plans.models import Task
from supervision.plans.rules import Scope

PERIOD = timedelta(days=28)
# sub-districts whose caterers make a pool large enough for a team each
PLACES = tuple(f"3101060{number}" for number in range(12, 23))
TITLE = "餐饮服务单位秋冬季联合检查"
REASON = "本部门可派执法检查人员不足以组成全部检查组，已无其他合格人员可以调配。"
AREA, LENDER, KEPT = "310107", "普陀区{name}", "原件存区双随机联席会议办公室。"
DOCUMENT = "普协调函〔{year}〕27号"
CERTIFICATE = "09310107{number:03d}"


def load(demo: Demo) -> None:
    """Carry a plan to its task and borrow the inspector it lacks; the pool is left to be frozen."""
    office = Office(demo)
    with clock.at(office_hour(demo.today)):
        short = [one for one in _shortages(office, _task(office)) if one[1].lacking]
        for number, (task, shortage) in enumerate(short, 1):
            _borrow(office, task, shortage, number=number)


def _task(office: Office) -> Task:
    """Make a task whose teams need one place more than the smallest cooperating department can fill."""
    day = office.demo.today
    able = min((_able(office, code) for code in COOPERATING), key=len)
    if len(able) % 2 == 0:
        # two of a department go on each team: with an odd number one place stays open
        away = next(one for one in reversed(able) if not list_absences(office.session, one))
        able.remove(away)
        record_absence(
            office.session, away, AbsenceKind.TRAINING, starts_on=day, ends_on=day + PERIOD,
            actor=office.lead(_code_of(office, able[0])),
        )  # fmt: skip
    groups = (len(able) + 1) // 2
    order = Order(TITLE, Scope(sub_districts=PLACES), day, day + PERIOD, count=groups, groups=groups)
    return office.ordered(order)


def _code_of(office: Office, inspector: Inspector) -> str:
    return office.session.get_one(Department, inspector.department_id).code.lower()


def _able(office: Office, code: str) -> list[Inspector]:
    """List who of a department can go on a joint visit to a caterer until the plan ends."""
    session, department = office.session, get_department(office.session, code.upper())
    parts = (
        sa.select(Item.code)
        .join(JointItemPart, JointItemPart.item_id == Item.id)
        .join(JointItem, JointItem.id == JointItemPart.joint_item_id)
        .where(JointItem.code == JOINT_ITEM, Item.department_id == department.id)
    )
    needed = set(session.scalars(parts))
    statement = sa.select(Inspector).where(
        Inspector.department_id == department.id,
        Inspector.status == InspectorStatus.ACTIVE,
        Inspector.certificate_valid_until >= office.demo.today + PERIOD,
    )
    everybody = session.scalars(statement.order_by(Inspector.id)).unique()
    return [one for one in everybody if one.all_items or needed <= {held.item_code for held in one.qualifications}]


def _shortages(office: Office, task: Task) -> Sequence[tuple[Task, Shortage]]:
    session, today = office.session, clock.today()
    visits = count_visits(session, task, on=today)
    return [(task, one) for one in list_shortages(session, task, visits=visits, on=today)]


def _borrow(office: Office, task: Task, shortage: Shortage, *, number: int) -> None:
    demo, session = office.demo, office.session
    department = get_department(session, shortage.department_code)
    lead, coordinator = office.lead(department.code.lower()), office.person("coordinator")
    request = services.ask(
        session, task, wanted=shortage.allowed, reason=REASON, region=demo.district_code, actor=lead
    )  # fmt: skip
    answer = Answer(
        area_code=AREA, lending_department=LENDER.format(name=department.name_zh.removeprefix("区")),
        granted=request.wanted, document_number=DOCUMENT.format(year=demo.today.year), document_on=clock.today(),
        note=KEPT,
    )  # fmt: skip
    services.grant(session, request, answer, proof=None, version=request.version, actor=coordinator)
    person = LentPerson(
        certificate_number=CERTIFICATE.format(number=number), name=Names(demo.random(f"lent {number}")).person(),
        certificate_valid_until=task.ends_on + timedelta(days=400), issuing_body="上海市人民政府",
        starts_on=clock.today(), ends_on=task.ends_on,
    )  # fmt: skip
    lending.enter_people(session, request, [person], actor=coordinator)
