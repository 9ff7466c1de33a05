"""With BEACON_FETCH=1 the regular command and the worker fetch public values themselves, from a real server here."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.models import AuditEntry
from supervision.beacons import fetching
from supervision.draws.beacon_models import BeaconEntry, BeaconLapse
from supervision.draws.rules import DrawState, EntryWay
from supervision.jobs.cli import ask_daily, run_waiting
from tests.factories import Make
from tests.supervision.beacons.local_source import LocalSource, serving
from tests.supervision.beacons.vectors import DEFAULT, QUICKNET, QUICKNET_ROUND, quicknet_at
from tests.supervision.draws.beacon_world import DELAY, RAW, BeaconWorld, due, lotteries, make_beacon_world
from tests.supervision.draws.conftest import Visits

GOOD, MOVED, SILENT = "/good", "/moved", "/silent"
NEXT = {**QUICKNET, "round": QUICKNET_ROUND + 1}
FORGED = {**QUICKNET, "signature": f"{'a' * 95}b"}
Expire = Callable[..., str]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSource]:
    with serving(tmp_path_factory.mktemp("source")) as found:
        yield found


@pytest.fixture
def source(served: LocalSource, app: Flask, monkeypatch: pytest.MonkeyPatch) -> LocalSource:
    """A source that this machine trusts and this installation may ask."""
    monkeypatch.setenv("SSL_CERT_FILE", str(served.certificate))
    monkeypatch.setitem(app.config, "BEACON_FETCH", True)
    served.asked.clear()
    served.silent = {SILENT}
    served.answers = {GOOD: (200, RAW.encode()), MOVED: (302, b"")}
    served.when_asked = lambda: None
    return served


@pytest.fixture
def world_of(make: Make, visits: Visits, source: LocalSource) -> Callable[[str], BeaconWorld]:
    """A district whose rule names an address of the source; each path has a rule of its own."""
    begin = (clock.now() + timedelta(minutes=1)).replace(microsecond=0)

    def made(path: str) -> BeaconWorld:
        rule = quicknet_at(begin + timedelta(seconds=DELAY), code=f"drand{path[1:]}", url=source.address + path)
        return make_beacon_world(make, rule=rule, begin=begin)

    return made


@pytest.fixture
def expire(app: Flask, session: Session) -> Expire:
    """Run ``flask draws expire`` and return what it said."""

    def run() -> str:
        session.commit()
        result = app.test_cli_runner().invoke(args=["draws", "expire"])
        assert result.exit_code == 0, result.output
        session.expire_all()
        return result.output

    return run


def test_a_good_value_is_fetched_and_draws(
    world_of: Callable[[str], BeaconWorld], source: LocalSource, expire: Expire, session: Session
) -> None:
    beacon = world_of(GOOD)
    draw = beacon.committed()
    with clock.at(due(beacon, draw) - timedelta(seconds=1)):
        assert expire() == ""
    assert source.asked == []
    with clock.at(due(beacon, draw)):
        said = expire()
    assert f"{draw.number}：已从来源取得第{QUICKNET_ROUND}期公共随机值。" in said
    assert f"{draw.number}: the public value of round {QUICKNET_ROUND} was fetched" in said
    assert draw.state is DrawState.DRAWN
    entry = session.scalars(sa.select(BeaconEntry)).one()
    assert (entry.way, entry.entered_by, entry.evidence) == (EntryWay.FETCHED, None, RAW)
    with clock.at(due(beacon, draw) + timedelta(minutes=15)):
        expire()
    assert source.asked == [GOOD]


@pytest.mark.parametrize(
    ("path", "answer", "chinese", "english"),
    [
        ("/forged", (200, json.dumps(FORGED).encode()), "签名", "The signature does not hold"),
        ("/other", (200, json.dumps(DEFAULT).encode()), "另一期", "This is another round"),
        ("/next", (200, json.dumps(NEXT).encode()), "另一期", "This is another round"),
        ("/early", (425, b'{"error": "too early"}'), "未按预期应答", "127.0.0.1 did not answer as expected"),
        ("/page", (200, b"<html>"), "JSON", "This is not the answer of the source"),
        (MOVED, (302, b""), "未按预期应答", "127.0.0.1 did not answer as expected"),
        (SILENT, (200, b""), "未按预期应答", "127.0.0.1 did not answer as expected"),
    ],
)
def test_anything_else_is_told_in_one_line_and_changes_nothing(
    world_of: Callable[[str], BeaconWorld],
    source: LocalSource,
    expire: Expire,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    *,
    path: str,
    answer: tuple[int, bytes],
    chinese: str,
    english: str,
) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    source.answers[path] = answer
    beacon = world_of(path)
    draw = beacon.committed()
    before = session.scalar(sa.select(sa.func.count(AuditEntry.seq)))
    with clock.at(due(beacon, draw)):
        said = expire().splitlines()
    assert len(said) == 1
    assert f"{draw.number}：未能取得第{QUICKNET_ROUND}期公共随机值。" in said[0]
    assert chinese in said[0]
    assert f"{draw.number}: the public value of round {QUICKNET_ROUND} could not be fetched. {english}" in said[0]
    assert source.asked == [path]
    assert draw.state is DrawState.COMMITTED
    assert session.scalars(sa.select(BeaconEntry)).all() == []
    assert session.scalar(sa.select(sa.func.count(AuditEntry.seq))) == before


def test_a_source_that_cannot_be_reached_stops_neither_other_draws_nor_their_deadlines(
    world_of: Callable[[str], BeaconWorld], expire: Expire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 1)
    silent, moved, good = (world_of(path) for path in (SILENT, MOVED, GOOD))
    waiting, refused, settled = (world.committed() for world in (silent, moved, good))
    with clock.at(due(good, settled)):
        said = expire()
    assert [draw.state for draw in (waiting, refused, settled)] == [
        DrawState.COMMITTED, DrawState.COMMITTED, DrawState.DRAWN,
    ]  # fmt: skip
    assert said.count("could not be fetched") == 2
    lapse = silent.attempts(waiting)[0].lapses_at
    assert lapse is not None
    with clock.at(lapse):
        said = expire()
    assert f"{waiting.number} waits on" in said


def test_a_value_is_fetched_before_its_round_is_said_to_have_passed(
    world_of: Callable[[str], BeaconWorld], expire: Expire, session: Session
) -> None:
    beacon = world_of(GOOD)
    draw = beacon.committed()
    lapse = beacon.attempts(draw)[0].lapses_at
    assert lapse is not None
    with clock.at(lapse - timedelta(seconds=1)):
        expire()
    assert draw.state is DrawState.DRAWN
    assert session.scalars(sa.select(BeaconLapse)).all() == []


def test_nothing_goes_out_where_it_is_not_switched_on(
    world_of: Callable[[str], BeaconWorld],
    source: LocalSource,
    expire: Expire,
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "BEACON_FETCH", False)
    beacon = world_of(GOOD)
    draw = beacon.committed()
    with clock.at(due(beacon, draw)), app.app_context():
        assert expire() == ""
        ask_daily(app)
        run_waiting(app)
    assert source.asked == []
    assert draw.state is DrawState.COMMITTED


def test_what_two_people_type_is_never_fetched(make: Make, visits: Visits, source: LocalSource, expire: Expire) -> None:
    beacon = make_beacon_world(make, rule=lotteries(url=source.address + GOOD))
    draw = beacon.committed()
    with clock.at(due(beacon, draw)):
        assert expire() == ""
    assert source.asked == []


@pytest.fixture
def open_transactions(session: Session) -> Iterator[set[object]]:
    """The transactions that are open at each moment, of all sessions but the test's own."""
    found: set[object] = set()

    def begun(of: Session, transaction: object) -> None:
        if of is not session:
            found.add(transaction)

    def ended(_of: Session, transaction: object) -> None:
        found.discard(transaction)

    listeners = {"after_transaction_create": begun, "after_transaction_end": ended}
    for name, listener in listeners.items():
        sa.event.listen(Session, name, listener)
    yield found
    for name, listener in listeners.items():
        sa.event.remove(Session, name, listener)


def test_no_transaction_is_open_while_a_source_is_asked(
    world_of: Callable[[str], BeaconWorld],
    source: LocalSource,
    expire: Expire,
    app: Flask,
    open_transactions: set[object],
) -> None:
    held: list[int] = []
    source.when_asked = lambda: held.append(len(open_transactions))
    source.answers["/again"] = (404, b"")
    for path in (GOOD, "/again"):
        beacon = world_of(path)
        draw = beacon.committed()
    with clock.at(due(beacon, draw)), app.app_context():
        expire()
        ask_daily(app)
        run_waiting(app)
    assert sorted(source.asked) == ["/again", "/again", GOOD]
    assert held == [0, 0, 0]


def test_the_worker_fetches_once_a_day_before_it_declares_lapses(
    world_of: Callable[[str], BeaconWorld], app: Flask, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    moved, good = world_of(MOVED), world_of(GOOD)
    waiting, settled = moved.committed(), good.committed()
    session.commit()
    with clock.at(due(good, settled)), app.app_context():
        ask_daily(app)
        run_waiting(app)
    session.expire_all()
    assert [one.draw_id for one in session.scalars(sa.select(BeaconEntry))] == [settled.id]
    assert waiting.state is DrawState.COMMITTED
    told = [record.getMessage() for record in caplog.records if record.name == "supervision.draws.daily"]
    assert len(told) == 1
    assert f"{waiting.number}: the public value of round {QUICKNET_ROUND} could not be fetched." in told[0]
