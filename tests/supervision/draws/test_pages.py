"""Pages of draws, in both languages, for every role and state."""

import pytest

from supervision.draws import services
from supervision.draws.models import Draw
from supervision.draws.rules import DrawState
from tests.pages import Browser
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import OPERATOR, World


def pages_of(draw: Draw) -> list[str]:
    """Every page about a draw that has no form of its own."""
    return ["/draws/", f"/draws/{draw.id}", f"/draws/{draw.id}/ceremony"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_at_every_state(world: World, visits: Visits, browse: Browser, language: str) -> None:
    lead = browse(world.users[world.departments[0].code], language=language)
    head = browse(world.users[f"head {world.departments[0].code}"], language=language)
    lead.get("/draws/")
    lead.get("/")
    draw = world.freeze()
    lead.get(f"/draws/{draw.id}/contribute")
    head.get(f"/draws/{draw.id}/void")
    steps = [
        lambda: world.seal_all(draw),
        lambda: services.commit(world.session, draw, actor=world.lead),
        lambda: world.reveal_all(draw),
        lambda: services.carry_out(world.session, draw, actor=world.lead, operator=OPERATOR),
        lambda: open_it(world, draw, visits),
    ]
    for step in steps:
        for url in pages_of(draw):
            lead.get(url)
        if draw.state is DrawState.COMMITTED:
            lead.get(f"/draws/{draw.id}/reveal")
        if draw.state is DrawState.DRAWN:
            head.get(f"/draws/{draw.id}/abandon")
        step()
    for url in pages_of(draw):
        lead.get(url)


def open_it(world: World, draw: Draw, visits: Visits) -> None:
    """Finish the visits and open."""
    visits.done = True
    services.open_draw(world.session, draw, actor=world.lead)
