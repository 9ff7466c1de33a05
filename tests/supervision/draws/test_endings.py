"""Void needs two bodies and comes before the seed; abandoning comes after it and opens everything."""

import json
from typing import Any  # keyword arguments of a service

import pytest

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.queries import list_history
from supervision.draws import services
from supervision.draws.bundles import full_bundle
from supervision.draws.models import Draw, DrawProposal
from supervision.draws.queries import list_leaves, list_to_judge
from supervision.draws.rules import OVERSIGHT, DrawState, ProposalState
from supervision.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from supervision.permissions import Actor, Role
from supervision.plans.rules import TaskState
from tests.factories import Make
from tests.pages import Browser
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.test_change_steps import unit_of
from tests.supervision.draws.world import OPERATOR, World, make_world, refused


def head(world: World, place: int) -> Actor:
    """The head of one of the departments."""
    return world.actor(f"head {world.departments[place].code}")


def propose(world: World, draw: Draw, actor: Actor, reason: str = "wrong-rules") -> None:
    """Propose that the draw be void."""
    services.propose_void(world.session, draw, reason=reason, note="rates", actor=actor)


def test_two_bodies_make_a_draw_void_and_it_stays_in_public(world: World) -> None:
    draw = world.committed()
    propose(world, draw, head(world, 0))
    services.approve_void(world.session, draw, actor=head(world, 1))
    assert (draw.state, draw.end_reason) == (DrawState.VOID, "wrong-rules")
    leaf = list_leaves(world.session, draw)[-1]
    assert leaf.event.value == "void"
    assert '"reason":"wrong-rules"' in leaf.leaf
    assert world.task.state is TaskState.PREPARING
    again = world.freeze()
    assert again.number != draw.number
    assert again.parent is draw


def test_nobody_blames_a_party_in_public_before_its_deadline(world: World, browse: Browser) -> None:
    draw = world.committed()
    with refused("void-by-platform"):
        propose(world, draw, head(world, 0), "contribution-withheld")
    page = browse(world.make.user(Role.HEAD, department=world.departments[0])).get(f"/draws/{draw.id}/void").text
    assert "wrong-rules" in page
    assert "contribution-withheld" not in page


def test_only_reasons_that_can_be_true_by_now_are_offered_and_taken(world: World, browse: Browser) -> None:
    draw, user = world.freeze(), world.make.user(Role.HEAD, department=world.departments[0])
    page = f"/draws/{draw.id}/void"
    for reason in ("contribution-mismatch", "not-published"):
        with refused("void-not-yet-possible"):
            propose(world, draw, head(world, 0), reason)
        assert reason not in browse(user).get(page).text
    assert "wrong-scope" in browse(user).get(page).text
    world.seal_all(draw)
    services.commit(world.session, draw, actor=world.lead)
    assert all(one in browse(user).get(page).text for one in ("contribution-mismatch", "not-published"))
    propose(world, draw, head(world, 0), "contribution-mismatch")


def test_one_body_alone_cannot_make_a_draw_void(world: World) -> None:
    draw = world.freeze()
    propose(world, draw, head(world, 0))
    colleague = world.make.actor(Role.HEAD, department=world.departments[0])
    for actor in (head(world, 0), colleague):
        with pytest.raises(Forbidden):
            services.approve_void(world.session, draw, actor=actor)
    with pytest.raises(Conflict):
        propose(world, draw, head(world, 1))
    assert draw.state is DrawState.FROZEN
    services.approve_void(world.session, draw, actor=world.actor(OVERSIGHT))
    assert draw.state is DrawState.VOID


def test_who_froze_the_pool_decides_nothing_about_its_end(world: World) -> None:
    user = world.users[world.departments[0].code]
    user.role_rows = [*user.role_rows, *world.make.user(Role.HEAD).role_rows]
    draw = world.freeze()
    with pytest.raises(Forbidden):
        propose(world, draw, world.lead)


def test_strangers_leads_and_made_up_reasons_are_refused(world: World) -> None:
    draw = world.freeze()
    stranger = world.make.actor(Role.HEAD, department=world.make.department())
    for actor in (stranger, world.actor(world.departments[1].code)):
        with pytest.raises(Forbidden):
            propose(world, draw, actor)
    with pytest.raises(Invalid):
        propose(world, draw, head(world, 0), reason="did-not-like-it")
    with pytest.raises(NotFound):
        services.approve_void(world.session, draw, actor=head(world, 1))


def test_no_void_once_the_seed_can_be_computed(world: World) -> None:
    draw = world.committed()
    propose(world, draw, head(world, 0))
    world.reveal_all(draw)
    with pytest.raises(WrongState):
        services.approve_void(world.session, draw, actor=head(world, 1))
    assert draw.state is DrawState.COMMITTED


def test_no_void_after_the_draw(world: World) -> None:
    draw = world.drawn()
    with pytest.raises(WrongState):
        propose(world, draw, head(world, 0))


def propose_abandonment(world: World, draw: Draw, actor: Actor, reason: str = "list-leaked") -> DrawProposal:
    """Propose that the draw be abandoned."""
    return services.propose_abandonment(world.session, draw, reason=reason, note="press", actor=actor)


def test_an_abandoned_draw_is_opened_and_the_next_needs_a_beacon(world: World, visits: Visits) -> None:
    draw = world.drawn()
    with pytest.raises(Forbidden):
        propose_abandonment(world, draw, world.lead)
    with pytest.raises(Invalid):
        propose_abandonment(world, draw, head(world, 0), reason="wrong-rules")
    proposal = propose_abandonment(world, draw, head(world, 0))
    assert draw.state is DrawState.DRAWN
    services.agree_to_abandon(world.session, draw, proposal, actor=head(world, 1))
    assert (draw.state, draw.end_reason, proposal.state) == (
        DrawState.ABANDONED,
        "list-leaked",
        ProposalState.AGREED,
    )
    assert "record.json" in full_bundle(world.session, draw)
    leaf = json.loads(list_leaves(world.session, draw)[-1].leaf)
    bodies = [body.code for body in world.departments]
    assert [leaf["event"], leaf["reason"], leaf["proposed_by"], leaf["approved_by"]] == [
        "abandoned",
        "list-leaked",
        *bodies,
    ]
    assert world.task.state is TaskState.ABANDONED
    with refused("redraw-not-agreed"):
        world.freeze()


def test_one_body_alone_abandons_nothing(world: World) -> None:
    draw = world.drawn()
    proposal = propose_abandonment(world, draw, head(world, 0))
    colleague = world.make.actor(Role.HEAD, department=world.departments[0])
    for actor in (head(world, 0), colleague):
        with refused("proposal-same-body"):
            services.agree_to_abandon(world.session, draw, proposal, actor=actor)
    for actor in (world.lead, world.make.actor(Role.HEAD, department=world.make.department())):
        with refused("end-refused"):
            services.agree_to_abandon(world.session, draw, proposal, actor=actor)
    with refused("already-proposed"):
        propose_abandonment(world, draw, head(world, 1))
    assert (draw.state, proposal.state) == (DrawState.DRAWN, ProposalState.OPEN)
    services.agree_to_abandon(world.session, draw, proposal, actor=world.actor(OVERSIGHT))
    assert draw.state is DrawState.ABANDONED


def test_a_single_department_needs_oversight_to_abandon(make: Make, visits: Visits) -> None:
    world = make_world(make, departments=1)
    draw = world.drawn()
    proposal = propose_abandonment(world, draw, head(world, 0))
    services.agree_to_abandon(world.session, draw, proposal, actor=world.actor(OVERSIGHT))
    assert draw.state is DrawState.ABANDONED


def test_who_froze_the_pool_has_no_say_in_abandoning_it(world: World) -> None:
    user = world.users[world.departments[0].code]
    user.role_rows = [*user.role_rows, *world.make.user(Role.HEAD).role_rows]
    draw = world.drawn()
    with refused("end-refused"):
        propose_abandonment(world, draw, world.lead)
    proposal = propose_abandonment(world, draw, head(world, 1))
    with refused("end-refused"):
        services.agree_to_abandon(world.session, draw, proposal, actor=world.lead)


def test_a_refused_abandonment_leaves_the_draw_and_is_not_revived(world: World) -> None:
    draw = world.drawn()
    proposal = propose_abandonment(world, draw, head(world, 0))
    with pytest.raises(Invalid):
        services.refuse_to_abandon(world.session, draw, proposal, note=" ", actor=head(world, 1))
    services.refuse_to_abandon(world.session, draw, proposal, note="nothing leaked", actor=head(world, 1))
    assert (draw.state, proposal.state) == (DrawState.DRAWN, ProposalState.REFUSED)
    with refused("proposal-decided"):
        services.agree_to_abandon(world.session, draw, proposal, actor=world.actor(OVERSIGHT))
    again = propose_abandonment(world, draw, head(world, 1))
    assert again.state is ProposalState.OPEN


def test_a_draw_opened_meanwhile_is_not_abandoned(world: World, visits: Visits) -> None:
    draw = world.drawn()
    proposal = propose_abandonment(world, draw, head(world, 0))
    visits.done = True
    services.open_draw(world.session, draw, actor=world.lead)
    with pytest.raises(WrongState):
        services.agree_to_abandon(world.session, draw, proposal, actor=head(world, 1))


def test_each_step_of_an_abandonment_is_one_entry_in_the_log(world: World) -> None:
    draw = world.drawn()
    before = len(list_history(world.session, "draw", draw.id))
    proposal = propose_abandonment(world, draw, head(world, 0))
    services.agree_to_abandon(world.session, draw, proposal, actor=head(world, 1))
    entries = list_history(world.session, "draw", draw.id)
    assert [entry.event for entry in entries[: len(entries) - before]] == [
        Event.DRAW_ABANDONED,
        Event.DRAW_ABANDON_PROPOSED,
    ]


def test_what_is_still_proposed_ends_with_the_draw(world: World, visits: Visits) -> None:
    draw, visits.disclosed = world.drawn(), True
    wanted: dict[str, Any] = {"ground": "legal-exemption", "evidence": "decree 3", "evidence_on": clock.today()}
    strike = services.propose_strike(
        world.session, draw, entity_id=unit_of(world, draw).entity_id, **wanted, actor=head(world, 0)
    )
    proposal = propose_abandonment(world, draw, head(world, 1))
    services.agree_to_abandon(world.session, draw, proposal, actor=head(world, 0))
    assert (proposal.state, strike.state, strike.decided_department) == (
        ProposalState.AGREED,
        ProposalState.LAPSED,
        world.departments[0].code,
    )
    entries = list_history(world.session, "draw", draw.id)[:2]
    assert [entry.event for entry in entries] == [Event.DRAW_ABANDONED, Event.DRAW_PROPOSAL_LAPSED]
    assert entries[1].details["proposal"] == strike.id
    assert entries[1].reason == "", "the note may name the unit"
    for actor in (head(world, 0), head(world, 1), world.actor(OVERSIGHT)):
        assert list_to_judge(world.session, actor) == []


def test_nobody_is_asked_to_agree_to_a_void_that_can_no_longer_be(world: World) -> None:
    draw = world.committed()
    propose(world, draw, head(world, 0))
    assert list_to_judge(world.session, head(world, 1)) == [draw]
    world.reveal_all(draw)
    services.carry_out(world.session, draw, actor=world.lead, operator=OPERATOR)
    assert list_to_judge(world.session, head(world, 1)) == []


def test_only_a_sealed_draw_is_abandoned(world: World) -> None:
    draw = world.committed()
    with pytest.raises(WrongState):
        propose_abandonment(world, draw, head(world, 0))
