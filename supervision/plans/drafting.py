"""Writing a draft, page by page. Every save is one entry in the log and makes its writer an editor of the version."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any  # allocations are JSON of the draw protocol

from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.beacons.queries import find_usable
from supervision.departments.models import Department
from supervision.errors import Conflict, Forbidden, Invalid, RuleBroken
from supervision.items.models import Item, JointItem
from supervision.items.queries import get_published_list, list_items, list_joint_items
from supervision.parameters.queries import get_number
from supervision.permissions import Actor, Permission
from supervision.plans.allocations import ALL, rate_allocation
from supervision.plans.deadlines import set_ground
from supervision.plans.models import Plan, PlanItem, PlanParticipant, PlanVersion
from supervision.plans.proposing import propose_allocation
from supervision.plans.rules import (
    FEWEST_INSPECTORS,
    Agreement,
    AllocationKind,
    DraftStep,
    PlanKind,
    PlanState,
    Scope,
    Stratification,
    TeamMode,
    check_period,
)
from supervision.plans.services import check_drafter, lock
from supervision.plans.shares import highest_ratio
from supervision.plans.tag_sealing import keep_scope

LONGEST_TITLE = 200


def draft_plan(session: Session, *, joint_item_code: str = "", item_codes: Sequence[str] = (), actor: Actor) -> Plan:
    """Begin a plan: a joint one over a joint item the own department leads, or one over items of its own."""
    if not actor.may(Permission.PLAN_DRAFT) or actor.department_id is None:
        raise Forbidden("not-lead", "Only a department lead drafts plans.")
    published, now, today = get_published_list(session), clock.now(), clock.today()
    plan = Plan(
        year=today.year,
        kind=PlanKind.JOINT if joint_item_code else PlanKind.DEPARTMENT,
        lead_department=session.get_one(Department, actor.department_id),
        created_by=actor.user_id,
        created_at=now,
    )
    version = PlanVersion(
        plan=plan,
        version_no=1,
        state=PlanState.DRAFT,
        title="",
        item_list=published,
        starts_on=today,
        ends_on=date(today.year, 12, 31),
        scope={},
        stratification=Stratification.NONE,
        allocation=rate_allocation({}, otherwise=0),
        team_mode=TeamMode.VISIT,
        reserve=get_number(session, "reserve-count", on=today),
        editors=[actor.user_id],
        drafted_by=actor.user_id,
        created_at=now,
    )
    _choose(session, version, joint_item_code=joint_item_code, item_codes=item_codes)
    version.title = (version.joint_item.name_zh if version.joint_item else version.items[0].item.name_zh)[
        :LONGEST_TITLE
    ]
    version.allocation = rate_allocation({ALL: highest_ratio(version)}, otherwise=highest_ratio(version))
    session.add(plan)
    session.flush()
    details = {"version": 1, "items": [row.item.code for row in version.items]}
    record(session, Event.PLAN_DRAFTED, actor=actor, subject=("plan", plan.id), details=details)
    return plan


def set_items(
    session: Session,
    version: PlanVersion,
    *,
    joint_item_code: str = "",
    item_codes: Sequence[str] = (),
    actor: Actor,
) -> None:
    """Choose the items anew, always from the list version now in force."""
    _begin(session, version, actor=actor)
    if bool(joint_item_code) != (version.plan.kind is PlanKind.JOINT):
        raise Invalid("plan-kind", "A plan stays joint or stays the department's own.", field="joint_item")
    version.item_list = get_published_list(session)
    _choose(session, version, joint_item_code=joint_item_code, item_codes=item_codes)
    _saved(session, version, DraftStep.ITEMS, actor=actor, items=[row.item.code for row in version.items])


def _choose(session: Session, version: PlanVersion, *, joint_item_code: str, item_codes: Sequence[str]) -> None:
    lead = version.plan.lead_department
    if joint_item_code:
        joint = _joint_item(session, version.item_list.id, joint_item_code, lead=lead)
        items = [part.item for part in joint.parts]
    else:
        joint, items = None, _own_items(session, version.item_list.id, item_codes, lead=lead)
    if suspended := [item.code for item in items if item.suspended]:
        raise RuleBroken("item-suspended", "The item %(item)s is suspended.", rule="R-1.01", item=suspended[0])
    version.joint_item = joint
    _replace_items(version, items)
    _replace_participants(version, items, lead=lead)


def _joint_item(session: Session, list_id: int, code: str, *, lead: Department) -> JointItem:
    led = (one for one in list_joint_items(session, list_id) if one.lead_department_id == lead.id)
    found = next((one for one in led if one.code == code), None)
    if found is None:
        raise RuleBroken(
            "joint-item-unlisted",
            "Choose a joint item of the published list that your department leads.",
            rule="R-1.01",
        )
    return found


def _own_items(session: Session, list_id: int, codes: Sequence[str], *, lead: Department) -> list[Item]:
    if not codes:
        raise Invalid("no-items", "Choose at least one item of the list.", field="items")
    wanted = set(codes)
    found = list_items(session, list_id, department_id=lead.id, codes=wanted, with_suspended=True)
    if missing := wanted - {item.code for item in found}:
        raise RuleBroken(
            "item-unlisted",
            "%(item)s is not an item of your department in the published list. Only listed items may be inspected.",
            rule="R-1.01",
            item=min(missing),
        )
    return list(found)


def _replace_items(version: PlanVersion, items: Sequence[Item]) -> None:
    known = {row.item_id: row for row in version.items}
    version.items = [known.get(item.id) or PlanItem(item=item) for item in items]
    for position, row in enumerate(version.items, 1):
        row.position = position


def _replace_participants(version: PlanVersion, items: Sequence[Item], *, lead: Department) -> None:
    departments = {lead.id: lead, **{item.department_id: item.department for item in items}}
    known = {row.department_id: row for row in version.participants}
    version.participants = [
        known.get(one.id)
        or PlanParticipant(
            department=one, is_lead=one.id == lead.id, per_team=FEWEST_INSPECTORS, agreement=Agreement.WAITING
        )
        for one in departments.values()
    ]
    for position, row in enumerate(version.participants, 1):
        row.position = position
        least = [item.min_inspectors for item in items if item.department_id == row.department.id]
        row.per_team = max([row.per_team, *least])


def set_period(
    session: Session,
    version: PlanVersion,
    *,
    title: str,
    description: str,
    starts_on: date,
    ends_on: date,
    late: tuple[str, str] = ("", ""),
    actor: Actor,
) -> None:
    """Set title, description and period, and why it comes late; the year is fixed once the plan has a number."""
    _begin(session, version, actor=actor)
    if not title:
        raise Invalid("no-title", "Give the plan a title.", field="title")
    check_period(starts_on, ends_on)
    if version.plan.number is not None and starts_on.year != version.plan.year:
        raise Invalid(
            "year-fixed",
            "The plan is numbered in %(year)s; its period stays in that year.",
            field="starts_on",
            year=version.plan.year,
        )
    version.plan.year = starts_on.year
    version.title, version.description = title[:LONGEST_TITLE], description
    version.starts_on, version.ends_on = starts_on, ends_on
    set_ground(session, version, *late)
    period = [starts_on.isoformat(), ends_on.isoformat()]
    _saved(session, version, DraftStep.PERIOD, actor=actor, period=period, late_ground=version.late_ground)


def set_scope(session: Session, version: PlanVersion, scope: Scope, *, actor: Actor) -> None:
    """Set who the plan speaks of (R-1.11)."""
    _begin(session, version, actor=actor)
    keep_scope(session, version, scope)
    _saved(session, version, DraftStep.SCOPE, actor=actor, scope=version.scope)


def set_division(
    session: Session,
    version: PlanVersion,
    *,
    by: Stratification,
    kind: AllocationKind,
    class_rate_replaces: bool,
    actor: Actor,
) -> None:
    """Set how the pool is divided and the number fixed; when either changes, numbers are proposed anew."""
    _begin(session, version, actor=actor)
    replaces = class_rate_replaces and by is Stratification.RISK
    before = (version.stratification, version.allocation["kind"], version.class_rate_replaces)
    version.stratification, version.class_rate_replaces = by, replaces
    if before != (by, kind.value, replaces):
        version.allocation = propose_allocation(session, version, kind=kind, on=clock.today())
    _saved(session, version, DraftStep.DIVISION, actor=actor, by=by.value, kind=kind.value, replaces=replaces)


def set_allocation(session: Session, version: PlanVersion, allocation: dict[str, Any], *, actor: Actor) -> None:
    """Set the numbers themselves, as made by the functions of ``allocations``."""
    _begin(session, version, actor=actor)
    version.allocation = allocation
    _saved(session, version, DraftStep.NUMBERS, actor=actor, allocation=allocation)


def set_teams(
    session: Session,
    version: PlanVersion,
    *,
    mode: TeamMode,
    groups: tuple[int | None, int | None],
    per_team: Mapping[str, int],
    visit_cap: int,
    reserve: int,
    publish_list_before: bool,
    beacon: str | None = None,
    actor: Actor,
) -> None:
    """Set how inspectors are drawn; ``groups`` is (number, capacity), ``per_team`` by department code (R-1.20).

    ``beacon`` is the code of the rule for the public value, empty for the reveal form, None to leave it.
    """
    _begin(session, version, actor=actor)
    if mode is TeamMode.GROUP and not groups[0]:
        raise Invalid("no-groups", "Say how many groups there shall be.", field="group_count")
    for row in version.participants:
        number = per_team.get(row.department.code, row.per_team)
        if number < FEWEST_INSPECTORS:
            raise RuleBroken(
                "two-inspectors", "Each department sends at least two inspectors to every team.", rule="R-1.20"
            )
        row.per_team = number
    version.team_mode = mode
    version.group_count, version.group_capacity = groups if mode is TeamMode.GROUP else (None, None)
    version.visit_cap, version.reserve, version.publish_list_before = visit_cap, reserve, publish_list_before
    if beacon is not None:
        version.beacon_rule = _beacon_rule(session, beacon)
    rule = {"beacon_rule": version.beacon_rule} if version.beacon_rule else {}
    _saved(session, version, DraftStep.TEAMS, actor=actor, mode=mode.value, per_team=dict(per_team), **rule)


def _beacon_rule(session: Session, code: str) -> str:
    """Return the identifier of the version of a rule that is in force today; empty for the reveal form."""
    if not code:
        return ""
    found = find_usable(session, code, on=clock.today())
    if found is None:
        raise Invalid("beacon-unusable", "This source cannot be used here. Choose another.", field="beacon")
    return found.identifier


def _begin(session: Session, version: PlanVersion, *, actor: Actor) -> None:
    check_drafter(version, actor=actor)
    lock(session, version)
    if version.state is not PlanState.DRAFT:
        raise Conflict(
            "not-draft", "The plan has been sent and cannot be edited. Take it back or begin a new version first."
        )


def _saved(session: Session, version: PlanVersion, step: DraftStep, *, actor: Actor, **details: object) -> None:
    if actor.user_id is not None and actor.user_id not in version.editors:
        version.editors = [*version.editors, actor.user_id]
    session.flush()
    values = {"version": version.version_no, "step": step.value, **details}
    record(session, Event.PLAN_CHANGED, actor=actor, subject=("plan", version.plan_id), details=values)
