"""Worlds for draws, and a follower that stands for the visits."""
# ruff: noqa: ARG002 - the signatures are those of a follower of draws

from dataclasses import dataclass, field

import pytest
from sqlalchemy.orm import Session

from supervision.draws import hooks
from supervision.draws.hooks import MemberChange, UnitChange
from supervision.draws.models import Draw
from supervision.permissions import Actor
from tests.factories import Make
from tests.supervision.draws.world import World, make_world


@dataclass(eq=False)
class Visits:
    """What follows a draw, as far as the draw can see."""

    done: bool = False
    fault: bool = False
    begun: list[str] = field(default_factory=list)
    strikes: list[UnitChange] = field(default_factory=list)
    replacements: list[MemberChange] = field(default_factory=list)

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
    return follower


@pytest.fixture
def world(make: Make, visits: Visits) -> World:
    """Two departments, thirty entities, sixteen inspectors."""
    return make_world(make)
