"""From draft to publication: who may do which step, and what is published."""

import json
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.errors import Conflict, DomainError, Invalid, RuleBroken, WrongState
from supervision.items.rules import ListState
from supervision.plans import drafting, queries, services
from supervision.plans.allocations import rate_allocation
from supervision.plans.rules import Agreement, AllocationKind, PlanState, Scope, Stratification
from tests.factories import Make
from tests.supervision.plans.house import REGION, House, joint_plan, late, own_plan, published_plan


def test_department_plan_goes_from_draft_to_publication(session: Session, house: House) -> None:
    plan = published_plan(session, house)
    version = plan.newest
    assert version.state is PlanState.PUBLISHED
    assert plan.number == f"{REGION}{clock.today().year}0001"
    assert version.planned_visits == 1
    assert version.published_json is not None
    document = json.loads(version.published_json)
    assert document["number"] == plan.number
    assert document["items"][0]["code"] == house.item.code


def test_numbers_are_consecutive_within_a_year_whoever_leads(session: Session, make: Make, house: House) -> None:
    numbers = [published_plan(session, house).number for _ in range(3)]
    assert [str(number)[-4:] for number in numbers] == ["0001", "0002", "0003"]


def test_numbers_go_on_after_those_already_used(session: Session, make: Make, house: House) -> None:
    used = make.plan(house.item)
    year = clock.today().year
    used.number = f"{REGION}{year}0041"
    session.flush()
    assert published_plan(session, house).number == f"{REGION}{year}0042"


def test_a_withdrawn_plan_uses_no_number(session: Session, house: House) -> None:
    first = own_plan(session, house)
    services.withdraw(session, first, reason="不再需要", actor=house.drafter)
    assert first.state is PlanState.WITHDRAWN
    assert first.plan.number is None
    assert str(published_plan(session, house).number).endswith("0001")


def test_joint_plan_waits_for_every_department_then_for_the_head(session: Session, house: House) -> None:
    version = joint_plan(session, house)
    services.send(session, version, actor=house.drafter)
    assert version.state is PlanState.AGREEING
    with pytest.raises(WrongState):
        services.approve(session, version, region=REGION, actor=house.head)
    services.answer(session, version, agreed=True, note="", actor=house.other_drafter)
    assert version.state is PlanState.SUBMITTED
    services.approve(session, version, region=REGION, actor=house.head)
    assert [row.agreement for row in version.participants] == [Agreement.AGREED, Agreement.AGREED]


def test_declining_needs_a_reason_and_sends_the_plan_back(session: Session, house: House) -> None:
    version = joint_plan(session, house)
    services.send(session, version, actor=house.drafter)
    with pytest.raises(Invalid):
        services.answer(session, version, agreed=False, note="", actor=house.other_drafter)
    services.answer(session, version, agreed=False, note="人手不足", actor=house.other_drafter)
    assert version.state is PlanState.DRAFT
    assert version.return_reason == "人手不足"
    services.send(session, version, actor=house.drafter)
    assert version.participants[1].agreement is Agreement.WAITING


def test_a_department_answers_once(session: Session, make: Make, house: House) -> None:
    third = make.department()
    make.joint_item(house.lead, [house.item, house.other_item, make.item(third)], code="THREE")
    version = late(drafting.draft_plan(session, joint_item_code="THREE", actor=house.drafter).newest)
    services.send(session, version, actor=house.drafter)
    services.answer(session, version, agreed=True, note="", actor=house.other_drafter)
    with pytest.raises(Conflict):
        services.answer(session, version, agreed=True, note="", actor=house.other_drafter)


def test_items_outside_the_published_list_are_refused(session: Session, make: Make, house: House) -> None:
    with pytest.raises(RuleBroken) as refused:
        drafting.draft_plan(session, item_codes=["SCJG-99"], actor=house.drafter)
    assert refused.value.rule == "R-1.01"
    with pytest.raises(RuleBroken):
        drafting.draft_plan(session, item_codes=[house.other_item.code], actor=house.drafter)
    with pytest.raises(RuleBroken):
        drafting.draft_plan(session, joint_item_code=house.joint, actor=house.other_drafter)
    suspended = make.item(house.lead, suspended=True)
    with pytest.raises(RuleBroken):
        drafting.draft_plan(session, item_codes=[suspended.code], actor=house.drafter)


def test_a_plan_under_a_superseded_list_is_neither_sent_nor_approved(session: Session, house: House) -> None:
    version = own_plan(session, house)
    services.send(session, version, actor=house.drafter)
    version.item_list.state = ListState.SUPERSEDED
    session.flush()
    with pytest.raises(RuleBroken) as refused:
        services.approve(session, version, region=REGION, actor=house.head)
    assert refused.value.code == "list-superseded"


def test_returning_needs_a_reason_and_gives_the_plan_back(session: Session, house: House) -> None:
    version = own_plan(session, house)
    services.send(session, version, actor=house.drafter)
    with pytest.raises(Invalid):
        services.send_back(session, version, reason="", actor=house.head)
    services.send_back(session, version, reason="比例过低", actor=house.head)
    assert version.state is PlanState.DRAFT
    services.send(session, version, actor=house.drafter)
    services.recall(session, version, reason="改一处", actor=house.drafter)
    assert version.state is PlanState.DRAFT


def test_a_change_is_a_new_version_and_the_old_one_stays_readable(session: Session, house: House) -> None:
    plan = published_plan(session, house)
    first, before = plan.newest, plan.newest.published_json
    second = services.revise(session, plan, reason="扩大范围", actor=house.drafter)
    with pytest.raises(Conflict), session.begin_nested():
        services.revise(session, plan, reason="再改", actor=house.drafter)
    drafting.set_scope(session, second, Scope(sub_districts=("310106013",)), actor=house.drafter)
    services.send(session, second, actor=house.drafter)
    services.approve(session, second, region=REGION, actor=house.head)
    session.refresh(plan)
    assert first.state is PlanState.SUPERSEDED
    assert first.published_json == before
    assert plan.published is second
    found = queries.get_published_plan(session, str(plan.number))
    assert [one.version_no for one in found.versions] == [2, 1]
    assert found.current is second
    assert json.loads(str(second.published_json))["change_reason"] == "扩大范围"


@pytest.mark.parametrize("step", ["send", "answer", "approve", "send_back", "recall", "withdraw"])
def test_a_published_version_takes_no_further_step(session: Session, house: House, step: str) -> None:
    version = joint_plan(session, house)
    services.send(session, version, actor=house.drafter)
    services.answer(session, version, agreed=True, note="", actor=house.other_drafter)
    services.approve(session, version, region=REGION, actor=house.head)
    steps = {
        "send": lambda: services.send(session, version, actor=house.drafter),
        "answer": lambda: services.answer(session, version, agreed=True, note="", actor=house.other_drafter),
        "approve": lambda: services.approve(session, version, region=REGION, actor=house.head),
        "send_back": lambda: services.send_back(session, version, reason="x", actor=house.head),
        "recall": lambda: services.recall(session, version, reason="x", actor=house.drafter),
        "withdraw": lambda: services.withdraw(session, version, reason="x", actor=house.drafter),
    }
    with pytest.raises(WrongState):
        steps[step]()
    with pytest.raises(Conflict):
        drafting.set_scope(session, version, Scope(), actor=house.drafter)


def test_every_step_leaves_exactly_one_entry_in_the_log(session: Session, house: House) -> None:
    version = joint_plan(session, house)
    services.send(session, version, actor=house.drafter)
    services.answer(session, version, agreed=True, note="", actor=house.other_drafter)
    services.approve(session, version, region=REGION, actor=house.head)
    statement = sa.select(AuditEntry.event).where(
        AuditEntry.subject_kind == "plan", AuditEntry.subject_id == str(version.plan_id)
    )
    assert session.scalars(statement.order_by(AuditEntry.seq)).all() == [
        Event.PLAN_DRAFTED,
        Event.PLAN_SENT,
        Event.PLAN_AGREED,
        Event.PLAN_APPROVED,
    ]


def test_two_people_editing_one_draft_are_told(session: Session, house: House) -> None:
    version = own_plan(session, house)
    session.execute(sa.text("UPDATE plan_versions SET revision = revision + 1 WHERE id = :id"), {"id": version.id})
    with pytest.raises(Conflict) as refused:
        drafting.set_scope(session, version, Scope(), actor=house.drafter)
    assert refused.value.code == "plan-changed"


def test_published_json_is_canonical_and_says_no_risk_class(session: Session, house: House) -> None:
    version = own_plan(session, house)
    drafting.set_scope(session, version, Scope(risk_classes=("D",), types=("1100",)), actor=house.drafter)
    services.send(session, version, actor=house.drafter)
    services.approve(session, version, region=REGION, actor=house.head)
    text = str(version.published_json)
    document = json.loads(text)
    assert "risk_classes" not in text
    assert document["scope"] == {"types": ["1100"]}
    assert len(document["confidential_scope_digest"]) == 64
    assert text == json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert version.confidential


def test_class_rates_below_the_list_need_the_plan_to_say_so(session: Session, house: House) -> None:
    version = own_plan(session, house)
    kind = AllocationKind.RATE
    drafting.set_division(
        session, version, by=Stratification.RISK, kind=kind, class_rate_replaces=False, actor=house.drafter
    )
    low = rate_allocation({"B": 100}, otherwise=500)
    drafting.set_allocation(session, version, low, actor=house.drafter)
    with pytest.raises(RuleBroken) as refused:
        services.send(session, version, actor=house.drafter)
    assert refused.value.code == "class-rate-below-ratio"
    drafting.set_division(
        session, version, by=Stratification.RISK, kind=kind, class_rate_replaces=True, actor=house.drafter
    )
    drafting.set_allocation(session, version, low, actor=house.drafter)
    services.send(session, version, actor=house.drafter)


def test_a_period_over_two_years_or_backwards_is_refused(session: Session, house: House) -> None:
    version = own_plan(session, house)
    year = clock.today().year
    for starts_on, ends_on in ((date(year, 12, 1), date(year + 1, 1, 31)), (date(year, 5, 2), date(year, 5, 1))):
        with pytest.raises(DomainError) as refused:
            drafting.set_period(
                session,
                version,
                title="x",
                description="",
                starts_on=starts_on,
                ends_on=ends_on,
                actor=house.drafter,
            )
        assert isinstance(refused.value, Invalid)
        assert refused.value.field == "ends_on"


def test_fewer_than_two_inspectors_are_refused(session: Session, house: House) -> None:
    version = own_plan(session, house)
    with pytest.raises(RuleBroken) as refused:
        drafting.set_teams(
            session,
            version,
            mode=version.team_mode,
            groups=(None, None),
            per_team={house.lead.code: 1},
            visit_cap=5,
            reserve=0,
            publish_list_before=False,
            actor=house.drafter,
        )
    assert refused.value.rule == "R-1.20"
