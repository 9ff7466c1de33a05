"""Pages of draws, in both languages, for every role and state; what they must not tell."""

import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.draws import pages, services
from supervision.draws.bundles import read_files
from supervision.draws.models import Draw, DrawProposal
from supervision.draws.queries import find_alive_draw
from supervision.draws.rules import OVERSIGHT, DrawState
from supervision.errors import Forbidden
from supervision.permissions import PUBLIC, Role
from tests.factories import Make
from tests.pages import Browser
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import OPERATOR, World, make_world


def pages_of(draw: Draw) -> list[str]:
    """Every page about a draw that has no form of its own."""
    return ["/draws/", f"/draws/{draw.id}", f"/draws/{draw.id}/ceremony"]


def remaining_steps(world: World, draw: Draw, visits: Visits) -> list[Callable[[], object]]:
    """What happens to a frozen draw, step by step."""

    def open_it() -> None:
        visits.done = True
        services.open_draw(world.session, draw, actor=world.lead)

    return [
        lambda: world.seal_all(draw),
        lambda: services.commit(world.session, draw, actor=world.lead),
        lambda: world.reveal_all(draw),
        lambda: services.carry_out(world.session, draw, actor=world.lead, operator=OPERATOR),
        open_it,
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_at_every_state(world: World, visits: Visits, browse: Browser, language: str) -> None:
    lead = browse(world.users[world.departments[0].code], language=language)
    head = browse(world.users[f"head {world.departments[0].code}"], language=language)
    lead.get("/draws/")
    draw = world.freeze()
    lead.get(f"/draws/{draw.id}/contribute")
    head.get(f"/draws/{draw.id}/void")
    lead.get("/")
    for step in remaining_steps(world, draw, visits):
        for url in pages_of(draw):
            lead.get(url)
        if draw.state is DrawState.COMMITTED:
            lead.get(f"/draws/{draw.id}/reveal")
        if draw.state is DrawState.DRAWN:
            head.get(f"/draws/{draw.id}/abandon")
        step()
    for url in pages_of(draw):
        lead.get(url)


def test_pages_of_void_and_abandoned_draws(world: World, browse: Browser) -> None:
    first = world.committed()
    one, two = (world.users[f"head {body.code}"] for body in world.departments)
    reason = {"reason": "wrong-rules", "note": "two rates were swapped"}
    browse(one).post(f"/draws/{first.id}/void", {**reason, "reason": ""}, status=200)
    assert world.session.scalars(sa.select(DrawProposal)).all() == []
    browse(one).post(f"/draws/{first.id}/void", reason)
    assert "Agree that it is void" in browse(two).get(f"/draws/{first.id}").text
    waiting = "Proposals of another body about a draw"
    assert waiting in browse(two).get("/").text
    assert waiting not in browse(one).get("/").text
    browse(two).post(f"/draws/{first.id}/void/approve", page=f"/draws/{first.id}")
    assert waiting not in browse(two).get("/").text
    world.session.refresh(first)
    assert "Void" in browse(two).get(f"/draws/{first.id}").text
    reached = [(one.label, one.state) for one in pages.steps_of(first)]
    assert reached[-2:] == [("Commit in public", "done"), ("Void", "done")]
    second = world.drawn()
    text = browse(two).get(f"/draws/{second.id}").text
    assert first.number in text
    assert "Rules entered wrongly" in browse(two).get(f"/draws/{first.id}/ceremony").text
    browse(one).post(f"/draws/{second.id}/abandon", {"reason": "list-leaked", "note": "press"})
    page = browse(two).get(f"/draws/{second.id}").text
    assert "It is proposed that this draw be abandoned." in page
    assert waiting in browse(two).get("/").text
    proposal = world.session.scalars(sa.select(DrawProposal)).one()
    url = f"/draws/{second.id}/proposals/{proposal.id}"
    assert f'href="{url}"' in page
    assert "Agree and abandon" not in browse(one).get(url).text
    browse(one).post(f"{url}/agree", page=url, status=403)
    browse(two).post(f"{url}/agree", page=url)
    text = browse(two).get(f"/draws/{second.id}").text
    assert "needs two bodies that agree" in text
    lead = browse(world.users[world.departments[0].code])
    task = lead.get(f"/tasks/{world.task.id}").text
    assert "needs two bodies that agree" in task
    assert "Freeze the pool and begin" not in task


def test_a_draw_is_carried_through_by_hand(world: World, browse: Browser) -> None:
    one, two = (world.users[body.code] for body in world.departments)
    freeze = f"/draws/freeze/{world.task.id}"
    browse(one).post(freeze, page="/draws/")
    draw = find_alive_draw(world.session, world.task.id)
    assert draw is not None
    again = browse(one).post(freeze, page="/draws/")
    assert again.headers["Location"].endswith(f"/draws/{draw.id}")
    assert draw.number in browse(two).get("/").text
    for user, by in ((one, world.departments[0].code), (two, world.departments[1].code)):
        page = f"/draws/{draw.id}/contribute"
        refused = browse(user).post(page, {"digest": world.digest(draw, by)}, status=200)
        assert "Keep the slip first" in refused.text
        refused = browse(user).post(page, {"digest": "nonsense", "kept": "y"}, status=200)
        assert "64 characters" in refused.text
        browse(user).post(page, {"digest": world.digest(draw, by), "kept": "y"})
    browse(one).post(f"/draws/{draw.id}/commit", page=f"/draws/{draw.id}")
    world.session.refresh(draw)
    assert draw.commitment_digest is not None
    assert draw.commitment_digest in browse(two).get(f"/draws/{draw.id}/ceremony").text
    wrong = browse(two).post(f"/draws/{draw.id}/reveal", {"secret": "f" * 64}, status=200)
    assert "not the secret" in wrong.text
    for user, by in ((two, world.departments[1].code), (one, world.departments[0].code)):
        browse(user).post(f"/draws/{draw.id}/reveal", {"secret": world.secrets[by]})
    world.session.refresh(draw)
    assert draw.state is DrawState.DRAWN


def test_who_has_sealed_is_asked_before_it_is_replaced_and_the_lead_is_told_to_commit(
    world: World, browse: Browser
) -> None:
    lead = browse(world.users[world.departments[0].code])
    other = browse(world.users[world.departments[1].code])
    draw = world.freeze()
    assert "Replace" not in lead.get(f"/draws/{draw.id}/contribute").text
    assert "Commit the draw" not in lead.get("/").text
    world.seal_all(draw)
    page = lead.get(f"/draws/{draw.id}/contribute").text
    assert re.search(r"<h1[^>]*>\s*Replace my contribution", page)
    assert "Replace what your department has sealed?" in page
    assert "Commit the draw" in lead.get("/").text
    assert "Commit the draw" not in other.get("/").text
    services.commit(world.session, draw, actor=world.lead)
    assert "Commit the draw" not in lead.get("/").text


def test_the_lead_can_draw_when_the_last_reveal_was_interrupted(world: World, visits: Visits, browse: Browser) -> None:
    draw = world.committed()
    one, two = world.departments
    services.reveal(world.session, draw, secret=world.secrets[one.code], actor=world.lead)
    visits.fault = True
    browse(world.users[two.code]).post(f"/draws/{draw.id}/reveal", {"secret": world.secrets[two.code]}, status=500)
    visits.fault = False
    world.session.refresh(draw)
    assert draw.state is DrawState.COMMITTED
    lead = browse(world.users[one.code])
    assert "Draw now" in lead.get(f"/draws/{draw.id}").text
    lead.post(f"/draws/{draw.id}/draw", page=f"/draws/{draw.id}")
    world.session.refresh(draw)
    assert draw.state is DrawState.DRAWN


def test_deadlines_take_effect_when_somebody_looks(world: World, browse: Browser) -> None:
    draw = world.committed()
    with clock.at(clock.now() + timedelta(hours=25)):
        browse(world.users[world.departments[0].code]).get(f"/draws/{draw.id}")
    world.session.refresh(draw)
    assert draw.state is DrawState.VOID


STEPS = [
    ("contribute", "GET"),
    ("reveal", "GET"),
    ("commit", "POST"),
    ("draw", "POST"),
    ("open", "POST"),
    ("void", "GET"),
    ("void/approve", "POST"),
    ("abandon", "GET"),
    ("bundle/full", "GET"),
    ("bundle/public", "GET"),
    ("ceremony", "GET"),
    ("ceremony/now", "GET"),
    ("", "GET"),
]


@pytest.mark.parametrize(("step", "method"), STEPS)
def test_strangers_are_refused_at_every_step(world: World, browse: Browser, step: str, method: str) -> None:
    draw = world.committed()
    url = f"/draws/{draw.id}/{step}".rstrip("/")
    stranger = world.make.user(Role.LEAD, Role.HEAD, department=world.make.department())
    for user in (stranger, world.make.user(Role.INSPECTOR), world.make.user(Role.SYSTEM_ADMIN)):
        client = browse(user)
        arguments = {"data": {"csrf_token": client.token("/account")}} if method == "POST" else {}
        answer = client.client.open(url, method=method, **arguments)
        assert answer.status_code in ({404} if user is stranger else {403}), (user.roles, answer.status_code)


@pytest.mark.parametrize(("step", "role", "status"), [("commit", "other", 403), ("open", "other", 403)])
def test_a_cooperating_department_takes_no_step_of_the_lead(
    world: World, browse: Browser, step: str, role: str, status: int
) -> None:
    draw = world.freeze()
    other = browse(world.users[world.departments[1].code])
    other.post(f"/draws/{draw.id}/{step}", page=f"/draws/{draw.id}/contribute", status=status)


def test_a_sealed_bundle_is_not_found_even_for_oversight(world: World, browse: Browser) -> None:
    draw = world.drawn()
    for user in (world.users[OVERSIGHT], world.users[world.departments[0].code]):
        for kind in ("full", "public"):
            browse(user).get(f"/draws/{draw.id}/bundle/{kind}", status=404)


def test_who_gets_which_bundle(world: World, visits: Visits, browse: Browser) -> None:
    draw = world.drawn()
    visits.done = True
    services.open_draw(world.session, draw, actor=world.lead)
    takers = [world.users[OVERSIGHT], world.users[world.departments[1].code]]
    for user in takers:
        answer = browse(user).get(f"/draws/{draw.id}/bundle/full")
        assert answer.mimetype == "application/zip"
        assert user.name in zipfile.ZipFile(io.BytesIO(answer.data)).comment.decode()
        newest = world.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert newest is not None
        assert (newest.event, newest.actor_id, newest.subject_kind, newest.subject_id, newest.details["sha256"]) == (
            Event.LIST_EXPORTED,
            user.id,
            "full_bundle",
            str(draw.id),
            hashlib.sha256(answer.data).hexdigest(),
        )
    coordinator = world.make.user(Role.COORDINATOR, department=world.make.department())
    browse(coordinator).get(f"/draws/{draw.id}/bundle/full", status=404)
    browse(coordinator).get(f"/draws/{draw.id}/bundle/public")


def masked(text: str) -> str:
    """Take out what differs between any two draws: digests, check codes, tokens and times."""
    text = re.sub(r"\b[0-9a-f]{64}\b", "DIGEST", text)
    text = re.sub(r"\b[0-9a-f]{4}( [0-9a-f]{4}){5}\b", "CHECK", text)
    text = re.sub(r"<code>[0-9a-f]{4}</code>", "<code>····</code>", text)
    text = re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', r"\1TOKEN", text)
    text = re.sub(r'"X-CSRFToken": "[^"]+"', "TOKEN", text)
    text = re.sub(r"digest-[0-9a-z-]+", "digest-id", text)
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "TIME", text)


SEALED_PAGES = ("/draws/", "/draws/{}", "/draws/{}/ceremony", "/draws/{}/ceremony/now", "/draws/?q={unit}")


def test_two_worlds_that_differ_in_who_was_drawn_look_the_same(make: Make, visits: Visits, browse: Browser) -> None:
    world = make_world(make)
    draw = world.freeze()
    viewers = [world.users[world.departments[0].code], world.users[OVERSIGHT]]
    seen, drawn = [], []
    for _ in range(2):
        savepoint = world.session.begin_nested()
        world.seal_all(draw)
        services.commit(world.session, draw, actor=world.lead)
        world.reveal_all(draw)
        services.carry_out(world.session, draw, actor=world.lead, operator=OPERATOR)
        units = [row.unit for row in services.recomputed(world.session, draw).selected]
        drawn.append(set(units))
        urls = [page.format(draw.id, unit=world.entities[0].unit_id) for page in SEALED_PAGES]
        pages = [masked(browse(user).client.get(url).text) for user in viewers for url in urls]
        seen.append(pages)
        savepoint.rollback()
        world.session.expire_all()
    assert drawn[0] != drawn[1]
    assert seen[0] == seen[1]
    text = "".join(seen[0])
    assert not any(one.unit_id in text.replace(urls[-1], "") for one in world.entities[1:])
    assert not any(one.name in text for one in world.entities)
    assert not any(one.name in text or one.certificate_number in text for one in world.inspectors)
    assert not any(secret in text for secret in world.secrets.values())


def test_only_those_entitled_to_look_see_a_draw_in_the_list(world: World, browse: Browser) -> None:
    draw = world.freeze()
    stranger = world.make.user(Role.LEAD, department=world.make.department())
    for user, shown in (
        (world.users[OVERSIGHT], True),
        (world.users[world.departments[1].code], True),
        (stranger, False),
    ):
        for url in ("/draws/", f"/draws/?q={draw.number}&state=frozen&sort=-pool"):
            assert (f'href="/draws/{draw.id}"' in browse(user).get(url).text) is shown


def test_the_ceremony_moves_only_when_something_happened_and_then_stops_asking(world: World, browse: Browser) -> None:
    draw = world.committed()
    lead = browse(world.users[world.departments[0].code])
    lead.check = False
    asking = re.search(r'hx-get="([^"]+)"', lead.get(f"/draws/{draw.id}/ceremony").text)
    assert asking
    lead.get(asking[1], status=204)
    world.reveal_all(draw)
    assert "hx-get" in lead.get(asking[1]).text
    services.carry_out(world.session, draw, actor=world.lead, operator=OPERATOR)
    assert "hx-get" not in lead.get(asking[1]).text


def test_an_inspector_sees_their_own_number_and_nobody_elses(world: World, browse: Browser) -> None:
    draw = world.drawn()
    person = world.inspectors[0]
    user = world.make.user(Role.INSPECTOR, department=world.departments[0], inspector=person)
    text = browse(user).get("/").text
    mapping = read_files(world.session, draw, ["mapping.tsv"])["mapping.tsv"].decode()
    lines = [line.split("\t") for line in mapping.splitlines()]
    for number, certificate, salt in lines:
        assert (f"<code>{number}</code>" in text and salt in text) is (certificate == person.certificate_number)


def test_the_public_at_large_can_do_nothing(world: World) -> None:
    draw = world.committed()
    world.reveal_all(draw)
    with pytest.raises(Forbidden):
        services.carry_out(world.session, draw, actor=PUBLIC, operator=OPERATOR)
