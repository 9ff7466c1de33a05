"""What the public follows of a draw with witnesses: page, moving part, commitment sheet, open data."""

import re
from datetime import timedelta

import pytest

from supervision import clock
from supervision.draws import services
from supervision.draws.models import Draw
from supervision.draws.queries.witnesses import get_witness
from supervision.draws.services import NewWitness
from tests.pages import Browser
from tests.supervision.draws.test_witnesses import named, reveal_departments, seal_departments, sealed
from tests.supervision.draws.world import OPERATOR, World

PRIVATE = ("王建国", "13800000000")


def committed(world: World) -> tuple[Draw, str]:
    """Bring a draw with a notary to its commitment; return it with the notary's secret."""
    draw = world.freeze()
    witness, _token = named(world, draw)
    secret = sealed(world, witness)
    seal_departments(world, draw)
    return services.commit(world.session, draw, actor=world.lead), secret


@pytest.mark.parametrize("language", ["en", "zh"])
def test_observers_stand_under_public_names_on_the_page_and_in_open_data(
    world: World, browse: Browser, language: str
) -> None:
    draw, _secret = committed(world)
    citizen = browse(language=language)
    page = citizen.get(f"/public/draws/{draw.number}").text
    assert "王某" in page
    assert ("Notary" if language == "en" else "公证员") in page
    data = citizen.client.get("/public/data/draws.csv").text
    line = next(one for one in data.splitlines() if one.startswith(draw.number))
    assert line.rstrip().endswith("notary,王某")
    for text in (page, data, citizen.get(f"/public/draws/{draw.number}/sheet").text):
        assert not [word for word in PRIVATE if word in text]


def test_who_was_taken_off_stays_on_the_page_but_is_no_observer(world: World, browse: Browser) -> None:
    draw = world.freeze()
    witness, _token = named(world, draw, NewWitness("press", "静安报社", is_person=False))
    services.remove_witness(world.session, witness, reason="did-not-come", actor=world.lead)
    page = browse().get(f"/public/draws/{draw.number}").text
    assert "静安报社" in page
    assert "The witness did not come" in page
    assert "静安报社" not in browse().client.get("/public/data/draws.csv").text


def test_phones_in_the_hall_read_the_code_of_the_wall_and_are_told_only_of_changes(
    world: World, browse: Browser
) -> None:
    draw = world.freeze()
    lead, phone = browse(world.users[world.departments[0].code]), browse()
    page = phone.get(f"/public/draws/{draw.number}").text
    assert groups(page) == groups(lead.get(f"/draws/{draw.id}/ceremony").text)
    asked = re.search(r'hx-get="([^"]+)"', page)
    assert asked
    now = asked.group(1).replace("&amp;", "&")
    still = phone.client.get(now)
    assert (still.status_code, still.headers["Cache-Control"]) == (204, "no-store")
    seal_departments(world, draw)
    moved = phone.client.get(now)
    assert moved.status_code == 200
    assert "HX-Refresh" not in moved.headers
    services.commit(world.session, draw, actor=world.lead)
    changed = phone.client.get(now)
    assert changed.headers["HX-Refresh"] == "true"
    assert groups(changed.text) == groups(lead.get(f"/draws/{draw.id}/ceremony").text)
    assert str(draw.commitment_digest).startswith("".join(groups(changed.text)))


def groups(text: str) -> list[str]:
    """Return the first check code of a page."""
    found = re.search(r'<span class="code-groups"[^>]*>((?:<code>[0-9a-f]{4}</code>){6})</span>', text)
    assert found
    return re.findall(r"<code>([0-9a-f]{4})</code>", found.group(1))


def test_after_the_draw_the_page_asks_no_more(world: World, browse: Browser) -> None:
    draw, secret = committed(world)
    reveal_departments(world, draw)
    notary = get_witness(world.session, draw, "W1")
    services.reveal_as_witness(world.session, notary, secret=secret)
    services.carry_out(world.session, draw, actor=world.lead, operator=OPERATOR)
    assert "hx-get" not in browse().get(f"/public/draws/{draw.number}").text


def test_the_sheet_appears_with_the_commitment_and_holds_every_digest_in_groups(world: World, browse: Browser) -> None:
    draw = world.freeze()
    browse().get(f"/public/draws/{draw.number}/sheet", status=404)
    browse().get("/public/draws/310106-2026-9999/sheet", status=404)
    browse().get("/public/draws/310106-2026-9999/now", status=404)
    seal_departments(world, draw)
    services.commit(world.session, draw, actor=world.lead)
    sheet = browse().get(f"/public/draws/{draw.number}/sheet").text
    shown = "".join(re.findall(r"<code>([0-9a-f]{4})</code>", sheet))
    for digest in (draw.commitment_digest, draw.frozen_digest, *(one.digest[:24] for one in draw.contributions)):
        assert str(digest) in shown
    assert "data:image/svg+xml" in sheet


def test_a_silent_witness_is_named_in_public(world: World, browse: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    draw, _secret = committed(world)
    reveal_departments(world, draw)
    late = clock.now() + timedelta(hours=25)
    monkeypatch.setattr("supervision.clock.now", lambda: late)
    services.expire_reveals(world.session)
    page = browse().get(f"/public/draws/{draw.number}").text
    assert page.count("Did not reveal in time") == 1
    assert page.index("Notary 王某") < page.index("Did not reveal in time")
