"""Tasks: numbers, days, reasons, exclusions by two persons, and the states a draw puts them into."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from supervision import clock
from supervision.errors import Conflict, DomainError, Forbidden, Invalid, RuleBroken, WrongState
from supervision.permissions import Role
from supervision.plans import progress, queries, serials, services, task_queries, tasking
from supervision.plans.models import Plan, Task
from supervision.plans.rules import PlanState, TaskSource, TaskState
from tests.factories import Make

YEAR = clock.today().year


def _create(session: Session, make: Make, plan: Plan, **changes: object) -> Task:
    actor = changes.pop("actor", None) or make.actor(Role.LEAD, department=plan.lead_department)
    values = {
        "source": TaskSource.ANNUAL_PLAN,
        "title": "第一轮",
        "period": (clock.today(), date(YEAR, 12, 31)),
        "reason": "",
        "publish_list_before": False,
        "region": "310106",
        "actor": actor,
        **changes,
    }
    return tasking.create_task(session, plan.newest, **values)  # type: ignore[arg-type]  # values of many types


def test_task_numbers_are_region_day_and_serial_without_gaps(session: Session, make: Make) -> None:
    numbers = [_create(session, make, make.plan()).number for _ in range(3)]
    day = f"{clock.today():%Y%m%d}"
    assert numbers == [f"310106{day}{serial:04d}" for serial in (1, 2, 3)]


def test_two_tasks_of_a_plan_never_run_in_the_same_days(session: Session, make: Make) -> None:
    plan, last = make.plan(), date(YEAR, 12, 31)
    _create(session, make, plan, period=(clock.today(), last))
    with pytest.raises(RuleBroken) as refusal:
        _create(session, make, plan, period=(last, last), source=TaskSource.TEMPORARY, reason="再抽一次")
    assert refusal.value.code == "task-overlaps"


def test_a_rolled_back_number_is_given_again(session: Session, make: Make) -> None:
    first = serials.next_serial(session, "plan:3101062030")
    with session.begin_nested() as undo:
        lost = serials.next_serial(session, "plan:3101062030")
        undo.rollback()
    assert serials.next_serial(session, "plan:3101062030") == lost == first + 1


def test_a_temporary_task_needs_a_reason(session: Session, make: Make) -> None:
    plan = make.plan()
    with pytest.raises(Invalid):
        _create(session, make, plan, source=TaskSource.TEMPORARY)
    assert _create(session, make, plan, source=TaskSource.TEMPORARY, reason="上级交办").reason == "上级交办"


@pytest.mark.parametrize(
    "period", [(date(YEAR - 1, 12, 31), date(YEAR, 1, 5)), (date(YEAR, 1, 5), date(YEAR + 1, 1, 1))]
)
def test_a_task_lies_within_its_plan(session: Session, make: Make, period: tuple[date, date]) -> None:
    with pytest.raises(Invalid):
        _create(session, make, make.plan(), period=period)


@pytest.mark.parametrize("state", [state for state in PlanState if state is not PlanState.PUBLISHED])
def test_tasks_are_made_only_under_a_plan_in_force(session: Session, make: Make, state: PlanState) -> None:
    with pytest.raises(WrongState):
        _create(session, make, make.plan(state=state))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.LEAD])
def test_only_leads_make_tasks(session: Session, make: Make, role: Role) -> None:
    plan = make.plan()
    with pytest.raises(Forbidden):
        _create(session, make, plan, actor=make.actor(role, department=plan.lead_department))
    with pytest.raises(Forbidden):
        _create(session, make, plan, actor=make.actor(Role.LEAD, department=make.department()))


def test_the_list_is_shown_before_the_visits_only_where_the_plan_allows_it(session: Session, make: Make) -> None:
    with pytest.raises(RuleBroken):
        _create(session, make, make.plan(), publish_list_before=True)
    assert _create(session, make, make.plan(publish_list_before=True), publish_list_before=True).publish_list_before


def test_a_task_goes_the_way_of_its_draw_and_no_other(session: Session, make: Make) -> None:
    task = make.task()
    with pytest.raises(WrongState):
        services.mark_running(session, task)
    services.mark_drawing(session, task)
    services.mark_preparing(session, task)
    services.mark_drawing(session, task)
    services.mark_running(session, task)
    services.mark_abandoned(session, task)
    services.mark_preparing(session, task)
    services.mark_drawing(session, task)
    services.mark_running(session, task)
    services.mark_finished(session, task)
    for step in (services.mark_preparing, services.mark_drawing, services.mark_running, services.mark_abandoned):
        with pytest.raises(WrongState):
            step(session, task)
    assert task.state is TaskState.FINISHED


def test_freezing_waits_for_undecided_exclusions_and_nothing_is_excluded_after_it(session: Session, make: Make) -> None:
    make.catalogues()
    task, entity = make.task(), make.entity()
    department = task.plan_version.plan.lead_department
    lead, head = make.actor(Role.LEAD, department=department), make.actor(Role.HEAD, department=department)
    values = {"reason_code": "open-case", "evidence": "3号"}
    tasking.record_exclusion(session, task, entity, **values, actor=lead)
    with pytest.raises(Conflict):
        tasking.record_exclusion(session, task, entity, **values, actor=lead)
    with pytest.raises(RuleBroken) as refused:
        services.mark_drawing(session, task)
    assert refused.value.code == "exclusions-undecided"
    one = task_queries.list_exclusions(session, task)[0]
    tasking.decide_exclusion(session, task, one, confirmed=True, note="", actor=head)
    with pytest.raises(Conflict):
        tasking.decide_exclusion(session, task, one, confirmed=False, note="x", actor=head)
    services.mark_drawing(session, task)
    with pytest.raises(WrongState):
        tasking.record_exclusion(session, task, make.entity(), **values, actor=lead)


def test_nobody_decides_an_exclusion_they_recorded(session: Session, make: Make) -> None:
    make.catalogues()
    task, entity = make.task(), make.entity()
    department = task.plan_version.plan.lead_department
    both = make.actor(Role.LEAD, Role.HEAD, department=department)
    one = tasking.record_exclusion(session, task, entity, reason_code="open-case", evidence="3号", actor=both)
    for actor in (
        both,
        make.actor(Role.LEAD, department=department),
        make.actor(Role.HEAD),
        make.actor(Role.OVERSIGHT),
    ):
        with pytest.raises(DomainError):
            tasking.decide_exclusion(session, task, one, confirmed=True, note="", actor=actor)


@pytest.mark.parametrize("code", ["scope", "status", "low-touch", "yearly-cap", "same-item-this-year", "nonsense"])
def test_people_cannot_use_the_reasons_of_the_platform(session: Session, make: Make, code: str) -> None:
    make.catalogues()
    task = make.task()
    lead = make.actor(Role.LEAD, department=task.plan_version.plan.lead_department)
    with pytest.raises(Invalid):
        tasking.record_exclusion(session, task, make.entity(), reason_code=code, evidence="x", actor=lead)


def test_a_task_under_an_old_version_is_moved_before_it_is_drawn(session: Session, make: Make) -> None:
    make.catalogues()
    task = make.task(make.item())
    plan, lead = task.plan_version.plan, task.plan_version.plan.lead_department
    drafter, head = make.actor(Role.LEAD, department=lead), make.actor(Role.HEAD, department=lead)
    second = services.revise(session, plan, reason="改", actor=drafter)
    services.send(session, second, actor=drafter)
    services.approve(session, second, region="310106", actor=head)
    with pytest.raises(RuleBroken) as refused:
        services.mark_drawing(session, task)
    assert refused.value.code == "plan-superseded"
    tasking.move_to_newest_version(session, task, actor=drafter)
    assert task.plan_version is second
    services.mark_drawing(session, task)


def test_progress_adds_up_what_the_rooms_count_and_shows_zeros(session: Session, make: Make) -> None:
    lead, other = make.department(), make.department()
    plan = make.plan(make.item(lead), make.item(other), planned_visits=9)
    viewer = make.actor(Role.LEAD, department=other)
    rows = {row.department.id: row for row in queries.progress(session, viewer)}
    assert (rows[lead.id].planned, rows[lead.id].drawn, rows[lead.id].visited, rows[lead.id].published) == (9, 0, 0, 0)
    before = list(progress._providers)
    progress.provide(lambda _session, ids: {(i, lead.id): (4, 0, 0) for i in ids})
    progress.provide(lambda _session, ids: {(i, d.id): (0, 3, 1) for i in ids for d in (lead, other)})
    try:
        rows = {row.department.id: row for row in queries.progress(session, viewer, plan_id=plan.id)}
        assert (rows[lead.id].drawn, rows[lead.id].visited, rows[lead.id].published) == (4, 3, 1)
        assert progress.sums(session, [plan.newest])[plan.id] == (9, 4, 3, 1)
    finally:
        progress._providers[:] = before
    assert queries.progress(session, make.actor(Role.LEAD, department=make.department())) == []
