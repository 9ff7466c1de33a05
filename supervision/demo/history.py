"""Past plans, tasks and draws, each drawn by the real engine and leaving its verifiable bundle."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from typing import Any  # rows for bulk inserts

import sqlalchemy as sa

from sampling.seeds import contribution_digest
from supervision import clock
from supervision.accounts.models import User, UserRole
from supervision.accounts.queries import actor_of
from supervision.db import insert_many
from supervision.demo.campaigns import SINGLE_RATE_BP, Campaign, campaigns
from supervision.demo.registry import Demo
from supervision.draws.models import Draw
from supervision.draws.rules import OVERSIGHT, SYSTEM
from supervision.draws.services.contributing import commit, reveal, seal
from supervision.draws.services.drawing import carry_out
from supervision.draws.services.freezing import freeze_pool
from supervision.draws.vault import Operator
from supervision.entities.models import EntityTag, Tag
from supervision.entities.rules import EntityStatus
from supervision.items.models import Item, JointItem
from supervision.items.queries import get_published_list
from supervision.items.rules import industry_matches
from supervision.permissions import Actor, Role
from supervision.plans.allocations import ALL, count_allocation, numbers_drawn, rate_allocation
from supervision.plans.models import Plan, PlanItem, PlanParticipant, PlanVersion, Task
from supervision.plans.pools import Pool
from supervision.plans.publication import document_bytes
from supervision.plans.rules import (
    Agreement,
    PlanKind,
    PlanState,
    Scope,
    Stratification,
    TaskSource,
    TaskState,
    TeamMode,
    plan_number,
    task_number,
)
from supervision.plans.serials import next_serial

MORNING = time(9, 30)
PERIOD = timedelta(days=30)
PER_TEAM = 2


class People:
    """Who acted for each department in the past: the first head and lead, and oversight's reviewer of draws."""

    def __init__(self, demo: Demo) -> None:
        statement = sa.select(User).join(UserRole).where(UserRole.role.in_((Role.LEAD, Role.OVERSIGHT)))
        self.leads: dict[str, Actor] = {}
        for user in demo.session.scalars(statement.order_by(User.id)).unique():
            role = OVERSIGHT if Role.OVERSIGHT in user.roles else ""
            self.leads.setdefault(role or (user.department.code if user.department else ""), actor_of(user))

    def of(self, party: str) -> Actor:
        """Return who contributes for a party of a draw."""
        return self.leads[party]


def load(demo: Demo) -> None:
    """Publish and draw every campaign in the order of its day."""
    people = People(demo)
    operator = Operator.of(demo.district_code, demo.secret_key)
    used: set[int] = set()
    done, missing = [], 0
    for campaign in campaigns(demo.scale):
        day = demo.today - timedelta(days=campaign.days_ago)
        with clock.at(datetime.combine(day, MORNING, clock.SHANGHAI)):
            version = _plan(demo, campaign, day)
            pool = _pool(demo, campaign, version, size=campaign.pool + missing, day=day, used=used)
            missing += campaign.pool - len(pool.frame)
            version.expected_pool = len(pool.frame)
            version.planned_visits = sum(numbers_drawn(version.allocation, pool.strata).values())
            _publish(version)
            task = _task(demo, version, day)
            draw = _draw(demo, task, pool, people=people, operator=operator)
        done.append((draw.id, day))
    demo.shared["past_draws"] = done


def _plan(demo: Demo, campaign: Campaign, day: date) -> PlanVersion:
    session = demo.session
    listed = get_published_list(session)
    joint = _joint_item(demo, listed.id, campaign.code)
    items = [part.item for part in joint.parts] if joint else [_item(demo, listed.id, campaign.code)]
    lead = joint.lead_department if joint else items[0].department
    plan = Plan(
        number=plan_number(demo.district_code, day.year, next_serial(session, f"plan:{demo.district_code}{day.year}")),
        year=day.year, kind=PlanKind.JOINT if joint else PlanKind.DEPARTMENT, lead_department_id=lead.id,
        created_at=clock.now(),
    )  # fmt: skip
    plan.lead_department = lead
    allocation = (
        count_allocation({ALL: campaign.count}, otherwise=campaign.count)
        if campaign.count
        else rate_allocation({ALL: SINGLE_RATE_BP}, otherwise=SINGLE_RATE_BP)
    )
    name = joint.name_zh if joint else items[0].name_zh
    version = PlanVersion(
        version_no=1, state=PlanState.PUBLISHED, title=f"{day.year}年{name}", item_list_id=listed.id,
        joint_item_id=joint.id if joint else None, starts_on=day, ends_on=day + PERIOD + timedelta(days=15),
        scope=Scope(tags=(campaign.tag,)).to_json(), stratification=Stratification.NONE, allocation=allocation,
        team_mode=TeamMode.GROUP if campaign.groups else TeamMode.VISIT, group_count=campaign.groups,
        visit_cap=10, reserve=3, description="", change_reason="", class_rate_replaces=False, publish_list_before=False,
        beacon_rule="", approved_at=clock.now(), published_at=clock.now(), created_at=clock.now(),
    )  # fmt: skip
    version.plan, version.item_list, version.joint_item = plan, listed, joint
    departments = {item.department_id: item.department for item in items}
    order = [lead.id, *(one for one in departments if one != lead.id)]
    version.participants = [
        PlanParticipant(department=departments[one], department_id=one, position=place, is_lead=one == lead.id,
                        per_team=PER_TEAM, agreement=Agreement.AGREED)
        for place, one in enumerate(order)
    ]  # fmt: skip
    version.items = [PlanItem(item=item, item_id=item.id, position=place) for place, item in enumerate(items)]
    return version


def _joint_item(demo: Demo, list_id: int, code: str) -> JointItem | None:
    return demo.session.scalar(sa.select(JointItem).where(JointItem.list_id == list_id, JointItem.code == code))


def _item(demo: Demo, list_id: int, code: str) -> Item:
    return demo.session.scalars(sa.select(Item).where(Item.list_id == list_id, Item.code == code)).one()


def _publish(version: PlanVersion) -> None:
    content = document_bytes(version)
    version.published_json, version.digest = content.decode(), hashlib.sha256(content).hexdigest()


def _pool(demo: Demo, campaign: Campaign, version: PlanVersion, *, size: int, day: date, used: set[int]) -> Pool:
    """Tag ``size`` entities, or all that fit; everybody else registered by that day is outside the plan's scope.

    What a rare trade lacks the next pool makes up for, so that the pools hold the district's number together.
    """
    fitting = [row for row in _active_in(demo, _prefixes(version)) if row[0] not in used and row[6] < day]
    chosen = sorted(demo.random(campaign.tag).sample(fitting, min(size, len(fitting))))
    used.update(row[0] for row in chosen)
    demo.session.add(
        Tag(
            code=campaign.tag,
            name_zh=f"{campaign.code}抽查对象库",
            name_en=f"Object library {campaign.code}",
            public=True,
        )
    )
    demo.session.flush()
    insert_many(demo.session, EntityTag, _tags(chosen, campaign.tag))
    inside = {row[0] for row in chosen}
    by_unit = demo.shared.setdefault("entities by unit", sorted(demo.shared["entities"], key=itemgetter(1)))
    frame, excluded = [], []
    for row in by_unit:
        if row[6] < day:
            if row[0] in inside:
                frame.append((row[1], ALL))
            else:
                excluded.append((row[1], "scope"))
    return Pool(registered=len(frame) + len(excluded), frame=frame, excluded=excluded)


def _active_in(demo: Demo, prefix_sets: Sequence[tuple[str, ...]]) -> list[Any]:
    """Return the active entities of the trades that all of the plan's departments inspect."""
    by_trade: dict[str, list[Any]] = demo.shared.setdefault("active by trade", {})
    if not by_trade:
        for row in demo.shared["entities"]:
            if row[4] is EntityStatus.ACTIVE:
                by_trade.setdefault(row[2], []).append(row)
    trades = sorted(code for code in by_trade if all(industry_matches(prefixes, code) for prefixes in prefix_sets))
    return [row for trade in trades for row in by_trade[trade]]


def _prefixes(version: PlanVersion) -> list[tuple[str, ...]]:
    by_department: dict[int, list[str]] = {}
    for row in version.items:
        by_department.setdefault(row.item.department_id, []).extend(row.item.industries)
    joint = version.joint_item.industries if version.joint_item else []
    return [tuple(prefixes) for prefixes in (*by_department.values(), joint) if prefixes]


def _tags(rows: Sequence[Any], tag: str) -> list[dict[str, Any]]:
    return [{"entity_id": row[0], "tag_code": tag} for row in rows]


def _task(demo: Demo, version: PlanVersion, day: date) -> Task:
    series = f"task:{demo.district_code}{day:%Y%m%d}"
    task = Task(
        number=task_number(demo.district_code, day, next_serial(demo.session, series)), plan_version=version,
        source=TaskSource.ANNUAL_PLAN, title=version.title, state=TaskState.PREPARING, starts_on=day,
        ends_on=day + PERIOD, created_at=clock.now(),
    )  # fmt: skip
    demo.session.add(task)
    demo.session.flush()
    return task


def _draw(demo: Demo, task: Task, pool: Pool, *, people: People, operator: Operator) -> Draw:
    session = demo.session
    lead = people.of(task.plan_version.plan.lead_department.code)
    draw = freeze_pool(session, task, pool, actor=lead, operator=operator)
    parties = [entry.by for entry in draw.contributions if entry.by != SYSTEM]
    held = {party: secrets.token_hex(32) for party in parties}
    for party, secret in held.items():
        digest = contribution_digest(hash_name=draw.hash_name, draw=draw.number, by=party, secret=secret)
        seal(session, draw, digest=digest, actor=people.of(party))
    commit(session, draw, actor=lead)
    for party, secret in held.items():
        reveal(session, draw, secret=secret, actor=people.of(party))
    return carry_out(session, draw, actor=lead, operator=operator)
