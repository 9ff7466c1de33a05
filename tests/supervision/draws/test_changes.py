"""Strikes and replacements: what the platform does is what the engine says, and what the log tells."""

import json

import pytest
import sqlalchemy as sa

from sampling import replacement as engine
from supervision import clock
from supervision.draws import services
from supervision.draws.bundles import load_bundle
from supervision.draws.log import replacement_history
from supervision.draws.models import Draw, DrawFile, DrawMember, DrawPseudonym, DrawUnit
from supervision.draws.queries import list_leaves, public_leaves
from supervision.draws.rules import OVERSIGHT, SEALED_EVENTS, UnitState
from supervision.entities.rules import EntityStatus
from supervision.errors import Forbidden, Invalid, NotFound, WrongState
from supervision.inspectors.models import InspectorTie
from supervision.inspectors.rules import TieKind
from supervision.permissions import Actor, Role
from tests.factories import Make
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import OPERATOR, World, make_world, refused


def head(world: World) -> Actor:
    """The head of the lead department."""
    return world.actor(f"head {world.departments[0].code}")


def members(world: World, draw: Draw) -> list[DrawMember]:
    """Those on the teams now."""
    statement = sa.select(DrawMember).where(DrawMember.draw_id == draw.id, DrawMember.left.is_(False))
    return list(world.session.scalars(statement.order_by(DrawMember.team, DrawMember.inspector_id)))


def teams_now(world: World, draw: Draw) -> dict[str, set[tuple[str, str, bool]]]:
    """Members by team under their pseudonyms, as the platform's rows have them."""
    names = {
        row.inspector_id: row.pseudonym
        for row in world.session.scalars(sa.select(DrawPseudonym).where(DrawPseudonym.draw_id == draw.id))
    }
    found: dict[str, set[tuple[str, str, bool]]] = {}
    for member in members(world, draw):
        found.setdefault(member.team, set()).add((names[member.inspector_id], member.department.code, member.lead))
    return found


def engine_says(world: World, draw: Draw) -> engine.TeamsState:
    """The state the engine gives by replaying the log."""
    bundle = load_bundle(world.session, draw)
    return engine.replay(bundle, bundle.record, replacement_history(world.session, draw))


def check_agrees(world: World, draw: Draw) -> None:
    """Fail unless the rows and the replayed log say the same."""
    state = engine_says(world, draw)
    expected = {
        team.team: {(one.inspector, one.department, one.lead) for one in team.members}
        for team in state.teams.values()
        if team.members
    }
    assert teams_now(world, draw) == expected
    units = world.session.scalars(sa.select(DrawUnit).where(DrawUnit.draw_id == draw.id)).all()
    assert {row.entity.unit_id for row in units if row.state is not UnitState.STRUCK} == set(state.selected)
    assert {row.entity.unit_id for row in units if row.state is UnitState.STRUCK} == set(state.struck)
    homes = {unit: team.team for team in state.teams.values() for unit in team.units}
    assert {row.entity.unit_id: row.team for row in units if row.state is not UnitState.STRUCK} == {
        unit: homes.get(unit, "") for unit in state.selected
    }


def test_every_replacement_is_the_engines(make: Make, visits: Visits) -> None:
    world = make_world(make, units=60)
    draw = world.drawn()
    for number in range(6):
        out = members(world, draw)[number]
        before = engine_says(world, draw)
        change = services.replace_inspector(
            world.session, draw, team=out.team, inspector_id=out.inspector_id, ground="illness", actor=head(world)
        )
        assert change.out.left
        assert (change.successor is not None) == (len(teams_now(world, draw)[out.team]) == 4)
        assert engine_says(world, draw).begun != before.begun
        check_agrees(world, draw)
    assert len(visits.replacements) == 6


def test_a_replaced_leader_is_followed_by_another(world: World) -> None:
    draw = world.drawn()
    leader = next(member for member in members(world, draw) if member.lead)
    change = services.replace_inspector(
        world.session, draw, team=leader.team, inspector_id=leader.inspector_id, ground="recusal", actor=head(world)
    )
    now = [member for member in members(world, draw) if member.team == leader.team and member.lead]
    assert [member.inspector_id for member in now] == [change.leader_id]
    assert now[0].department_id == world.departments[0].id


def test_a_struck_unit_is_followed_by_the_next_of_the_reserve(world: World, visits: Visits) -> None:
    draw = world.drawn()
    reserve = [row.unit for row in services.recomputed(world.session, draw).reserve]
    for place in range(3):
        statement = sa.select(DrawUnit).where(DrawUnit.draw_id == draw.id, DrawUnit.state != UnitState.STRUCK)
        unit = world.session.scalars(statement.order_by(DrawUnit.entity_id)).first()
        assert unit is not None
        unit.entity.status = EntityStatus.DEREGISTERED
        change = services.strike_unit(
            world.session,
            draw,
            unit_id=unit.entity.unit_id,
            ground="deregistered",
            evidence="notice 12",
            actor=head(world),
        )
        assert change.successor is not None
        if place < len(reserve):
            assert change.successor.entity.unit_id == reserve[place]
        assert change.successor.state is UnitState.RESERVE
        check_agrees(world, draw)
    assert len(visits.strikes) == 3


def test_members_tied_to_the_reserve_unit_are_replaced_at_once(make: Make, visits: Visits) -> None:
    allocation = {"kind": "total", "total": 1, "weights": {}}
    world = make_world(make, departments=1, units=18, inspectors=6, allocation=allocation)
    for place, inspector in enumerate(world.inspectors):
        for entity in world.entities[place % 3 :: 3]:
            world.session.add(
                InspectorTie(
                    inspector_id=inspector.id, entity_id=entity.id, kind=TieKind.OTHER, declared_on=clock.today()
                )
            )
    draw = world.drawn()
    for _ in range(8):
        unit = next(row for row in drawn_rows(world) if row.state is not UnitState.STRUCK)
        facts = {"unit_id": unit.entity.unit_id, "ground": "legal-exemption", "evidence": "decree 3"}
        services.strike_unit(world.session, draw, actor=head(world), **facts)
        check_agrees(world, draw)
        bundle = load_bundle(world.session, draw)
        assert engine.first_due(bundle, bundle.record, replacement_history(world.session, draw)) is None
    assert visits.replacements, "eight strikes without a tied member cannot be"


def test_only_listed_grounds_that_the_register_shows(world: World) -> None:
    draw = world.drawn()
    unit = world.session.scalars(sa.select(DrawUnit).where(DrawUnit.draw_id == draw.id)).first()
    assert unit is not None
    facts = {"unit_id": unit.entity.unit_id, "actor": head(world)}
    with pytest.raises(Invalid):
        services.strike_unit(world.session, draw, ground="unreachable", evidence="x", **facts)
    with refused("ground-not-on-record"):
        services.strike_unit(world.session, draw, ground="deregistered", evidence="x", **facts)
    with pytest.raises(Invalid):
        services.strike_unit(world.session, draw, ground="legal-exemption", evidence=" ", **facts)
    undrawn = next(one for one in world.entities if one.id not in {row.entity_id for row in drawn_rows(world)})
    with pytest.raises(NotFound):
        services.strike_unit(
            world.session, draw, unit_id=undrawn.unit_id, ground="legal-exemption", evidence="x", actor=head(world)
        )


def drawn_rows(world: World) -> list[DrawUnit]:
    """Every drawn unit."""
    return list(world.session.scalars(sa.select(DrawUnit)))


def test_only_heads_and_oversight_decide_and_only_after_the_draw(world: World) -> None:
    sealed = world.committed()
    with pytest.raises(WrongState):
        services.replace_inspector(world.session, sealed, team="x", inspector_id=1, ground="illness", actor=head(world))
    world.reveal_all(sealed)
    draw = services.carry_out(world.session, sealed, actor=world.lead, operator=OPERATOR)
    out = members(world, draw)[0]
    stranger = world.make.actor(Role.HEAD, department=world.make.department())
    for actor in (world.lead, stranger):
        with pytest.raises(Forbidden):
            services.replace_inspector(
                world.session, draw, team=out.team, inspector_id=out.inspector_id, ground="illness", actor=actor
            )
    with pytest.raises(Invalid):
        services.replace_inspector(
            world.session, draw, team=out.team, inspector_id=out.inspector_id, ground="whim", actor=head(world)
        )
    services.replace_inspector(
        world.session,
        draw,
        team=out.team,
        inspector_id=out.inspector_id,
        ground="illness",
        actor=world.actor(OVERSIGHT),
    )
    with pytest.raises(NotFound):
        services.replace_inspector(
            world.session, draw, team=out.team, inspector_id=out.inspector_id, ground="illness", actor=head(world)
        )


def test_leaves_of_changes_are_salted_hidden_until_opened_and_bind_the_evidence(world: World, visits: Visits) -> None:
    draw = world.drawn()
    out = members(world, draw)[0]
    services.replace_inspector(
        world.session,
        draw,
        team=out.team,
        inspector_id=out.inspector_id,
        ground="illness",
        evidence="sick note of 3 May",
        actor=head(world),
    )
    leaf = list_leaves(world.session, draw)[-1]
    body = json.loads(leaf.leaf)
    assert {"team", "department", "out", "in", "ground", "k", "salt"} <= set(body)
    statement = sa.select(DrawFile).where(DrawFile.draw_id == draw.id, DrawFile.name.startswith("evidence-"))
    (paper,) = world.session.scalars(statement).all()
    assert paper.digest == leaf.digest
    assert json.loads(paper.content)["text"] == "sick note of 3 May"
    hidden = [one for one in public_leaves(world.session, draw) if one.event in SEALED_EVENTS]
    assert [(one.leaf, one.leaf_hash) for one in hidden] == [(None, None)]
    visits.done = True
    services.open_draw(world.session, draw, actor=world.lead)
    shown = [one for one in public_leaves(world.session, draw) if one.event in SEALED_EVENTS]
    assert shown[0].leaf == leaf.leaf
