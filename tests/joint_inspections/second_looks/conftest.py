"""Three finished visits of a quarter that is over, and a choice of second looks among them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from joint_inspections.codes.rules import Quarter
from joint_inspections.second_looks import choosing, queries
from joint_inspections.second_looks.models import SecondLook, SecondLookRound
from joint_inspections.second_looks.rules import Judged, judged_items
from joint_inspections.second_looks.services import assign_reviewer
from supervision import clock
from supervision.accounts.models import User
from supervision.accounts.queries import actor_of
from supervision.draws.rules import body_of
from supervision.permissions import Actor, Role
from tests.joint_inspections.archive.conftest import close
from tests.joint_inspections.conftest import District


@dataclass
class Second:
    """The district after its quarter, with oversight."""

    district: District
    quarter: Quarter
    oversight: User

    @property
    def session(self) -> Session:
        return self.district.session

    @property
    def runs(self) -> Actor:
        """The actor of oversight."""
        return actor_of(self.oversight)

    def freeze(self) -> SecondLookRound:
        """Freeze the list."""
        return choosing.freeze_round(self.session, self.quarter, actor=self.runs)

    def seal(self, found: SecondLookRound, actor: Actor) -> str:
        """Seal a number and return it."""
        secret = choosing.new_secret()
        digest = choosing.digest_of_secret(found, secret, by=body_of(actor))
        choosing.seal_number(self.session, found, digest=digest, actor=actor)
        return secret

    def draw(self) -> SecondLookRound:
        """Carry a choice out."""
        found = self.freeze()
        people = (self.runs, self.district.actor(Role.LEAD))
        secrets = [(actor, self.seal(found, actor)) for actor in people]
        for actor, secret in secrets:
            choosing.open_number(self.session, found, secret=secret, actor=actor)
        return found

    def reviewer(self) -> User:
        """A reviewer who had no part in any first look."""
        return self.district.make.user(Role.REVIEWER, department=self.district.lead)

    def at_desk(self) -> tuple[SecondLook, User]:
        """A chosen look at a desk."""
        look, user = self.draw().looks[0], self.reviewer()
        assign_reviewer(self.session, look, reviewer_id=user.id, actor=self.runs)
        return look, user


def same_as_first(second: Second, look: SecondLook) -> list[Judged]:
    """What a desk reviewer hands in who finds what the first team found."""
    content = json.loads(queries.first_version(second.session, look).content)
    return [Judged(code, one.result, {}) for code, one in judged_items(content).items()]


@pytest.fixture
def second(drawn: District) -> Iterator[Second]:
    for number, visit in enumerate(drawn.visits):
        close(drawn, visit, seed=40 + number)
    quarter = Quarter.of(clock.today())
    oversight = drawn.make.user(Role.OVERSIGHT)
    later = clock.begin_of(quarter.ends_on + timedelta(days=10)) + timedelta(hours=10)
    with clock.at(later):
        yield Second(drawn, quarter, oversight)
