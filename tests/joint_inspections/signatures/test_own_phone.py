"""The enterprise's own phone: one code, one answer, the record as it was shown; no sign-in."""

import io
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.evidence.samples import take_sample
from joint_inspections.records import services as records
from joint_inspections.signatures.links import open_link, refusals_said
from joint_inspections.signatures.models import PartyEntry, PartyLink
from joint_inspections.signatures.queries import editions_of, party_state
from joint_inspections.signatures.rules import PartyAnswer, Standing
from joint_inspections.signatures.whole import record_digest
from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.permissions import Role
from tests.joint_inspections.conftest import District, refused
from tests.joint_inspections.evidence.files import drawing, empty_drawing, photo
from tests.joint_inspections.evidence.test_attachments import put
from tests.pages import Browser, Visitor


@pytest.fixture
def visit(drawn: District) -> Visit:
    """A visit whose sections are all signed, with a sample and a photo."""
    visit = drawn.visit
    drawn.begin(visit)
    leader = drawn.inspector(visit.leader)
    records.set_outcome(drawn.session, visit, code="normal", note="", actor=leader)
    section = drawn.sections(visit)[0]
    take_sample(
        drawn.session, visit, section=section.id, item=None, what="煎炸用油", amount="500 mL", sealed=True,
        seal_number="封20261123", given_to="检验所", actor=drawn.inspector(drawn.member_of(visit, section)),
    )  # fmt: skip
    put(drawn, visit, photo(41), caption="后厨全景")
    drawn.sign(visit)
    return visit


def code(drawn: District, visit: Visit) -> str:
    seen = record_digest(drawn.session, visit)
    _link, token = open_link(drawn.session, visit, seen=seen, actor=drawn.inspector(visit.leader))
    drawn.session.commit()
    return f"/sign/{token}"


def signs(person: Visitor, page: str, number: int, **changes: object) -> dict[str, object]:
    picture = (io.BytesIO(drawing(number)), "signature.png", "image/png")
    return {"how": "signed", "name": "王店长", "role": "店长", "drawing": picture, "reason": "", **changes}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_enterprise_reads_the_whole_record_on_its_own_phone_and_signs_it_once(
    session: Session, drawn: District, visit: Visit, browse: Browser, language: str
) -> None:
    leader = browse(drawn.inspector_user(visit.leader), language=language)  # type: ignore[arg-type]
    shown = leader.post(f"/visits/{visit.id}/signatures/code", page=f"/visits/{visit.id}/signatures/", status=200).text
    found = re.search(r"/sign/[A-Za-z0-9_-]{43}", shown)
    assert found
    assert "data:image/svg+xml" in shown
    page, person = found.group(0), browse(language=language)
    text = person.get(page).text
    for said in ("煎炸用油", "封20261123", "后厨全景", visit.entity.name, visit.entity.address):
        assert said in text
    picture = re.search(rf"{page}/files/[0-9a-f-]+\.jpg", text)
    assert picture
    assert person.get(picture.group(0)).mimetype == "image/jpeg"
    person.post(page, signs(person, page, 61, drawing=(io.BytesIO(empty_drawing()), "s.png", "image/png")), status=422)
    person.post(page, signs(person, page, 61, name=""), status=422)
    person.post(page, signs(person, page, 61))
    session.expire_all()
    state = party_state(session, visit)
    assert state.entry is not None
    assert (state.standing, state.entry.how, state.entry.noted_by) == (Standing.VALID, PartyAnswer.OWN_PHONE, None)
    assert state.entry.officer_id == visit.leader.inspector_id  # type: ignore[union-attr]
    person.get(page, status=410)
    person.get(picture.group(0), status=404)
    person.post(page, signs(person, page, 62), status=410, page="/sign-in")
    assert session.scalar(sa.select(sa.func.count()).select_from(PartyEntry)) == 1
    records.submit_record(session, visit, actor=drawn.inspector(visit.leader))
    session.commit()
    record = browse(drawn.user(Role.REVIEWER), language=language).get(f"/visits/{visit.id}/record/1").text
    assert ("在其自有手机上签署" if language == "zh" else "Signed on its own phone") in record


def test_a_person_who_does_not_sign_writes_why_and_two_officers_still_note_it(
    session: Session, drawn: District, visit: Visit, browse: Browser
) -> None:
    page, person = code(drawn, visit), browse(language="zh")
    said = {"how": "refused", "name": "", "role": "", "reason": ""}
    person.post(page, said, status=422)
    person.post(page, {**said, "reason": "对第三项结果有异议"})
    session.expire_all()
    assert party_state(session, visit).standing is Standing.NONE
    desk = browse(drawn.inspector_user(visit.leader), language="zh")  # type: ignore[arg-type]
    assert "对第三项结果有异议" in desk.get(f"/visits/{visit.id}/signatures/").text
    assert refusals_said(session, editions_of(session, [visit.id]))[visit.id].refusal == "对第三项结果有异议"
    records.set_outcome(session, visit, code="normal", note="补充", actor=drawn.inspector(visit.leader))
    assert not refusals_said(session, editions_of(session, [visit.id]))


def test_a_code_is_void_after_its_time_a_newer_one_or_any_change(
    session: Session, drawn: District, visit: Visit, browse: Browser
) -> None:
    person, first = browse(language="zh"), code(drawn, visit)
    second = code(drawn, visit)
    person.get(first, status=404)
    person.get(second)
    session.execute(sa.update(PartyLink).values(expires_at=clock.now() - timedelta(minutes=1)))
    session.commit()
    person.get(second, status=410)
    third = code(drawn, visit)
    person.get(third)
    leader = drawn.inspector(visit.leader)
    for note in ("补充", ""):
        records.set_outcome(session, visit, code="normal", note=note, actor=leader)
    session.commit()
    assert record_digest(session, visit) == session.scalars(sa.select(PartyLink.seen)).all()[-1]
    person.get(third, status=410)
    person.get("/sign/" + "A" * 43, status=404)


def test_a_code_takes_a_few_forms_only_and_a_visit_a_few_codes(
    session: Session, drawn: District, visit: Visit, browse: Browser
) -> None:
    page, person = code(drawn, visit), browse(language="zh")
    for number in range(10):
        person.post(page, signs(person, page, 80 + number, name=""), status=422 if number < 9 else 410)
    person.post(page, signs(person, page, 99), status=410, page="/sign-in")
    assert party_state(session, visit).standing is Standing.NONE
    for _ in range(19):
        code(drawn, visit)
    with refused("too-many-codes"):
        code(drawn, visit)


def test_only_the_team_shows_a_code_and_only_of_a_record_that_is_ready(drawn: District, visit: Visit) -> None:
    session, seen = drawn.session, record_digest(drawn.session, visit)
    with refused("not-on-team"):
        open_link(session, visit, seen=seen, actor=drawn.make.actor(Role.INSPECTOR, department=drawn.lead))
    with refused("record-changed"):
        open_link(session, visit, seen="0" * 64, actor=drawn.inspector(visit.leader))
    section = drawn.sections(visit)[0]
    records.reopen_section(session, visit, section, reason="x", actor=drawn.inspector(drawn.member_of(visit, section)))
    with refused("sections-open"):
        open_link(session, visit, seen=seen, actor=drawn.inspector(visit.leader))
