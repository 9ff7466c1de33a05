"""What a package's verifier checks against the transparency log: is the manifest in it, and who signed that log?

Packed beside ``verify.py``; it is used only once its bytes are those of the manifest.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Protocol  # JSON

from sampling.canonical import canonical_bytes
from sampling.merkle import verify_inclusion
from sampling.signed_notes import Checkpoint, SignedNote, parse_checkpoint, parse_note, parse_verifier_key

Words = tuple[str, str]
Json = Mapping[str, Any]
# in a package it lies beside this file, in the house in its room
verify = import_module(f"{__package__}.ed25519" if __package__ else "ed25519").verify


class Report(Protocol):
    """Where findings go."""

    good: list[Words]
    wrong: list[Words]
    unproven: list[Words]


def check_log(said: Json, report: Report, *, proof: bytes, entries: Sequence[Json], key: str) -> None:
    """Check proof.json: the leaf of the manifest, the log's signature, the head of the audit log, the draw's leaves."""
    if canonical_bytes(said) != proof:
        raise ValueError("not canonical")
    if said["checkpoint"] is None:
        report.unproven.append(("制作归档包时没有可签名的日志", "there was no log to sign when it was made"))
        return
    note = parse_note(said["checkpoint"])
    checkpoint = parse_checkpoint(note.text)
    _check_leaf(said["leaf"], checkpoint, report)
    _check_signature(note, checkpoint, said["keys"], report, key=key)
    _check_anchor(entries, said["anchor"], checkpoint, report)
    _check_draw(said["draw"], checkpoint, report)


def _check_leaf(leaf: Json, checkpoint: Checkpoint, report: Report) -> None:
    at, index = leaf["leaf"]["at"], leaf["index"]
    if _proven(leaf, checkpoint) and leaf["leaf"]["event"] == "archived":
        report.good.append((f"清单在日志第 {index} 条（{at}）", f"the log holds the manifest as entry {index} ({at})"))
    else:
        report.wrong.append(("proof.json：清单在日志中的证明不成立", "proof.json: the manifest's proof does not hold"))


def _check_draw(leaves: Sequence[Json], checkpoint: Checkpoint, report: Report) -> None:
    bad = [one["index"] for one in leaves if not _proven(one, checkpoint)]
    for index in bad:
        report.wrong.append((f"proof.json：日志第 {index} 条的证明不成立", f"proof.json: entry {index} is not proven"))
    if leaves and not bad:
        report.good.append(
            (f"抽查的 {len(leaves)} 条日志均得到证明", f"{len(leaves)} entries of the draw are proven to be in the log")
        )


def _proven(entry: Json, checkpoint: Checkpoint) -> bool:
    return verify_inclusion(
        "sha256",
        entry=canonical_bytes(entry["leaf"]),
        index=entry["index"],
        size=checkpoint.size,
        proof=[bytes.fromhex(step) for step in entry["proof"]],
        head=checkpoint.head,
    )


def _check_signature(
    note: SignedNote, checkpoint: Checkpoint, keys: Sequence[str], report: Report, *, key: str
) -> None:
    if key and key not in keys:
        report.wrong.append(
            (f"包内的日志公钥不是您给出的：{keys}", f"the log's key in the package is not yours: {keys}")
        )
        return
    known = [parse_verifier_key(one) for one in ([key] if key else keys)]
    valid = [
        one
        for one in known
        for name, line in note.signatures
        if (name, line[:4]) == (one.name, one.key_id) and verify(one.public, line[4:], note.text.encode())
    ]
    if not any(one.name == checkpoint.origin for one in valid):
        report.wrong.append(("proof.json：日志的签名不成立", "proof.json: the signature of the log does not hold"))
        return
    report.good.append(
        (f"日志签名有效（共 {checkpoint.size} 条）：{valid[0].text}", f"signed by the log ({checkpoint.size} entries)")
    )
    if not key:
        report.good.append(
            (
                "请将上列公钥与平台“透明日志”页或您自己记下的公钥对照（--key 公钥 可代为对照）",
                "compare that key with the one on the page of the log, or with your own note (--key KEY does it)",
            )
        )


def _check_anchor(entries: Sequence[Json], anchor: Json | None, checkpoint: Checkpoint, report: Report) -> None:
    """Check that the log holds a head of the audit log which covers the excerpt."""
    if not entries:
        return
    if anchor is None:
        report.unproven.append(("审计日志尚未写入透明日志", "the audit log is not anchored in the log yet"))
        return
    covered, digest = anchor["leaf"]["entries"], anchor["leaf"]["digest"]
    wrong_head = any(one["seq"] == covered and one["hash"] != digest for one in entries)
    if not _proven(anchor, checkpoint) or anchor["leaf"]["event"] != "audit" or wrong_head:
        report.wrong.append(
            ("proof.json：审计日志的证明不成立", "proof.json: the proof of the audit log does not hold")
        )
    elif entries[-1]["seq"] > covered:
        report.unproven.append(("审计摘录的末尾尚未写入透明日志", "the end of the audit excerpt is not anchored yet"))
    else:
        report.good.append(
            (
                f"审计摘录 {len(entries)} 条，其链首（第 {covered} 条）已写入日志；"
                "链值带密钥，由平台用 flask archive check 复算",
                f"{len(entries)} audit entries; the log holds the head of their chain (entry {covered}). The chain is "
                "keyed: the platform recomputes it with flask archive check",
            )
        )
