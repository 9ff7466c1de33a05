"""What everybody may know of a draw, by its state; bundles from the command line."""

from pathlib import Path

import pytest
from flask import Flask

from sampling.verification import verify_files
from supervision.audit.events import Event
from supervision.audit.queries import list_history
from supervision.draws import services
from supervision.draws.bundles import public_bundle
from supervision.draws.queries import get_public_draw, list_public_draws, public_list_allowed
from supervision.draws.rules import DrawState
from supervision.errors import NotFound
from supervision.listing import ListQuery
from supervision.plans.rules import Stratification
from tests.factories import Make
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import World, make_world


def test_the_commitment_is_public_at_once_and_names_are_not(world: World) -> None:
    draw = world.committed()
    seen = get_public_draw(world.session, draw.number)
    assert seen.commitment_digest == draw.commitment_digest
    assert (seen.registered, seen.frame_size) == (draw.registered, draw.frame_size)
    assert seen.registered == seen.frame_size + sum(seen.excluded_counts.values())
    assert [party.revealed_at for party in seen.parties] == [None] * 3
    assert seen.units == ()
    assert not seen.bundle_shown
    world.reveal_all(draw)
    text = repr(get_public_draw(world.session, draw.number))
    assert not any(secret in text for secret in world.secrets.values())


def test_a_sealed_list_is_public_only_where_the_task_says_so(world: World) -> None:
    draw = world.drawn()
    assert get_public_draw(world.session, draw.number).units == ()
    world.task.publish_list_before = True
    assert public_list_allowed(draw)
    seen = get_public_draw(world.session, draw.number)
    assert len(seen.units) == seen.selected
    assert {(unit.ticket, unit.stratum) for unit in seen.units} == {(None, None)}
    assert not seen.bundle_shown


@pytest.mark.parametrize("stratification", [Stratification.NONE, Stratification.RISK])
def test_an_opened_draw_shows_tickets_unless_strata_are_confidential(
    make: Make, visits: Visits, stratification: Stratification
) -> None:
    world = make_world(make, stratification=stratification)
    draw = world.drawn()
    visits.done = True
    services.open_draw(world.session, draw, actor=world.lead)
    seen = get_public_draw(world.session, draw.number)
    assert seen.bundle_shown
    assert all((unit.ticket is None) == draw.confidential for unit in seen.units)


def test_a_pool_limited_to_risk_classes_never_shows_who_is_in_it(make: Make, visits: Visits) -> None:
    world = make_world(make, stratification=Stratification.RISK, scope={"risk_classes": ["B"]})
    draw = world.drawn()
    visits.done = True
    services.open_draw(world.session, draw, actor=world.lead)
    files = public_bundle(world.session, draw)
    assert set(files) == {"commitment.json", "log.json", "record_public.json", "roster.tsv", "rules.json"}
    assert verify_files(files).exit_code == 3


def test_void_draws_stay_in_the_public_list_with_their_reason(world: World) -> None:
    draw = world.committed()
    one, two = (world.actor(f"head {body.code}") for body in world.departments)
    services.propose_void(world.session, draw, reason="wrong-rules", note="inside only", actor=one)
    services.approve_void(world.session, draw, actor=two)
    again = world.freeze()
    found = list_public_draws(world.session, ListQuery(filters={"state": "void"}))
    assert draw in found.items
    seen = get_public_draw(world.session, draw.number)
    assert (seen.state, seen.end_reason) == (DrawState.VOID, "wrong-rules")
    assert "inside only" not in repr(seen)
    assert get_public_draw(world.session, again.number).parent_number == draw.number
    code = world.departments[0].code
    assert again in list_public_draws(world.session, ListQuery(q=again.number, filters={"department": code})).items
    with pytest.raises(NotFound):
        get_public_draw(world.session, "310106-1999-0001")


def test_the_command_line_exports_opened_draws_only(app: Flask, world: World, visits: Visits, tmp_path: Path) -> None:
    draw = world.drawn()
    world.session.flush()
    target = tmp_path / "bundle.zip"
    runner = app.test_cli_runner()
    sealed = runner.invoke(args=["draws", "export", draw.number, "--to", str(target)])
    assert sealed.exit_code == 1
    assert not target.exists()
    visits.done = True
    services.open_draw(world.session, draw, actor=world.lead)
    for options, most in (([], 9), (["--public"], 7)):
        done = runner.invoke(args=["draws", "export", draw.number, "--to", str(target), *options])
        assert done.exit_code == 0, done.output
        assert f"{most} files" in done.output
    entries = list_history(world.session, "full_bundle", draw.id)
    assert [entry.event for entry in entries] == [Event.LIST_EXPORTED], "the full one is noted, the public one is not"
    assert runner.invoke(args=["draws", "expire"]).exit_code == 0
