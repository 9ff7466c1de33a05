"""Pages around a public value, in both languages, for every role: plan, seal, wait, hand in, fall back, redraw."""

import json
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from supervision import clock
from supervision.audit.models import AuditEntry
from supervision.beacons.models import BeaconRule
from supervision.draws import services
from supervision.draws.beacon_models import BeaconEntry, BeaconValue
from supervision.draws.models import Draw, DrawProposal
from supervision.draws.queries import find_alive_draw
from supervision.draws.rules import OVERSIGHT, DrawState
from supervision.permissions import Role
from supervision.plans.rules import PlanState
from tests.factories import Make
from tests.pages import Browser
from tests.supervision.beacons.vectors import QUICKNET, quicknet_at
from tests.supervision.draws.beacon_world import RAW, RESULTS, BeaconWorld, lotteries, make_beacon_world
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.test_redraws import abandoned
from tests.supervision.draws.world import World


@pytest.fixture
def beacon(make: Make, visits: Visits) -> BeaconWorld:
    return make_beacon_world(make)


@pytest.fixture
def typed(make: Make, visits: Visits) -> BeaconWorld:
    return make_beacon_world(make, rule=lotteries())


def urls(draw: Draw) -> list[str]:
    return [
        f"/draws/{draw.id}",
        f"/draws/{draw.id}/ceremony",
        f"/tasks/{draw.task_id}",
        f"/plans/{draw.task.plan_version.plan_id}",
        f"/public/draws/{draw.number}",
        f"/public/plans/{draw.task.plan_version.plan.number}",
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_at_every_moment(beacon: BeaconWorld, browse: Browser, language: str) -> None:
    world, session = beacon.world, beacon.world.session
    lead = browse(world.users[world.departments[0].code], language=language)
    with clock.at(beacon.begin):
        draw = world.freeze()
        for url in [*urls(draw), f"/draws/{draw.id}/contribute"]:
            lead.get(url)
        lead.get(f"/public/draws/{draw.number}/value", status=404)
        world.seal_all(draw)
        services.commit(session, draw, actor=world.lead)
    first, second = beacon.attempts(draw)[:2]
    assert first.lapses_at is not None
    last = beacon.attempts(draw)[-1]
    moments = [beacon.begin, first.round.due_at, first.lapses_at, second.round.due_at, last.round.due_at]
    for moment in [*moments, moments[-1] + timedelta(days=200)]:
        with clock.at(moment):
            visitor = browse(world.users[world.departments[0].code], language=language)
            for url in [*urls(draw), f"/draws/{draw.id}/beacon", f"/public/draws/{draw.number}/value", "/"]:
                visitor.get(url)
    with clock.at(last.round.due_at):
        visitor = browse(world.users[world.departments[0].code], language=language)
        beacon.type_in(draw, 0)
        visitor.get(f"/draws/{draw.id}/beacon")
        beacon.type_in(draw, 1)
        for url in urls(draw):
            visitor.get(url)
    for url in ["/public/beacon-rules", *(f"/public/beacon-rules/{one}" for one in identifiers(beacon))]:
        browse(language=language).get(url)


def identifiers(beacon: BeaconWorld) -> list[str]:
    return list(beacon.world.session.scalars(sa.select(BeaconRule.identifier)))


def test_a_draw_is_carried_through_by_hand(beacon: BeaconWorld, browse: Browser) -> None:
    world, session = beacon.world, beacon.world.session
    people = [world.users[body.code] for body in world.departments]
    with clock.at(beacon.begin):
        draw = world.freeze()
        for user, body in zip(people, world.departments, strict=True):
            page = f"/draws/{draw.id}/contribute"
            shown = browse(user).get(page).text
            assert "Here your secret is handed over too" in shown
            assert "data-hand-over" in shown
            digest = world.digest(draw, body.code)
            values = {"digest": digest, "kept": "y"}
            assert "My secret" in browse(user).post(page, values, status=200).text
            refused = browse(user).post(page, {**values, "secret": "0" * 64}, status=200).text
            assert "This is not the secret" in refused
            browse(user).post(page, {**values, "secret": world.secrets[body.code]})
        browse(people[0]).post(f"/draws/{draw.id}/commit", page=f"/draws/{draw.id}")
        session.refresh(draw)
        assert draw.state is DrawState.COMMITTED
        shown = browse(people[0]).get(f"/draws/{draw.id}").text
        assert "everybody waits for the public value of round 657413" in shown
        assert "Reveal my secret" not in shown
        browse(people[1]).get(f"/draws/{draw.id}/reveal", status=200)
    with clock.at(beacon.attempts(draw)[0].round.due_at):
        assert draw.number in browse(people[1]).get("/").text
        page = f"/draws/{draw.id}/beacon"
        assert "Paste the answer of the source." in browse(people[1]).post(page, {"evidence": ""}, status=200).text
        wrong = json.dumps({**QUICKNET, "randomness": "0" * 64})
        assert (
            "does not follow from what is signed" in browse(people[1]).post(page, {"evidence": wrong}, status=200).text
        )
        browse(people[1]).post(page, {"evidence": RAW})
        session.refresh(draw)
        assert draw.state is DrawState.DRAWN
        shown = browse().get(f"/public/draws/{draw.number}").text
        assert str(QUICKNET["randomness"]) in shown
        answer = browse().get(f"/public/draws/{draw.number}/value.json")
        assert answer.text == RAW
        browse(people[0]).get(page, status=302)


def test_anybody_hands_in_a_signed_value_and_the_draw_follows(beacon: BeaconWorld, browse: Browser) -> None:
    draw = beacon.committed()
    page = f"/public/draws/{draw.number}/value"
    assert 'name="evidence"' not in browse().get(page).text
    with clock.at(beacon.attempts(draw)[0].round.due_at):
        shown = browse().get(page).text
        assert "https://api.drand.sh/" in shown
        assert "signature does not hold" in browse().post(
            page, {"evidence": json.dumps({**QUICKNET, "signature": "a" * 96})}, status=200
        ).text  # fmt: skip
        browse().post(page, {"evidence": RAW})
        beacon.world.session.refresh(draw)
        assert draw.state is DrawState.DRAWN
        assert 'name="evidence"' not in browse().get(page).text
    entry = beacon.world.session.scalars(sa.select(BeaconEntry)).one()
    assert entry.entered_by is None


def test_nothing_is_told_of_a_draw_without_a_value_to_wait_for(world: World, browse: Browser) -> None:
    draw = world.committed()
    for page in (f"/public/draws/{draw.number}/value", f"/public/draws/{draw.number}/value.json"):
        browse().get(page, status=404)
    browse().get("/public/draws/310106-2020-0001/value", status=404)
    browse().get("/public/beacon-rules/none@0", status=404)
    browse(world.users[world.departments[0].code]).get(f"/draws/{draw.id}/beacon", status=404)


def test_who_may_not_know_of_a_draw_may_not_hand_in_its_value_inside(beacon: BeaconWorld, browse: Browser) -> None:
    world, make = beacon.world, beacon.world.make
    draw = beacon.committed()
    with clock.at(beacon.attempts(draw)[0].round.due_at):
        for role, status in (
            (Role.LEAD, 404),
            (Role.COORDINATOR, 403),
            (Role.INSPECTOR, 403),
            (Role.SYSTEM_ADMIN, 403),
        ):
            stranger = make.user(role, department=make.department())
            browse(stranger).get(f"/draws/{draw.id}/beacon", status=status)
        browse(world.users[OVERSIGHT]).get(f"/draws/{draw.id}/beacon")


def test_the_second_person_sees_nothing_of_the_first_entry(typed: BeaconWorld, browse: Browser) -> None:
    world, draw = typed.world, typed.committed()
    one, two = (world.users[body.code] for body in world.departments)
    values = {f"game-{code}": text for code, text in RESULTS.items()} | {"read_myself": "y"}
    with clock.at(typed.attempts(draw)[0].round.due_at):
        page = f"/draws/{draw.id}/beacon"
        assert "each alone" in browse(one).post(page, {**values, "read_myself": ""}, status=200).text
        wrong = browse(one).post(page, {**values, "game-ssq": "1 2 3"}, status=200).text
        assert "双色球 has 7 numbers" in wrong
        browse(one).post(page, values)
        value = world.session.scalars(sa.select(BeaconEntry.value)).one()
        for url in [page, *urls(draw), f"/public/draws/{draw.number}/value", "/"]:
            for visitor in (browse(one), browse(two), browse(world.users[OVERSIGHT])):
                shown = visitor.get(url).text
                assert value not in shown
                assert "010509142231" not in shown
        assert "Your entry is noted" in browse(one).get(page).text
        browse(one).post(page, values, page="/", status=403)
        browse(two).post(page, {**values, "game-qlc": "1 2 3 4 5 6 7"})
        assert world.session.scalars(sa.select(BeaconValue)).all() == []
        assert "read the announcement differently" in browse().get(f"/public/draws/{draw.number}").text
        browse(two).post(page, values)
        browse(one).post(page, values)
        world.session.refresh(draw)
        assert draw.state is DrawState.DRAWN
        assert value in browse().get(f"/public/draws/{draw.number}").text


def test_the_platform_fetches_only_where_that_is_switched_on(
    make: Make, visits: Visits, browse: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = (clock.now() + timedelta(minutes=1)).replace(microsecond=0)
    address = "https://beacon.invalid/{chain}/{round}"
    nowhere = quicknet_at(begin + timedelta(minutes=10), code="drand-nowhere", url=address)
    beacon = make_beacon_world(make, rule=nowhere, begin=begin)
    world, draw = beacon.world, beacon.committed()
    lead = browse(world.users[world.departments[0].code])
    page = f"/draws/{draw.id}/beacon"
    with clock.at(beacon.attempts(draw)[0].round.due_at):
        assert "Fetch and draw" not in lead.get(page).text
        lead.post(f"{page}/fetch", page=page, status=404)
        monkeypatch.setitem(app.config, "BEACON_FETCH", True)
        assert "Fetch and draw" in lead.get(page).text
        # the host of this rule exists nowhere: a source that fails changes nothing
        assert "did not answer as expected" in lead.post(f"{page}/fetch", page=page, status=409).text
    assert world.session.scalars(sa.select(BeaconEntry)).all() == []
    assert draw.state is DrawState.COMMITTED


def test_a_fallback_is_told_to_everybody(beacon: BeaconWorld, browse: Browser) -> None:
    draw = beacon.committed()
    second = beacon.attempts(draw)[1]
    with clock.at(second.round.due_at):
        # the first page that is opened lets the passed deadline take effect
        shown = browse(beacon.world.users[OVERSIGHT]).get(f"/draws/{draw.id}").text
        assert second.round.name in shown
        assert "No value came in time" in browse().get(f"/public/draws/{draw.number}").text
    events = list(beacon.world.session.scalars(sa.select(AuditEntry.event)))
    assert [event.value for event in events].count("beacon_lapsed") == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_new_draw_is_proposed_and_agreed_by_hand(world: World, browse: Browser, language: str) -> None:
    parent = abandoned(world)
    one, two = (world.users[f"head {body.code}"] for body in world.departments)
    lead = world.users[world.departments[0].code]
    browse(lead, language=language).get(f"/draws/{parent.id}/redraw", status=403)
    meanwhile = {"zh": "在此期间可以", "en": "What can be done meanwhile"}[language]
    assert meanwhile in browse(one, language=language).get(f"/draws/{parent.id}").text
    page = f"/draws/{parent.id}/redraw"
    browse(one, language=language).post(page, {"note": ""}, status=200)
    browse(one, language=language).post(page, {"note": "仍需检查"})
    browse(one, language=language).get(page, status=302)
    proposal = world.session.scalars(sa.select(DrawProposal).where(DrawProposal.kind == "redraw")).one()
    url = f"/draws/{parent.id}/proposals/{proposal.id}"
    for user in (one, two):
        assert "仍需检查" in browse(user, language=language).get(url).text
    assert parent.number in browse(two, language=language).get("/").text
    browse(one).post(f"{url}/agree", page=url, status=403)
    task = browse(lead, language=language).get(f"/tasks/{world.task.id}").text
    assert f"/draws/freeze/{world.task.id}" not in task
    browse(two).post(f"{url}/agree", page=url)
    task = browse(lead, language=language).get(f"/tasks/{world.task.id}").text
    assert f"/draws/freeze/{world.task.id}" in task
    browse(lead).post(f"/draws/freeze/{world.task.id}", page="/draws/")
    draw = find_alive_draw(world.session, world.task.id)
    assert draw is not None
    assert draw.parent_id == parent.id
    for visitor in (browse(lead, language=language), browse(one, language=language)):
        told = visitor.get(f"/draws/{parent.id}").text
        assert draw.number in told
        assert meanwhile not in told
    assert parent.number in browse(language=language).get(f"/public/draws/{draw.number}").text
    browse(one, language=language).post(f"{url}/refuse", {"note": "late"}, page=f"/draws/{parent.id}", status=409)


def test_a_plan_states_its_rule_and_binds_it_in_what_is_published(make: Make, browse: Browser) -> None:
    make.catalogues()
    item = make.item()
    plan = make.plan(item, state=PlanState.DRAFT)
    lead = make.user(Role.LEAD, department=plan.lead_department)
    page = f"/plans/{plan.id}/draft/teams"
    shown = browse(lead).get(page).text
    offered = set(re.findall(r'name="beacon"[^>]*value="([^"]+)"', shown)) | set(
        re.findall(r'value="([^"]+)"[^>]*name="beacon"', shown)
    )
    assert offered == {"reveal", "drand-quicknet", "drand-default", "lotteries-cn"}
    version = plan.newest
    values = {
        "revision": version.revision, "mode": "visit", "visit_cap": 10, "reserve": 3,
        f"per-team-{plan.lead_department.code}": 2,
    }  # fmt: skip
    browse(lead).post(page, {**values, "beacon": "nist-pulse"}, status=200)
    browse(lead).post(page, {**values, "beacon": "drand-quicknet"})
    make.session.refresh(version)
    assert version.beacon_rule.startswith("drand-quicknet@")
    browse(lead).post(page, {**values, "revision": version.revision, "beacon": "reveal"})
    make.session.refresh(version)
    assert version.beacon_rule == ""
    with_rule = make.plan(item, beacon_rule="drand-quicknet@1").newest
    without = make.plan(item).newest
    assert json.loads(str(with_rule.published_json))["beacon_rule"] == "drand-quicknet@1"
    assert "beacon_rule" not in json.loads(str(without.published_json))
    with pytest.raises(sa.exc.DatabaseError, match="never changes"), make.session.begin_nested():
        make.session.execute(sa.text("UPDATE plan_versions SET beacon_rule = 'x' WHERE digest IS NOT NULL"))
