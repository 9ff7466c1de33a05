"""Joint plans of caterers left open at each step, made through the services that people use."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sampling.seeds import contribution_digest
from supervision import clock
from supervision.accounts.queries import actor_of, find_user
from supervision.demo.registry import Demo
from supervision.draws.models import Draw
from supervision.draws.rules import SYSTEM
from supervision.draws.services import carry_out, commit, freeze, reveal, seal
from supervision.draws.vault import Operator
from supervision.permissions import Actor
from supervision.plans.allocations import ALL, count_allocation
from supervision.plans.drafting import draft_plan, set_allocation, set_division, set_period, set_scope, set_teams
from supervision.plans.models import PlanVersion, Task
from supervision.plans.rules import AllocationKind, Scope, Stratification, TaskSource, TeamMode
from supervision.plans.services import answer, approve, send
from supervision.plans.tasking import create_task

JOINT_ITEM = "JOINT-01"
LEAD, COOPERATING = "scjg", ("sthj", "xfjy")
PERIOD = timedelta(days=35)
LATE = (
    "joined-with-others",
    "为减少重复检查，与生态环境、消防部门原定的单独检查合并实施，方案在公布期限之后商定。",
)


@dataclass(frozen=True, slots=True)
class Opening:
    """A plan for one sub-district and how far it has come."""

    sub_district: str
    place: str
    stage: str
    count: int = 6
    groups: int | None = None
    days_ago: int = 0


OPENINGS = (
    Opening("310106006", "江宁路", "draft"),
    Opening("310106011", "石门二路", "sent"),
    Opening("310106013", "静安寺", "agreed"),
    Opening("310106014", "曹家渡", "published"),
    Opening("310106012", "南京西路", "task"),
    Opening("310106018", "共和新路", "frozen"),
    Opening("310106019", "大宁路", "sealed"),
    Opening("310106020", "彭浦新村", "committed"),
    Opening("310106101", "彭浦镇", "drawn", count=9, groups=3),
    Opening("310106017", "宝山路", "visited", count=8, days_ago=12),
)
STAGES = ("draft", "sent", "agreed", "published", "task", "frozen", "sealed", "committed", "drawn", "visited")


class Office:
    """The people who can sign in to the demonstration, acting through the services."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.operator = Operator.of(demo.district_code, demo.secret_key)

    def person(self, username: str) -> Actor:
        """Return the actor with this user name."""
        user = find_user(self.demo.session, username)
        if user is None:
            raise LookupError(username)
        return actor_of(user)

    def lead(self, department: str = LEAD) -> Actor:
        """Return the lead of a department."""
        return self.person(f"lead.{department}")

    def head(self, department: str = LEAD) -> Actor:
        """Return the head of a department."""
        return self.person(f"head.{department}")


def load(demo: Demo) -> None:
    """Carry each plan to its stage; what was drawn is handed to the step that makes the visits real."""
    office = Office(demo)
    demo.shared["open_draws"] = {}
    for opening in OPENINGS:
        day = demo.today - timedelta(days=opening.days_ago)
        with clock.at(office_hour(day)):
            draw = carry(demo, office, opening, day)
        if draw is not None:
            demo.shared["open_draws"][opening.stage] = draw.id


def office_hour(day: date) -> datetime:
    """Return nine o'clock of a day or, where that is still to come, the afternoon before: nobody works at night."""
    morning = datetime.combine(day, time(9), clock.SHANGHAI)
    return (
        morning if morning <= clock.now() else datetime.combine(day - timedelta(days=1), time(16, 30), clock.SHANGHAI)
    )


def carry(demo: Demo, office: Office, opening: Opening, day: date) -> Draw | None:
    """Carry one plan, which begins on ``day``, to its stage; return its draw if there is one."""
    reached = STAGES.index(opening.stage)
    version = _draft(demo, office, opening, day)
    if reached < STAGES.index("published"):
        _towards_publication(demo, office, version, reached)
        return None
    _towards_publication(demo, office, version, reached)
    approve(demo.session, version, region=demo.district_code, actor=office.head())
    if reached < STAGES.index("task"):
        return None
    task = create_task(
        demo.session, version, source=TaskSource.ANNUAL_PLAN, title="", period=(version.starts_on, version.ends_on),
        reason="", publish_list_before=False, region=demo.district_code, actor=office.lead(),
    )  # fmt: skip
    return _towards_draw(demo, office, task, reached) if reached > STAGES.index("task") else None


def _draft(demo: Demo, office: Office, opening: Opening, day: date) -> PlanVersion:
    session, lead = demo.session, office.lead()
    version = draft_plan(session, joint_item_code=JOINT_ITEM, actor=lead).newest
    set_period(
        session, version, title=f"{opening.place}餐饮服务单位联合检查",
        description="市场监管、生态环境、消防一次上门，一张表检查。",
        starts_on=day, ends_on=min(day + PERIOD, date(day.year, 12, 31)), late=LATE, actor=lead,
    )  # fmt: skip
    set_scope(session, version, Scope(sub_districts=(opening.sub_district,)), actor=lead)
    set_division(
        session, version, by=Stratification.NONE, kind=AllocationKind.COUNT, class_rate_replaces=False, actor=lead
    )
    set_allocation(session, version, count_allocation({ALL: opening.count}, otherwise=opening.count), actor=lead)
    mode = TeamMode.GROUP if opening.groups else TeamMode.VISIT
    set_teams(
        session, version, mode=mode, groups=(opening.groups, None), per_team={}, visit_cap=10, reserve=3,
        publish_list_before=False, actor=lead,
    )  # fmt: skip
    return version


def _towards_publication(demo: Demo, office: Office, version: PlanVersion, reached: int) -> None:
    if reached >= STAGES.index("sent"):
        send(demo.session, version, actor=office.lead())
    if reached >= STAGES.index("agreed"):
        for department in COOPERATING:
            answer(demo.session, version, agreed=True, note="", actor=office.head(department))


def _towards_draw(demo: Demo, office: Office, task: Task, reached: int) -> Draw:
    session = demo.session
    draw = freeze(session, task, actor=office.lead(), operator=office.operator)
    people = {entry.by: office.lead(entry.by.lower()) for entry in draw.contributions if entry.by != SYSTEM}
    held = {party: secrets.token_hex(32) for party in people}
    if reached >= STAGES.index("sealed"):
        for party in sorted(people):
            digest = contribution_digest(hash_name=draw.hash_name, draw=draw.number, by=party, secret=held[party])
            seal(session, draw, digest=digest, actor=people[party])
    if reached >= STAGES.index("committed"):
        commit(session, draw, actor=office.lead())
    if reached >= STAGES.index("drawn"):
        for party in sorted(people):
            reveal(session, draw, secret=held[party], actor=people[party])
        carry_out(session, draw, actor=office.lead(), operator=office.operator)
    if STAGES[reached] in {"sealed", "committed"}:
        # who carries this draw on by hand types these slips, as the parties would from paper
        demo.slips += [(draw.number, party, secret) for party, secret in sorted(held.items())]
    return draw
