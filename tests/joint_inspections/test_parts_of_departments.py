"""Each department releases its own part: what is in it, who may, when the inspection is published, what stays."""

import json
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from joint_inspections.records import reviewing
from joint_inspections.records import services as records
from joint_inspections.records.comparing import differences
from joint_inspections.records.queries import list_versions
from joint_inspections.records.rules import Disposal
from joint_inspections.results import queries, services
from joint_inspections.results.rules import Lateness
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import VisitState
from supervision import clock
from supervision.audit.queries import list_history
from supervision.draws.rules import DrawState
from supervision.draws.services import finish_tasks
from supervision.listing import ListQuery
from supervision.permissions import Role
from supervision.plans import progress
from supervision.plans.rules import TaskState
from tests.joint_inspections.conftest import District, refused
from tests.pages import Browser

PROBLEM = "店长王某某，电话13800001111，健康证过期"


def with_problem(drawn: District, visit: Visit) -> None:
    """Bring a visit with a problem in the lead department's first section to an approved record."""
    session = drawn.session
    drawn.begin(visit)
    leader = drawn.inspector(visit.leader)
    records.set_outcome(session, visit, code="normal", note="", actor=leader)
    first, second = drawn.sections(visit)
    drawn.fill(visit, first, result="5", problem=PROBLEM, disposal=Disposal.CORRECTION)
    drawn.fill(visit, second)
    for section in (first, second):
        records.sign_section(
            session,
            visit,
            section,
            seen=records.stored_digest(section),
            actor=drawn.inspector(drawn.member_of(visit, section)),
        )
    drawn.ask_party(visit)
    records.submit_record(session, visit, actor=leader)
    reviewing.approve_record(session, visit, note="", actor=drawn.actor(Role.REVIEWER))


def correct(drawn: District, visit: Visit, **values: object) -> None:
    """Correct the first section, to "no problem" unless told otherwise, and bring the new version through review."""
    session, leader = drawn.session, drawn.inspector(visit.leader)
    reviewing.begin_correction(session, visit, reason_code="wrong-result", note="录入错误", actor=leader)
    section = drawn.sections(visit)[0]
    member = drawn.inspector(drawn.member_of(visit, section))
    records.reopen_section(session, visit, section, reason="更正", actor=member)
    drawn.fill(visit, section, **values)
    records.sign_section(session, visit, section, seen=records.stored_digest(section), actor=member)
    drawn.ask_party(visit)
    records.submit_record(session, visit, actor=leader)
    reviewing.approve_record(session, visit, note="", actor=drawn.actor(Role.REVIEWER))


def test_the_draw_opens_only_when_every_department_has_released_its_part_of_every_visit(
    session: Session, drawn: District
) -> None:
    assert drawn.draw is not None
    for visit in drawn.visits:
        drawn.finish(visit)
        services.release_part(session, visit, actor=drawn.actor(Role.REVIEWER))
        assert (visit.state, visit.published_at) == (VisitState.ACCEPTED, None)
    assert drawn.draw.state is DrawState.DRAWN
    for visit in drawn.visits:
        services.release_part(session, visit, actor=drawn.actor(Role.LEAD, drawn.other))
        assert visit.state is VisitState.PUBLISHED
    assert drawn.draw.state is DrawState.OPENED
    published = [one for one in list_history(session, "visit", drawn.visit.id) if one.event.value == "result_published"]
    assert [one.details["complete"] for one in published] == [True, False]
    assert {one.details["department"] for one in published} == {drawn.lead.code, drawn.other.code}


def test_what_is_published_is_allow_listed_and_names_no_person(session: Session, drawn: District) -> None:
    visit = drawn.visit
    with_problem(drawn, visit)
    part, other = drawn.publish(visit)
    content = json.loads(part.content)
    assert set(content) == {
        "format", "number", "version", "corrected", "plan", "task", "draw", "entity", "unit_id", "visited_on",
        "outcome", "department",
    }  # fmt: skip
    assert set(content["department"]) == {"code", "name_zh", "name_en", "results", "items"}
    assert set(content["department"]["items"][0]) == {
        "code", "name_zh", "name_en", "legal_basis", "checked", "results",
    }  # fmt: skip
    for secret in (PROBLEM, "13800001111", visit.entity.legal_representative, visit.entity.address, "risk"):
        assert secret not in part.content + other.content
    for member in visit.members:
        assert member.inspector.name not in part.content + other.content
        assert member.inspector.certificate_number not in part.content + other.content
    assert content["department"]["results"][0]["zh"] == "发现问题已责令改正"
    assert (content["department"]["code"], part.has_problem) == (drawn.lead.code, True)
    assert (json.loads(other.content)["department"]["code"], other.has_problem) == (drawn.other.code, False)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.LEAD, Role.HEAD])
def test_reviewer_lead_and_head_release_the_part_of_their_own_department_once(
    session: Session, drawn: District, role: Role
) -> None:
    visit = drawn.visit
    drawn.finish(visit)
    part = services.release_part(session, visit, actor=drawn.actor(role, drawn.other))
    assert part.department_id == drawn.other.id
    with refused("part-released"):
        services.release_part(session, visit, actor=drawn.actor(Role.REVIEWER, drawn.other))


def test_nobody_else_releases_or_withdraws_a_part(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.finish(visit)
    outsider = drawn.make.actor(Role.REVIEWER, department=drawn.make.department())
    for actor in (drawn.inspector(visit.leader), drawn.make.actor(Role.COORDINATOR), outsider):
        with refused("not-publisher"):
            services.release_part(session, visit, actor=actor)
        with refused("not-publisher"):
            services.withdraw_part(session, visit, reason="x", actor=actor)


def test_only_the_department_whose_part_changed_releases_again_after_a_correction(
    session: Session, drawn: District
) -> None:
    visit = drawn.visit
    with_problem(drawn, visit)
    first, other = drawn.publish(visit)
    published_at = visit.published_at
    correct(drawn, visit)
    assert visit.state is VisitState.ACCEPTED
    with refused("part-released"):
        services.release_part(session, visit, actor=drawn.actor(Role.REVIEWER, drawn.other))
    second = services.release_part(session, visit, actor=drawn.actor(Role.REVIEWER))
    assert (visit.state, visit.published_at) == (VisitState.PUBLISHED, published_at)
    assert json.loads(second.content)["corrected"]["code"] == "wrong-result"
    assert [one.id for one in queries.list_newest(session, [visit.id])] == [second.id, other.id]
    versions = [one.id for one in queries.list_parts(session, first.number) if one.department_id == drawn.lead.id]
    assert versions == [second.id, first.id]
    new, old = list_versions(session, visit)
    places = {change.place[-1] for change in differences(json.loads(old.content), json.loads(new.content))}
    assert {"result", "problem", "disposal"} <= places


def test_a_correction_that_changes_nothing_public_needs_no_release(session: Session, drawn: District) -> None:
    visit = drawn.visit
    with_problem(drawn, visit)
    drawn.publish(visit)
    correct(drawn, visit, result="5", problem="健康证过期两日", disposal=Disposal.CORRECTION)
    assert visit.state is VisitState.PUBLISHED
    assert {one.version_no for one in queries.list_newest(session, [visit.id])} == {1}


def test_a_withdrawn_part_keeps_its_trace_and_leaves_the_others(session: Session, drawn: District) -> None:
    visit = drawn.visit
    with_problem(drawn, visit)
    reviewer = drawn.actor(Role.REVIEWER)
    with refused("not-published"):
        services.withdraw_part(session, visit, reason="x", actor=reviewer)
    part, other = drawn.publish(visit)
    assert queries.count_publications(session) == queries.PublicCounts(1, 1)
    services.withdraw_part(session, visit, reason="主体信息错误", actor=reviewer)
    assert part.withdrawal is not None
    assert other.withdrawal is None
    assert queries.count_publications(session) == queries.PublicCounts(1, 0)
    with refused("not-published"):
        services.withdraw_part(session, visit, reason="x", actor=reviewer)
    # a new approved record asks for the part again, even where it reads the same
    correct(drawn, visit, result="5", problem=PROBLEM, disposal=Disposal.CORRECTION)
    assert visit.state is VisitState.ACCEPTED
    assert services.release_part(session, visit, actor=reviewer).version_no == 2


def test_clocks_and_progress_count_the_parts_of_each_department(session: Session, drawn: District) -> None:
    first, second, third = drawn.visits
    for visit in (first, second):
        drawn.finish(visit)
    drawn.begin(third)
    services.release_part(session, first, actor=drawn.actor(Role.REVIEWER))
    district_wide, lead, other = (
        drawn.make.actor(Role.COORDINATOR), drawn.actor(Role.LEAD), drawn.actor(Role.REVIEWER, drawn.other)
    )  # fmt: skip
    assert queries.count_clock(session, lead) == queries.Clock(waiting=2, overdue=0, published=1)
    assert queries.count_clock(session, other) == queries.Clock(waiting=3, overdue=0, published=0)
    assert queries.count_clock(session, district_wide) == queries.Clock(waiting=5, overdue=0, published=1)
    with clock.at(clock.now() + timedelta(days=60)):
        assert queries.count_clock(session, other).overdue == 3
    assert [one.id for one in queries.list_to_publish(session, lead, ListQuery()).items] == [second.id]
    waiting = queries.list_to_publish(session, other, ListQuery()).items
    assert {one.id for one in waiting} == {first.id, second.id}
    plan_id = first.plan_version.plan_id
    counted = progress.counts(session, [plan_id])
    assert counted[plan_id, drawn.lead.id] == (3, 3, 1)
    assert counted[plan_id, drawn.other.id] == (3, 3, 0)


def test_late_departments_are_named_to_the_lead_and_to_oversight_only(session: Session, drawn: District) -> None:
    first, second, _third = drawn.visits
    drawn.finish(first)
    services.release_part(session, first, actor=drawn.actor(Role.REVIEWER))
    drawn.begin(second)
    sign_first(drawn, second)
    lead, oversight = drawn.actor(Role.LEAD), drawn.make.actor(Role.OVERSIGHT)
    assert queries.count_late(session, lead) == []
    with clock.at(clock.now() + timedelta(days=60)):
        for viewer in (lead, oversight, drawn.actor(Role.LEAD, drawn.other)):
            late = queries.list_late(session, viewer, ListQuery()).items
            assert {(one.visit.id, one.department.code, one.what) for one in late} == {
                (second.id, drawn.other.code, Lateness.SIGNATURE),
                (first.id, drawn.other.code, Lateness.RELEASE),
            }
        assert [(one.code, count) for one, count in queries.count_late(session, oversight)] == [(drawn.other.code, 2)]
        stranger = drawn.make.actor(Role.LEAD, department=drawn.make.department())
        assert queries.list_late(session, stranger, ListQuery()).items == []
        filtered = ListQuery(filters={"department": drawn.lead.code})
        assert queries.list_late(session, oversight, filtered).items == []


def sign_first(drawn: District, visit: Visit) -> None:
    """Let only the lead department sign its section."""
    section = next(one for one in drawn.sections(visit) if one.department_id == drawn.lead.id)
    drawn.fill(visit, section)
    member = drawn.inspector(drawn.member_of(visit, section))
    records.sign_section(drawn.session, visit, section, seen=records.stored_digest(section), actor=member)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_show_each_department_its_own_part(drawn: District, browse: Browser, language: str) -> None:
    visit = drawn.visit
    with_problem(drawn, visit)
    page = f"/visits/{visit.id}"
    head = browse(drawn.user(Role.HEAD), language=language)
    assert visit.entity.name in head.get("/results/").text
    head.post(f"{page}/publication", page=page)
    head.post(f"{page}/publication", page=page, status=409)
    drawn.session.expire_all()
    assert visit.state is VisitState.ACCEPTED
    assert f'action="{page}/publication"' not in head.get(page).text
    assert visit.entity.name not in head.get("/results/").text
    other = browse(drawn.user(Role.REVIEWER, drawn.other), language=language)
    other.post(f"{page}/publication", page="/results/")
    drawn.session.expire_all()
    assert visit.state is VisitState.PUBLISHED
    other.post(f"{page}/withdrawal", {"reason": "误报"})
    assert "误报" in head.get(page).text
    for role in (Role.LEAD, Role.HEAD, Role.COORDINATOR, Role.OVERSIGHT):
        reader = browse(drawn.user(role), language=language)
        reader.get("/results/late")
        reader.get("/")
        reader.get(f"/entities/{visit.entity_id}")
    browse(drawn.user(Role.INSPECTOR)).get("/results/late", status=403)


def test_a_department_says_why_its_part_is_late_and_still_has_to_publish_it(
    session: Session, drawn: District, browse: Browser
) -> None:
    visit = drawn.visit
    reviewer, lead, oversight = drawn.actor(Role.REVIEWER), drawn.actor(Role.LEAD), drawn.actor(Role.OVERSIGHT)
    with refused("nothing-to-release"):
        services.record_delay(session, visit, reason_code="law-forbids", note="x", actor=reviewer)
    drawn.finish(visit)
    page, said = f"/visits/{visit.id}/publication/reason", "waits for the verdict of the office of secrets"
    person = browse(drawn.user(Role.REVIEWER))
    assert page in person.get(f"/visits/{visit.id}").text
    person.post(page, {"reason": "law-forbids", "note": ""}, status=200)
    person.post(page, {"reason": "no-such-reason", "note": said}, status=200)
    person.post(page, {"reason": "law-forbids", "note": said})
    assert said in browse(drawn.user(Role.LEAD)).get(f"/visits/{visit.id}").text
    browse(drawn.make.user(Role.LEAD, department=drawn.make.department())).get(page, status=404)
    browse(drawn.inspector_user(visit.team_now[0])).get(page, status=403)
    assert visit.publish_due_on is not None
    with clock.at(clock.begin_of(visit.publish_due_on) + timedelta(days=2)):
        found = queries.count_clock(session, lead)
        assert (found.overdue, found.explained) == (1, 1)
        everywhere = queries.count_clock(session, oversight)
        assert (everywhere.overdue, everywhere.explained) == (2, 1)
        assert {one.what for one in queries.list_late(session, lead, ListQuery()).items} == {Lateness.RELEASE}
        assert said in browse(drawn.user(Role.LEAD)).get("/results/late").text
        for language in ("zh", "en"):
            person = browse(drawn.user(Role.REVIEWER), language=language)
            for address in (page, "/results/", "/", f"/visits/{visit.id}"):
                person.get(address)
    services.release_part(session, visit, actor=reviewer)
    with refused("nothing-to-release"):
        services.record_delay(session, visit, reason_code="law-forbids", note="x", actor=reviewer)
    assert [entry.event for entry in list_history(session, "visit", visit.id)].count("result_delayed") == 1


def test_a_part_whose_department_said_why_after_the_deadline_holds_no_task_up_and_is_still_due(
    session: Session, drawn: District
) -> None:
    assert drawn.draw is not None
    task = drawn.draw.task
    for visit in drawn.visits:
        drawn.finish(visit)
        services.release_part(session, visit, actor=drawn.actor(Role.REVIEWER))
    first, second, third = drawn.visits
    for visit in (second, third):
        services.release_part(session, visit, actor=drawn.actor(Role.REVIEWER, drawn.other))
    late = drawn.actor(Role.REVIEWER, drawn.other)
    services.record_delay(session, first, reason_code="case-pending", note="案件查办中", actor=late)
    assert (task.state, drawn.draw.state) == (TaskState.RUNNING, DrawState.DRAWN), "within the period nothing is late"
    assert first.publish_due_on is not None
    with clock.at(clock.begin_of(first.publish_due_on) + timedelta(days=1, hours=9)):
        services.record_delay(session, first, reason_code="case-pending", note="仍在查办", actor=late)
        assert (task.state, drawn.draw.state) == (TaskState.FINISHED, DrawState.OPENED)
        oversight = drawn.actor(Role.OVERSIGHT)
        assert [one.visit for one in queries.list_late(session, oversight, ListQuery()).items] == [first]
        assert queries.list_to_publish(session, late, ListQuery()).items == [first]
        services.release_part(session, first, actor=late)
        assert first.state is VisitState.PUBLISHED
        assert queries.list_late(session, oversight, ListQuery()).items == []


def test_a_reason_given_before_the_deadline_finishes_the_task_on_the_day_after_it(
    session: Session, drawn: District
) -> None:
    assert drawn.draw is not None
    for visit in drawn.visits:
        drawn.finish(visit)
        for department in (drawn.lead, drawn.other):
            actor = drawn.actor(Role.REVIEWER, department)
            services.record_delay(session, visit, reason_code="system-fault", note="平台故障", actor=actor)
    due = drawn.visit.publish_due_on
    assert due is not None
    with clock.at(clock.begin_of(due)):
        assert finish_tasks(session) == []
    with clock.at(clock.begin_of(due) + timedelta(days=1)):
        assert finish_tasks(session) == [drawn.draw]
        assert finish_tasks(session) == []
    assert drawn.draw.task.state is TaskState.FINISHED
