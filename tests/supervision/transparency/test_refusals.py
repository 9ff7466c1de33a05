"""What the log refuses: in both languages, patiently at first, and never an honest witness."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from supervision import clock
from supervision.draws.witness_models import LinkFailure
from supervision.draws.witness_rules import FAILURE_WINDOW, MOST_FAILURES
from supervision.transparency.models import LogCosignature
from supervision.web import database
from tests.supervision.draws.world import World
from tests.supervision.transparency.conftest import Log


@pytest.fixture
def note(world: World, log: Log) -> str:
    """The newest checkpoint of a log with a witness."""
    world.committed()
    log.witness("one")
    return log.sign().note


@pytest.mark.parametrize("place", ["cosignatures", "statements"])
def test_many_notes_in_vain_are_asked_to_wait_but_an_honest_witness_is_always_heard(
    place: str, note: str, log: Log, client: FlaskClient
) -> None:
    for _ in range(MOST_FAILURES):
        assert client.post(f"/log/{place}", data=b"nonsense").status_code == 400
    answer = client.post(f"/log/{place}", data=b"nonsense")
    assert (answer.status_code, answer.json["type"]) == (429, "urn:problem:too-many-tries")
    assert answer.headers["Retry-After"] == "900"
    assert "请等待一刻钟后再试" in answer.json["detail"]
    assert "wait a quarter of an hour" in answer.json["detail"]
    signed = log.cosigned("one", note)
    assert client.post("/log/cosignatures", data=signed.encode()).status_code == 200
    assert len(log.session.scalars(sa.select(LinkFailure)).all()) == MOST_FAILURES
    with clock.at(clock.now() + FAILURE_WINDOW + timedelta(seconds=1)):
        assert client.post(f"/log/{place}", data=b"nonsense").status_code == 400


def test_tries_at_the_log_do_not_count_elsewhere(note: str, client: FlaskClient) -> None:
    for _ in range(MOST_FAILURES + 1):
        client.post("/log/cosignatures", data=b"nonsense")
    assert client.get("/witness/no-such-link").status_code == 404


def test_strangers_and_copies_of_what_is_kept_never_hold_the_writer(
    note: str, log: Log, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = log.cosigned("one", note).encode()
    assert client.post("/log/cosignatures", data=signed).status_code == 200
    asked: list[bool] = []
    opening = database.open_session

    def watched(app: object, *, only_reads: bool = False) -> Session:
        asked.append(only_reads)
        return opening(app, only_reads=only_reads)  # type: ignore[arg-type]

    monkeypatch.setattr(database, "open_session", watched)
    assert client.post("/log/cosignatures", data=signed).json["witness"] == "Office one"
    monkeypatch.setattr("supervision.transparency.api.refuse_often", lambda _key: None)
    assert client.post("/log/cosignatures", data=note.encode()).status_code == 422
    assert asked
    assert all(asked)
    assert log.session.scalar(sa.select(sa.func.count(LogCosignature.id))) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_refusals_for_programs_stand_in_both_languages(note: str, client: FlaskClient, language: str) -> None:
    client.set_cookie("lang", language)
    for answer in (
        client.get("/log/leaves.json?from=x"),
        client.get("/log/checkpoint/9999"),
        client.post("/log/cosignatures", data=b"nonsense"),
        client.post("/log/cosignatures", data=note.encode()),
        client.post("/log/statements", data=b"x" * 20_000),
    ):
        problem = answer.get_json()
        chinese, english = problem["detail_zh"], problem["detail_en"]
        assert any("一" <= one <= "鿿" for one in chinese), answer.text
        assert english.isascii(), answer.text
        assert problem["detail"] == f"{chinese} {english}"
