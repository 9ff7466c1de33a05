"""Draws with a public value: how many witnesses of the log saw the commitment, and what is missing before it."""

from datetime import timedelta

import pytest

from supervision import clock
from supervision.transparency import services
from tests.factories import Make
from tests.pages import Browser
from tests.supervision.draws.beacon_world import BeaconWorld, make_beacon_world
from tests.supervision.draws.conftest import Visits
from tests.supervision.transparency.conftest import Log

WARNING = "“verify” of its public bundle will end with 3"


@pytest.fixture
def beacon(make: Make, visits: Visits) -> BeaconWorld:
    return make_beacon_world(make)


def test_the_lead_reads_before_the_commitment_that_witnesses_of_the_log_are_missing(
    beacon: BeaconWorld, log: Log, browse: Browser
) -> None:
    world = beacon.world
    draw = world.freeze()
    url = f"/draws/{draw.id}"
    lead = browse(world.users[world.departments[0].code])
    assert WARNING in lead.get(url).text
    assert WARNING not in browse(world.users[world.departments[1].code]).get(url).text
    assert WARNING not in browse().get(f"/public/draws/{draw.number}").text
    log.witness("one")
    world.session.commit()
    assert WARNING in lead.get(url).text
    log.witness("two")
    world.session.commit()
    assert WARNING not in lead.get(url).text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_file_and_the_public_page_count_the_witnesses_who_saw_the_commitment_in_time(
    beacon: BeaconWorld, log: Log, browse: Browser, language: str
) -> None:
    world, session = beacon.world, beacon.world.session
    log.witness("early")
    log.witness("late")
    draw = beacon.committed()
    known_from = beacon.attempts(draw)[0].round.begins_at

    def shown(count: int) -> None:
        text = {
            "en": f"Witnesses of the log who saw the commitment: {count} of 2",
            "zh": f"已见证承诺的日志见证方：{count} 个",
        }
        for page in (
            browse(world.users[world.departments[0].code], language=language).get(f"/draws/{draw.id}"),
            browse(language=language).get(f"/public/draws/{draw.number}"),
        ):
            assert text[language] in page.text
            assert clock.local(known_from).strftime("%H:%M") in page.text

    with clock.at(beacon.begin):
        checkpoint = log.sign()
        shown(0)
    with clock.at(known_from - timedelta(seconds=2)):
        services.take_cosignature(session, log.cosigned("early", checkpoint.note))
        session.commit()
        shown(1)
    with clock.at(known_from + timedelta(seconds=2)):
        services.take_cosignature(session, log.cosigned("late", checkpoint.note))
        session.commit()
        shown(1)
