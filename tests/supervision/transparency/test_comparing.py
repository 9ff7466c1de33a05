"""Anybody pastes a checkpoint they kept into the log's page and is told in plain words what it means."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from sampling.hash_tree import HashTree
from sampling.note_signing import Signer, checkpoint_text, note_of
from sampling.signed_notes import ED25519, parse_note
from supervision.draws.models import LogLeaf
from supervision.transparency import services, trees
from supervision.web import database
from tests.guards import unguard
from tests.pages import check_page
from tests.supervision.draws.world import World
from tests.supervision.transparency.conftest import Log
from tests.supervision.transparency.test_tampering import GUARDED

PAGE = "/log/compare"
SAID = {
    "fits": ("属于本日志的历史", "part of the history of this log"),
    "fork": ("分叉", "A fork"),
    "ahead": ("条目缺失", "Entries are missing"),
    "fits-unsigned": ("没有本日志的签名", "bears no signature of it"),
    "unsigned": ("并非本日志所签", "not signed by this log"),
    "forged": ("签名不成立", "signature does not hold"),
    "other-log": ("属于另一个日志", "belongs to another log"),
}


@pytest.fixture
def note(world: World, log: Log) -> str:
    """A checkpoint with a cosignature, kept before the log grew."""
    world.committed()
    log.witness("one")
    kept = log.sign().note
    line = log.cosigned("one", kept).rpartition("\n\n")[2]
    services.log_register(log.session, region="310106")
    log.sign()
    return kept + line


def pasted(client: FlaskClient, note: str, standing: str) -> None:
    """Send the form without a token and without scripts, in both languages; expect one answer and no other."""
    for place, language in enumerate(("zh", "en")):
        client.set_cookie("lang", language)
        page = client.post(PAGE, data={"note": note})
        assert page.status_code == 200
        check_page(page.text)
        for one, words in SAID.items():
            assert (words[place] in page.text) == (one == standing or words[place] in SAID[standing][place]), one


def signed(log: Log, *, size: int, head: bytes, origin: str = "", signer: Signer | None = None) -> str:
    hand = signer or log.keyring.signer()
    assert hand is not None
    text = checkpoint_text(origin=origin or log.keyring.origin, size=size, head=head)
    return note_of(text, [hand.signature(text)])


def test_what_was_kept_is_part_of_the_history(note: str, log: Log, client: FlaskClient) -> None:
    pasted(client, note, "fits")
    pasted(client, log.newest().note, "fits")
    client.set_cookie("lang", "en")
    size = int(note.split("\n")[1])
    assert f"The first {size} entries" in client.post(PAGE, data={"note": note}).text


@pytest.mark.parametrize(
    "spoiled",
    [
        lambda note: note.replace("\n", "\r\n"),
        lambda note: f"\n  {note.strip()}  ",
        lambda note: note.replace("\n\n", "\n"),
        lambda note: note.replace("\n", "\n\n"),
    ],
)
def test_mail_and_paper_do_not_spoil_it(note: str, client: FlaskClient, spoiled: object) -> None:
    pasted(client, spoiled(note), "fits")  # type: ignore[operator]


def test_another_history_signed_by_this_log_is_a_fork(note: str, log: Log, client: FlaskClient) -> None:
    pasted(client, signed(log, size=2, head=b"\1" * 32), "fork")
    pasted(client, signed(log, size=0, head=HashTree().head()), "fits")


def test_a_log_that_was_longer_once_has_lost_entries(note: str, log: Log, client: FlaskClient) -> None:
    pasted(client, signed(log, size=log.leaf_count() + 1, head=b"\1" * 32), "ahead")


def test_entries_that_were_changed_behind_the_signature_are_told_as_such(
    note: str, log: Log, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trees, "_known", lambda _signed: None)
    unguard(log.session, *GUARDED)
    log.session.execute(sa.update(LogLeaf).where(LogLeaf.index == 1).values(leaf="{}"))
    log.session.commit()
    client.set_cookie("lang", "en")
    page = client.post(PAGE, data={"note": note}).text
    assert "does not agree with its own signature" in page
    assert "Leaf 1 of the log was changed" in page


def test_what_anybody_could_write_proves_nothing(note: str, log: Log, client: FlaskClient) -> None:
    text = parse_note(note).text
    stranger = Signer.generate(log.keyring.origin, kind=ED25519)
    pasted(client, note_of(text, [stranger.signature(text)]), "fits-unsigned")
    pasted(client, signed(log, size=2, head=b"\1" * 32, signer=stranger), "unsigned")
    other = text.replace(text.split("\n")[2], "A" * 43 + "=")
    pasted(client, f"{other}\n{note.rpartition(chr(10) * 2)[2]}", "forged")
    elsewhere = Signer.generate("double-random-draw/310107", kind=ED25519)
    pasted(client, signed(log, size=2, head=b"\1" * 32, origin=elsewhere.name, signer=elsewhere), "other-log")


@pytest.mark.parametrize(
    "wrong", ["", "not a checkpoint", "— one AAAA", "a\nb\nc\n\n— x AAAA", "x" * 20_000, "一\x00二"]
)
def test_a_wrong_paste_is_told_beside_the_field_and_kept(note: str, client: FlaskClient, wrong: str) -> None:
    client.set_cookie("lang", "en")
    page = client.post(PAGE, data={"note": wrong})
    assert page.status_code == 400
    assert "field-error" in page.text
    assert 'id="found"' not in page.text
    check_page(page.text)


def test_comparing_only_reads_and_the_public_page_has_the_form_without_a_token(
    note: str, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = client.get("/log/")
    assert 'name="note"' in page.text
    assert "csrf" not in page.text
    assert "Set-Cookie" not in page.headers
    assert page.headers["Cache-Control"] == "public, max-age=60"
    asked: list[bool] = []
    opening = database.open_session

    def watched(app: object, *, only_reads: bool = False) -> Session:
        asked.append(only_reads)
        return opening(app, only_reads=only_reads)  # type: ignore[arg-type]

    monkeypatch.setattr(database, "open_session", watched)
    client.post(PAGE, data={"note": note})
    assert asked
    assert all(asked)


def test_the_page_can_be_read_before_anything_is_logged(client: FlaskClient) -> None:
    for language in ("zh", "en"):
        client.set_cookie("lang", language)
        check_page(client.get(PAGE).text)
