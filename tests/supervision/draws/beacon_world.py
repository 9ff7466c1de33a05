"""Draws in the beacon form: a plan with a rule whose round is the real one we have, and what is handed in for it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any  # values of a plan version

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.beacons.models import BeaconRule
from supervision.beacons.rules import Attempt, Rule
from supervision.draws import services
from supervision.draws.models import Draw
from supervision.draws.queries import standing_of
from supervision.draws.rules import EntryWay
from supervision.parameters.rules import Certainty
from supervision.permissions import Actor
from tests.factories import Make
from tests.supervision.beacons.vectors import QUICKNET, quicknet_at, rule_of
from tests.supervision.draws.world import OPERATOR, World, make_world

DELAY = 600
RAW = json.dumps(QUICKNET)
RESULTS = {"ssq": "01 05 09 14 22 31 07", "dlt": "03 12 18 29 35 04 11", "qlc": "01 04 09 12 18 25 30"}
OTHER_RESULTS = {**RESULTS, "qlc": "01 04 09 12 18 25 29"}


def keep(session: Session, rule: Rule, since: date) -> str:
    """Keep a rule and return its identifier."""
    if session.get(BeaconRule, rule.identifier) is None:
        row = BeaconRule(
            identifier=rule.identifier, code=rule.code, effective_from=since, text=rule.document, name_zh="测试规则",
            name_en="A rule for tests", basis="tests", certainty=Certainty.DEFAULT, note="",
        )  # fmt: skip
        session.add(row)
        session.flush()
    return rule.identifier


@dataclass
class BeaconWorld:
    """A district whose draws wait for a public value; ``begin`` is the moment of every commitment."""

    world: World
    begin: datetime
    identifier: str
    clock_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.clock_at = self.begin

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Do something at a moment."""
        with clock.at(moment):
            yield

    def committed(self) -> Draw:
        """Bring a draw to its commitment at ``begin``."""
        with clock.at(self.begin):
            return self.world.committed()

    def attempts(self, draw: Draw) -> tuple[Attempt, ...]:
        """The rounds of a draw in their order."""
        standing = standing_of(self.world.session, draw)
        assert standing is not None
        return standing.attempts

    def hand_in(self, draw: Draw, *, raw: str = RAW, actor: Actor | None = None) -> object:
        """Hand in what the source published."""
        who = actor or self.world.lead
        return services.hand_in(self.world.session, draw, raw=raw, way=EntryWay.PASTED, actor=who)

    def type_in(self, draw: Draw, body: int, results: dict[str, str] | None = None) -> object:
        """Let somebody of a department type the results."""
        actor = self.world.actor(self.world.departments[body].code)
        return services.type_in(self.world.session, draw, results=results or RESULTS, actor=actor)


def make_beacon_world(
    make: Make, *, rule: Rule | None = None, begin: datetime | None = None, **version: Any
) -> BeaconWorld:
    """Make a district; by default its rule asks for the drand round we have, ten minutes after the commitment."""
    begin = begin or (clock.now() + timedelta(minutes=1)).replace(microsecond=0)
    make.catalogues()
    last = make.session.scalars(sa.select(BeaconRule.identifier).where(BeaconRule.code == "lotteries-cn")).one()
    wanted = rule or quicknet_at(begin + timedelta(seconds=DELAY), code="drand-test", then=last)
    identifier = keep(make.session, wanted, date(2025, 1, 1))
    world = make_world(make, beacon_rule=identifier, **version)
    world.task.ends_on = max(world.task.ends_on, (begin + timedelta(days=40)).date())
    return BeaconWorld(world, begin, identifier)


def lotteries(**values: Any) -> Rule:
    """The shipped rule of the joined lotteries, for a plan that names it first."""
    return rule_of("lotteries-cn", code="lotteries-test", **values)


def due(beacon: BeaconWorld, draw: Draw) -> datetime:
    """Return when the first round of a draw is due."""
    return beacon.attempts(draw)[0].round.due_at


def drawn(beacon: BeaconWorld) -> Draw:
    """Bring a draw to its drawing, with the value of its first round."""
    draw = beacon.committed()
    with clock.at(due(beacon, draw)):
        beacon.hand_in(draw)
        return services.carry_out(beacon.world.session, draw, actor=beacon.world.lead, operator=OPERATOR)


def head(beacon: BeaconWorld, body: int) -> Actor:
    """Return the head of a department."""
    return beacon.world.actor(f"head {beacon.world.departments[body].code}")
