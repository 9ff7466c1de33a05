"""The pages a lead, cooperating departments, a head and others see, in both languages."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.accounts.models import User
from supervision.departments.models import Department
from supervision.items.models import Item
from supervision.permissions import Role
from supervision.plans.models import Exclusion, Plan, Task
from supervision.plans.rules import LISTED_STATES, DraftStep, PlanState, TaskState
from tests.factories import Make
from tests.pages import Browser, words

LANGUAGES = ("zh", "en")


@dataclass
class House:
    """Two departments with items, a joint item, and people."""

    lead: Department
    other: Department
    item: Item
    joint: str
    drafter: User
    head: User
    other_drafter: User
    coordinator: User


@pytest.fixture
def house(make: Make) -> House:
    make.catalogues()
    lead, other = make.department(), make.department()
    item, other_item = make.item(lead), make.item(other)
    joint = make.joint_item(lead, [item, other_item])
    for _ in range(6):
        make.entity()
    for department in (lead, lead, other, other):
        make.inspector(department)
    return House(
        lead,
        other,
        item,
        joint.code,
        make.user(Role.LEAD, department=lead),
        make.user(Role.HEAD, department=lead),
        make.user(Role.LEAD, department=other),
        make.user(Role.COORDINATOR),
    )


def test_a_joint_plan_is_carried_by_hand_from_draft_to_a_task(session: Session, browse: Browser, house: House) -> None:
    lead, other, head = browse(house.drafter), browse(house.other_drafter), browse(house.head)
    made = lead.post("/plans/new", {"kind": "joint", "joint_item": house.joint})
    plan_id = int(re.findall(r"/plans/(\d+)/", made.headers["Location"])[0])
    draft = f"/plans/{plan_id}/draft"
    today = clock.today()
    pages: dict[str, dict[str, object]] = {
        "period": {
            "title": "餐饮联合检查",
            "starts_on": today,
            "ends_on": today.replace(month=12, day=31),
            "late_ground": "risk-found",
            "late_note": "监测发现风险",
        },
        "scope": {"targeted": "yes", "sub_districts": "310106013"},
        "division": {"by": "sub_district", "kind": "rate"},
        "numbers": {"part-310106013": "10.5", "otherwise": "10"},
        "teams": {
            "mode": "visit",
            f"per-team-{house.lead.code}": "2",
            f"per-team-{house.other.code}": "2",
            "visit_cap": "10",
            "reserve": "3",
        },
    }
    for step, data in pages.items():
        page = lead.get(f"{draft}/{step}").text
        found = re.search(r'name="revision"[^>]*value="(\d+)"', page)
        assert found, step
        answer = lead.post(f"{draft}/{step}", {**data, "revision": found[1]})
        assert answer.headers["Location"].startswith(draft), words(answer.text)
    check = lead.get(f"{draft}/check").text
    assert "alert-danger" not in check
    lead.post(f"/plans/{plan_id}/send", page=f"{draft}/check")
    assert "餐饮联合检查" in other.get("/").text
    for sent, told in (({"answer": "no", "note": ""}, "Say why your department declines"), ({}, "Choose one.")):
        back = other.post(f"/plans/{plan_id}/answer", sent, page=f"/plans/{plan_id}", status=422).text
        assert told in back
        assert "By agreeing, your department promises" in back, "the page of the plan, with the form still on it"
    other.post(f"/plans/{plan_id}/answer", {"answer": "yes"}, page=f"/plans/{plan_id}")
    assert "餐饮联合检查" in head.get("/").text
    head.post(f"/plans/{plan_id}/approve", page=f"/plans/{plan_id}")
    plan = session.get_one(Plan, plan_id, populate_existing=True)
    version = plan.newest
    session.refresh(version)
    assert version.state is PlanState.PUBLISHED
    assert version.allocation["strata"] == {"310106013": {"rate_bp": 1050}}
    assert version.allocation["otherwise"] == {"rate_bp": 1000}
    assert version.planned_visits == 1
    lead.post(
        f"/plans/{plan_id}/tasks/new",
        {"title": "第一轮", "source": "annual_plan", "starts_on": today, "ends_on": version.ends_on},
    )
    task = session.scalars(sa.select(Task).where(Task.title == "第一轮")).one()
    for visitor in (lead, other, head):
        visitor.get(f"/tasks/{task.id}")
    assert "第一轮" in lead.get("/").text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", LISTED_STATES)
def test_the_page_of_a_plan_opens_in_every_state(
    make: Make, browse: Browser, house: House, state: PlanState, language: str
) -> None:
    plan = make.plan(house.item, state=state, submitted_at=clock.now(), scope={"types": ["1100"]})
    for user in (house.drafter, house.head, house.coordinator):
        page = browse(user, language=language).get(f"/plans/{plan.id}").text
        assert plan.newest.title in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", list(DraftStep))
def test_every_step_of_a_draft_opens(make: Make, browse: Browser, house: House, step: DraftStep, language: str) -> None:
    plan = make.plan(house.item, state=PlanState.DRAFT)
    browse(house.drafter, language=language).get(f"/plans/{plan.id}/draft/{step.value}")


def test_a_form_filled_in_on_an_older_state_is_refused(make: Make, browse: Browser, house: House) -> None:
    plan = make.plan(house.item, state=PlanState.DRAFT)
    data = {"revision": "99", "title": "x", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
    page = browse(house.drafter).post(f"/plans/{plan.id}/draft/period", data, status=200)
    assert "Somebody changed this plan meanwhile" in page.text


@pytest.mark.parametrize(
    ("step", "data", "field"),
    [
        ("period", {"title": "", "starts_on": "2026-01-01", "ends_on": "x"}, "title"),
        ("period", {"title": "x", "starts_on": "2026-02-01", "ends_on": "2026-01-01"}, "ends_on"),
        ("scope", {"targeted": "yes"}, "targeted"),
        ("scope", {"targeted": "no", "types": "1100"}, "targeted"),
        ("scope", {"targeted": "yes", "types": "'; DROP TABLE"}, "types"),
        ("division", {"by": "moon", "kind": "rate"}, "by"),
        ("numbers", {"otherwise": "101"}, "otherwise"),
        ("numbers", {"otherwise": "0.001"}, "otherwise"),
        ("numbers", {"otherwise": "NaN"}, "otherwise"),
        ("teams", {"mode": "group", "visit_cap": "1", "reserve": "0"}, "group_count"),
        ("teams", {"mode": "visit", "visit_cap": "0", "reserve": "-1"}, "visit_cap"),
    ],
)
def test_bad_entries_name_their_field(
    make: Make, browse: Browser, house: House, step: str, data: dict[str, str], field: str
) -> None:
    plan = make.plan(house.item, state=PlanState.DRAFT)
    data = {"revision": "1", f"per-team-{house.lead.code}": "2", **data}
    page = browse(house.drafter).post(f"/plans/{plan.id}/draft/{step}", data, status=200).text
    assert re.search(rf'href="#{field}(-0)?"', page), words(page)


def test_a_hostile_choice_of_items_is_refused(browse: Browser, house: House, make: Make) -> None:
    foreign = make.item(house.other)
    lead = browse(house.drafter)
    for data in (
        {"kind": "department", "items": foreign.code},
        {"kind": "department"},
        {"kind": "joint", "joint_item": ""},
        {"kind": "joint", "joint_item": "JOINT-999"},
        {},
    ):
        assert "error-summary" in lead.post("/plans/new", data, status=200).text


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.REVIEWER, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN])
def test_people_without_plan_rights_see_no_plan(make: Make, browse: Browser, house: House, role: Role) -> None:
    plan = make.plan(house.item)
    visitor = browse(make.user(role, department=house.lead))
    for url in ("/plans/", "/tasks/", f"/plans/{plan.id}", "/plans/new", "/plans/export.csv"):
        visitor.get(url, status=403)


def test_going_back_after_sending_a_plan_leads_to_the_plan(make: Make, browse: Browser, house: House) -> None:
    plan = make.plan(house.item, state=PlanState.SUBMITTED)
    lead = browse(house.drafter)
    lead.get(f"/plans/{plan.id}/draft/check", status=302)
    assert "The plan has moved on" in lead.get(f"/plans/{plan.id}").text
    lead.post(f"/plans/{plan.id}/send", page="/account", status=409)


def test_the_lead_is_told_of_a_published_plan_without_a_task(make: Make, browse: Browser, house: House) -> None:
    plan = make.plan(house.item)
    make.plan(house.item, starts_on=clock.today() - timedelta(days=9), ends_on=clock.today() - timedelta(days=1))
    lead = browse(house.drafter)
    assert lead.get("/").text.count("published, no task yet") == 1
    make.task(plan=plan)
    assert "published, no task yet" not in lead.get("/").text


def test_the_list_of_plans_begins_with_what_is_to_be_done(make: Make, browse: Browser, house: House) -> None:
    today, year = clock.today(), timedelta(days=365)
    over = make.plan(house.item, starts_on=today - year, ends_on=today - timedelta(days=1))
    waiting = make.plan(house.item, state=PlanState.SUBMITTED)
    running = make.plan(house.item, starts_on=today, ends_on=today)
    draft = make.plan(house.item, state=PlanState.DRAFT)
    page = browse(house.drafter).get("/plans/").text
    places = [page.index(f'href="/plans/{plan.id}"') for plan in (draft, waiting, running, over)]
    assert places == sorted(places)


def test_strangers_know_nothing_of_a_draft_and_only_the_public_part_of_a_plan(
    make: Make, browse: Browser, house: House
) -> None:
    stranger = browse(make.user(Role.LEAD, department=make.department()))
    draft = make.plan(house.item, state=PlanState.DRAFT)
    stranger.get(f"/plans/{draft.id}", status=404)
    stranger.get(f"/plans/{draft.id}/draft/items", status=404)
    published = make.plan(house.item, scope={"risk_classes": ["D"]}, confidential_salt="0" * 32)
    page = stranger.get(f"/plans/{published.id}").text
    assert "confidential" in page
    assert "internal" not in page
    assert published.newest.title not in stranger.get("/plans/").text
    task = make.task(plan=published)
    stranger.get(f"/tasks/{task.id}", status=404)


def test_wrong_roles_are_refused_at_each_step(make: Make, browse: Browser, house: House) -> None:
    plan = make.plan(house.item, state=PlanState.SUBMITTED, submitted_at=clock.now())
    url = f"/plans/{plan.id}"
    browse(house.drafter).post(f"{url}/approve", page=url, status=403)
    browse(house.head).post(f"{url}/withdraw", {"reason": "x"}, page=url, status=403)
    browse(house.drafter).post(f"{url}/return", {"reason": "x"}, page=url, status=403)
    browse(house.coordinator).post(f"{url}/approve", page="/account", status=403)
    browse(house.coordinator).post(f"{url}/send", page="/account", status=403)
    browse(house.head).post(f"{url}/return", {"reason": ""}, page=url, status=422)


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_show_search_filter_and_export(make: Make, browse: Browser, house: House, language: str) -> None:
    plan = make.plan(house.item, title="美容美发抽查", planned_visits=12)
    make.plan(house.item, title="旅馆抽查")
    task = make.task(plan=plan)
    visitor = browse(house.drafter, language=language)
    found = visitor.get(f"/plans/?q=美容&year={plan.year}&kind=department&state=published").text
    assert "美容美发抽查" in found
    assert "旅馆抽查" not in found
    for url in ("/plans/?sort=-title&page=1", f"/tasks/?q={task.number}&state=preparing", "/plans/?year=abc&state=zzz"):
        visitor.get(url)
    assert "美容美发抽查" in visitor.get("/plans/export.csv").text
    assert task.number in visitor.get("/tasks/export.csv").text
    with visitor.get("/plans/export.xlsx") as workbook:
        assert workbook.data[:2] == b"PK"


def test_the_published_text_is_given_byte_for_byte(make: Make, browse: Browser, house: House) -> None:
    version = make.plan(house.item).newest
    answer = browse(house.drafter).get(f"/plans/{version.plan_id}/published/1.json")
    assert answer.text == version.published_json
    draft = make.plan(house.item, state=PlanState.DRAFT)
    browse(house.drafter).get(f"/plans/{draft.id}/published/1.json", status=404)


def test_exclusions_are_recorded_by_the_lead_and_decided_by_the_head(
    session: Session, make: Make, browse: Browser, house: House
) -> None:
    task, entity = make.task(house.item), make.entity()
    url, lead, head = f"/tasks/{task.id}", browse(house.drafter), browse(house.head)
    lead.get(url)
    for data in (
        {"unit": "NOBODY", "reason": "open-case", "evidence": "x"},
        {"unit": entity.unit_id, "reason": "yearly-cap", "evidence": "x"},
        {"unit": entity.unit_id, "reason": "open-case", "evidence": ""},
    ):
        assert "error-summary" in lead.post(f"{url}/exclusions", data, page=url, status=200).text
    data = {"unit": entity.unit_id.lower(), "reason": "open-case", "evidence": "立案决定书3号"}
    lead.post(f"{url}/exclusions", data, page=url)
    one = session.scalars(sa.select(Exclusion)).one()
    assert "1" in head.get("/").text
    lead.post(f"{url}/exclusions/{one.id}", {"decision": "confirm"}, page=url, status=403)
    head.post(f"{url}/exclusions/{one.id}", {"decision": "maybe"}, page=url, status=422)
    head.post(f"{url}/exclusions/{one.id}", {"decision": "confirm"}, page=url)
    page = head.get(url).text
    assert "Under open investigation" in page
    for language in LANGUAGES:
        browse(house.drafter, language=language).get(url)


@pytest.mark.parametrize("state", list(TaskState))
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_a_task_opens_in_every_state(
    make: Make, browse: Browser, house: House, state: TaskState, language: str
) -> None:
    task = make.task(house.item, state=state)
    browse(house.drafter, language=language).get(f"/tasks/{task.id}")
    browse(house.coordinator, language=language).get("/tasks/")
