"""The people of the demonstration at work: one plan and its draw carried step by step through the services."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sampling.seeds import contribution_digest
from supervision import clock
from supervision.accounts.queries import actor_of, find_user
from supervision.demo.registry import Demo
from supervision.draws.models import Draw
from supervision.draws.rules import OVERSIGHT, SYSTEM
from supervision.draws.services import carry_out, commit, freeze, reveal, seal
from supervision.draws.vault import Operator
from supervision.draws.witness_rules import is_witness
from supervision.permissions import Actor
from supervision.plans.allocations import ALL, count_allocation
from supervision.plans.drafting import draft_plan, set_allocation, set_period, set_scope, set_teams
from supervision.plans.models import PlanVersion, Task
from supervision.plans.rules import Scope, TaskSource, TeamMode
from supervision.plans.services import answer, approve, send
from supervision.plans.tasking import create_task

JOINT_ITEM = "JOINT-01"
LEAD, COOPERATING = "scjg", ("sthj", "xfjy")
LATE = (
    "joined-with-others",
    "为减少重复检查，与生态环境、消防部门原定的单独检查合并实施，方案在公布期限之后商定。",
)


@dataclass(frozen=True, slots=True)
class Order:
    """What a joint plan of caterers is to be: its scope, its days and how it draws."""

    title: str
    scope: Scope
    starts_on: date
    ends_on: date
    count: int = 6
    groups: int | None = None
    # code of the rule by which a public value is mixed into the draw; empty: the parties reveal their secrets
    beacon: str = ""


class Office:
    """The people who can sign in to the demonstration, acting through the services."""

    def __init__(self, demo: Demo, *, of: str = LEAD) -> None:
        """``of`` is the department that leads its plans."""
        self.demo, self.session, self.of = demo, demo.session, of
        self.operator = Operator.of(demo.district_code, demo.secret_key)

    def person(self, username: str) -> Actor:
        """Return the actor with this user name."""
        user = find_user(self.session, username)
        if user is None:
            raise LookupError(username)
        return actor_of(user)

    def lead(self, department: str = "") -> Actor:
        """Return the lead of a department."""
        return self.person(f"lead.{department or self.of}")

    def head(self, department: str = "") -> Actor:
        """Return the head of a department."""
        return self.person(f"head.{department or self.of}")

    def oversight(self) -> Actor:
        """Return the one of enforcement oversight."""
        return self.person("oversight")

    def publisher(self, party: str) -> Actor:
        """Return who acts for a party: the lead of a department, or oversight."""
        return self.oversight() if party == OVERSIGHT else self.lead(party.lower())

    def draft(self, order: Order) -> PlanVersion:
        """Draft a plan page by page; its pool is not divided, as in every new draft."""
        session, lead = self.session, self.lead()
        version = draft_plan(session, joint_item_code=JOINT_ITEM, actor=lead).newest
        set_period(
            session, version, title=order.title, description="市场监管、生态环境、消防一次上门，一张表检查。",
            starts_on=order.starts_on, ends_on=min(order.ends_on, date(order.starts_on.year, 12, 31)),
            late=LATE, actor=lead,
        )  # fmt: skip
        set_scope(session, version, order.scope, actor=lead)
        set_allocation(session, version, count_allocation({ALL: order.count}, otherwise=order.count), actor=lead)
        set_teams(
            session, version, mode=TeamMode.GROUP if order.groups else TeamMode.VISIT, groups=(order.groups, None),
            per_team={}, visit_cap=10, reserve=3, publish_list_before=False, beacon=order.beacon, actor=lead,
        )  # fmt: skip
        return version

    def send(self, version: PlanVersion) -> None:
        """Send a draft to the cooperating departments."""
        send(self.session, version, actor=self.lead())

    def agree(self, version: PlanVersion) -> None:
        """Let the cooperating departments agree."""
        for department in COOPERATING:
            answer(self.session, version, agreed=True, note="", actor=self.head(department))

    def approve(self, version: PlanVersion) -> None:
        """Let the head approve: the plan is published."""
        approve(self.session, version, region=self.demo.district_code, actor=self.head())

    def task(self, version: PlanVersion) -> Task:
        """Make the task of the plan's whole period."""
        return create_task(
            self.session, version, source=TaskSource.ANNUAL_PLAN, title="", period=(version.starts_on, version.ends_on),
            reason="", publish_list_before=False, region=self.demo.district_code, actor=self.lead(),
        )  # fmt: skip

    def ordered(self, order: Order) -> Task:
        """Carry a plan from its draft to its task."""
        version = self.draft(order)
        self.send(version)
        self.agree(version)
        self.approve(version)
        return self.task(version)

    def freeze(self, task: Task) -> Draw:
        """Freeze the pool of a task."""
        return freeze(self.session, task, actor=self.lead(), operator=self.operator)

    def seal(self, draw: Draw) -> dict[str, str]:
        """Let every body seal a secret, handed over with it where a public value decides; return the secrets."""
        bodies = sorted(one.by for one in draw.contributions if one.by != SYSTEM and not is_witness(one.by))
        held = {party: secrets.token_hex(32) for party in bodies}
        for party, secret in held.items():
            digest, kept = digest_of(draw, party, secret), secret if draw.beacon_rule else ""
            seal(self.session, draw, digest=digest, secret=kept, actor=self.publisher(party))
        return held

    def commit_draw(self, draw: Draw) -> None:
        """Commit: files and digests are fixed in public."""
        commit(self.session, draw, actor=self.lead())

    def reveal(self, draw: Draw, held: Mapping[str, str], parties: Iterable[str] = ()) -> None:
        """Let the parties named reveal, or all."""
        for party in sorted(parties or held):
            reveal(self.session, draw, secret=held[party], actor=self.publisher(party))

    def carry_out(self, draw: Draw) -> None:
        """Let the machine draw."""
        carry_out(self.session, draw, actor=self.lead(), operator=self.operator)

    def drawn(self, task: Task) -> Draw:
        """Carry a task whose parties reveal from the freeze to its sealed result."""
        draw = self.freeze(task)
        held = self.seal(draw)
        self.commit_draw(draw)
        self.reveal(draw, held)
        self.carry_out(draw)
        return draw


def digest_of(draw: Draw, party: str, secret: str) -> str:
    """Return what a party seals."""
    return contribution_digest(hash_name=draw.hash_name, draw=draw.number, by=party, secret=secret)


def office_hour(day: date) -> datetime:
    """Return nine o'clock of a day or, where that is still to come, the afternoon before: nobody works at night."""
    morning = moment_on(day, 9)
    return morning if morning <= clock.now() else moment_on(day - timedelta(days=1), 16, 30)


def moment_on(day: date, hour: int, minute: int = 0) -> datetime:
    """Return a moment of a day as the district's clocks show it."""
    return datetime.combine(day, time(hour, minute), clock.SHANGHAI)
