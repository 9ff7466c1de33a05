"""Worlds for draws, and a follower that stands for the visits."""
# ruff: noqa: ARG002 - the signatures are those of a follower of draws

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.draws import hooks
from supervision.draws.hooks import MemberChange, OpenVisit, UnitChange
from supervision.draws.models import Draw, DrawUnit
from supervision.draws.rules import UnitState
from supervision.permissions import Actor
from tests.factories import Make
from tests.supervision.draws.beacon_world import BeaconWorld, lotteries, make_beacon_world
from tests.supervision.draws.world import World, make_world


@dataclass(eq=False)
class Visits:
    """What follows a draw, as far as the draw can see."""

    done: bool = False
    fault: bool = False
    begun: list[str] = field(default_factory=list)
    strikes: list[UnitChange] = field(default_factory=list)
    replacements: list[MemberChange] = field(default_factory=list)
    # the day of every visit not begun, whether it is disclosed, and the units whose visits have begun
    day: date = date(2030, 5, 7)
    disclosed: bool = False
    gone: set[int] = field(default_factory=set)

    def open_visits(self, session: Session, draw: Draw) -> Iterator[OpenVisit]:
        """One visit to every unit still on the list."""
        units = sa.select(DrawUnit).where(DrawUnit.draw_id == draw.id, DrawUnit.state != UnitState.STRUCK)
        for unit in session.scalars(units.order_by(DrawUnit.entity_id)):
            if unit.entity_id not in self.gone:
                yield OpenVisit(unit.entity_id, unit.team, self.day, disclosed=self.disclosed)

    def after_draw(self, session: Session, draw: Draw, *, actor: Actor) -> None:
        """Begin the visits, or fail half-way as a power cut would."""
        if self.fault:
            raise OSError("the power went out")
        self.begun.append(draw.number)

    def visits_done(self, session: Session, draw: Draw) -> bool:
        """Say what the test wants."""
        return self.done

    def after_strike(self, session: Session, change: UnitChange, *, actor: Actor) -> None:
        """Remember the strike."""
        self.strikes.append(change)

    def after_replacement(self, session: Session, change: MemberChange, *, actor: Actor) -> None:
        """Remember the replacement."""
        self.replacements.append(change)


@pytest.fixture
def visits(monkeypatch: pytest.MonkeyPatch) -> Visits:
    """The only follower of draws in this test."""
    follower = Visits()
    monkeypatch.setattr(hooks, "_followers", [follower])
    monkeypatch.setattr(hooks, "_abandonment_followers", [])
    monkeypatch.setattr(hooks, "_visits", [follower.open_visits])
    follower.day = clock.today() + timedelta(days=20)
    return follower


@pytest.fixture
def world(make: Make, visits: Visits) -> World:
    """Two departments, thirty entities, sixteen inspectors."""
    world = make_world(make)
    # the visits stay within their task at the end of the year too
    world.task.ends_on = max(world.task.ends_on, visits.day)
    return world


@pytest.fixture
def beacon(make: Make, visits: Visits) -> BeaconWorld:
    """The same, but draws wait for a drand round."""
    return make_beacon_world(make)


@pytest.fixture
def typed(make: Make, visits: Visits) -> BeaconWorld:
    """The same, but draws wait for results of lotteries."""
    return make_beacon_world(make, rule=lotteries())
