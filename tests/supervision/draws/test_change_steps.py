"""Who can be replaced or struck, on which ground, by whom: nobody is let off at will, and nothing sealed is told."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.queries import list_history
from supervision.draws import services
from supervision.draws.models import Draw, DrawMember, DrawUnit
from supervision.draws.queries import (
    count_unable,
    get_replaceable,
    list_changes,
    list_leaves,
    list_replaceable,
    list_strikable,
)
from supervision.draws.rules import OVERSIGHT, ProposalState, UnitState
from supervision.entities.rules import EntityStatus
from supervision.errors import NotFound, WrongState
from supervision.inspectors.models import Absence
from supervision.inspectors.rules import AbsenceKind, InspectorStatus
from supervision.permissions import Actor, Role
from tests.factories import Make
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import World, make_world, refused

NO_DOCUMENT = {"evidence": "notice 12 of the registration office", "evidence_on": None}


def head(world: World, place: int = 0) -> Actor:
    """The head of one of the departments."""
    return world.actor(f"head {world.departments[place].code}")


def member(world: World, draw: Draw, place: int = 0) -> DrawMember:
    """Somebody of a department who stands on a team now."""
    statement = sa.select(DrawMember).where(
        DrawMember.draw_id == draw.id,
        DrawMember.left.is_(False),
        DrawMember.department_id == world.departments[place].id,
    )
    return world.session.scalars(statement.order_by(DrawMember.id)).first() or pytest.fail("nobody is drawn")


def unit_of(world: World, draw: Draw) -> DrawUnit:
    """A drawn unit."""
    statement = sa.select(DrawUnit).where(DrawUnit.draw_id == draw.id, DrawUnit.state != UnitState.STRUCK)
    return world.session.scalars(statement.order_by(DrawUnit.entity_id)).first() or pytest.fail("no unit is drawn")


def away(world: World, one: DrawMember, visits: Visits, kind: AbsenceKind = AbsenceKind.ILLNESS) -> None:
    """Record that somebody is away on the day of the visits."""
    world.session.add(
        Absence(inspector_id=one.inspector_id, kind=kind, starts_on=visits.day, ends_on=visits.day + timedelta(days=1))
    )
    world.session.flush()


def replace(world: World, draw: Draw, one: DrawMember, actor: Actor, ground: str = "illness", **wanted: str) -> object:
    """Have somebody replaced."""
    return services.replace_on_ground(
        world.session, draw, inspector_id=one.inspector_id, ground=ground, actor=actor, **wanted
    )


def test_while_the_list_is_sealed_a_head_learns_of_nobody(world: World) -> None:
    draw = world.drawn()
    for actor in (head(world, 0), head(world, 1), world.actor(OVERSIGHT)):
        assert list_replaceable(world.session, actor, draw) == []
        assert count_unable(world.session, actor) == []
    assert list_strikable(world.session, draw, viewer=head(world)) == []


CASES = [
    ("illness", {}),
    ("leave", {}),
    ("suspended", {"status": InspectorStatus.SUSPENDED}),
    ("transfer", {"status": InspectorStatus.LEFT}),
    ("certificate-expired", {"certificate_valid_until": None}),
]


@pytest.mark.parametrize(("ground", "changes"), CASES)
def test_what_the_register_shows_is_told_to_the_own_head_alone(
    world: World, visits: Visits, ground: str, changes: dict[str, object]
) -> None:
    draw = world.drawn()
    one = member(world, draw)
    if ground in {"illness", "leave"}:
        away(world, one, visits, AbsenceKind.ILLNESS if ground == "illness" else AbsenceKind.TRAINING)
    for name, value in changes.items():
        setattr(one.inspector, name, value or visits.day - timedelta(days=1))
    (found,) = list_replaceable(world.session, head(world, 0), draw)
    assert found.inspector.id == one.inspector_id
    assert [caution.ground for caution in found.cautions] == [ground]
    assert set(found.teams_for(ground)) == set(found.teams)
    assert found.shown == {}
    assert count_unable(world.session, head(world, 0)) == [(draw, 1)]
    assert list_replaceable(world.session, head(world, 1), draw) == []
    assert list_replaceable(world.session, world.lead, draw) == []
    with pytest.raises(NotFound):
        get_replaceable(world.session, head(world, 1), draw, one.inspector_id)
    (change, *_) = replace(world, draw, one, head(world, 0), ground)  # type: ignore[misc]  # a list of changes
    assert change.successor is not None
    assert list_replaceable(world.session, head(world, 0), draw) == []


def test_the_heads_home_page_opens_no_draw_in_which_everybody_can_come(world: World, visits: Visits) -> None:
    draw = world.drawn()
    past = world.task.starts_on - timedelta(days=50)
    world.make.task(plan=world.make.plan(world.make.item(world.departments[0])), starts_on=past, ends_on=past)
    world.session.add(
        Absence(inspector_id=member(world, draw).inspector_id, kind=AbsenceKind.ILLNESS, starts_on=past, ends_on=past)
    )
    counted: list[str] = []

    def count(*arguments: object) -> None:
        counted.append(str(arguments[2]))

    actor, engine = head(world), world.session.get_bind()
    world.session.flush()
    sa.event.listen(engine, "before_cursor_execute", count)
    assert count_unable(world.session, actor) == []
    sa.event.remove(engine, "before_cursor_execute", count)
    assert len(counted) == 1, "who was away during another task, long ago, can come"
    one = member(world, draw)
    one.department_id, kept = world.departments[1].id, one.department_id
    world.session.flush()
    assert [number for _, number in count_unable(world.session, head(world, 1))] == [1], "moved to another department"
    one.department_id = kept


def test_somebody_away_on_other_days_can_come(world: World, visits: Visits) -> None:
    draw = world.drawn()
    away(world, member(world, draw), visits)
    visits.day -= timedelta(days=1)
    assert list_replaceable(world.session, head(world), draw) == []


def test_an_inspector_on_several_teams_leaves_all_that_the_register_concerns(make: Make, visits: Visits) -> None:
    world = make_world(make, units=200, inspectors=6, allocation={"kind": "total", "total": 12, "weights": {}})
    draw = world.drawn()
    one = member(world, draw)
    away(world, one, visits)
    teams = get_replaceable(world.session, head(world), draw, one.inspector_id).teams
    assert len(teams) > 1
    before = len(list_leaves(world.session, draw)), len(list_history(world.session, "draw", draw.id, limit=500))
    replace(world, draw, one, head(world))
    assert len(list_leaves(world.session, draw)) == before[0] + len(teams)
    assert len(list_history(world.session, "draw", draw.id, limit=500)) == before[1] + len(teams)


def test_nobody_is_replaced_for_a_ground_that_is_not_on_record(world: World, visits: Visits) -> None:
    draw = world.drawn()
    visits.disclosed = True
    one = member(world, draw)
    with refused("ground-not-in-register"):
        replace(world, draw, one, head(world), "leave", team=one.team)
    with refused("unknown-reason"):
        replace(world, draw, one, head(world), "whim")
    with refused("team-missing"):
        replace(world, draw, one, head(world), "recusal", evidence="his brother owns it")
    with refused("statement-missing"):
        replace(world, draw, one, head(world), "recusal", team=one.team)
    assert not one.left


def test_the_head_decides_a_recusal_for_one_disclosed_team(world: World, visits: Visits) -> None:
    draw = world.drawn()
    one = member(world, draw)
    wanted = {"team": one.team, "evidence": "his brother owns it"}
    with pytest.raises(NotFound):
        replace(world, draw, one, head(world), "recusal", **wanted)
    away(world, one, visits)
    with refused("team-missing"):
        replace(world, draw, one, head(world), "recusal", **wanted)
    visits.disclosed = True
    with pytest.raises(NotFound):
        replace(world, draw, one, head(world, 1), "recusal", **wanted)
    replace(world, draw, one, head(world), "recusal", **wanted)
    assert one.left


def test_nobody_decides_on_their_own_replacement(world: World, visits: Visits) -> None:
    draw = world.drawn()
    one = member(world, draw)
    away(world, one, visits)
    user = world.make.user(Role.HEAD, department=world.departments[0], inspector=one.inspector)
    world.users["own"] = user
    with refused("own-replacement"):
        replace(world, draw, one, world.actor("own"))


def test_once_the_visits_of_a_team_have_begun_it_stays_as_it_is(world: World, visits: Visits) -> None:
    draw = world.drawn()
    one, unit = member(world, draw), unit_of(world, draw)
    away(world, one, visits)
    visits.disclosed, visits.gone = True, {entity.id for entity in world.entities}
    unit.entity.status = EntityStatus.REVOKED
    with pytest.raises(NotFound):
        replace(world, draw, one, head(world))
    with pytest.raises(NotFound):
        services.strike_on_register(
            world.session, draw, entity_id=unit.entity_id, ground="revoked", evidence="x", actor=head(world)
        )


def test_a_unit_that_has_ceased_is_struck_by_one_head_on_the_registers_word(world: World) -> None:
    draw = world.drawn()
    unit = unit_of(world, draw)
    unit.entity.status = EntityStatus.REVOKED
    (found,) = list_strikable(world.session, draw, viewer=head(world))
    assert (found.entity.id, found.ground) == (unit.entity_id, "revoked")
    with refused("ground-not-on-record"):
        services.strike_on_register(
            world.session, draw, entity_id=unit.entity_id, ground="closed", evidence="x", actor=head(world)
        )
    change = services.strike_on_register(
        world.session, draw, entity_id=unit.entity_id, ground="revoked", evidence="notice 12", actor=head(world)
    )
    assert change.successor is not None
    assert unit.state is UnitState.STRUCK
    assert list_strikable(world.session, draw, viewer=head(world)) == []
    with pytest.raises(NotFound):
        services.strike_on_register(
            world.session, draw, entity_id=unit.entity_id, ground="revoked", evidence="x", actor=head(world)
        )


def test_a_document_alone_strikes_nobody_until_another_body_agrees(world: World, visits: Visits) -> None:
    draw = world.drawn()
    unit, visits.disclosed = unit_of(world, draw), True
    day = clock.today() - timedelta(days=30)
    wanted = {"entity_id": unit.entity_id, "ground": "legal-exemption", "evidence": "decree 3"}
    with refused("two-bodies"):
        services.strike_on_register(world.session, draw, **wanted, actor=head(world))  # type: ignore[arg-type]  # mixed values
    with refused("evidence-day"):
        services.propose_strike(world.session, draw, **wanted, evidence_on=None, actor=head(world))  # type: ignore[arg-type]  # as above
    with refused("ground-too-late"):
        services.propose_strike(
            world.session, draw, **wanted, evidence_on=clock.today() + timedelta(days=1), actor=head(world)  # type: ignore[arg-type]  # as above
        )  # fmt: skip
    proposal = services.propose_strike(world.session, draw, **wanted, evidence_on=day, actor=head(world))  # type: ignore[arg-type]  # as above
    assert unit.state is UnitState.SELECTED
    with refused("already-proposed"):
        services.propose_strike(world.session, draw, **wanted, evidence_on=day, actor=head(world, 1))  # type: ignore[arg-type]  # as above
    for actor in (head(world), world.make.actor(Role.HEAD, department=world.departments[0])):
        with refused("proposal-same-body"):
            services.agree_to_strike(world.session, draw, proposal, actor=actor)
    with refused("change-refused"):
        services.agree_to_strike(world.session, draw, proposal, actor=world.lead)
    services.agree_to_strike(world.session, draw, proposal, actor=world.actor(OVERSIGHT))
    assert (unit.state, proposal.state) == (UnitState.STRUCK, ProposalState.AGREED)
    newest = [entry.event for entry in list_history(world.session, "draw", draw.id)[:2]]
    assert newest == [Event.UNIT_STRUCK, Event.STRIKE_PROPOSED]


def test_a_strike_refused_or_too_late_leaves_the_unit(world: World, visits: Visits) -> None:
    draw = world.drawn()
    unit, visits.disclosed = unit_of(world, draw), True
    wanted = {"entity_id": unit.entity_id, "ground": "duplicate", "evidence": "list of 3 May"}
    day = clock.today()
    proposal = services.propose_strike(world.session, draw, **wanted, evidence_on=day, actor=head(world))  # type: ignore[arg-type]  # mixed values
    services.refuse_strike(world.session, draw, proposal, note="two different shops", actor=head(world, 1))
    logged = list_history(world.session, "draw", draw.id)[0]
    assert (logged.event, logged.reason) == (Event.DRAW_PROPOSAL_REFUSED, "")  # it may name the unit of a sealed draw
    with refused("proposal-decided"):
        services.agree_to_strike(world.session, draw, proposal, actor=head(world, 1))
    again = services.propose_strike(world.session, draw, **wanted, evidence_on=day, actor=head(world))  # type: ignore[arg-type]  # as above
    visits.gone = {unit.entity_id}
    with pytest.raises(WrongState):
        services.agree_to_strike(world.session, draw, again, actor=head(world, 1))
    assert unit.state is UnitState.SELECTED


def test_the_history_tells_ground_and_body_at_once_and_names_when_opened(world: World, visits: Visits) -> None:
    draw = world.drawn()
    one, unit = member(world, draw), unit_of(world, draw)
    away(world, one, visits)
    unit.entity.status = EntityStatus.MOVED_OUT
    replace(world, draw, one, head(world))
    services.strike_on_register(
        world.session, draw, entity_id=unit.entity_id, ground="moved-out", evidence="x", actor=world.actor(OVERSIGHT)
    )
    sealed = list_changes(world.session, draw)
    code = world.departments[0].code
    assert {(change.code, change.by) for change in sealed[:1] + sealed[-1:]} >= {("illness", code)}
    assert (sealed[-1].code, sealed[-1].by) == ("moved-out", OVERSIGHT)
    assert {(change.out, change.successor, change.team) for change in sealed} == {("", None, "")}
    visits.done = True
    services.open_draw(world.session, draw, actor=world.lead)
    opened = list_changes(world.session, draw)
    assert unit.entity.unit_id in {change.out for change in opened}
    assert all(change.out for change in opened)
