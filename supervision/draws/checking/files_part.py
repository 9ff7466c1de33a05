"""The stored files of a draw: each against its digest, and the digests against commitment, log and audit log."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from sampling.bundle import FROZEN_FILES
from sampling.commitment import COMMITMENT, Commitment, parse_commitment
from sampling.errors import SamplingError
from sampling.freezing import committed_frozen_digest, frozen_digest, opened_digest
from sampling.hashing import hex_digest
from sampling.records import RECORD
from supervision.audit.events import Event
from supervision.draws.checking.audit_part import AuditFacts
from supervision.draws.checking.findings import Bad, changed, missing, surplus
from supervision.draws.checking.log_part import LogFacts
from supervision.draws.checking.rows import Row, read, table_of
from supervision.draws.class_changes import CLASS_CHANGES
from supervision.draws.late_changes import LATE_CHANGES
from supervision.draws.models import DrawFile
from supervision.draws.rules import SEALED_EVENTS, LogEvent
from supervision.draws.services.beacons import EVIDENCE_FILE
from supervision.draws.services.changes import evidence_file

FILES = DrawFile.__tablename__
# which detail of the freeze's entry holds the digest of a file beside the bundle
BESIDE = {CLASS_CHANGES: "classes_digest", LATE_CHANGES: "late_digest"}


@dataclass(slots=True)
class FileFacts:
    """The files that are right, and what is wrong with the others."""

    files: dict[str, bytes] = field(default_factory=dict)
    commitment: Commitment | None = None
    bad: list[Bad] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Expected:
    """The digests that log and audit log give for a draw's files, and what says so."""

    digests: dict[str, tuple[str, str]]
    # the leaf over all frozen files together, and the system's own contribution in it
    together: str
    own: str


def check_files(session: Session, draw: Row, *, log: LogFacts, audit: AuditFacts, own_digest: str | None) -> FileFacts:
    """Check every file of a draw; ``own_digest`` is the system's contribution, part of the frozen leaf."""
    facts = FileFacts()
    rows = {str(row["name"]): row for row in read(session, table_of(DrawFile), DrawFile.draw_id == draw["id"])}
    contents = {name: content for name, row in rows.items() if (content := unpacked(row["packed"])) is not None}
    expected = _expected(draw, contents, log=log, audit=audit, own=own_digest or "")
    number = str(draw["number"])
    for name in sorted(rows.keys() | expected.digests.keys()):
        key = f"{number}/{name}"
        if name not in rows:
            facts.bad.append(missing(FILES, key, expected.digests[name][1]))
        elif name in expected.digests:
            digest, evidence = expected.digests[name]
            facts.bad += _check(rows[name], key, contents.get(name), hash_name=_hash(draw), digest=digest, by=evidence)
        else:
            facts.bad.append(surplus(FILES, key, "draw log"))
    broken = {one.key.partition("/")[2] for one in facts.bad if one.column != "digest"}
    facts.files = {name: contents[name] for name in contents if name not in broken}
    facts.commitment = _parsed(facts.files)
    together = list(_check_together(number, facts, expected, hash_name=_hash(draw), log=log))
    if together:
        # nothing follows from files of which one, nobody knows which, is wrong
        facts.bad, facts.files, facts.commitment = [*facts.bad, *together], {}, None
    return facts


def _hash(draw: Row) -> str:
    return draw["hash_name"] if draw["hash_name"] in {"sha256", "sm3"} else "sha256"


def unpacked(packed: object) -> bytes | None:
    """Return a file's bytes; None for what is not one whole compressed stream."""
    stream = zlib.decompressobj()
    try:
        content = stream.decompress(bytes(packed))  # type: ignore[call-overload]  # a raw value may be anything
    except (zlib.error, TypeError, ValueError):
        return None
    return content if stream.eof and not stream.unused_data else None


def _expected(draw: Row, contents: Mapping[str, bytes], *, log: LogFacts, audit: AuditFacts, own: str) -> Expected:
    number, hash_name = str(draw["number"]), _hash(draw)
    digests = {}
    for event, name in ((LogEvent.COMMITTED, COMMITMENT), (LogEvent.DRAWN, RECORD)):
        if leaf := log.last(number, event):
            digests[name] = (str(leaf.said.get("digest")), leaf.evidence)
    for step in audit.of(Event.DRAW_FROZEN, number):
        found = {name: str(step.details[told]) for name, told in BESIDE.items() if told in step.details}
        digests |= {name: (digest, step.evidence) for name, digest in found.items()}
    for leaf in log.of(number):
        if leaf.event in {event.value for event in SEALED_EVENTS}:
            digest = str(leaf.said.get("digest"))
            digests[evidence_file(LogEvent(leaf.event), digest)] = (digest, leaf.evidence)
        if leaf.event == LogEvent.BEACON.value and "evidence" in leaf.said:
            digests[EVIDENCE_FILE] = (str(leaf.said["evidence"]), leaf.evidence)
    frozen = log.last(number, LogEvent.FROZEN)
    together = str(frozen.said.get("digest")) if frozen else ""
    digests |= _frozen_digests(contents, digests, hash_name=hash_name, together=together, own=own)
    return Expected(digests, together, own)


def _frozen_digests(
    contents: Mapping[str, bytes],
    known: Mapping[str, tuple[str, str]],
    *,
    hash_name: str,
    together: str,
    own: str,
) -> dict[str, tuple[str, str]]:
    """Return the digests of the frozen files: from the commitment if it is the one logged, else from themselves.

    Before the commitment only one digest over all of them stands in the log. What does not fit it is found by
    the digest kept beside each file.
    """
    data = contents.get(COMMITMENT)
    if data is not None and known.get(COMMITMENT, ("",))[0] == hex_digest(hash_name, data):
        commitment = parse_commitment(data)
        return {
            name: (str(getattr(commitment, f"{name.partition('.')[0]}_digest")), COMMITMENT) for name in FROZEN_FILES
        }
    found = {name: hex_digest(hash_name, contents[name]) for name in FROZEN_FILES if name in contents}
    whole = len(found) == len(FROZEN_FILES) and frozen_digest(contents, own or "0" * 64, hash_name) == together
    evidence = "the leaf of the freeze"
    if whole:
        return {name: (digest, evidence) for name, digest in found.items()}
    return dict.fromkeys(FROZEN_FILES, ("", evidence))


def _check(row: Row, key: str, content: bytes | None, *, hash_name: str, digest: str, by: str) -> Iterator[Bad]:
    found = None if content is None else hex_digest(hash_name, content)
    right = digest or str(row["digest"])
    if found != right:
        yield changed(FILES, key, "packed", by)
    elif row["digest"] != right:
        yield changed(FILES, key, "digest", by)
    elif row["size"] != len(content or b""):
        yield changed(FILES, key, "size", "the file")


def _parsed(files: Mapping[str, bytes]) -> Commitment | None:
    try:
        return parse_commitment(files[COMMITMENT]) if COMMITMENT in files else None
    except SamplingError:
        return None


def _check_together(
    number: str, facts: FileFacts, expected: Expected, *, hash_name: str, log: LogFacts
) -> Iterator[Bad]:
    """Check the two digests over all files: that of the freeze, and that of the opening or abandonment."""
    if facts.bad or not expected.own:
        return
    if facts.commitment is None:
        if frozen_digest(facts.files, expected.own, hash_name) != expected.together:
            yield changed(FILES, number, "", "the leaf of the freeze")
    elif committed_frozen_digest(facts.commitment, expected.own) != expected.together:
        yield changed(FILES, f"{number}/{COMMITMENT}", "packed", "the leaf of the freeze")
    opened = log.last(number, LogEvent.OPENED, LogEvent.ABANDONED)
    if opened is not None and opened.said.get("digest") != opened_digest(facts.files, hash_name):
        yield changed(FILES, number, "", opened.evidence)
