"""Pages about witnesses: those of the lead, and the page by a link that nobody else has."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from sampling.seeds import contribution_digest, dice_secret
from supervision import clock
from supervision.audit.models import AuditEntry
from supervision.draws import services
from supervision.draws.models import Draw
from supervision.draws.rules import OVERSIGHT, DrawState
from supervision.draws.witness_models import LinkFailure, Witness
from supervision.draws.witness_rules import MOST_FAILURES
from supervision.permissions import Role
from tests.factories import Make
from tests.pages import Browser, Visitor
from tests.supervision.draws.beacon_world import DELAY, make_beacon_world
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.test_witnesses import DICE, named, reveal_departments, seal_departments, sealed
from tests.supervision.draws.world import OPERATOR, World

NAME, CONTACT = "王建国", "13800000000"
FORM = {"kind": "notary", "is_person": "person", "name": NAME, "public_name": "", "contact": CONTACT}


def named_in_browser(world: World, browse: Browser, draw: Draw) -> str:
    """Name a notary as the lead; return the address of the link."""
    lead = browse(world.users[world.departments[0].code])
    page = lead.post(f"/draws/{draw.id}/witnesses/new", FORM, status=200)
    found = re.search(r"http://[^<\s\"]*(/witness/[\w-]{43})", page.text)
    assert found, page.text
    assert page.text.count(found.group(1)) == 1
    assert "data:image/svg+xml" in page.text
    return found.group(1)


def digest_of(draw: Draw, digits: str = DICE) -> str:
    secret = dice_secret(hash_name="sha256", draw=draw.number, by="W1", digits=digits)
    return contribution_digest(hash_name="sha256", draw=draw.number, by="W1", secret=secret)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_notary_seals_by_the_link_reveals_by_it_and_the_draw_follows(
    world: World, visits: Visits, browse: Browser, language: str
) -> None:
    draw = world.freeze()
    link = named_in_browser(world, browse, draw)
    phone = browse(language=language)
    page = phone.get(link)
    assert draw.number in page.text
    assert f"{draw.frame_size}" in page.text
    assert draw.frozen_digest[:4] in page.text
    phone.post(f"{link}/seal", {"digest": digest_of(draw), "kept": "y"}, page=link)
    assert digest_of(draw)[:4] in phone.get(link).text
    seal_departments(world, draw)
    services.commit(world.session, draw, actor=world.lead)
    assert str(draw.commitment_digest)[:4] in phone.get(link).text
    reveal_departments(world, draw)
    phone.post(f"{link}/reveal", {"secret": "1" * 60}, page=link, status=200)
    assert draw.state is DrawState.COMMITTED
    phone.post(f"{link}/reveal", {"secret": DICE}, page=link)
    world.session.refresh(draw)
    assert draw.state is DrawState.DRAWN
    assert str(draw.record_digest)[:4] in phone.get(link).text
    visits.done = True
    services.open_draw(world.session, draw, actor=world.lead)
    assert f"/public/draws/{draw.number}/bundle.zip" in phone.get(link).text


def test_the_page_of_a_link_is_kept_by_nobody_and_waits_in_silence(world: World, browse: Browser) -> None:
    draw = world.freeze()
    link, phone = named_in_browser(world, browse, draw), browse()
    for address in (link, f"{link}/now", "/witness/unknown"):
        response = phone.client.get(address)
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response.headers["X-Robots-Tag"]
    phone.post(f"{link}/seal", {"digest": digest_of(draw), "kept": "y"}, page=link)
    asked = re.search(r'hx-get="([^"]+)"', phone.get(link).text)
    assert asked
    now = asked.group(1).replace("&amp;", "&")
    assert phone.client.get(now).status_code == 204
    seal_departments(world, draw)
    assert phone.client.get(now).headers["HX-Refresh"] == "true"


def test_the_form_works_over_tls_although_no_referrer_is_sent(world: World, browse: Browser) -> None:
    draw = world.freeze()
    link, phone = named_in_browser(world, browse, draw), browse()
    secure = {"base_url": "https://localhost"}
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', phone.get(link, **secure).text)
    assert token
    digest = digest_of(draw)
    without = phone.client.post(f"{link}/seal", data={"digest": digest, "kept": "y"}, **secure)
    assert without.status_code == 400
    assert entry_digest(world, draw) is None
    done = phone.client.post(f"{link}/seal", data={"digest": digest, "kept": "y", "csrf_token": token[1]}, **secure)
    assert done.status_code == 302
    assert entry_digest(world, draw) == digest


def entry_digest(world: World, draw: Draw) -> str | None:
    world.session.refresh(draw)
    return next(entry.digest for entry in draw.contributions if entry.by == "W1")


def test_every_dead_link_gets_the_same_answer(world: World, browse: Browser) -> None:
    draw = world.freeze()
    witness, first = named(world, draw)
    second = services.renew_link(world.session, witness, actor=world.lead)
    phone = browse()
    phone.get(f"/witness/{second}")
    services.remove_witness(world.session, witness, reason="did-not-come", actor=world.lead)
    answers = {
        mask(phone.get(f"/witness/{token}", status=404).text, token)
        for token in (first, second, "x" * 43, "no-token", "%00", "é")
    }
    assert len(answers) == 1
    assert phone.client.get(f"/witness/{second}/now").status_code == 404
    for path in ("seal", "reveal"):
        phone.post(f"/witness/{second}/{path}", page="/sign-in", status=404)


def mask(text: str, token: str) -> str:
    return re.sub(r"next=[^\"&]*", "", text).replace(token, "")


def test_a_link_is_dead_after_its_days(world: World, browse: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = world.freeze()
    _witness, token = named(world, draw)
    head = world.actor(f"head {world.departments[1].code}")
    services.propose_void(world.session, draw, reason="plan-withdrawn", note="", actor=head)
    services.approve_void(world.session, draw, actor=world.actor(OVERSIGHT))
    phone = browse()
    phone.get(f"/witness/{token}")
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    phone.get(f"/witness/{token}", status=404)


def test_wrong_links_are_counted_but_never_shut_out_a_right_one(world: World, browse: Browser) -> None:
    draw = world.freeze()
    _witness, token = named(world, draw)
    phone = browse()
    for number in range(MOST_FAILURES):
        phone.get(f"/witness/wrong-{number}", status=404)
    phone.get("/witness/wrong-again", status=429)
    phone.get(f"/witness/{token}")  # a hall shares one address
    kept = world.session.query(LinkFailure).all()
    assert len(kept) == MOST_FAILURES
    assert not [row for row in kept if "wrong" in row.key or "127.0.0.1" in row.key]


def test_the_link_of_one_draw_says_nothing_of_another(world: World, browse: Browser) -> None:
    draw = world.freeze()
    witness, token = named(world, draw)
    other = named(world, draw, services.NewWitness("press", "静安报", is_person=False))[0]
    phone = browse()
    phone.post(f"/witness/{token}/seal", {"digest": digest_of(draw), "kept": "y"}, page=f"/witness/{token}")
    world.session.refresh(draw)
    digests = {entry.by: entry.digest for entry in draw.contributions}
    assert digests[witness.by]
    assert digests[other.by] is None


@pytest.mark.parametrize("role", [Role.HEAD, Role.COORDINATOR, Role.INSPECTOR, Role.REVIEWER, Role.AUDIT_ADMIN])
def test_nobody_else_names_witnesses(world: World, browse: Browser, role: Role) -> None:
    draw = world.freeze()
    visitor = browse(world.make.user(role, department=world.departments[0]))
    for path in ("new", "W1/remove"):
        assert visitor.client.get(f"/draws/{draw.id}/witnesses/{path}").status_code == 403
    lead = browse(world.users[world.departments[1].code])
    lead.get(f"/draws/{draw.id}/witnesses/new", status=404)
    assert browse().client.get(f"/draws/{draw.id}/witnesses/new").status_code == 302


def test_the_file_of_a_draw_tells_name_and_contact_to_those_who_name_witnesses_alone(
    world: World, browse: Browser
) -> None:
    draw = world.freeze()
    link = named_in_browser(world, browse, draw)
    for name, knows in ((world.departments[0].code, True), (OVERSIGHT, True), (world.departments[1].code, False)):
        page = browse(world.users[name]).get(f"/draws/{draw.id}").text
        assert (NAME in page) is knows
        assert (CONTACT in page) is knows
        assert "王某" in page
        assert link not in page
    for address in (link, f"/public/draws/{draw.number}", "/public/data/draws.csv", f"/draws/{draw.id}/ceremony"):
        page = browse(world.users[world.departments[1].code]).client.get(address).text
        assert NAME not in page
        assert CONTACT not in page
    for entry in world.session.query(AuditEntry):
        assert not [word for word in (NAME, CONTACT, link[9:]) if word in f"{entry.details}{entry.reason}"]


def test_the_lead_makes_a_new_link_and_takes_off_who_never_came(world: World, browse: Browser) -> None:
    draw = world.freeze()
    first = named_in_browser(world, browse, draw)
    lead, file = browse(world.users[world.departments[0].code]), f"/draws/{draw.id}"
    second = lead.post(f"{file}/witnesses/W1/link", page=file, status=200).text
    assert first not in second
    assert "/witness/" in second
    browse().get(first, status=404)
    lead.post(f"{file}/witnesses/new", FORM, status=200)  # named already: said on the form
    lead.post(f"{file}/witnesses/W1/remove", {"reason": "did-not-come"}, status=200)  # not sure
    lead.post(f"{file}/witnesses/W1/remove", {"reason": "did-not-come", "sure": "y"})
    assert "The witness did not come" in lead.get(file).text
    lead.get(f"{file}/witnesses/W9/remove", status=404)
    assert "Name a witness" in lead.get(file, headers={"Accept-Language": "en"}).text


def test_a_sealed_witness_cannot_be_taken_off_in_the_browser(world: World, browse: Browser) -> None:
    draw = world.freeze()
    witness, _token = named(world, draw)
    lead = browse(world.users[world.departments[0].code])
    page = f"/draws/{draw.id}/witnesses/W1/remove"
    token = lead.token(page)
    sealed(world, witness)
    answer = lead.client.post(page, data={"reason": "interest", "sure": "y", "csrf_token": token})
    assert answer.status_code == 200
    assert "This witness has sealed a contribution" in answer.text
    assert world.session.get(Witness, (draw.id, "W1")).removed_at is None  # type: ignore[union-attr]
    assert "Take off" not in lead.get(f"/draws/{draw.id}").text


def test_bad_entries_are_said_beside_the_field(world: World, browse: Browser, app: Flask) -> None:
    draw = world.freeze()
    _witness, token = named(world, draw)
    phone, link = browse(), f"/witness/{token}"
    answer = phone.post(f"{link}/seal", {"digest": "abc", "kept": "y"}, page=link, status=200)
    assert "A digest has 64 characters" in answer.text
    answer = phone.post(f"{link}/seal", {"digest": digest_of(draw)}, page=link, status=200)
    assert "Keep the slip first" in answer.text
    lead: Visitor = browse(world.users[world.departments[0].code])
    new = f"/draws/{draw.id}/witnesses/new"
    answer = lead.post(new, {**FORM, "kind": "friend"}, status=200)
    assert answer.status_code == 200
    answer = lead.post(new, {**FORM, "name": ""}, status=200)
    assert "field-error" in answer.text


def test_in_the_beacon_form_a_witness_hands_the_secret_over_and_waits_for_the_public_value(
    make: Make, visits: Visits, browse: Browser
) -> None:
    beacon = make_beacon_world(make)
    world, phone = beacon.world, browse()
    with beacon.at(beacon.begin):
        draw = world.freeze()
        witness, token = named(world, draw)
        link = f"/witness/{token}"
        assert "data-hand-over" in phone.get(link).text
        sent = {"digest": digest_of(draw), "kept": "y"}
        phone.post(f"{link}/seal", sent, page=link, status=200)  # the secret is missing
        phone.post(f"{link}/seal", {**sent, "secret": "1" * 50}, page=link, status=200)  # or another's
        assert entry_digest(world, draw) is None
        phone.post(f"{link}/seal", {**sent, "secret": DICE}, page=link)
        world.session.refresh(draw)
        assert next(one for one in draw.contributions if one.by == "W1").handed_over
        for body in world.departments:
            services.seal(
                world.session,
                draw,
                digest=world.digest(draw, body.code),
                secret=world.secrets[body.code],
                actor=world.actor(body.code),
            )
        services.commit(world.session, draw, actor=world.lead)
        assert "the draw follows when the public value has come" in phone.get(link).text
        phone.post(f"{link}/reveal", {"secret": DICE}, page="/sign-in", status=409)
        wall = browse(world.users[world.departments[0].code]).get(f"/draws/{draw.id}/ceremony").text
        assert "data-countdown" in wall
        sheet = phone.get(f"/public/draws/{draw.number}/sheet").text
        assert "Public value that is mixed in" in sheet
        hall = phone.get(f"/public/draws/{draw.number}").text
    asked = re.search(r'hx-get="([^"]+)"', hall)
    assert asked
    now = asked.group(1).replace("&amp;", "&")
    with beacon.at(beacon.begin):
        assert phone.client.get(now).status_code == 204
    with beacon.at(beacon.begin + timedelta(seconds=DELAY + 5)):
        assert phone.client.get(now).status_code == 200  # the moment has come: the hall is told
        beacon.hand_in(draw)
        services.carry_out(world.session, draw, actor=world.lead, operator=OPERATOR)
        assert "Your contribution was used" in phone.get(link).text
    assert witness.by == "W1"
