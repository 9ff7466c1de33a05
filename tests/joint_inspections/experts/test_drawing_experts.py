"""Experts are drawn like inspectors, by lots of their own, and never counted among the two (R-1.08)."""

import hashlib
import json

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.experts import checking, services
from joint_inspections.experts.models import ExpertChange, ExpertDraw
from joint_inspections.experts.rules import ExpertDrawState, PlaceState
from joint_inspections.visits.approving import approve_visit
from joint_inspections.visits.rules import VisitState, departments_short
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.draws.bundles import load_bundle, read_files
from supervision.draws.models import LogLeaf
from supervision.draws.rules import LogEvent
from supervision.draws.services import strike_on_register
from supervision.entities.rules import EntityStatus
from supervision.inspectors.rules import InspectorStatus
from supervision.permissions import Role
from tests.joint_inspections.conftest import refused
from tests.joint_inspections.experts import recomputing
from tests.joint_inspections.experts.conftest import FIELD, Experts


def test_each_team_gets_its_expert_and_a_stranger_recomputes_who(experts: Experts) -> None:
    found = experts.draw_with(per_team=2)
    district = experts.district
    assert district.draw is not None
    assert hashlib.sha256(found.content.encode()).hexdigest() == found.digest
    sealed = load_bundle(experts.session, district.draw).record
    seed = recomputing.seed_of(found.digest, {"draw": sealed.seed})
    listed = recomputing.listed(found.content)
    expected = recomputing.draw(listed, {one.team: list(one.units) for one in sealed.teams}, set(), seed)
    held = {(one.team, one.need, one.pseudonym) for one in found.places}
    assert held == expected
    assert len(held) == 6
    who = {one["expert"]: one["id"] for one in json.loads(found.mapping)["experts"]}
    assert all(who[one.pseudonym] == one.expert_id for one in found.places)
    assert {one.expert_id for one in found.places} <= {one.id for one in experts.all[:4]}
    assert list(checking.faults(experts.session, found)) == []


def test_the_list_stands_in_the_log_before_anybody_contributed(experts: Experts) -> None:
    found = experts.draw_with()
    leaves = experts.session.scalars(sa.select(LogLeaf).order_by(LogLeaf.index)).all()
    events = [one.event for one in leaves if one.draw_id == found.draw_id or one.event is LogEvent.EXPERTS]
    assert events[:3] == [LogEvent.FROZEN, LogEvent.EXPERTS, LogEvent.CONTRIBUTED]
    own = [json.loads(one.leaf) for one in leaves if one.event is LogEvent.EXPERTS]
    assert [(one["step"], one["digest"]) for one in own] == [("frozen", found.digest), ("drawn", found.record_digest)]
    assert own[0]["draw"] == "-"


def test_the_files_of_the_draw_protocol_know_nothing_of_experts(experts: Experts) -> None:
    experts.draw_with()
    assert experts.district.draw is not None
    files = read_files(experts.session, experts.district.draw)
    assert not any(b"expert" in data or b"X-0" in data for data in files.values())


def test_an_expert_never_counts_among_the_two(experts: Experts) -> None:
    experts.draw_with()
    visit = experts.district.visit
    codes = {one.department.code for one in visit.plan_version.participants}
    assert experts.places(visit)
    assert len(visit.certified_now) == len(visit.team_now) == 4
    visit.team_now[0].inspector.status = InspectorStatus.SUSPENDED
    short = visit.team_now[0].department.code
    assert departments_short(visit.certified_now, codes, on=clock.today()) == [short]


def test_somebody_who_stands_back_is_followed_by_the_next_in_the_order_and_never_drawn_there_again(
    experts: Experts,
) -> None:
    found = experts.draw_with()
    visit = experts.district.visit
    place = experts.places(visit)[0]
    before = {(one.team, one.need, one.pseudonym) for one in found.places} - {(visit.team, "N1", place.pseudonym)}
    seed = json.loads(found.record)["seed"]
    expected = recomputing.following(
        recomputing.listed(found.content), "N1", team=visit.team, k=1, seed=seed, gone={place.pseudonym}, placed=before
    )
    own = experts.actor(place.expert)
    change = services.stand_back(experts.session, place, ground="recusal", note="曾为该单位提供咨询", actor=own)
    assert (change.left, change.joined, change.k) == (place.pseudonym, expected, 1)
    assert [one.pseudonym for one in experts.places(visit)] == [expected]
    assert place.state is PlaceState.REPLACED
    assert place.stood_back
    assert list(checking.faults(experts.session, found)) == []
    with refused("expert-moved-on"):
        services.stand_back(experts.session, place, ground="recusal", note="再次", actor=own)


def test_whoever_is_no_longer_engaged_is_passed_over_and_written_down(experts: Experts) -> None:
    found = experts.draw_with()
    visit = experts.district.visit
    place = experts.places(visit)[0]
    for expert in experts.all:
        if expert.id != place.expert_id:
            expert.status = InspectorStatus.SUSPENDED
    lead = experts.district.actor(Role.LEAD)
    change = services.take_off(experts.session, place, ground="unavailable", note="住院", actor=lead)
    assert change.joined is None
    assert len(change.passed_over) == 3
    assert experts.places(visit) == []
    assert list(checking.faults(experts.session, found)) == []


def test_an_expert_employed_by_an_enterprise_is_never_drawn_for_it(experts: Experts) -> None:
    for expert in experts.all:
        expert.organization = "上海某某检测有限公司"
    enterprises = [experts.make.entity(name="上海某某检测有限公司") for _ in range(4)]
    experts.draw_with()
    drawn = {one.visit.entity_id for visit in experts.district.visits for one in experts.places(visit)}
    assert not drawn & {one.id for one in enterprises}
    tied = {one.entity_id for one in experts.district.visits} & {one.id for one in enterprises}
    assert len(drawn) + len(tied) == 3


def test_the_enterprise_that_follows_a_struck_one_gets_the_same_experts(experts: Experts) -> None:
    for _ in range(3):
        experts.make.entity()
    experts.draw_with()
    district = experts.district
    visit = district.visit
    before = [one.pseudonym for one in experts.places(visit)]
    visit.entity.status = EntityStatus.DEREGISTERED
    assert district.draw is not None
    strike_on_register(
        experts.session, district.draw, entity_id=visit.entity_id, ground="deregistered", evidence="",
        actor=district.actor(Role.HEAD),
    )  # fmt: skip
    successor = next(one for one in district.visits if one.team == visit.team and one.id != visit.id)
    assert [one.pseudonym for one in experts.places(successor)] == before


def test_a_changed_list_outcome_or_name_is_found(experts: Experts) -> None:
    found = experts.draw_with()
    session = experts.session
    whole = found.content
    found.content = whole.replace("X-0001", "X-0009")
    assert checking.LIST_CHANGED in list(checking.faults(session, found))
    found.content = whole
    kept, found.record = found.record, found.record.replace("X-0001", "X-0002", 1).replace("X-0003", "X-0002", 1)
    assert checking.OUTCOME_CHANGED in list(checking.faults(session, found))
    found.record, found.mapping = kept, found.mapping.replace(experts.all[0].name, "别人")
    assert list(checking.faults(session, found)) == [checking.APART]


def test_only_the_lead_departments_lead_asks_and_only_for_a_field_that_somebody_serves(experts: Experts) -> None:
    district, session = experts.district, experts.session
    task = experts.make.task(plan=experts.make.plan(*district.items))
    ask = {"per_team": 1, "reason": "需要"}
    with refused("experts-lead-only"):
        services.ask_for_task(session, task, field=FIELD, actor=district.actor(Role.LEAD, district.other), **ask)
    with refused("experts-lead-only"):
        services.ask_for_task(session, task, field=FIELD, actor=district.actor(Role.HEAD), **ask)
    with refused("no-expert"):
        services.ask_for_task(session, task, field="核物理", actor=district.actor(Role.LEAD), **ask)
    with refused("experts-number"):
        services.ask_for_task(session, task, field=FIELD, per_team=4, reason="需要", actor=district.actor(Role.LEAD))
    request = services.ask_for_task(session, task, field=FIELD, actor=district.actor(Role.LEAD), **ask)
    with refused("experts-asked"):
        services.ask_for_task(session, task, field=FIELD, actor=district.actor(Role.LEAD), **ask)
    services.withdraw_request(session, request, actor=district.actor(Role.LEAD))
    services.ask_for_task(session, task, field=FIELD, actor=district.actor(Role.LEAD), **ask)


def test_experts_asked_for_later_need_a_value_of_another_body(experts: Experts) -> None:
    district, session = experts.district, experts.session
    district.draw_now()
    visit, lead = district.visit, district.actor(Role.LEAD)
    found = services.ask_for_visit(session, visit, field=FIELD, per_team=1, reason="现场发现冷库", actor=lead)
    assert found.state is ExpertDrawState.FROZEN
    assert experts.places(visit) == []
    with refused("experts-value"):
        services.hand_in_value(session, found, value="6" * 64, actor=lead)
    with refused("value-malformed"):
        services.hand_in_value(session, found, value="7" * 60, actor=district.actor(Role.LEAD, district.other))
    services.hand_in_value(session, found, value="ab" * 32, actor=district.actor(Role.LEAD, district.other))
    listed = recomputing.listed(found.content)
    secret = found.parts["system"]
    assert (
        recomputing.sha("double-random-draw/1 contribution", found.number, "system", secret)
        == listed["contributions"][0]["digest"]
    )
    seed = recomputing.seed_of(found.digest, {"system": secret, district.other.code: "ab" * 32})
    expected = recomputing.draw(listed, {visit.team: [visit.entity.unit_id]}, set(), seed)
    assert {(one.team, one.need, one.pseudonym) for one in experts.places(visit)} == expected
    assert list(checking.faults(session, found)) == []
    with refused("experts-value"):
        services.hand_in_value(session, found, value="cd" * 32, actor=district.actor(Role.LEAD, district.other))


def test_what_was_asked_for_one_visit_is_taken_back_before_anything_is_drawn(experts: Experts) -> None:
    district, session = experts.district, experts.session
    district.draw_now()
    visit, lead = district.visit, district.actor(Role.LEAD)
    found = services.ask_for_visit(session, visit, field=FIELD, per_team=1, reason="现场发现冷库", actor=lead)
    with refused("experts-take-back"):
        services.take_back(session, visit, found, reason="x", actor=district.actor(Role.LEAD, district.other))
    with refused("no-reason"):
        services.take_back(session, visit, found, reason="", actor=lead)
    services.take_back(session, visit, found, reason="冷库已停用", actor=lead)
    assert found.state is ExpertDrawState.DROPPED
    (noted,) = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == Event.EXPERTS_WITHDRAWN)).all()
    assert noted.reason == "冷库已停用"
    leaves = session.scalars(sa.select(LogLeaf).where(LogLeaf.event == LogEvent.EXPERTS).order_by(LogLeaf.index)).all()
    assert [json.loads(one.leaf)["step"] for one in leaves] == ["frozen", "dropped"]
    assert list(checking.faults(session, found)) == []
    with refused("experts-value"):
        services.hand_in_value(session, found, value="ab" * 32, actor=district.actor(Role.LEAD, district.other))
    again = services.ask_for_visit(session, visit, field=FIELD, per_team=1, reason="冷库又启用", actor=lead)
    services.hand_in_value(session, again, value="ab" * 32, actor=district.actor(Role.LEAD, district.other))
    with refused("experts-take-back"):
        services.take_back(session, visit, again, reason="不合意", actor=lead)
    assert len(experts.places(visit)) == 1, "who is drawn stays drawn"


def test_nothing_is_asked_or_taken_back_once_a_head_has_approved(experts: Experts) -> None:
    district = experts.district
    district.draw_now()
    visit, lead = district.visit, district.actor(Role.LEAD)
    found = services.ask_for_visit(experts.session, visit, field=FIELD, per_team=1, reason="冷库", actor=lead)
    district.accept(visit)
    approve_visit(experts.session, visit, actor=district.actor(Role.HEAD, district.other))
    assert visit.state is VisitState.ASSIGNED
    with refused("experts-take-back"):
        services.take_back(experts.session, visit, found, reason="晚了", actor=lead)
    with refused("experts-visit"):
        services.ask_for_visit(experts.session, visit, field=FIELD, per_team=2, reason="晚了", actor=lead)


def test_nobody_asks_once_the_visit_is_approved(experts: Experts) -> None:
    district = experts.district
    district.draw_now()
    district.approve(district.visit)
    with refused("experts-visit"):
        services.ask_for_visit(
            experts.session, district.visit, field=FIELD, per_team=1, reason="晚了", actor=district.actor(Role.LEAD)
        )


def test_every_step_is_noted_once(experts: Experts) -> None:
    experts.draw_with()
    events = experts.session.scalars(
        sa.select(AuditEntry.event).where(
            AuditEntry.event.in_((Event.EXPERTS_ASKED, Event.EXPERTS_FROZEN, Event.EXPERTS_DRAWN))
        )
    ).all()
    assert sorted(events) == ["experts_asked", "experts_drawn", "experts_frozen"]


def test_a_change_is_kept_for_ever(experts: Experts, session: Session) -> None:
    experts.draw_with()
    place = experts.places(experts.district.visit)[0]
    services.take_off(session, place, ground="unavailable", note="出差", actor=experts.district.actor(Role.HEAD))
    for statement in (sa.update(ExpertChange).values(ground="x"), sa.delete(ExpertChange)):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), session.begin_nested():
            session.execute(statement)
    assert session.scalar(sa.select(sa.func.count()).select_from(ExpertDraw)) == 1
