"""Files belong to places of a form, records wait for their bytes, and nothing is ever replaced."""

import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.evidence.models import Attachment
from joint_inspections.evidence.queries import list_attachments, list_likenesses, missing_files
from joint_inspections.evidence.rules import Verdict
from joint_inspections.evidence.samples import add_result, take_sample, withdraw_sample
from joint_inspections.evidence.services import attach, detach
from joint_inspections.records import services as records
from joint_inspections.records.queries import newest_version
from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.audit.queries import list_history
from supervision.permissions import Role
from tests.joint_inspections.conftest import District, refused
from tests.joint_inspections.evidence.files import again, digest, paper, photo, send


def put(district: District, visit: Visit, data: bytes, *, arrived: bool = True, **changes: object) -> Attachment:
    """Attach a photo to the first item of the first section."""
    section = district.sections(visit)[0]
    actor = district.inspector(district.member_of(visit, section))
    if arrived:
        send(district.session, data, "image/jpeg", actor)
    said = {
        "id": uuid4(), "sha256": digest(data), "section": section.id, "item": section.item_results[0].item_id,
        "point": None, "purpose": "photo", "caption": "后厨", "taken_at": None, "place": None, "actor": actor,
    }  # fmt: skip
    return attach(district.session, visit, **{**said, **changes})  # type: ignore[arg-type]


@pytest.fixture
def visit(drawn: District) -> Visit:
    drawn.begin(drawn.visit)
    return drawn.visit


def test_a_record_waits_for_the_bytes_of_its_files_and_names_their_digests(drawn: District, visit: Visit) -> None:
    session, leader = drawn.session, drawn.inspector(visit.leader)
    waiting = put(drawn, visit, photo(11), arrived=False)
    assert (waiting.complete, list(missing_files(session, visit))) == (False, [waiting])
    records.set_outcome(session, visit, code="normal", note="", actor=leader)
    drawn.sign(visit)
    drawn.ask_party(visit)
    with refused("files-missing"):
        records.submit_record(session, visit, actor=leader)
    send(session, photo(11), "image/jpeg", leader)
    assert not missing_files(session, visit)
    version = records.submit_record(session, visit, actor=leader)
    (named,) = json.loads(version.content)["attachments"]
    assert (named["sha256"], named["caption"], named["no"]) == (digest(photo(11)), "后厨", 1)
    assert named["camera_time"] == "2026-03-04T09:30:00+08:00"


def test_a_file_taken_out_no_longer_bars_the_record_and_stays_kept(drawn: District, visit: Visit) -> None:
    session = drawn.session
    waiting = put(drawn, visit, photo(12), arrived=False)
    with refused("reason-needed"):
        detach(session, waiting, reason=" ", actor=drawn.inspector(visit.leader))
    detach(session, waiting, reason="拍错了", actor=drawn.inspector(visit.leader))
    assert not missing_files(session, visit)
    assert not list_attachments(session, visit)
    (kept,) = list_attachments(session, visit, detached=True)
    assert (kept.detached, kept.removal and kept.removal.reason) == (True, "拍错了")
    with refused("detached"):
        detach(session, kept, reason="again", actor=drawn.inspector(visit.leader))
    events = [entry.event.value for entry in list_history(session, "visit", visit.id)]
    assert events[:2] == ["evidence_detached", "evidence_attached"]


def test_the_same_identifier_again_is_the_same_attachment_and_never_another(drawn: District, visit: Visit) -> None:
    name = UUID("11111111-2222-3333-4444-555555555555")
    taken = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
    place = {"latitude": 31.2304, "longitude": 121.4737, "accuracy": 12.5}
    first = put(drawn, visit, photo(13), id=name, taken_at=taken, place=place)
    assert put(drawn, visit, photo(13), id=name, taken_at=taken, place=place) is first
    for changes in ({"caption": "别处"}, {"item": None}, {"place": None}, {"taken_at": None}):
        with refused("attachment-differs"):
            put(drawn, visit, photo(13), **{"id": name, "taken_at": taken, "place": place, **changes})
    with refused("attachment-differs"):
        put(drawn, visit, photo(14), id=name, taken_at=taken, place=place)
    assert len(list_attachments(drawn.session, visit)) == 1


def test_files_go_only_to_places_of_this_form_and_of_the_own_department(drawn: District, visit: Visit) -> None:
    own, other = drawn.sections(visit)
    stranger = drawn.make.actor(Role.INSPECTOR, department=drawn.lead)
    elsewhere = {"section": own.id, "item": other.item_results[0].item_id}
    for changes in (elsewhere, {"section": 999999}, {"section": None}, {"point": 999999}):
        with refused("item-not-on-form"):
            put(drawn, visit, photo(15), **changes)
    with refused("other-department"):
        put(drawn, visit, photo(15), section=other.id, item=None)
    with refused("not-on-team"):
        put(drawn, visit, photo(15), actor=stranger)
    with refused("wrong-purpose"):
        put(drawn, visit, photo(15), purpose="sound")
    with refused("wrong-purpose"):
        put(drawn, visit, photo(15), purpose="anything")
    assert put(drawn, visit, photo(15), section=None, item=None).section_id is None


def test_nothing_is_added_or_taken_out_once_the_record_is_handed_in(drawn: District) -> None:
    visit = drawn.visit
    drawn.submit(visit)
    with refused("not-recording"):
        put(drawn, visit, photo(16))


def test_an_old_photo_with_another_visit_is_pointed_out_even_scaled_and_saved_again(
    drawn: District, visit: Visit
) -> None:
    session, second = drawn.session, drawn.visits[1]
    drawn.begin(second)
    first = put(drawn, visit, photo(17))
    same = put(drawn, second, photo(17))
    alike = put(drawn, second, again(photo(17), width=500))
    other = put(drawn, second, photo(18))
    put(drawn, visit, again(photo(18), width=640), arrived=False)
    found = list_likenesses(session, second)
    assert [(one.other_id, one.same_bytes) for one in found[same.id]] == [(first.id, True)]
    assert [(one.other_id, one.same_bytes) for one in found[alike.id]] == [(first.id, False)]
    assert other.id not in found
    assert len(list_likenesses(session, visit)[first.id]) == 2
    # the photo that arrives late is compared when it arrives
    send(session, again(photo(18), width=640), "image/jpeg", drawn.inspector(visit.leader))
    assert list_likenesses(session, second)[other.id][0].same_bytes is False


def test_two_photos_of_one_visit_are_no_warning(drawn: District, visit: Visit) -> None:
    put(drawn, visit, photo(19))
    put(drawn, visit, photo(19))
    assert not list_likenesses(drawn.session, visit)


def test_samples_are_part_of_the_record_and_reports_stand_beside_it(drawn: District, visit: Visit) -> None:
    session, leader = drawn.session, drawn.inspector(visit.leader)
    section = drawn.sections(visit)[0]
    said = {"section": section.id, "item": section.item_results[0].item_id, "what": "食用油", "amount": "2瓶",
            "given_to": "区食品检验所"}  # fmt: skip
    with refused("seal-needed"):
        take_sample(session, visit, sealed=True, seal_number="", actor=leader, **said)
    wrong = take_sample(session, visit, sealed=False, seal_number="", actor=leader, **said)
    withdraw_sample(session, visit, wrong, reason="重复", actor=leader)
    sample = take_sample(session, visit, sealed=True, seal_number="F-1", actor=leader, **said)
    records.set_outcome(session, visit, code="normal", note="", actor=leader)
    drawn.sign(visit)
    drawn.ask_party(visit)
    version = records.submit_record(session, visit, actor=leader)
    assert [one["no"] for one in json.loads(version.content)["samples"]] == [2]
    with refused("not-recording"):
        take_sample(session, visit, sealed=False, seal_number="", actor=leader, **said)
    report = {
        "laboratory": "区食品检验所", "report_number": "J-7", "reported_on": clock.today(), "verdict": Verdict.FAILED,
        "summary": "过氧化值超标", "sha256": send(session, paper("report"), "application/pdf", leader),
    }  # fmt: skip
    with refused("other-department"):
        add_result(session, visit, sample, actor=drawn.actor(Role.LEAD, drawn.other), **report)
    with refused("report-missing"):
        add_result(session, visit, sample, actor=leader, **{**report, "sha256": "b" * 64})
    with refused("future-day"):
        add_result(session, visit, sample, actor=leader, **{**report, "reported_on": clock.today().replace(year=2999)})
    result = add_result(session, visit, sample, actor=drawn.actor(Role.LEAD), **report)
    newest = newest_version(session, visit)
    assert newest is not None
    assert (result.after_version, newest.digest) == (1, version.digest)
    assert list_history(session, "visit", visit.id)[0].event.value == "sample_result_added"


def test_rows_of_evidence_can_never_be_changed(drawn: District, visit: Visit) -> None:
    session = drawn.session
    detach(session, put(drawn, visit, photo(20)), reason="x", actor=drawn.inspector(visit.leader))
    for table in ("attachments", "attachment_removals"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), session.begin_nested():
            session.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608 - names from the line above


def test_too_many_files_are_refused(drawn: District, visit: Visit, session: Session) -> None:
    session.execute(sa.text("UPDATE parameters SET value = '1' WHERE code = 'evidence-files-per-visit'"))
    put(drawn, visit, photo(21))
    with refused("too-many-files"):
        put(drawn, visit, photo(22))
