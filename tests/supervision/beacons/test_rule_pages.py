"""The public list of rules for public values: which version can be chosen, and which no more or not yet."""

from datetime import timedelta

import pytest

from supervision import clock
from tests.factories import Make
from tests.pages import Browser
from tests.supervision.beacons.vectors import rule_of
from tests.supervision.draws.beacon_world import keep


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh", ["已由新版本取代", "尚未生效"]), ("en", ["replaced by a later version", "not yet in force"])],
)
def test_only_the_version_in_force_is_said_to_be_open_to_choice(
    make: Make, browse: Browser, language: str, said: list[str]
) -> None:
    make.catalogues()
    today = clock.today()
    for wait_hours, since in ((2, today - timedelta(days=1)), (3, today + timedelta(days=9))):
        keep(make.session, rule_of("drand-quicknet", wait_hours=wait_hours), since)
    text = browse(language=language).get("/public/beacon-rules").text
    assert [text.count(one) for one in said] == [1, 1]
