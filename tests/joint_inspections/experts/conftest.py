"""A district whose task asks for an expert of food safety for each team."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.experts import services
from joint_inspections.experts.models import ExpertDraw, ExpertPlace
from joint_inspections.experts.queries import find_of_draw, list_places
from joint_inspections.experts.statement import ACCEPTED_WORDS
from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.accounts.models import User
from supervision.accounts.queries import actor_of
from supervision.draws import services as draws
from supervision.inspectors.models import Expert
from supervision.permissions import Actor, Role
from tests.factories import Make
from tests.joint_inspections.conftest import OPERATOR, District

FIELD = "食品安全"


class Experts:
    """Experts of the district and what is asked of them."""

    def __init__(self, district: District) -> None:
        self.district = district
        self.session, self.make = district.session, district.make
        self.all: list[Expert] = []

    def enter(self, **values: object) -> Expert:
        """An expert of food safety, engaged by the lead department."""
        expert = self.make.expert(self.district.lead, **{"fields": f"{FIELD}、冷链", **values})
        self.all.append(expert)
        return expert

    def draw_with(self, *, per_team: int = 1) -> ExpertDraw:
        """Ask for experts, then carry the joint draw of three visits out."""
        district, make = self.district, self.make
        plan = make.plan(*district.items, allocation={"kind": "total", "total": 3})
        today = clock.today()
        task = make.task(plan=plan, starts_on=today, ends_on=today + timedelta(days=0))
        for _ in range(3):
            make.entity()
        services.ask_for_task(
            self.session, task, field=FIELD, per_team=per_team, reason="后厨冷链需要专业判断",
            actor=district.actor(Role.LEAD),
        )  # fmt: skip
        district.draw = draws.freeze(self.session, task, actor=district.actor(Role.LEAD), operator=OPERATOR)
        district._contribute(district.draw)
        found = find_of_draw(self.session, district.draw)
        assert found is not None
        return found

    def places(self, visit: Visit) -> list[ExpertPlace]:
        """Who goes on a visit now."""
        return list(list_places(self.session, visit))

    def actor(self, expert: Expert) -> Actor:
        """The expert's account."""
        return actor_of(self.user(expert))

    def user(self, expert: Expert) -> User:
        """The account itself."""
        found = self.session.scalar(sa.select(User).where(User.expert_id == expert.id))
        department = expert.department
        return found or self.make.user(Role.EXPERT, department=department, name=expert.name, expert_id=expert.id)


@pytest.fixture
def experts(session: Session, district: District, make: Make) -> Experts:
    """Four experts of food safety, one of another field."""
    found = Experts(district)
    for _ in range(4):
        found.enter()
    found.enter(fields="特种设备")
    return found


def join(experts: Experts, place: ExpertPlace) -> None:
    """Let an expert accept the statement and declare no interest."""
    own = experts.actor(place.expert)
    services.bind(experts.session, place, statement=ACCEPTED_WORDS, actor=own)
    services.accept(experts.session, place, actor=own)
