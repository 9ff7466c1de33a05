"""A witness's verdict from what was kept, what is shown and the proof; and the commands for people with the folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from sampling import merkle, signed_notes
from sampling.hash_tree import HashTree
from sampling.note_signing import Signer, checkpoint_text, note_of
from sampling.signed_notes import COSIGNATURE, ED25519, parse_verifier_key
from sampling.witness_station import refusal_in_words
from sampling.witnessing import Outcome, Seen, compare, judge

ORIGIN = "double-random-draw/310106"
SIGNER = Signer(name=ORIGIN, kind=ED25519, seed=b"s" * 32)
OTHER = Signer(name=ORIGIN, kind=ED25519, seed=b"o" * 32)
KEYS = [parse_verifier_key(SIGNER.verifier_key)]
ENTRIES = [b"entry %d" % number for number in range(20)]
TREE = HashTree(merkle.leaf_hash("sha256", entry) for entry in ENTRIES)
PROJECT = Path(__file__).parents[2]


def seen(size, *, head=None, signer=SIGNER, origin=ORIGIN):
    text = checkpoint_text(origin=origin, size=size, head=head or TREE.head(size))
    return Seen.parse(note_of(text, [signer.signature(text)]))


def outcome(kept, new, proof=None):
    return judge(kept, new, keys=KEYS, proof=proof).outcome


def test_every_growth_with_its_proof_is_good_and_with_any_other_proof_it_is_not():
    for old in range(1, 21):
        for size in range(old + 1, 21):
            proof = TREE.consistency_proof(old, size=size)
            assert outcome(seen(old), seen(size), proof) is Outcome.GROWN
            assert outcome(seen(old), seen(size), proof[:-1]) is Outcome.REWRITTEN
            assert outcome(seen(old, head=b"x" * 32), seen(size), proof) is Outcome.REWRITTEN


@pytest.mark.parametrize(
    ("kept", "new", "expected"),
    [
        (None, seen(3), Outcome.FIRST),
        (seen(3), seen(3), Outcome.UNCHANGED),
        (seen(3), seen(3, head=b"x" * 32), Outcome.FORK),
        (seen(5), seen(3), Outcome.ROLLBACK),
        (seen(3), seen(5), Outcome.UNPROVEN),
        (seen(3), seen(3, signer=OTHER), Outcome.UNSIGNED),
        (seen(3), seen(3, origin="double-random-draw/310107"), Outcome.UNSIGNED),
    ],
)
def test_each_case_has_its_verdict_in_both_languages(kept, new, expected):
    verdict = judge(kept, new, keys=KEYS, proof=None)
    assert verdict.outcome is expected
    assert verdict.zh
    assert verdict.en
    assert "{" not in verdict.zh + verdict.en
    assert verdict.is_good is (expected in {Outcome.FIRST, Outcome.UNCHANGED})


def test_a_wrong_signature_by_a_known_key_is_a_lie():
    text = checkpoint_text(origin=ORIGIN, size=3, head=TREE.head(3))
    line = SIGNER.signature(checkpoint_text(origin=ORIGIN, size=4, head=TREE.head(4)))
    assert outcome(None, Seen.parse(note_of(text, [line]))) is Outcome.FORGED


def test_a_cosignature_is_no_signature_of_the_log():
    witness = Signer(name=ORIGIN, kind=COSIGNATURE, seed=b"w" * 32)
    text = checkpoint_text(origin=ORIGIN, size=3, head=TREE.head(3))
    note = Seen.parse(note_of(text, [witness.signature(text, seen_at=1)]))
    keys = [*KEYS, parse_verifier_key(witness.verifier_key)]
    assert judge(None, note, keys=keys, proof=None).outcome is Outcome.UNSIGNED


def test_without_cryptography_heads_are_compared_and_signatures_said_to_be_unchecked(monkeypatch):
    monkeypatch.setattr(signed_notes, "CAN_CHECK_SIGNATURES", False)
    assert not judge(seen(3), seen(3), keys=KEYS, proof=None).signatures_checked
    assert outcome(seen(3), seen(3, head=b"x" * 32)) is Outcome.FORK


def test_several_views_are_compared_two_by_two():
    found = compare([seen(3), seen(3), seen(4), seen(3, head=b"x" * 32)])
    assert [(one.first, one.second, one.code) for one in found] == [
        (1, 2, "same"), (1, 3, "apart"), (1, 4, "fork"), (2, 3, "apart"), (2, 4, "fork"), (3, 4, "apart"),
    ]  # fmt: skip


def test_the_folder_alone_compares_notes(tmp_path):
    for name, one in (("a", seen(3)), ("b", seen(3, head=b"x" * 32))):
        text = one.note.text
        (tmp_path / name).write_text(note_of(text, [SIGNER.signature(text)]), "utf-8")
    command = [sys.executable, "-m", "sampling", "compare"]
    done = subprocess.run([*command, tmp_path / "a", tmp_path / "b"], cwd=PROJECT, capture_output=True, check=False)
    assert (done.returncode, "分叉" in done.stdout.decode()) == (1, True)
    done = subprocess.run([*command, tmp_path / "a", __file__], cwd=PROJECT, capture_output=True, check=False)
    assert done.returncode == 2
    alone = subprocess.run([*command, tmp_path / "a"], cwd=PROJECT, capture_output=True, check=False)
    assert (alone.returncode, b"at least two" in alone.stderr) == (2, True)
    missing = subprocess.run([*command, tmp_path / "a", "none.txt"], cwd=PROJECT, capture_output=True, check=False)
    assert (missing.returncode, b"none.txt" in missing.stderr) == (2, True)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ('{"detail":"\\u672a\\u627e\\u5230","status":404}', "未找到"),
        ('{"status":404}', '{"status":404}'),
        ("<html>\n<p>gone", "<html>"),
        ("", ""),
    ],
)
def test_a_refusal_is_told_in_its_own_words(answer, said):
    assert refusal_in_words(answer) == said
