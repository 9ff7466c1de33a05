"""Proofs, leaves, keys and feed as anybody reads them, checked with the engine alone."""

import base64
from xml.etree import ElementTree as ET

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from sampling import merkle
from sampling.canonical import canonical_bytes
from sampling.signed_notes import parse_checkpoint, parse_note
from sampling.witnessing import Seen, continues
from supervision.draws import services as draws
from supervision.draws.models import DrawUnit
from supervision.transparency import services
from tests.pages import Browser
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import World
from tests.supervision.transparency.conftest import Log


def numbers(hexes: list[str]) -> list[bytes]:
    return [bytes.fromhex(one) for one in hexes]


def test_the_newest_checkpoint_is_made_when_somebody_asks_and_holds_everything(
    world: World, client: FlaskClient
) -> None:
    world.freeze()
    world.session.commit()
    answer = client.get("/log/checkpoint")
    assert answer.content_type == "text/plain; charset=utf-8"
    seen = Seen.parse(answer.text)
    leaves = client.get(f"/log/leaves.json?from=0&to={seen.checkpoint.size}").json["leaves"]
    assert merkle.tree_head("sha256", [canonical_bytes(one["leaf"]) for one in leaves]) == seen.checkpoint.head
    assert client.get("/log/checkpoint").text == answer.text
    assert client.get(f"/log/checkpoint/{seen.checkpoint.size}").text == answer.text


def test_inclusion_and_consistency_of_every_size_hold(world: World, log: Log, client: FlaskClient) -> None:
    world.committed()
    log.session.commit()
    checkpoint = Seen.parse(client.get("/log/checkpoint").text).checkpoint
    leaves = client.get(f"/log/leaves.json?from=0&to={checkpoint.size}").json["leaves"]
    entries = [canonical_bytes(one["leaf"]) for one in leaves]
    for size in range(1, checkpoint.size + 1):
        head = merkle.tree_head("sha256", entries[:size])
        for index in range(size):
            found = client.get(f"/log/inclusion.json?index={index}&size={size}").json
            assert merkle.verify_inclusion(
                "sha256", entry=entries[index], index=index, size=size, proof=numbers(found["proof"]), head=head
            )
            assert (found["root"], found["hash"]) == (head.hex(), leaves[index]["hash"])
        answer = client.get(f"/log/consistency.json?from={size}&to={checkpoint.size}")
        old = type(checkpoint)(checkpoint.origin, size, head)
        assert continues(old, checkpoint, numbers(answer.json["proof"]))
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "address",
    [
        "leaves.json?from=0&to=99999", "leaves.json?from=2&to=1", "leaves.json?from=-1&to=1", "leaves.json?from=&to=1",
        "leaves.json?from=0&to=1e3", "leaves.json?from=١&to=2", "inclusion.json?index=9999999&size=3",
        "inclusion.json?index=3&size=3", "consistency.json?from=3&to=2", "consistency.json?from=x&to=2",
        "inclusion.json?index=999999999999999999999&size=3",
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_by_name(address: str, world: World, client: FlaskClient) -> None:
    world.committed()
    world.session.commit()
    answer = client.get(f"/log/{address}")
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.json["type"] in {"urn:problem:log-number", "urn:problem:log-range"}


def test_more_than_a_thousand_leaves_are_not_handed_out_at_once(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.committed()
    world.session.commit()
    monkeypatch.setattr("supervision.transparency.api.MOST_LEAVES", 2)
    assert client.get("/log/leaves.json?from=0&to=3").json["type"] == "urn:problem:log-range"
    assert len(client.get("/log/leaves.json?from=1&to=3").json["leaves"]) == 2


def test_strikes_of_a_sealed_draw_show_their_hash_alone(
    world: World, log: Log, client: FlaskClient, visits: Visits
) -> None:
    world.make.catalogues()
    draw = world.drawn()
    drawn = log.session.scalars(sa.select(DrawUnit).order_by(DrawUnit.entity_id)).first()
    assert drawn is not None
    unit, head = drawn.entity.unit_id, world.actor(f"head {world.departments[0].code}")
    draws.strike_unit(log.session, draw, unit_id=unit, ground="legal-exemption", evidence="Notice 7", actor=head)
    log.session.commit()
    size = log.sign().size
    shown = client.get(f"/log/leaves.json?from=0&to={size}").json["leaves"]
    sealed = [one for one in shown if one["leaf"] is None]
    assert len(sealed) >= 1
    assert set(sealed[0]) == {"index", "hash", "leaf"}
    feed = client.get("/log/feed.atom").text
    page = client.get("/log/", headers={"Cookie": "lang=en"}).text
    for text in (client.get(f"/log/leaves.json?from=0&to={size}").text, feed, page):
        assert unit not in text
        assert "struck" not in text.lower()
    visits.done = True
    draws.open_draw(log.session, draw, actor=world.lead)
    log.session.commit()
    opened = client.get(f"/log/leaves.json?from={sealed[0]['index']}&to={sealed[0]['index'] + 1}").json["leaves"][0]
    assert opened["leaf"]["out"] == unit
    assert merkle.leaf_hash("sha256", canonical_bytes(opened["leaf"])).hex() == sealed[0]["hash"]
    assert len(opened["leaf"]["salt"]) == 32  # nobody guesses the unit from the hash


def test_keys_come_with_the_leaf_that_names_them(world: World, log: Log, client: FlaskClient) -> None:
    world.committed()
    log.sign()
    old, new = services.rotate_key(log.session, log.keyring, reason="test", actor=world.lead)
    services.make_checkpoint(log.session, log.keyring, signers=[new, old])
    log.session.commit()
    keys = client.get("/log/keys.json").json["keys"]
    assert [key["key"] for key in keys] == [old.verifier_key, new.verifier_key]
    assert (keys[0]["until"], keys[1]["until"]) == (keys[1]["since"], None)
    for key in keys:
        vouching = parse_checkpoint(parse_note(key["checkpoint"]).text)
        assert merkle.verify_inclusion(
            "sha256", entry=canonical_bytes(key["leaf"]), index=key["index"], size=vouching.size,
            proof=numbers(key["proof"]), head=vouching.head,
        )  # fmt: skip


def test_the_feed_is_atom_and_newest_first(world: World, log: Log, client: FlaskClient) -> None:
    draw = world.committed()
    log.session.commit()
    answer = client.get("/log/feed.atom")
    assert answer.mimetype == "application/atom+xml"
    root = ET.fromstring(answer.data)  # noqa: S314 - our own
    ids = [one.text for one in root.iterfind("{*}entry/{*}id")]
    assert ids == sorted(ids, key=lambda one: -int(str(one).rpartition(":")[2]))
    assert draw.number in answer.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_public_page_tells_checkpoint_witnesses_and_events(
    world: World, log: Log, browse: Browser, language: str
) -> None:
    assert browse(language=language).get("/log/").status_code == 200
    draw = world.committed()
    log.witness("neighbor.example")
    log.witness("silent.example")
    services.take_cosignature(log.session, log.cosigned("neighbor.example", log.sign().note))
    log.session.commit()
    page = browse(language=language).get("/log/").text
    for said in (log.newest().head, "Office neighbor.example", "Office silent.example", draw.number):
        assert said in page
    assert ("已看到最新" if language == "zh" else "Up to date") in page
    assert ("久无音讯" if language == "zh" else "Silent") in page
    assert base64.b64encode(bytes.fromhex(log.newest().head)).decode() in page.replace("&#43;", "+")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_log_that_cannot_be_signed_says_why_and_shows_what_it_signed_last(
    world: World, log: Log, browse: Browser, language: str
) -> None:
    world.committed()
    signed = log.sign()
    (log.keyring.folder / "log.key").unlink()
    services.anchor_audit(log.session, region="310106")
    services.log_register(log.session, region="310106")
    log.session.commit()
    page = browse(language=language).get("/log/").text
    assert signed.head in page
    assert "log.key" in page
    assert browse().client.get("/log/checkpoint").status_code == 409
