"""Versions stay, corrections pass the same review, and only allow-listed facts become public."""

import hashlib

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.records import reviewing
from joint_inspections.records import services as records
from joint_inspections.records.queries import list_versions
from joint_inspections.results import services
from joint_inspections.visits.rules import SectionState, VisitState
from supervision import clock
from supervision.permissions import Role
from tests.joint_inspections.conftest import District, refused
from tests.pages import Browser


def send_back(drawn: District, *faults: str, reason_code: str = "incomplete") -> None:
    """Let a reviewer return the first visit's record for these faults."""
    reviewer = drawn.actor(Role.REVIEWER)
    reviewing.return_record(
        drawn.session, drawn.visit, reason_code=reason_code, note="补照片", faults=faults, actor=reviewer
    )


def test_only_the_section_at_fault_opens_and_the_others_keep_their_signatures(
    session: Session, drawn: District
) -> None:
    visit = drawn.visit
    drawn.submit(visit)
    first, second = drawn.sections(visit)
    kept = (second.signed_by, second.signed_at, second.results, records.stored_digest(second))
    for wrong in ((), ("NOBODY",)):
        with refused("faults-missing"):
            send_back(drawn, *wrong)
    send_back(drawn, first.department.code)
    first, second = drawn.sections(visit)
    assert (first.state, second.state) == (SectionState.OPEN, SectionState.SIGNED)
    assert kept == (second.signed_by, second.signed_at, second.results, records.stored_digest(second))
    leader = drawn.inspector(visit.leader)
    with refused("sections-open"):
        records.submit_record(session, visit, actor=leader)
    drawn.fill(visit, first)
    member = drawn.inspector(drawn.member_of(visit, first))
    records.sign_section(session, visit, first, seen=records.stored_digest(first), actor=member)
    drawn.ask_party(visit)
    records.submit_record(session, visit, actor=leader)
    send_back(drawn, "outcome")
    assert {section.state for section in drawn.sections(visit)} == {SectionState.SIGNED}
    records.set_outcome(session, visit, code="partly-refused", note="仓库未开放", actor=leader)
    assert records.submit_record(session, visit, actor=leader).version_no == 3


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_reviewer_ticks_what_is_at_fault_and_loses_no_note_without_it(
    session: Session, drawn: District, browse: Browser, language: str
) -> None:
    visit = drawn.visit
    drawn.submit(visit)
    digest = list_versions(session, visit)[0].digest
    reviewer, url = browse(drawn.user(Role.REVIEWER), language=language), f"/visits/{visit.id}"
    sent = {"decision": "returned", "reason": "incomplete", "note": "请补照片", "digest": digest}
    back = reviewer.post(f"{url}/review", sent, page=f"{url}/record/1", status=422).text
    assert "请补照片" in back
    assert {"zh": "请至少勾选", "en": "Tick at least one part"}[language] in back
    reviewer.post(f"{url}/review", {**sent, "faults": [drawn.other.code]}, page=f"{url}/record/1")
    session.expire_all()
    states = {one.department.code: one.state for one in drawn.sections(visit)}
    assert states == {drawn.lead.code: SectionState.SIGNED, drawn.other.code: SectionState.OPEN}


def test_a_returned_record_opens_the_sections_and_comes_back_as_version_two(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.submit(visit)
    with refused("unknown-reason"):
        send_back(drawn, "outcome", reason_code="x")
    send_back(drawn, drawn.lead.code, drawn.other.code)
    assert visit.state is VisitState.RETURNED
    assert {section.state for section in drawn.sections(visit)} == {SectionState.OPEN}
    drawn.sign(visit)
    drawn.ask_party(visit)
    records.submit_record(session, visit, actor=drawn.inspector(visit.leader))
    assert [version.version_no for version in list_versions(session, visit)] == [2, 1]


def test_a_record_handed_in_after_the_due_day_is_flagged_late(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    visit.record_due_on = clock.today().replace(year=2020)
    leader = drawn.inspector(visit.leader)
    records.set_outcome(session, visit, code="normal", note="", actor=leader)
    drawn.sign(visit)
    drawn.ask_party(visit)
    assert records.submit_record(session, visit, actor=leader).late is True


def test_versions_and_publications_cannot_be_changed_even_by_sql(session: Session, drawn: District) -> None:
    visit = drawn.visit
    drawn.finish(visit)
    drawn.publish(visit)
    services.withdraw_part(session, visit, reason="x", actor=drawn.actor(Role.REVIEWER))
    for table in ("record_versions", "published_parts", "part_withdrawals", "reviews", "notices"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), session.begin_nested():
            session.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608 - names from the line above


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


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_version_on_paper_names_team_signatures_and_numbers_and_its_bytes_give_the_digest(
    session: Session, drawn: District, browse: Browser, language: str
) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    leader = drawn.inspector(visit.leader)
    records.set_outcome(session, visit, code="not-found", note="门店已关闭", actor=leader)
    first = drawn.sections(visit)[0]
    drawn.fill(visit, first, checked=False, result="4", unchecked_reason="无法联系")
    signer = drawn.member_of(visit, first)
    records.sign_section(session, visit, first, seen=records.stored_digest(first), actor=drawn.inspector(signer))
    records.submit_record(session, visit, actor=leader)
    reader, page = browse(drawn.user(Role.REVIEWER), language=language), f"/visits/{visit.id}/record/1"
    task = visit.draw.task
    for address in (page, f"{page}/paper"):
        text = reader.get(address).text
        for word in (
            visit.number, visit.entity.address, task.number, visit.draw.number, visit.plan_version.plan.number,
            signer.inspector.certificate_number, "门店已关闭", "无法联系", list_versions(session, visit)[0].digest,
            *(member.inspector.name for member in visit.team_now),
        ):  # fmt: skip
            assert str(word) in text, (address, word)
    for word in ("通过登记的住所(经营场所)无法联系", "未签署") if language == "zh" else ("Not signed off",):
        assert word in reader.get(f"{page}/paper").text
    stored = reader.get(f"{page}.json").data
    assert hashlib.sha256(stored).hexdigest() == list_versions(session, visit)[0].digest
    browse(drawn.user(Role.HEAD, drawn.make.department())).get(f"{page}/paper", status=404)
