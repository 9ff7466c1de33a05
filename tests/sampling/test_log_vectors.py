"""The log against an implementation that is not ours: Go's golang.org/x/mod/sumdb/tlog and sumdb/note.

`tests/golden/transparency_log/make_vectors.go` made the vectors. Both ways: ours accepts what Go made, and what
ours makes with the same keys and records is what Go made, byte for byte.
"""

import json
from pathlib import Path

import pytest

from sampling import merkle, note_signing, signed_notes
from sampling.errors import NotationError
from sampling.hash_tree import HashTree
from sampling.signed_notes import SignatureState

GOLDEN = Path(__file__).parents[1] / "golden" / "transparency_log" / "vectors.json"
VECTORS = json.loads(GOLDEN.read_text("utf-8"))
HASHES = [bytes.fromhex(one) for one in VECTORS["hashes"]]
RECORDS = [f"record {number}".encode() for number in range(70)]
HEADS = {size: HASHES[number] for size, number in enumerate(VECTORS["heads"], 1)}
TREE = HashTree(HASHES[number] for number in VECTORS["records"])


def listed(proof):
    return [HASHES[number] for number in proof["hashes"]]


def test_records_and_heads_of_seventy_trees_are_those_of_go():
    assert [merkle.leaf_hash("sha256", record) for record in RECORDS] == [HASHES[n] for n in VECTORS["records"]]
    for size, head in HEADS.items():
        assert merkle.tree_head("sha256", RECORDS[:size]) == head == TREE.head(size)


def test_every_inclusion_proof_is_the_one_go_gives_and_holds():
    assert len(VECTORS["inclusion"]) == 70 * 71 // 2
    for proof in VECTORS["inclusion"]:
        index, size, path = proof["index"], proof["size"], listed(proof)
        assert TREE.inclusion_proof(index, size=size) == path
        assert merkle.inclusion_proof("sha256", RECORDS[:size], index=index) == path
        facts = {"entry": RECORDS[index], "index": index, "size": size}
        assert merkle.verify_inclusion("sha256", proof=path, head=HEADS[size], **facts)
        assert not merkle.verify_inclusion("sha256", proof=path, head=HEADS[size % 70 + 1], **facts)


def test_every_consistency_proof_is_the_one_go_gives_and_holds():
    assert len(VECTORS["consistency"]) == 70 * 71 // 2
    for proof in VECTORS["consistency"]:
        old, size, path = proof["index"], proof["size"], listed(proof)
        assert TREE.consistency_proof(old, size=size) == path
        assert merkle.consistency_proof("sha256", RECORDS[:size], old_size=old) == path
        facts = {"old_size": old, "size": size, "proof": path}
        assert merkle.verify_consistency("sha256", old_head=HEADS[old], head=HEADS[size], **facts)
        assert not merkle.verify_consistency("sha256", old_head=HASHES[0][::-1], head=HEADS[size], **facts)


@pytest.mark.parametrize("number", range(len(VECTORS["notes"])))
def test_notes_signed_with_the_same_keys_are_byte_for_byte_those_of_go(number):
    made = VECTORS["notes"][number]
    signers = [note_signing.parse_signer(text) for text in made["signers"]]
    assert [signer.verifier_key for signer in signers] == made["verifiers"]
    assert [signer.to_text() for signer in signers] == made["signers"]
    lines = [signer.signature(made["text"], seen_at=at or None)
             for signer, at in zip(signers, made["seen_at"], strict=True)]  # fmt: skip
    assert note_signing.note_of(made["text"], lines) == made["note"]
    checkpoint = signed_notes.parse_checkpoint(made["text"])
    assert checkpoint.head == HEADS[checkpoint.size]
    assert note_signing.checkpoint_text(
        origin=checkpoint.origin, size=checkpoint.size, head=checkpoint.head
    ) == made["text"]  # fmt: skip


@pytest.mark.parametrize("made", VECTORS["notes"])
def test_notes_signed_by_go_hold_and_no_other_text_does(made):
    keys = [signed_notes.parse_verifier_key(text) for text in made["verifiers"]]
    checks = signed_notes.parse_note(made["note"]).check(keys)
    assert [check.state for check in checks] == [SignatureState.VALID] * len(keys)
    assert [check.seen_at or 0 for check in checks] == made["seen_at"]
    changed = made["note"].replace("310106\n", "310107\n", 1)
    assert {check.state for check in signed_notes.parse_note(changed).check(keys)} == {SignatureState.INVALID}


def test_a_tree_grows_alone_after_it_was_copied():
    small = HashTree(HASHES[number] for number in VECTORS["records"][:5])
    grown = small.copy()
    grown.append(HASHES[VECTORS["records"][5]])
    assert (small.size, small.head()) == (5, HEADS[5])
    assert (grown.size, grown.head(), grown.head(5)) == (6, HEADS[6], HEADS[5])
    assert HashTree().head() == merkle.tree_head("sha256", [])
    for wrong in (lambda: small.head(6), lambda: small.inclusion_proof(5, size=5), lambda: small.leaf(5)):
        with pytest.raises(IndexError):
            wrong()
    with pytest.raises(IndexError):
        small.consistency_proof(0, size=5)


@pytest.mark.parametrize("change", [str.lower, lambda text: text[:-2], lambda text: text.replace("+KEY+", "+KEY+x")])
def test_a_damaged_private_key_is_refused(change):
    with pytest.raises(NotationError, match="private signing key"):
        note_signing.parse_signer(change(VECTORS["notes"][0]["signers"][0]))


def test_without_cryptography_nothing_is_signed(monkeypatch):
    monkeypatch.setattr(note_signing, "CAN_SIGN", False)
    with pytest.raises(NotationError, match="needs the Python package"):
        note_signing.Signer.generate("witness", kind=4).signature("x\n", seen_at=1)
    with pytest.raises(NotationError, match="malformed verifier key"):
        note_signing.Signer.generate("two words", kind=4)
