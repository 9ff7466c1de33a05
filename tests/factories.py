"""The least valid things, made with one call each; what a test cares about is passed, the rest is filled in."""

import hashlib
from datetime import date, timedelta
from itertools import count
from typing import Any  # keyword arguments of any column

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.accounts.models import User, UserRole
from supervision.accounts.queries import actor_of
from supervision.accounts.services import HASHER
from supervision.beacons.catalogue import load_beacon_rules
from supervision.catalogue_files import FOLDER
from supervision.departments.models import Department
from supervision.entities.models import Entity, EntityType, Industry, SubDistrict
from supervision.entities.rules import EntityStatus, RiskClass
from supervision.inspectors.models import Expert, Inspector, InspectorLoan, NeighborArea, Qualification
from supervision.inspectors.rules import InspectorStatus
from supervision.items.catalogue import load_result_codes
from supervision.items.models import CheckPoint, Item, ItemList, JointItem, JointItemPart, Material, ResultCode
from supervision.items.rules import AnswerKind, ItemCategory, ListState
from supervision.parameters.catalogue import load_parameters, load_reasons
from supervision.permissions import Actor, Role
from supervision.plans.allocations import ALL, rate_allocation
from supervision.plans.models import Plan, PlanItem, PlanParticipant, PlanVersion, Task
from supervision.plans.publication import document_bytes
from supervision.plans.rules import (
    OPEN_STATES,
    Agreement,
    PlanKind,
    PlanState,
    Stratification,
    TaskSource,
    TaskState,
    TeamMode,
)
from supervision.workdays.catalogue import load_workdays

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# five digits from the first: how wide a value is must not depend on how many tests ran before
_numbers = count(10_000)
# plans and tasks have four digits
_plans, _tasks = count(1), count(1)


def make_uscc(serial: int, *, prefix: str = "91310106") -> str:
    """Return a lawful credit code (GB 32100) for ``serial``."""
    body = prefix + "MA" + "".join(ALPHABET[serial // 31**power % 31] for power in (5, 4, 3, 2, 1, 0))
    organization = body[8:16]
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(weight * (int(char, 36)) for weight, char in zip(weights, organization, strict=True))
    check = 11 - total % 11
    body += {10: "X", 11: "0"}.get(check, str(check))
    value = sum(ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return body + ALPHABET[(31 - value % 31) % 31]


class Make:
    """Makes things in one session."""

    def __init__(self, session: Session, *, password: str) -> None:
        self.session = session
        self.password = password

    def _add(self, thing: Any) -> Any:
        self.session.add(thing)
        self.session.flush()
        return thing

    def _code(self, table: type[Any], code: str, **values: Any) -> Any:
        return self.session.get(table, code) or self._add(table(code=code, **values))

    def department(self, code: str | None = None, **values: Any) -> Department:
        """A department; asking for the same code again returns the same one."""
        number = next(_numbers)
        code = code or f"T{number}"
        found = self.session.scalar(sa.select(Department).where(Department.code == code))
        return found or self._add(Department(code=code, name_zh=f"部门{code}", name_en=f"Department {code}", **values))

    def entity(self, **values: Any) -> Entity:
        """An active enterprise with a lawful credit code."""
        number = next(_numbers)
        uscc = values.pop("uscc", make_uscc(number))
        industry = values.pop("industry_code", "H6210")
        sub_district = values.pop("sub_district_code", "310106013")
        kind = values.pop("type_code", "1100")
        self._code(Industry, industry, parent=industry[:1], level=4, name_zh=f"行业{industry}")
        self._code(SubDistrict, sub_district, name_zh=f"街道{sub_district[-3:]}")
        self._code(EntityType, kind, name_zh="有限责任公司")
        now = clock.now()
        defaults: dict[str, Any] = {
            "unit_id": uscc or f"REG-{values.get('registration_number')}",
            "uscc": uscc,
            "name": f"上海试用{number}餐饮管理有限公司",
            "type_code": kind,
            "industry_code": industry,
            "sub_district_code": sub_district,
            "address": f"试用路{number}号",
            "legal_representative": "张三",
            "status": EntityStatus.ACTIVE,
            "status_since": date(2020, 1, 1),
            "registered_on": date(2020, 1, 1),
            "risk_class": RiskClass.B,
            "created_at": now,
            "updated_at": now,
        }
        return self._add(Entity(**{**defaults, **values}))

    def inspector(
        self, department: Department | None = None, *, items: tuple[str, ...] = (), **values: Any
    ) -> Inspector:
        """A certified, active inspector."""
        number, now = next(_numbers), clock.now()
        department = department or self.department()
        defaults: dict[str, Any] = {
            "certificate_number": f"09{number:09d}",
            "name": f"检查员{number}",
            "department_id": department.id,
            "certificate_valid_until": clock.today() + timedelta(days=700),
            "status": InspectorStatus.ACTIVE,
            "all_items": not items,
            "created_at": now,
            "updated_at": now,
        }
        inspector = Inspector(**{**defaults, **values})
        inspector.department = department
        inspector.qualifications = [Qualification(item_code=code) for code in items]
        return self._add(inspector)

    def area(self, code: str = "310107", **values: Any) -> NeighborArea:
        """A neighboring area; asking for the same code again returns the same one."""
        defaults = {"name_zh": "普陀区", "name_en": "Putuo District", "certainty": "default"}
        return self._code(NeighborArea, code, **{**defaults, "effective_from": date(2015, 11, 4), **values})

    def lent(self, task: Task, department: Department, **values: Any) -> Inspector:
        """An inspector whom a neighboring area lends a department for one task."""
        inspector = self.inspector(department, lent_from_code=self.area().code, **values)
        loan = InspectorLoan(
            inspector_id=inspector.id,
            task_number=task.number,
            request_number="310106-JY-2026-0001",
            starts_on=task.starts_on,
            ends_on=task.ends_on,
            created_at=clock.now(),
        )
        self._add(loan)
        return inspector

    def expert(self, department: Department | None = None, **values: Any) -> Expert:
        """An expert engaged for a long time."""
        number, now = next(_numbers), clock.now()
        department = department or self.department()
        defaults: dict[str, Any] = {
            "name": f"专家{number}",
            "organization": f"检测研究院{number}",
            "title": "高级工程师",
            "fields": "食品安全",
            "department_id": department.id,
            "engaged_until": clock.today() + timedelta(days=500),
            "status": InspectorStatus.ACTIVE,
            "created_at": now,
            "updated_at": now,
        }
        expert = Expert(**{**defaults, **values})
        expert.department = department
        return self._add(expert)

    def user(
        self, *roles: Role, department: Department | None = None, inspector: Inspector | None = None, **values: Any
    ) -> User:
        """A person holding ``roles`` who signs in with the test password."""
        number = next(_numbers)
        defaults: dict[str, Any] = {
            "username": f"user{number}",
            "name": f"用户{number}",
            "active": True,
            "created_at": clock.now(),
            "password_hash": HASHER.hash(self.password),
            "department": department,
            "department_id": department.id if department else None,
            "inspector_id": inspector.id if inspector else None,
        }
        user = User(**{**defaults, **values})
        user.role_rows = [UserRole(role=role) for role in roles]
        return self._add(user)

    def actor(self, *roles: Role, department: Department | None = None, inspector: Inspector | None = None) -> Actor:
        """The actor of a new person."""
        return actor_of(self.user(*roles, department=department, inspector=inspector))

    def catalogues(self) -> None:
        """The shipped ground data: parameters, all lists of reasons, result codes, working days; twice is once."""
        load_parameters(self.session, FOLDER)
        load_reasons(self.session, FOLDER)
        load_beacon_rules(self.session, FOLDER)
        load_result_codes(self.session, FOLDER)
        load_workdays(self.session, FOLDER)

    def result_codes(self) -> None:
        """The eight national result codes, problem flags right."""
        for code in "12345678":
            self._code(
                ResultCode,
                code,
                name_zh=f"结果{code}",
                scope="national",
                is_problem=code not in "17",
                position=int(code),
            )

    def item_list(self, **values: Any) -> ItemList:
        """The published list in force; made once per test."""
        found = self.session.scalar(sa.select(ItemList).where(ItemList.state == ListState.PUBLISHED))
        if found:
            return found
        defaults = {
            "number": next(_numbers),
            "state": ListState.PUBLISHED,
            "published_on": date(2026, 1, 5),
            "created_at": clock.now(),
            "digest": "0" * 64,
        }
        return self._add(ItemList(**{**defaults, **values}))

    def item(self, department: Department | None = None, *, points: int = 2, **values: Any) -> Item:
        """An item of the published list with check points and one material."""
        self.result_codes()
        number = next(_numbers)
        department = department or self.department()
        defaults: dict[str, Any] = {
            "list_id": self.item_list().id,
            "code": f"{department.code}-{number}",
            "department_id": department.id,
            "name_zh": f"检查事项{number}",
            "name_en": f"Item {number}",
            "object_type": "企业",
            "method": "实地核查",
            "category": ItemCategory.GENERAL,
            "legal_basis": "《试用条例》第一条",
            "ratio_bp": 500,
            "industries": ["H62"],
            "allowed_results": list("145678"),
        }
        item = Item(**{**defaults, **values})
        item.department = department
        item.check_points = [
            CheckPoint(no=no, question_zh=f"第{no}问", question_en=f"Question {no}", kind=AnswerKind.YES_NO, options=[])
            for no in range(1, points + 1)
        ]
        item.materials = [Material(no=1, name_zh="营业执照", name_en="Business licence")]
        return self._add(item)

    def joint_item(self, lead: Department, items: list[Item], **values: Any) -> JointItem:
        """A joint item of the published list."""
        number = next(_numbers)
        defaults: dict[str, Any] = {
            "list_id": self.item_list().id,
            "code": f"JOINT-{number}",
            "name_zh": f"联合检查{number}",
            "name_en": f"Joint inspection {number}",
            "lead_department_id": lead.id,
            "industries": ["H62"],
            "ratio_bp": 1000,
        }
        joint = JointItem(**{**defaults, **values})
        joint.lead_department = lead
        joint.parts = [JointItemPart(item_id=item.id, position=no) for no, item in enumerate(items, 1)]
        return self._add(joint)

    def plan(self, *items: Item, state: PlanState = PlanState.PUBLISHED, **values: Any) -> Plan:
        """A plan with one version, published unless told otherwise; the first item's department leads.

        ``values`` are those of the version; ``year`` and ``joint_item`` too.
        """
        items = items or (self.item(),)
        now, today, number = clock.now(), clock.today(), next(_plans)
        departments = list({item.department_id: item.department for item in items}.values())
        year = values.pop("year", today.year)
        plan = Plan(
            number=None if state in OPEN_STATES else f"310106{year}{number:04d}",
            year=year,
            kind=PlanKind.JOINT if len(departments) > 1 else PlanKind.DEPARTMENT,
            created_at=now,
        )
        plan.lead_department = departments[0]
        defaults: dict[str, Any] = {
            "version_no": 1,
            "state": state,
            "title": f"抽查计划{number}",
            "starts_on": date(year, 1, 1),
            "ends_on": date(year, 12, 31),
            "scope": {},
            "stratification": Stratification.NONE,
            "allocation": rate_allocation({ALL: 1000}, otherwise=1000),
            "team_mode": TeamMode.VISIT,
            "created_at": now,
        }
        version = PlanVersion(**{**defaults, **values})
        version.plan, version.item_list = plan, self.item_list()
        version.items = [PlanItem(item=item, item_id=item.id, position=no) for no, item in enumerate(items, 1)]
        version.participants = [
            PlanParticipant(
                department=one,
                department_id=one.id,
                position=no,
                is_lead=no == 1,
                per_team=2,
                agreement=Agreement.WAITING if state in OPEN_STATES and no > 1 else Agreement.AGREED,
            )
            for no, one in enumerate(departments, 1)
        ]
        self._add(plan)
        if state not in OPEN_STATES:
            content = document_bytes(version)
            version.published_json, version.digest = content.decode(), hashlib.sha256(content).hexdigest()
            version.approved_at = version.published_at = now
            self.session.flush()
        return plan

    def task(self, *items: Item, plan: Plan | None = None, **values: Any) -> Task:
        """A task being prepared under a published plan over ``items``."""
        plan = plan or self.plan(*items)
        number, today = next(_tasks), clock.today()
        defaults: dict[str, Any] = {
            "number": f"310106{today:%Y%m%d}{number:04d}",
            "source": TaskSource.ANNUAL_PLAN,
            "title": f"抽查任务{number}",
            "state": TaskState.PREPARING,
            "starts_on": today,
            "ends_on": date(today.year, 12, 31),
            "created_at": clock.now(),
        }
        task = Task(**{**defaults, **values})
        task.plan_version = plan.versions[-1]
        return self._add(task)
