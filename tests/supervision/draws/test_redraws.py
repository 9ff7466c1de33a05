"""A new draw after an abandoned one: two bodies, a reason, and a public value by a rule fixed before (R-1.17)."""

import json

import pytest
import sqlalchemy as sa

from sampling.commitment import COMMITMENT, parse_commitment
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.queries import list_history
from supervision.draws import services
from supervision.draws.bundles import read_files
from supervision.draws.models import Draw, DrawProposal
from supervision.draws.queries import get_public_draw, list_leaves, list_to_judge
from supervision.draws.rules import OVERSIGHT, DrawState, ProposalState
from supervision.parameters.models import Parameter
from supervision.permissions import Actor, Role
from supervision.plans.models import Task
from supervision.plans.rules import TaskState
from tests.factories import Make
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import OPERATOR, World, refused


def head(world: World, body: int) -> Actor:
    return world.actor(f"head {world.departments[body].code}")


def abandoned(world: World) -> Draw:
    draw = world.drawn()
    proposal = services.propose_abandonment(
        world.session, draw, reason="list-leaked", note="in the press", actor=head(world, 0)
    )
    return services.agree_to_abandon(world.session, draw, proposal, actor=head(world, 1))


def agreed(world: World, draw: Draw) -> DrawProposal:
    proposal = services.propose_redraw(world.session, draw, note="still needed", actor=head(world, 0))
    services.agree_to_redraw(world.session, draw, proposal, actor=head(world, 1))
    return proposal


def test_a_new_draw_names_the_abandoned_one_and_waits_for_a_public_value(world: World) -> None:
    parent = abandoned(world)
    proposal = agreed(world, parent)
    assert (proposal.state, world.task.state) == (ProposalState.AGREED, TaskState.PREPARING)
    draw = world.freeze()
    assert draw.parent is parent
    assert draw.number != parent.number
    assert draw.beacon_rule.startswith("drand-quicknet@")
    assert json.loads(list_leaves(world.session, draw)[0].leaf)["parent"] == parent.number
    world.seal_all(draw)
    services.commit(world.session, draw, actor=world.lead)
    commitment = parse_commitment(read_files(world.session, draw, [COMMITMENT])[COMMITMENT])
    assert commitment.beacon is not None
    assert commitment.beacon.rule == draw.beacon_rule
    with refused("beacon-missing"):
        services.carry_out(world.session, draw, actor=world.lead, operator=OPERATOR)
    shown = get_public_draw(world.session, draw.number)
    assert (shown.parent_number, dict(shown.siblings)) == (parent.number, {parent.number: DrawState.ABANDONED})
    assert dict(get_public_draw(world.session, parent.number).siblings) == {draw.number: DrawState.COMMITTED}


def test_without_the_agreement_of_a_second_body_there_is_no_new_draw(world: World) -> None:
    parent = abandoned(world)
    with refused("redraw-not-agreed"):
        world.freeze()
    proposal = services.propose_redraw(world.session, parent, note="still needed", actor=head(world, 0))
    assert list_to_judge(world.session, head(world, 1)) == [parent]
    assert list_to_judge(world.session, head(world, 0)) == []
    colleague = world.make.actor(Role.HEAD, department=world.departments[0])
    for same in (head(world, 0), colleague):
        with refused("proposal-same-body"):
            services.agree_to_redraw(world.session, parent, proposal, actor=same)
    for stranger in (world.lead, world.make.actor(Role.HEAD, department=world.make.department())):
        with refused("end-refused"):
            services.agree_to_redraw(world.session, parent, proposal, actor=stranger)
        with refused("end-refused"):
            services.propose_redraw(world.session, parent, note="x", actor=stranger)
    with refused("already-proposed"):
        services.propose_redraw(world.session, parent, note="me too", actor=head(world, 1))
    assert world.task.state is TaskState.ABANDONED
    services.agree_to_redraw(world.session, parent, proposal, actor=world.actor(OVERSIGHT))
    assert list_to_judge(world.session, head(world, 1)) == []
    with refused("redraw-not-now"):
        services.propose_redraw(world.session, parent, note="again", actor=head(world, 0))
    assert world.freeze().parent is parent


def test_a_reason_is_needed_and_each_step_is_one_entry(world: World) -> None:
    parent = abandoned(world)
    with refused("note-missing"):
        services.propose_redraw(world.session, parent, note=" ", actor=head(world, 0))
    before = len(list_history(world.session, "draw", parent.id))
    agreed(world, parent)
    entries = list_history(world.session, "draw", parent.id)
    assert [one.event for one in entries[: len(entries) - before]] == [Event.REDRAW_AGREED, Event.REDRAW_PROPOSED]
    assert entries[0].reason == "still needed"


def test_a_refused_proposal_can_be_made_again(world: World) -> None:
    parent = abandoned(world)
    proposal = services.propose_redraw(world.session, parent, note="still needed", actor=head(world, 0))
    services.refuse_redraw(world.session, parent, proposal, note="not yet", actor=head(world, 1))
    with refused("redraw-not-agreed"):
        world.freeze()
    with refused("proposal-decided"):
        services.agree_to_redraw(world.session, parent, proposal, actor=head(world, 1))
    agreed(world, parent)
    assert world.freeze().parent is parent


def test_where_neither_plan_nor_district_has_a_rule_nothing_is_drawn_anew(world: World) -> None:
    world.session.execute(sa.delete(Parameter).where(Parameter.code == "beacon-rule-default"))
    parent = abandoned(world)
    with refused("beacon-needed"):
        services.propose_redraw(world.session, parent, note="still needed", actor=head(world, 0))
    with refused("beacon-needed"):
        world.freeze()


def test_the_district_s_rule_is_that_of_the_day_on_which_the_abandoned_pool_was_frozen(world: World) -> None:
    parent = abandoned(world)
    later = Parameter(
        code="beacon-rule-default", value="lotteries-cn", name_zh="x", certainty="default",
        effective_from=clock.today().replace(year=clock.today().year + 1),
    )  # fmt: skip
    world.session.add(later)
    world.session.flush()
    assert services.find_redraw_rule(world.session, parent).startswith("drand-quicknet@")


def test_another_task_of_the_same_days_is_no_way_around(world: World, make: Make) -> None:
    parent = abandoned(world)
    agreed(world, parent)
    beside: Task = make.task(plan=world.task.plan_version.plan)
    with refused("redraw-other-task"):
        services.freeze(world.session, beside, actor=world.lead, operator=OPERATOR)


def test_a_draw_that_is_not_abandoned_is_not_drawn_anew(world: World, visits: Visits) -> None:
    draw = world.drawn()
    with refused("redraw-not-now"):
        services.propose_redraw(world.session, draw, note="x", actor=head(world, 0))
    visits.done = True
    services.open_draw(world.session, draw, actor=world.lead)
    with refused("redraw-not-now"):
        services.propose_redraw(world.session, draw, note="x", actor=head(world, 0))


def test_the_database_itself_keeps_one_agreement_for_an_abandoned_draw(world: World) -> None:
    parent = abandoned(world)
    proposal = agreed(world, parent)
    twin = {
        column.name: getattr(proposal, column.name) for column in DrawProposal.__table__.columns if column.name != "id"
    }
    with pytest.raises(sa.exc.IntegrityError), world.session.begin_nested():
        world.session.execute(sa.insert(DrawProposal).values(**twin))
