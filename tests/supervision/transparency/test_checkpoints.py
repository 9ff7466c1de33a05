"""Keys and checkpoints: what the log signs, when, and what it never signs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from sampling import merkle
from sampling.signed_notes import SignatureState, parse_checkpoint, parse_note, parse_verifier_key
from sampling.transparency_log import parse_log
from supervision.audit.models import AuditEntry
from supervision.audit.queries import newest as newest_audit
from supervision.draws import services as draws
from supervision.draws.bundles import full_bundle, public_bundle
from supervision.draws.log import append_platform_leaf
from supervision.draws.models import LogLeaf
from supervision.draws.rules import LogEvent
from supervision.errors import RuleBroken, WrongState
from supervision.transparency import queries, services
from supervision.transparency.models import LogCheckpoint, LogKey
from tests.factories import Make
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import World, make_world
from tests.supervision.transparency.conftest import PLATFORM, Log

Run = Callable[..., tuple[int, str]]


def grow(log: Log, digest: str = "0" * 64) -> None:
    """Add a leaf that means nothing."""
    append_platform_leaf(log.session, LogEvent.REGISTER, region="310106", digest=digest, fields={"count": 0})


def test_a_commitment_is_signed_and_anchors_the_audit_log_in_its_own_transaction(world: World, log: Log) -> None:
    draw = world.committed()
    signed = log.newest()
    committed = log.session.scalars(sa.select(LogLeaf).where(LogLeaf.event == LogEvent.COMMITTED)).one()
    assert committed.draw_id == draw.id
    assert signed.size == log.leaf_count() > committed.index
    anchor = queries.newest_of(log.session, LogEvent.AUDIT)
    assert anchor is not None
    noted = log.session.get_one(AuditEntry, queries.body_of(anchor)["entries"])
    assert anchor.digest == noted.hash
    assert (noted.event.value, noted.details["number"]) == ("draw_committed", draw.number)


def test_the_same_size_is_signed_once_and_a_grown_log_anew(world: World, log: Log) -> None:
    world.committed()
    first = log.sign()
    assert log.sign() is first
    grow(log)
    second = log.sign()
    assert second.size == first.size + 1
    assert len(queries.list_checkpoints(log.session)) == 2


def test_a_checkpoint_says_origin_size_and_head_of_all_leaves(world: World, log: Log) -> None:
    world.committed()
    note = parse_note(log.sign().note)
    checkpoint = parse_checkpoint(note.text)
    leaves = log.session.scalars(sa.select(LogLeaf.leaf).order_by(LogLeaf.index)).all()
    assert checkpoint.origin == "double-random-draw/310106"
    assert checkpoint.head == merkle.tree_head("sha256", [leaf.encode() for leaf in leaves])
    key = queries.list_keys(log.session)[-1]
    assert [check.state for check in note.check([parse_verifier_key(key.verifier_key)])] == [SignatureState.VALID]
    assert key.verifier_key in key.leaf.leaf


def test_nothing_is_kept_of_a_signature_that_was_undone(world: World, log: Log) -> None:
    world.committed()
    services.make_checkpoint(log.session, log.keyring)
    log.session.rollback()
    assert log.keyring.kept() is None


def test_the_file_never_goes_back_when_many_write_it_at_once(world: World, log: Log) -> None:
    world.committed()
    notes = []
    for _ in range(12):
        grow(log)
        notes.append(log.sign().note)
    log.keyring.checkpoint_file.unlink()
    with ThreadPoolExecutor(12) as crowd:
        for done in [crowd.submit(log.keyring.keep, note) for note in notes * 5]:
            done.result()
    found = log.keyring.kept()
    assert found is not None
    assert found.checkpoint.size == log.leaf_count()
    assert not list(log.keyring.folder.glob(".log.checkpoint.*"))


def test_the_newest_signature_is_kept_beside_the_key_once_it_counts(world: World, log: Log) -> None:
    world.committed()
    signed = log.sign()
    kept = log.keyring.kept()
    assert kept is not None
    assert (kept.checkpoint.size, kept.checkpoint.head.hex()) == (signed.size, signed.head)
    path = log.keyring.folder / "log.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert "PRIVATE" not in str(log.session.scalars(sa.select(LogKey.verifier_key)).all())


def test_the_log_does_not_sign_what_contradicts_the_file_beside_its_key(world: World, log: Log) -> None:
    world.committed()
    log.sign()
    right = log.keyring.checkpoint_file.read_text("utf-8")
    elsewhere = log.session.begin_nested()
    grow(log)
    grow(log)
    further = services.make_checkpoint(log.session, log.keyring).note
    elsewhere.rollback()
    log.session.expire_all()
    log.keyring.checkpoint_file.write_text(further, "utf-8")
    grow(log, digest="1" * 64)
    with pytest.raises(RuleBroken, match="rolled back"):
        services.make_checkpoint(log.session, log.keyring)
    grow(log, digest="1" * 64)
    with pytest.raises(RuleBroken, match="rewritten"):
        services.make_checkpoint(log.session, log.keyring)
    log.keyring.checkpoint_file.write_text(right, "utf-8")
    assert services.make_checkpoint(log.session, log.keyring).size == log.leaf_count()


def test_keys_change_and_the_old_one_vouches_for_the_new(world: World, log: Log, run: Run) -> None:
    world.committed()
    log.sign()
    old = queries.list_keys(log.session)[-1].verifier_key
    code, said = run("key", "rotate", "--reason", "yearly change")
    assert code == 0
    keys = [key.verifier_key for key in queries.list_keys(log.session)]
    assert keys == [old, said.strip()]
    note = parse_note(log.newest().note)
    states = [check.state for check in note.check([parse_verifier_key(key) for key in keys])]
    assert states == [SignatureState.VALID, SignatureState.VALID]
    leaf = queries.newest_of(log.session, LogEvent.KEY)
    assert leaf is not None
    assert queries.body_of(leaf)["previous"] == old
    entry = log.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (entry.event.value, entry.reason) == ("log_key_begun", "yearly change")
    grow(log)
    again = parse_note(log.sign().note)
    assert [check.state for check in again.check([parse_verifier_key(keys[1])])] == [SignatureState.VALID]
    assert len(again.signatures) == 1
    assert run("check")[0] == 0


def test_a_change_of_keys_interrupted_after_the_commit_is_finished(world: World, log: Log) -> None:
    world.committed()
    log.sign()
    old, new = services.rotate_key(log.session, log.keyring, reason="test", actor=PLATFORM)
    services.make_checkpoint(log.session, log.keyring, signers=[new, old])
    log.session.commit()
    found = log.keyring.signer()
    assert found is not None
    assert found.verifier_key == old.verifier_key
    grow(log)
    log.sign()
    found = log.keyring.signer()
    assert found is not None
    assert found.verifier_key == new.verifier_key


def test_a_change_of_keys_undone_before_the_commit_changes_nothing(world: World, log: Log) -> None:
    world.committed()
    log.sign()
    undone = log.session.begin_nested()
    services.rotate_key(log.session, log.keyring, reason="test", actor=PLATFORM)
    undone.rollback()
    log.session.expire_all()
    grow(log)
    assert log.sign().size == log.leaf_count()


def test_a_lost_key_is_said_and_replaced_only_with_a_reason(world: World, log: Log, run: Run) -> None:
    world.committed()
    log.sign()
    with pytest.raises(WrongState):
        services.new_key(log.session, log.keyring, reason="x", actor=PLATFORM)
    (log.keyring.folder / "log.key").unlink()
    grow(log)
    with pytest.raises(RuleBroken, match="restore the file"):
        services.make_checkpoint(log.session, log.keyring)
    assert run("key", "new")[0] == 2
    code, said = run("key", "new", "--reason", "the disk burned")
    assert code == 0
    assert said.strip() in run("key", "show")[1]
    assert run("check")[0] == 0


def test_a_bundle_holds_the_log_of_its_draw_and_shows_the_numbers_beside_it(
    make: Make, world: World, visits: Visits, log: Log
) -> None:
    first, draw = make_world(make).freeze(), world.drawn()
    visits.done = True
    draws.open_draw(log.session, draw, actor=world.lead)
    assert "log.json" in public_bundle(log.session, draw)
    found = parse_log(full_bundle(log.session, draw)["log.json"])
    assert [leaf.event for leaf in found.leaves_of(draw.number)][-1] == "opened"
    assert [leaf.event for leaf in found.leaves_of(first.number)] == ["frozen"]
    assert all(leaf.is_proven(found.current.checkpoint) for leaf in found.leaves)
    assert found.committed is not None
    assert found.committed.is_beginning_of(found.current.checkpoint)
    assert {leaf.draw for leaf in found.leaves} == {first.number, draw.number}


def test_checkpoint_command_writes_the_note(world: World, log: Log, run: Run, tmp_path: Path) -> None:
    world.committed()
    code, said = run("checkpoint")
    assert (code, said) == (0, log.newest().note)
    assert run("checkpoint", "--to", tmp_path / "note.txt")[0] == 0
    assert (tmp_path / "note.txt").read_text("utf-8") == log.newest().note


def test_the_register_is_logged_once_a_month_and_the_audit_head_each_day(world: World, log: Log, run: Run) -> None:
    world.committed()
    assert "register" in run("anchor")[1]
    register = queries.newest_of(log.session, LogEvent.REGISTER)
    assert register is not None
    assert queries.body_of(register)["draw"] == "-"
    assert queries.body_of(register)["count"] == len(world.entities)
    assert "register" not in run("anchor")[1]
    anchors = queries.audit_anchors(log.session)
    assert anchors[max(anchors)] == log.session.get_one(AuditEntry, max(anchors)).hash
    assert max(anchors) <= newest_audit(log.session)[0]


def test_checkpoints_are_evidence(world: World, log: Log) -> None:
    world.committed()
    log.sign()
    for statement in (sa.update(LogCheckpoint).values(head="0" * 64), sa.delete(LogCheckpoint), sa.delete(LogKey)):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), log.session.begin_nested():
            log.session.execute(statement)
