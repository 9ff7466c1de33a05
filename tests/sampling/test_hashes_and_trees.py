"""Hashes and trees: SM3 by its standard, heads and proofs by their definition."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampling import merkle
from sampling.sm3 import PlainSM3

HAS_SM3 = "sm3" in hashlib.algorithms_available


def test_sm3_gives_the_examples_of_its_standard():
    assert PlainSM3(b"abc").hexdigest() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert PlainSM3(b"abcd" * 16).hexdigest() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


@pytest.mark.skipif(not HAS_SM3, reason="this OpenSSL has no SM3 to compare with")
@given(st.lists(st.binary(max_size=150), max_size=4))
def test_the_plain_sm3_equals_openssl(parts):
    plain, reference = PlainSM3(), hashlib.new("sm3")
    for part in parts:
        plain.update(part)
        reference.update(part)
        assert plain.copy().hexdigest() == reference.hexdigest()


def head_by_definition(entries):
    """RFC 9162 section 2.1.1, word for word."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return hashlib.sha256(b"\x01" + head_by_definition(entries[:k]) + head_by_definition(entries[k:])).digest()


def test_tree_heads_and_proofs_follow_the_definition():
    entries = [bytes([n]) * (n % 3) for n in range(40)]
    for size in range(40):
        head = merkle.tree_head("sha256", entries[:size])
        assert head == head_by_definition(entries[:size])
        for index in range(size):
            proof = merkle.inclusion_proof("sha256", entries[:size], index=index)
            facts = {"entry": entries[index], "index": index, "size": size, "proof": proof, "head": head}
            assert merkle.verify_inclusion("sha256", **facts)
            for lie in ({"entry": b"x"}, {"index": index + 1}, {"proof": [*proof, head]}, {"head": b"x" * 32}):
                assert not merkle.verify_inclusion("sha256", **{**facts, **lie})
            if proof:
                assert not merkle.verify_inclusion("sha256", **{**facts, "proof": proof[:-1]})


def test_a_log_that_grew_is_told_from_one_that_was_rewritten():
    entries = [bytes([n]) for n in range(20)]
    for size in range(1, 20):
        for old_size in range(1, size + 1):
            proof = merkle.consistency_proof("sha256", entries[:size], old_size=old_size)
            old_head = merkle.tree_head("sha256", entries[:old_size])
            facts = {
                "old_size": old_size,
                "size": size,
                "proof": proof,
                "old_head": old_head,
                "head": merkle.tree_head("sha256", entries[:size]),
            }
            assert merkle.verify_consistency("sha256", **facts)
            for lie in ({"old_head": b"x" * 32}, {"head": b"x" * 32}, {"proof": [*proof, old_head]}):
                assert not merkle.verify_consistency("sha256", **{**facts, **lie})


@pytest.mark.parametrize("index", [-1, 3])
def test_no_proof_is_made_for_a_leaf_that_is_not_there(index):
    with pytest.raises(IndexError):
        merkle.inclusion_proof("sha256", [b"a"] * 3, index=index)
