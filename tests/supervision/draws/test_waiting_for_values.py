"""What the hall and a citizen see while a draw waits for its public value, and when the draw then fails."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from supervision import clock
from supervision.config import PROJECT
from supervision.draws.beacon_models import BeaconEntry
from supervision.draws.rules import DrawState
from supervision.draws.witness_rules import MOST_FAILURES
from supervision.errors import WrongState
from tests.factories import Make
from tests.pages import Browser
from tests.supervision.draws.beacon_world import RAW, BeaconWorld, due, lotteries, make_beacon_world
from tests.supervision.draws.conftest import Visits


def test_a_draw_that_fails_after_the_value_is_kept_does_not_look_like_a_refusal_of_the_value(
    beacon: BeaconWorld, browse: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = beacon.committed()
    page = f"/public/draws/{draw.number}/value"

    def unready(*_arguments: object, **_named: object) -> None:
        raise WrongState("visits-unready", "The visits cannot be made now.")

    monkeypatch.setattr(Visits, "after_draw", unready)
    with clock.at(beacon.attempts(draw)[0].round.due_at):
        visitor = browse()
        visitor.post(page, {"evidence": RAW})
        shown = visitor.get(page).text
    assert "is kept" in shown
    assert "cannot be made now" not in shown
    assert beacon.world.session.scalars(sa.select(BeaconEntry)).one().value
    beacon.world.session.refresh(draw)
    assert draw.state is DrawState.COMMITTED


def test_the_wall_waits_for_a_public_value_without_alarm(beacon: BeaconWorld, browse: Browser) -> None:
    with clock.at(beacon.begin):
        draw = beacon.world.committed()
        wall = browse(beacon.world.users[beacon.world.departments[0].code]).get(f"/draws/{draw.id}/ceremony").text
    assert 'class="wall-left calm"' in wall
    css = (PROJECT / "supervision" / "static" / "theme.css").read_text("utf-8")
    assert ".wall-left.soon:not(.calm)" in css
    assert ".wall-left.soon {" not in css


def test_values_in_vain_are_counted_but_the_right_one_is_always_taken(beacon: BeaconWorld, browse: Browser) -> None:
    draw = beacon.committed()
    page, visitor = f"/public/draws/{draw.number}/value", browse()
    with clock.at(beacon.attempts(draw)[0].round.due_at):
        token = visitor.token(page)
        wrong = {"csrf_token": token, "evidence": "{}"}
        for _ in range(MOST_FAILURES):
            assert visitor.client.post(page, data=wrong).status_code == 200
        refused = visitor.client.post(page, data=wrong)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")
        assert "wait a quarter of an hour" in refused.text
        visitor.client.set_cookie("lang", "zh")
        assert "请等待一刻钟后再试" in visitor.client.post(page, data=wrong).text
        assert visitor.client.post(page, data={**wrong, "evidence": RAW}).status_code == 302
    beacon.world.session.refresh(draw)
    assert draw.state is DrawState.DRAWN


@pytest.mark.parametrize(
    ("language", "before", "after", "done"),
    [
        (
            "en",
            "anybody can hand it in: its signature",
            "Anybody may hand it in on this draw",
            "you too",
        ),
        ("zh", "任何人均可提交，其签名可证明真伪", "任何人均可在本次抽取的公开页面提交", "您也可以在下方提交"),
    ],
)
def test_everybody_is_told_what_they_can_do_and_when(
    beacon: BeaconWorld, browse: Browser, *, language: str, before: str, after: str, done: str
) -> None:
    draw = beacon.committed()
    visitor, page = browse(language=language), f"/public/draws/{draw.number}/value"
    lead = browse(beacon.world.users[beacon.world.departments[0].code], language=language)
    with clock.at(beacon.begin):
        assert before in visitor.get(page).text
        assert after not in lead.get(f"/draws/{draw.id}/ceremony").text
    with clock.at(due(beacon, draw)):
        shown = visitor.get(page).text
        assert before not in shown
        assert done in shown
        # a link to the page that one is on leads nowhere
        assert f'href="{page}"' not in shown
        assert f'href="{page}"' in visitor.get(f"/public/draws/{draw.number}").text
        # nobody may be handing it in: the wall does not claim so
        assert after in lead.get(f"/draws/{draw.id}/ceremony").text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Double Color Ball (Nov 24, 2026), Super Lotto (Nov 25, 2026), Seven Happy Balls (Nov 25, 2026)"),
        ("zh", "双色球（2026年11月24日）、超级大乐透（2026年11月25日）、七乐彩（2026年11月25日）"),
    ],
)
def test_results_of_lotteries_are_named_by_game_and_day(
    make: Make, visits: Visits, browse: Browser, language: str, words: str
) -> None:
    begin = datetime(2026, 11, 23, 7, tzinfo=UTC)
    with clock.at(begin):
        beacon = make_beacon_world(make, rule=lotteries(), begin=begin)
    draw = beacon.committed()
    user = beacon.world.users[beacon.world.departments[0].code]
    for moment in (begin, due(beacon, draw)):
        with clock.at(moment):
            lead = browse(user, language=language)
            for page in (f"/draws/{draw.id}", f"/draws/{draw.id}/ceremony", f"/public/draws/{draw.number}/value"):
                assert words in lead.get(page).text
    with clock.at(due(beacon, draw)):
        wall = browse(user, language=language).get(f"/draws/{draw.id}/ceremony").text
        assert ("two people have typed" if language == "en" else "两人录入的结果一致后") in wall
        typing = browse(user, language=language).get(f"/draws/{draw.id}/beacon").text
    assert words in typing
    assert "20261124" not in typing
