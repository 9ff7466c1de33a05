"""A small district in which draws are made: departments, inspectors, entities, a published plan and its task."""

import secrets
from dataclasses import dataclass, field
from typing import Any  # values of any column

import pytest
from sqlalchemy.orm import Session

from sampling.seeds import contribution_digest
from supervision.accounts.models import User
from supervision.accounts.queries import actor_of
from supervision.departments.models import Department
from supervision.draws import services
from supervision.draws.bundles import read_files
from supervision.draws.models import Draw
from supervision.draws.rules import OVERSIGHT, SYSTEM
from supervision.draws.vault import Operator
from supervision.entities.models import Entity
from supervision.errors import DomainError
from supervision.inspectors.models import Inspector
from supervision.permissions import Actor, Role
from supervision.plans.models import Task
from tests.conftest import SECRET
from tests.factories import Make

OPERATOR = Operator.of("310106", SECRET)


@dataclass
class World:
    """Everything and everybody a draw needs; ``departments[0]`` leads."""

    session: Session
    make: Make
    departments: list[Department]
    entities: list[Entity]
    inspectors: list[Inspector]
    task: Task
    users: dict[str, User]
    secrets: dict[str, str] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """The actor of a person of this world."""
        return actor_of(self.users[name])

    @property
    def lead(self) -> Actor:
        """The lead of the lead department."""
        return self.actor(self.departments[0].code)

    def freeze(self) -> Draw:
        """Freeze the task's pool."""
        return services.freeze(self.session, self.task, actor=self.lead, operator=OPERATOR)

    def digest(self, draw: Draw, by: str) -> str:
        """Make a secret for a party, as a browser would, and return its digest."""
        self.secrets[by] = secrets.token_hex(32)
        return contribution_digest(hash_name="sha256", draw=draw.number, by=by, secret=self.secrets[by])

    def parties(self, draw: Draw) -> list[str]:
        """Everybody who contributes but the system."""
        return [entry.by for entry in draw.contributions if entry.by != SYSTEM]

    def bodies(self, draw: Draw) -> list[str]:
        """The departments, and oversight, among the parties: those who sign in."""
        return [by for by in self.parties(draw) if by in self.users]

    def seal_all(self, draw: Draw) -> None:
        """Let every party seal a contribution."""
        for by in self.parties(draw):
            digest = self.digest(draw, by)
            handed = self.secrets[by] if draw.beacon_rule else ""
            services.seal(self.session, draw, digest=digest, secret=handed, actor=self.actor(by))

    def committed(self) -> Draw:
        """Bring a draw to the commitment."""
        draw = self.freeze()
        self.seal_all(draw)
        return services.commit(self.session, draw, actor=self.lead)

    def reveal_all(self, draw: Draw) -> None:
        """Let every party reveal."""
        for by in self.parties(draw):
            services.reveal(self.session, draw, secret=self.secrets[by], actor=self.actor(by))

    def drawn(self) -> Draw:
        """Bring a draw to its sealed record."""
        draw = self.committed()
        self.reveal_all(draw)
        return services.carry_out(self.session, draw, actor=self.lead, operator=OPERATOR)


def refused(code: str) -> Any:
    """Expect a refusal with this code."""
    return pytest.raises(DomainError, check=lambda error: error.code == code)


def make_world(make: Make, *, departments: int = 2, units: int = 30, inspectors: int = 8, **version: Any) -> World:
    """Make a district with a joint plan (or, with one department, a plan of its own) and a task ready to be drawn."""
    session = make.session
    make.catalogues()
    bodies = [make.department() for _ in range(departments)]
    items = [make.item(body) for body in bodies]
    entities = [make.entity() for _ in range(units)]
    people = [make.inspector(body) for body in bodies for _ in range(inspectors)]
    task = make.task(plan=make.plan(*items, **{"visit_cap": 10, "reserve": 2, **version}))
    users = {body.code: make.user(Role.LEAD, department=body) for body in bodies}
    users |= {f"head {body.code}": make.user(Role.HEAD, department=body) for body in bodies}
    users[OVERSIGHT] = make.user(Role.OVERSIGHT, department=make.department())
    return World(session, make, bodies, entities, people, task, users)


def table(session: object, draw: Draw, name: str) -> list[list[str]]:
    """Return the rows of a frozen table."""
    data = read_files(session, draw, [name])[name]  # type: ignore[arg-type]
    return [line.split("\t") for line in data.decode().splitlines()]
