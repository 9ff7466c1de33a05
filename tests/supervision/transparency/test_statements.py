"""What witnesses state about bundles, and what bundles show of witnesses."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from sampling.errors import FileError
from sampling.note_signing import Signer, note_of
from sampling.signed_notes import COSIGNATURE, statement_text
from sampling.transparency_log import parse_log
from sampling.verification import verify_files
from supervision import clock
from supervision.draws import services as draws
from supervision.draws.bundles import bundle_zip, full_bundle, public_bundle
from supervision.plans.rules import Stratification
from supervision.transparency import services
from supervision.transparency.stating import state
from tests.factories import Make
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import World, make_world
from tests.supervision.transparency.conftest import Log, sent


def test_statements_of_two_witnesses_go_with_the_public_bundle_of_a_confidential_draw(
    make: Make, visits: Visits, log: Log, client: FlaskClient, tmp_path: Path
) -> None:
    world = make_world(make, stratification=Stratification.RISK)
    draw = world.drawn()
    visits.done = True
    for name in ("one", "two"):
        log.witness(name)
        (tmp_path / f"{name}.key").write_text(log.signers[name].to_text(), "utf-8")
    services.make_checkpoint(log.session, log.keyring)
    draws.open_draw(log.session, draw, actor=world.lead)
    assert draw.confidential
    log.session.commit()
    bundle = tmp_path / "full.zip"
    bundle.write_bytes(bundle_zip(full_bundle(log.session, draw), number=draw.number))
    report = verify_files(public_bundle(log.session, draw))
    assert "statements-too-few" in {finding.code for finding in report.findings}
    for name in ("one", "two"):
        code, lines = state(bundle, key_file=tmp_path / f"{name}.key", target=tmp_path / f"{name}.txt")
        assert code == 0, lines
        body = (tmp_path / f"{name}.txt").read_bytes()
        for _ in range(2):
            assert client.post("/log/statements", data=body, content_type="text/plain").status_code == 200
    report = verify_files(public_bundle(log.session, draw))
    assert report.exit_code == 3
    assert "statements-hold" in {finding.code for finding in report.findings}
    wrong = statement_text(draw=draw.number, commitment_digest="0" * 64, record_digest=str(draw.record_digest))
    signed = note_of(wrong, [log.signers["one"].signature(wrong, seen_at=1)])
    assert client.post("/log/statements", data=signed.encode()).json["type"].endswith("statement-differs")


def test_a_witness_states_nothing_about_a_bundle_that_does_not_agree(
    world: World, visits: Visits, log: Log, tmp_path: Path
) -> None:
    draw = world.drawn()
    visits.done = True
    draws.open_draw(log.session, draw, actor=world.lead)
    files = full_bundle(log.session, draw)
    key = tmp_path / "one.key"
    key.write_text(Signer.generate("one", kind=COSIGNATURE).to_text(), "utf-8")
    files["ties.tsv"] += b"\n"
    bundle = tmp_path / "full.zip"
    bundle.write_bytes(bundle_zip(files, number=draw.number))
    with pytest.raises(FileError):
        state(bundle, key_file=key, target=None)
    bundle.write_bytes(bundle_zip(public_bundle(log.session, draw), number=draw.number))
    with pytest.raises(FileError, match=r"mapping|ties"):
        state(bundle, key_file=key, target=None)


def test_a_bundle_shows_when_each_witness_saw_the_commitment_first(
    world: World, visits: Visits, log: Log, client: FlaskClient
) -> None:
    draw = world.drawn()
    for name in ("one", "two"):
        log.witness(name)
    signed = log.sign()
    begun = clock.now()
    for later in (timedelta(minutes=1), timedelta(hours=5)):
        with clock.at(begun + later):
            for name in ("one", "two"):
                assert sent(client, log.cosigned(name, signed.note))[0] == 200
    visits.done = True
    draws.open_draw(log.session, draw, actor=world.lead)
    found = parse_log(full_bundle(log.session, draw)["log.json"])
    assert found.committed is not None
    checks = found.committed.signed.note.check(found.keys)
    seen = {check.seen_at for check in checks if check.is_witness}
    assert seen == {int((begun + timedelta(minutes=1)).timestamp())}
