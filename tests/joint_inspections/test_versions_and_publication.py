"""Versions stay, corrections pass the same review, and only allow-listed facts become public."""

import json

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.records import reviewing
from joint_inspections.records import services as records
from joint_inspections.records.queries import list_versions
from joint_inspections.records.rules import Disposal, differences
from joint_inspections.results import queries, services
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import SectionState, VisitState
from supervision import clock
from supervision.listing import ListQuery
from supervision.permissions import Role
from tests.joint_inspections.conftest import District, refused

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
    records.submit_record(session, visit, actor=leader)
    reviewing.approve_record(session, visit, note="", actor=drawn.actor(Role.REVIEWER))


def correct(drawn: District, visit: Visit) -> None:
    """Correct the first section to "no problem" and bring the new version through review."""
    session, leader = drawn.session, drawn.inspector(visit.leader)
    reviewing.begin_correction(session, visit, reason_code="wrong-result", note="录入错误", actor=leader)
    section = drawn.sections(visit)[0]
    member = drawn.inspector(drawn.member_of(visit, section))
    records.reopen_section(session, visit, section, reason="更正", actor=member)
    drawn.fill(visit, section)
    records.sign_section(session, visit, section, seen=records.stored_digest(section), actor=member)
    records.submit_record(session, visit, actor=leader)
    reviewing.approve_record(session, visit, note="", actor=drawn.actor(Role.REVIEWER))


def test_a_returned_record_opens_the_sections_and_comes_back_as_version_two(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.submit(visit)
    with refused("unknown-reason"):
        reviewing.return_record(session, visit, reason_code="x", note="", actor=drawn.actor(Role.REVIEWER))
    reviewing.return_record(session, visit, reason_code="incomplete", note="补照片", actor=drawn.actor(Role.REVIEWER))
    assert visit.state is VisitState.RETURNED
    assert {section.state for section in drawn.sections(visit)} == {SectionState.OPEN}
    drawn.sign(visit)
    records.submit_record(session, visit, actor=drawn.inspector(visit.leader))
    assert [version.version_no for version in list_versions(session, visit)] == [2, 1]


def test_a_record_handed_in_after_the_due_day_is_flagged_late(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    visit.record_due_on = clock.today().replace(year=2020)
    leader = drawn.inspector(visit.leader)
    records.set_outcome(session, visit, code="normal", note="", actor=leader)
    drawn.sign(visit)
    assert records.submit_record(session, visit, actor=leader).late is True


def test_versions_and_publications_cannot_be_changed_even_by_sql(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.finish(visit)
    services.publish_result(session, visit, actor=drawn.actor(Role.REVIEWER))
    for table in ("record_versions", "publications", "reviews", "notices"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), session.begin_nested():
            session.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608 - names from the line above


def test_what_is_published_is_allow_listed_and_names_no_person(session: Session, drawn: District) -> None:
    visit = drawn.visit
    with_problem(drawn, visit)
    publication = services.publish_result(session, visit, actor=drawn.actor(Role.LEAD, drawn.other))
    content = json.loads(publication.content)
    assert set(content) == {
        "format", "number", "version", "corrected", "plan", "task", "draw", "entity", "unit_id", "visited_on",
        "outcome", "departments", "follow_up",
    }  # fmt: skip
    assert set(content["departments"][0]) == {"code", "name_zh", "name_en", "results", "items"}
    assert set(content["departments"][0]["items"][0]) == {
        "code", "name_zh", "name_en", "legal_basis", "checked", "results",
    }  # fmt: skip
    for secret in (PROBLEM, "13800001111", visit.entity.legal_representative, visit.entity.address, "risk"):
        assert secret not in publication.content
    for member in visit.members:
        assert member.inspector.name not in publication.content
        assert member.inspector.certificate_number not in publication.content
    assert content["departments"][0]["results"][0]["zh"] == "发现问题已责令改正"
    assert (content["follow_up"], publication.has_problem) == ("open", True)


def test_a_correction_is_reviewed_again_published_anew_and_the_old_versions_stay(
    session: Session, drawn: District
) -> None:
    visit = drawn.visit
    with_problem(drawn, visit)
    first = services.publish_result(session, visit, actor=drawn.actor(Role.REVIEWER))
    published_at = visit.published_at
    correct(drawn, visit)
    assert queries.get_publication(session, first.number).id == first.id
    second = services.publish_result(session, visit, actor=drawn.actor(Role.REVIEWER))
    assert json.loads(second.content)["corrected"]["code"] == "wrong-result"
    assert queries.get_publication(session, first.number).id == second.id
    assert [one.version_no for one in queries.list_versions(session, first.number)] == [2, 1]
    assert [one.id for one in queries.list_of_entity(session, visit.entity_id)] == [second.id]
    assert visit.published_at == published_at
    new, old = list_versions(session, visit)
    places = {change.place[-1] for change in differences(json.loads(old.content), json.loads(new.content))}
    assert {"result", "problem", "disposal"} <= places


def test_only_the_leader_or_a_lead_of_the_departments_begins_a_correction(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.finish(visit)
    mate = drawn.inspector(next(one for one in visit.team_now if not one.lead))
    stranger = drawn.make.actor(Role.LEAD, department=drawn.make.department())
    for actor in (mate, stranger, drawn.actor(Role.REVIEWER), drawn.actor(Role.HEAD)):
        with refused("may-not-correct"):
            reviewing.begin_correction(session, visit, reason_code="wrong-date", note="x", actor=actor)
    lead = drawn.actor(Role.LEAD, drawn.other)
    reviewing.begin_correction(session, visit, reason_code="wrong-date", note="x", actor=lead)
    assert visit.state is VisitState.CORRECTING


def test_a_withdrawn_result_stays_listed_with_its_trace(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.finish(visit)
    reviewer = drawn.actor(Role.REVIEWER)
    with refused("not-published"):
        services.withdraw_result(session, visit, reason="x", actor=reviewer)
    publication = services.publish_result(session, visit, actor=reviewer)
    with refused("not-publisher"):
        services.withdraw_result(session, visit, reason="x", actor=drawn.actor(Role.HEAD))
    services.withdraw_result(session, visit, reason="主体信息错误", actor=reviewer)
    page = queries.list_publications(session, ListQuery(q=visit.entity.unit_id))
    assert [one.id for one in page.items] == [publication.id]
    assert page.items[0].withdrawal is not None
    counted = queries.count_publications(session)
    assert (counted.published, counted.with_problem, counted.withdrawn) == (0, 0, 1)
    with refused("not-published"):
        services.withdraw_result(session, visit, reason="x", actor=reviewer)


def test_public_lists_are_searched_and_filtered(session: Session, drawn: District) -> None:
    first, second, _third = drawn.visits
    with_problem(drawn, first)
    services.publish_result(session, first, actor=drawn.actor(Role.REVIEWER))
    drawn.finish(second)
    services.publish_result(session, second, actor=drawn.actor(Role.REVIEWER))

    def found(**filters: str) -> set[int]:
        page = queries.list_publications(session, ListQuery(filters=filters))
        return {one.visit_id for one in page.items}

    assert found() == {first.id, second.id}
    assert found(problem="yes") == {first.id}
    assert found(problem="no") == {second.id}
    assert found(department=drawn.other.code) == {first.id, second.id}
    assert found(department="nobody") == set()
    assert found(until="2020-01-01") == set()
    assert found(since="not a day") == {first.id, second.id}


def test_only_reviewers_and_leads_of_the_departments_publish(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.finish(visit)
    outsider = drawn.make.actor(Role.REVIEWER, department=drawn.make.department())
    for actor in (drawn.inspector(visit.leader), drawn.actor(Role.HEAD), outsider):
        with refused("not-publisher"):
            services.publish_result(session, visit, actor=actor)
