"""Section 8: what a witness keeps in a folder, and one look at the log.

The folder holds `keys.txt` (the log's keys that are trusted, one a line), `checkpoint.txt` (the newest
checkpoint seen) and, should the log ever lie, `evidence/`. The log is asked by its address; what it answers
is trusted in nothing that is not proven or signed.
"""

import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sampling import shape
from sampling.canonical import canonical_bytes, parse_json
from sampling.errors import FileError
from sampling.hashing import LOG_HASH
from sampling.identifiers import digest
from sampling.merkle import verify_inclusion
from sampling.signed_notes import SignatureState, VerifierKey, parse_verifier_key
from sampling.witness_texts import ALARM, CALL, FIRST_TRUST, NEW_KEY, VERDICT_TEXTS
from sampling.witnessing import LIES, Outcome, Seen, Verdict, continues, judge

KEYS, CHECKPOINT, EVIDENCE = "keys.txt", "checkpoint.txt", "evidence"
LARGEST_ANSWER = 4 * 1024 * 1024
LONGEST_REFUSAL = 4096
SECONDS = 30

# ask(path) gives the answer of the log, for example ask("checkpoint")
Ask = Callable[[str], bytes]


@dataclass(slots=True)
class Look:
    """What one look found: the verdict, the note (to be cosigned when it is good), and lines for people."""

    verdict: Verdict
    note: str
    lines: list[tuple[str, str]] = field(default_factory=list)


def asking(address: str) -> Ask:
    """Give a way to ask the log at an address; only http and https are followed."""
    base = address.rstrip("/")
    if urllib.parse.urlsplit(base).scheme not in {"http", "https"}:
        raise FileError("log-address", address=ascii(address)[:200])

    def ask(path: str) -> bytes:
        return _answer(urllib.request.Request(f"{base}/{path}"))  # noqa: S310 - the scheme is checked above

    return ask


def submit(address: str, note: str, *, path: str = "cosignatures") -> None:
    """Hand a signed note to the log: a cosigned checkpoint, or a statement on a draw."""
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked when the log was asked
        f"{address.rstrip('/')}/{path}",
        data=note.encode(),
        headers={"Content-Type": "text/plain; charset=utf-8"},
    )
    _answer(request)


def _answer(request: urllib.request.Request) -> bytes:
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - as above
            data: bytes = answer.read(LARGEST_ANSWER + 1)
    except urllib.error.HTTPError as error:
        said = refusal_in_words(error.read(LONGEST_REFUSAL).decode("utf-8", "replace"))
        raise FileError("log-refused", status=error.code, said=said) from error
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise FileError("log-unreachable", reason=ascii(str(error))[:200]) from error
    if len(data) > LARGEST_ANSWER:
        raise FileError("log-answer-too-large", most=LARGEST_ANSWER)
    return data


def refusal_in_words(answer: str) -> str:
    """Give the sentence of an answer that refuses (RFC 9457); of anything else its first line."""
    try:
        problem = json.loads(answer)
    except ValueError:
        problem = None
    detail = problem.get("detail") if isinstance(problem, dict) else None
    return detail if isinstance(detail, str) else answer.strip().partition("\n")[0][:200]


def look(folder: Path, ask: Ask, *, told_key: str = "", contact: str = "") -> Look:
    """Look at the log once: fetch, check, compare, keep. A lie is kept as evidence and nothing else changes."""
    folder.mkdir(parents=True, exist_ok=True)
    lines: list[tuple[str, str]] = []
    keys = _trusted_keys(folder, ask, told_key, lines)
    note = ask("checkpoint").decode("utf-8", "replace")
    new, kept = Seen.parse(note), _kept(folder)
    if new.signed_by(keys) is SignatureState.UNKNOWN_KEY:
        keys = _follow_key_changes(ask, keys, new, lines)
    proof = _proof(ask, kept, new)
    verdict = judge(kept, new, keys=keys, proof=proof)
    lines.insert(0, (verdict.zh, verdict.en))
    if not verdict.signatures_checked:
        lines.append(VERDICT_TEXTS["unchecked"])
    if verdict.is_good:
        _write(folder / KEYS, "".join(f"{key.text}\n" for key in keys))
        _write(folder / CHECKPOINT, note)
    else:
        _raise_alarm(folder, verdict, note, proof=proof, lines=lines, contact=contact)
    return Look(verdict=verdict, note=note, lines=lines)


def _kept(folder: Path) -> Seen | None:
    path = folder / CHECKPOINT
    return Seen.parse(path.read_text("utf-8")) if path.exists() else None


def _trusted_keys(folder: Path, ask: Ask, told_key: str, lines: list[tuple[str, str]]) -> list[VerifierKey]:
    path = folder / KEYS
    if path.exists():
        return [parse_verifier_key(line) for line in path.read_text("utf-8").split()]
    if told_key:
        return [parse_verifier_key(told_key)]
    found = _published_keys(ask)
    if not found:
        raise FileError("log-without-key")
    key = shape.json_text(found[-1].get("key"), where="key")
    lines.append((FIRST_TRUST[0].format(key=key), FIRST_TRUST[1].format(key=key)))
    return [parse_verifier_key(key)]


def _published_keys(ask: Ask) -> list[shape.JsonObject]:
    answer = parse_json(ask("keys.json"), name="keys.json")
    listed = answer.get("keys") if isinstance(answer, dict) else None
    return [one for one in shape.json_list(listed, where="keys") if isinstance(one, dict)]


@dataclass(frozen=True, slots=True)
class _KeyLeaf:
    """A key as the log publishes it: the leaf that names it, and a checkpoint with the proof that it holds the leaf."""

    key: VerifierKey
    index: int
    body: shape.JsonObject
    vouching: Seen
    proof: list[bytes]

    @classmethod
    def parse(cls, value: shape.JsonObject) -> "_KeyLeaf":
        body = value.get("leaf")
        return cls(
            key=parse_verifier_key(shape.json_text(value.get("key"), where="key")),
            index=shape.json_integer(value.get("index"), where="index"),
            body=body if isinstance(body, dict) else {},
            vouching=Seen.parse(shape.json_text(value.get("checkpoint"), where="checkpoint")),
            proof=_hashes(value.get("proof")),
        )

    def is_vouched_for(self, trusted: list[VerifierKey]) -> bool:
        """Tell whether a checkpoint signed by a trusted key holds the leaf that names this key."""
        named = (self.body.get("event"), self.body.get("key")) == ("key", self.key.text)
        early = self.vouching.checkpoint
        return (
            named
            and self.vouching.signed_by(trusted) is SignatureState.VALID
            and verify_inclusion(
                LOG_HASH,
                entry=canonical_bytes(self.body),
                index=self.index,
                size=early.size,
                proof=self.proof,
                head=early.head,
            )
        )


def _follow_key_changes(
    ask: Ask, keys: list[VerifierKey], new: Seen, lines: list[tuple[str, str]]
) -> list[VerifierKey]:
    """Take over new keys that a trusted one vouches for, in the order in which the log published them."""
    trusted = list(keys)
    for one in map(_KeyLeaf.parse, _published_keys(ask)):
        if one.key in trusted or not one.is_vouched_for(trusted) or not _is_in(ask, one.vouching, new):
            continue
        trusted.append(one.key)
        facts = {"index": one.index, "key": one.key.text}
        lines.append((NEW_KEY[0].format(**facts), NEW_KEY[1].format(**facts)))
    return trusted


def _is_in(ask: Ask, early: Seen, new: Seen) -> bool:
    """Tell whether what is shown now continues the checkpoint that vouches for a key."""
    old, shown = early.checkpoint, new.checkpoint
    if old.origin != shown.origin or old.size > shown.size:
        return False
    return continues(old, shown, [] if old.size == shown.size else _consistency(ask, old.size, shown.size))


def _proof(ask: Ask, kept: Seen | None, new: Seen) -> list[bytes] | None:
    if kept is None or not 0 < kept.checkpoint.size < new.checkpoint.size:
        return None
    try:
        return _consistency(ask, kept.checkpoint.size, new.checkpoint.size)
    except FileError as error:
        if error.code == "log-refused":
            return None
        raise


def _consistency(ask: Ask, old: int, size: int) -> list[bytes]:
    answer = parse_json(ask(f"consistency.json?from={old}&to={size}"), name="consistency.json")
    return _hashes(answer.get("proof") if isinstance(answer, dict) else None)


def _hashes(value: object) -> list[bytes]:
    return [bytes.fromhex(digest(item, what="proof")) for item in shape.json_list(value, where="proof")]


def _raise_alarm(
    folder: Path,
    verdict: Verdict,
    note: str,
    *,
    proof: list[bytes] | None,
    lines: list[tuple[str, str]],
    contact: str,
) -> None:
    """Keep both notes and the proof where nothing overwrites them, and say what to do."""
    shown = Seen.parse(note).checkpoint
    place = folder / EVIDENCE / f"{verdict.outcome.value}-{shown.size}-{shown.head.hex()[:8]}"
    place.mkdir(parents=True, exist_ok=True)
    _write(place / "shown-now.txt", note)
    if (folder / CHECKPOINT).exists():
        _write(place / "kept-before.txt", (folder / CHECKPOINT).read_text("utf-8"))
    if proof is not None:
        _write(place / "proof.json", json.dumps([step.hex() for step in proof]))
    if verdict.outcome in LIES or verdict.outcome in {Outcome.FORGED, Outcome.UNSIGNED}:
        lines.append((ALARM[0].format(folder=place), ALARM[1].format(folder=place)))
        if contact:
            lines.append((CALL[0].format(contact=contact), CALL[1].format(contact=contact)))
    _write(place / "finding.txt", "".join(f"{zh}\n{en}\n" for zh, en in lines))


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all, and onto the disk: what a witness kept must survive a power cut."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    with unfinished.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(path)
