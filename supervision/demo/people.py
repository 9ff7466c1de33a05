"""1,637 users, about 600 of them certified inspectors; a few of them can sign in."""

import random
import secrets
import string
from datetime import timedelta
from typing import Any  # rows for bulk inserts

import sqlalchemy as sa

from supervision import clock
from supervision.accounts.models import User, UserRole
from supervision.accounts.services import HASHER
from supervision.db import insert_many
from supervision.demo.campaigns import campaigns
from supervision.demo.registry import WORDS, Demo
from supervision.departments.models import Department
from supervision.entities.names import name_keys
from supervision.inspectors.models import Inspector, Qualification
from supervision.inspectors.rules import InspectorStatus
from supervision.items.models import Item, JointItem, JointItemPart
from supervision.permissions import Role

USERS, INSPECTORS = 1637, 600
UNCERTIFIED_SHARE = 0.08
# every department can send two teams, and replace somebody
SMALLEST_DEPARTMENT = 10
# who can sign in to the demonstration: user name, role, department
SIGN_INS = (
    ("lead.scjg", Role.LEAD, "SCJG"),
    ("head.scjg", Role.HEAD, "SCJG"),
    ("lead.sthj", Role.LEAD, "STHJ"),
    ("head.sthj", Role.HEAD, "STHJ"),
    ("lead.xfjy", Role.LEAD, "XFJY"),
    ("head.xfjy", Role.HEAD, "XFJY"),
    ("reviewer.scjg", Role.REVIEWER, "SCJG"),
    ("case.scjg", Role.CASE_OFFICER, "SCJG"),
    ("case.sthj", Role.CASE_OFFICER, "STHJ"),
    ("case.xfjy", Role.CASE_OFFICER, "XFJY"),
    ("lead.fgw", Role.LEAD, "FGW"),
    ("lead.czj", Role.LEAD, "CZJ"),
    ("coordinator", Role.COORDINATOR, "SCJG"),
    ("oversight", Role.OVERSIGHT, "SFJ"),
    ("system.admin", Role.SYSTEM_ADMIN, "SJJ"),
    ("security.admin", Role.SECURITY_ADMIN, "SJJ"),
    ("audit.admin", Role.AUDIT_ADMIN, "SFJ"),
)


class Names:
    """Invented personal names, two given characters each so that they match nobody well known."""

    def __init__(self, source: random.Random) -> None:
        self.source = source
        self.surnames = (WORDS / "surnames.txt").read_text(encoding="utf-8").split()
        self.characters = (WORDS / "given_characters.txt").read_text(encoding="utf-8").split()

    def person(self) -> str:
        """Return a name."""
        return self.source.choice(self.surnames) + "".join(self.source.sample(self.characters, 2))


def load(demo: Demo) -> None:
    """Make inspectors, then users; the printed sign-ins are made last with passwords of their own."""
    source = demo.random("people")
    names = Names(source)
    inspectors = _inspectors(demo, source, names)
    _users(demo, source, names, inspectors)
    demo.session.flush()


def _inspectors(demo: Demo, source: random.Random, names: Names) -> list[dict[str, Any]]:
    items: dict[int, list[str]] = {}
    for row in demo.session.execute(sa.select(Item.department_id, Item.code).order_by(Item.code)):
        items.setdefault(row.department_id, []).append(row.code)
    weights = {department: 4 + 2 * len(codes) for department, codes in items.items()}
    fewest = _fewest(demo, list(weights))
    departments = [d for d, weight in weights.items() for _ in range(round(weight / sum(weights.values()) * 10_000))]
    rows, qualifications = [], []
    certified = max(demo.amount(INSPECTORS), sum(fewest.values()))
    extra = round(certified * UNCERTIFIED_SHARE)
    # every department gets a working minimum before the rest is spread by the number of its items
    order = [department for department, number in fewest.items() for _ in range(number)]
    order += [source.choice(departments) for _ in range(max(0, certified + extra - len(order)))]
    now = clock.now()
    for number, department in enumerate(order, 1):
        name = names.person()
        sort_key, initials = name_keys(name)
        lapsed = number > certified
        codes = items[department]
        everything = number <= sum(fewest.values()) or source.random() < 0.3
        rows.append({
            "id": number, "certificate_number": f"09{310106000 + number:09d}",
            "certificate_valid_until": demo.today + timedelta(
                days=-source.randrange(10, 300) if lapsed else source.randrange(40, 1500)),
            "issuing_body": "上海市人民政府", "name": name, "sort_key": sort_key, "initials": initials,
            "department_id": department, "post": source.choice(("执法队员", "科员", "主任科员", "副科长")),
            "status": InspectorStatus.SUSPENDED if lapsed and number % 3 == 0 else InspectorStatus.ACTIVE,
            "all_items": everything, "version": 1, "created_at": now, "updated_at": now,
        })  # fmt: skip
        if not everything:
            chosen = source.sample(codes, max(1, round(len(codes) * source.uniform(0.5, 1))))
            qualifications += [{"inspector_id": number, "item_code": code} for code in sorted(chosen)]
    insert_many(demo.session, Inspector, rows)
    insert_many(demo.session, Qualification, qualifications)
    demo.shared["inspectors"] = rows
    return rows


def _fewest(demo: Demo, departments: list[int]) -> dict[int, int]:
    """Return how many inspectors each department has at least: those of joint campaigns fill two places a group."""
    fewest = dict.fromkeys(departments, SMALLEST_DEPARTMENT)
    statement = sa.select(JointItem.code, Item.department_id).join(JointItem.parts).join(JointItemPart.item)
    parts = demo.session.execute(statement).all()
    for campaign in campaigns(demo.scale):
        for code, department in parts:
            if code == campaign.code and campaign.groups:
                fewest[department] = max(fewest[department], 2 * campaign.groups + 6)
    return fewest


def _users(demo: Demo, source: random.Random, names: Names, inspectors: list[dict[str, Any]]) -> None:
    now = clock.now()
    departments = list(demo.session.scalars(sa.select(Department).order_by(Department.id)))
    rows: list[dict[str, Any]] = []
    roles: list[dict[str, Any]] = []

    def add(name: str, department_id: int, inspector_id: int | None, *held: Role) -> None:
        number = len(rows) + 1
        rows.append({
            "id": number, "username": f"u{number:05d}", "name": name, "department_id": department_id,
            "inspector_id": inspector_id, "active": True, "failed_attempts": 0, "must_change_password": False,
            "created_at": now, "password_hash": None,
        })  # fmt: skip
        roles.extend({"user_id": number, "role": role} for role in held)

    for inspector in inspectors:
        add(inspector["name"], inspector["department_id"], inspector["id"], Role.INSPECTOR)
    rest = max(len(departments) * 3, demo.amount(USERS) - len(rows) - len(SIGN_INS))
    for number in range(rest):
        department = departments[number % len(departments)]
        turn = number // len(departments)
        role = (Role.HEAD, Role.REVIEWER, Role.LEAD)[turn] if turn < 3 else source.choice(
            (Role.LEAD, Role.LEAD, Role.LEAD, Role.REVIEWER))  # fmt: skip
        add(names.person(), department.id, None, role)
    insert_many(demo.session, User, rows)
    insert_many(demo.session, UserRole, roles)
    by_code = {department.code: department for department in departments}
    for username, role, code in SIGN_INS:
        user = User(username=username, name=names.person(), department_id=by_code[code].id, active=True, created_at=now)
        user.role_rows = [UserRole(role=role)]
        demo.session.add(user)
        give_password(demo, user, role, by_code[code])
    demo.session.flush()


def give_password(demo: Demo, user: User, role: Role, department: Department) -> None:
    """Give ``user`` a generated password and note it for the printed list."""
    password = "-".join("".join(secrets.choice(string.ascii_lowercase) for _ in range(4)) for _ in range(2))
    password += f"-{secrets.choice(string.ascii_uppercase)}{secrets.randbelow(9000) + 1000}"
    user.password_hash = HASHER.hash(password)
    demo.sign_ins.append((user.username, password, role.label, department.name_zh))
