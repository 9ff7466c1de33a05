"""Section 8: log.json, the leaves of one draw with their inclusion proofs and a checkpoint.

    {"checkpoint": NOTE, "keys": [VERIFIER KEY, …],
     "leaves": [{"index": I, "leaf": {"log","event","draw","digest","at", …}, "proof": [HEX, …]}, …],
     "committed": {"checkpoint": NOTE, "consistency": [HEX, …]}}        the last one may be absent

`checkpoint` is a signed note over the whole log at the time the bundle was made. `committed` is the earlier
checkpoint that first held the `committed` leaf, with the proof that the log only grew since. Events carry
their own fields: `contributed` by; `struck` out, in, ground; `replaced` team, department, out, in, ground,
k; `in` is null when nobody follows. `digest` of these two is the evidence's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from sampling import identifiers, shape
from sampling.canonical import canonical_bytes, parse_canonical
from sampling.errors import FileError, NotationError
from sampling.hashing import LOG_HASH
from sampling.merkle import verify_consistency, verify_inclusion
from sampling.replacement import Event, Replaced, Struck
from sampling.signed_notes import (
    Checkpoint,
    SignedNote,
    VerifierKey,
    parse_checkpoint,
    parse_note,
    parse_verifier_key,
)

LOG = "log.json"
_OWN_FIELDS = {"struck": "out in ground", "replaced": "team department out in ground k", "contributed": "by"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One logged event and the proof of its place in the log."""

    index: int
    event: str
    draw: str
    digest: str
    at: str
    fields: Mapping[str, object]
    entry: bytes
    proof: tuple[bytes, ...]

    def is_proven(self, checkpoint: Checkpoint) -> bool:
        """Tell whether the leaf stands in the log of the checkpoint."""
        return verify_inclusion(
            LOG_HASH,
            entry=self.entry,
            index=self.index,
            size=checkpoint.size,
            proof=self.proof,
            head=checkpoint.head,
        )

    def replacement(self) -> Event | None:
        """Give the event of section 6 that a `struck` or `replaced` leaf tells of."""
        if self.event == "struck":
            return Struck(out=self._name("out"), successor=self._successor(), ground=self._name("ground"))
        if self.event == "replaced":
            return Replaced(
                team=self._name("team"),
                department=self._name("department"),
                out=self._name("out"),
                successor=self._successor(),
                k=shape.json_integer(self.fields["k"], where="k", least=1),
                ground=self._name("ground"),
            )
        return None

    def _name(self, field: str) -> str:
        return identifiers.identifier(self.fields[field], what=field)

    def _successor(self) -> str | None:
        return None if self.fields["in"] is None else self._name("in")


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint with the note that carries its signatures."""

    note: SignedNote
    checkpoint: Checkpoint

    @classmethod
    def parse(cls, value: object) -> "SignedCheckpoint":
        """Read a note as a checkpoint."""
        note = parse_note(shape.json_text(value, where="checkpoint"))
        return cls(note=note, checkpoint=parse_checkpoint(note.text))


@dataclass(frozen=True, slots=True)
class CommittedCheckpoint:
    """The checkpoint that first held the commitment, and that the log only grew since."""

    signed: SignedCheckpoint
    consistency: tuple[bytes, ...]

    def is_beginning_of(self, later: Checkpoint) -> bool:
        """Tell whether the later log begins with this one."""
        early = self.signed.checkpoint
        return early.origin == later.origin and verify_consistency(
            LOG_HASH,
            old_size=early.size,
            size=later.size,
            proof=self.consistency,
            old_head=early.head,
            head=later.head,
        )


@dataclass(frozen=True, slots=True)
class DrawLog:
    """log.json, read and checked for form."""

    current: SignedCheckpoint
    committed: CommittedCheckpoint | None
    keys: tuple[VerifierKey, ...]
    leaves: tuple[Leaf, ...]

    def leaves_of(self, draw: str) -> tuple[Leaf, ...]:
        """Give the leaves of one draw, in the order of the log."""
        return tuple(leaf for leaf in self.leaves if leaf.draw == draw)


def parse_log(data: bytes) -> DrawLog:
    """Read log.json, whose bytes must be in canonical form."""
    found = shape.json_object(
        parse_canonical(data, name=LOG), where=LOG, required="checkpoint keys leaves", optional="committed"
    )
    current = SignedCheckpoint.parse(found["checkpoint"])
    leaves = tuple(_leaf(item, current.checkpoint.origin) for item in shape.json_list(found["leaves"], where="leaves"))
    if any(first.index >= second.index for first, second in pairwise(leaves)):
        raise FileError("log-malformed", reason="leaves out of order")
    keys = shape.json_list(found["keys"], where="keys")
    return DrawLog(
        current=current,
        committed=_committed(found["committed"]) if "committed" in found else None,
        keys=tuple(parse_verifier_key(shape.json_text(key, where="keys")) for key in keys),
        leaves=leaves,
    )


def leaf_bytes(
    *, log: str, event: str, draw: str, digest: str, at: str, fields: Mapping[str, object] | None = None
) -> bytes:
    """Write a leaf: what the log hashes and proves."""
    leaf = {"log": log, "event": event, "draw": draw, "digest": digest, "at": at, **(fields or {})}
    return canonical_bytes(leaf)


def _committed(value: object) -> CommittedCheckpoint:
    found = shape.json_object(value, where="committed", required="checkpoint consistency")
    return CommittedCheckpoint(
        signed=SignedCheckpoint.parse(found["checkpoint"]), consistency=_hashes(found["consistency"])
    )


def _leaf(value: object, origin: str) -> Leaf:
    found = shape.json_object(value, where="leaves", required="index leaf proof")
    body = shape.json_names(found["leaf"], where="leaf")
    event = identifiers.identifier(body.get("event"), what="event")
    if body.get("log") != origin:
        raise FileError("log-malformed", reason="leaf of another log")
    missing = {"draw", "digest", "at", *_OWN_FIELDS.get(event, "").split()} - set(body)
    if missing:
        raise NotationError("json-key-missing", where=f"leaf {event}", key=min(missing))
    return Leaf(
        index=shape.json_integer(found["index"], where="index"),
        event=event,
        draw=identifiers.identifier(body["draw"], what="draw"),
        digest=identifiers.digest(body["digest"], what="digest"),
        at=identifiers.moment(body["at"], what="at"),
        fields=body,
        entry=canonical_bytes(body),
        proof=_hashes(found["proof"]),
    )


def _hashes(value: object) -> tuple[bytes, ...]:
    return tuple(
        bytes.fromhex(identifiers.digest(item, what="proof")) for item in shape.json_list(value, where="proof")
    )
