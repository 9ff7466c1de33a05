"""Witnesses: their register, and the cosignatures that they hand in."""

from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from sampling.note_signing import Signer, note_of
from sampling.signed_notes import COSIGNATURE, ED25519, SignatureState, parse_note, parse_verifier_key
from supervision import clock
from supervision.accounts.queries import actor_of
from supervision.audit.models import AuditEntry
from supervision.errors import Forbidden
from supervision.permissions import Role
from supervision.transparency import queries, services
from supervision.transparency.models import LogCosignature
from tests.factories import Make
from tests.pages import Browser
from tests.supervision.transparency.conftest import PLATFORM, Log, sent


def test_a_cosignature_of_a_registered_witness_is_kept_and_stands_on_the_checkpoint(
    note: str, log: Log, client: FlaskClient
) -> None:
    assert sent(client, log.cosigned("one", note)) == (200, "")
    answer = client.post("/log/cosignatures", json={"note": log.cosigned("two", note)})
    assert answer.status_code == 200
    keys = [parse_verifier_key(one.verifier_key) for one in queries.list_witnesses(log.session)]
    checks = parse_note(client.get("/log/checkpoint").text).check(keys)
    assert [check.name for check in checks if check.state is SignatureState.VALID] == ["one", "two"]
    entry = log.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (entry.event.value, entry.actor_name) == ("log_cosigned", "Office two")


def test_the_same_cosignature_again_changes_nothing_and_on_another_checkpoint_it_does_not_hold(
    note: str, log: Log, client: FlaskClient
) -> None:
    signed = log.cosigned("one", note)
    for _ in range(3):
        assert sent(client, signed) == (200, "")
    assert log.session.scalar(sa.select(sa.func.count(LogCosignature.id))) == 1
    services.log_register(log.session, region="310106")
    newer = log.sign().note
    line = signed.rpartition("\n\n")[2]
    assert sent(client, f"{parse_note(newer).text}\n{line}") == (422, "cosignature-unknown")
    hours_later = log.cosigned("one", note, at=clock.now() - timedelta(hours=2))
    assert sent(client, hours_later)[0] in {200, 422}
    assert log.session.scalar(sa.select(sa.func.count(LogCosignature.id))) == 1


def test_a_witness_that_looks_again_is_seen_again(note: str, log: Log, client: FlaskClient) -> None:
    with clock.at(clock.now() + timedelta(hours=30)):
        assert sent(client, log.cosigned("one", note))[0] == 200
    with clock.at(clock.now() + timedelta(hours=60)):
        assert sent(client, log.cosigned("one", note))[0] == 200
    assert log.session.scalar(sa.select(sa.func.count(LogCosignature.id))) == 2
    assert len(queries.list_cosignatures(log.session, log.newest().size)) == 1


def test_the_checkpoint_that_first_had_two_witnesses_is_shown_before_a_smaller_one_that_had_them_late(
    note: str, log: Log, client: FlaskClient
) -> None:
    smaller = log.newest().size
    services.log_register(log.session, region="310106")
    larger = log.sign()
    for hours, name, checkpoint in (
        (1, "one", note),
        (2, "one", larger.note),
        (2, "two", larger.note),
        (9, "two", note),
    ):
        with clock.at(clock.now() + timedelta(hours=hours)):
            assert sent(client, log.cosigned(name, checkpoint))[0] == 200
    found = queries.first_checkpoint_with(log.session, smaller - 1, witnesses=2)
    assert found is not None
    assert found.size == larger.size
    alone = queries.first_checkpoint_with(log.session, smaller - 1, witnesses=3)
    assert alone is not None
    assert alone.size == smaller


def test_everything_else_is_refused(note: str, log: Log, client: FlaskClient) -> None:
    log.signers["stranger"] = Signer.generate("stranger", kind=COSIGNATURE)
    log.signers["thief"] = Signer(name="one", kind=COSIGNATURE, seed=b"x" * 32)
    text = parse_note(note).text
    forked = text.replace(text.split("\n")[2], "A" * 43 + "=")
    future, past = clock.now() + timedelta(hours=1), clock.now() - timedelta(days=400)
    cases = {
        "cosignature-unknown": [log.cosigned("stranger", note), log.cosigned("thief", note), note],
        "checkpoint-differs": [log.cosigned("one", note_of(forked, ["— x AAAAAAAA\n"]))],
        "cosignature-time": [log.cosigned("one", note, at=future), log.cosigned("one", note, at=past)],
        "not-found": [
            log.cosigned("one", note_of(text.replace(f"\n{log.newest().size}\n", "\n9999\n"), ["— x AAAA\n"]))
        ],
        "note-malformed": ["", "no note", "\x00", "— one AAAA\n", "a" * 999],
        "note-too-long": ["x" * 20_000],
    }
    for problem, notes in cases.items():
        for one in notes:
            status, found = sent(client, one)
            assert (found, status < 500) == (problem, True), one[:80]
    assert log.session.scalar(sa.select(sa.func.count(LogCosignature.id))) == 0


def test_a_long_note_is_refused_even_when_the_request_hides_its_length(note: str, client: FlaskClient) -> None:
    endless = BytesIO(note.encode() + "— one AAAAAAAA\n".encode() * 2_000)
    chunked = {"wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    answer = client.post("/log/cosignatures", input_stream=endless, environ_overrides=chunked)
    assert str(answer.json["type"]).endswith("note-too-long")


def test_an_ended_witness_signs_no_more_but_what_it_signed_stays(note: str, log: Log, client: FlaskClient) -> None:
    sent(client, log.cosigned("one", note))
    witness = queries.list_witnesses(log.session)[0]
    services.end_witness(log.session, witness, reason="moved", actor=PLATFORM)
    log.session.commit()
    services.log_register(log.session, region="310106")
    assert sent(client, log.cosigned("one", log.sign().note)) == (422, "cosignature-unknown")
    assert log.session.scalar(sa.select(sa.func.count(LogCosignature.id))) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_security_administrator_keeps_the_register(make: Make, log: Log, browse: Browser, language: str) -> None:
    visitor = browse(make.user(Role.SECURITY_ADMIN), language=language)
    visitor.get("/log/witnesses")
    good = Signer.generate("neighbor", kind=COSIGNATURE).verifier_key
    wrong = Signer.generate("neighbor", kind=ED25519).verifier_key
    for key in ("nonsense", wrong):
        answer = visitor.post("/log/witnesses/new", {"holder": "Bureau", "verifier_key": key}, status=200)
        assert "field-error" in answer.text
    visitor.post("/log/witnesses/new", {"holder": "Bureau", "verifier_key": good, "contact": "1234"})
    assert "field-error" in visitor.post(
        "/log/witnesses/new", {"holder": "Bureau", "verifier_key": good}, status=200
    ).text  # fmt: skip
    assert good in visitor.get("/log/witnesses").text.replace("&#43;", "+")
    witness = queries.list_witnesses(log.session)[0]
    visitor.post(f"/log/witnesses/{witness.id}/end", {"reason": "key lost"})
    assert "key lost" in visitor.get("/log/witnesses").text
    visitor.post(f"/log/witnesses/{witness.id}/end", {"reason": "again"}, status=409)
    visitor.get("/log/witnesses/999/end", status=404)
    assert "1234" not in browse(language=language).get("/log/").text


def test_nobody_else_keeps_it(make: Make, log: Log, browse: Browser) -> None:
    for role in set(Role) - {Role.SECURITY_ADMIN}:
        visitor = browse(make.user(role))
        visitor.get("/log/witnesses/new", status=403)
        visitor.get("/log/witnesses", status=200 if role in {Role.AUDIT_ADMIN, Role.OVERSIGHT} else 403)
    key = Signer.generate("x", kind=COSIGNATURE).verifier_key
    lead = make.user(Role.LEAD)
    with pytest.raises(Forbidden):
        services.add_witness(log.session, holder="x", verifier_key=key, contact="", actor=actor_of(lead))
