"""The share a plan would draw is compared with the list, however the number is fixed (R-1.02, R-1.04, R-1.13)."""

from typing import Any  # allocations are JSON

import pytest
from sqlalchemy.orm import Session

from supervision import clock
from supervision.entities.rules import RiskClass
from supervision.errors import RuleBroken
from supervision.items.rules import ItemCategory
from supervision.permissions import Role
from supervision.plans import readiness, services
from supervision.plans.allocations import ALL, count_allocation, rate_allocation, total_allocation
from supervision.plans.findings import Finding
from supervision.plans.models import PlanVersion
from supervision.plans.pools import build_pool
from supervision.plans.rules import PlanState, Stratification
from tests.factories import Make

KEY = {"category": ItemCategory.KEY, "ratio_bp": 2000}


def version_of(make: Make, allocation: dict[str, Any], *, pool: int = 40, **values: Any) -> PlanVersion:
    make.catalogues()
    for _ in range(pool):
        make.entity()
    item = make.item(**values.pop("item", {}))
    return make.plan(item, state=PlanState.DRAFT, allocation=allocation, late_ground="other", **values).newest


def findings(session: Session, version: PlanVersion) -> dict[str, Finding]:
    pool, today = build_pool(session, version, on=clock.today()), clock.today()
    found = [
        *readiness.obstacles(session, version, pool, on=today),
        *readiness.cautions(session, version, pool, on=today),
    ]
    return {one.code: one for one in found}


@pytest.mark.parametrize("allocation", [count_allocation({ALL: 4}, otherwise=4), total_allocation(4, {})])
def test_general_items_above_their_ceiling_are_not_sent(
    session: Session, make: Make, allocation: dict[str, Any]
) -> None:
    version = version_of(make, allocation)
    found = findings(session, version)["general-share-above"]
    assert found.blocking
    assert found.parameters == {"drawn": 4, "pool": 40, "share": "10", "most": 2, "ceiling": "5"}
    actor = make.actor(Role.LEAD, department=version.plan.lead_department)
    with pytest.raises(RuleBroken) as refused:
        services.send(session, version, actor=actor)
    assert refused.value.code == "general-share-above"
    assert refused.value.rule == "R-1.04"


def test_the_ratio_of_the_list_and_rounding_up_are_never_too_much(session: Session, make: Make) -> None:
    higher = version_of(make, count_allocation({ALL: 4}, otherwise=4), item={"ratio_bp": 1000})
    assert "general-share-above" not in findings(session, higher)
    higher.allocation = count_allocation({ALL: 5}, otherwise=5)
    assert findings(session, higher)["general-share-above"].parameters["most"] == 4


def test_one_of_a_tiny_pool_may_always_be_drawn(session: Session, make: Make) -> None:
    version = version_of(make, count_allocation({ALL: 1}, otherwise=1), pool=2)
    assert "general-share-above" not in findings(session, version)


def test_a_rate_above_the_ceiling_is_no_less_refused_than_a_number(session: Session, make: Make) -> None:
    version = version_of(make, rate_allocation({ALL: 5000}, otherwise=500))
    assert findings(session, version)["general-share-above"].parameters["drawn"] == 20


def test_key_items_know_no_ceiling_and_are_told_what_is_unusual(session: Session, make: Make) -> None:
    version = version_of(make, count_allocation({ALL: 30}, otherwise=30), item=KEY)
    found = findings(session, version)
    assert "general-share-above" not in found
    assert found["share-unusual"].parameters == {"drawn": 30, "pool": 40, "share": "75", "low": "10", "high": "50"}
    assert "not law" in found["share-unusual"].message


@pytest.mark.parametrize("allocation", [count_allocation({ALL: 7}, otherwise=7), total_allocation(7, {})])
def test_fewer_than_the_list_asks_is_said_with_the_numbers(
    session: Session, make: Make, allocation: dict[str, Any]
) -> None:
    found = findings(session, version_of(make, allocation, item=KEY))["share-below-list"]
    assert not found.blocking
    assert found.parameters == {"drawn": 7, "pool": 40, "share": "17.5", "ratio": "20", "needed": 8}


def test_exactly_what_the_list_asks_raises_no_doubt(session: Session, make: Make) -> None:
    found = findings(session, version_of(make, count_allocation({ALL: 8}, otherwise=8), item=KEY))
    assert not found.keys() & {"share-below-list", "share-unusual", "general-share-above", "part-below-list"}


def test_a_part_with_too_few_is_counted_although_the_whole_is_enough(session: Session, make: Make) -> None:
    for _ in range(10):
        make.entity(sub_district_code="310106006")
    allocation = count_allocation({"310106006": 1, "310106013": 10}, otherwise=0)
    version = version_of(make, allocation, item=KEY, stratification=Stratification.SUB_DISTRICT)
    found = findings(session, version)["part-below-list"]
    assert found.parameters == {"count": 1, "parts": 2, "ratio": "20"}


def test_a_confidential_plan_is_compared_as_well(session: Session, make: Make) -> None:
    for _ in range(10):
        make.entity(risk_class=RiskClass.D)
    allocation = count_allocation({"B": 1, "D": 3}, otherwise=0)
    version = version_of(make, allocation, stratification=Stratification.RISK, class_rate_replaces=False)
    found = findings(session, version)["class-number-below-ratio"]
    assert found.blocking
    assert (found.parameters["part"], found.parameters["needed"]) == ("B", 2)
    version.class_rate_replaces = True
    assert "class-number-below-ratio" not in findings(session, version)
    assert "general-share-above" not in findings(session, version), "3 of 10 is the house rate of class D"
    version.allocation = count_allocation({"B": 2, "D": 9}, otherwise=0)
    assert findings(session, version)["general-share-above"].parameters["most"] == 5


def test_a_plan_limited_to_a_risk_class_may_draw_the_rate_of_that_class(session: Session, make: Make) -> None:
    for _ in range(10):
        make.entity(risk_class=RiskClass.D)
    allocation = count_allocation({ALL: 3}, otherwise=3)
    version = version_of(make, allocation, scope={"risk_classes": ["D"]}, confidential_salt="0" * 32)
    assert "general-share-above" not in findings(session, version)
    version.allocation = count_allocation({ALL: 4}, otherwise=4)
    assert "general-share-above" in findings(session, version)
