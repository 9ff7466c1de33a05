"""Demonstration: enterprises visited too often, two inspections that could go together, second looks, an archive."""

import json
from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa
from flask import current_app

from joint_inspections.archive.rules import PackageKind
from joint_inspections.archive.services import make_package
from joint_inspections.codes.rules import Quarter
from joint_inspections.collected.models import CollectedInspection
from joint_inspections.encounters.queries import find_matches
from joint_inspections.encounters.services import let_frequent_pass, offer_together
from joint_inspections.second_looks.choosing import digest_of_secret, freeze_round, new_secret, open_number, seal_number
from joint_inspections.second_looks.models import SecondLookRound
from joint_inspections.second_looks.queries import first_version, list_finished, list_possible_reviewers
from joint_inspections.second_looks.rules import Judged, judged_items
from joint_inspections.second_looks.services import assign_reviewer, hand_in_desk
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import BEFORE_VISIT, week_end
from supervision import clock
from supervision.accounts.queries import actor_of
from supervision.db import insert_many
from supervision.demo.office import LATE, Office, office_hour
from supervision.demo.registry import Demo
from supervision.departments.models import Department
from supervision.draws.models import Draw
from supervision.draws.rules import body_of
from supervision.entities.models import EntityTag, Tag
from supervision.items.models import Item
from supervision.items.rules import industry_matches
from supervision.plans.allocations import ALL, count_allocation
from supervision.plans.drafting import draft_plan, set_allocation, set_period, set_scope, set_teams
from supervision.plans.models import Task
from supervision.plans.rules import Scope, TaskSource, TeamMode
from supervision.plans.services import approve, send
from supervision.plans.tasking import create_task
from supervision.workdays.queries import get_calendar

GAS = "gas-users"
COMPANION = "xfjy"
# departments whose own systems reported checks of an enterprise, and how many days ago
REPORTED = (("WSJK", 0), ("STHJ", 2), ("YJGL", 5))
LET_PASS = ("superior-order", "市级部署的食品安全专项，检查日期不能调整。")
OFFER = "贵队对同一单位也有检查任务，建议同日一次上门，合并检查。"
NOTE = "照片看不清标签上的日期。"
QUARTERS_BACK = 8


def load(demo: Demo) -> None:
    """Make every room that looks at several visits show something."""
    demo.session.expire_all()
    with clock.at(office_hour(demo.today)):
        _crowd(demo)
        _together(demo)
        _second_looks(demo)
        visit = demo.session.get_one(Visit, demo.shared["doorsteps"]["archived"])
        names = {"zh": current_app.config["DISTRICT_NAME_ZH"], "en": current_app.config["DISTRICT_NAME_EN"]}
        for kind in PackageKind:
            make_package(demo.session, visit, kind, district=names, actor=Office(demo).lead())


def _of_today(demo: Demo) -> list[Visit]:
    """Return two visits of the team that goes out today; of another team's where the lots left it fewer."""
    draws = demo.shared["open_draws"]
    statement = sa.select(Visit).where(
        Visit.draw_id.in_((draws["drawn"], draws["visited"])), Visit.planned_on == demo.today,
        Visit.state.in_(BEFORE_VISIT),
    )  # fmt: skip
    order = (Visit.draw_id != draws["drawn"], Visit.team, Visit.id)
    return list(demo.session.scalars(statement.order_by(*order).limit(2)))


def _crowd(demo: Demo) -> None:
    """Other departments reported checks of two enterprises of today; oversight lets one of the visits pass."""
    session = demo.session
    visits = _of_today(demo)
    bodies = {one.code: one for one in session.scalars(sa.select(Department))}
    items = {one.department_id: one for one in session.scalars(sa.select(Item).order_by(Item.id.desc()))}
    number = session.scalar(sa.select(sa.func.max(CollectedInspection.id))) or 0
    rows = []
    for visit in visits:
        for code, days_ago in REPORTED:
            body, day, number = bodies[code], demo.today - timedelta(days=days_ago), number + 1
            item = items[body.id]
            rows.append({
                "id": number, "entity_id": visit.entity_id, "department_id": body.id,
                "document_number": f"JC{day.year}{number:06d}", "item_code": item.code, "item_name": item.name_zh,
                "inspected_on": day, "result_code": item.allowed_results[0], "drawn": False, "source": "部门业务系统",
                "recorded_at": clock.now(),
            })  # fmt: skip
    insert_many(session, CollectedInspection, rows)
    if len(visits) > 1:
        reason, note = LET_PASS
        let_frequent_pass(session, visits[1], reason_code=reason, note=note, actor=Office(demo).oversight())


def _together(demo: Demo) -> None:
    """The fire brigade drew one of the enterprises that others visit this week; their lead offers to go together."""
    session, office = demo.session, Office(demo)
    days = [demo.today + timedelta(days=number) for number in range((week_end(demo.today) - demo.today).days + 1)]
    ahead, calendar = _of_today(demo), get_calendar(session)
    workdays = [day for day in days if calendar.is_workday(day)]
    draw = _draw_among(demo, office, [one.entity_id for one in ahead])
    other = session.scalars(sa.select(Visit).where(Visit.draw_id == draw.id)).one()
    other.planned_on = workdays[-1] if workdays else demo.today
    session.flush()
    visit = next(one for one in ahead if one.entity_id == other.entity_id)
    if workdays and other.id in {one.id for one in find_matches(session, visit)}:
        offer_together(session, visit, other.id, planned_on=workdays[0], text=OFFER, actor=office.lead())


def _draw_among(demo: Demo, office: Office, entity_ids: list[int]) -> Draw:
    """Draw one enterprise of these for the companion department, by a plan of its own."""
    session, lead = demo.session, office.lead(COMPANION)
    session.add(Tag(code=GAS, name_zh="使用瓶装燃气的场所", name_en="Premises that use bottled gas", public=True))
    session.flush()
    insert_many(session, EntityTag, [{"entity_id": one, "tag_code": GAS} for one in sorted(set(entity_ids))])
    version = draft_plan(session, item_codes=[_item_of(demo, lead.department_id)], actor=lead).newest
    ends_on = min(demo.today + timedelta(days=21), date(demo.today.year, 12, 31))
    set_period(
        session, version, title="瓶装燃气使用场所消防安全检查", description="与同期联合检查错时安排，能合并的合并。",
        starts_on=demo.today, ends_on=ends_on, late=LATE, actor=lead,
    )  # fmt: skip
    set_scope(session, version, Scope(tags=(GAS,)), actor=lead)
    set_allocation(session, version, count_allocation({ALL: 1}, otherwise=1), actor=lead)
    set_teams(
        session, version, mode=TeamMode.VISIT, groups=(None, None), per_team={}, visit_cap=10, reserve=0,
        publish_list_before=False, beacon="", actor=lead,
    )  # fmt: skip
    send(session, version, actor=lead)
    approve(session, version, region=demo.district_code, actor=office.head(COMPANION))
    task: Task = create_task(
        session, version, source=TaskSource.ANNUAL_PLAN, title="", period=(version.starts_on, version.ends_on),
        reason="", publish_list_before=False, region=demo.district_code, actor=lead,
    )  # fmt: skip
    return Office(demo, of=COMPANION).drawn(task)


def _item_of(demo: Demo, department_id: int | None) -> str:
    """Return an item of a department that is checked at caterers."""
    items = demo.session.scalars(sa.select(Item).where(Item.department_id == department_id).order_by(Item.id.desc()))
    return next(one.code for one in items if industry_matches(tuple(one.industries), "6210"))


def _second_looks(demo: Demo) -> None:
    """The newest quarter that has finished visits is frozen; of the one before, one visit was looked at at a desk."""
    session, office = demo.session, Office(demo)
    with_visits = (one for one in _ended_quarters(clock.today()) if list_finished(session, one))
    for place, quarter in enumerate(with_visits):
        found = freeze_round(session, quarter, actor=office.oversight())
        if place == 1:
            _look(demo, office, found)
            return


def _ended_quarters(today: date) -> Iterator[Quarter]:
    """Yield the quarters that have ended, the newest first."""
    quarter = Quarter.of(today)
    for _ in range(QUARTERS_BACK):
        quarter = Quarter.of(date(quarter.year, quarter.number * 3 - 2, 1) - timedelta(days=1))
        yield quarter


def _look(demo: Demo, office: Office, found: SecondLookRound) -> None:
    """Choose by the numbers of two bodies, and let a reviewer say what the evidence of one visit shows."""
    session, people, secrets = demo.session, (office.lead(), office.oversight()), [new_secret(), new_secret()]
    for actor, secret in zip(people, secrets, strict=True):
        seal_number(session, found, digest=digest_of_secret(found, secret, by=body_of(actor)), actor=actor)
    for actor, secret in zip(people, secrets, strict=True):
        open_number(session, found, secret=secret, actor=actor)
    session.refresh(found, ["looks"])
    for look in found.looks:
        reviewers = list_possible_reviewers(session, look)
        if reviewers:
            assign_reviewer(session, look, reviewer_id=reviewers[0].id, actor=office.oversight())
            first = judged_items(json.loads(first_version(session, look).content))
            said = [
                Judged(one.code, one.result, {}, NOTE if place == 0 else "") for place, one in enumerate(first.values())
            ]
            hand_in_desk(session, look, said, actor=actor_of(reviewers[0]))
            return
