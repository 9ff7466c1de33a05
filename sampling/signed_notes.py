"""Section 8, checkpoints: C2SP signed notes with Ed25519, cosigned by witnesses.

A note is a text, an empty line, and lines `— name base64(key id ‖ signature)`. A checkpoint is a note
whose text gives the log's origin, the number of leaves and the base64 tree head. A witness's cosignature
also covers the time at which the witness saw the checkpoint. Checking needs the package `cryptography`;
without it signatures are reported as unchecked, never as good.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sampling.errors import NotationError

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    CAN_CHECK_SIGNATURES = True
except ImportError:
    CAN_CHECK_SIGNATURES = False

ED25519 = 1
COSIGNATURE = 4
_HEAD_SIZE = 32
_TIMED_SIGNATURE_SIZE = 72
_SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_VERIFIER_KEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")


class SignatureState(StrEnum):
    """What became of one signature line."""

    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN_KEY = "unknown-key"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key by which a log or witness is known: `name+key id+base64(kind ‖ key)`."""

    name: str
    key_id: bytes
    kind: int
    public: bytes

    @property
    def is_witness(self) -> bool:
        """Tell whether the key makes timed cosignatures."""
        return self.kind == COSIGNATURE

    @property
    def text(self) -> str:
        """Write the key as it is published."""
        return verifier_key(self.name, kind=self.kind, public=self.public)


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """One signature line of a note, and whether it holds; `seen_at` is a witness's time in Unix seconds."""

    name: str
    state: SignatureState
    is_witness: bool = False
    seen_at: int | None = None


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A note taken apart: the signed text with its final LF, and (name, bytes) of each signature."""

    text: str
    signatures: tuple[tuple[str, bytes], ...]

    def check(self, keys: Iterable[VerifierKey]) -> tuple[SignatureCheck, ...]:
        """Check every signature against the keys."""
        known = {(key.name, key.key_id): key for key in keys}
        return tuple(
            _checked(self.text, name, signature, known.get((name, signature[:4])))
            for name, signature in self.signatures
        )


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The text of a checkpoint: which log, how many leaves, and their tree head."""

    origin: str
    size: int
    head: bytes


def parse_note(note: str) -> SignedNote:
    """Take a signed note apart."""
    text, gap, block = note.rpartition("\n\n")
    if not gap or not block.endswith("\n"):
        raise NotationError("note-malformed")
    return SignedNote(text=f"{text}\n", signatures=tuple(map(_signature, block[:-1].split("\n"))))


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint; further lines are extensions and signed with the rest."""
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0] or not _SIZE.fullmatch(lines[1]):
        raise NotationError("note-malformed")
    head = _unbase64(lines[2])
    if len(head) != _HEAD_SIZE:
        raise NotationError("note-malformed")
    return Checkpoint(origin=lines[0], size=int(lines[1]), head=head)


def parse_verifier_key(text: str) -> VerifierKey:
    """Read a verifier key and check that its id fits."""
    match = _VERIFIER_KEY.fullmatch(text)
    if match is None:
        raise NotationError("key-malformed", key=ascii(text)[:80])
    encoded = _unbase64(match[3])
    key = VerifierKey(name=match[1], key_id=bytes.fromhex(match[2]), kind=encoded[0], public=encoded[1:])
    if key.key_id != key_id(key.name, kind=key.kind, public=key.public):
        raise NotationError("key-malformed", key=ascii(text)[:80])
    return key


def key_id(name: str, *, kind: int, public: bytes) -> bytes:
    """Give the four bytes that tell keys of one name apart."""
    return hashlib.sha256(f"{name}\n".encode() + bytes([kind]) + public).digest()[:4]


def verifier_key(name: str, *, kind: int, public: bytes) -> str:
    """Write a verifier key, as a log or witness publishes it."""
    encoded = base64.b64encode(bytes([kind]) + public).decode()
    return f"{name}+{key_id(name, kind=kind, public=public).hex()}+{encoded}"


def cosigned_text(text: str, *, seen_at: int) -> bytes:
    """Give what a witness signs: the time and the checkpoint's text."""
    return f"cosignature/v1\ntime {seen_at}\n{text}".encode()


def statement_text(*, draw: str, commitment_digest: str, record_digest: str) -> str:
    """Give the text of a witness's statement that `verify` agreed on the full bundle (section 1)."""
    return f"double-random-draw/1 statement\n{draw}\n{commitment_digest}\n{record_digest}\nagrees\n"


def _signature(line: str) -> tuple[str, bytes]:
    match = _SIGNATURE.fullmatch(line)
    if match is None:
        raise NotationError("note-malformed")
    return match[1], _unbase64(match[2])


def _unbase64(text: str) -> bytes:
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotationError("note-malformed") from error
    # Base64 may carry unused bits; only one spelling is accepted, so that no byte can change unseen.
    if not decoded or base64.b64encode(decoded).decode() != text:
        raise NotationError("note-malformed")
    return decoded


def _checked(text: str, name: str, signature: bytes, key: VerifierKey | None) -> SignatureCheck:
    if key is None:
        return SignatureCheck(name=name, state=SignatureState.UNKNOWN_KEY)
    if not CAN_CHECK_SIGNATURES:
        return SignatureCheck(name=name, state=SignatureState.UNCHECKED, is_witness=key.is_witness)
    if not key.is_witness:
        return SignatureCheck(name=name, state=_state(key.public, signature[4:], text.encode()))
    if len(signature) != 4 + _TIMED_SIGNATURE_SIZE:
        return SignatureCheck(name=name, state=SignatureState.INVALID, is_witness=True)
    seen_at = int.from_bytes(signature[4:12], "big")
    state = _state(key.public, signature[12:], cosigned_text(text, seen_at=seen_at))
    return SignatureCheck(name=name, state=state, is_witness=True, seen_at=seen_at)


def _state(public: bytes, signature: bytes, message: bytes) -> SignatureState:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return SignatureState.INVALID
    return SignatureState.VALID


def witnesses_of(checks: Sequence[SignatureCheck], *, until: int | None = None) -> set[str]:
    """Name the witnesses whose cosignatures hold; of those who saw the note after `until` (Unix seconds), none."""
    holding = (check for check in checks if check.is_witness and check.state is SignatureState.VALID)
    return {check.name for check in holding if until is None or (check.seen_at or 0) <= until}
