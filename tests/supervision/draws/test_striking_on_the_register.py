"""A strike on the register's word needs somebody who did not put the word there, by hand or by a file (R-1.15, T06)."""

from typing import Any  # keyword arguments of a service

import pytest

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.draws import services
from supervision.draws.models import Draw, DrawUnit
from supervision.draws.queries import list_strikable
from supervision.draws.rules import OVERSIGHT, UnitState
from supervision.entities.bulk import upsert_many
from supervision.entities.rules import EntityFacts, EntityStatus
from supervision.entities.services import change_status
from supervision.errors import NotFound
from supervision.intake.models import Upload
from supervision.intake.rules import UploadState
from supervision.permissions import Actor, Role
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.test_change_steps import head, unit_of
from tests.supervision.draws.world import World, refused


def clerk(world: World, name: str = "clerk", place: int = 0) -> Actor:
    """Somebody who keeps the register and heads one of the departments."""
    world.users.setdefault(name, world.make.user(Role.LEAD, Role.HEAD, department=world.departments[place]))
    return world.actor(name)


def by_hand(world: World, unit: DrawUnit, actor: Actor, status: EntityStatus = EntityStatus.REVOKED) -> None:
    """Record a status in the register."""
    change_status(
        world.session, unit.entity, status, since=clock.today(), reason="licence office",
        version=unit.entity.version, actor=actor,
    )  # fmt: skip


def by_file(world: World, *units: DrawUnit, sender: Actor, decider: Actor, register: str = "entities") -> None:
    """Let a file bring the status of units, as an import does: its one entry names the file alone."""
    now = clock.now()
    upsert_many(
        world.session,
        [
            EntityFacts(name=one.entity.name, uscc=one.entity.uscc or "", status=EntityStatus.REVOKED)
            for one in units
        ],
    )  # fmt: skip
    upload = Upload(
        kind=register, filename="a.csv", digest="0" * 64, size=1, state=UploadState.APPLIED,
        department_id=sender.department_id, created_by=sender.user_id, created_at=now, applied_at=clock.now(),
    )  # fmt: skip
    world.session.add(upload)
    world.session.flush()
    record(world.session, Event.REGISTER_IMPORTED, actor=decider, subject=("upload", upload.id))


def strike(world: World, draw: Draw, unit: DrawUnit, actor: Actor) -> None:
    """Strike a unit on the register's word."""
    wanted: dict[str, Any] = {"entity_id": unit.entity_id, "ground": "revoked", "evidence": "notice 12"}
    services.strike_on_register(world.session, draw, **wanted, actor=actor)


def test_whoever_recorded_the_status_does_not_strike_for_it(world: World, visits: Visits) -> None:
    draw, visits.disclosed = world.drawn(), True
    unit = unit_of(world, draw)
    by_hand(world, unit, clerk(world))
    with refused("own-record"):
        strike(world, draw, unit, clerk(world))
    strike(world, draw, unit, head(world))
    assert unit.state is UnitState.STRUCK


def test_whoever_sent_or_applied_the_file_does_not_strike_for_it(world: World, visits: Visits) -> None:
    draw, visits.disclosed = world.drawn(), True
    unit = unit_of(world, draw)
    by_file(world, unit, sender=clerk(world, "sender"), decider=clerk(world, "decider"))
    for name in ("sender", "decider"):
        with refused("own-record"):
            strike(world, draw, unit, clerk(world, name))
    strike(world, draw, unit, head(world))
    assert unit.state is UnitState.STRUCK


def test_files_of_other_registers_and_before_the_status_count_for_nobody(world: World, visits: Visits) -> None:
    draw, visits.disclosed = world.drawn(), True
    unit = unit_of(world, draw)
    by_file(world, sender=clerk(world, "early"), decider=clerk(world, "early"))
    by_hand(world, unit, clerk(world))
    by_file(world, sender=clerk(world, "other"), decider=clerk(world, "other"), register="inspectors")
    by_file(world, unit, sender=clerk(world, "late"), decider=clerk(world, "late"))
    with refused("own-record"):
        strike(world, draw, unit, clerk(world))
    strike(world, draw, unit, clerk(world, "late"))
    assert unit.state is UnitState.STRUCK


@pytest.mark.parametrize("way", ["hand", "file"])
def test_setting_a_status_does_not_tell_its_department_whether_an_enterprise_is_drawn(
    world: World, visits: Visits, way: str
) -> None:
    draw = world.drawn()
    unit = unit_of(world, draw)
    if way == "hand":
        by_hand(world, unit, clerk(world))
    else:
        by_file(world, unit, sender=clerk(world), decider=clerk(world))
    for actor in (clerk(world), head(world, 0)):
        assert list_strikable(world.session, draw, viewer=actor) == []
        with pytest.raises(NotFound):
            strike(world, draw, unit, actor)
    for actor in (head(world, 1), world.actor(OVERSIGHT)):
        assert [one.entity.id for one in list_strikable(world.session, draw, viewer=actor)] == [unit.entity_id]
    visits.disclosed = True
    assert unit.entity_id in {one.entity.id for one in list_strikable(world.session, draw, viewer=head(world, 0))}
