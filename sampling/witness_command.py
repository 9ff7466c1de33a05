"""The witness's commands of section 8: one look at a log, and several views of it side by side."""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sampling.errors import FileError
from sampling.note_signing import Signer, parse_signer
from sampling.signed_notes import COSIGNATURE
from sampling.witness_station import Ask, asking, look, submit
from sampling.witness_texts import COSIGNED, KEY_MADE, NOT_SUBMITTED, SUBMITTED
from sampling.witnessing import Seen, compare

Lines = list[tuple[str, str]]
LIED, NOT_TAKEN = 1, 2
FEWEST_NOTES = 2
COSIGNATURE_FILE = "cosigned.txt"


@dataclass(frozen=True, slots=True)
class Watch:
    """What a witness was asked to do: which log, where to keep things, and with which key to sign."""

    address: str
    folder: Path
    key_file: Path | None = None
    name: str = ""
    told_key: str = ""
    contact: str = ""
    hands_in: bool = False


def watch(wanted: Watch, *, ask: Ask | None = None) -> tuple[int, Lines]:
    """Look once, cosign what is good, hand it in if asked to; give the exit code and what to say."""
    found = look(wanted.folder, ask or asking(wanted.address), told_key=wanted.told_key, contact=wanted.contact)
    if not found.verdict.is_good:
        return LIED, found.lines
    lines = found.lines
    if wanted.key_file is not None:
        signer = _signer(wanted.key_file, wanted.name, lines)
        line = signer.signature(Seen.parse(found.note).note.text, seen_at=moment_now())
        (wanted.folder / COSIGNATURE_FILE).write_text(found.note + line, encoding="utf-8", newline="\n")
        lines.append(_filled(COSIGNED, name=signer.name))
        if wanted.hands_in and not _handed_in(wanted, signer, f"{Seen.parse(found.note).note.text}\n{line}", lines):
            return NOT_TAKEN, lines
    return 0, lines


def _handed_in(wanted: Watch, signer: Signer, note: str, lines: Lines) -> bool:
    """Hand the note in; a refusal is told with the key, which is not entered there the first time."""
    try:
        submit(wanted.address, note)
    except FileError as error:
        lines += [(error.zh, error.en), _filled(NOT_SUBMITTED, key=signer.verifier_key)]
        return False
    lines.append(SUBMITTED)
    return True


def moment_now() -> int:
    """Give the witness's own time in Unix seconds: it is part of what a cosignature says."""
    return time.time_ns() // 1_000_000_000


def _signer(path: Path, name: str, lines: Lines) -> Signer:
    """Read the witness's key; make it the first time, when its name is given."""
    if path.exists():
        return parse_signer(path.read_text("utf-8"))
    if not name:
        raise FileError("witness-key-nameless", file=path.name)
    signer = Signer.generate(name, kind=COSIGNATURE)
    write_private(path, signer)
    lines.append(_filled(KEY_MADE, file=path, key=signer.verifier_key))
    return signer


def write_private(path: Path, signer: Signer) -> None:
    """Write a private key into a new file that only its owner reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(f"{signer.to_text()}\n")
        stream.flush()
        os.fsync(stream.fileno())


def _filled(texts: tuple[str, str], **facts: object) -> tuple[str, str]:
    """Fill the places of a sentence in both languages."""
    return texts[0].format(**facts), texts[1].format(**facts)


def compare_notes(paths: Sequence[Path]) -> tuple[int, Lines]:
    """Compare notes in files, every two of them; a fork gives exit code 1."""
    if len(paths) < FEWEST_NOTES:
        raise FileError("notes-too-few")
    found = compare([Seen.parse(path.read_text("utf-8")) for path in paths])
    lines = [(one.zh, one.en) for one in found]
    return (LIED if any(one.code == "fork" for one in found) else 0), lines


def add_witness_options(parser: argparse.ArgumentParser) -> None:
    """Say what `witness` takes."""
    parser.add_argument("--log", required=True, metavar="URL", help="日志地址 address of the log, …/log")
    parser.add_argument(
        "--state", required=True, type=Path, metavar="FOLDER", help="保存所见检查点的文件夹 keeps what was seen"
    )
    parser.add_argument("--key", type=Path, metavar="FILE", help="见证私钥文件，没有则只查看 witness key, to cosign")
    parser.add_argument("--name", default="", help="首次生成密钥时的名称 name of a new witness key")
    parser.add_argument(
        "--log-key", default="", metavar="KEY", help="另途得知的日志公钥 key of the log, known otherwise"
    )
    parser.add_argument("--contact", default="", help="出事时联系谁 whom to call")
    parser.add_argument("--submit", action="store_true", help="把见证签名交给日志方 hand the cosignature in")


def run_witness(options: argparse.Namespace) -> int:
    """Carry out `witness`."""
    wanted = Watch(
        address=options.log, folder=options.state, key_file=options.key, name=options.name,
        told_key=options.log_key, contact=options.contact, hands_in=options.submit,
    )  # fmt: skip
    return _told(watch(wanted))


def run_compare(options: argparse.Namespace) -> int:
    """Carry out `compare`."""
    return _told(compare_notes(options.notes))


def _told(outcome: tuple[int, Lines]) -> int:
    code, lines = outcome
    for zh, en in lines:
        sys.stdout.write(f"{zh}\n    {en}\n")
    return code
