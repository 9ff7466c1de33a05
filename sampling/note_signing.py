"""Section 8, the other side of `sampling.signed_notes`: making signatures of logs and witnesses.

A signer key is kept as one line, `PRIVATE+KEY+name+key id+base64(kind ‖ seed)`, the form in which Go's
`sumdb/note` writes it. Signing needs the package `cryptography`; nothing else in this folder does.
"""

import base64
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from sampling.errors import NotationError
from sampling.signed_notes import COSIGNATURE, ED25519, cosigned_text, key_id, verifier_key

try:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    CAN_SIGN = True
except ImportError:
    CAN_SIGN = False

_SEED_SIZE = 32
_NAME = re.compile(r"[^\s+]{1,100}")
_SIGNER_KEY = re.compile(r"PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key of a log (`ED25519`) or of a witness (`COSIGNATURE`)."""

    name: str
    kind: int
    seed: bytes = field(repr=False)

    @classmethod
    def generate(cls, name: str, *, kind: int) -> "Signer":
        """Make a new key; a name has neither blanks nor plus signs."""
        if _NAME.fullmatch(name) is None or kind not in {ED25519, COSIGNATURE}:
            raise NotationError("key-malformed", key=ascii(name)[:80])
        return cls(name=name, kind=kind, seed=secrets.token_bytes(_SEED_SIZE))

    @property
    def public(self) -> bytes:
        """The public key's 32 bytes."""
        return _private(self.seed).public_key().public_bytes_raw()

    @property
    def verifier_key(self) -> str:
        """What others check this signer's signatures with."""
        return verifier_key(self.name, kind=self.kind, public=self.public)

    def to_text(self) -> str:
        """Write the private key as one line, to be kept in a file that only its owner reads."""
        encoded = base64.b64encode(bytes([self.kind]) + self.seed).decode()
        return f"PRIVATE+KEY+{self.name}+{self._key_id().hex()}+{encoded}"

    def signature(self, text: str, *, seen_at: int | None = None) -> str:
        """Sign the text of a note and give the signature's line; a witness also says when it saw the text."""
        if (seen_at is not None) != (self.kind == COSIGNATURE):
            raise ValueError("a witness signs with its time, a log without")
        if seen_at is None:
            signed = _private(self.seed).sign(text.encode())
        else:
            signed = seen_at.to_bytes(8, "big") + _private(self.seed).sign(cosigned_text(text, seen_at=seen_at))
        return f"— {self.name} {base64.b64encode(self._key_id() + signed).decode()}\n"

    def _key_id(self) -> bytes:
        return key_id(self.name, kind=self.kind, public=self.public)


def parse_signer(text: str) -> Signer:
    """Read a private key and check that its id fits."""
    match = _SIGNER_KEY.fullmatch(text.strip())
    if match is None:
        raise NotationError("signer-malformed")
    try:
        data = base64.b64decode(match[3], validate=True)
    except ValueError as error:
        raise NotationError("signer-malformed") from error
    if len(data) != 1 + _SEED_SIZE or data[0] not in {ED25519, COSIGNATURE}:
        raise NotationError("signer-malformed")
    signer = Signer(name=match[1], kind=data[0], seed=data[1:])
    if signer.to_text() != text.strip():
        raise NotationError("signer-malformed")
    return signer


def note_of(text: str, signatures: Iterable[str]) -> str:
    """Put a text and the lines of its signatures together."""
    return f"{text}\n{''.join(signatures)}"


def checkpoint_text(*, origin: str, size: int, head: bytes) -> str:
    """Write the text of a checkpoint: which log, how many leaves, and their tree head."""
    return f"{origin}\n{size}\n{base64.b64encode(head).decode()}\n"


def _private(seed: bytes) -> "Ed25519PrivateKey":
    if not CAN_SIGN:
        raise NotationError("signing-unavailable")
    return Ed25519PrivateKey.from_private_bytes(seed)
