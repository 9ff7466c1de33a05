"""An expert's opinion: written by the own account, never replaced, signed under its digest, deciding nothing."""

import hashlib
import io
import json

import pytest
import sqlalchemy as sa
from PIL import Image

from joint_inspections.archive.related import related_tables
from joint_inspections.expert_opinions import messages, services
from joint_inspections.expert_opinions.models import ExpertFile, ExpertOpinion, ExpertSigning
from joint_inspections.expert_opinions.queries import digests_of_visit, load_opinion
from joint_inspections.expert_opinions.rules import SignedState
from joint_inspections.experts.models import ExpertPlace
from joint_inspections.records import services as records
from joint_inspections.records.models import RecordVersion
from joint_inspections.records.services import sign_section, stored_digest
from joint_inspections.visits.rules import VisitState
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.errors import DomainError
from supervision.permissions import ROLE_PERMISSIONS, Permission, Role
from tests.joint_inspections.conftest import refused
from tests.joint_inspections.experts.conftest import Experts, join
from tests.pages import Browser

BOTH = ("zh", "en")


def photo() -> bytes:
    """A picture."""
    data = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 30)).save(data, "JPEG")
    return data.getvalue()


@pytest.fixture
def place(experts: Experts) -> ExpertPlace:
    """The place of an expert on a visit whose team has arrived."""
    experts.draw_with()
    found = experts.places(experts.district.visit)[0]
    join(experts, found)
    experts.district.begin(experts.district.visit)
    return found


@pytest.mark.parametrize("language", BOTH)
def test_an_expert_writes_adds_a_photo_and_signs_and_the_team_reads_it(
    experts: Experts, place: ExpertPlace, browse: Browser, language: str
) -> None:
    visit = experts.district.visit
    item = visit.plan_version.items[0].item
    expert = browse(experts.user(place.expert), language=language)
    page = f"/expert-work/{place.id}/opinion"
    assert page in expert.get(f"/expert-work/{place.id}").text
    expert.post(page, {"item": "", "text": ""}, status=422)
    expert.post(page, {"item": str(item.id), "text": "冷库温度记录不连续"})
    expert.post(page, {"item": str(item.id), "text": "冷库温度记录中断两天，存在风险"})
    expert.post(f"/expert-work/{place.id}/files", {"file_item": "", "caption": ""}, page=page, status=422)
    sent = {"files": (io.BytesIO(photo()), "a.jpg"), "file_item": str(item.id), "caption": "温度计"}
    expert.post(f"/expert-work/{place.id}/files", sent, page=page, content_type="multipart/form-data")
    shown = expert.get(page).text
    assert "冷库温度记录中断两天" in shown
    assert "冷库温度记录不连续" in shown
    digest = load_opinion(experts.session, place).digest
    expert.post(f"/expert-work/{place.id}/signature", {"seen": "0" * 64}, page=page, status=409)
    expert.post(f"/expert-work/{place.id}/signature", {"seen": digest}, page=page)
    signing = experts.session.scalars(sa.select(ExpertSigning)).one()
    assert hashlib.sha256(signing.content.encode()).hexdigest() == signing.digest == digest
    assert [one["text"] for one in json.loads(signing.content)["opinions"]] == ["冷库温度记录中断两天，存在风险"]
    file = experts.session.scalars(sa.select(ExpertFile)).one()
    inspector = browse(experts.district.inspector_user(visit.team_now[0]), language=language)
    assert "冷库温度记录中断两天" in inspector.get(f"/visits/{visit.id}").text
    for viewer in (inspector, expert):
        assert viewer.get(f"/visits/{visit.id}/expert-files/{file.id}.jpg").mimetype == "image/jpeg"
        assert viewer.get(f"/visits/{visit.id}/expert-files/{file.id}/original").data == photo()
    stranger = next(one for one in experts.all if one.id != place.expert_id)
    browse(experts.user(stranger)).get(page, status=404)
    browse(experts.user(stranger)).get(f"/visits/{visit.id}/expert-files/{file.id}.jpg", status=404)
    other = experts.make.user(Role.LEAD, department=experts.make.department())
    browse(other).get(f"/visits/{visit.id}/expert-files/{file.id}.jpg", status=404)


def test_what_is_added_after_a_signature_needs_another_one(experts: Experts, place: ExpertPlace) -> None:
    session, own = experts.session, experts.actor(place.expert)
    with refused("opinion-empty"):
        services.sign(session, place, seen="", actor=own)
    services.save_opinion(session, place, item_id=None, text="总体良好", actor=own)
    assert [one.key for one in messages.opinions(session)] == [str(place.id)]
    services.sign(session, place, seen=load_opinion(session, place).digest, actor=own)
    assert load_opinion(session, place).state is SignedState.SIGNED
    assert list(messages.opinions(session)) == []
    with refused("opinion-signed"):
        services.sign(session, place, seen=load_opinion(session, place).digest, actor=own)
    services.save_opinion(session, place, item_id=None, text="总体良好，一处需整改", actor=own)
    assert load_opinion(session, place).state is SignedState.OUTDATED
    noted = session.scalars(
        sa.select(AuditEntry.event).where(
            AuditEntry.event.in_((Event.EXPERT_OPINION_SAVED, Event.EXPERT_OPINION_SIGNED))
        )
    ).all()
    assert sorted(noted) == ["expert_opinion_saved", "expert_opinion_saved", "expert_opinion_signed"]


def test_nobody_changes_what_an_expert_wrote(experts: Experts, place: ExpertPlace) -> None:
    session, own = experts.session, experts.actor(place.expert)
    services.save_opinion(session, place, item_id=None, text="意见", actor=own)
    services.sign(session, place, seen=load_opinion(session, place).digest, actor=own)
    for model in (ExpertOpinion, ExpertSigning):
        for statement in (sa.update(model).values(place_id=place.id), sa.delete(model)):
            with pytest.raises(sa.exc.DBAPIError, match="append-only"), session.begin_nested():
                session.execute(statement)
    other = next(one for one in experts.all if one.id != place.expert_id)
    lead = experts.district.actor(Role.LEAD)
    for actor in (experts.actor(other), lead, experts.district.inspector(experts.district.visit.leader)):
        with refused("not-this-expert"):
            services.save_opinion(session, place, item_id=None, text="代写", actor=actor)


def test_bad_items_files_and_times_are_refused(experts: Experts, place: ExpertPlace) -> None:
    session, own = experts.session, experts.actor(place.expert)
    foreign = experts.make.item(experts.district.lead)
    with refused("opinion-item"):
        services.save_opinion(session, place, item_id=foreign.id, text="x", actor=own)
    with refused("opinion-length"):
        services.save_opinion(session, place, item_id=None, text="长" * 4001, actor=own)
    with refused("opinion-file-type"):
        services.add_file(
            session, place, data=b"#!/bin/sh", media_type="text/plain", item_id=None, caption="", actor=own
        )
    place.visit.state = VisitState.PUBLISHED
    with refused("opinion-closed"):
        services.save_opinion(session, place, item_id=None, text="太晚", actor=own)


def test_who_has_not_answered_writes_nothing(experts: Experts, browse: Browser) -> None:
    experts.draw_with()
    place = experts.places(experts.district.visit)[0]
    with refused("opinion-closed"):
        services.save_opinion(experts.session, place, item_id=None, text="x", actor=experts.actor(place.expert))
    browse(experts.user(place.expert)).get(f"/expert-work/{place.id}/opinion", status=404)


def test_an_expert_signs_for_no_department_and_sets_no_outcome(experts: Experts, place: ExpertPlace) -> None:
    session, own, visit = experts.session, experts.actor(place.expert), experts.district.visit
    section = experts.district.sections(visit)[0]
    experts.district.fill(visit, section)
    with pytest.raises(DomainError):
        sign_section(session, visit, section, seen=stored_digest(section), actor=own)
    with pytest.raises(DomainError):
        records.set_outcome(session, visit, code="normal", note="", actor=own)
    assert ROLE_PERMISSIONS[Role.EXPERT] == {Permission.EXPERT_ASSIST}


@pytest.mark.parametrize("language", BOTH)
def test_the_record_names_the_experts_and_what_they_signed(
    experts: Experts, place: ExpertPlace, browse: Browser, language: str
) -> None:
    session, own, visit = experts.session, experts.actor(place.expert), experts.district.visit
    services.save_opinion(session, place, item_id=None, text="冷链管理规范", actor=own)
    services.sign(session, place, seen=load_opinion(session, place).digest, actor=own)
    district = experts.district
    leader = district.inspector(visit.leader)
    records.set_outcome(session, visit, code="normal", note="", actor=leader)
    district.sign(visit)
    district.ask_party(visit)
    records.submit_record(session, visit, actor=leader)
    version = session.scalars(sa.select(RecordVersion)).one()
    (said,) = json.loads(version.content)["experts"]
    assert said["name"] == place.expert.name
    assert said["opinions"][0]["text"] == "冷链管理规范"
    assert said["digest"] == load_opinion(session, place).digest
    assert place.expert.name not in {one["name"] for one in json.loads(version.content)["team"]}
    reviewer = browse(district.user(Role.REVIEWER), language=language)
    shown = reviewer.get(f"/visits/{visit.id}/record/{version.version_no}").text
    assert place.expert.name in shown
    assert "冷链管理规范" in shown


def test_the_archive_finds_what_experts_wrote_and_leaves_lists_of_draws_outside(
    experts: Experts, place: ExpertPlace
) -> None:
    own = experts.actor(place.expert)
    added = services.add_file(
        experts.session, place, data=photo(), media_type="image/jpeg", item_id=None, caption="", actor=own
    )
    steps = {one.table.name: one.steps for one in related_tables()}
    assert steps["expert_places"] == (("visit_id", "visits", "id"),)
    assert {"expert_opinions", "expert_files", "expert_signings"} <= set(steps)
    assert "expert_draws" not in steps
    assert list(digests_of_visit(experts.session, place.visit)) == [added.sha256]
    with refused("opinion-file-there"):
        services.add_file(
            experts.session, place, data=photo(), media_type="image/jpeg", item_id=None, caption="", actor=own
        )
