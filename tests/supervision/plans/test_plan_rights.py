"""Who may take which step of a plan, and who never may."""

import pytest
from sqlalchemy.orm import Session

from supervision.errors import Forbidden, NotFound, RuleBroken
from supervision.permissions import Role
from supervision.plans import drafting, queries, services
from supervision.plans.rules import Scope
from tests.factories import Make
from tests.supervision.plans.house import REGION, House, joint_plan, own_plan


def test_nobody_approves_what_they_wrote_even_with_both_roles(session: Session, make: Make, house: House) -> None:
    both = make.actor(Role.LEAD, Role.HEAD, department=house.lead)
    version = own_plan(session, house)
    drafting.set_period(
        session,
        version,
        title="改",
        description="",
        starts_on=version.starts_on,
        ends_on=version.ends_on,
        late=("superior-order", "市局部署"),
        actor=both,
    )
    services.send(session, version, actor=house.drafter)
    with pytest.raises(RuleBroken) as refused:
        services.approve(session, version, region=REGION, actor=both)
    assert refused.value.code == "self-approval"
    services.approve(session, version, region=REGION, actor=house.head)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.HEAD])
def test_only_a_head_approves(session: Session, make: Make, house: House, role: Role) -> None:
    version = own_plan(session, house)
    services.send(session, version, actor=house.drafter)
    with pytest.raises(Forbidden):
        services.approve(session, version, region=REGION, actor=make.actor(role, department=house.lead))


def test_the_head_of_another_department_does_not_approve(session: Session, make: Make, house: House) -> None:
    version = joint_plan(session, house)
    services.send(session, version, actor=house.drafter)
    services.answer(session, version, agreed=True, note="", actor=house.other_drafter)
    with pytest.raises(Forbidden):
        services.approve(session, version, region=REGION, actor=make.actor(Role.HEAD, department=house.other))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.LEAD])
def test_only_a_lead_drafts(session: Session, make: Make, house: House, role: Role) -> None:
    stranger = make.actor(role, department=house.lead)
    with pytest.raises(Forbidden):
        drafting.draft_plan(session, item_codes=[house.item.code], actor=stranger)
    version = own_plan(session, house)
    with pytest.raises(Forbidden):
        services.send(session, version, actor=stranger)
    with pytest.raises(Forbidden):
        services.withdraw(session, version, reason="x", actor=stranger)


def test_a_lead_of_another_department_neither_edits_nor_sends(session: Session, house: House) -> None:
    version = own_plan(session, house)
    with pytest.raises(Forbidden):
        drafting.set_scope(session, version, Scope(), actor=house.other_drafter)
    with pytest.raises(Forbidden):
        services.send(session, version, actor=house.other_drafter)
    with pytest.raises(NotFound):
        queries.get_plan(session, house.other_drafter, version.plan_id)


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.REVIEWER, Role.COORDINATOR, Role.OVERSIGHT])
def test_only_lead_or_head_of_a_cooperating_department_answers(
    session: Session, make: Make, house: House, role: Role
) -> None:
    version = joint_plan(session, house)
    services.send(session, version, actor=house.drafter)
    for actor in (make.actor(role, department=house.other), house.drafter, make.actor(Role.LEAD)):
        with pytest.raises(Forbidden):
            services.answer(session, version, agreed=True, note="", actor=actor)
