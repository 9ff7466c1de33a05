"""A department with too few inspectors, and everybody who has a part in borrowing some."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from supervision import clock
from supervision.accounts.models import User
from supervision.accounts.queries import actor_of
from supervision.departments.models import Department
from supervision.neighbors import lending, services
from supervision.neighbors.models import LoanRequest
from supervision.neighbors.rules import Answer, LentPerson
from supervision.permissions import Actor, Role
from tests.factories import Make
from tests.supervision.draws.conftest import Visits, visits
from tests.supervision.draws.world import World, make_world
from tests.supervision.verify_page.conftest import engine, serving

__all__ = ["Borrowing", "engine", "serving", "visits"]


@dataclass
class Borrowing:
    """A world whose second department has one inspector of its own, two being needed."""

    world: World
    coordinator: User

    @property
    def department(self) -> Department:
        """The department that borrows."""
        return self.world.departments[1]

    @property
    def lead(self) -> Actor:
        """Its lead."""
        return self.world.actor(self.department.code)

    @property
    def answerer(self) -> Actor:
        """The coordinator."""
        return actor_of(self.coordinator)

    def ask(self, wanted: int = 1, *, actor: Actor | None = None) -> LoanRequest:
        """Ask for somebody."""
        session, task = self.world.session, self.world.task
        reason = "本部门仅一名执法检查人员"
        return services.ask(session, task, wanted=wanted, reason=reason, region="310106", actor=actor or self.lead)

    def answer(self, **values: object) -> Answer:
        """What the area says."""
        said: dict[str, object] = {
            "area_code": self.world.make.area().code,
            "lending_department": "普陀区市场监督管理局",
            "granted": 1,
            "document_number": "普市监函〔2026〕12号",
            "document_on": clock.today(),
            "note": "原件存区协调办",
        }
        return Answer(**{**said, **values})  # type: ignore[arg-type]

    def granted(self, wanted: int = 1) -> LoanRequest:
        """Ask, and let the coordinator enter that the area agrees."""
        request = self.ask(wanted)
        services.grant(
            self.world.session,
            request,
            self.answer(granted=wanted),
            proof=None,
            version=request.version,
            actor=self.answerer,
        )
        return request

    def person(self, number: str = "09070012345", **days: date) -> LentPerson:
        """Somebody the area names."""
        task = self.world.task
        said = {"certificate_valid_until": task.ends_on + timedelta(days=300), "starts_on": clock.today()}
        said = {**said, "ends_on": task.ends_on, **days}
        return LentPerson(number, "周借用", issuing_body="上海市人民政府", **said)

    def lent(self) -> LoanRequest:
        """Bring a loan to where somebody is here."""
        request = self.granted()
        lending.enter_people(self.world.session, request, [self.person()], actor=self.answerer)
        return request


@pytest.fixture
def borrowing(make: Make, visits: Visits) -> Borrowing:
    """Two departments, the second with one inspector of its own."""
    world = make_world(make, inspectors=1)
    for _ in range(4):
        world.inspectors.append(make.inspector(world.departments[0]))
    return Borrowing(world, make.user(Role.COORDINATOR, department=make.department()))
