"""What a witness on another machine does: follow the log, and keep the evidence when it lies."""

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from sampling.errors import FileError
from sampling.note_signing import note_of, parse_signer
from sampling.signed_notes import parse_note
from sampling.witness_command import Watch, watch
from sampling.witness_station import Ask
from supervision.transparency import services
from tests.supervision.draws.world import World
from tests.supervision.transparency.conftest import Log, Run, sent


def asks(client: FlaskClient) -> Ask:
    """Ask the platform as a witness on another machine would."""

    def ask(path: str) -> bytes:
        answer = client.get(f"/log/{path}")
        if answer.status_code != 200:
            raise FileError("log-refused", status=answer.status_code, said=answer.text)
        return answer.data

    return ask


def test_a_witness_follows_the_log_through_growth_and_a_change_of_keys(
    world: World, log: Log, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[str] = []
    monkeypatch.setattr("sampling.witness_command.submit", lambda _address, note: handed.append(note))
    wanted = Watch("https://log.example/log", tmp_path / "state", tmp_path / "own.key", "neighbor", hands_in=True)
    world.freeze()
    log.session.commit()
    code, lines = watch(wanted, ask=asks(client))
    assert code == 0
    assert any("Trust on first use" in english for _, english in lines)
    key = (tmp_path / "own.key").read_text("utf-8")
    assert key.startswith("PRIVATE+KEY+neighbor+")
    log.signers["neighbor"] = parse_signer(key)
    log.witness("neighbor")
    log.session.commit()
    old, new = services.rotate_key(log.session, log.keyring, reason="test", actor=world.lead)
    services.make_checkpoint(log.session, log.keyring, signers=[new, old])
    log.session.commit()
    services.log_register(log.session, region="310106")
    log.session.commit()
    code, lines = watch(wanted, ask=asks(client))
    assert code == 0, lines
    assert any("vouches" in english for _, english in lines)
    assert sent(client, handed[-1]) == (200, "")
    code, lines = watch(wanted, ask=asks(client))
    assert (code, "not changed" in lines[0][1]) == (0, True)


def test_a_first_run_that_hands_in_tells_the_key_that_must_be_entered(
    note: str, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def submit(_address: str, _note: str) -> None:
        raise FileError("log-refused", status=422, said="no witness of ours")

    monkeypatch.setattr("sampling.witness_command.submit", submit)
    wanted = Watch("https://log.example/log", tmp_path / "state", tmp_path / "own.key", "neighbor", hands_in=True)
    code, lines = watch(wanted, ask=asks(client))
    key = parse_signer((tmp_path / "own.key").read_text("utf-8")).verifier_key
    assert code == 2
    assert "no witness of ours" in lines[-2][1]
    assert key in lines[-1][0]
    assert key in lines[-1][1]
    assert (tmp_path / "state" / "checkpoint.txt").read_text("utf-8") == note
    assert key in watch(wanted, ask=asks(client))[1][-1][1]  # the next run tells it again


def test_a_key_that_nobody_vouches_for_is_not_taken_over(
    world: World, log: Log, client: FlaskClient, tmp_path: Path
) -> None:
    world.committed()
    log.sign()
    watch(Watch("https://log.example/log", tmp_path), ask=asks(client))
    (log.keyring.folder / "log.key").unlink()
    signer = services.new_key(log.session, log.keyring, reason="lost", actor=world.lead)
    services.make_checkpoint(log.session, log.keyring, signers=[signer])
    log.session.commit()
    log.keyring.take_over(signer.verifier_key)
    code, lines = watch(Watch("https://log.example/log", tmp_path, contact="Ms Li, 8888"), ask=asks(client))
    assert code == 1
    assert any("Ms Li, 8888" in english for _, english in lines)


@pytest.mark.parametrize("lie", ["fork", "rollback", "rewritten"])
def test_a_lie_is_told_in_both_languages_and_both_notes_are_kept(
    lie: str, note: str, world: World, log: Log, client: FlaskClient, tmp_path: Path
) -> None:
    wanted = Watch("https://log.example/log", tmp_path, contact="8888")
    assert watch(wanted, ask=asks(client))[0] == 0
    kept = (tmp_path / "checkpoint.txt").read_text("utf-8")
    size = log.newest().size + {"fork": 0, "rollback": -1, "rewritten": 5}[lie]
    signer = log.keyring.signer()
    assert signer is not None
    text = f"{log.keyring.origin}\n{size}\n{'B' * 42}A=\n"
    shown = note_of(text, [signer.signature(text)])

    def ask(path: str) -> bytes:
        if path == "checkpoint":
            return shown.encode()
        return json.dumps({"proof": ["0" * 64]}).encode()

    code, lines = watch(wanted, ask=ask)
    assert code == 1
    assert {"fork": "分叉", "rollback": "倒退", "rewritten": "改写"}[lie] in lines[0][0]
    assert any("enforcement oversight" in english for _, english in lines)
    evidence = next((tmp_path / "evidence").iterdir())
    assert (evidence / "shown-now.txt").read_text("utf-8") == shown
    assert (evidence / "kept-before.txt").read_text("utf-8") == kept
    assert "8888" in (evidence / "finding.txt").read_text("utf-8")
    assert (tmp_path / "checkpoint.txt").read_text("utf-8") == kept


def test_two_views_are_compared_by_the_command(note: str, log: Log, run: Run, tmp_path: Path) -> None:
    mine, theirs = tmp_path / "mine.txt", tmp_path / "theirs.txt"
    mine.write_text(note, "utf-8")
    theirs.write_text(note, "utf-8")
    assert run("compare", mine, theirs)[0] == 0
    text = parse_note(note).text
    theirs.write_text(note.replace(text.split("\n")[2], "B" * 42 + "A="), "utf-8")
    code, said = run("compare", mine, theirs)
    assert code == 1
    assert "分叉" in said
    assert "fork" in said


def test_an_address_that_is_none_and_a_log_that_is_silent_are_said_plainly(run: Run, tmp_path: Path) -> None:
    code, said = run("witness", "--log", "file:///etc", "--state", tmp_path)
    assert (code, "http" in said) == (1, True)
    code, said = run("witness", "--log", "http://127.0.0.1:9/log", "--state", tmp_path)
    assert (code, "无法连接" in said) == (1, True)
