"""Orders given in the district of this floor, by its people."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from joint_inspections.ordered.deciding import decide_order
from joint_inspections.ordered.models import OrderedInspection
from joint_inspections.ordered.rules import OrderedKind
from joint_inspections.ordered.services import Oral, order_inspection
from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.entities.models import Entity
from supervision.permissions import Role
from supervision.workdays.models import CalendarDay
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import DayKind
from tests.joint_inspections.conftest import District

REGION = "310106"


@dataclass
class Office:
    """Gives orders and lets heads decide."""

    district: District
    entity: Entity

    def order(self, **values: object) -> OrderedInspection:
        """An order for a complaint, by the lead of the lead department, for today."""
        district = self.district
        defaults: dict[str, object] = {
            "kind": OrderedKind.TRIGGERED,
            "entity_id": self.entity.id,
            "item_ids": [one.id for one in district.items],
            "participants": [district.lead.id, district.other.id],
            "ground_code": "complaint",
            "facts": "后厨卫生状况较差，消防通道堆放杂物",
            "planned_on": clock.today(),
            "region": REGION,
            "actor": district.actor(Role.LEAD),
        }
        return order_inspection(district.session, **{**defaults, **values})  # type: ignore[arg-type]

    def urgent(self, **values: object) -> OrderedInspection:
        """An urgent order that the head of the lead department approved orally ten minutes ago."""
        head = self.district.user(Role.HEAD)
        oral = Oral(head.id, clock.now() - timedelta(minutes=10))
        return self.order(**{"urgent": True, "oral": oral, "ground_code": "accident", **values})

    def approve(self, order: OrderedInspection) -> Visit:
        """Let the head of each department approve; the team is then drawn."""
        for department in (self.district.lead, self.district.other):
            decide_order(
                self.district.session, order, agreed=True, note="", actor=self.district.actor(Role.HEAD, department)
            )
        assert order.visit is not None
        return order.visit


def office_of(district: District) -> Office:
    """The district with somebody to inspect, on a working day whatever today is."""
    if not get_calendar(district.session).is_workday(clock.today()):
        district.session.merge(CalendarDay(day=clock.today(), kind=DayKind.WORKDAY, provisional=True))
        district.session.flush()
    return Office(district, district.make.entity())


@pytest.fixture
def office(district: District) -> Office:
    """The district with somebody to inspect."""
    return office_of(district)
