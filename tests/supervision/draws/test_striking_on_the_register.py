"""A strike on the register's word needs another body than the one that put the word there (R-1.15, T06)."""

from typing import Any  # keyword arguments of a service

import pytest

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.draws import services
from supervision.draws.models import Draw, DrawProposal, DrawUnit
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


def propose(world: World, draw: Draw, unit: DrawUnit, actor: Actor) -> DrawProposal:
    """Propose to strike a unit for its status."""
    wanted: dict[str, Any] = {"entity_id": unit.entity_id, "ground": "revoked", "evidence": "notice 12"}
    return services.propose_strike(world.session, draw, **wanted, evidence_on=None, actor=actor)


def test_no_department_lets_off_alone_whom_it_has_recorded_as_ceased(world: World, visits: Visits) -> None:
    draw, visits.disclosed = world.drawn(), True
    unit = unit_of(world, draw)
    by_hand(world, unit, clerk(world))
    for actor in (clerk(world), head(world)):
        with refused("own-record"):
            strike(world, draw, unit, actor)
    proposal = propose(world, draw, unit, head(world))
    for actor in (clerk(world), head(world)):
        with refused("agreed-own-record"):
            services.agree_to_strike(world.session, draw, proposal, actor=actor)
    assert unit.state is UnitState.SELECTED
    services.agree_to_strike(world.session, draw, proposal, actor=head(world, 1))
    assert unit.state is UnitState.STRUCK


def test_who_agrees_belongs_to_no_body_that_recorded_the_status(world: World, visits: Visits) -> None:
    draw, visits.disclosed = world.drawn(), True
    unit = unit_of(world, draw)
    by_file(world, unit, sender=clerk(world, "one", 0), decider=clerk(world, "two", 1))
    proposal = propose(world, draw, unit, head(world))
    with refused("agreed-own-record"):
        services.agree_to_strike(world.session, draw, proposal, actor=head(world, 1))
    services.agree_to_strike(world.session, draw, proposal, actor=world.actor(OVERSIGHT))
    assert unit.state is UnitState.STRUCK


def test_a_status_lifted_again_strikes_nobody(world: World, visits: Visits) -> None:
    draw, visits.disclosed = world.drawn(), True
    unit = unit_of(world, draw)
    by_hand(world, unit, clerk(world))
    proposal = propose(world, draw, unit, head(world))
    by_hand(world, unit, clerk(world), EntityStatus.ACTIVE)
    with refused("ground-not-on-record"):
        services.agree_to_strike(world.session, draw, proposal, actor=head(world, 1))


def test_another_body_strikes_at_once_on_the_registers_word(world: World, visits: Visits) -> None:
    draw, visits.disclosed = world.drawn(), True
    unit = unit_of(world, draw)
    by_hand(world, unit, clerk(world))
    strike(world, draw, unit, head(world, 1))
    assert unit.state is UnitState.STRUCK


def test_a_file_of_a_department_is_its_own_word(world: World, visits: Visits) -> None:
    draw, visits.disclosed = world.drawn(), True
    unit = unit_of(world, draw)
    by_file(world, unit, sender=clerk(world, "sender"), decider=clerk(world, "decider"))
    for actor in (clerk(world, "sender"), clerk(world, "decider"), head(world)):
        with refused("own-record"):
            strike(world, draw, unit, actor)
    strike(world, draw, unit, head(world, 1))
    assert unit.state is UnitState.STRUCK


def test_the_coordinators_official_file_is_the_word_of_no_department(world: World, visits: Visits) -> None:
    draw, visits.disclosed = world.drawn(), True
    unit = unit_of(world, draw)
    coordinator = world.make.actor(Role.COORDINATOR, department=world.departments[0])
    by_file(world, unit, sender=coordinator, decider=coordinator)
    strike(world, draw, unit, head(world))
    assert unit.state is UnitState.STRUCK


def test_a_status_set_by_the_coordinators_hand_is_a_departments_word(world: World, visits: Visits) -> None:
    draw, visits.disclosed = world.drawn(), True
    unit = unit_of(world, draw)
    by_hand(world, unit, world.make.actor(Role.COORDINATOR, department=world.departments[0]))
    with refused("own-record"):
        strike(world, draw, unit, head(world))


def test_files_of_other_registers_and_before_the_status_count_for_nobody(world: World, visits: Visits) -> None:
    draw, visits.disclosed = world.drawn(), True
    unit = unit_of(world, draw)
    by_file(world, sender=clerk(world, "early", 1), decider=clerk(world, "early", 1))
    by_hand(world, unit, clerk(world))
    by_file(world, sender=clerk(world, "other", 1), decider=clerk(world, "other", 1), register="inspectors")
    by_file(world, unit, sender=clerk(world, "late", 1), decider=clerk(world, "late", 1))
    with refused("own-record"):
        strike(world, draw, unit, clerk(world))
    strike(world, draw, unit, clerk(world, "next door", 1))
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
