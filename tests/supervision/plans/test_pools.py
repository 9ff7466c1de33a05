"""Nobody vanishes: registered = pool + excluded by each reason, and everybody has one place."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from sampling.identifiers import is_identifier
from supervision import clock
from supervision.entities.models import Entity, EntityTag, Tag
from supervision.entities.rules import EntityStatus, RiskClass
from supervision.permissions import Role
from supervision.permits.models import Permit
from supervision.permits.rules import PermitKind, PermitState
from supervision.plans import facts, overlaps, task_queries, tasking
from supervision.plans.allocations import allocation_for, numbers_drawn, rate_allocation, stratum_of_industry
from supervision.plans.exclusions import Automatic, Standing, exclusion_reason
from supervision.plans.facts import VisitFact
from supervision.plans.pools import build_pool, count_in_scope, count_shared
from supervision.plans.rules import Stratification
from tests.factories import Make

TODAY = clock.today()


@pytest.fixture
def visits() -> Iterator[list[VisitFact]]:
    """Past visits that tests add to; known only during the test."""
    known: list[VisitFact] = []

    def provider(session: Session, start: date, end: date) -> list[VisitFact]:
        return [fact for fact in known if start <= fact.visited_on <= end]

    before = list(facts._providers)
    facts.provide(provider)
    yield known
    facts._providers[:] = before


def _visit(entity: Entity, *codes: str, on: date = TODAY) -> VisitFact:
    return VisitFact(entity.id, on, frozenset(codes), frozenset())


standings = st.builds(
    Standing,
    in_scope=st.booleans(),
    active=st.booleans(),
    low_touch=st.booleans(),
    visits=st.integers(0, 4),
    same_item=st.booleans(),
    decided=st.sampled_from(["", "open-case"]),
)


@given(standings)
def test_the_first_reason_that_holds_counts(standing: Standing) -> None:
    reason = exclusion_reason(standing, yearly_cap=2)
    holding = [
        code
        for code, holds in (
            (Automatic.SCOPE, not standing.in_scope),
            (Automatic.STATUS, not standing.active),
            (Automatic.LOW_TOUCH, standing.low_touch),
            (Automatic.YEARLY_CAP, standing.visits >= 2),
            (Automatic.SAME_ITEM, standing.same_item),
            ("open-case", standing.decided),
        )
        if holds
    ]
    assert reason == (holding[0] if holding else None)


entities = st.lists(
    st.fixed_dictionaries(
        {
            "industry_code": st.sampled_from(["H6210", "H6220", "H6110", "C1310"]),
            "type_code": st.sampled_from(["1100", "9500"]),
            "status": st.sampled_from(list(EntityStatus)),
            "low_touch": st.booleans(),
            "risk_class": st.sampled_from([None, *RiskClass]),
            "visited": st.integers(0, 3),
        }
    ),
    max_size=12,
)
plans = st.fixed_dictionaries(
    {
        "stratification": st.sampled_from(list(Stratification)),
        "scope": st.sampled_from([{}, {"types": ["1100"]}, {"risk_classes": ["D"]}, {"industries": ["H621"]}]),
    }
)


@given(rows=entities, plan=plans)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_registered_is_pool_plus_everybody_left_out(
    session: Session, make: Make, visits: list[VisitFact], rows: list[dict[str, Any]], plan: dict[str, Any]
) -> None:
    with session.begin_nested() as undo:
        make.catalogues()
        item = make.item()
        visits.clear()
        made = {}
        for row in rows:
            visited = row["visited"]
            entity = make.entity(**{name: value for name, value in row.items() if name != "visited"})
            made[entity.unit_id] = row
            visits.extend([_visit(entity, item.code)] * visited)
        version = make.plan(item, confidential_salt="0" * 32, **plan).newest
        pool = build_pool(session, version, on=TODAY)
        units = [unit for unit, _ in pool.frame] + [unit for unit, _ in pool.excluded]
        assert pool.registered == len(units) == len(set(units)) == len(rows)
        assert set(units) == set(made)
        assert sum(pool.strata.values()) + sum(pool.excluded_counts.values()) == pool.registered
        assert pool.frame == sorted(pool.frame)
        assert pool.excluded == sorted(pool.excluded)
        assert all(is_identifier(unit) and is_identifier(stratum) for unit, stratum in pool.frame)
        for unit, _ in pool.frame:
            assert made[unit]["status"] is EntityStatus.ACTIVE
            assert made[unit]["industry_code"].startswith("H62")
            assert not made[unit]["low_touch"]
            assert not made[unit]["visited"]
        assert pool.confidential == (plan["stratification"] is Stratification.RISK or "risk_classes" in plan["scope"])
        undo.rollback()
    session.expunge_all()


def test_each_reason_is_found_from_facts_on_record(session: Session, make: Make, visits: list[VisitFact]) -> None:
    make.catalogues()
    item = make.item(max_per_year=1)
    kept, far = make.entity(), make.entity(industry_code="C1310")
    closed, quiet = make.entity(status=EntityStatus.CLOSED), make.entity(low_touch=True)
    busy, again, last_year = make.entity(), make.entity(), make.entity()
    visits += [_visit(busy, "X-1"), _visit(busy, "X-2"), _visit(again, item.code)]
    visits += [_visit(last_year, item.code, on=date(TODAY.year - 1, 12, 31))]
    pool = build_pool(session, make.task(item), on=TODAY)
    assert dict(pool.excluded) == {
        far.unit_id: "scope",
        closed.unit_id: "status",
        quiet.unit_id: "low-touch",
        busy.unit_id: "yearly-cap",
        again.unit_id: "same-item-this-year",
    }
    assert {unit for unit, _ in pool.frame} == {kept.unit_id, last_year.unit_id}


def test_only_exclusions_confirmed_by_a_second_person_count(session: Session, make: Make) -> None:
    make.catalogues()
    task, entity, other = make.task(), make.entity(), make.entity()
    department = task.plan_version.plan.lead_department
    lead, head = make.actor(Role.LEAD, department=department), make.actor(Role.HEAD, department=department)
    for one in (entity, other):
        tasking.record_exclusion(session, task, one, reason_code="open-case", evidence="3号", actor=lead)
    assert build_pool(session, task, on=TODAY).excluded == []
    first, second = task_queries.list_exclusions(session, task)
    tasking.decide_exclusion(session, task, first, confirmed=True, note="", actor=head)
    tasking.decide_exclusion(session, task, second, confirmed=False, note="证据不足", actor=head)
    assert build_pool(session, task, on=TODAY).excluded == [(entity.unit_id, "open-case")]
    assert build_pool(session, task.plan_version, on=TODAY).excluded == []


def test_a_joint_pool_needs_an_item_of_every_department(session: Session, make: Make) -> None:
    make.catalogues()
    lead, other = make.department(), make.department()
    first, second = make.item(lead, industries=["R901"]), make.item(lead, industries=["R902"])
    shared = make.item(other, industries=["R9"])
    ours = [make.entity(industry_code=code) for code in ("R9010", "R9020")]
    make.entity(industry_code="R9030")
    joint = make.joint_item(lead, [first, second, shared], industries=["R90"])
    version = make.plan(first, second, shared, joint_item=joint).newest
    pool = build_pool(session, version, on=TODAY)
    assert {unit for unit, _ in pool.frame} == {one.unit_id for one in ours}
    joint.industries = ["R901"]
    session.flush()
    assert [unit for unit, _ in build_pool(session, version, on=TODAY).frame] == [ours[0].unit_id]


def test_scope_filters_by_tag_and_by_permit_in_force(session: Session, make: Make) -> None:
    make.catalogues()
    tagged, permitted, expired = make.entity(), make.entity(), make.entity()
    session.add(Tag(code="kitchen", name_zh="明厨亮灶"))
    session.flush()
    session.add(EntityTag(entity_id=tagged.id, tag_code="kitchen"))
    department = make.department()
    for entity, until in ((permitted, None), (expired, TODAY - timedelta(days=1))):
        session.add(
            Permit(
                entity_id=entity.id,
                department_id=department.id,
                document_number=f"许{entity.id}",
                certificate_name="食品经营许可证",
                permit_number="1",
                kind=PermitKind.ORDINARY,
                decided_on=date(2020, 1, 1),
                valid_from=date(2020, 1, 1),
                valid_until=until,
                state=PermitState.VALID,
                recorded_at=clock.now(),
            )
        )
    session.flush()
    item = make.item()
    by_tag = make.plan(item, scope={"tags": ["kitchen"]}).newest
    by_permit = make.plan(item, scope={"permit_names": ["食品经营许可证"]}).newest
    assert [unit for unit, _ in build_pool(session, by_tag, on=TODAY).frame] == [tagged.unit_id]
    assert [unit for unit, _ in build_pool(session, by_permit, on=TODAY).frame] == [permitted.unit_id]
    assert count_in_scope(session, by_permit, on=TODAY) == 1
    assert count_shared(session, by_tag, by_permit, on=TODAY) == 0
    assert [one.shared for one in overlaps.find_overlaps(session, make.plan(item).newest, on=TODAY)] == [1, 1]


def test_industries_are_divided_by_the_limits_of_the_scope_else_by_division(session: Session, make: Make) -> None:
    assert stratum_of_industry("H6210", ["H62", "H621"]) == "H621"
    assert stratum_of_industry("H6210", []) == "H62"
    make.catalogues()
    make.entity(industry_code="H6210")
    make.entity(industry_code="H6220")
    version = make.plan(
        make.item(), stratification=Stratification.INDUSTRY, scope={"industries": ["H621", "H622"]}
    ).newest
    assert build_pool(session, version, on=TODAY).strata == {"H621": 1, "H622": 1}


def test_entities_without_a_class_are_a_part_of_their_own(session: Session, make: Make) -> None:
    make.catalogues()
    make.entity(risk_class=None)
    make.entity(risk_class=RiskClass.D)
    version = make.plan(make.item(), stratification=Stratification.RISK).newest
    assert build_pool(session, version, on=TODAY).strata == {"D": 1, "U": 1}


def test_parts_that_appear_later_follow_the_rule_fixed_in_the_plan() -> None:
    allocation = rate_allocation({"1100": 1000}, otherwise=300)
    assert allocation_for(allocation, ["1100", "9500"]) == {
        "kind": "rate",
        "strata": {"1100": {"rate_bp": 1000}, "9500": {"rate_bp": 300}},
    }
    assert numbers_drawn(allocation, {"1100": 41, "9500": 41}) == {"1100": 5, "9500": 2}
