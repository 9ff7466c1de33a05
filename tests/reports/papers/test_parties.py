"""Papers of draws with named witnesses and of draws into which a public value is mixed."""

import pytest

from reports.documents.certificate_words import words
from supervision import clock
from supervision.draws import services
from supervision.draws.queries.beacons import find_value
from supervision.draws.rules import LogEvent, code_groups
from tests.factories import Make
from tests.pages import Browser
from tests.reports.papers.conftest import facts, read_back, squeezed, url
from tests.supervision.draws.beacon_world import make_beacon_world
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.test_witnesses import named, reveal_departments, seal_departments, sealed
from tests.supervision.draws.world import OPERATOR, World

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


@LANGUAGES
def test_a_named_witness_stands_on_sheet_and_certificate_under_the_public_name(
    world: World, visits: Visits, browse: Browser, address: str, language: str
) -> None:
    session, draw = world.session, world.freeze()
    witness, _ = named(world, draw)
    seal_departments(world, draw)
    secret = sealed(world, witness)
    services.commit(session, draw, actor=world.lead)
    sheet = read_back(browse().get(url(draw, "commitment", f"{language}.pdf")).data)
    entry = next(one for one in draw.contributions if one.by == witness.by)
    assert squeezed(" ".join(code_groups(str(entry.digest))[:6])) in sheet
    reveal_departments(world, draw)
    services.reveal_as_witness(session, witness, secret=secret)
    services.carry_out(session, draw, actor=world.lead, operator=OPERATOR)
    visits.done = True
    services.open_draw(session, draw, actor=world.lead)
    opened = read_back(browse().get(url(draw, "opened", f"{language}.pdf")).data)
    assert squeezed(" ".join(code_groups(secret))) in opened
    assert {"zh": "(见证人)", "en": "(witness)"}[language] in opened
    for read in (sheet, opened):
        assert "王某" in read
        assert "王建国" not in read
        assert "13800000000" not in read


@LANGUAGES
def test_a_public_value_is_named_on_the_sheet_and_stated_when_it_is_mixed_in(
    make: Make, visits: Visits, browse: Browser, address: str, language: str
) -> None:
    beacon = make_beacon_world(make)
    draw = beacon.committed()
    first = beacon.attempts(draw)[0].round
    said = facts(browse().get(url(draw, "commitment", "json")).data)["draw"]
    assert said["beacon"]["used"] is None
    assert said["reveal_until"] is None
    read = read_back(browse().get(url(draw, "commitment", f"{language}.pdf")).data)
    for word in (said["beacon"]["round"], said["beacon"]["source"], said["beacon"]["rule"]):
        assert squeezed(word) in read
    assert {"zh": "下一步：上列公共随机值", "en": "Next:thepublicrandomvalueabove"}[language] in read
    with clock.at(first.due_at):
        beacon.hand_in(draw)
        services.carry_out(beacon.world.session, draw, actor=beacon.world.lead, operator=OPERATOR)
    value = find_value(beacon.world.session, draw)
    assert value is not None
    content = browse().get(url(draw, "sealed", "json")).data
    assert facts(content)["draw"]["beacon"]["used"]["value"] == value.value
    read = read_back(browse().get(url(draw, "sealed", f"{language}.pdf")).data)
    for word in (value.value, value.round, value.source):
        assert squeezed(word) in read
    for entry in draw.contributions:
        assert str(entry.secret) not in content.decode()


def test_every_entry_of_a_draw_s_log_has_a_word_in_both_languages() -> None:
    platform = {LogEvent.KEY, LogEvent.AUDIT, LogEvent.REGISTER, LogEvent.RESUMED, LogEvent.ARCHIVED}
    platform |= {LogEvent.SECOND_LOOK, LogEvent.ORDERED, LogEvent.EXPERTS}
    for language in ("zh", "en"):
        assert set(words(language).events) == {event.value for event in LogEvent if event not in platform}
