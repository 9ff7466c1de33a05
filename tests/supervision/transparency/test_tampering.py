"""T15, T43: somebody may write the whole database; one checkpoint out of reach finds it all."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from sampling import merkle
from sampling.canonical import canonical_bytes
from sampling.note_signing import Signer
from sampling.signed_notes import ED25519
from sampling.witnessing import Seen
from supervision.audit.models import AuditEntry, AuditHead
from supervision.audit.queries import chain_key, verify_chain
from supervision.audit.rules import entry_hash
from supervision.config import SettingError
from supervision.draws.models import LogHead, LogLeaf
from supervision.transparency import queries, services
from supervision.transparency.checks import Source, check_log
from supervision.transparency.gate import check_start
from supervision.transparency.rules import Fault
from tests.guards import unguard
from tests.supervision.draws.world import World
from tests.supervision.transparency.conftest import Log

Run = Callable[..., tuple[int, str]]
GUARDED = ("log_leaves", "log_checkpoints", "log_keys", "log_cosignatures", "audit_entries")
BAD = 2


@pytest.fixture
def signed(world: World, log: Log) -> Seen:
    """A log of a committed draw, and the checkpoint of it that a witness holds."""
    world.committed()
    note = log.sign().note
    unguard(log.session, *GUARDED)
    return Seen.parse(note)


def faults(log: Log, *outside: Seen) -> list[Fault]:
    """Return what the check finds with these checkpoints from outside."""
    log.session.expire_all()
    sources = [Source("a witness", one) for one in outside]
    return [one.fault for one in check_log(log.session, log.keyring, outside=sources)]


def leaf_of(log: Log, index: int) -> str:
    found = log.session.execute(sa.text('SELECT leaf FROM log_leaves WHERE "index" = :i'), {"i": index})
    return str(found.scalar_one())


def write(log: Log, index: int, body: dict[str, object], *, rehash: bool = True) -> None:
    """Write a leaf over, with a hash and columns that fit."""
    entry = canonical_bytes(body)
    values = {"i": index, "leaf": entry.decode(), "digest": body["digest"], "event": body["event"]}
    log.session.execute(
        sa.text('UPDATE log_leaves SET leaf = :leaf, digest = :digest, event = :event WHERE "index" = :i'), values
    )
    if rehash:
        values = {"i": index, "hash": merkle.leaf_hash("sha256", entry).hex()}
        log.session.execute(sa.text('UPDATE log_leaves SET leaf_hash = :hash WHERE "index" = :i'), values)


def edit(log: Log, *, rehash: bool) -> None:
    body = json.loads(leaf_of(log, BAD))
    write(log, BAD, {**body, "digest": "f" * 64}, rehash=rehash)


def delete(log: Log) -> None:
    log.session.execute(sa.delete(LogLeaf).where(LogLeaf.index == BAD))


def insert(log: Log) -> None:
    """Put one more leaf at the end, without counting it."""
    columns = [column for column in LogLeaf.__table__.c if column.name != "index"]
    copied = sa.select(sa.literal(log.leaf_count()), *columns).where(LogLeaf.index == BAD)
    log.session.execute(sa.insert(LogLeaf).from_select(["index", *(column.name for column in columns)], copied))


def reorder(log: Log) -> None:
    first, second = json.loads(leaf_of(log, BAD)), json.loads(leaf_of(log, BAD + 1))
    at = {"at": first["at"]}
    write(log, BAD, {**second, **at})
    write(log, BAD + 1, {**first, **at})
    moment = sa.select(LogLeaf.at).where(LogLeaf.index == BAD).scalar_subquery()
    log.session.execute(sa.update(LogLeaf).where(LogLeaf.index == BAD + 1).values(at=moment))


def truncate(log: Log) -> None:
    """Cut the tail and everything that speaks of it."""
    size = log.leaf_count()
    log.session.execute(sa.text("DELETE FROM log_cosignatures"))
    log.session.execute(sa.text("DELETE FROM log_checkpoints"))
    log.session.execute(sa.text("DELETE FROM log_keys"))
    log.session.execute(sa.delete(LogLeaf).where(LogLeaf.index >= size - 1))
    log.session.execute(sa.update(LogHead).values(size=size - 1))


def rewrite_all(log: Log) -> None:
    """Change one leaf, compute everything anew, and remove every signature in the database."""
    edit(log, rehash=True)
    log.session.execute(sa.text("DELETE FROM log_cosignatures"))
    log.session.execute(sa.text("DELETE FROM log_checkpoints"))


ATTACKS: dict[str, tuple[Callable[[Log], None], Fault]] = {
    "edit": (lambda log: edit(log, rehash=False), Fault.LEAF_CHANGED),
    "edit and hash": (lambda log: edit(log, rehash=True), Fault.REWRITTEN),
    "delete": (delete, Fault.LEAF_MISSING),
    "insert": (insert, Fault.HEAD_WRONG),
    "reorder": (reorder, Fault.REWRITTEN),
    "truncate": (truncate, Fault.ROLLBACK),
    "rewrite all": (rewrite_all, Fault.REWRITTEN),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_every_attack_on_the_database_is_found_with_one_checkpoint_outside(name: str, signed: Seen, log: Log) -> None:
    assert faults(log, signed) == []
    attack, expected = ATTACKS[name]
    attack(log)
    log.keyring.checkpoint_file.unlink()  # even the file beside the key may be gone
    assert expected in faults(log, signed)


@pytest.mark.parametrize("name", ATTACKS)
def test_the_file_beside_the_key_is_such_a_checkpoint(name: str, signed: Seen, log: Log) -> None:
    ATTACKS[name][0](log)
    assert faults(log)


def test_without_any_checkpoint_outside_a_rewritten_log_looks_whole(signed: Seen, log: Log) -> None:
    """What cannot be found, said aloud: everything rests on somebody outside."""
    rewrite_all(log)
    log.keyring.checkpoint_file.unlink()
    assert faults(log) == []
    assert faults(log, signed) == [Fault.REWRITTEN]


def test_a_log_signed_anew_with_a_key_of_the_attacker_is_found(signed: Seen, log: Log) -> None:
    rewrite_all(log)
    own = Signer.generate(log.keyring.origin, kind=ED25519)
    key = queries.list_keys(log.session)[0]
    body = json.loads(leaf_of(log, key.leaf_index))
    digest = hashlib.sha256(own.verifier_key.encode()).hexdigest()
    write(log, key.leaf_index, {**body, "key": own.verifier_key, "digest": digest})
    log.session.execute(sa.text("UPDATE log_keys SET verifier_key = :k"), {"k": own.verifier_key})
    log.keyring.checkpoint_file.unlink()
    assert faults(log, signed) == [Fault.REWRITTEN]
    (log.keyring.folder / "log.key").unlink()  # somebody with the whole machine in hand
    assert faults(log, signed) == [Fault.FORGED]


def test_the_changed_place_is_named_as_closely_as_checkpoints_allow(world: World, log: Log) -> None:
    world.freeze()
    early = log.sign().size
    world.make.session.flush()
    services.anchor_audit(log.session, region="310106")
    late = log.sign().size
    unguard(log.session, *GUARDED)
    body = json.loads(leaf_of(log, late - 1))
    write(log, late - 1, {**body, "digest": "f" * 64})
    found = check_log(log.session, log.keyring)
    assert [one.fault for one in found] == [Fault.REWRITTEN]
    assert (found[0].facts["since"], found[0].facts["until"]) == (early, late - 1)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE log_checkpoints SET head = '0000000000000000000000000000000000000000000000000000000000000000'",
         Fault.FORGED),
        ("UPDATE log_keys SET leaf_index = leaf_index - 1", Fault.KEY_UNNAMED),
        ("UPDATE log_cosignatures SET seen_at = '2020-01-01 00:00:00+00:00'", Fault.COSIGNATURE_WRONG),
        ("UPDATE log_cosignatures SET witness_id = witness_id + 1", Fault.COSIGNATURE_WRONG),
        ("UPDATE log_leaves SET draw_id = NULL", Fault.LEAF_CHANGED),
        ("UPDATE log_leaves SET at = '2020-01-01 00:00:00+00:00'", Fault.LEAF_CHANGED),
        ("UPDATE log_leaves SET event = 'made-up'", Fault.LEAF_CHANGED),
    ],
)  # fmt: skip
def test_single_changed_fields_are_found(statement: str, expected: Fault, world: World, log: Log) -> None:
    world.committed()
    first, _second = log.witness("one"), log.witness("two")
    services.take_cosignature(log.session, log.cosigned("one", log.sign().note))
    assert first.id
    assert faults(log) == []
    unguard(log.session, *GUARDED)
    log.session.execute(sa.text(statement))
    assert expected in faults(log)


def test_the_command_says_in_one_line_what_happened(signed: Seen, log: Log, run: Run, tmp_path: Path) -> None:
    note = tmp_path / "witness.txt"
    note.write_text(queries.find_newest(log.session).note, "utf-8")  # type: ignore[union-attr]  # it was just made
    code, said = run("check", note)
    assert code == 0, said
    rewrite_all(log)
    code, said = run("check", note)
    assert code == 1
    assert "witness.txt" in said
    assert "被改写" in said
    assert "rewritten" in said
    note.write_text("no note", "utf-8")
    assert run("check", note)[0] == 1


def test_no_server_starts_on_a_database_that_was_rolled_back(app: Flask, signed: Seen, log: Log, run: Run) -> None:
    check_start(app)
    truncate(log)
    log.session.commit()
    with pytest.raises(SettingError, match="rolled back"):
        check_start(app)
    assert run("checkpoint")[0] == 1
    code, said = run("resume", "--reason", "the disk burned; oversight and both witnesses know")
    assert code == 0, said
    check_start(app)
    assert run("check")[0] == 0
    assert "lost_size" in leaf_of(log, log.leaf_count() - 2) + leaf_of(log, log.leaf_count() - 1)
    assert run("resume", "--reason", "again")[0] == 1


def test_a_rewritten_audit_log_is_found_behind_its_anchor(world: World, log: Log) -> None:
    world.committed()
    log.sign()
    for number in range(3):
        services.log_register(log.session, region="310106") if number == 0 else None
        services.anchor_audit(log.session, region="310106")
    assert verify_chain(log.session)[1] is None
    anchors = queries.audit_anchors(log.session)
    unguard(log.session, *GUARDED)
    rehash_audit(log.session, wrong=max(anchors) - 1)
    broken = verify_chain(log.session)[1]
    assert broken is not None
    assert (broken.reason, broken.until) == ("rewritten", min(one for one in anchors if one >= max(anchors) - 1))
    assert broken.seq <= max(anchors) - 1


def rehash_audit(session: Session, *, wrong: int) -> None:
    """Change one entry and compute the whole chain anew, with the key of the chain."""
    previous = "0" * 64
    entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq)).all()
    for entry in entries:
        fields = entry.fields()
        if entry.seq == wrong:
            fields = {**fields, "reason": "other"}
            session.execute(sa.text("UPDATE audit_entries SET reason = 'other' WHERE seq = :s"), {"s": wrong})
        digest = entry_hash(fields, previous=previous, key=chain_key(session))
        values = {"s": entry.seq, "p": previous, "h": digest}
        session.execute(sa.text("UPDATE audit_entries SET previous = :p, hash = :h WHERE seq = :s"), values)
        previous = digest
    session.execute(sa.update(AuditHead).values(hash=previous))
    session.expire_all()


def test_a_cut_audit_log_is_found_even_when_its_head_was_cut_too(world: World, log: Log, app: Flask) -> None:
    world.committed()
    log.sign()
    last = max(queries.audit_anchors(log.session))
    unguard(log.session, *GUARDED)
    log.session.execute(sa.delete(AuditEntry).where(AuditEntry.seq >= last))
    newest = log.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    log.session.execute(sa.update(AuditHead).values(seq=newest.seq, hash=newest.hash))
    log.session.commit()
    broken = verify_chain(log.session)[1]
    assert broken is not None
    assert (broken.reason, broken.seq, broken.until) == ("cut", last, last)
    done = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert done.exit_code == 1
    assert f"broken at entry {last}: cut" in done.output
