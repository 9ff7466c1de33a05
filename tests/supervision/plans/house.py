"""A district small enough to carry plans through: two departments and their people."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from supervision.departments.models import Department
from supervision.items.models import Item
from supervision.permissions import Actor, Role
from supervision.plans import drafting, services
from supervision.plans.models import Plan, PlanVersion
from tests.factories import Make

REGION = "310106"


@dataclass
class House:
    """A lead department with a cooperating one, and people of all kinds."""

    lead: Department
    other: Department
    item: Item
    other_item: Item
    joint: str
    drafter: Actor
    head: Actor
    other_drafter: Actor


def make_house(make: Make) -> House:
    """Return a house with an item for each department and a joint item of both."""
    make.catalogues()
    lead, other = make.department(), make.department()
    item, other_item = make.item(lead), make.item(other)
    joint = make.joint_item(lead, [item, other_item])
    make.entity()
    return House(
        lead,
        other,
        item,
        other_item,
        joint.code,
        make.actor(Role.LEAD, department=lead),
        make.actor(Role.HEAD, department=lead),
        make.actor(Role.LEAD, department=other),
    )


def own_plan(session: Session, house: House) -> PlanVersion:
    return late(drafting.draft_plan(session, item_codes=[house.item.code], actor=house.drafter).newest)


def joint_plan(session: Session, house: House) -> PlanVersion:
    return late(drafting.draft_plan(session, joint_item_code=house.joint, actor=house.drafter).newest)


def late(version: PlanVersion) -> PlanVersion:
    """Most days of a year lie after the day for annual plans: the version says why it comes later."""
    version.late_ground, version.late_note = "superior-order", "市局部署"
    return version


def published_plan(session: Session, house: House) -> Plan:
    version = own_plan(session, house)
    services.send(session, version, actor=house.drafter)
    services.approve(session, version, region=REGION, actor=house.head)
    return version.plan
