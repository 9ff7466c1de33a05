"""The enterprise answers the whole record as it was read; whatever changes afterwards asks it again."""

import json
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.evidence.queries import list_attachments, list_samples
from joint_inspections.evidence.samples import take_sample, withdraw_sample
from joint_inspections.evidence.services import attach, detach
from joint_inspections.field.contents import digest_of_record, entries_of
from joint_inspections.messages import refusals
from joint_inspections.records import services as records
from joint_inspections.records.reviewing import return_record
from joint_inspections.signatures.confirming import confirm_refusal
from joint_inspections.signatures.models import PartyEntry
from joint_inspections.signatures.queries import list_to_confirm, party_state, valid_signatures
from joint_inspections.signatures.rules import Standing
from joint_inspections.signatures.services import draw_signature, sign_by_party, sign_section
from joint_inspections.signatures.whole import digest_of_text, record_digest
from joint_inspections.visits.models import Visit
from supervision.audit.queries import list_history
from supervision.permissions import Role
from tests.joint_inspections.conftest import District, refused
from tests.joint_inspections.evidence.files import digest, drawing, empty_drawing, paper, photo, send


@pytest.fixture
def visit(drawn: District) -> Visit:
    """A visit whose sections are all signed."""
    visit = drawn.visit
    drawn.begin(visit)
    records.set_outcome(drawn.session, visit, code="normal", note="", actor=drawn.inspector(visit.leader))
    drawn.sign(visit)
    return visit


def answer(district: District, visit: Visit, how: str = "signed", **changes: object) -> PartyEntry:
    """Let the enterprise answer the record as it is."""
    session, actor = district.session, district.inspector(visit.leader)
    files = {"signed": (drawing(1), "image/png"), "paper": (paper(), "application/pdf")}
    assert visit.leader is not None
    said = {
        "seen": record_digest(session, visit), "name": "王店长", "role": "现场负责人", "reason": "", "actor": actor,
        "file_sha256": send(session, *files[how], actor) if how in files and "file_sha256" not in changes else None,
        "second_inspector_id": None,
    }  # fmt: skip
    return sign_by_party(session, visit, how=how, **{**said, **changes})  # type: ignore[arg-type]


def mate(visit: Visit) -> int:
    return next(one.inspector_id for one in visit.team_now if not one.lead)


def test_a_record_is_handed_in_only_with_an_answer_and_carries_it(drawn: District, visit: Visit) -> None:
    session, leader = drawn.session, drawn.inspector(visit.leader)
    with refused("party-missing"):
        records.submit_record(session, visit, actor=leader)
    entry = answer(drawn, visit)
    assert digest_of_text(entry.said) == entry.seen == record_digest(session, visit)
    assert list_history(session, "visit", visit.id)[0].event.value == "party_answered"
    party = json.loads(records.submit_record(session, visit, actor=leader).content)["party"]
    assert (party["how"], party["name"], party["sha256"]) == ("signed", "王店长", digest(drawing(1)))
    assert party["digest"] == entry.seen


def test_the_answer_is_not_asked_for_where_the_parameter_or_the_outcome_says_so(drawn: District, visit: Visit) -> None:
    session, leader = drawn.session, drawn.inspector(visit.leader)
    session.execute(sa.text("UPDATE parameters SET value = '0' WHERE code = 'party-signature-required'"))
    assert json.loads(records.submit_record(session, visit, actor=leader).content)["party"] is None


def edit_answer(district: District, visit: Visit) -> None:
    section = district.sections(visit)[1]
    member = district.inspector(district.member_of(visit, section))
    records.reopen_section(district.session, visit, section, reason="x", actor=member)
    district.fill(visit, section, result="1", unchecked_reason="另有说明")
    records.sign_section(district.session, visit, section, seen=records.stored_digest(section), actor=member)


def edit_outcome(district: District, visit: Visit) -> None:
    records.set_outcome(district.session, visit, code="normal", note="补充说明", actor=district.inspector(visit.leader))


def add_photo(district: District, visit: Visit) -> None:
    session, actor = district.session, district.inspector(visit.leader)
    attach(
        session, visit, id=uuid4(), sha256=send(session, photo(31), "image/jpeg", actor), section=None, item=None,
        point=None, purpose="photo", caption="", taken_at=None, place=None, actor=actor,
    )  # fmt: skip


def add_sample(district: District, visit: Visit) -> None:
    section = district.sections(visit)[0]
    take_sample(
        district.session, visit, section=section.id, item=None, what="油", amount="1", sealed=False, seal_number="",
        given_to="所", actor=district.inspector(visit.leader),
    )  # fmt: skip


@pytest.mark.parametrize("edit", [edit_answer, edit_outcome, add_photo, add_sample])
def test_any_change_after_the_signature_makes_it_invalid(drawn: District, visit: Visit, edit: object) -> None:
    session, leader = drawn.session, drawn.inspector(visit.leader)
    answer(drawn, visit)
    assert party_state(session, visit).standing is Standing.VALID
    edit(drawn, visit)  # type: ignore[operator]
    assert party_state(session, visit).standing is Standing.OUTDATED
    with refused("party-outdated"):
        records.submit_record(session, visit, actor=leader)
    drawn.confirm(visit, answer(drawn, visit, "refused", reason="不愿再签", second_inspector_id=mate(visit)))
    assert records.submit_record(session, visit, actor=leader).version_no == 1


def test_what_is_changed_and_changed_back_is_asked_again(drawn: District, visit: Visit) -> None:
    session, leader = drawn.session, drawn.inspector(visit.leader)
    seen = answer(drawn, visit).seen
    add_photo(drawn, visit)
    detach(session, list_attachments(session, visit)[0], reason="误传", actor=leader)
    state = party_state(session, visit)
    assert (state.digest, state.standing) == (seen, Standing.OUTDATED)
    answer(drawn, visit, "paper")
    assert party_state(session, visit).standing is Standing.VALID
    add_sample(drawn, visit)
    withdraw_sample(session, visit, list_samples(session, visit)[0], reason="误录", actor=leader)
    state = party_state(session, visit)
    assert (state.digest, state.standing) == (seen, Standing.OUTDATED)


def test_an_outcome_said_once_more_the_same_changes_nothing(drawn: District, visit: Visit) -> None:
    answer(drawn, visit)
    before = len(list_history(drawn.session, "visit", visit.id))
    records.set_outcome(drawn.session, visit, code="normal", note="", actor=drawn.inspector(visit.leader))
    assert party_state(drawn.session, visit).standing is Standing.VALID
    assert len(list_history(drawn.session, "visit", visit.id)) == before


def test_a_drawing_under_an_earlier_sign_off_does_not_count_again(drawn: District, visit: Visit) -> None:
    section = drawn.sections(visit)[0]
    signer = drawn.inspector(drawn.member_of(visit, section))
    seen, new = records.stored_digest(section), send(drawn.session, drawing(7), "image/png", signer)
    draw_signature(drawn.session, visit, section, seen=seen, file_sha256=new, actor=signer)
    assert len(valid_signatures(drawn.session, drawn.sections(visit))) == 1
    records.reopen_section(drawn.session, visit, section, reason="x", actor=signer)
    records.sign_section(drawn.session, visit, section, seen=seen, actor=signer)
    assert not valid_signatures(drawn.session, drawn.sections(visit))


def test_two_officers_note_a_refusal_each_by_the_own_account(drawn: District, visit: Visit) -> None:
    session, leader = drawn.session, drawn.inspector(visit.leader)
    entry = answer(drawn, visit, "refused", reason="拒绝", second_inspector_id=mate(visit))
    assert party_state(session, visit).standing is Standing.UNCONFIRMED
    with refused("second-awaited"):
        records.submit_record(session, visit, actor=leader)
    others = [one for one in visit.team_now if one.inspector_id not in {entry.officer_id, entry.second_id}]
    strangers = [drawn.make.actor(Role.INSPECTOR, department=drawn.lead)]
    for actor in (leader, drawn.inspector(others[0]), *strangers):
        with refused("not-second"):
            confirm_refusal(session, visit, entry, agrees=True, remark="", actor=actor)
    drawn.confirm(visit, entry)
    assert party_state(session, visit).standing is Standing.VALID
    with refused("confirmed"):
        drawn.confirm(visit, entry)
    party = json.loads(records.submit_record(session, visit, actor=leader).content)["party"]
    assert party["confirmed_at"]
    assert party["second"] != party["officer"]


def test_the_second_officer_is_told_and_nobody_else(drawn: District, visit: Visit) -> None:
    second = next(one for one in visit.team_now if not one.lead)
    user = drawn.inspector_user(second)
    entry = answer(drawn, visit, "refused", reason="拒绝", second_inspector_id=second.inspector_id)
    (told,) = refusals(drawn.session)
    assert (told.user_id, told.key, told.arguments) == (user.id, str(entry.id), {"visit_id": visit.id})
    drawn.confirm(visit, entry)
    assert not list(refusals(drawn.session))


def test_a_second_officer_who_does_not_agree_lets_the_enterprise_be_asked_anew(drawn: District, visit: Visit) -> None:
    session, leader = drawn.session, drawn.inspector(visit.leader)
    entry = answer(drawn, visit, "refused", reason="拒绝", second_inspector_id=mate(visit))
    with refused("remark-needed"):
        drawn.confirm(visit, entry, agrees=False)
    drawn.confirm(visit, entry, agrees=False, remark="当时负责人不在场")
    assert party_state(session, visit).standing is Standing.DISPUTED
    with refused("second-disagrees"):
        records.submit_record(session, visit, actor=leader)
    answer(drawn, visit)
    assert records.submit_record(session, visit, actor=leader).version_no == 1


def test_a_refusal_followed_by_another_answer_needs_no_confirmation_any_more(drawn: District, visit: Visit) -> None:
    entry = answer(drawn, visit, "refused", reason="拒绝", second_inspector_id=mate(visit))
    assert [one.id for one in list_to_confirm(drawn.session)] == [entry.id]
    answer(drawn, visit)
    assert not list_to_confirm(drawn.session)
    with refused("nothing-to-confirm"):
        drawn.confirm(visit, entry)


def test_nobody_signs_with_a_file_of_others_by_naming_its_digest(drawn: District, visit: Visit) -> None:
    stranger = drawn.make.actor(Role.INSPECTOR, department=drawn.make.department())
    for how, data, kind in (("signed", drawing(9), "image/png"), ("paper", paper("their own"), "application/pdf")):
        sha256 = send(drawn.session, data, kind, stranger)
        with refused("drawing-missing" if how == "signed" else "paper-missing"):
            answer(drawn, visit, how, file_sha256=sha256)


def test_nobody_signs_what_they_have_not_read_or_what_is_unfinished(drawn: District, visit: Visit) -> None:
    session = drawn.session
    with refused("record-changed"):
        answer(drawn, visit, seen="0" * 64)
    old = record_digest(session, visit)
    edit_outcome(drawn, visit)
    with refused("record-changed"):
        answer(drawn, visit, seen=old)
    section = drawn.sections(visit)[0]
    member = drawn.inspector(drawn.member_of(visit, section))
    records.reopen_section(session, visit, section, reason="x", actor=member)
    with refused("sections-open"):
        answer(drawn, visit)


def test_a_refusal_needs_a_reason_and_a_second_officer_of_the_team(drawn: District, visit: Visit) -> None:
    own = drawn.inspector(visit.leader).inspector_id
    stranger = drawn.make.inspector(drawn.lead).id
    with refused("reason-needed"):
        answer(drawn, visit, "refused", second_inspector_id=mate(visit))
    for second in (None, own):
        with refused("second-needed"):
            answer(drawn, visit, "refused", reason="拒绝", second_inspector_id=second)
    with refused("second-not-on-team"):
        answer(drawn, visit, "refused", reason="拒绝", second_inspector_id=stranger)
    entry = answer(drawn, visit, "refused", name="", role="", reason="拒绝", second_inspector_id=mate(visit))
    assert (entry.officer_id, entry.second_id, entry.sha256) == (own, mate(visit), "")


def test_a_signature_needs_a_name_a_role_and_something_drawn(drawn: District, visit: Visit) -> None:
    leader = drawn.inspector(visit.leader)
    with refused("name-needed"):
        answer(drawn, visit, name=" ")
    with refused("role-needed"):
        answer(drawn, visit, role="")
    for missing in (None, "c" * 64, send(drawn.session, paper(), "application/pdf", leader)):
        with refused("drawing-missing"):
            answer(drawn, visit, file_sha256=missing)
    with refused("drawing-empty"):
        answer(drawn, visit, file_sha256=send(drawn.session, empty_drawing(), "image/png", leader))
    with refused("paper-missing"):
        answer(drawn, visit, "paper", file_sha256=None)
    with refused("wrong-answer"):
        answer(drawn, visit, "maybe")


@pytest.mark.parametrize("how", ["signed", "paper"])
def test_a_signature_given_once_is_never_used_again(drawn: District, visit: Visit, how: str) -> None:
    second = drawn.visits[1]
    answer(drawn, visit, how)
    drawn.begin(second)
    records.set_outcome(drawn.session, second, code="normal", note="", actor=drawn.inspector(second.leader))
    drawn.sign(second)
    for again in (visit, second):
        with refused("signature-used"):
            answer(drawn, again, how)


def test_only_the_team_takes_an_answer_and_only_while_the_record_is_open(drawn: District, visit: Visit) -> None:
    with refused("not-on-team"):
        answer(drawn, visit, actor=drawn.make.actor(Role.INSPECTOR, department=drawn.lead))
    answer(drawn, visit)
    records.submit_record(drawn.session, visit, actor=drawn.inspector(visit.leader))
    with refused("not-recording"):
        answer(drawn, visit, "paper")


def test_a_returned_record_needs_a_new_answer_only_if_something_changed(drawn: District, visit: Visit) -> None:
    session, leader = drawn.session, drawn.inspector(visit.leader)
    answer(drawn, visit)
    records.submit_record(session, visit, actor=leader)
    reviewer = drawn.actor(Role.REVIEWER)
    return_record(session, visit, reason_code="incomplete", note="x", faults=["outcome"], actor=reviewer)
    assert records.submit_record(session, visit, actor=leader).version_no == 2
    return_record(session, visit, reason_code="incomplete", note="x", faults=["outcome"], actor=reviewer)
    edit_outcome(drawn, visit)
    with refused("party-outdated"):
        records.submit_record(session, visit, actor=leader)


def test_inspectors_draw_under_their_own_section_and_an_edit_makes_it_invalid(drawn: District, visit: Visit) -> None:
    session = drawn.session
    section, other = drawn.sections(visit)
    signer = drawn.inspector(drawn.member_of(visit, section))
    seen = records.stored_digest(section)
    sha256 = send(session, drawing(5), "image/png", signer)
    with refused("not-signer"):
        draw_signature(session, visit, other, seen=seen, file_sha256=sha256, actor=signer)
    with refused("section-changed"):
        draw_signature(session, visit, section, seen="0" * 64, file_sha256=sha256, actor=signer)
    drawn_one = draw_signature(session, visit, section, seen=seen, file_sha256=sha256, actor=signer)
    assert valid_signatures(session, drawn.sections(visit)) == {section.id: drawn_one}
    answer(drawn, visit)
    records.reopen_section(session, visit, section, reason="x", actor=signer)
    assert not valid_signatures(session, drawn.sections(visit))
    drawn.fill(visit, section, unchecked_reason="改")
    section = drawn.sections(visit)[0]
    new = send(session, drawing(6), "image/png", signer)
    sign_section(session, visit, section, seen=records.stored_digest(section), file_sha256=new, actor=signer)
    (valid,) = valid_signatures(session, drawn.sections(visit)).values()
    assert valid.sha256 == new


def test_signatures_can_never_be_changed(session: Session, drawn: District, visit: Visit) -> None:
    answer(drawn, visit)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), session.begin_nested():
        session.execute(sa.text("DELETE FROM party_entries"))


def test_phones_compute_the_digest_that_is_signed_here(drawn: District, visit: Visit) -> None:
    add_photo(drawn, visit)
    drawn.session.expire_all()
    sections = {one.department_id: one for one in drawn.sections(visit)}
    add_sample(drawn, visit)
    files, samples = list_attachments(drawn.session, visit), list_samples(drawn.session, visit)
    entries = entries_of(visit, sections)
    assert digest_of_record(visit, entries, files, samples) == record_digest(drawn.session, visit)
