"""The page on which the enterprise reads and signs, in both languages and without JavaScript."""

import io
import re

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.evidence.samples import take_sample
from joint_inspections.records import services as records
from joint_inspections.signatures.queries import party_state
from joint_inspections.signatures.rules import Standing
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import VisitState
from supervision.permissions import Role
from tests.joint_inspections.conftest import District
from tests.joint_inspections.evidence.files import drawing
from tests.pages import Browser, Visitor

SAYS = {
    "zh": {"second": "拒签须由两名执法人员注明", "stale": "已变动", "other": "请写明"},
    "en": {"second": "Two officers", "stale": "changed", "other": "Say what was otherwise"},
}


def seen(person: Visitor, visit: Visit) -> dict[str, str]:
    page = person.get(f"/visits/{visit.id}/signatures/").text
    found = dict(re.findall(r'id="(seen|seen_samples)"[^>]* value="([0-9a-f]{64})"', page))
    assert set(found) == {"seen", "seen_samples"}
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_enterprise_signs_or_refuses_by_pages_and_the_record_shows_it(
    session: Session, drawn: District, browse: Browser, language: str
) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    assert visit.leader is not None
    leader, page = browse(drawn.inspector_user(visit.leader), language=language), f"/visits/{visit.id}/signatures/"
    records.set_outcome(session, visit, code="normal", note="", actor=drawn.inspector(visit.leader))
    assert 'name="how"' not in leader.get(page).text
    drawn.sign(visit)
    said = {"seen": "0" * 64, "how": "refused", "name": "", "role": "", "reason": "负责人不愿签字", "second": ""}
    assert SAYS[language]["stale"] in leader.post(page, said, status=422).text
    said |= seen(leader, visit)
    back = leader.post(page, said, status=422).text
    assert SAYS[language]["second"] in back
    assert "负责人不愿签字" in back
    mate = next(one for one in visit.team_now if not one.lead)
    leader.post(page, {**said, "second": str(mate.inspector_id)})
    session.expire_all()
    assert party_state(session, visit).standing is Standing.UNCONFIRMED
    assert 'name="agrees"' not in leader.get(page).text
    second, entry = browse(drawn.inspector_user(mate), language=language), party_state(session, visit).entry
    assert entry is not None
    said_by = f"{page}{entry.id}/confirmation"
    assert SAYS[language]["other"] in second.post(said_by, {"agrees": "no", "remark": ""}, page=page, status=422).text
    leader.post(said_by, {"agrees": "yes"}, page=page, status=403)
    second.post(said_by, {"agrees": "yes"}, page=page)
    session.expire_all()
    assert party_state(session, visit).standing is Standing.VALID
    assert 'name="agrees"' not in second.get(page).text
    picture = (io.BytesIO(drawing(71)), "signature.png", "image/png")
    leader.post(page, {**said, "how": "signed", "name": "王店长", "role": "店长", "drawing": picture})
    section = drawn.sections(visit)[0]
    own = browse(drawn.inspector_user(drawn.member_of(visit, section)), language=language)
    if section.signed_by == visit.leader.inspector_id:
        own = leader
    drawn_one = (io.BytesIO(drawing(72)), "signature.png", "image/png")
    own.post(f"{page}sections/{section.id}", {"seen": records.stored_digest(section), "drawing": drawn_one}, page=page)
    text = leader.get(page).text
    for kind in (r"drawn/\d+", r"\d+"):
        found = re.search(rf"{page}{kind}/picture\.jpg", text)
        assert found
        assert leader.get(found.group(0)).mimetype == "image/jpeg"
    leader.post(f"/visits/{visit.id}/submission", page=f"/visits/{visit.id}/form")
    session.expire_all()
    assert visit.state is VisitState.SUBMITTED
    reviewer, record = browse(drawn.user(Role.REVIEWER), language=language), f"/visits/{visit.id}/record/1"
    for address in (record, f"{record}/paper", page):
        assert "王店长" in reviewer.get(address).text


def test_a_sample_taken_while_the_record_is_being_read_must_be_read_too(
    session: Session, drawn: District, browse: Browser
) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    assert visit.leader is not None
    records.set_outcome(session, visit, code="normal", note="", actor=drawn.inspector(visit.leader))
    drawn.sign(visit)
    leader, page = browse(drawn.inspector_user(visit.leader), language="en"), f"/visits/{visit.id}/signatures/"
    mate = next(one for one in visit.team_now if not one.lead)
    said = {**seen(leader, visit), "how": "refused", "reason": "x", "second": str(mate.inspector_id)}
    take_sample(
        session, visit, section=drawn.sections(visit)[0].id, item=None, what="油", amount="1", sealed=False,
        seal_number="", given_to="所", actor=drawn.inspector(visit.leader),
    )  # fmt: skip
    assert SAYS["en"]["stale"] in leader.post(page, said, status=422).text
    session.expire_all()
    assert party_state(session, visit).standing is Standing.NONE
    leader.post(page, {**said, **seen(leader, visit)})
    session.expire_all()
    assert party_state(session, visit).standing is Standing.UNCONFIRMED


def test_who_may_not_know_of_the_visit_sees_no_signature(drawn: District, browse: Browser) -> None:
    visit = drawn.visit
    drawn.submit(visit)
    stranger = browse(drawn.make.user(Role.INSPECTOR, department=drawn.make.department()))
    for address in ("", "1/picture.jpg", "1/original", "drawn/1/picture.jpg"):
        stranger.get(f"/visits/{visit.id}/signatures/{address}", status=404)
    reader = browse(drawn.user(Role.HEAD))
    reader.get(f"/visits/{visit.id}/signatures/")
    reader.get(f"/visits/{visit.id}/signatures/999999/picture.jpg", status=404)
    person = browse(drawn.inspector_user(visit.team_now[0]))
    assert 'name="how"' not in person.get(f"/visits/{visit.id}/signatures/").text


def test_the_desk_offers_the_form_when_the_record_can_be_shown_and_says_when_it_is_not_needed(
    session: Session, drawn: District, browse: Browser
) -> None:
    visit = drawn.visit
    drawn.begin(visit)
    assert visit.leader is not None
    leader, page = browse(drawn.inspector_user(visit.leader), language="en"), f"/visits/{visit.id}/signatures/"
    text = leader.get(page).text
    assert "The leader says first" in text
    assert 'name="how"' not in text
    records.set_outcome(session, visit, code="normal", note="", actor=drawn.inspector(visit.leader))
    text = leader.get(page).text
    assert "Every department signs its section first" in text
    assert 'name="how"' not in text
    # at a closed door departments have nothing to sign off first, and nobody needs to be asked
    records.set_outcome(session, visit, code="closed", note="大门紧锁", actor=drawn.inspector(visit.leader))
    text = leader.get(page).text
    assert 'name="how"' in text
    assert "can be handed in without it" in text
    assert "Not needed with this outcome" in leader.get(f"/visits/{visit.id}").text
    records.set_outcome(session, visit, code="normal", note="", actor=drawn.inspector(visit.leader))
    session.execute(sa.text("UPDATE parameters SET value = '0' WHERE code = 'party-signature-required'"))
    assert "Not required in this district" in leader.get(f"/visits/{visit.id}").text
